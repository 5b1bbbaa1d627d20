//! What an automated look finds that keeps someone from using a page: axe-core, run in the browser.

use crate::Chromium;
use serde::Deserialize;
use std::fmt;
use std::path::Path;

/// What is found.
#[derive(Debug, Deserialize)]
pub struct Barrier {
    /// The rule, by axe-core's name.
    pub id: String,
    /// How bad it is: `serious` or `critical`.
    pub impact: String,
    /// What the rule asks for.
    pub help: String,
    /// Where it is broken, as CSS selectors.
    pub places: Vec<String>,
}

impl fmt::Display for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {}) at {}", self.help, self.id, self.impact, self.places.join("; "))
    }
}

/// Asks axe-core about the document as it is now. `preload` would fetch style sheets by script, which no page allows.
const LOOK: &str = r"
    const done = arguments[arguments.length - 1];
    axe.run(document, { preload: false, resultTypes: ['violations'] }).then(
        found => done(found.violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, impact, help, nodes }) => ({ id, impact, help, places: nodes.map(node => node.target.join(' ')) }))),
        error => done(String(error)));
";

impl Chromium {
    /// Serious and critical barriers on the page that the window shows.
    pub async fn barriers(&self) -> Vec<Barrier> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/node_modules/axe-core/axe.min.js");
        let axe =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        // In a page that may run no scripts axe-core would never come to an end.
        self.let_scripts_run(true).await;
        self.driver.execute(axe, Vec::new()).await.expect("axe-core can be put into the page");
        let found = self.driver.execute_async(LOOK, Vec::new()).await.expect("axe-core answers");
        let found = found.json().clone();
        self.let_scripts_run(self.scripts).await;
        serde_json::from_value(found.clone()).unwrap_or_else(|error| panic!("{error}: {found}"))
    }
}

//! `signet doctor`: one line for each thing that could stop or weaken the server, with the mend.

use super::{Failure, Operations, Screen};
use crate::config::{Config, ConfigError, Warning, master_key, tls};
use std::fmt;
use std::path::Path;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As it should be.
    Good,
    /// The server runs, but is weaker for it.
    Weak,
    /// The server does not run with it.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in a word: `database`.
    pub subject: String,
    /// How it is.
    pub condition: Condition,
    /// What was found, and how to mend it.
    pub text: String,
}

impl Finding {
    /// Something that is as it should be.
    pub fn good(subject: &str, text: impl fmt::Display) -> Self {
        Self { subject: subject.to_owned(), condition: Condition::Good, text: text.to_string() }
    }

    /// Something that weakens the server; the text ends with the mend.
    pub fn weak(subject: &str, text: impl fmt::Display) -> Self {
        Self { condition: Condition::Weak, ..Self::good(subject, text) }
    }

    /// Something that stops the server; the text ends with the mend.
    pub fn bad(subject: &str, text: impl fmt::Display) -> Self {
        Self { condition: Condition::Bad, ..Self::good(subject, text) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let condition = match self.condition {
            Condition::Good => "ok",
            Condition::Weak => "weak",
            Condition::Bad => "bad",
        };
        write!(f, "{condition:<4}  {}: {}", self.subject, self.text)
    }
}

pub(super) fn run(
    file: Option<&Path>,
    loaded: Result<(Config, Vec<Warning>), ConfigError>,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let mut findings = Vec::new();
    match loaded {
        Ok((config, warnings)) => {
            findings.push(match file {
                Some(file) => Finding::good("configuration", file.display()),
                None => Finding::good("configuration", "the embedded default; there is no signet.toml"),
            });
            findings.extend(warnings.iter().map(|warning| Finding::weak("configuration", warning)));
            findings.push(master_key(&config));
            findings.push(tls(&config));
            findings.extend(operations.diagnose(&config));
        }
        Err(error) => {
            findings.extend(error.problems.iter().map(|problem| Finding::bad("configuration", problem)))
        }
    }
    for finding in &findings {
        screen.say(finding);
    }
    match findings.iter().filter(|finding| finding.condition != Condition::Good).count() {
        0 => Ok(()),
        1 => Err(Failure::Failed("1 thing to mend".to_owned())),
        count => Err(Failure::Failed(format!("{count} things to mend"))),
    }
}

fn master_key(config: &Config) -> Finding {
    match master_key::load(config) {
        Ok(Some(_)) => Finding::good("master key", "present, and readable by nobody else"),
        Ok(None) => Finding::good("master key", "not there yet; it is made on first start"),
        Err(error) => Finding::bad("master key", error),
    }
}

fn tls(config: &Config) -> Finding {
    let issuer = &config.server.issuer;
    match config.server.tls.as_ref().map(tls::load) {
        Some(Ok(_)) => Finding::good("TLS", "certificate and key belong together"),
        Some(Err(error)) => Finding::bad("TLS", error),
        None if issuer.is_https() => Finding::good("TLS", "left to a proxy"),
        None => Finding::good("TLS", format_args!("none; the issuer {issuer} is this machine")),
    }
}

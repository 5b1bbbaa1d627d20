//! The server-rendered pages: one context struct per page, which names its template.
//!
//! Templates are embedded; an operator's folder may replace any of them. All of them are compiled and tried with
//! sample contexts when they are loaded, so a broken replacement is found at start and not by a visitor.

mod assets;
mod branding;
mod consent;
mod demo;
mod form;
mod home;
mod leaving;
mod refusal;
mod samples;
mod signing_in;
mod templates;

pub use assets::Asset;
pub use branding::{Branding, Colour, InvalidColour};
pub use consent::{Consent, ScopeLine, scope_lines};
pub use demo::{DemoError, DemoHome, DemoSignedIn, Verdict};
pub use form::{ContinueForm, Form, FormPost, WebLink};
pub use home::Home;
pub use leaving::{SignOut, SignedOut};
pub use refusal::{Refusal, TryAgain, Wait};
pub use signing_in::{SelectAccount, SignIn, SignInProblem, WhySignIn};

use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A page: what its template is shown with.
pub trait Page: Serialize {
    /// The template's name below `templates/`. It ends in `.html`, which is what makes values escaped.
    const TEMPLATE: &'static str;
}

/// Every page and every file that pages refer to, ready to be served.
pub struct Pages {
    environment: Environment<'static>,
    assets: assets::Assets,
}

/// Why pages cannot be loaded or shown.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// The override folder or a file in it cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// A template does not compile, or uses a value that its page does not have.
    #[error("template {file}, line {line}: {reason}")]
    Template {
        /// The override's path, or the name of the built-in template.
        file: String,
        /// Counted from 1; 0 if unknown.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The logo has an ending that no image type is known for.
    #[error("{}: a logo must be an .svg, .png, .jpg, .gif or .webp file", path.display())]
    Logo {
        /// The configured file.
        path: PathBuf,
    },
}

impl PagesError {
    fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.to_string() }
    }

    /// Adds with which variant of its page a template failed.
    fn tried_as(mut self, sample: &str) -> Self {
        if let Self::Template { reason, .. } = &mut self {
            reason.push_str(&format!(" (tried as {sample})"));
        }
        self
    }
}

impl Pages {
    /// Loads the embedded templates and assets, those in `override_dir` replacing built-in ones of the same name.
    ///
    /// Refuses a folder that cannot be read, and any template that does not compile or does not suit its page.
    pub fn load(branding: Branding, override_dir: Option<PathBuf>) -> Result<Self, PagesError> {
        let assets = assets::Assets::load(&branding, override_dir.as_deref())?;
        let mut sources = templates::Sources::embedded();
        if let Some(folder) = &override_dir {
            sources.replace_from(folder)?;
        }
        let mut environment = templates::environment(&branding, &assets);
        sources.compile_into(&mut environment)?;
        // Debug mode makes errors name the missing value; visitors' contexts are not kept in errors later on.
        environment.set_debug(true);
        for sample in samples::all() {
            try_out(&environment, sample.template, &sample.context)
                .map_err(|error| sources.blame(&error).tried_as(sample.name))?;
        }
        environment.set_debug(false);
        Ok(Self { environment, assets })
    }

    /// The page as HTML.
    pub fn render<P: Page>(&self, page: &P) -> Result<String, PagesError> {
        try_out(&self.environment, P::TEMPLATE, &Value::from(Serde(page)))
            .map_err(|error| templates::described(&error, |name| name.to_owned()))
    }

    /// A file served below `/assets/`, by its path there: `signet.css`, `theme.css`, `logo`.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }
}

fn try_out(environment: &Environment<'_>, name: &str, context: &Value) -> Result<String, minijinja::Error> {
    environment.get_template(name)?.render(context.clone())
}

#[cfg(test)]
mod tests;

//! The server-rendered pages: one context struct per page, which names its template.
//!
//! Templates and what they say are embedded; an operator's folder may replace any of them. All of them are compiled and
//! tried with sample contexts when they are loaded, so a broken replacement is found at start and not by a visitor.

pub mod account;
mod api_docs;
mod arguments;
mod assets;
mod branding;
mod consent;
pub mod console;
mod dates;
mod demo;
mod form;
mod home;
mod leaving;
mod links;
mod mail;
mod messages;
mod refusal;
mod samples;
mod second_factor;
mod signing_in;
mod templates;
mod times;
mod tried;
mod words;

pub use api_docs::{
    ApiAnswer, ApiDocs, ApiField, ApiKind, ApiOperation, ApiProblem, ApiRule, ApiSchema, ApiTag,
};
pub use assets::Asset;
pub use branding::{Branding, Colour, InvalidColour};
pub use consent::{Consent, ScopeLine, scope_lines};
pub use demo::{DemoError, DemoHome, DemoSignedIn, Verdict};
pub use form::{ContinueForm, Form, FormPost, WebLink};
pub use home::Home;
pub use leaving::{SignOut, SignedOut};
pub use links::{
    AskProblem, ChangeEmail, ChoiceProblem, Fault, Forgot, Join, LinkResult, Register, Reset,
    UsernameProblem, VerifyEmail,
};
pub use refusal::{Refusal, TryAgain, Wait};
pub use second_factor::{
    ChooseFactor, EnrolPasskey, EnrolTotp, PasskeyQuestion, RecoveryCodes, SecondFactor, Trouble,
};
pub use signing_in::{SelectAccount, SignIn, SignInProblem, WhySignIn};
pub use times::{Times, When};
pub use tried::{Tried, TriedRefusal, TriedToken, TriedTokens};
pub use words::Words;

use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;
use signet_protocol::language::{Language, Languages};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A page: what its template is shown with.
pub trait Page: Serialize {
    /// The template's name below `templates/`. It ends in `.html`, which is what makes values escaped.
    const TEMPLATE: &'static str;
}

/// Every page and every file that pages refer to, ready to be served.
pub struct Pages {
    /// One for each language.
    environments: BTreeMap<Language, Environment<'static>>,
    languages: Arc<Languages>,
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
    /// A file of messages cannot be read.
    #[error("messages {file}, line {line}: {reason}")]
    Message {
        /// The override's path, or the name of the built-in file.
        file: String,
        /// Counted from 1; 0 if unknown.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A language is not complete.
    #[error("messages/{language}: {reason}")]
    Language {
        /// Its tag.
        language: String,
        /// What it lacks.
        reason: String,
    },
    /// There are no messages in the default language.
    #[error("branding.language: there are no messages in {language:?}, only in {offered}")]
    DefaultLanguage {
        /// The configured tag.
        language: String,
        /// The tags that there are.
        offered: String,
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
    fn tried_as(mut self, sample: &str, language: &Language) -> Self {
        if let Self::Template { reason, .. } = &mut self {
            reason.push_str(&format!(" (tried as {sample}, in {language})"));
        }
        self
    }
}

impl Pages {
    /// Loads the embedded templates, messages and assets, those in `override_dir` replacing built-in ones of the same
    /// name.
    ///
    /// Refuses a folder that cannot be read, any template that does not compile or does not suit its page in some
    /// language, and a language that lacks a message.
    pub fn load(branding: Branding, override_dir: Option<PathBuf>) -> Result<Self, PagesError> {
        let assets = assets::Assets::load(&branding, override_dir.as_deref())?;
        let mut sources = templates::Sources::embedded();
        if let Some(folder) = &override_dir {
            sources.replace_from(folder)?;
        }
        let mut compiled = templates::environment(&branding, &assets);
        sources.compile_into(&mut compiled)?;
        let messages = messages::MessageFiles::load(override_dir.as_deref())?.read()?;
        let offered = messages.iter().map(|messages| messages.language.clone()).collect();
        let languages = languages(offered, &branding.language)?;
        let (samples, mail_samples) = (samples::all(), mail::samples());
        let mut environments = BTreeMap::new();
        for messages in messages {
            let language = messages.language.clone();
            let mut environment = templates::in_language(compiled.clone(), messages);
            // Debug mode makes errors name the missing value; visitors' contexts are not kept in errors later on.
            environment.set_debug(true);
            for sample in &samples {
                try_out(&environment, sample.template, &sample.context)
                    .map_err(|error| sources.blame(&error).tried_as(sample.name, &language))?;
            }
            for letter in &mail_samples {
                mail::rendered(&environment, letter, "http://localhost:8080")
                    .map_err(|error| sources.blame(&error).tried_as(letter.mail.kind(), &language))?;
            }
            environment.set_debug(false);
            environments.insert(language, environment);
        }
        Ok(Self { environments, languages: Arc::new(languages), assets })
    }

    /// Every language that there are pages in.
    pub fn languages(&self) -> &Arc<Languages> {
        &self.languages
    }

    /// The page as HTML.
    pub fn render<P: Page>(&self, page: &P, language: &Language) -> Result<String, PagesError> {
        let environment = self.environment(language)?;
        try_out(environment, P::TEMPLATE, &Value::from(Serde(page)))
            .map_err(|error| templates::described(&error, |name| name.to_owned()))
    }

    fn environment(&self, language: &Language) -> Result<&Environment<'static>, PagesError> {
        let known = self.environments.get(language);
        known.or_else(|| self.environments.get(self.languages.default_language())).ok_or_else(|| {
            PagesError::Language { language: language.to_string(), reason: "there are no pages".to_owned() }
        })
    }

    /// A text that takes no arguments, in English, for answers to programs; empty if there is none of that name.
    pub fn said(&self, words: Words) -> String {
        let english = self.environments.iter().find(|(language, _)| language.tag() == "en");
        let say = |environment: &Environment<'_>| {
            environment.render_named_str(
                "said.txt",
                "{{ t(words) }}",
                minijinja::context! { words => words.0 },
            )
        };
        english.and_then(|(_, environment)| say(environment).ok()).unwrap_or_default()
    }

    /// A file served below `/assets/`, by its path there: `signet.css`, `theme.css`, `logo`.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }
}

fn languages(offered: Vec<Language>, default: &str) -> Result<Languages, PagesError> {
    let tags = offered.iter().map(Language::tag).collect::<Vec<_>>().join(", ");
    Languages::new(offered, default)
        .ok_or_else(|| PagesError::DefaultLanguage { language: default.to_owned(), offered: tags })
}

fn try_out(environment: &Environment<'_>, name: &str, context: &Value) -> Result<String, minijinja::Error> {
    environment.get_template(name)?.render(context.clone())
}

#[cfg(test)]
mod tests;

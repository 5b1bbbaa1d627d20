//! Where templates come from: embedded in the binary, or an operator's file of the same name.

use super::PagesError;
use super::assets::Assets;
use super::branding::Branding;
use super::dates::Told;
use super::messages::Messages;
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, State, UndefinedBehavior, Value, syntax::SyntaxConfig};
use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything below `templates/`.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../templates"]
pub(super) struct Embedded;

/// Whether a file of `templates/` is a template. The ending also decides what is escaped: `.html` is, `.txt` is not.
fn is_template(name: &str) -> bool {
    !name.starts_with("assets/") && (name.ends_with(".html") || name.ends_with(".txt"))
}

/// The templates' texts by name.
pub(super) struct Sources(BTreeMap<String, Source>);

struct Source {
    text: String,
    /// The operator's file, if it is not the built-in one.
    replaced_by: Option<PathBuf>,
}

impl Sources {
    /// The built-in ones.
    pub(super) fn embedded() -> Self {
        let texts = Embedded::iter().filter(|name| is_template(name)).filter_map(|name| {
            let text = String::from_utf8_lossy(&Embedded::get(&name)?.data).into_owned();
            Some((name.into_owned(), Source { text, replaced_by: None }))
        });
        Self(texts.collect())
    }

    /// Takes every template in `folder` instead of the one of the same name. Further files may be there for
    /// replacements to include.
    pub(super) fn replace_from(&mut self, folder: &Path) -> Result<(), PagesError> {
        for (name, path) in files_below(folder)? {
            if !is_template(&name) {
                continue;
            }
            let text =
                std::fs::read_to_string(&path).map_err(|error| PagesError::unreadable(&path, &error))?;
            if self.0.insert(name.clone(), Source { text, replaced_by: Some(path) }).is_none() {
                tracing::warn!(
                    template = name,
                    "this file has the name of no built-in template: only other replacements can use it"
                );
            }
        }
        Ok(())
    }

    /// Compiles all of them.
    pub(super) fn compile_into(&self, environment: &mut Environment<'static>) -> Result<(), PagesError> {
        for (name, source) in &self.0 {
            environment
                .add_template_owned(name.clone(), source.text.clone())
                .map_err(|error| self.blame(&error))?;
        }
        Ok(())
    }

    /// The error with the file that an operator would have to mend.
    pub(super) fn blame(&self, error: &Error) -> PagesError {
        described(error, |name| match self.0.get(name).and_then(|source| source.replaced_by.as_ref()) {
            Some(path) => path.display().to_string(),
            None => format!("{name} (built in)"),
        })
    }
}

/// The innermost error: inheritance and macros wrap the one that tells where to look.
pub(super) fn described(error: &Error, file_of: impl Fn(&str) -> String) -> PagesError {
    let mut innermost = error;
    while let Some(source) = innermost.source().and_then(|source| source.downcast_ref::<Error>()) {
        innermost = source;
    }
    let placed = if innermost.name().is_some() { innermost } else { error };
    let reason = match innermost.detail() {
        Some(detail) => format!("{}: {detail}", innermost.kind()),
        None => innermost.kind().to_string(),
    };
    PagesError::Template {
        file: file_of(placed.name().unwrap_or("unknown")),
        line: placed.line().unwrap_or_default(),
        reason,
    }
}

/// Every file below a folder with its path relative to it, `/`-separated.
pub(super) fn files_below(folder: &Path) -> Result<Vec<(String, PathBuf)>, PagesError> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| PagesError::unreadable(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| PagesError::unreadable(&folder, &error))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                folders.push((format!("{name}/"), path));
            } else {
                found.push((name, path));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// An environment in which a name that the context lacks is an error, with what every page can use: `product_name`,
/// `monogram`, `logo`, and `asset(name)` for the address of a file.
pub(super) fn environment(branding: &Branding, assets: &Assets) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.add_global("product_name", Value::from(branding.product_name.as_str()));
    environment.add_global("monogram", Value::from(branding.monogram()));
    environment.add_global("logo", Value::from(branding.logo.is_some()));
    let addresses = assets.addresses();
    environment.add_function("asset", move |name: &str| -> Result<Value, Error> {
        // Addresses hold no character that HTML would need escaped.
        addresses.get(name).cloned().map(Value::from_safe_string).ok_or_else(|| {
            Error::new(minijinja::ErrorKind::InvalidOperation, format!("there is no asset {name:?}"))
        })
    });
    environment
}

/// The same in one language: `t(id, name=value, …)` for a message, `date(when)`, `day(when)` and `ago(when)` for a moment,
/// and `language` and `direction` for HTML's `lang` and `dir`.
pub(super) fn in_language(
    mut environment: Environment<'static>,
    messages: Arc<Messages>,
) -> Environment<'static> {
    environment.add_global("language", Value::from(messages.language.tag()));
    environment.add_global("direction", Value::from(messages.language.direction()));
    for (name, told) in [("date", Told::Date), ("day", Told::Day), ("ago", Told::Ago)] {
        let messages = messages.clone();
        environment
            .add_function(name, move |state: &State<'_, '_>, when: Value| messages.tell(state, told, &when));
    }
    environment.add_function("t", move |state: &State<'_, '_>, id: &str, given: Kwargs| {
        messages.translate(state, id, &given)
    });
    environment
}

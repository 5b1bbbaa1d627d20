//! What pages say, in each language: Fluent messages, embedded in the binary or an operator's own.
//!
//! English is the measure: every other language has all its messages, with no arguments beyond theirs.

use super::PagesError;
use super::arguments::{Arguments, References};
use super::templates::{Embedded, files_below};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{AutoEscape, Error, ErrorKind, HtmlEscape, State, Value};
use signet_protocol::language::Language;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The language that the built-in pages were written in.
const MEASURE: &str = "en";

/// The files of each language, built-in ones first.
pub(super) struct MessageFiles(BTreeMap<Language, Vec<File>>);

struct File {
    /// The operator's path, or the name of the built-in file.
    name: String,
    text: String,
    built_in: bool,
}

impl MessageFiles {
    /// `messages/<language>/*.ftl` below `templates/`, then below the override folder: there a message takes the place
    /// of the built-in one of its name, and a folder with a name of its own is one more language.
    pub(super) fn load(override_dir: Option<&Path>) -> Result<Self, PagesError> {
        let mut files = Self(BTreeMap::new());
        for name in Embedded::iter() {
            if let (Some(language), Some(file)) = (language_of(&name), Embedded::get(&name)) {
                let text = String::from_utf8_lossy(&file.data).into_owned();
                files.add(language, File { name: format!("{name} (built in)"), text, built_in: true });
            }
        }
        for (name, path) in override_dir.map(files_below).transpose()?.unwrap_or_default() {
            if let Some(language) = language_of(&name) {
                let text =
                    std::fs::read_to_string(&path).map_err(|error| PagesError::unreadable(&path, &error))?;
                files.add(language, File { name: path.display().to_string(), text, built_in: false });
            }
        }
        Ok(files)
    }

    fn add(&mut self, language: Language, file: File) {
        self.0.entry(language).or_default().push(file);
    }

    /// Reads all of them, and holds them to English.
    pub(super) fn read(&self) -> Result<Vec<Arc<Messages>>, PagesError> {
        let mut all = self.read_unmeasured()?;
        let measure = all.iter().find(|messages| messages.language.tag() == MEASURE);
        let measure = measure.map(|messages| messages.arguments.clone()).unwrap_or_default();
        for messages in &mut all {
            messages.hold_to(&measure)?;
        }
        Ok(all.into_iter().map(Arc::new).collect())
    }

    /// Reads all of them, each with the arguments that it asks for itself.
    pub(super) fn read_unmeasured(&self) -> Result<Vec<Messages>, PagesError> {
        self.0.iter().map(|(language, files)| Messages::read(language, files)).collect()
    }
}

fn language_of(name: &str) -> Option<Language> {
    let (folder, _) = name.strip_prefix("messages/")?.strip_suffix(".ftl")?.split_once('/')?;
    Language::parse(folder)
}

/// The messages of one language.
pub(super) struct Messages {
    pub(super) language: Language,
    bundle: FluentBundle<FluentResource>,
    /// What each message is given.
    pub(super) arguments: BTreeMap<String, Arguments>,
}

impl Messages {
    fn read(language: &Language, files: &[File]) -> Result<Self, PagesError> {
        let refused =
            |file: &File, line, reason: String| PagesError::Message { file: file.name.clone(), line, reason };
        let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
        // The templates isolate names by `<bdi>`, which readers of plain text need not step over.
        bundle.set_use_isolating(false);
        let mut references = References::default();
        for file in files {
            let resource = FluentResource::try_new(file.text.clone()).map_err(|(_, errors)| {
                let error = errors.first();
                let line = error.map_or(0, |error| line_at(&file.text, error.pos.start));
                refused(file, line, error.map(ToString::to_string).unwrap_or_default())
            })?;
            references.read(&resource);
            if file.built_in {
                bundle.add_resource(resource).map_err(|errors| refused(file, 0, said(&errors)))?;
            } else {
                bundle.add_resource_overriding(resource);
            }
        }
        Ok(Self { language: language.clone(), bundle, arguments: references.arguments() })
    }

    /// Refuses a language that lacks a message, or whose message wants what nobody gives it.
    fn hold_to(&mut self, measure: &BTreeMap<String, Arguments>) -> Result<(), PagesError> {
        for (id, given) in measure {
            let lacks = |reason: String| PagesError::Language { language: self.language.to_string(), reason };
            let own =
                self.arguments.get_mut(id).ok_or_else(|| lacks(format!("the message {id} is missing")))?;
            if let Some(unknown) = own.difference(given).next() {
                return Err(lacks(format!("the message {id} is not given ${unknown}")));
            }
            own.extend(given.iter().cloned());
        }
        Ok(())
    }

    /// A message. Every argument that it takes has to be given, and no other.
    pub(super) fn format(&self, id: &str, values: &FluentArgs<'_>) -> Result<String, String> {
        let takes = self.arguments.get(id).ok_or_else(|| format!("there is no message {id:?}"))?;
        if let Some(missing) = takes.iter().find(|name| values.get(name.as_str()).is_none()) {
            return Err(format!("the message {id:?} needs {missing}"));
        }
        if let Some((surplus, _)) = values.iter().find(|(name, _)| !takes.contains(*name)) {
            return Err(format!("the message {id:?} takes no {surplus}"));
        }
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        let pattern = pattern.ok_or_else(|| format!("the message {id:?} is empty"))?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(values), &mut errors);
        if errors.is_empty() { Ok(text.into_owned()) } else { Err(format!("{id}: {}", said(&errors))) }
    }

    /// The templates' `t(id, name=value, …)`. What comes of it is escaped as every text is. An argument that is HTML
    /// already (a macro's: `name=subject(user_name)`) stays HTML, and everything around it is escaped here.
    pub(super) fn translate(&self, state: &State<'_, '_>, id: &str, given: &Kwargs) -> Result<Value, Error> {
        let failed = |reason: String| Error::new(ErrorKind::InvalidOperation, reason);
        let escapes = matches!(state.auto_escape(), AutoEscape::Html);
        let mut values = FluentArgs::new();
        let mut markup = Vec::new();
        for name in given.args() {
            let value: Value = given.get(name)?;
            if escapes && value.is_safe() {
                values.set(name.to_owned(), placeholder(markup.len()));
                markup.push(value.to_string().replace([OPEN, CLOSE], REPLACEMENT));
            } else {
                let value = argument(&value)
                    .ok_or_else(|| failed(format!("{id}: {name} is neither a text nor a number")))?;
                values.set(name.to_owned(), value);
            }
        }
        let text = self.format(id, &values).map_err(failed)?;
        if markup.is_empty() {
            return Ok(Value::from(text));
        }
        let mut html = HtmlEscape(&text).to_string();
        for (index, markup) in markup.iter().enumerate() {
            html = html.replace(&placeholder(index), markup);
        }
        Ok(Value::from_safe_string(html))
    }
}

/// Stands in a message for markup while the text around it is escaped. Noncharacters are no text (Unicode §23.7), and
/// are taken out of everything else.
fn placeholder(index: usize) -> String {
    format!("{OPEN}{index}{CLOSE}")
}

const OPEN: char = '\u{fdd0}';
const CLOSE: char = '\u{fdd1}';
const REPLACEMENT: &str = "\u{fffd}";

fn argument(value: &Value) -> Option<FluentValue<'static>> {
    match value.kind() {
        ValueKind::String => Some(FluentValue::from(value.as_str()?.replace([OPEN, CLOSE], REPLACEMENT))),
        ValueKind::Number => i64::try_from(value.clone()).ok().map(FluentValue::from),
        _ => None,
    }
}

fn said(errors: &[FluentError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn line_at(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

//! Reads the configuration file and the environment into settings: known keys of the right kind, each with the
//! place where it was made. The file is walked here rather than deserialised, because that alone keeps the line,
//! refuses a wrong type instead of converting it, and never quotes a secret.

use super::error::{Place, Problem};
use super::key::{Kind, Named, likely, named, variable_of};
use super::{ConfigError, Warning, without_newline};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What names a caller of a running server: none of its configuration.
const CALLERS: [&str; 3] = ["SIGNET_CLIENT_ID", "SIGNET_CLIENT_SECRET", "SIGNET_CLIENT_SECRET_FILE"];
/// Keys of the design that this version does not act on: to take them silently would be a lie.
const NOT_SUPPORTED: &[&str] = &["registration", "outbound", "server.tls.client_ca"];

/// A value of the kind that its key holds.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<String>),
}

/// A value and where it was set.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) raw: Raw,
    pub(super) place: Place,
}

/// What one source says, or all of them together.
pub(super) type Settings = BTreeMap<Cow<'static, str>, Setting>;

/// One source while it is read: secrets may still be names of files.
#[derive(Default)]
struct Layer {
    settings: Settings,
    files: BTreeMap<Cow<'static, str>, (String, Kind, Place)>,
    problems: Vec<Problem>,
}

/// Reads the file, if there is one, and lays the environment over it.
pub(super) fn read(
    file: Option<&Path>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<(Settings, Vec<Problem>, Vec<Warning>), ConfigError> {
    let mut below = Layer::default();
    if let Some(path) = file {
        below.read_file(path)?;
    }
    let mut above = Layer::default();
    let warnings = above.read_variables(variables);
    // A variable replaces its key in either form, so the secret that it replaces is not even opened.
    below.settings.retain(|key, _| !above.files.contains_key(&**key));
    below.files.retain(|key, _| !above.settings.contains_key(key) && !above.files.contains_key(key));
    let (mut settings, mut problems) = below.resolve();
    let (overrides, more) = above.resolve();
    settings.extend(overrides);
    problems.extend(more);
    Ok((settings, problems, warnings))
}

impl Layer {
    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let broken = |line: usize, wrong: String, mend: &str| Problem {
            key: path.display().to_string(),
            place: if line == 0 { Place::Default } else { Place::File { path: path.to_owned(), line } },
            wrong,
            mend: mend.to_owned(),
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            broken(
                0,
                format!("cannot be read: {error}"),
                "check the path given with --config and its permissions",
            )
        })?;
        let table = DeTable::parse(&text).map_err(|error| {
            let line = line_at(&text, error.span().map_or(0, |span| span.start));
            // Only the message: the parser's full text quotes the line, which may hold a secret.
            broken(line, format!("is not TOML: {}", error.message()), "correct that line")
        })?;
        self.walk(&text, path, "", table.into_inner());
        Ok(())
    }

    fn walk(&mut self, text: &str, path: &Path, prefix: &str, table: DeTable<'_>) {
        for (name, value) in table {
            let line = line_at(text, name.span().start);
            let place = Place::File { path: path.to_owned(), line };
            let full = if prefix.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{prefix}.{}", name.get_ref())
            };
            match (named(&full), value.into_inner()) {
                (Named::Table, DeValue::Table(inner)) => self.walk(text, path, &full, inner),
                (Named::Table, _) => {
                    self.wrong(&full, place, "is a table of keys", format!("write it as [{full}]"))
                }
                (Named::Key(key, kind), value) => match raw_of(kind, value) {
                    Some(raw) => self.set(key, raw, place),
                    None => self.wrong(&key, place, wanted(kind), example(kind).to_owned()),
                },
                (Named::FileOf(key, kind), DeValue::String(file)) => {
                    self.set_file(key, kind, file.into_owned(), place);
                }
                (Named::FileOf(..), _) => {
                    self.wrong(&full, place, "must be a string", "write a path".to_owned())
                }
                (Named::Unknown, _) => self.unknown(&full, place),
            }
        }
    }

    fn read_variables(&mut self, variables: impl Iterator<Item = (String, String)>) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut ours: Vec<_> = variables.collect();
        ours.sort();
        for (variable, value) in ours {
            let Some(name) = variable.strip_prefix("SIGNET_").map(str::to_ascii_lowercase) else { continue };
            if !variable.contains("__") {
                if variable != crate::logging::FILTER_VARIABLE && !CALLERS.contains(&variable.as_str()) {
                    warnings.push(ignored(&variable, &name));
                }
                continue;
            }
            let name = name.replace("__", ".");
            let place = Place::Variable(variable);
            match named(&name) {
                Named::Key(key, kind) => match raw_of_variable(kind, &value) {
                    Some(raw) => self.set(key, raw, place),
                    None => self.wrong(&key, place, wanted(kind), example_of_variable(kind).to_owned()),
                },
                Named::FileOf(key, kind) => self.set_file(key, kind, value, place),
                Named::Table | Named::Unknown => self.unknown(&name, place),
            }
        }
        warnings
    }

    fn set(&mut self, key: impl Into<Cow<'static, str>>, raw: Raw, place: Place) {
        self.settings.insert(key.into(), Setting { raw, place });
    }

    fn set_file(&mut self, key: Cow<'static, str>, kind: Kind, file: String, place: Place) {
        self.files.insert(key, (file, kind, place));
    }

    fn wrong(&mut self, key: &str, place: Place, wrong: &str, mend: String) {
        self.problems.push(Problem { key: key.to_owned(), place, wrong: wrong.to_owned(), mend });
    }

    fn unknown(&mut self, name: &str, place: Place) {
        let is_below = |known: &str| {
            name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if NOT_SUPPORTED.iter().any(|known| is_below(known)) {
            self.wrong(name, place, "is not supported by this version", "remove it".to_owned());
            return;
        }
        let mend = match (likely(name.strip_suffix("_file").unwrap_or(name)), &place) {
            (Some(key), Place::Variable(_)) => format!("did you mean {}?", variable_of(key)),
            (Some(key), _) => format!("did you mean `{key}`?"),
            (None, Place::Variable(_)) => "unset it".to_owned(),
            (None, _) => "remove it".to_owned(),
        };
        self.wrong(name, place, "there is no such key", mend);
    }

    /// Reads the secrets that files hold, before the layers are merged; both forms at once are refused.
    /// `keys.master_key_file` is left as a path, because that file may be made on first start.
    fn resolve(mut self) -> (Settings, Vec<Problem>) {
        for (key, (file, kind, place)) in std::mem::take(&mut self.files) {
            if self.settings.contains_key(&key) {
                let wrong = format!("both `{key}` and `{key}_file` are set");
                self.wrong(&key, place, &wrong, "keep one of them".to_owned());
                continue;
            }
            if key == "keys.master_key" {
                self.set("keys.master_key_file", Raw::Text(file), place);
                continue;
            }
            match std::fs::read_to_string(&file) {
                Ok(text) => self.set(key, raw_of_file(kind, &text), place),
                Err(error) => {
                    let wrong = format!("cannot read `{file}`: {error}");
                    self.wrong(
                        &format!("{key}_file"),
                        place,
                        &wrong,
                        "check the path and its permissions".to_owned(),
                    );
                }
            }
        }
        (self.settings, self.problems)
    }
}

fn ignored(variable: &str, name: &str) -> Warning {
    let hint = match likely(name) {
        Some(key) => format!("; for `{key}` set {}", variable_of(key)),
        None => String::new(),
    };
    Warning(format!("the environment variable {variable} is not configuration and is ignored{hint}"))
}

fn raw_of(kind: Kind, value: DeValue<'_>) -> Option<Raw> {
    match (kind, value) {
        (Kind::Text | Kind::Secret, DeValue::String(text)) if !text.is_empty() => {
            Some(Raw::Text(text.into_owned()))
        }
        (Kind::Flag, DeValue::Boolean(flag)) => Some(Raw::Flag(flag)),
        (Kind::Number, DeValue::Integer(number)) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().filter(|n| *n >= 0).map(Raw::Number)
        }
        (Kind::List | Kind::SecretList, DeValue::Array(items)) => {
            let text = |item: Spanned<DeValue<'_>>| match item.into_inner() {
                DeValue::String(text) => Some(text.into_owned()),
                _ => None,
            };
            items.into_iter().map(text).collect::<Option<Vec<_>>>().map(Raw::List)
        }
        _ => None,
    }
}

fn raw_of_variable(kind: Kind, value: &str) -> Option<Raw> {
    match kind {
        Kind::Text | Kind::Secret => Some(Raw::Text(value.to_owned())).filter(|_| !value.is_empty()),
        Kind::Flag => value.parse().ok().map(Raw::Flag),
        Kind::Number => value.parse().ok().filter(|n| *n >= 0).map(Raw::Number),
        Kind::List | Kind::SecretList => Some(Raw::List(
            value.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect(),
        )),
    }
}

/// A secret as its file holds it, without one newline at the end; a list has one entry a line.
fn raw_of_file(kind: Kind, text: &str) -> Raw {
    match kind {
        Kind::SecretList => {
            Raw::List(text.lines().map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect())
        }
        _ => Raw::Text(without_newline(text).to_owned()),
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Secret => "must be a string that is not empty",
        Kind::Number => "must be a whole number, not negative",
        Kind::Flag => "must be true or false",
        Kind::List | Kind::SecretList => "must be a list of strings",
    }
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Secret => "write a value in quotes, or leave the key out",
        Kind::Number => "write digits without quotes",
        Kind::Flag => "write true or false without quotes",
        Kind::List | Kind::SecretList => "write it like [\"one\", \"two\"]",
    }
}

fn example_of_variable(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Secret => "give it a value or unset it",
        Kind::Number => "write digits only",
        Kind::Flag => "write true or false",
        Kind::List | Kind::SecretList => "separate the entries with commas",
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

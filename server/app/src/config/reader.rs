//! Takes settings into typed fields and collects what does not fit.

use super::error::{Place, Problem};
use super::source::{Raw, Settings};
use signet_protocol::secret::Secret;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// The settings, and everything found wrong so far.
pub(super) struct Reader {
    settings: Settings,
    problems: Vec<Problem>,
}

/// What is wrong with a value, and what to do about it.
pub(super) type Unfit = (String, String);

impl Reader {
    pub(super) fn new(settings: Settings, problems: Vec<Problem>) -> Self {
        Self { settings, problems }
    }

    /// Whether a key was set at all.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.settings.contains_key(key)
    }

    /// The keys that were set below a table, without its name.
    pub(super) fn below(&self, table: &str) -> Vec<String> {
        let below = |key: &str| key.strip_prefix(table)?.strip_prefix('.').map(str::to_owned);
        self.settings.keys().filter_map(|key| below(key)).collect()
    }

    /// Records that a key's value is wrong, by itself or with others.
    pub(super) fn refuse(&mut self, key: &str, wrong: impl Into<String>, mend: impl Into<String>) {
        let place = self.settings.get(key).map_or(Place::Default, |setting| setting.place.clone());
        self.problems.push(Problem { key: key.to_owned(), place, wrong: wrong.into(), mend: mend.into() });
    }

    /// Whether nothing was found wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// What was found wrong.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// A string, as it is.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match &self.settings.get(key)?.raw {
            Raw::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// A string that `parse` must like, into `field`.
    pub(super) fn parsed<T>(&mut self, key: &str, field: &mut T, parse: impl Fn(&str) -> Result<T, Unfit>) {
        match self.text(key).map(|text| parse(&text)) {
            Some(Ok(value)) => *field = value,
            Some(Err((wrong, mend))) => self.refuse(key, wrong, mend),
            None => {}
        }
    }

    /// A whole number within a range, into `field`.
    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<u32>, field: &mut u32) {
        let Some(Raw::Number(number)) = self.settings.get(key).map(|setting| setting.raw.clone()) else {
            return;
        };
        match u32::try_from(number).ok().filter(|number| range.contains(number)) {
            Some(number) => *field = number,
            None => {
                let mend = format!("choose a number from {} to {}", range.start(), range.end());
                self.refuse(key, format!("{number} is out of range"), mend);
            }
        }
    }

    /// `true` or `false`, into `field`.
    pub(super) fn flag(&self, key: &str, field: &mut bool) {
        if let Some(Raw::Flag(flag)) = self.settings.get(key).map(|setting| &setting.raw) {
            *field = *flag;
        }
    }

    /// A list; empty if it was not set.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        match self.settings.get(key).map(|setting| &setting.raw) {
            Some(Raw::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// A path.
    pub(super) fn path(&self, key: &str) -> Option<PathBuf> {
        self.text(key).map(PathBuf::from)
    }

    /// A path to something that must be there: a file, or a folder.
    pub(super) fn existing(&mut self, key: &str, folder: bool) -> Option<PathBuf> {
        let path = self.path(key)?;
        let (there, what) = if folder { (path.is_dir(), "folder") } else { (path.is_file(), "file") };
        if !there {
            let wrong = format!("there is no {what} `{}`", path.display());
            self.refuse(key, wrong, "check the path; it is taken from the working directory");
        }
        Some(path)
    }

    /// A secret; an empty one (from an empty file) is refused.
    pub(super) fn secret(&mut self, key: &str) -> Option<Secret<String>> {
        let text = self.text(key)?;
        if text.is_empty() {
            self.refuse(key, "is empty", "check the file that it is read from");
        }
        Some(Secret::new(text))
    }
}

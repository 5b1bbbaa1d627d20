//! What is wrong with a configuration, where it was said, and how to mend it.

use std::fmt;
use std::path::PathBuf;

/// Where a setting was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the configuration file, on a line counted from 1.
    File {
        /// The file's path as it was given.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// In an environment variable.
    Variable(String),
    /// Where somebody changes it while the server runs.
    RunTime,
    /// Nowhere: it is the default.
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
            Self::RunTime => f.write_str("changed at run time"),
            Self::Default => f.write_str("the default"),
        }
    }
}

/// One thing that is wrong. It never holds the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, as in `server.listen`; for a broken file its path.
    pub key: String,
    /// Where it was set.
    pub place: Place,
    /// What is wrong with it.
    pub wrong: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, place, wrong, mend } = self;
        match place {
            Place::Default => write!(f, "{key}: {wrong}; {mend}"),
            _ => write!(f, "{key} ({place}): {wrong}; {mend}"),
        }
    }
}

/// A configuration that the server refuses to start with: everything that is wrong, not only the first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.lines())]
pub struct ConfigError {
    /// What is wrong, at least one entry.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    fn lines(&self) -> String {
        let lines: Vec<String> = self.problems.iter().map(Problem::to_string).collect();
        lines.join("\n")
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

/// Something that does not stop the server, but that its operator should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

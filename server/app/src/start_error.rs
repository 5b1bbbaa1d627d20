//! Why a server did not start.

use std::fmt;

/// One text that says what is wrong and how to mend it.
#[derive(Debug)]
pub struct StartError(String);

impl StartError {
    pub(crate) fn of(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

//! Who does something.

use crate::id::{ClientId, UserId};
use serde::{Serialize, Serializer};
use std::fmt;

/// Who does something, as the audit log names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Whoever may run the server's own command line, with its configuration and its database.
    CommandLine,
    /// The server itself, on its first start.
    FirstStart,
    /// The server itself, when the time has come.
    Server,
    /// A person, signed in.
    User(UserId),
    /// A client that authenticated; a public one showed what it was given.
    Client(ClientId),
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::FirstStart => f.write_str("first start"),
            Self::Server => f.write_str("server"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Client(id) => write!(f, "client:{id}"),
        }
    }
}

impl Serialize for Principal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

//! A role that people may hold.

use serde::{Deserialize, Serialize};

/// The role that exists without being declared: administrators hold it.
pub const ADMIN: &str = "admin";

/// A declared role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name: printable ASCII without space.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

//! A role that people may hold.

use crate::factor::FactorPolicy;
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
    /// Whether whoever holds it must have a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<FactorPolicy>,
}

impl Role {
    /// Whether whoever holds it must have a second factor, whatever operator and client say.
    pub fn demands_a_second_factor(&self) -> bool {
        self.second_factor == Some(FactorPolicy::Required)
    }
}

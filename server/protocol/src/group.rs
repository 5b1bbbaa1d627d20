//! Groups of people.

use serde::{Deserialize, Serialize};

/// A group: whoever is in it holds its roles. Who is in it is kept apart, for there may be very many.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name: printable ASCII without space.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The roles that its members hold.
    #[serde(default)]
    pub roles: Vec<String>,
}

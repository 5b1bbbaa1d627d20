//! A person, with the claims that OpenID Connect Core §5.1 names.

use crate::attributes::Attributes;
use crate::environment::Moment;
use crate::id::UserId;
use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::Map;

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// Internal identifier; `sub` is computed from it per client.
    pub id: UserId,
    /// What they sign in with and what `preferred_username` says.
    pub username: String,
    /// Their email address; they may sign in with it, too.
    pub email: Option<String>,
    /// Whether that address was shown to be theirs.
    pub email_verified: bool,
    /// The rest of their claims.
    pub profile: Profile,
    /// Roles held, `admin` among them for administrators.
    pub roles: Vec<String>,
    /// Disabled people cannot sign in and hold no live grant.
    pub disabled: bool,
    /// Their password as a PHC string (argon2id); none: they cannot sign in with one.
    pub password_hash: Option<Secret<String>>,
    /// Last change of any claim.
    pub updated_at: Moment,
}

/// Claims that are only kept and shown (OpenID Connect Core §5.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // The names are the standard's.
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// What the operator says of them besides. It is in tokens where a client or an API asks for it, and nowhere else.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub attributes: Attributes,
}

/// The `address` claim (OpenID Connect Core §5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // The names are the standard's.
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

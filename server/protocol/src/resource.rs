//! An API that tokens are issued for (RFC 8707).

use crate::algorithm::SigningAlg;
use crate::claims::mapping::ClaimMapping;
use crate::id::{ClientId, ResourceId};
use crate::redirect_uri::is_uri_text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// A protected resource: an audience with its scopes.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// The audience: an absolute URI without fragment.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub identifier: ResourceId,
    /// The scope values that belong to this API.
    pub scopes: Vec<String>,
    /// What its access tokens are signed with: the API decides what it can verify.
    pub signing_alg: SigningAlg,
    /// Who, besides the client it was issued to, may introspect its tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub introspection_clients: Vec<ClientId>,
    /// How long its access tokens live, in seconds; the client's own setting wins.
    pub access_token_lifetime: Option<u32>,
    /// What its access tokens say of people besides the standard claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimMapping>,
    /// For scope values that not everybody may have: the roles one of which a person must hold. Clients that act for
    /// themselves are not meant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scope_roles: BTreeMap<String, Vec<String>>,
}

/// Why a text cannot identify a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    /// RFC 8707 §2: "Its value MUST be an absolute URI, as specified by Section 4.3 of RFC 3986."
    #[error("must be an absolute URI (RFC 8707 §2)")]
    NotAbsolute,
    /// RFC 8707 §2: "The URI MUST NOT include a fragment component."
    #[error("must not have a fragment (RFC 8707 §2)")]
    Fragment,
}

/// Checks the form of a resource identifier; whether it is known is another question.
pub fn check_identifier(text: &str) -> Result<(), InvalidIdentifier> {
    if text.contains('#') {
        return Err(InvalidIdentifier::Fragment);
    }
    match Url::parse(text) {
        Ok(_) if is_uri_text(text) => Ok(()),
        _ => Err(InvalidIdentifier::NotAbsolute),
    }
}

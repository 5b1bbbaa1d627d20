//! An API that tokens are issued for (RFC 8707).

use crate::algorithm::SigningAlg;
use crate::id::{ClientId, ResourceId};
use serde::{Deserialize, Serialize};

/// A protected resource: an audience with its scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// The audience: an absolute URI without fragment.
    pub identifier: ResourceId,
    /// The scope values that belong to this API.
    pub scopes: Vec<String>,
    /// What its access tokens are signed with: the API decides what it can verify.
    pub signing_alg: SigningAlg,
    /// Who, besides the client it was issued to, may introspect its tokens.
    pub introspection_clients: Vec<ClientId>,
    /// How long its access tokens live, in seconds; the client's own setting wins.
    pub access_token_lifetime: Option<u32>,
}

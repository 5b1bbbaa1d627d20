//! What one person let one client do, for as long as it lives; and the code that leads to it.

use crate::environment::Moment;
use crate::id::{ClientId, GrantId, InteractionId, KeyId, ResourceId, SessionId, UserId};
use crate::scope::Scope;
use crate::session::Authentication;
use serde::{Deserialize, Serialize};

/// The facts that an authorization fixed: the code carries them, the grant keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Authorization {
    /// Who authorized it.
    pub user_id: UserId,
    /// Whom.
    pub client_id: ClientId,
    /// What was granted.
    pub scope: Scope,
    /// The APIs named in the authorization request (RFC 8707 §2.1); empty: those that the scopes belong to.
    pub resources: Vec<ResourceId>,
    /// The browser session it came from.
    pub sid: SessionId,
    /// `offline_access` was granted: the grant outlives the session.
    pub offline: bool,
    /// The authentication behind it.
    pub authentication: Authentication,
    /// When the session behind it ends absolutely; a grant without `offline` ends then, too.
    pub session_expires_at: Moment,
}

/// An authorization code's row (RFC 6749 §4.1.2). The code itself is stored only as SHA-256.
#[derive(Clone, Debug)]
pub struct AuthorizationCode {
    /// The interaction that made it; one interaction makes at most one code.
    pub tx: InteractionId,
    /// What it stands for.
    pub authorization: Authorization,
    /// The redirect URI that it was sent to.
    pub redirect_uri: String,
    /// `code_challenge` (S256), if the client sent one (RFC 7636 §4.3).
    pub code_challenge: Option<String>,
    /// `nonce` for the ID token (OpenID Connect Core §3.1.2.1).
    pub nonce: Option<String>,
    /// From when it is refused.
    pub expires_at: Moment,
    /// The grant that its first redemption made.
    pub redeemed_as: Option<GrantId>,
}

/// A grant's row.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its identifier, which its access tokens name.
    pub id: GrantId,
    /// 128 random bits that its refresh tokens name; used nowhere else.
    pub handle: [u8; 16],
    /// What was authorized.
    pub authorization: Authorization,
    /// Whether refresh tokens are issued for it.
    pub refreshable: bool,
    /// When it began.
    pub created_at: Moment,
    /// It ends when unused until then.
    pub idle_expires_at: Moment,
    /// It ends then in any case.
    pub expires_at: Moment,
    /// The latest `exp` of its access tokens: until then a revocation must be remembered.
    pub access_token_expires_at: Moment,
    /// The number of the refresh token that counts now; the first is 1.
    pub generation: u64,
    /// The key that the current generation was made with.
    pub refresh_key: KeyId,
    /// When the current generation was made.
    pub rotated_at: Moment,
    /// The network (`192.0.2.0/24`, `2001:db8::/48`) that the rotation was asked from.
    pub rotated_from: Option<String>,
    /// Set once it has ended before its time.
    pub revoked_at: Option<Moment>,
}

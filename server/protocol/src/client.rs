//! A registered client (RFC 7591 §2 names).

use crate::algorithm::SigningAlg;
use crate::claims::mapping::ClaimMapping;
use crate::environment::Moment;
use crate::factor::FactorPolicy;
use crate::id::{ClientId, TierName};
use crate::redirect_uri::RedirectUri;
use crate::scope::Scope;
use crate::secret::{Secret, SecretHash};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How a client authenticates at the token endpoint (RFC 7591 §2 `token_endpoint_auth_method`).
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// HTTP Basic with the client's secret (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// The secret in the request body (RFC 6749 §2.3.1).
    ClientSecretPost,
    /// A JWT signed by the client's key (RFC 7523 §2.2, OpenID Connect Core §9).
    PrivateKeyJwt,
    /// A public client: none.
    None,
}

impl AuthMethod {
    /// The `token_endpoint_auth_method` value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }
}

/// The grant types that a client may be registered for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §6.
    RefreshToken,
}

impl GrantType {
    /// The `grant_type` value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::ClientCredentials => "client_credentials",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// `application_type` (OpenID Connect Dynamic Client Registration §2).
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// Redirects to https, or http on loopback.
    #[default]
    Web,
    /// May use its own URI scheme (RFC 8252 §7.1).
    Native,
}

/// A client as registered, in a state that has been checked as a whole: see [`ClientMetadata::register`].
///
/// [`ClientMetadata::register`]: crate::registration::ClientMetadata::register
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// RFC 6749 §2.2.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub client_id: ClientId,
    /// Shown to people.
    pub client_name: String,
    /// Web or native.
    pub application_type: ApplicationType,
    /// Where codes may be sent.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a browser may be sent after sign-out, compared exactly.
    pub post_logout_redirect_uris: Vec<String>,
    /// What it may ask the token endpoint for.
    pub grant_types: BTreeSet<GrantType>,
    /// The one method it authenticates with.
    pub token_endpoint_auth_method: AuthMethod,
    /// Its public keys, registered by value (a JWK Set), for `private_key_jwt`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub jwks: Option<serde_json::Value>,
    /// Every scope value it may ask for.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub scope: Scope,
    /// Whether PKCE is required of it (always, for public clients).
    pub require_pkce: bool,
    /// Whether its users are not asked for consent: a first-party application.
    pub skip_consent: bool,
    /// Browser origins that may read answers, besides those of its redirect URIs.
    pub allowed_origins: Vec<String>,
    /// What its ID tokens are signed with.
    pub id_token_signed_response_alg: SigningAlg,
    /// Userinfo as a JWT signed with this, or as JSON.
    pub userinfo_signed_response_alg: Option<SigningAlg>,
    /// Default for an absent `max_age`, in seconds.
    pub default_max_age: Option<u32>,
    /// How long its access tokens live, in seconds.
    pub access_token_lifetime: Option<u32>,
    /// A refresh token unused for so many seconds ends its grant.
    pub refresh_token_idle_lifetime: Option<u32>,
    /// A grant ends after so many seconds, however often it was refreshed.
    pub refresh_token_lifetime: Option<u32>,
    /// The client's home page, shown on the consent page.
    pub client_uri: Option<String>,
    /// Its privacy policy, shown on the consent page.
    pub policy_uri: Option<String>,
    /// Its terms of service, shown on the consent page.
    pub tos_uri: Option<String>,
    /// Whether its users are asked for a second factor, in place of what the operator says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<FactorPolicy>,
    /// Whose limits hold for it; none: those of clients without a tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub tier: Option<TierName>,
    /// What ID tokens and userinfo say to it of people besides the standard claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimMapping>,
}

impl Client {
    /// A client that cannot keep a secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == AuthMethod::None
    }

    /// Whether it is registered for a grant type.
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }
}

/// One of a client's secrets; several may live at once while one replaces another.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// Names the secret, not its value.
    pub id: String,
    /// SHA-256 of the secret.
    pub hash: SecretHash,
    /// When it was made.
    pub created_at: Moment,
    /// From when it is refused.
    pub expires_at: Option<Moment>,
}

/// A client with what authenticates it and whether it may act at all.
#[derive(Clone, Debug)]
pub struct RegisteredClient {
    /// Its metadata.
    pub client: Client,
    /// Its secrets, newest first.
    pub secrets: Vec<ClientSecret>,
    /// Rises when all its tokens are revoked at once; every access token names the value it was issued under.
    pub revocation_counter: u64,
    /// Disabled clients can neither authenticate nor be signed in to.
    pub disabled: bool,
}

impl RegisteredClient {
    /// Whether `secret` is one of the client's unexpired secrets. All are compared, each in constant time.
    pub fn accepts_secret(&self, secret: &Secret<String>, now: Moment) -> bool {
        self.secrets
            .iter()
            .filter(|known| known.expires_at.is_none_or(|end| end > now))
            .fold(false, |found, known| known.hash.matches(secret.expose().as_bytes()) | found)
    }
}

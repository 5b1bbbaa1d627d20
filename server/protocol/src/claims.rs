//! What tokens say: access tokens (RFC 9068 §2.2), ID tokens (OpenID Connect Core §2) and the user's claims (§5.4).
//!
//! Writing borrows, reading owns: the types that are signed point into what was loaded, so that issuing a token copies
//! nothing before its serialisation.

pub mod mapping;

use crate::algorithm::SigningAlg;
use crate::client::Client;
use crate::id::{ClientId, GrantId, Jti, SessionId, UserId};
use crate::scope::Scope;
use crate::session::Acr;
use crate::user::User;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// No access token lives longer, whatever was registered, in seconds.
pub const MAX_TOKEN_LIFETIME: u32 = 86_400;

/// The JWS `typ` of an access token (RFC 9068 §2.1).
pub const ACCESS_TOKEN_TYP: &str = "at+jwt";

/// The scope values that are about a person: those of OpenID Connect Core (§3.1.2.1, §5.4, §11), and the server's own for
/// roles and groups. Every other one belongs to an API.
pub const USER_SCOPES: [&str; 8] =
    ["openid", "profile", "email", "address", "phone", "offline_access", mapping::ROLES, mapping::GROUPS];

/// Whether this scope value is about a person and belongs to no API.
pub fn is_user_scope(value: &str) -> bool {
    USER_SCOPES.contains(&value)
}

/// What clients know a user as (`sub`). Every client sees the same value (`subject_types_supported: public`).
pub fn sub<'a>(user_id: &'a UserId, _client: &Client) -> Cow<'a, str> {
    Cow::Borrowed(user_id.as_str())
}

/// `aud` as it is written: one audience, or an API and the issuer (RFC 7519 §4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aud<'a> {
    first: &'a str,
    second: Option<&'a str>,
}

impl<'a> Aud<'a> {
    /// One audience.
    pub const fn one(only: &'a str) -> Self {
        Self { first: only, second: None }
    }

    /// Two audiences.
    pub const fn two(first: &'a str, second: &'a str) -> Self {
        Self { first, second: Some(second) }
    }

    /// The audiences.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.first).chain(self.second)
    }

    /// The audiences, owned.
    pub fn to_vec(&self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
    }
}

impl Serialize for Aud<'_> {
    // RFC 7519 §4.1.3: "In the special case when the JWT has one audience, the "aud" value MAY be a single
    // case-sensitive string".
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(second) = self.second else { return serializer.serialize_str(self.first) };
        let mut list = serializer.serialize_seq(Some(2))?;
        list.serialize_element(self.first)?;
        list.serialize_element(second)?;
        list.end()
    }
}

/// The claims of an access token that is about to be signed (RFC 9068 §2.2).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccessTokenClaims<'a> {
    /// The issuer identifier.
    pub iss: &'a str,
    /// The user as this client knows them; the client itself if no user is involved.
    pub sub: &'a str,
    /// Whom it is for.
    pub aud: Aud<'a>,
    /// From when it is refused, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// Its identifier.
    pub jti: &'a str,
    /// Whom it was issued to (RFC 8693 §4.3).
    pub client_id: &'a ClientId,
    /// What it allows; left out if empty.
    #[serde(skip_serializing_if = "Scope::is_empty")]
    pub scope: &'a Scope,
    /// When the user authenticated, in seconds since 1970 (RFC 9068 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// How strongly they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<Acr>,
    /// By which means they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amr: Option<&'a [String]>,
    /// The browser session behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<&'a SessionId>,
    /// The grant behind it (`gid`): when that is revoked, so is this token. Client-credentials tokens have none.
    #[serde(rename = "gid", skip_serializing_if = "Option::is_none")]
    pub grant: Option<&'a GrantId>,
    /// The client's revocation counter when it was issued (`rev`): when that has risen, the token is revoked.
    pub rev: u64,
}

/// The claims of an access token that someone presented. They mean something only after its signature was verified.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PresentedAccessToken {
    /// The issuer identifier.
    pub iss: String,
    /// The user as the client knows them, or the client itself.
    pub sub: String,
    /// Whom it is for.
    #[serde(deserialize_with = "audiences")]
    pub aud: Vec<String>,
    /// From when it is refused, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// Its identifier.
    pub jti: Jti,
    /// Whom it was issued to.
    pub client_id: ClientId,
    /// What it allows.
    #[serde(default)]
    pub scope: Scope,
    /// When the user authenticated, in seconds since 1970.
    pub auth_time: Option<i64>,
    /// How strongly they did.
    pub acr: Option<Acr>,
    /// By which means they did.
    pub amr: Option<Vec<String>>,
    /// The browser session behind it.
    pub sid: Option<SessionId>,
    /// The grant behind it.
    #[serde(rename = "gid")]
    pub grant: Option<GrantId>,
    /// The client's revocation counter when it was issued.
    pub rev: u64,
}

impl PresentedAccessToken {
    /// Whether it stands for a person: it then comes from a grant.
    pub fn is_of_a_user(&self) -> bool {
        self.grant.is_some()
    }
}

/// Reads `aud`: a string or an array of strings (RFC 7519 §4.1.3).
pub(crate) fn audiences<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Audiences;
    impl<'de> Visitor<'de> for Audiences {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or an array of strings")
        }

        fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
            Ok(vec![value.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut values = Vec::new();
            while let Some(value) = list.next_element()? {
                values.push(value);
            }
            Ok(values)
        }
    }
    deserializer.deserialize_any(Audiences)
}

/// The claims of an ID token that is about to be signed (OpenID Connect Core §2). The user's own claims are not in it:
/// with the code flow they come from userinfo (§5.4).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdTokenClaims<'a> {
    /// The issuer identifier.
    pub iss: &'a str,
    /// The user as this client knows them.
    pub sub: &'a str,
    /// The client.
    pub aud: &'a ClientId,
    /// From when it is refused, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When the user authenticated, in seconds since 1970.
    pub auth_time: i64,
    /// The authorization request's `nonce`, unchanged. A refreshed ID token has none (OpenID Connect Core §12.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    /// How strongly they authenticated.
    pub acr: Acr,
    /// By which means.
    pub amr: &'a [String],
    /// Binds the access token beside it: see [`at_hash`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<&'a str>,
    /// The browser session behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<&'a SessionId>,
}

/// `at_hash`: the left half of the access token's hash, by the hash of the ID token's algorithm
/// (OpenID Connect Core §3.1.3.6); Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
pub fn at_hash(access_token: &str, id_token_alg: SigningAlg) -> String {
    let algorithm = match id_token_alg {
        SigningAlg::ES256 | SigningAlg::RS256 | SigningAlg::PS256 => &ring::digest::SHA256,
        SigningAlg::ES384 => &ring::digest::SHA384,
        SigningAlg::EdDSA => &ring::digest::SHA512,
    };
    let digest = ring::digest::digest(algorithm, access_token.as_bytes());
    let bytes = digest.as_ref();
    URL_SAFE_NO_PAD.encode(bytes.split_at(bytes.len() / 2).0)
}

/// The claims about a user that a scope asks for (OpenID Connect Core §5.4), without `sub`. A claim that has no value is
/// left out (§5.3.2).
pub fn user_claims(user: &User, scope: &Scope) -> Map<String, Value> {
    let mut claims = Map::new();
    let profile = &user.profile;
    if scope.contains("profile") {
        for (name, value) in [
            ("name", profile.name.as_ref()),
            ("family_name", profile.family_name.as_ref()),
            ("given_name", profile.given_name.as_ref()),
            ("middle_name", profile.middle_name.as_ref()),
            ("nickname", profile.nickname.as_ref()),
            ("preferred_username", Some(&user.username)),
            ("profile", profile.profile.as_ref()),
            ("picture", profile.picture.as_ref()),
            ("website", profile.website.as_ref()),
            ("gender", profile.gender.as_ref()),
            ("birthdate", profile.birthdate.as_ref()),
            ("zoneinfo", profile.zoneinfo.as_ref()),
            ("locale", profile.locale.as_ref()),
        ] {
            insert(&mut claims, name, value);
        }
        claims.insert("updated_at".to_owned(), user.updated_at.timestamp().into());
    }
    if scope.contains("email") && user.email.is_some() {
        insert(&mut claims, "email", user.email.as_ref());
        claims.insert("email_verified".to_owned(), user.email_verified.into());
    }
    if scope.contains("address")
        && let Some(address) = &profile.address
        && let Ok(Value::Object(members)) = serde_json::to_value(address)
        && !members.is_empty()
    {
        claims.insert("address".to_owned(), Value::Object(members));
    }
    if scope.contains("phone") && profile.phone_number.is_some() {
        insert(&mut claims, "phone_number", profile.phone_number.as_ref());
        claims.insert(
            "phone_number_verified".to_owned(),
            profile.phone_number_verified.unwrap_or(false).into(),
        );
    }
    claims
}

fn insert(claims: &mut Map<String, Value>, name: &str, value: Option<&String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        claims.insert(name.to_owned(), Value::String(value.clone()));
    }
}

#[cfg(test)]
mod tests;

//! Claims that a mapping never touches: what they say is the server's to say, or the person's own.

/// What this server says of a token, its client and its session, or what a standard gives a meaning that others rely on
/// (RFC 7519 §4.1, RFC 9068 §2.2, RFC 8693 §4, RFC 7800, RFC 9396, OpenID Connect Core §2 and its logout specifications).
const PROTOCOL: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "scope",
    "acr",
    "amr",
    "auth_time",
    "azp",
    "nonce",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "gid",
    "rev",
    "cnf",
    "act",
    "may_act",
    "authorization_details",
    "events",
    "typ",
    "token_type",
    "active",
    "sub_jwk",
    "sub_id",
    "txn",
    "toe",
    "rt_hash",
    "urn:openid:params:jwt:claim:rt_hash",
    "_claim_names",
    "_claim_sources",
    "vot",
    "vtm",
    "trust_framework",
    "verified_claims",
];

/// The claims about a person (OpenID Connect Core §5.1): applications tell people apart by some of them, and believe
/// `email_verified`.
const PERSON: &[&str] = &[
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
    "username",
];

/// Whether no mapping may make a claim of this name.
pub fn is_reserved(name: &str) -> bool {
    PROTOCOL.contains(&name) || PERSON.contains(&name)
}

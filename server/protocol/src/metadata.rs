//! The discovery document: OpenID Connect Discovery 1.0 §3 and RFC 8414 §2 in one. It lists what works, and no more.

use crate::algorithm::SigningAlg;
use crate::claims::USER_SCOPES;
use crate::language::{Language, Languages};
use crate::permission::PREFIX;
use crate::resource::Resource;
use crate::session::Acr;
use serde_json::{Value, json};

/// Where the endpoints are, below the issuer.
pub mod paths {
    /// The authorization endpoint (RFC 6749 §3.1).
    pub const AUTHORIZE: &str = "/oauth/authorize";
    /// The token endpoint (RFC 6749 §3.2).
    pub const TOKEN: &str = "/oauth/token";
    /// The introspection endpoint (RFC 7662 §2).
    pub const INTROSPECT: &str = "/oauth/introspect";
    /// The revocation endpoint (RFC 7009 §2).
    pub const REVOKE: &str = "/oauth/revoke";
    /// The userinfo endpoint (OpenID Connect Core §5.3).
    pub const USERINFO: &str = "/oauth/userinfo";
    /// The logout endpoint (OpenID Connect RP-Initiated Logout §2).
    pub const LOGOUT: &str = "/oauth/logout";
    /// The administration API.
    pub const ADMINISTRATION: &str = "/api/v1/admin";
    /// The public keys (RFC 7517 §5).
    pub const JWKS: &str = "/oauth/jwks";
    /// The discovery document (OpenID Connect Discovery §4).
    pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
    /// The same document (RFC 8414 §3).
    pub const OAUTH_METADATA: &str = "/.well-known/oauth-authorization-server";
}

/// An endpoint's address. A slash at the issuer's end is not doubled (OpenID Connect Discovery §4.1).
pub fn endpoint(issuer: &str, path: &str) -> String {
    format!("{}{path}", issuer.trim_end_matches('/'))
}

/// How clients may authenticate where public ones are welcome.
const AUTH_METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
/// How they may authenticate where public ones are refused.
const CONFIDENTIAL_AUTH_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

/// `claims_supported`: all that an ID token or userinfo may hold.
const CLAIMS: [&str; 32] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "at_hash",
    "sid",
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "address",
    "phone_number",
    "phone_number_verified",
    "roles",
    "groups",
];

/// The document. `resources` are the registered APIs, whose scope values are listed after OpenID Connect's;
/// `signing_algs` are the algorithms that there is a key for; `acrs` the levels that somebody can reach; `languages` are those
/// of the pages.
pub fn discovery(
    issuer: &str,
    resources: &[Resource],
    (signing_algs, acrs): (&[SigningAlg], &[Acr]),
    languages: &Languages,
) -> Value {
    let at = |path| endpoint(issuer, path);
    let mut scopes: Vec<&str> = USER_SCOPES.to_vec();
    // Those of the administration API are for its own document to tell.
    let theirs = resources.iter().flat_map(|api| &api.scopes).filter(|value| !value.starts_with(PREFIX));
    for value in theirs {
        if !scopes.contains(&value.as_str()) {
            scopes.push(value);
        }
    }
    let signing_algs: Vec<&str> = signing_algs.iter().map(|alg| alg.as_str()).collect();
    // Clients' assertions are verified with their own keys, whatever keys there are here.
    let assertion_algs = SigningAlg::ALL.map(SigningAlg::as_str);
    json!({
        "issuer": issuer,
        "authorization_endpoint": at(paths::AUTHORIZE),
        "token_endpoint": at(paths::TOKEN),
        "userinfo_endpoint": at(paths::USERINFO),
        "jwks_uri": at(paths::JWKS),
        "introspection_endpoint": at(paths::INTROSPECT),
        "revocation_endpoint": at(paths::REVOKE),
        "end_session_endpoint": at(paths::LOGOUT),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": acrs.iter().map(|acr| acr.as_str()).collect::<Vec<_>>(),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": signing_algs,
        "userinfo_signing_alg_values_supported": signing_algs,
        "claim_types_supported": ["normal"],
        "claims_supported": CLAIMS,
        "ui_locales_supported": languages.all().iter().map(Language::tag).collect::<Vec<_>>(),
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": assertion_algs,
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": assertion_algs,
        "introspection_endpoint_auth_methods_supported": CONFIDENTIAL_AUTH_METHODS,
        "introspection_endpoint_auth_signing_alg_values_supported": assertion_algs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::fixtures::{ISSUER, resources, user};

    fn languages() -> Languages {
        let offered = ["de", "en"].map(|tag| Language::parse(tag).unwrap());
        Languages::new(offered.to_vec(), "en").unwrap()
    }

    fn document() -> Value {
        discovery(ISSUER, &resources(), (&SigningAlg::ALL, &Acr::ALL), &languages())
    }

    fn strings<'a>(document: &'a Value, name: &str) -> Vec<&'a str> {
        document[name].as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
    }

    /// OpenID Connect Discovery §3 and RFC 8414 §2: REQUIRED.
    #[test]
    fn every_required_member_is_there() {
        let document = document();
        assert_eq!(document["issuer"], ISSUER);
        for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
            let address = document[name].as_str().unwrap();
            assert!(address.starts_with(&format!("{ISSUER}/oauth/")), "{name}: {address}");
        }
        for name in
            ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"]
        {
            assert!(!strings(&document, name).is_empty(), "{name}");
        }
    }

    #[test]
    fn scopes_include_openid_and_those_of_the_apis_once() {
        let document = document();
        let scopes = strings(&document, "scopes_supported");
        assert_eq!(scopes.iter().filter(|scope| **scope == "openid").count(), 1);
        assert_eq!(scopes.iter().filter(|scope| **scope == "orders:read").count(), 1);
    }

    /// OpenID Connect Discovery §3: "The algorithm RS256 MUST be included."
    #[test]
    fn rs256_is_among_the_id_token_algorithms() {
        assert!(strings(&document(), "id_token_signing_alg_values_supported").contains(&"RS256"));
    }

    #[test]
    fn algorithms_without_a_key_are_not_listed() {
        let document = discovery(ISSUER, &[], (&[SigningAlg::RS256], &[Acr::Aal1]), &languages());
        assert_eq!(strings(&document, "id_token_signing_alg_values_supported"), ["RS256"]);
        assert_eq!(strings(&document, "userinfo_signing_alg_values_supported"), ["RS256"]);
    }

    /// RFC 8414 §2: no default for introspection; RFC 7662 §2.1 wants authorization.
    #[test]
    fn introspection_is_not_offered_to_public_clients() {
        let document = document();
        assert!(!strings(&document, "introspection_endpoint_auth_methods_supported").contains(&"none"));
        assert!(strings(&document, "token_endpoint_auth_methods_supported").contains(&"none"));
        assert!(strings(&document, "revocation_endpoint_auth_methods_supported").contains(&"none"));
    }

    /// RFC 8414 §2: the algorithms must be listed if `private_key_jwt` is, and `none` is not one of them.
    #[test]
    fn assertion_algorithms_go_with_private_key_jwt() {
        for endpoint in ["token", "revocation", "introspection"] {
            let document = document();
            assert!(
                strings(&document, &format!("{endpoint}_endpoint_auth_methods_supported"))
                    .contains(&"private_key_jwt")
            );
            let name = format!("{endpoint}_endpoint_auth_signing_alg_values_supported");
            let algorithms = strings(&document, &name);
            assert!(algorithms.contains(&"ES256") && !algorithms.contains(&"none"), "{name}");
        }
    }

    #[test]
    fn only_what_works_is_listed() {
        let document = document();
        assert_eq!(strings(&document, "response_types_supported"), ["code"]);
        assert_eq!(strings(&document, "code_challenge_methods_supported"), ["S256"]);
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
        for name in
            ["request_parameter_supported", "request_uri_parameter_supported", "claims_parameter_supported"]
        {
            assert_eq!(document[name], false, "{name}");
        }
        for absent in ["registration_endpoint", "check_session_iframe", "device_authorization_endpoint"] {
            assert!(document.get(absent).is_none(), "{absent}");
        }
    }

    #[test]
    fn every_claim_that_userinfo_gives_is_listed() {
        let scope = crate::scope::Scope::parse("openid profile email address phone").unwrap();
        for name in crate::claims::user_claims(&user(), &scope).keys() {
            assert!(CLAIMS.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn a_slash_at_the_issuers_end_is_not_doubled() {
        assert_eq!(endpoint("https://a.test/", paths::JWKS), "https://a.test/oauth/jwks");
        assert_eq!(endpoint("https://a.test/tenant", paths::JWKS), "https://a.test/tenant/oauth/jwks");
    }
}

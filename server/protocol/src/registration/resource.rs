//! An API's declaration (RFC 8707).

use super::{Faults, FieldError, first_repeated};
use crate::algorithm::SigningAlg;
use crate::claims::mapping::ClaimMapping;
use crate::claims::{MAX_TOKEN_LIFETIME, is_user_scope};
use crate::id::{ClientId, ResourceId};
use crate::permission::PREFIX;
use crate::redirect_uri::LOOPBACK_HOSTS;
use crate::resource::{Resource, check_identifier};
use crate::scope::Scope;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// An API as declared.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // `Resource` says what each means.
pub struct ResourceMetadata {
    pub identifier: String,
    #[serde(default)]
    pub scopes: Vec<String>,
    pub signing_alg: Option<SigningAlg>,
    #[serde(default)]
    pub introspection_clients: Vec<String>,
    pub access_token_lifetime: Option<u32>,
    #[serde(default)]
    pub claims: Vec<ClaimMapping>,
    #[serde(default)]
    pub scope_roles: BTreeMap<String, Vec<String>>,
}

impl ResourceMetadata {
    /// Checks everything and gives the resource.
    pub fn register(self) -> Result<Resource, Vec<FieldError>> {
        let mut faults = Faults::default();
        match check_identifier(&self.identifier) {
            Err(why) => faults.add("identifier", why.to_string()),
            Ok(()) => faults.check(
                !is_http_elsewhere(&self.identifier),
                "identifier",
                "must be https; http is only for localhost, 127.0.0.1 and [::1]",
            ),
        }
        // Clients reach an API by its scopes: without any it would be everybody's or nobody's.
        faults.check(!self.scopes.is_empty(), "scopes", "must name at least one scope value");
        if let Some(value) = first_repeated(&self.scopes) {
            faults.add("scopes", format!("{value:?} comes twice"));
        }
        for value in &self.scopes {
            if Scope::parse(value).is_ok_and(|scope| scope.iter().eq([value.as_str()])) {
                let free = !is_user_scope(value);
                faults.check(free, "scopes", "must not hold a scope value that is about a person: those are OpenID Connect's, roles and groups");
                let free = !value.starts_with(PREFIX);
                faults.check(
                    free,
                    "scopes",
                    "must not begin with \"signet:\": such scopes are the administration API's",
                );
            } else {
                faults.add("scopes", format!("{value:?} is not one scope value (RFC 6749 §3.3)"));
            }
        }
        if let Some(client) = first_repeated(&self.introspection_clients) {
            faults.add("introspection_clients", format!("{client:?} comes twice"));
        }
        faults.check_lifetime("access_token_lifetime", self.access_token_lifetime, 60, MAX_TOKEN_LIFETIME);
        faults.check_claims(&self.claims);
        self.check_scope_roles(&mut faults);
        faults.into_result(Resource {
            identifier: ResourceId::from(self.identifier),
            scopes: self.scopes,
            signing_alg: self.signing_alg.unwrap_or(SigningAlg::ES256),
            introspection_clients: self.introspection_clients.into_iter().map(ClientId::from).collect(),
            access_token_lifetime: self.access_token_lifetime,
            claims: self.claims,
            scope_roles: self.scope_roles,
        })
    }
}

impl ResourceMetadata {
    fn check_scope_roles(&self, faults: &mut Faults) {
        for (value, roles) in &self.scope_roles {
            if !self.scopes.contains(value) {
                faults.add("scope_roles", format!("{value:?} is none of the scopes"));
            }
            // A value that nobody may have would be no scope at all.
            if roles.is_empty() || first_repeated(roles).is_some() {
                faults.add("scope_roles", format!("{value:?} needs one role or more, each once"));
            }
        }
    }
}

fn is_http_elsewhere(identifier: &str) -> bool {
    Url::parse(identifier).is_ok_and(|url| {
        url.scheme() == "http" && !url.host_str().is_some_and(|host| LOOPBACK_HOSTS.contains(&host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(json: serde_json::Value) -> Result<Resource, Vec<FieldError>> {
        serde_json::from_value::<ResourceMetadata>(json).unwrap().register()
    }

    #[test]
    fn an_api_signs_with_es256_unless_it_says_otherwise() {
        let resource =
            register(serde_json::json!({"identifier": "https://api.test", "scopes": ["orders:read"]}))
                .unwrap();
        assert_eq!(
            (resource.signing_alg, resource.identifier.as_str()),
            (SigningAlg::ES256, "https://api.test")
        );
    }

    #[test]
    fn faults_name_their_field() {
        for (json, field) in [
            (
                serde_json::json!({"identifier": "https://api.test", "scopes": ["a"], "scope_roles": {"b": ["clerk"]}}),
                "scope_roles",
            ),
            (
                serde_json::json!({"identifier": "https://api.test", "scopes": ["a"], "scope_roles": {"a": []}}),
                "scope_roles",
            ),
            (
                serde_json::json!({"identifier": "https://api.test", "scopes": ["a"], "claims": [{"claim": "sub", "value": 1}]}),
                "claims",
            ),
            (serde_json::json!({"identifier": "api", "scopes": ["a"]}), "identifier"),
            (serde_json::json!({"identifier": "https://api.test/#x", "scopes": ["a"]}), "identifier"),
            (serde_json::json!({"identifier": "http://api.test", "scopes": ["a"]}), "identifier"),
            (serde_json::json!({"identifier": "https://api.test"}), "scopes"),
            (serde_json::json!({"identifier": "https://api.test", "scopes": []}), "scopes"),
            (serde_json::json!({"identifier": "https://api.test", "scopes": ["a b"]}), "scopes"),
            (serde_json::json!({"identifier": "https://api.test", "scopes": [""]}), "scopes"),
            (serde_json::json!({"identifier": "https://api.test", "scopes": ["a", "a"]}), "scopes"),
            (serde_json::json!({"identifier": "https://api.test", "scopes": ["openid"]}), "scopes"),
            (
                serde_json::json!({"identifier": "https://api.test", "scopes": ["signet:users:read"]}),
                "scopes",
            ),
            (
                serde_json::json!({"identifier": "https://api.test", "scopes": ["a"], "access_token_lifetime": 59}),
                "access_token_lifetime",
            ),
        ] {
            let faults = register(json.clone()).expect_err("a fault");
            assert_eq!(
                faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(),
                [field],
                "{json}"
            );
        }
    }

    #[test]
    fn http_on_loopback_and_urns_are_fine() {
        for identifier in
            ["http://localhost:9000/api", "http://[::1]/", "urn:example:orders", "https://api.test/v1?x"]
        {
            assert!(
                register(serde_json::json!({"identifier": identifier, "scopes": ["a"]})).is_ok(),
                "{identifier}"
            );
        }
    }

    #[test]
    fn unknown_fields_are_refused() {
        let json = serde_json::json!({"identifier": "https://api.test", "scope": "a"});
        assert!(serde_json::from_value::<ResourceMetadata>(json).is_err());
    }
}

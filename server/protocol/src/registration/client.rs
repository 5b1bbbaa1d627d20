//! A client's registration (RFC 7591 §2, OpenID Connect Dynamic Client Registration §2).

mod jwks;

use super::{Faults, FieldError, first_repeated};
use crate::algorithm::SigningAlg;
use crate::claims::MAX_TOKEN_LIFETIME;
use crate::claims::mapping::ClaimMapping;
use crate::client::{ApplicationType, AuthMethod, Client, GrantType};
use crate::factor::FactorPolicy;
use crate::id::{ClientId, TierName};
use crate::permission::{PREFIX, Permission};
use crate::redirect_uri::{LOOPBACK_HOSTS, RedirectUri};
use crate::scope::Scope;
use crate::secret::Secret;
use serde::Deserialize;
use url::Url;

/// The shortest client secret, in characters.
pub const MIN_SECRET_LENGTH: usize = 32;
/// The longest life of a refresh token or a grant that can be registered, in seconds: a year.
pub const MAX_REFRESH_LIFETIME: u32 = 365 * 86_400;
/// The most URIs or origins in one list.
const MAX_LIST: usize = 100;

/// A client as declared.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // The names are the standard's; `Client` says what each means.
pub struct ClientMetadata {
    pub client_id: String,
    /// Absent: the caller makes one if the method needs it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub client_secret: Option<Secret<String>>,
    pub client_name: Option<String>,
    pub application_type: Option<ApplicationType>,
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    pub grant_types: Option<Vec<GrantType>>,
    pub response_types: Option<Vec<String>>,
    pub token_endpoint_auth_method: Option<AuthMethod>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub jwks: Option<serde_json::Value>,
    pub scope: Option<String>,
    pub require_pkce: Option<bool>,
    #[serde(default)]
    pub skip_consent: bool,
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    pub id_token_signed_response_alg: Option<SigningAlg>,
    pub userinfo_signed_response_alg: Option<SigningAlg>,
    pub default_max_age: Option<u32>,
    pub access_token_lifetime: Option<u32>,
    pub refresh_token_idle_lifetime: Option<u32>,
    pub refresh_token_lifetime: Option<u32>,
    pub client_uri: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
    pub second_factor: Option<FactorPolicy>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub tier: Option<TierName>,
    #[serde(default)]
    pub claims: Vec<ClaimMapping>,
}

impl ClientMetadata {
    /// Checks everything and gives the client with its declared secret, if there is one.
    pub fn register(self) -> Result<(Client, Option<Secret<String>>), Vec<FieldError>> {
        let mut faults = Faults::default();
        let method = self.token_endpoint_auth_method.unwrap_or(AuthMethod::ClientSecretBasic);
        let application_type = self.application_type.unwrap_or_default();
        let grant_types = self.grant_types.clone().unwrap_or_else(|| vec![GrantType::AuthorizationCode]);
        let scope = Scope::parse(self.scope.as_deref().unwrap_or_default());
        match &scope {
            Err(malformed) => faults.add("scope", malformed.to_string()),
            // What is none today may be one tomorrow, and nobody would have decided to give it.
            Ok(scope) => {
                let unknown =
                    scope.iter().find(|v| v.starts_with(PREFIX) && Permission::of_scope(v).is_none());
                faults.check(unknown.is_none(), "scope", "holds a \"signet:\" scope that is no permission");
            }
        }
        let redirect_uris =
            register_uris(&mut faults, "redirect_uris", &self.redirect_uris, application_type);
        let post_logout = "post_logout_redirect_uris";
        register_uris(&mut faults, post_logout, &self.post_logout_redirect_uris, application_type);
        self.check_names(&mut faults);
        self.check_grants(&mut faults, &grant_types, method);
        self.check_credentials(&mut faults, method);
        self.check_origins(&mut faults);
        self.check_lifetimes(&mut faults);
        faults.check_claims(&self.claims);
        let client = Client {
            client_name: self.client_name.unwrap_or_else(|| self.client_id.clone()),
            client_id: ClientId::from(self.client_id),
            application_type,
            redirect_uris,
            post_logout_redirect_uris: self.post_logout_redirect_uris,
            grant_types: grant_types.into_iter().collect(),
            token_endpoint_auth_method: method,
            jwks: self.jwks,
            scope: scope.unwrap_or_default(),
            require_pkce: self.require_pkce.unwrap_or(true),
            skip_consent: self.skip_consent,
            allowed_origins: self.allowed_origins,
            // OpenID Connect Dynamic Client Registration §2: "The default, if omitted, is RS256."
            id_token_signed_response_alg: self.id_token_signed_response_alg.unwrap_or(SigningAlg::RS256),
            userinfo_signed_response_alg: self.userinfo_signed_response_alg,
            default_max_age: self.default_max_age,
            access_token_lifetime: self.access_token_lifetime,
            refresh_token_idle_lifetime: self.refresh_token_idle_lifetime,
            refresh_token_lifetime: self.refresh_token_lifetime,
            client_uri: self.client_uri,
            policy_uri: self.policy_uri,
            tos_uri: self.tos_uri,
            second_factor: self.second_factor,
            tier: self.tier,
            claims: self.claims,
        };
        faults.into_result((client, self.client_secret))
    }

    fn check_names(&self, faults: &mut Faults) {
        let fits = ClientId::from(self.client_id.as_str()).could_be_registered();
        faults.check(fits, "client_id", "must be 1 to 128 printable ASCII characters without space");
        faults.check_segment("client_id", &self.client_id);
        if let Some(name) = &self.client_name {
            faults.check_shown("client_name", name);
        }
        faults.check(
            self.tier.as_ref().is_none_or(TierName::could_be_declared),
            "tier",
            "must be 1 to 32 lower-case letters, digits and single underscores, a letter first",
        );
        for (field, uri) in
            [("client_uri", &self.client_uri), ("policy_uri", &self.policy_uri), ("tos_uri", &self.tos_uri)]
        {
            let is_page = |text: &String| {
                Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
            };
            faults.check(uri.as_ref().is_none_or(is_page), field, "must be an http or https URL");
        }
    }

    fn check_grants(&self, faults: &mut Faults, grant_types: &[GrantType], method: AuthMethod) {
        let has = |grant_type| grant_types.contains(&grant_type);
        faults.check(!grant_types.is_empty(), "grant_types", "must not be empty");
        faults.check(
            !has(GrantType::RefreshToken) || has(GrantType::AuthorizationCode),
            "grant_types",
            "refresh_token needs authorization_code, the only grant that issues refresh tokens",
        );
        // RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
        faults.check(
            !has(GrantType::ClientCredentials) || method != AuthMethod::None,
            "grant_types",
            "client_credentials needs a client that authenticates; token_endpoint_auth_method is none",
        );
        faults.check(
            !has(GrantType::AuthorizationCode) || !self.redirect_uris.is_empty(),
            "redirect_uris",
            "authorization_code needs at least one redirect URI",
        );
        let types = self.response_types.as_deref().unwrap_or_default();
        faults.check(
            types.iter().all(|value| value == "code"),
            "response_types",
            "only \"code\" is supported",
        );
    }

    fn check_credentials(&self, faults: &mut Faults, method: AuthMethod) {
        // OAuth 2.1 §7.5.1: public clients always use PKCE.
        faults.check(
            method != AuthMethod::None || self.require_pkce != Some(false),
            "require_pkce",
            "must be true for a client that does not authenticate",
        );
        faults.check(
            self.second_factor != Some(FactorPolicy::RequiredForAdministrators),
            "second_factor",
            "must be \"off\", \"optional\" or \"required\"",
        );
        if let Some(secret) = &self.client_secret {
            let secret = secret.expose();
            let takes_one = matches!(method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost);
            faults.check(takes_one, "client_secret", "has no use with this token_endpoint_auth_method");
            let fits = (MIN_SECRET_LENGTH..=512).contains(&secret.len())
                && secret.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            faults.check(fits, "client_secret", "must be 32 to 512 printable ASCII characters");
        }
        match &self.jwks {
            Some(jwks) => {
                if let Err(message) = jwks::check(jwks) {
                    faults.add("jwks", message);
                }
            }
            None => faults.check(
                method != AuthMethod::PrivateKeyJwt,
                "jwks",
                "private_key_jwt needs the client's public keys",
            ),
        }
    }

    fn check_origins(&self, faults: &mut Faults) {
        faults.check(
            self.allowed_origins.len() <= MAX_LIST,
            "allowed_origins",
            "holds more than 100 entries",
        );
        for text in &self.allowed_origins {
            if !is_origin(text) {
                let message = format!("{text:?} is not an https origin such as https://app.example.test");
                faults.add("allowed_origins", message);
            }
        }
    }

    fn check_lifetimes(&self, faults: &mut Faults) {
        faults.check_lifetime("access_token_lifetime", self.access_token_lifetime, 60, MAX_TOKEN_LIFETIME);
        let (idle, whole) = (self.refresh_token_idle_lifetime, self.refresh_token_lifetime);
        faults.check_lifetime("refresh_token_idle_lifetime", idle, 60, MAX_REFRESH_LIFETIME);
        faults.check_lifetime("refresh_token_lifetime", whole, 60, MAX_REFRESH_LIFETIME);
        faults.check(
            idle.zip(whole).is_none_or(|(idle, whole)| idle <= whole),
            "refresh_token_idle_lifetime",
            "must not exceed refresh_token_lifetime",
        );
    }
}

fn register_uris(
    faults: &mut Faults,
    field: &str,
    texts: &[String],
    application_type: ApplicationType,
) -> Vec<RedirectUri> {
    faults.check(texts.len() <= MAX_LIST, field, "holds more than 100 entries");
    if let Some(text) = first_repeated(texts) {
        faults.add(field, format!("{text:?} comes twice"));
    }
    let mut registered = Vec::new();
    for text in texts {
        match RedirectUri::register(text, application_type) {
            Ok(uri) => registered.push(uri),
            Err(why) => faults.add(field, format!("{text:?} {why}")),
        }
    }
    registered
}

/// A serialized origin (RFC 6454 §6.2), exactly as browsers send it: https, or http on this machine.
fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let safe = match url.scheme() {
            "https" => true,
            "http" => url.host_str().is_some_and(|host| LOOPBACK_HOSTS.contains(&host)),
            _ => false,
        };
        safe && url.origin().ascii_serialization() == text
    })
}

#[cfg(test)]
mod tests;

//! What is risky or wrong in a client's settings although they may be registered so.

use crate::claims::is_user_scope;
use crate::client::{ApplicationType, AuthMethod, Client, GrantType, RegisteredClient};
use crate::environment::Moment;
use crate::factor::FactorPolicy;
use crate::permission::Permissions;
use crate::resource::Resource;
use std::time::Duration;
use url::Url;

/// The longest life of an access token that nobody should wonder about, in seconds.
const USUAL_LIFETIME: u32 = 3600;
/// After which time a secret ought to be replaced: a year.
const SECRET_AGE: Duration = Duration::from_secs(365 * 86_400);

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does not work like this.
    Wrong,
    /// It works, and it is less safe than it could be.
    Risky,
    /// Worth knowing.
    Note,
}

macro_rules! lints {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $severity:ident, $clause:literal;)*) => {
        /// Something about a client's settings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Lint {
            $($(#[doc = $doc])* $name,)*
        }

        impl Lint {
            /// Every one there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How much it matters.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// The clause that says so.
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause,)* }
            }
        }
    };
}

lints! {
    /// It authenticates with a secret, and no secret of it is live.
    NoLiveSecret = "no-live-secret", Wrong, "RFC 6749 §2.3.1";
    /// It may ask for a scope that no API has.
    UnknownScope = "unknown-scope", Wrong, "RFC 6749 §3.3";
    /// It may use refresh tokens but not ask for them.
    RefreshWithoutOffline = "refresh-without-offline", Note, "OpenID Connect Core §11";
    /// Without PKCE a stolen code is worth something.
    WithoutPkce = "without-pkce", Risky, "RFC 9700 §2.1.1";
    /// Users are not told what an application on their own device asks for, which another application may pretend to be.
    NativeWithoutConsent = "native-without-consent", Risky, "RFC 8252 §8.6";
    /// It does not ask for the second factor that the operator wants.
    NoSecondFactor = "no-second-factor", Risky, "NIST SP 800-63B-4 §2.2";
    /// Its access tokens live long, and whoever has one can use it.
    LongLivedTokens = "long-lived-tokens", Risky, "RFC 9700 §4.10";
    /// Whoever holds its secret can administer this server.
    Administers = "administers", Risky, "RFC 9700 §2.3";
    /// The name `localhost` may lead elsewhere.
    LocalhostByName = "localhost-by-name", Note, "RFC 8252 §8.3";
    /// It redirects to this machine only: it is for development.
    OnlyLoopback = "only-loopback", Note, "RFC 8252 §7.3";
    /// Another application can claim the same scheme.
    OwnScheme = "own-scheme", Note, "RFC 8252 §7.1";
    /// The secret travels in the body, where more logs may hold it.
    SecretInBody = "secret-in-body", Note, "RFC 6749 §2.3.1";
    /// A secret has been the same for more than a year.
    OldSecret = "old-secret", Note, "RFC 9700 §2.5";
}

/// What is to be said about a client, the worst first.
pub fn lint(known: &RegisteredClient, resources: &[Resource], now: Moment) -> Vec<Lint> {
    let mut found: Vec<Lint> =
        Lint::ALL.iter().copied().filter(|lint| applies(*lint, known, resources, now)).collect();
    found.sort_by_key(|lint| lint.severity());
    found
}

/// The scope values that a client may ask for and that neither an API has nor this server itself.
pub fn unknown_scopes<'a>(client: &'a Client, resources: &[Resource]) -> Vec<&'a str> {
    let known = |value: &str| resources.iter().any(|api| api.scopes.iter().any(|own| own == value));
    client.scope.iter().filter(|value| !is_user_scope(value) && !known(value)).collect()
}

fn applies(lint: Lint, known: &RegisteredClient, resources: &[Resource], now: Moment) -> bool {
    let client = &known.client;
    let uses = |grant_type| client.grant_types.contains(&grant_type);
    match lint {
        Lint::NoLiveSecret => takes_a_secret(client) && !live_secrets(known, now).any(|_| true),
        Lint::UnknownScope => !unknown_scopes(client, resources).is_empty(),
        Lint::RefreshWithoutOffline => {
            uses(GrantType::RefreshToken) && !client.scope.contains("offline_access")
        }
        Lint::WithoutPkce => uses(GrantType::AuthorizationCode) && !client.require_pkce,
        Lint::NativeWithoutConsent => client.skip_consent && client.is_public() && leads_home(client),
        Lint::NoSecondFactor => client.second_factor == Some(FactorPolicy::Off),
        Lint::LongLivedTokens => client.access_token_lifetime.is_some_and(|life| life > USUAL_LIFETIME),
        Lint::Administers => !Permissions::of_scopes(client.scope.iter()).is_empty(),
        Lint::LocalhostByName => urls(client).any(|url| url.host_str() == Some("localhost")),
        Lint::OnlyLoopback => {
            client.application_type == ApplicationType::Web
                && !client.redirect_uris.is_empty()
                && urls(client).all(|url| is_loopback(&url))
        }
        Lint::OwnScheme => urls(client).any(|url| !matches!(url.scheme(), "http" | "https")),
        Lint::SecretInBody => client.token_endpoint_auth_method == AuthMethod::ClientSecretPost,
        Lint::OldSecret => live_secrets(known, now).any(|made| made + SECRET_AGE < now),
    }
}

fn takes_a_secret(client: &Client) -> bool {
    matches!(client.token_endpoint_auth_method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost)
}

/// When each secret that counts now was made.
fn live_secrets(known: &RegisteredClient, now: Moment) -> impl Iterator<Item = Moment> {
    let live = known.secrets.iter().filter(move |secret| secret.expires_at.is_none_or(|end| end > now));
    live.map(|secret| secret.created_at)
}

/// Where its codes go.
fn urls(client: &Client) -> impl Iterator<Item = Url> {
    client.redirect_uris.iter().filter_map(|uri| Url::parse(uri.as_str()).ok())
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Whether some of its codes go to an application on the person's own device.
fn leads_home(client: &Client) -> bool {
    urls(client).any(|url| is_loopback(&url) || !matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::ClientSecret;
    use crate::registration::{ClientMetadata, ResourceMetadata};
    use crate::secret::SecretHash;
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    const NOW: Moment = Moment::UNIX_EPOCH;

    fn found(metadata: Value, secrets: &[(i64, Option<i64>)]) -> Vec<&'static str> {
        let metadata: ClientMetadata = serde_json::from_value(metadata).unwrap();
        let api = json!({"identifier": "https://api.test", "scopes": ["orders:read"]});
        let api: ResourceMetadata = serde_json::from_value(api).unwrap();
        let day = |days| NOW + TimeDelta::days(days);
        let secret = |(made, end): &(i64, Option<i64>)| ClientSecret {
            id: "one".to_owned(),
            hash: SecretHash([0; 32]),
            created_at: day(*made),
            expires_at: end.map(day),
        };
        let known = RegisteredClient {
            client: metadata.register().unwrap().0,
            secrets: secrets.iter().map(secret).collect(),
            revocation_counter: 0,
            disabled: false,
        };
        lint(&known, &[api.register().unwrap()], NOW).into_iter().map(Lint::as_str).collect()
    }

    #[test]
    fn a_client_with_the_defaults_has_nothing_to_be_told() {
        let web = json!({"client_id": "shop", "redirect_uris": ["https://shop.test/cb"], "scope": "openid orders:read"});
        assert_eq!(found(web, &[(0, None)]), [""; 0]);
    }

    #[test]
    fn each_setting_is_told_with_the_clause_that_speaks_of_it() {
        let web = |more: Value| {
            let mut client = json!({"client_id": "shop", "redirect_uris": ["https://shop.test/cb"]});
            client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            client
        };
        let good = &[(0, None)][..];
        let both = json!(["authorization_code", "refresh_token"]);
        let none = json!({"token_endpoint_auth_method": "none", "skip_consent": true,
            "application_type": "native", "redirect_uris": ["com.example:/cb"]});
        for (client, secrets, expected) in [
            (web(json!({})), &[][..], &["no-live-secret"][..]),
            (web(json!({})), &[(-9, Some(0))], &["no-live-secret"]),
            (web(json!({})), &[(-366, None)], &["old-secret"]),
            (web(json!({})), &[(-366, Some(-1)), (0, None)], &[]),
            (web(json!({"scope": "openid nowhere:read"})), good, &["unknown-scope"]),
            (web(json!({"grant_types": both})), good, &["refresh-without-offline"]),
            (web(json!({"grant_types": both, "scope": "offline_access"})), good, &[]),
            (web(json!({"require_pkce": false})), good, &["without-pkce"]),
            (web(none), &[], &["native-without-consent", "own-scheme"]),
            (web(json!({"second_factor": "off"})), good, &["no-second-factor"]),
            (web(json!({"access_token_lifetime": 3601})), good, &["long-lived-tokens"]),
            (web(json!({"scope": "signet:users:read"})), good, &["unknown-scope", "administers"]),
            (
                web(json!({"redirect_uris": ["http://localhost/cb"]})),
                good,
                &["localhost-by-name", "only-loopback"],
            ),
            (web(json!({"redirect_uris": ["http://127.0.0.1/cb", "https://shop.test/cb"]})), good, &[]),
            (web(json!({"token_endpoint_auth_method": "client_secret_post"})), good, &["secret-in-body"]),
        ] {
            assert_eq!(found(client.clone(), secrets), expected, "{client}");
        }
    }
}

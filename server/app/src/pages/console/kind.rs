//! The kinds of applications that are registered, each with what is safe for it.

use crate::pages::Words;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A kind of application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// Runs on a server and keeps a secret.
    Web,
    /// Runs in the browser and keeps none.
    SinglePage,
    /// Runs on a person's device and keeps none.
    Native,
    /// Acts for a person, by software that decides by itself what it calls: an assistant, an MCP client.
    Agent,
    /// Acts for itself, without anybody.
    Service,
}

/// A kind to choose.
#[derive(Clone, Debug, Serialize)]
pub struct KindChoice {
    /// Where it is chosen.
    pub url: String,
    /// Its name in the address and in identifiers.
    pub name: &'static str,
    /// What it is called.
    pub title: Words,
    /// When it is the right one.
    pub detail: Words,
}

/// What a form says of its kind.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct KindWords {
    /// What it is called.
    pub title: Words,
    /// What was decided for it.
    pub decided: Words,
    /// How its redirect URIs look; none: it has none.
    pub redirects: Option<Words>,
}

impl ClientKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Web, Self::SinglePage, Self::Native, Self::Agent, Self::Service];

    /// Its name in addresses and forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::SinglePage => "spa",
            Self::Native => "native",
            Self::Agent => "agent",
            Self::Service => "service",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether people sign in to it.
    pub const fn has_people(self) -> bool {
        !matches!(self, Self::Service)
    }

    /// The kind as a choice.
    pub fn choice(self, url: String) -> KindChoice {
        let (title, detail) = match self {
            Self::Web => (Words("kind-web"), Words("kind-web-detail")),
            Self::SinglePage => (Words("kind-spa"), Words("kind-spa-detail")),
            Self::Native => (Words("kind-native"), Words("kind-native-detail")),
            Self::Agent => (Words("kind-agent"), Words("kind-agent-detail")),
            Self::Service => (Words("kind-service"), Words("kind-service-detail")),
        };
        KindChoice { url, name: self.as_str(), title, detail }
    }

    /// What its form says.
    pub const fn words(self) -> KindWords {
        let (title, decided, redirects) = match self {
            Self::Web => (Words("kind-web"), Words("kind-web-decided"), Some(Words("redirects-web"))),
            Self::SinglePage => (Words("kind-spa"), Words("kind-spa-decided"), Some(Words("redirects-spa"))),
            Self::Native => {
                (Words("kind-native"), Words("kind-native-decided"), Some(Words("redirects-native")))
            }
            Self::Agent => {
                (Words("kind-agent"), Words("kind-agent-decided"), Some(Words("redirects-native")))
            }
            Self::Service => (Words("kind-service"), Words("kind-service-decided"), None),
        };
        KindWords { title, decided, redirects }
    }

    /// What most of this kind ask for besides the scopes of their APIs.
    pub fn usually_asks_for(self, scope: &str) -> bool {
        match self {
            Self::Web | Self::SinglePage | Self::Native => matches!(scope, "openid" | "profile" | "email"),
            // It calls APIs for a person, and need not be told who that is.
            Self::Agent => scope == "offline_access",
            Self::Service => false,
        }
    }

    /// The metadata that make it safe (RFC 7591 §2 names): authorization code with PKCE for whatever people sign in to
    /// (RFC 9700 §2.1.1), and a secret only where one can be kept (RFC 6749 §2.1).
    pub fn defaults(self) -> Map<String, Value> {
        let metadata = match self {
            Self::Web => json!({
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "client_secret_basic",
            }),
            Self::SinglePage => json!({
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }),
            Self::Native => json!({
                "application_type": "native",
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }),
            Self::Agent => json!({
                "application_type": "native",
                "grant_types": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
                // What it calls with a token is not for a person to see beforehand.
                "access_token_lifetime": 300,
            }),
            Self::Service => json!({
                "grant_types": ["client_credentials"],
                "token_endpoint_auth_method": "client_secret_basic",
            }),
        };
        match metadata {
            Value::Object(metadata) => metadata,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_protocol::client::RegisteredClient;
    use signet_protocol::registration::ClientMetadata;
    use signet_protocol::registration::lint::{Lint, Severity, lint};

    #[test]
    fn each_kind_is_registered_with_nothing_risky_about_it() {
        for kind in ClientKind::ALL {
            let mut metadata = kind.defaults();
            metadata.insert("client_id".to_owned(), json!("shop"));
            if kind.has_people() {
                metadata.insert("redirect_uris".to_owned(), json!(["https://shop.test/callback"]));
                metadata.insert("scope".to_owned(), json!("openid offline_access"));
            }
            let metadata: ClientMetadata = serde_json::from_value(Value::Object(metadata)).unwrap();
            let (client, _) = metadata.register().unwrap();
            assert!(client.require_pkce);
            let known =
                RegisteredClient { client, secrets: Vec::new(), revocation_counter: 0, disabled: false };
            let now = signet_protocol::environment::Moment::UNIX_EPOCH;
            let told: Vec<Lint> = lint(&known, &[], now)
                .into_iter()
                .filter(|lint| lint.severity() < Severity::Note && *lint != Lint::NoLiveSecret)
                .collect();
            assert_eq!(told, [], "{}", kind.as_str());
        }
    }
}

//! One client.

use super::{Asked, ClientForm, ConsoleFrame, History, Snippet};
use crate::pages::{Form, Page, When, Words};
use serde::Serialize;
use signet_protocol::client::{ApplicationType, AuthMethod, Client, GrantType};
use signet_protocol::registration::lint::{Lint, Severity};

/// Shows a client, and lets it be changed: form `#client`, button `#client-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleClient {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Its name.
    pub name: String,
    /// Its identifier.
    pub client_id: String,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether a resource file declares it: what is changed here lasts until that is applied again.
    pub managed: bool,
    /// How it stands.
    pub settings: Settings,
    /// What is to be said about that.
    pub lints: Vec<LintLine>,
    /// Its secrets, newest first.
    pub secrets: Vec<SecretLine>,
    /// How it is brought into an application.
    pub snippets: Vec<Snippet>,
    /// Holds what ties the form to the administrator; none: they may only look.
    pub form: Option<Form>,
    /// What stands in it.
    pub fields: ClientForm,
    /// What tokens say of people besides, where that is only seen; none: nothing, or it stands in the form.
    pub claims: Option<String>,
    /// Where it is seen what tokens would hold.
    pub preview_url: String,
    /// Where its code flow is tried out; none: it has none, or they may only look.
    pub try_url: Option<String>,
    /// Where its secret is replaced.
    pub secret_url: String,
    /// Where it is switched off and on.
    pub state_url: String,
    /// Where it is removed.
    pub remove_url: String,
    /// Who changed it; none: this administrator may not read that.
    pub history: Option<History>,
}

impl Page for ConsoleClient {
    const TEMPLATE: &'static str = "console/client.html";
}

/// How a client stands, in the words of its metadata.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// How it authenticates.
    pub method: Words,
    /// What it may ask the token endpoint for.
    pub grant_types: Vec<&'static str>,
    /// Whether it runs on people's devices.
    pub native: bool,
    /// Whether PKCE is required of it.
    pub pkce: bool,
    /// Whether it has a secret to replace.
    pub has_secret: bool,
    /// What its ID tokens are signed with; none: it has none.
    pub id_token_alg: Option<&'static str>,
    /// How long its access tokens live, in seconds, if it says so itself.
    pub access_token_lifetime: Option<u32>,
}

impl Settings {
    /// Of a client.
    pub fn of(client: &Client) -> Self {
        let people = client.may_use(GrantType::AuthorizationCode);
        Self {
            method: match client.token_endpoint_auth_method {
                AuthMethod::ClientSecretBasic => Words("method-secret-basic"),
                AuthMethod::ClientSecretPost => Words("method-secret-post"),
                AuthMethod::PrivateKeyJwt => Words("method-private-key"),
                AuthMethod::None => Words("method-none"),
            },
            grant_types: client.grant_types.iter().map(|grant_type| grant_type.as_str()).collect(),
            native: client.application_type == ApplicationType::Native,
            pkce: people && client.require_pkce,
            has_secret: matches!(
                client.token_endpoint_auth_method,
                AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost
            ),
            id_token_alg: people.then(|| client.id_token_signed_response_alg.as_str()),
            access_token_lifetime: client.access_token_lifetime,
        }
    }
}

/// Something to be said about a client.
#[derive(Clone, Debug, Serialize)]
pub struct LintLine {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub text: Words,
    /// The values that it is about, if it is about some.
    pub values: Vec<String>,
    /// How much it matters.
    pub severity: Words,
    /// Whether it should be mended.
    pub bad: bool,
    /// The clause that says so.
    pub clause: &'static str,
}

/// What is to be said, in words; `unknown` are the scope values that no API has.
pub fn lint_lines(lints: &[Lint], unknown: &[&str]) -> Vec<LintLine> {
    let values = |lint: &Lint| match lint {
        Lint::UnknownScope => unknown.iter().map(|value| (*value).to_owned()).collect(),
        _ => Vec::new(),
    };
    let line = |lint: &Lint| LintLine {
        name: lint.as_str(),
        text: text(*lint),
        values: values(lint),
        severity: match lint.severity() {
            Severity::Wrong => Words("severity-wrong"),
            Severity::Risky => Words("severity-risky"),
            Severity::Note => Words("severity-note"),
        },
        bad: lint.severity() < Severity::Note,
        clause: lint.clause(),
    };
    lints.iter().map(line).collect()
}

const fn text(lint: Lint) -> Words {
    match lint {
        Lint::NoLiveSecret => Words("lint-no-live-secret"),
        Lint::UnknownScope => Words("lint-unknown-scope"),
        Lint::RefreshWithoutOffline => Words("lint-refresh-without-offline"),
        Lint::WithoutPkce => Words("lint-without-pkce"),
        Lint::NativeWithoutConsent => Words("lint-native-without-consent"),
        Lint::NoSecondFactor => Words("lint-no-second-factor"),
        Lint::LongLivedTokens => Words("lint-long-lived-tokens"),
        Lint::Administers => Words("lint-administers"),
        Lint::LocalhostByName => Words("lint-localhost-by-name"),
        Lint::OnlyLoopback => Words("lint-only-loopback"),
        Lint::OwnScheme => Words("lint-own-scheme"),
        Lint::SecretInBody => Words("lint-secret-in-body"),
        Lint::OldSecret => Words("lint-old-secret"),
    }
}

/// A secret of a client.
#[derive(Clone, Debug, Serialize)]
pub struct SecretLine {
    /// When it was made.
    pub made: When,
    /// From when it is refused.
    pub expires: Option<When>,
    /// Whether that has passed.
    pub over: bool,
}

impl Asked {
    /// What may be asked of a client, by its place in the address.
    pub fn of_client(action: &str, disabled: bool) -> Option<Self> {
        let (name, heading, loss, button, danger) = match (action, disabled) {
            ("secret", _) => {
                ("secret", Words("ask-secret"), Words("ask-secret-loss"), Words("ask-secret-do"), false)
            }
            ("state", false) => {
                ("disable", Words("ask-disable"), Words("ask-disable-loss"), Words("ask-disable-do"), true)
            }
            ("state", true) => {
                ("enable", Words("ask-enable"), Words("ask-enable-loss"), Words("ask-enable-do"), false)
            }
            ("remove", _) => {
                ("remove", Words("ask-remove"), Words("ask-remove-loss"), Words("ask-remove-do"), true)
            }
            _ => return None,
        };
        Some(Self { name, heading, loss, button, danger })
    }
}

/// Tells a client's new secret: `#client-secret`, shown once.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleSecret {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// The client's name.
    pub name: String,
    /// The secret.
    pub secret: String,
    /// Until when the one before it goes on; none: it has ended.
    pub others_until: Option<When>,
    /// The client's page.
    pub url: String,
}

impl Page for ConsoleSecret {
    const TEMPLATE: &'static str = "console/secret.html";
}

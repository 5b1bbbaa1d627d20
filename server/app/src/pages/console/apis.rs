//! APIs: their list, making one, and one of them.

use super::form::{Problem, problems};
use super::lines::mapping_lines;
use super::{ConsoleFrame, FirstOf};
use crate::pages::{Form, Page, When};
use serde::Serialize;
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::parameters::Parameters;
use signet_protocol::registration::FieldError;
use signet_protocol::resource::Resource;
use signet_service::admin::LosingClient;

/// Lists APIs.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleApis {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// By identifier.
    pub apis: Vec<ApiLine>,
    /// The next page.
    pub next_url: Option<String>,
    /// Where one is made; none: this administrator may not.
    pub new_url: Option<String>,
}

impl Page for ConsoleApis {
    const TEMPLATE: &'static str = "console/apis.html";
}

/// An API in the list.
#[derive(Clone, Debug, Serialize)]
pub struct ApiLine {
    /// Its page.
    pub url: String,
    /// Its identifier.
    pub identifier: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// What its access tokens are signed with.
    pub alg: &'static str,
    /// When it was last changed.
    pub changed: When,
}

/// What stands in the form of an API.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ApiForm {
    /// Its identifier, while that can be chosen.
    pub identifier: String,
    /// Its scopes, a line each.
    pub scopes: String,
    /// What its access tokens are signed with.
    pub signing_alg: String,
    /// What they could be signed with.
    pub algorithms: Vec<&'static str>,
    /// How long its access tokens live, in seconds; empty: as long as others.
    pub access_token_lifetime: String,
    /// Who may introspect its tokens, a client each line.
    pub introspection_clients: String,
    /// The roles that a scope needs: a line for each, `orders:write: clerk boss`.
    pub scope_roles: String,
    /// What its access tokens say of people; none: it is not for this administrator to say, or not yet.
    pub claims: Option<String>,
    /// What was wrong, by field.
    pub problems: Vec<Problem>,
}

impl ApiForm {
    /// For a new API.
    pub fn empty() -> Self {
        Self {
            signing_alg: SigningAlg::ES256.as_str().to_owned(),
            algorithms: algorithms(),
            ..Self::default()
        }
    }

    /// For an API as it is. `trusts`: whoever sees it may say what tokens tell of people.
    pub fn of(api: &Resource, trusts: bool) -> Self {
        let roles = api.scope_roles.iter().map(|(scope, roles)| format!("{scope}: {}", roles.join(" ")));
        let clients = api.introspection_clients.iter().map(ToString::to_string);
        Self {
            identifier: api.identifier.to_string(),
            scopes: api.scopes.join("\n"),
            signing_alg: api.signing_alg.as_str().to_owned(),
            algorithms: algorithms(),
            access_token_lifetime: api.access_token_lifetime.map(|life| life.to_string()).unwrap_or_default(),
            introspection_clients: clients.collect::<Vec<_>>().join("\n"),
            scope_roles: roles.collect::<Vec<_>>().join("\n"),
            claims: trusts.then(|| mapping_lines(&api.claims)),
            problems: Vec::new(),
        }
    }

    /// As it was sent, with what was wrong with it.
    pub fn again(sent: &Parameters, faults: &[FieldError], trusts: bool) -> Self {
        let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
        Self {
            identifier: text("identifier"),
            scopes: text("scopes"),
            signing_alg: text("signing_alg"),
            algorithms: algorithms(),
            access_token_lifetime: text("access_token_lifetime"),
            introspection_clients: text("introspection_clients"),
            scope_roles: text("scope_roles"),
            claims: trusts.then(|| text("claims")),
            problems: problems(faults),
        }
    }
}

fn algorithms() -> Vec<&'static str> {
    SigningAlg::ALL.iter().map(|alg| alg.as_str()).collect()
}

/// Asks what an API is. Form `#api`, button `#api-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleNewApi {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator.
    pub form: Form,
    /// What stands in it.
    pub fields: ApiForm,
}

impl Page for ConsoleNewApi {
    const TEMPLATE: &'static str = "console/new_api.html";
}

/// Shows an API, and lets it be changed: form `#api`, button `#api-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleApi {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Its identifier.
    pub identifier: String,
    /// Whether a resource file declares it.
    pub managed: bool,
    /// What its access tokens say of people, where that is only seen; none: nothing, or it stands in the form.
    pub claims: Option<String>,
    /// Holds what ties the form to the administrator; none: they may only look.
    pub form: Option<Form>,
    /// What stands in it.
    pub fields: ApiForm,
    /// Who would lose scopes by the change that was sent: it is to be agreed to.
    pub losing: FirstOf<LosingLine>,
    /// Where it is removed.
    pub remove_url: String,
}

impl Page for ConsoleApi {
    const TEMPLATE: &'static str = "console/api.html";
}

/// A client that loses scopes.
#[derive(Clone, Debug, Serialize)]
pub struct LosingLine {
    /// The client.
    pub client_id: String,
    /// The scopes.
    pub scopes: String,
}

impl From<LosingClient> for LosingLine {
    fn from(losing: LosingClient) -> Self {
        Self { client_id: losing.client_id.to_string(), scopes: losing.scopes.join(" ") }
    }
}

/// Asks before an API is removed, and names who loses scopes. Form `#ask`, button `#ask-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleAskApi {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator, and the state that was seen.
    pub form: Form,
    /// Its identifier.
    pub identifier: String,
    /// Who loses scopes.
    pub losing: FirstOf<LosingLine>,
    /// Its page.
    pub back_url: String,
}

impl Page for ConsoleAskApi {
    const TEMPLATE: &'static str = "console/ask_api.html";
}

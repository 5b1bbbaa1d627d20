//! What somebody's tokens would hold.

use super::ConsoleFrame;
use super::form::Problem;
use crate::pages::Page;
use serde::Serialize;
use signet_protocol::claims::mapping::{Because, ExtraClaims};
use signet_protocol::role::Through;
use signet_service::admin::Preview;

/// Asks whose tokens, and shows what they would hold: form `#preview-form`, `#preview`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsolePreview {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the question is sent.
    pub action: String,
    /// The client's name.
    pub name: String,
    /// Its identifier.
    pub client_id: String,
    /// Whose tokens: a user name or an address.
    pub user: String,
    /// Whether this administrator may ask for somebody's.
    pub by_user: bool,
    /// Whether the client gets tokens of its own.
    pub own: bool,
    /// The API that the access token is to be for; empty: what follows from the scopes.
    pub resource: String,
    /// The APIs that the client may call.
    pub resources: Vec<String>,
    /// What the client may ask for.
    pub scopes: Vec<PreviewScope>,
    /// What was wrong with the question, by field.
    pub problems: Vec<Problem>,
    /// The answer.
    pub seen: Option<Previewed>,
    /// The client's page.
    pub back_url: String,
}

impl Page for ConsolePreview {
    const TEMPLATE: &'static str = "console/preview.html";
}

/// A scope value to ask for.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewScope {
    /// Its value.
    pub value: String,
    /// Whether it is asked for.
    pub ticked: bool,
}

/// What tokens would hold.
#[derive(Clone, Debug, Serialize)]
pub struct Previewed {
    /// What the client knows the person as.
    pub sub: String,
    /// The access token's scope.
    pub scope: String,
    /// What their roles do not allow, as a scope.
    pub withheld: String,
    /// Whom the access token is for.
    pub aud: Vec<String>,
    /// The access token.
    pub access_token: TokenClaims,
    /// The ID token; none: there is none.
    pub id_token: Option<TokenClaims>,
    /// What userinfo tells besides.
    pub userinfo: Vec<ClaimLine>,
    /// The person's roles.
    pub roles: Vec<ToldRole>,
    /// The person's groups.
    pub groups: Vec<String>,
}

/// The claims of a token besides those that every token has.
#[derive(Clone, Debug, Serialize)]
pub struct TokenClaims {
    /// The claims.
    pub claims: Vec<ClaimLine>,
    /// The names of those that there is no room for.
    pub left_out: String,
}

/// A claim.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimLine {
    /// Its name.
    pub name: String,
    /// What it says, as JSON.
    pub value: String,
    /// The scope value that it comes from; none: a mapping.
    pub scope: Option<String>,
    /// What its mapping takes it from; none: the mapping says its value.
    pub source: Option<String>,
}

/// A role that a person holds.
#[derive(Clone, Debug, Serialize)]
pub struct ToldRole {
    /// Its name.
    pub name: String,
    /// The group that gives it; none: it is their own.
    pub group: Option<String>,
    /// Whether the client may be told of it.
    pub told: bool,
}

impl Previewed {
    /// As administration found it.
    pub fn of(preview: Preview) -> Self {
        let shown = preview.shown;
        let role = |(name, through): (String, Through)| ToldRole {
            told: shown.contains(&name),
            name,
            group: match through {
                Through::Own => None,
                Through::Group(group) => Some(group),
            },
        };
        let asked = preview.userinfo.into_iter().map(|claim| ClaimLine {
            name: claim.name,
            value: claim.value.to_string(),
            scope: Some(claim.scope),
            source: None,
        });
        Self {
            sub: preview.sub,
            scope: preview.scope.to_string(),
            withheld: preview.withheld.join(" "),
            aud: preview.aud,
            access_token: preview.access_token.into(),
            id_token: preview.id_token.map(TokenClaims::from),
            userinfo: asked.collect(),
            roles: preview.held.roles.into_iter().map(role).collect(),
            groups: preview.held.groups,
        }
    }
}

impl From<ExtraClaims> for TokenClaims {
    fn from(made: ExtraClaims) -> Self {
        let claims = made.claims.into_iter().map(|claim| {
            let (scope, source) = match claim.because {
                Because::Scope => (Some(claim.name.clone()), None),
                Because::Mapping(source) => (None, source),
            };
            ClaimLine { name: claim.name, value: claim.value.to_string(), scope, source }
        });
        Self { claims: claims.collect(), left_out: made.left_out.join(" ") }
    }
}

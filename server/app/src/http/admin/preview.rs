//! `/clients/{client_id}/token-preview`: what somebody's tokens would hold, and why.

use super::answer;
use super::caller::Caller;
use super::problem::{Problem, ProblemBody};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use serde::{Deserialize, Serialize};
use signet_protocol::claims::mapping::{Because, ExtraClaims};
use signet_protocol::id::{ClientId, ResourceId, UserId};
use signet_protocol::permission::Permission;
use signet_protocol::role::Through;
use signet_protocol::scope::Scope;
use signet_service::admin::{Preview, PreviewRequest};
use utoipa::ToSchema;

/// Whose tokens, and for what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuestion {
    /// What names the person; absent: the client's own token, which it gets by its credentials.
    user_id: Option<String>,
    /// What the client asks for; absent: all that it is registered for.
    #[schema(value_type = Option<String>)]
    scope: Option<Scope>,
    /// The API that the access token is to be for.
    resource: Option<String>,
}

/// What the tokens would hold besides what every token does.
#[derive(Serialize, ToSchema)]
pub struct PreviewAnswer {
    /// What the client knows the person as; for its own token, the client.
    sub: String,
    /// The access token's scope.
    scope: String,
    /// What was asked for and is not granted, for the person's roles do not allow it.
    withheld: Vec<String>,
    /// Whom the access token is for.
    aud: Vec<String>,
    /// The access token's claims.
    access_token: PreviewedToken,
    /// The ID token's claims, which userinfo tells, too; null: there is no ID token.
    id_token: Option<PreviewedToken>,
    /// What userinfo tells besides; `from` is the scope value that asks for it.
    userinfo: Vec<PreviewedClaim>,
    /// The person's roles.
    roles: Vec<PreviewedRole>,
    /// The person's groups.
    groups: Vec<String>,
}

/// A token's claims.
#[derive(Serialize, ToSchema)]
pub struct PreviewedToken {
    /// The claims, and where each comes from.
    claims: Vec<PreviewedClaim>,
    /// Those that there is no room for.
    left_out: Vec<String>,
}

/// A claim.
#[derive(Serialize, ToSchema)]
pub struct PreviewedClaim {
    /// Its name.
    claim: String,
    /// What it says.
    #[schema(value_type = Object)]
    value: serde_json::Value,
    /// `scope`: the scope value of this name; else what its mapping takes it from: `roles`, `groups`, `attributes.…` or
    /// `value`.
    from: String,
}

/// A role.
#[derive(Serialize, ToSchema)]
pub struct PreviewedRole {
    /// Its name.
    name: String,
    /// The group that gives it; null: it is the person's own.
    group: Option<String>,
    /// Whether this client may be told of it.
    told: bool,
}

impl From<ExtraClaims> for PreviewedToken {
    fn from(made: ExtraClaims) -> Self {
        let from = |because| match because {
            Because::Scope => "scope".to_owned(),
            Because::Mapping(source) => source.unwrap_or_else(|| "value".to_owned()),
        };
        let claims = made.claims.into_iter().map(|claim| PreviewedClaim {
            claim: claim.name,
            value: claim.value,
            from: from(claim.because),
        });
        Self { claims: claims.collect(), left_out: made.left_out }
    }
}

impl From<Preview> for PreviewAnswer {
    fn from(preview: Preview) -> Self {
        let shown = preview.shown;
        let role = |(name, through): (String, Through)| PreviewedRole {
            told: shown.contains(&name),
            name,
            group: match through {
                Through::Own => None,
                Through::Group(group) => Some(group),
            },
        };
        let userinfo = preview.userinfo.into_iter().map(|claim| PreviewedClaim {
            claim: claim.name,
            value: claim.value,
            from: claim.scope,
        });
        Self {
            sub: preview.sub,
            scope: preview.scope.to_string(),
            withheld: preview.withheld,
            aud: preview.aud,
            access_token: preview.access_token.into(),
            id_token: preview.id_token.map(PreviewedToken::from),
            userinfo: userinfo.collect(),
            roles: preview.held.roles.into_iter().map(role).collect(),
            groups: preview.held.groups,
        }
    }
}

/// Look ahead at somebody's tokens
///
/// What they would hold at this moment, and where each claim comes from. Nothing is issued. `signet:users:read` is needed, too.
#[utoipa::path(
    post,
    path = "/clients/{client_id}/token-preview",
    tag = "clients",
    operation_id = "previewTokens",
    params(("client_id" = String, Path, description = "The client's identifier.")),
    request_body = PreviewQuestion,
    responses(
        (status = 200, description = "What the tokens would hold.", body = PreviewAnswer),
        (status = 400, description = "No such token would be issued.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such client or person.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:clients:read", "signet:users:read"])),
)]
pub async fn preview(caller: Caller, id: Path<String>, payload: Payload) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    caller.needs(Permission::ClientsRead)?;
    caller.needs(Permission::UsersRead)?;
    let asked: PreviewQuestion = caller.read(payload).await?;
    let request = PreviewRequest {
        user_id: asked.user_id.map(UserId::new),
        scope: asked.scope,
        resource: asked.resource.map(ResourceId::new),
    };
    let id = ClientId::new(id.into_inner());
    let preview = caller.admin().preview_tokens(&caller.actor, &id, request).await;
    Ok(answer(StatusCode::OK, &PreviewAnswer::from(preview.map_err(|error| caller.refuse(error))?)))
}

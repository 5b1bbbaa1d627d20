//! `/invitations`: somebody is offered an account.

use super::answer;
use super::caller::Caller;
use super::problem::{Problem, ProblemBody};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use serde::{Deserialize, Serialize};
use signet_protocol::permission::Permission;
use signet_protocol::secret::Secret;
use signet_service::admin::Invite;
use utoipa::ToSchema;

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Where the invitation goes; it becomes the account's address.
    email: String,
    /// What to suggest as their name.
    name: Option<String>,
    /// The roles that they will have.
    #[serde(default)]
    roles: Vec<String>,
    /// The language of the invitation (BCP 47); the operator's default if it is not said.
    locale: Option<String>,
}

/// An invitation.
#[derive(Serialize, ToSchema)]
pub struct InvitationMade {
    /// Its link, to be passed on to the person and nobody else; null: it was mailed to them.
    link: Option<String>,
    /// For how many days it is good.
    days: u32,
}

impl InvitationMade {
    /// With the link, if no mail leaves.
    pub fn new(link: Option<&Secret<String>>, days: u32) -> Self {
        Self { link: link.map(|link| link.expose().clone()), days }
    }
}

/// Invite somebody
///
/// They choose their user name and password themselves. An earlier invitation to the same address is worth nothing from then on.
/// Where no mail leaves the server the link is in the answer, once.
#[utoipa::path(
    post,
    path = "/invitations",
    tag = "users",
    operation_id = "inviteUser",
    request_body = Invitation,
    responses(
        (status = 201, description = "They are invited.", body = InvitationMade),
        (status = 409, description = "There is an account with this address.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn create(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    caller.needs(Permission::UsersWrite)?;
    caller.query(&[])?;
    let Invitation { email, name, roles, locale } = caller.read(payload).await?;
    let invite = Invite { address: email, name, roles, language: locale };
    let invited = caller.admin().invite_user(&caller.actor, invite).await;
    let invited = invited.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::CREATED, &InvitationMade::new(invited.link.as_ref(), invited.days)))
}

//! `/mails`: what waits to be sent, and what could not be.

use super::caller::Caller;
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use signet_service::admin::{MailFate, MailRecord, MailSort, MailState, Page};
use utoipa::ToSchema;

/// What mails are sorted by.
const SORTS: [(&str, MailSort); 1] = [("queued_at", MailSort::QueuedAt)];

/// A mail, without what it says.
#[derive(Serialize, ToSchema)]
pub struct MailAnswer {
    /// What names it; its `Message-ID` is made from it.
    id: String,
    /// What it is about.
    kind: String,
    /// The person whom it is for; null: somebody without an account.
    user_id: Option<String>,
    /// The address, of which only the first letter and the domain are told.
    to: String,
    /// `waiting`, `sent` or `dead`: it was given up.
    state: &'static str,
    /// How often it was tried.
    attempts: u64,
    /// When it was queued (RFC 3339).
    queued_at: String,
    /// Waiting: when it is tried next; sent: when it was; dead: when it was given up (RFC 3339).
    at: String,
    /// When what it says holds no more, so that it is not sent (RFC 3339).
    expires_at: String,
    /// Why the latest attempt failed, if it did.
    reason: Option<String>,
    /// Whether what it says is kept still, so that it could be sent.
    kept: bool,
}

/// A page of the mails.
#[derive(Serialize, ToSchema)]
pub struct MailPage {
    /// The mails.
    items: Vec<MailAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

impl From<MailRecord> for MailAnswer {
    fn from(mail: MailRecord) -> Self {
        let (state, at) = match mail.state {
            MailState::Waiting(at) => ("waiting", at),
            MailState::Sent(at) => ("sent", at),
            MailState::Dead(at) => ("dead", at),
        };
        Self {
            id: mail.id,
            kind: mail.kind,
            user_id: mail.user_id.map(|id| id.to_string()),
            to: mail.recipient,
            state,
            attempts: mail.attempts,
            queued_at: told(mail.queued_at),
            at: told(at),
            expires_at: told(mail.expires_at),
            reason: mail.reason,
            kept: mail.kept,
        }
    }
}

/// The fate of this name.
pub fn fate(name: &str) -> Option<MailFate> {
    match name {
        "waiting" => Some(MailFate::Waiting),
        "sent" => Some(MailFate::Sent),
        "dead" => Some(MailFate::Dead),
        _ => None,
    }
}

/// List mails
///
/// Those that wait, and for a week those that were sent or given up; never what they say.
#[utoipa::path(
    get,
    path = "/mails",
    tag = "mails",
    operation_id = "listMails",
    params(
        ("state" = Option<String>, Query, description = "Only those that are waiting, sent or dead."),
        ("sort" = Option<String>, Query, description = "queued_at; with - before it from the latest."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = MailPage)),
    security(("signet" = ["signet:mails:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let query = caller.query(&["state", "sort", "limit", "cursor"])?;
    let wanted = match query.text("state")? {
        None => None,
        Some(name) => Some(fate(name).ok_or_else(|| caller.fault("state", "must be waiting, sent or dead"))?),
    };
    let request = query.page(&SORTS)?;
    let page = caller.admin().mails(&caller.actor, wanted, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(MailAnswer::from).collect();
    Ok(answer(StatusCode::OK, &MailPage { items, next_cursor }))
}

/// Read a mail's state
#[utoipa::path(
    get,
    path = "/mails/{mail_id}",
    tag = "mails",
    operation_id = "readMail",
    params(("mail_id" = String, Path, description = "The mail's identifier.")),
    responses(
        (status = 200, description = "How it stands.", body = MailAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:mails:read"])),
)]
pub async fn read(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    one(&caller, caller.admin().mail(&caller.actor, &id).await)
}

/// Send a mail again
///
/// One that was given up, or that waits for a later attempt. All its attempts are before it again.
#[utoipa::path(
    post,
    path = "/mails/{mail_id}/send-again",
    tag = "mails",
    operation_id = "sendMailAgain",
    params(("mail_id" = String, Path, description = "The mail's identifier.")),
    responses(
        (status = 200, description = "It is tried now.", body = MailAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was sent, or holds no more.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:mails:write"])),
)]
pub async fn send_again(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    one(&caller, caller.admin().send_mail_again(&caller.actor, &id).await)
}

/// Give a mail up
///
/// What it says is forgotten: nobody can send it again.
#[utoipa::path(
    post,
    path = "/mails/{mail_id}/give-up",
    tag = "mails",
    operation_id = "giveUpMail",
    params(("mail_id" = String, Path, description = "The mail's identifier.")),
    responses(
        (status = 200, description = "It is given up.", body = MailAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was sent, or nothing is left of it.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:mails:write"])),
)]
pub async fn give_up(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    one(&caller, caller.admin().give_up_mail(&caller.actor, &id).await)
}

fn one(
    caller: &Caller,
    mail: Result<MailRecord, signet_service::admin::AdminError>,
) -> Result<HttpResponse, Problem> {
    Ok(answer(StatusCode::OK, &MailAnswer::from(mail.map_err(|error| caller.refuse(error))?)))
}

//! `/users`: people and their accounts.

use super::caller::{Caller, tag};
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::{Path, Payload};
use serde::Serialize;
use signet_protocol::id::UserId;
use signet_protocol::user::Profile;
use signet_service::admin::{Page, UserFilter, UserRecord, UserSort};
use utoipa::ToSchema;

/// What people are sorted by.
const SORTS: [(&str, UserSort); 4] = [
    ("username", UserSort::Username),
    ("name", UserSort::Name),
    ("created_at", UserSort::CreatedAt),
    ("updated_at", UserSort::UpdatedAt),
];

/// A person; the claims have their OpenID Connect names (Core §5.1).
#[derive(Serialize, ToSchema)]
pub struct UserAnswer {
    /// What names them here. What clients are told (`sub`) is another name for some clients.
    id: String,
    /// What they sign in with.
    username: String,
    /// Their email address; they may sign in with it, too.
    email: Option<String>,
    /// Whether that address was shown to be theirs.
    email_verified: bool,
    #[serde(flatten)]
    profile: Profile,
    /// The roles that they hold.
    roles: Vec<String>,
    /// Whether they can neither sign in nor hold a grant.
    disabled: bool,
    /// Whether they can sign in with a password.
    has_password: bool,
    /// When the account is going to be deleted as its owner wished (RFC 3339); null: it is not.
    deletes_at: Option<String>,
    /// What keeps their declaration (`apply`: a resource file); null: the account was made by hand.
    managed_by: Option<String>,
    /// When the account was made (RFC 3339).
    created_at: String,
    /// When it was last changed (RFC 3339).
    updated_at: String,
}

/// A page of the people.
#[derive(Serialize, ToSchema)]
pub struct UserPage {
    /// The people.
    items: Vec<UserAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

/// A link to a new password.
#[derive(Serialize, ToSchema)]
pub struct ResetAnswer {
    /// The link, to be passed on to the person and nobody else; null: it was mailed to them.
    link: Option<String>,
    /// For how many minutes it is good.
    minutes: u32,
}

impl From<UserRecord> for UserAnswer {
    fn from(record: UserRecord) -> Self {
        let user = record.item.user;
        Self {
            id: user.id.to_string(),
            username: user.username,
            email: user.email,
            email_verified: user.email_verified,
            profile: user.profile,
            roles: user.roles,
            disabled: user.disabled,
            has_password: user.password_hash.is_some(),
            deletes_at: record.item.deletes_at.map(told),
            managed_by: record.managed_by,
            created_at: told(record.created_at),
            updated_at: told(record.updated_at),
        }
    }
}

/// List users
///
/// The people who match, page by page.
#[utoipa::path(
    get,
    path = "/users",
    tag = "users",
    operation_id = "listUsers",
    params(
        ("search" = Option<String>, Query, description = "Only those whose user name, email address or name holds this text, in any case."),
        ("disabled" = Option<bool>, Query, description = "Only those who are disabled, or are not."),
        ("role" = Option<String>, Query, description = "Only those who hold this role."),
        ("sort" = Option<String>, Query, description = "username (the default), name, created_at or updated_at; with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = UserPage)),
    security(("signet" = ["signet:users:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let query = caller.query(&["search", "disabled", "role", "sort", "limit", "cursor"])?;
    let filter = UserFilter {
        search: query.filter("search")?,
        disabled: query.flag("disabled")?,
        role: query.filter("role")?,
    };
    let request = query.page(&SORTS)?;
    let page = caller.admin().users(&caller.actor, &filter, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(UserAnswer::from).collect();
    Ok(answer(StatusCode::OK, &UserPage { items, next_cursor }))
}

/// Make a user
///
/// With a password that they could choose themselves, or with the hash of one (argon2id, bcrypt and others: see the README), or
/// with neither: then they get in by the link that `reset-password` makes. To let somebody choose their user name, too, invite
/// them.
#[utoipa::path(
    post,
    path = "/users",
    tag = "users",
    operation_id = "createUser",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Asking again with the same key within a day makes nobody twice and tells the same."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell what would be made."),
    ),
    request_body = signet_protocol::registration::UserMetadata,
    responses(
        (status = 201, description = "The account is there.", body = UserAnswer),
        (status = 200, description = "It would be made so (dry_run).", body = UserAnswer),
        (status = 409, description = "The user name or the email address is taken, or what was made under the idempotency key is no more.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key was used for another request.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn create(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let sent = caller.object(payload).await?;
    let idempotent = caller.idempotent(&sent)?;
    let made = caller.admin().add_user(&caller.actor, sent, (idempotent.as_ref(), dry_run)).await;
    let made = made.map_err(|error| caller.refuse(error))?;
    let status = if dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let (tag, id) = (tag(made.updated_at), made.item.user.id.clone());
    let mut response = answer(status, &UserAnswer::from(made));
    super::set(&mut response, ETAG, &tag);
    if !dry_run {
        super::set(&mut response, LOCATION, &caller.address(&["users", id.as_str()]));
    }
    Ok(response)
}

/// Read a user
#[utoipa::path(
    get,
    path = "/users/{user_id}",
    tag = "users",
    operation_id = "readUser",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 200, description = "The person; the ETag names this state.", body = UserAnswer),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:read"])),
)]
pub async fn read(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = UserId::new(id.into_inner());
    let record = caller.admin().user(&caller.actor, &id).await.map_err(|error| caller.refuse(error))?;
    Ok(one(record))
}

/// Change a user
///
/// A JSON merge patch (RFC 7396) over what a user is made of: fields that are named replace, null takes away, the others stay.
/// A new email address is not verified unless `email_verified` says so; the old one is told by mail. Disabling ends all sessions
/// and grants. Passwords cannot be changed here. Nobody changes somebody who may do more than they may, or makes them so.
#[utoipa::path(
    patch,
    path = "/users/{user_id}",
    tag = "users",
    operation_id = "changeUser",
    params(
        ("user_id" = String, Path, description = "The person's identifier."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell how it would be."),
    ),
    request_body(content = Object, content_type = "application/merge-patch+json", description = "What is to be different."),
    responses(
        (status = 200, description = "How it is now (or would be).", body = UserAnswer),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The user name or address is taken, or nobody else is owner or administrator.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn change(caller: Caller, id: Path<String>, payload: Payload) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let patch = caller.object(payload).await?;
    let id = UserId::new(id.into_inner());
    let changed = caller.admin().edit_user(&caller.actor, &id, patch, how).await;
    Ok(one(changed.map_err(|error| caller.refuse(error))?.record))
}

/// Remove a user
///
/// Their sessions, grants and tokens end at once, and everything that is kept about them goes but the audit log.
#[utoipa::path(
    delete,
    path = "/users/{user_id}",
    tag = "users",
    operation_id = "removeUser",
    params(
        ("user_id" = String, Path, description = "The person's identifier."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check."),
    ),
    responses(
        (status = 204, description = "They are gone (or could be)."),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Nobody else is owner or administrator.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn remove(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let id = UserId::new(id.into_inner());
    caller.admin().erase_user(&caller.actor, &id, how).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// Have a user choose another password
///
/// The present one is worth nothing from now on, whatever it let in ends, and a link to a new one is mailed to the person. Where no
/// mail leaves the server the link is in the answer, once.
#[utoipa::path(
    post,
    path = "/users/{user_id}/reset-password",
    tag = "users",
    operation_id = "resetUserPassword",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 200, description = "The password is gone, and the link is made.", body = ResetAnswer),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "They are disabled or have no email address.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "The account was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn reset_password(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = UserId::new(id.into_inner());
    let reset = caller.admin().reset_password(&caller.actor, &id, None).await;
    let reset = reset.map_err(|error| caller.refuse(error))?;
    let link = reset.link.map(|link| link.expose().clone());
    Ok(answer(StatusCode::OK, &ResetAnswer { link, minutes: reset.minutes }))
}

/// Unlock a user
///
/// Forgets failed sign-ins, wrong second factors and mails that were counted at their account.
#[utoipa::path(
    post,
    path = "/users/{user_id}/unlock",
    tag = "users",
    operation_id = "unlockUser",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 204, description = "They may try again."),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:limits:write"])),
)]
pub async fn unlock(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = UserId::new(id.into_inner());
    caller.admin().unlock_user(&caller.actor, &id).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// End everything of a user
///
/// Every session, grant and token ends, on every node within a second, and browsers in which no second step is asked for are
/// forgotten. They may sign in again at once.
#[utoipa::path(
    post,
    path = "/users/{user_id}/end-all",
    tag = "users",
    operation_id = "endAllOfUser",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 204, description = "It has ended."),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:sessions:write", "signet:grants:write"])),
)]
pub async fn end_all(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = UserId::new(id.into_inner());
    caller.admin().end_everything_of(&caller.actor, &id).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

fn one(record: UserRecord) -> HttpResponse {
    let tag = tag(record.updated_at);
    let mut response = answer(StatusCode::OK, &UserAnswer::from(record));
    super::set(&mut response, ETAG, &tag);
    response
}

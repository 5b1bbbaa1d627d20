//! `/roles`: what people can hold.

use super::caller::{Caller, tag};
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::{Path, Payload};
use serde::Serialize;
use signet_protocol::role::Role;
use signet_service::admin::{ByName, Page, RoleRecord};
use utoipa::ToSchema;

/// What lists of names are sorted by.
pub const BY_NAME: [(&str, ByName); 1] = [("name", ByName::Name)];

/// A role.
#[derive(Serialize, ToSchema)]
pub struct RoleAnswer {
    #[serde(flatten)]
    role: Role,
    /// What keeps its declaration (`apply`: a resource file); null: it was made by hand.
    managed_by: Option<String>,
    /// When it was made (RFC 3339).
    created_at: String,
    /// When it was last changed (RFC 3339).
    updated_at: String,
}

/// A page of the roles.
#[derive(Serialize, ToSchema)]
pub struct RolePage {
    /// The roles.
    items: Vec<RoleAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

impl From<RoleRecord> for RoleAnswer {
    fn from(record: RoleRecord) -> Self {
        Self {
            role: record.item,
            managed_by: record.managed_by,
            created_at: told(record.created_at),
            updated_at: told(record.updated_at),
        }
    }
}

/// List roles
///
/// The declared ones; those that are built in (`admin`, `signet:…`) are not among them.
#[utoipa::path(
    get,
    path = "/roles",
    tag = "roles",
    operation_id = "listRoles",
    params(
        ("sort" = Option<String>, Query, description = "name; with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = RolePage)),
    security(("signet" = ["signet:roles:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let request = caller.query(&["sort", "limit", "cursor"])?.page(&BY_NAME)?;
    let page = caller.admin().roles(&caller.actor, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(RoleAnswer::from).collect();
    Ok(answer(StatusCode::OK, &RolePage { items, next_cursor }))
}

/// Make a role
///
/// It can hold no permission that whoever makes it lacks.
#[utoipa::path(
    post,
    path = "/roles",
    tag = "roles",
    operation_id = "createRole",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Asking again with the same key within a day makes nothing twice and tells the same."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell what would be made."),
    ),
    request_body = Role,
    responses(
        (status = 201, description = "It is made.", body = RoleAnswer),
        (status = 200, description = "It would be made so (dry_run).", body = RoleAnswer),
        (status = 409, description = "The name is taken, or what was made under the idempotency key is no more.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key was used for another request.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:roles:write"])),
)]
pub async fn create(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let sent = caller.object(payload).await?;
    let idempotent = caller.idempotent(&sent)?;
    let made = caller.admin().create_role(&caller.actor, sent, (idempotent.as_ref(), dry_run)).await;
    let made = made.map_err(|error| caller.refuse(error))?;
    let address = caller.address(&["roles", &made.item.name]);
    let mut response = one(if dry_run { StatusCode::OK } else { StatusCode::CREATED }, made);
    if !dry_run {
        super::set(&mut response, LOCATION, &address);
    }
    Ok(response)
}

/// Read a role
#[utoipa::path(
    get,
    path = "/roles/{name}",
    tag = "roles",
    operation_id = "readRole",
    params(("name" = String, Path, description = "The role's name.")),
    responses(
        (status = 200, description = "The role; its ETag names this state.", body = RoleAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:roles:read"])),
)]
pub async fn read(caller: Caller, name: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let record = caller.admin().role(&caller.actor, &name).await.map_err(|error| caller.refuse(error))?;
    Ok(one(StatusCode::OK, record))
}

/// Change a role
///
/// A JSON merge patch (RFC 7396). Everybody who holds it may do what it then says. `name` cannot be changed.
#[utoipa::path(
    patch,
    path = "/roles/{name}",
    tag = "roles",
    operation_id = "changeRole",
    params(
        ("name" = String, Path, description = "The role's name."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell how it would be."),
    ),
    request_body(content = Object, content_type = "application/merge-patch+json", description = "What is to be different."),
    responses(
        (status = 200, description = "How it is now (or would be).", body = RoleAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:roles:write"])),
)]
pub async fn change(caller: Caller, name: Path<String>, payload: Payload) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let patch = caller.object(payload).await?;
    let changed = caller.admin().change_role(&caller.actor, &name, patch, how).await;
    Ok(one(StatusCode::OK, changed.map_err(|error| caller.refuse(error))?.record))
}

/// Remove a role
///
/// Nobody holds it any more, themselves or by a group.
#[utoipa::path(
    delete,
    path = "/roles/{name}",
    tag = "roles",
    operation_id = "removeRole",
    params(
        ("name" = String, Path, description = "The role's name."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check."),
    ),
    responses(
        (status = 204, description = "It is gone (or could be)."),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:roles:write"])),
)]
pub async fn remove(caller: Caller, name: Path<String>) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    caller.admin().delete_role(&caller.actor, &name, how).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

fn one(status: StatusCode, record: RoleRecord) -> HttpResponse {
    let tag = tag(record.updated_at);
    let mut response = answer(status, &RoleAnswer::from(record));
    super::set(&mut response, ETAG, &tag);
    response
}

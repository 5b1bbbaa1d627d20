//! `/groups`: who is in which, and what that gives them.

use super::caller::{Caller, tag};
use super::problem::{Problem, ProblemBody};
use super::roles::BY_NAME;
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::{Path, Payload};
use serde::Serialize;
use signet_protocol::group::Group;
use signet_protocol::id::UserId;
use signet_service::admin::{GroupMember, GroupRecord, Page};
use utoipa::ToSchema;

/// A group.
#[derive(Serialize, ToSchema)]
pub struct GroupAnswer {
    #[serde(flatten)]
    group: Group,
    /// What keeps its declaration (`apply`: a resource file); null: it was made by hand.
    managed_by: Option<String>,
    /// When it was made (RFC 3339).
    created_at: String,
    /// When it was last changed (RFC 3339).
    updated_at: String,
}

/// A page of the groups.
#[derive(Serialize, ToSchema)]
pub struct GroupPage {
    /// The groups.
    items: Vec<GroupAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

/// Somebody who is in a group.
#[derive(Serialize, ToSchema)]
pub struct MemberAnswer {
    /// What names them.
    id: String,
    /// Their user name.
    username: String,
}

/// A page of those who are in a group.
#[derive(Serialize, ToSchema)]
pub struct MemberPage {
    /// They, by user name.
    items: Vec<MemberAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

impl From<GroupRecord> for GroupAnswer {
    fn from(record: GroupRecord) -> Self {
        Self {
            group: record.item,
            managed_by: record.managed_by,
            created_at: told(record.created_at),
            updated_at: told(record.updated_at),
        }
    }
}

/// List groups
///
/// All groups, page by page.
#[utoipa::path(
    get,
    path = "/groups",
    tag = "groups",
    operation_id = "listGroups",
    params(
        ("sort" = Option<String>, Query, description = "name; with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = GroupPage)),
    security(("signet" = ["signet:groups:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let request = caller.query(&["sort", "limit", "cursor"])?.page(&BY_NAME)?;
    let page = caller.admin().groups(&caller.actor, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(GroupAnswer::from).collect();
    Ok(answer(StatusCode::OK, &GroupPage { items, next_cursor }))
}

/// Make a group
///
/// It can give nobody more than whoever makes it may do. Nobody is in it yet.
#[utoipa::path(
    post,
    path = "/groups",
    tag = "groups",
    operation_id = "createGroup",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Asking again with the same key within a day makes nothing twice and tells the same."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell what would be made."),
    ),
    request_body = Group,
    responses(
        (status = 201, description = "It is made.", body = GroupAnswer),
        (status = 200, description = "It would be made so (dry_run).", body = GroupAnswer),
        (status = 409, description = "The name is taken, or what was made under the idempotency key is no more.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key was used for another request.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:groups:write"])),
)]
pub async fn create(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let sent = caller.object(payload).await?;
    let idempotent = caller.idempotent(&sent)?;
    let made = caller.admin().create_group(&caller.actor, sent, (idempotent.as_ref(), dry_run)).await;
    let made = made.map_err(|error| caller.refuse(error))?;
    let address = caller.address(&["groups", &made.item.name]);
    let mut response = one(if dry_run { StatusCode::OK } else { StatusCode::CREATED }, made);
    if !dry_run {
        super::set(&mut response, LOCATION, &address);
    }
    Ok(response)
}

/// Read a group
#[utoipa::path(
    get,
    path = "/groups/{name}",
    tag = "groups",
    operation_id = "readGroup",
    params(("name" = String, Path, description = "The group's name.")),
    responses(
        (status = 200, description = "The group; its ETag names this state.", body = GroupAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:groups:read"])),
)]
pub async fn read(caller: Caller, name: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let record = caller.admin().group(&caller.actor, &name).await.map_err(|error| caller.refuse(error))?;
    Ok(one(StatusCode::OK, record))
}

/// Change a group
///
/// A JSON merge patch (RFC 7396). Everybody who is in it holds the roles that it then gives. `name` cannot be changed.
#[utoipa::path(
    patch,
    path = "/groups/{name}",
    tag = "groups",
    operation_id = "changeGroup",
    params(
        ("name" = String, Path, description = "The group's name."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell how it would be."),
    ),
    request_body(content = Object, content_type = "application/merge-patch+json", description = "What is to be different."),
    responses(
        (status = 200, description = "How it is now (or would be).", body = GroupAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Nobody would own this server any more.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:groups:write"])),
)]
pub async fn change(caller: Caller, name: Path<String>, payload: Payload) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let patch = caller.object(payload).await?;
    let changed = caller.admin().change_group(&caller.actor, &name, patch, how).await;
    Ok(one(StatusCode::OK, changed.map_err(|error| caller.refuse(error))?.record))
}

/// Remove a group
///
/// Nobody holds anything by it any more. The group by which the last owner owns the server stays.
#[utoipa::path(
    delete,
    path = "/groups/{name}",
    tag = "groups",
    operation_id = "removeGroup",
    params(
        ("name" = String, Path, description = "The group's name."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check."),
    ),
    responses(
        (status = 204, description = "It is gone (or could be)."),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Nobody would own this server any more.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:groups:write"])),
)]
pub async fn remove(caller: Caller, name: Path<String>) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    caller.admin().delete_group(&caller.actor, &name, how).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// List who is in a group
///
/// By user name, page by page. `signet:users:read` is needed, too.
#[utoipa::path(
    get,
    path = "/groups/{name}/members",
    tag = "groups",
    operation_id = "listGroupMembers",
    params(
        ("name" = String, Path, description = "The group's name."),
        ("sort" = Option<String>, Query, description = "name; with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page.", body = MemberPage),
        (status = 404, description = "There is no such group.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:groups:read", "signet:users:read"])),
)]
pub async fn members(caller: Caller, name: Path<String>) -> Result<HttpResponse, Problem> {
    let request = caller.query(&["sort", "limit", "cursor"])?.page(&BY_NAME)?;
    let page = caller.admin().group_members(&caller.actor, &name, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let member = |member: GroupMember| MemberAnswer { id: member.id.to_string(), username: member.username };
    Ok(answer(StatusCode::OK, &MemberPage { items: items.into_iter().map(member).collect(), next_cursor }))
}

/// Have somebody be in a group
///
/// They hold its roles from now on. Who is in it already stays.
#[utoipa::path(
    put,
    path = "/groups/{name}/members/{user_id}",
    tag = "groups",
    operation_id = "joinGroup",
    params(
        ("name" = String, Path, description = "The group's name."),
        ("user_id" = String, Path, description = "What names the person."),
    ),
    responses(
        (status = 204, description = "They are in it."),
        (status = 404, description = "There is no such group or person.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:groups:write"])),
)]
pub async fn join(caller: Caller, names: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let (name, id) = names.into_inner();
    let joined = caller.admin().join_group(&caller.actor, &name, &UserId::new(id)).await;
    joined.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// Have somebody be in a group no more
///
/// They hold nothing by it any more, whatever tokens they have. The last owner stays.
#[utoipa::path(
    delete,
    path = "/groups/{name}/members/{user_id}",
    tag = "groups",
    operation_id = "leaveGroup",
    params(
        ("name" = String, Path, description = "The group's name."),
        ("user_id" = String, Path, description = "What names the person."),
    ),
    responses(
        (status = 204, description = "They are not in it any more."),
        (status = 404, description = "There is no such group or person, or they are not in it.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Nobody would own this server any more.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:groups:write"])),
)]
pub async fn leave(caller: Caller, names: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let (name, id) = names.into_inner();
    let left = caller.admin().leave_group(&caller.actor, &name, &UserId::new(id)).await;
    left.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

fn one(status: StatusCode, record: GroupRecord) -> HttpResponse {
    let tag = tag(record.updated_at);
    let mut response = answer(status, &GroupAnswer::from(record));
    super::set(&mut response, ETAG, &tag);
    response
}

//! `/resources`: APIs and their scopes.

use super::caller::{Caller, tag};
use super::problem::{Problem, ProblemBody};
use super::roles::BY_NAME;
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::{Path, Payload};
use serde::Serialize;
use signet_protocol::id::ResourceId;
use signet_protocol::resource::Resource;
use signet_service::admin::{LosingClient, Page, ResourceRecord};
use utoipa::ToSchema;

/// An API.
#[derive(Serialize, ToSchema)]
pub struct ResourceAnswer {
    #[serde(flatten)]
    resource: Resource,
    /// What keeps its declaration (`apply`: a resource file); null: it was made by hand.
    managed_by: Option<String>,
    /// When it was made (RFC 3339).
    created_at: String,
    /// When it was last changed (RFC 3339).
    updated_at: String,
}

/// A page of the APIs.
#[derive(Serialize, ToSchema)]
pub struct ResourcePage {
    /// The APIs.
    items: Vec<ResourceAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

/// A client that may ask for scopes that are gone, and no longer gets them.
#[derive(Serialize, ToSchema)]
pub struct LosingClientAnswer {
    /// The client.
    client_id: String,
    /// The scopes.
    scopes: Vec<String>,
}

/// An API that was changed.
#[derive(Serialize, ToSchema)]
pub struct ResourceChanged {
    #[serde(flatten)]
    resource: ResourceAnswer,
    /// The clients that lose scopes by it.
    losing_clients: Vec<LosingClientAnswer>,
}

/// What removing an API took along.
#[derive(Serialize, ToSchema)]
pub struct ResourceRemoved {
    /// The clients that lose scopes by it.
    losing_clients: Vec<LosingClientAnswer>,
}

impl From<ResourceRecord> for ResourceAnswer {
    fn from(record: ResourceRecord) -> Self {
        Self {
            resource: record.item,
            managed_by: record.managed_by,
            created_at: told(record.created_at),
            updated_at: told(record.updated_at),
        }
    }
}

fn losing(clients: Vec<LosingClient>) -> Vec<LosingClientAnswer> {
    let told =
        |LosingClient { client_id, scopes }| LosingClientAnswer { client_id: client_id.to_string(), scopes };
    clients.into_iter().map(told).collect()
}

/// List APIs
///
/// The declared ones, by identifier; this server's own administration API is not among them.
#[utoipa::path(
    get,
    path = "/resources",
    tag = "resources",
    operation_id = "listResources",
    params(
        ("sort" = Option<String>, Query, description = "name (the identifier); with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = ResourcePage)),
    security(("signet" = ["signet:resources:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let request = caller.query(&["sort", "limit", "cursor"])?.page(&BY_NAME)?;
    let page = caller.admin().resources(&caller.actor, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(ResourceAnswer::from).collect();
    Ok(answer(StatusCode::OK, &ResourcePage { items, next_cursor }))
}

/// Make an API
///
/// A scope belongs to one API. Where there is no key of its algorithm yet, one is made.
#[utoipa::path(
    post,
    path = "/resources",
    tag = "resources",
    operation_id = "createResource",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Asking again with the same key within a day makes nothing twice and tells the same."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell what would be made."),
    ),
    request_body = signet_protocol::registration::ResourceMetadata,
    responses(
        (status = 201, description = "It is made.", body = ResourceAnswer),
        (status = 200, description = "It would be made so (dry_run).", body = ResourceAnswer),
        (status = 409, description = "The identifier is taken, or what was made under the idempotency key is no more.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key was used for another request.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:resources:write"])),
)]
pub async fn create(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let sent = caller.object(payload).await?;
    let idempotent = caller.idempotent(&sent)?;
    let made = caller.admin().create_resource(&caller.actor, sent, (idempotent.as_ref(), dry_run)).await;
    let made = made.map_err(|error| caller.refuse(error))?;
    let address = caller.address(&["resources", made.item.identifier.as_str()]);
    let tag = tag(made.updated_at);
    let status = if dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = answer(status, &ResourceAnswer::from(made));
    super::set(&mut response, ETAG, &tag);
    if !dry_run {
        super::set(&mut response, LOCATION, &address);
    }
    Ok(response)
}

/// Read an API
///
/// Its identifier stands in the path as one segment: with `%2F` for each `/`.
#[utoipa::path(
    get,
    path = "/resources/{identifier}",
    tag = "resources",
    operation_id = "readResource",
    params(("identifier" = String, Path, description = "The API's identifier.")),
    responses(
        (status = 200, description = "The API; its ETag names this state.", body = ResourceAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:resources:read"])),
)]
pub async fn read(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = ResourceId::new(id.into_inner());
    let record = caller.admin().resource(&caller.actor, &id).await.map_err(|error| caller.refuse(error))?;
    let tag = tag(record.updated_at);
    let mut response = answer(StatusCode::OK, &ResourceAnswer::from(record));
    super::set(&mut response, ETAG, &tag);
    Ok(response)
}

/// Change an API
///
/// A JSON merge patch (RFC 7396). `identifier` cannot be changed. Tokens that are live stay as they are.
#[utoipa::path(
    patch,
    path = "/resources/{identifier}",
    tag = "resources",
    operation_id = "changeResource",
    params(
        ("identifier" = String, Path, description = "The API's identifier."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell how it would be, and which clients would lose scopes."),
    ),
    request_body(content = Object, content_type = "application/merge-patch+json", description = "What is to be different."),
    responses(
        (status = 200, description = "How it is now (or would be).", body = ResourceChanged),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:resources:write"])),
)]
pub async fn change(caller: Caller, id: Path<String>, payload: Payload) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let patch = caller.object(payload).await?;
    let id = ResourceId::new(id.into_inner());
    let changed = caller.admin().change_resource(&caller.actor, &id, patch, how).await;
    let (changed, clients) = changed.map_err(|error| caller.refuse(error))?;
    let tag = tag(changed.record.updated_at);
    let told = ResourceChanged { resource: changed.record.into(), losing_clients: losing(clients) };
    let mut response = answer(StatusCode::OK, &told);
    super::set(&mut response, ETAG, &tag);
    Ok(response)
}

/// Remove an API
///
/// No new token is for it; those that are live expire by themselves. The answer names the clients that lose scopes.
#[utoipa::path(
    delete,
    path = "/resources/{identifier}",
    tag = "resources",
    operation_id = "removeResource",
    params(
        ("identifier" = String, Path, description = "The API's identifier."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only tell which clients would lose scopes."),
    ),
    responses(
        (status = 200, description = "It is gone (or could be).", body = ResourceRemoved),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:resources:write"])),
)]
pub async fn remove(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let id = ResourceId::new(id.into_inner());
    let clients = caller.admin().delete_resource(&caller.actor, &id, how).await;
    let clients = clients.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::OK, &ResourceRemoved { losing_clients: losing(clients) }))
}

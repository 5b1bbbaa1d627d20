//! `/clients`: who may ask for tokens.

use super::caller::{Caller, tag};
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::{Path, Payload};
use serde::Serialize;
use signet_protocol::client::{Client, ClientSecret};
use signet_protocol::id::ClientId;
use signet_protocol::permission::Permission;
use signet_service::admin::{ClientFilter, ClientRecord, ClientSort, Made, Page, ShownSecret};
use utoipa::ToSchema;

/// What clients are sorted by.
const SORTS: [(&str, ClientSort); 4] = [
    ("client_id", ClientSort::ClientId),
    ("client_name", ClientSort::Name),
    ("created_at", ClientSort::CreatedAt),
    ("updated_at", ClientSort::UpdatedAt),
];
/// For how long an old secret goes on beside a new one unless something else is said: a day, in seconds.
const OVERLAP: u32 = 86_400;

/// A registered client.
#[derive(Serialize, ToSchema)]
pub struct ClientAnswer {
    #[serde(flatten)]
    client: Client,
    /// Whether it can neither authenticate nor be signed in to.
    disabled: bool,
    /// Its secrets, newest first; never their values.
    client_secrets: Vec<SecretAnswer>,
    /// What keeps its declaration (`apply`: a resource file); null: it was made by hand.
    managed_by: Option<String>,
    /// When it was registered (RFC 3339).
    created_at: String,
    /// When it was last changed (RFC 3339).
    updated_at: String,
}

/// A client's secret, without its value.
#[derive(Serialize, ToSchema)]
pub struct SecretAnswer {
    /// What names it.
    id: String,
    /// When it was made (RFC 3339).
    created_at: String,
    /// From when it is refused (RFC 3339); null: it has no end.
    expires_at: Option<String>,
}

/// A client that was registered.
#[derive(Serialize, ToSchema)]
pub struct ClientMade {
    #[serde(flatten)]
    client: ClientAnswer,
    /// Its secret, which nobody can read again.
    client_secret: Option<String>,
}

/// A page of the clients.
#[derive(Serialize, ToSchema)]
pub struct ClientPage {
    /// The clients.
    items: Vec<ClientAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

/// A secret that was made.
#[derive(Serialize, ToSchema)]
pub struct SecretMade {
    /// What names it.
    id: String,
    /// The secret, which nobody can read again.
    client_secret: String,
    /// From when the client's other secrets are refused (RFC 3339).
    others_expire_at: String,
}

/// How a secret is to be replaced.
#[derive(ToSchema)]
#[allow(dead_code)] // What is read is the object; this is its schema.
pub struct SecretRotation {
    /// For how many seconds the present secret goes on, 2592000 (30 days) at most; 86400 (a day) if it is not said.
    overlap: Option<u32>,
}

impl From<Made<ClientRecord>> for ClientMade {
    fn from(made: Made<ClientRecord>) -> Self {
        let client_secret = made.secret.as_ref().map(|secret| secret.expose().clone());
        Self { client: made.record.into(), client_secret }
    }
}

impl From<ShownSecret> for SecretMade {
    fn from(shown: ShownSecret) -> Self {
        Self {
            id: shown.id,
            client_secret: shown.secret.expose().clone(),
            others_expire_at: told(shown.others_expire_at),
        }
    }
}

impl From<ClientRecord> for ClientAnswer {
    fn from(record: ClientRecord) -> Self {
        let secret = |secret: ClientSecret| SecretAnswer {
            id: secret.id,
            created_at: told(secret.created_at),
            expires_at: secret.expires_at.map(told),
        };
        Self {
            client_secrets: record.item.secrets.into_iter().map(secret).collect(),
            client: record.item.client,
            disabled: record.item.disabled,
            managed_by: record.managed_by,
            created_at: told(record.created_at),
            updated_at: told(record.updated_at),
        }
    }
}

/// List clients
///
/// The clients that match, page by page.
#[utoipa::path(
    get,
    path = "/clients",
    tag = "clients",
    operation_id = "listClients",
    params(
        ("search" = Option<String>, Query, description = "Only those whose identifier or name holds this text."),
        ("disabled" = Option<bool>, Query, description = "Only those that are disabled, or are not."),
        ("sort" = Option<String>, Query, description = "client_id (the default), client_name, created_at or updated_at; with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = ClientPage)),
    security(("signet" = ["signet:clients:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let query = caller.query(&["search", "disabled", "sort", "limit", "cursor"])?;
    let filter = ClientFilter { search: query.filter("search")?, disabled: query.flag("disabled")? };
    let request = query.page(&SORTS)?;
    let page = caller.admin().clients(&caller.actor, &filter, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(ClientAnswer::from).collect();
    Ok(answer(StatusCode::OK, &ClientPage { items, next_cursor }))
}

/// Register a client
///
/// `client_id` and, where it needs one, `client_secret` are made if they are not given. The secret is told once.
#[utoipa::path(
    post,
    path = "/clients",
    tag = "clients",
    operation_id = "createClient",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Asking again with the same key within a day makes nothing twice and tells the same."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell what would be made."),
    ),
    request_body = signet_protocol::registration::ClientMetadata,
    responses(
        (status = 201, description = "It is registered.", body = ClientMade),
        (status = 200, description = "It would be registered so (dry_run).", body = ClientMade),
        (status = 409, description = "The identifier is taken, or what was made under the idempotency key is no more.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key was used for another request.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:clients:write"])),
)]
pub async fn create(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let sent = caller.object(payload).await?;
    let idempotent = caller.idempotent(&sent)?;
    let made = caller.admin().create_client(&caller.actor, sent, (idempotent.as_ref(), dry_run)).await;
    let made = made.map_err(|error| caller.refuse(error))?;
    let status = if dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let (tag, id) = (tag(made.record.updated_at), made.record.item.client.client_id.clone());
    let mut response = answer(status, &ClientMade::from(made));
    super::set(&mut response, ETAG, &tag);
    if !dry_run {
        super::set(&mut response, LOCATION, &caller.address(&["clients", id.as_str()]));
    }
    Ok(response)
}

/// Read a client
#[utoipa::path(
    get,
    path = "/clients/{client_id}",
    tag = "clients",
    operation_id = "readClient",
    params(("client_id" = String, Path, description = "The client's identifier.")),
    responses(
        (status = 200, description = "The client; its ETag names this state.", body = ClientAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:clients:read"])),
)]
pub async fn read(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = ClientId::new(id.into_inner());
    let record = caller.admin().client(&caller.actor, &id).await.map_err(|error| caller.refuse(error))?;
    Ok(one(record))
}

/// Change a client
///
/// A JSON merge patch (RFC 7396): fields that are named replace, null takes away, the others stay. `disabled` is a field,
/// too; disabling ends all grants and tokens. `client_id` and secrets cannot be changed here.
#[utoipa::path(
    patch,
    path = "/clients/{client_id}",
    tag = "clients",
    operation_id = "changeClient",
    params(
        ("client_id" = String, Path, description = "The client's identifier."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell how it would be."),
    ),
    request_body(content = Object, content_type = "application/merge-patch+json", description = "What is to be different."),
    responses(
        (status = 200, description = "How it is now (or would be).", body = ClientAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:clients:write"])),
)]
pub async fn change(caller: Caller, id: Path<String>, payload: Payload) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let patch = caller.object(payload).await?;
    let id = ClientId::new(id.into_inner());
    let changed = caller.admin().change_client(&caller.actor, &id, patch, how).await;
    Ok(one(changed.map_err(|error| caller.refuse(error))?.record))
}

/// Remove a client
///
/// Its grants and tokens end at once.
#[utoipa::path(
    delete,
    path = "/clients/{client_id}",
    tag = "clients",
    operation_id = "removeClient",
    params(
        ("client_id" = String, Path, description = "The client's identifier."),
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check."),
    ),
    responses(
        (status = 204, description = "It is gone (or could be)."),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:clients:write"])),
)]
pub async fn remove(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    let how = caller.changing()?;
    let id = ClientId::new(id.into_inner());
    caller.admin().remove_client(&caller.actor, &id, how).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// Give a client a new secret
///
/// The present one goes on for a while, so that no request fails while the new one is brought to where it is used.
#[utoipa::path(
    post,
    path = "/clients/{client_id}/secrets",
    tag = "clients",
    operation_id = "rotateClientSecret",
    params(("client_id" = String, Path, description = "The client's identifier.")),
    request_body = SecretRotation,
    responses(
        (status = 201, description = "The new secret, told once.", body = SecretMade),
        (status = 404, description = "There is no such client.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Two secrets are live already, or it uses none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:clients:write"])),
)]
pub async fn rotate_secret(
    caller: Caller,
    id: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    caller.needs(Permission::ClientsWrite)?;
    caller.query(&[])?;
    let sent = caller.object(payload).await?;
    let overlap = caller.number(&sent, "overlap")?.unwrap_or(OVERLAP);
    let id = ClientId::new(id.into_inner());
    let shown = caller.admin().rotate_client_secret(&caller.actor, &id, overlap).await;
    let shown = shown.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::CREATED, &SecretMade::from(shown)))
}

/// Remove a client's secret
///
/// It is refused from now on.
#[utoipa::path(
    delete,
    path = "/clients/{client_id}/secrets/{secret_id}",
    tag = "clients",
    operation_id = "removeClientSecret",
    params(
        ("client_id" = String, Path, description = "The client's identifier."),
        ("secret_id" = String, Path, description = "The secret's identifier."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such client or secret.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:clients:write"])),
)]
pub async fn remove_secret(caller: Caller, ids: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let (id, secret) = ids.into_inner();
    let removed = caller.admin().remove_client_secret(&caller.actor, &ClientId::new(id), &secret).await;
    removed.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// End a client's tokens
///
/// Every grant and token that was issued to it ends at once, on every node within a second.
#[utoipa::path(
    post,
    path = "/clients/{client_id}/end-tokens",
    tag = "clients",
    operation_id = "endClientTokens",
    params(("client_id" = String, Path, description = "The client's identifier.")),
    responses(
        (status = 204, description = "They have ended."),
        (status = 404, description = "There is no such client.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:grants:write"])),
)]
pub async fn end_tokens(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = ClientId::new(id.into_inner());
    caller.admin().end_client_tokens(&caller.actor, &id).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

fn one(record: ClientRecord) -> HttpResponse {
    let tag = tag(record.updated_at);
    let mut response = answer(StatusCode::OK, &ClientAnswer::from(record));
    super::set(&mut response, ETAG, &tag);
    response
}

//! `/users/{user_id}/factors`: what people prove themselves with besides the password.

use super::caller::Caller;
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use signet_protocol::id::{PasskeyId, UserId};
use signet_service::admin::TakenAway;
use utoipa::ToSchema;

/// What somebody has. Nothing by which anything could be proved is in it.
#[derive(Serialize, ToSchema)]
pub struct FactorsAnswer {
    /// Their authenticator app; null: they have none.
    totp: Option<AppAnswer>,
    /// Their passkeys, oldest first.
    passkeys: Vec<PasskeyAnswer>,
    /// How many recovery codes were not used yet.
    recovery_codes: u32,
    /// In how many browsers they are not asked for a second step.
    remembered_browsers: usize,
}

/// An authenticator app.
#[derive(Serialize, ToSchema)]
pub struct AppAnswer {
    /// Since when they have it (RFC 3339).
    created_at: String,
    /// When it was last used (RFC 3339); null: never.
    last_used_at: Option<String>,
}

/// A passkey.
#[derive(Serialize, ToSchema)]
pub struct PasskeyAnswer {
    /// What names it.
    id: String,
    /// What its owner calls it; may be empty.
    name: String,
    /// Whether it can leave the device that it was made on.
    synchronised: bool,
    /// When it was made (RFC 3339).
    created_at: String,
    /// When it was last used (RFC 3339); null: never.
    last_used_at: Option<String>,
}

/// List a user's factors
#[utoipa::path(
    get,
    path = "/users/{user_id}/factors",
    tag = "users",
    operation_id = "listUserFactors",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 200, description = "What they have.", body = FactorsAnswer),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:read"])),
)]
pub async fn list(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = UserId::new(id.into_inner());
    let known = caller.admin().user_factors(&caller.actor, &id).await;
    let known = known.map_err(|error| caller.refuse(error))?;
    let app = |(created_at, used): (_, Option<_>)| AppAnswer {
        created_at: told(created_at),
        last_used_at: used.map(told),
    };
    let passkeys = known.passkeys.into_iter().map(|passkey| PasskeyAnswer {
        id: passkey.id.to_string(),
        name: passkey.name,
        synchronised: passkey.synchronised,
        created_at: told(passkey.created_at),
        last_used_at: passkey.last_used_at.map(told),
    });
    let factors = FactorsAnswer {
        totp: known.app.map(app),
        passkeys: passkeys.collect(),
        recovery_codes: known.recovery_codes,
        remembered_browsers: known.remembered_browsers,
    };
    Ok(answer(StatusCode::OK, &factors))
}

/// Remove all factors of a user
///
/// For whoever lost them. Recovery codes go along, and everything that is signed in or granted in the person's name ends: whoever
/// has found the phone may be there. They are told by mail.
#[utoipa::path(
    delete,
    path = "/users/{user_id}/factors",
    tag = "users",
    operation_id = "removeUserFactors",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 204, description = "They are gone."),
        (status = 404, description = "There is nobody of that name, or they have none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn remove_all(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    take(&caller, id.into_inner(), TakenAway::All).await
}

/// Remove a user's authenticator app
///
/// Everything that is signed in or granted in the person's name ends, and they are told by mail.
#[utoipa::path(
    delete,
    path = "/users/{user_id}/factors/totp",
    tag = "users",
    operation_id = "removeUserApp",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is nobody of that name, or they have none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn remove_app(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    take(&caller, id.into_inner(), TakenAway::App).await
}

/// Remove a user's passkey
///
/// Everything that is signed in or granted in the person's name ends, and they are told by mail.
#[utoipa::path(
    delete,
    path = "/users/{user_id}/factors/passkeys/{passkey_id}",
    tag = "users",
    operation_id = "removeUserPasskey",
    params(
        ("user_id" = String, Path, description = "The person's identifier."),
        ("passkey_id" = String, Path, description = "The passkey's identifier."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such person or passkey.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:users:write"])),
)]
pub async fn remove_passkey(caller: Caller, ids: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (id, passkey) = ids.into_inner();
    let passkey = super::caller::named(&caller, passkey, "factor")?;
    take(&caller, id, TakenAway::Passkey(PasskeyId::new(passkey))).await
}

async fn take(caller: &Caller, id: String, what: TakenAway) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let taken = caller.admin().take_factors(&caller.actor, &UserId::new(id), what).await;
    taken.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

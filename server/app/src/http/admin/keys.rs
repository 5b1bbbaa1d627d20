//! `/keys`: what signs, seals and proves.

use super::caller::Caller;
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ETAG;
use actix_web::web::{Path, Payload};
use serde::{Deserialize, Serialize};
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::id::KeyId;
use signet_protocol::permission::Permission;
use signet_service::admin::{KeyPurpose, KeyStatus, Rotating, RotationPlan, Withdrawal};
use utoipa::ToSchema;

/// A key, without anything secret.
#[derive(Serialize, ToSchema)]
pub struct KeyAnswer {
    /// What names it; of one that signs, its `kid` in the JWK Set.
    kid: String,
    /// Its algorithm.
    alg: String,
    /// `sign`: signs tokens; `refresh_tokens`: proves them; `forms`: seals what travels in pages.
    #[serde(rename = "use")]
    #[schema(rename = "use")]
    used_for: &'static str,
    /// `next`, `current`, `retiring` (it signs no more, and is published until the last token has expired), `retired` or
    /// `revoked`.
    state: &'static str,
    /// When it was made, and from when it is published (RFC 3339).
    created_at: String,
    /// From when it is used (RFC 3339).
    activates_at: String,
    /// From when the next one is used in its place (RFC 3339); null: that is not decided yet.
    retires_at: Option<String>,
    /// From when it is published no more (RFC 3339).
    unpublish_at: Option<String>,
    /// When it was revoked (RFC 3339).
    revoked_at: Option<String>,
}

/// Every key.
#[derive(Serialize, ToSchema)]
pub struct KeysAnswer {
    /// Those that sign first, each algorithm from its newest.
    items: Vec<KeyAnswer>,
}

/// Which keys are to be replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRotation {
    /// Those of one algorithm; absent: the signing keys of all.
    #[schema(value_type = Option<String>)]
    algorithm: Option<SigningAlg>,
}

/// What signs from when.
#[derive(Serialize, ToSchema)]
pub struct KeyTurn {
    /// The algorithm.
    alg: String,
    /// The key that signs then.
    kid: String,
    /// From when: at once, unless not every verifier can know it yet (RFC 3339).
    effective_at: String,
}

/// What was (or would be) replaced.
#[derive(Serialize, ToSchema)]
pub struct KeysRotated {
    /// One for each algorithm.
    items: Vec<KeyTurn>,
}

/// What revoking a key took (or would take) along.
#[derive(Serialize, ToSchema)]
pub struct KeyRevoked {
    /// The key, as it was before.
    key: KeyAnswer,
    /// Clients that get what is signed with its algorithm.
    clients: Vec<String>,
    /// APIs whose access tokens are signed with its algorithm.
    resources: Vec<String>,
    /// Of a key that signs: the grants with a living access token, which may be lost and is fetched again by a refresh token.
    /// Of one that proves refresh tokens: the grants that end. They are not counted beyond 10000, which says: at least so many.
    grants: u64,
}

impl From<KeyStatus> for KeyAnswer {
    fn from(KeyStatus { row, state }: KeyStatus) -> Self {
        Self {
            kid: row.kid.to_string(),
            alg: row.alg,
            used_for: match row.purpose {
                KeyPurpose::Jwt => "sign",
                KeyPurpose::Refresh => "refresh_tokens",
                KeyPurpose::Form => "forms",
            },
            state,
            created_at: told(row.created_at),
            activates_at: told(row.activates_at),
            retires_at: row.retires_at.map(told),
            unpublish_at: row.unpublish_at.map(told),
            revoked_at: row.revoked_at.map(told),
        }
    }
}

impl From<RotationPlan> for KeyTurn {
    fn from(plan: RotationPlan) -> Self {
        Self { alg: plan.algorithm, kid: plan.kid.to_string(), effective_at: told(plan.effective_at) }
    }
}

impl From<Withdrawal> for KeyRevoked {
    fn from(withdrawal: Withdrawal) -> Self {
        Self {
            key: withdrawal.key.into(),
            clients: withdrawal.clients.iter().map(ToString::to_string).collect(),
            resources: withdrawal.resources.iter().map(ToString::to_string).collect(),
            grants: withdrawal.grants,
        }
    }
}

/// List keys
///
/// Every key that there is or was, and what it is doing; never what is secret of one.
#[utoipa::path(
    get,
    path = "/keys",
    tag = "keys",
    operation_id = "listKeys",
    responses((status = 200, description = "The keys; the ETag names the state that they are in.", body = KeysAnswer)),
    security(("signet" = ["signet:keys:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let list = caller.admin().keys(&caller.actor).await.map_err(|error| caller.refuse(error))?;
    let items = list.keys.into_iter().map(KeyAnswer::from).collect();
    let mut response = answer(StatusCode::OK, &KeysAnswer { items });
    super::set(&mut response, ETAG, &format!("\"{}\"", list.picture));
    Ok(response)
}

/// Replace signing keys
///
/// The next key of each algorithm signs as soon as every verifier can know it. What the present one signed stays good.
#[utoipa::path(
    post,
    path = "/keys/rotate",
    tag = "keys",
    operation_id = "rotateKeys",
    params(
        ("If-Match" = Option<String>, Header, description = "The ETag of the list that was seen, so that nothing is replaced twice."),
        ("dry_run" = Option<bool>, Query, description = "Only tell what would sign from when."),
    ),
    request_body = KeyRotation,
    responses(
        (status = 200, description = "What signs from when (or would).", body = KeysRotated),
        (status = 409, description = "No key of that algorithm is in use.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "The keys changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:keys:write"])),
)]
pub async fn rotate(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    caller.needs(Permission::KeysWrite)?;
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let seen = caller.opaque_tag()?;
    let KeyRotation { algorithm } = caller.read(payload).await?;
    let how = Rotating { algorithm, seen, dry_run };
    let plans = caller.admin().rotate_keys(&caller.actor, how).await.map_err(|error| caller.refuse(error))?;
    let items = plans.into_iter().map(KeyTurn::from).collect();
    Ok(answer(StatusCode::OK, &KeysRotated { items }))
}

/// Revoke a key
///
/// For one that somebody else may hold: it leaves the JWK Set at once, and what it signed or proves counts no more, on every
/// node within a second. Verifiers that keep a copy of the set believe it until that is renewed.
#[utoipa::path(
    post,
    path = "/keys/{kid}/revoke",
    tag = "keys",
    operation_id = "revokeKey",
    params(
        ("kid" = String, Path, description = "The key's identifier."),
        ("dry_run" = Option<bool>, Query, description = "Only tell what that would take along."),
    ),
    responses(
        (status = 200, description = "It is revoked (or would be); what that takes along.", body = KeyRevoked),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is revoked already.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:keys:write"])),
)]
pub async fn revoke(caller: Caller, kid: Path<String>) -> Result<HttpResponse, Problem> {
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let kid = KeyId::new(kid.into_inner());
    let revoked = caller.admin().revoke_key(&caller.actor, &kid, dry_run).await;
    Ok(answer(StatusCode::OK, &KeyRevoked::from(revoked.map_err(|error| caller.refuse(error))?)))
}

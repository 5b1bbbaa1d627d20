//! `/settings`: what holds, where it comes from, and changing what may change while the server runs.

use super::answer;
use super::caller::{Caller, tag};
use super::problem::{Problem, ProblemBody};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ETAG;
use actix_web::web::Payload;
use serde::Serialize;
use serde_json::Value;
use signet_protocol::permission::Permission;
use signet_service::admin::SettingsSeen;
use signet_service::configuration::ConfiguredKey;
use utoipa::ToSchema;

/// A setting.
#[derive(Serialize, ToSchema)]
pub struct SettingAnswer {
    /// Its key, as in the configuration file.
    key: String,
    /// What holds; of a secret only whether there is one.
    value: Value,
    /// Whether it is a secret, which nobody is told.
    secret: bool,
    /// Where it comes from: `default`, `file`, `environment` or `run_time`.
    source: &'static str,
    /// Whether it may be changed now. What the file or the environment sets may not: they hold.
    changeable: bool,
}

/// Every setting.
#[derive(Serialize, ToSchema)]
pub struct SettingsAnswer {
    /// By key.
    items: Vec<SettingAnswer>,
}

impl From<ConfiguredKey> for SettingAnswer {
    fn from(configured: ConfiguredKey) -> Self {
        let ConfiguredKey { key, value, secret, source, changeable } = configured;
        Self { key, value, secret, source: source.as_str(), changeable }
    }
}

/// List settings
///
/// Every setting that holds, with where it comes from.
#[utoipa::path(
    get,
    path = "/settings",
    tag = "settings",
    operation_id = "listSettings",
    responses((status = 200, description = "The settings; the ETag names the state of those that were changed at run time.", body = SettingsAnswer)),
    security(("signet" = ["signet:settings:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let seen = caller.admin().settings(&caller.actor).await.map_err(|error| caller.refuse(error))?;
    Ok(all(seen))
}

/// Change settings
///
/// Each member's name is a key and its value what is to hold from now on, on every node within a second; null takes a change
/// back. What the configuration file or the environment sets holds, and cannot be changed here.
#[utoipa::path(
    patch,
    path = "/settings",
    tag = "settings",
    operation_id = "changeSettings",
    params(
        ("If-Match" = String, Header, description = "The ETag of the state that was seen, or *."),
        ("dry_run" = Option<bool>, Query, description = "Only check, and tell how it would be."),
    ),
    request_body(content = Object, content_type = "application/merge-patch+json", description = "What is to be different, by key."),
    responses(
        (status = 200, description = "How it is now (or would be).", body = SettingsAnswer),
        (status = 412, description = "Something was changed meanwhile.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:settings:write"])),
)]
pub async fn change(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    caller.needs(Permission::SettingsWrite)?;
    let how = caller.changing()?;
    let patch = caller.object(payload).await?;
    let changed = caller.admin().change_settings(&caller.actor, patch, how).await;
    Ok(all(changed.map_err(|error| caller.refuse(error))?))
}

fn all(seen: SettingsSeen) -> HttpResponse {
    let items = seen.keys.into_iter().map(SettingAnswer::from).collect();
    let mut response = answer(StatusCode::OK, &SettingsAnswer { items });
    super::set(&mut response, ETAG, &tag(seen.updated_at));
    response
}

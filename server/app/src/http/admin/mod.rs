//! The administration API: `service::admin` for programs. One file per kind of thing.

pub mod answers;
mod audit;
mod caller;
mod clients;
mod common_answers;
mod docs;
mod emergency;
mod factors;
mod grants;
mod groups;
mod invitations;
mod keys;
mod limits;
mod mails;
mod openapi;
mod overview;
mod preview;
mod problem;
mod refusals;
mod resources;
mod roles;
mod routes;
mod sessions;
mod settings;
mod users;

pub use routes::configure;

pub use openapi::Description;

use super::State;
use super::answer::{JSON, fresh, no_store};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use chrono::SecondsFormat;
use problem::Refusing;
use serde::Serialize;
use signet_protocol::audit::Origin;
use signet_protocol::environment::Moment;
use signet_protocol::metadata::paths::ADMINISTRATION;
use utoipa::ToSchema;

/// What refuses requests of one origin.
fn refusing(state: &State, origin: Origin) -> Refusing {
    let issuer = state.issuer.as_str().to_owned();
    Refusing { origin, docs: format!("{issuer}{ADMINISTRATION}/docs"), issuer }
}

/// An answer with content.
fn answer(status: StatusCode, content: &impl Serialize) -> HttpResponse {
    match serde_json::to_vec(content) {
        Ok(json) => fresh(status, JSON, json),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// How many of something ended.
#[derive(Serialize, ToSchema)]
struct Ended {
    /// So many.
    ended: usize,
}

/// An answer without content.
fn nothing() -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    no_store(&mut response);
    response
}

fn set(response: &mut HttpResponse, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A moment as it is told (RFC 3339).
fn told(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

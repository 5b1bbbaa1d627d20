//! The administration API: `service::admin` for programs. One file per kind of thing.

mod caller;
mod clients;
mod openapi;
mod problem;

use super::State;
use super::answer::{JSON, fresh, no_store};
use super::routes::{get, get_only, post_only, resource};
use crate::config::Issuer;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use chrono::SecondsFormat;
use problem::Refusing;
use serde::Serialize;
use signet_protocol::audit::Origin;
use signet_protocol::environment::Moment;
use signet_protocol::metadata::paths::ADMINISTRATION;

/// The API's routes.
pub fn configure(config: &mut web::ServiceConfig, issuer: &Issuer) {
    let at = |path: &str| format!("{}{ADMINISTRATION}{path}", issuer.path());
    config
        .service(get_only(at("/openapi.json")).route(get().to(openapi::get)))
        .service(
            resource(at("/clients"), "GET, HEAD, POST")
                .route(get().to(clients::list))
                .route(web::post().to(clients::create)),
        )
        .service(
            resource(at("/clients/{client_id}"), "GET, HEAD, PATCH, DELETE")
                .route(get().to(clients::read))
                .route(web::patch().to(clients::change))
                .route(web::delete().to(clients::remove)),
        )
        .service(post_only(at("/clients/{client_id}/secrets")).route(web::post().to(clients::rotate_secret)))
        .service(
            resource(at("/clients/{client_id}/secrets/{secret_id}"), "DELETE")
                .route(web::delete().to(clients::remove_secret)),
        )
        .service(post_only(at("/clients/{client_id}/end-tokens")).route(web::post().to(clients::end_tokens)));
}

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

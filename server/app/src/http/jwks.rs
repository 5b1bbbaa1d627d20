//! The public keys (RFC 7517 §5).

use super::document::document;
use super::{State, cors};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// `GET`. `application/json` rather than `application/jwk-set+json`: not every client accepts the latter.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let prebuilt = state.service.jwks();
    let kinds = ("application/json", "public, max-age=300");
    cors::readable_by_all(document(&request, prebuilt.body.clone(), &prebuilt.etag, kinds))
}

//! The discovery document, at both its paths (OpenID Connect Discovery §4, RFC 8414 §3).

use super::document::document;
use super::{State, cors};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let prebuilt = state.service.discovery();
    let kinds = ("application/json", "public, max-age=300");
    cors::readable_by_all(document(&request, prebuilt.body.clone(), &prebuilt.etag, kinds))
}

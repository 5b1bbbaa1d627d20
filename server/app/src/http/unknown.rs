//! Addresses and methods that nothing answers: a page for people, JSON for programs.

use super::answer::error;
use super::extract::{Viewer, origin};
use super::{State, page};
use crate::pages::{Refusal, TryAgain, Words};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ALLOW, HeaderMap, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// Nothing is at this path.
pub async fn path(request: HttpRequest) -> HttpResponse {
    let texts = (Words("refusal-not-found"), "not_found", "nothing is at this address");
    refused(&request, StatusCode::NOT_FOUND, texts)
}

/// Something is, but not for this method (RFC 9110 §15.5.6).
pub async fn method(request: HttpRequest, allowed: &'static str) -> HttpResponse {
    let texts = (
        Words("refusal-method-not-allowed"),
        "method_not_allowed",
        "this address does not answer requests of this method",
    );
    let mut response = refused(&request, StatusCode::METHOD_NOT_ALLOWED, texts);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

fn refused(
    request: &HttpRequest,
    status: StatusCode,
    (title, code, description): (Words, &'static str, &'static str),
) -> HttpResponse {
    match request.app_data::<Data<State>>() {
        Some(state) if wants_html(request.headers()) => {
            let viewer = Viewer::of(request, state);
            let refusal = Refusal {
                title,
                code: code.into(),
                description: description.into(),
                next: TryAgain::StartPage,
                request_id: page::request_id(&viewer.origin),
            };
            page::show_with(state, &viewer, &refusal, page::Posts::Here, status)
        }
        _ => error(status, (code, description), &origin(request)),
    }
}

/// Browsers name `text/html` when they open a page; programs do not.
fn wants_html(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    values.any(|value| value.to_ascii_lowercase().contains("text/html"))
}

//! Addresses and methods that nothing answers: a page for people, JSON for programs.

use super::answer::error;
use super::extract::{Viewer, origin};
use super::refused::{Refused, hand_on, known};
use super::{State, page};
use crate::pages::{Refusal, TryAgain, Words};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ALLOW, HeaderMap, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::explanation::{Rule, shown_path};

/// Nothing is at this path (RFC 9110 §15.5.5).
pub async fn path(request: HttpRequest) -> HttpResponse {
    let (code, description) = ("not_found", "nothing is at this address");
    let texts = (Words("refusal-not-found"), code, description);
    let mut response = refused(&request, StatusCode::NOT_FOUND, texts);
    let why = Refused::new(code, Rule::PathUnknown, description);
    hand_on(&mut response, why.having(shown_path(request.path())));
    response
}

/// Something is, but not for this method (RFC 9110 §15.5.6).
pub async fn method(request: HttpRequest, allowed: &'static str) -> HttpResponse {
    let (code, description) = ("method_not_allowed", "this address does not answer requests of this method");
    let texts = (Words("refusal-method-not-allowed"), code, description);
    let mut response = refused(&request, StatusCode::METHOD_NOT_ALLOWED, texts);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    let why = Refused::new(code, Rule::MethodNotAllowed, description);
    let allowed = allowed.split(", ").map(str::to_owned);
    hand_on(&mut response, why.expecting(allowed).having(known(request.method()).to_owned()));
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

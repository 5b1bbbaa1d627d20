//! The consent form.

use super::extract::{Browser, Form};
use super::outcome::{self, Arrival};
use super::{State, page};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::authorize::ConsentChoice;

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let browser = Browser::of(&request, &state);
    let form = match Form::read(&request, payload).await {
        Ok(form) => form.parameters,
        Err(unreadable) => return page::unreadable(&state, browser.viewer(), unreadable),
    };
    let browser = browser.in_the_language_of(&state, &form);
    let choice = match form.get("decision") {
        Some("allow") => ConsentChoice::Allow,
        Some("deny") => ConsentChoice::Deny,
        _ => return outcome::no_choice(&state, browser.viewer()),
    };
    let sealed = form.get("request").unwrap_or_default();
    let outcome = state.service.authorizations.consent(sealed, choice, &browser.visit()).await;
    outcome::show(&state, browser.viewer(), outcome, Arrival::Form)
}

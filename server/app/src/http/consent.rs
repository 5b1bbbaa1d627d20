//! The consent form.

use super::State;
use super::extract::Posted;
use super::outcome::{self, Arrival};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::authorize::ConsentChoice;

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let posted = match Posted::read(&request, payload, &state).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let choice = match posted.form.get("decision") {
        Some("allow") => ConsentChoice::Allow,
        Some("deny") => ConsentChoice::Deny,
        _ => return outcome::no_choice(&state, posted.browser.viewer()),
    };
    let visit = posted.browser.visit();
    let outcome = state.service.authorizations.consent(&posted.field("request"), choice, &visit).await;
    outcome::show(&state, posted.browser.viewer(), outcome, Arrival::Form)
}

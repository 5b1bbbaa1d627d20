//! The account form.

use super::State;
use super::extract::Posted;
use super::outcome::{self, Arrival};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::authorize::AccountChoice;

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let posted = match Posted::read(&request, payload, &state).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let choice = match posted.form.get("account") {
        Some("current") => AccountChoice::Continue,
        Some("other") => AccountChoice::Another,
        _ => return outcome::no_choice(&state, posted.browser.viewer()),
    };
    let visit = posted.browser.visit();
    let outcome = state.service.authorizations.select_account(&posted.field("request"), choice, &visit).await;
    outcome::show(&state, posted.browser.viewer(), outcome, Arrival::Form)
}

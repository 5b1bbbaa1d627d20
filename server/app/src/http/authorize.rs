//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2).

use super::detour::detour;
use super::extract::{Browser, Form, Viewer, query};
use super::outcome::{self, Arrival};
use super::{State, page};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::metadata::paths;
use signet_protocol::parameters::Parameters;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    match query(&request) {
        Ok(parameters) => begin(&request, &parameters, &state).await,
        Err(unreadable) => page::unreadable(&state, &Viewer::of(&request, &state), unreadable),
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let form = match Form::read(&request, payload).await {
        Ok(form) => form,
        Err(unreadable) => return page::unreadable(&state, &Viewer::of(&request, &state), unreadable),
    };
    match detour(&state, &request, paths::AUTHORIZE, &form) {
        Some(around) => around,
        None => begin(&request, &form.parameters, &state).await,
    }
}

async fn begin(request: &HttpRequest, parameters: &Parameters, state: &State) -> HttpResponse {
    let browser = Browser::of(request, state).preferring(state, parameters);
    let outcome = state.service.authorizations.begin(parameters, &browser.visit()).await;
    outcome::show(state, browser.viewer(), outcome, Arrival::Request)
}

//! Sign-out (OpenID Connect RP-Initiated Logout 1.0 §2).

use super::detour::detour;
use super::extract::{Browser, Form, Viewer, query};
use super::outcome::display_name;
use super::page::{self, Posts};
use super::{State, routes};
use crate::pages::{self, SignOut, SignedOut, TryAgain};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::metadata::paths;
use signet_protocol::parameters::Parameters;
use signet_service::logout::LogoutStep;

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
    match detour(&state, &request, paths::LOGOUT, &form) {
        Some(around) => around,
        None => begin(&request, &form.parameters, &state).await,
    }
}

/// `POST` of the page that asks first.
pub async fn confirm(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let browser = Browser::of(&request, &state);
    let form = match Form::read(&request, payload).await {
        Ok(form) => form.parameters,
        Err(unreadable) => return page::unreadable(&state, browser.viewer(), unreadable),
    };
    let browser = browser.preferring(&state, &form);
    let sealed = form.get("request").unwrap_or_default();
    let step = state.service.logout.confirm(sealed, &browser.visit()).await;
    show(&state, &browser, step, TryAgain::StartOver { client_uri: None })
}

async fn begin(request: &HttpRequest, parameters: &Parameters, state: &State) -> HttpResponse {
    let browser = Browser::of(request, state).preferring(state, parameters);
    let step = state.service.logout.begin(parameters, &browser.visit()).await;
    show(state, &browser, step, TryAgain::TellTheApplication)
}

fn show(state: &State, browser: &Browser, step: LogoutStep, next: TryAgain) -> HttpResponse {
    let viewer = browser.viewer();
    match step {
        LogoutStep::Confirm { request, user, client, cookies } => {
            let page = SignOut {
                form: pages::Form::to(state.path(routes::LOGOUT_CONFIRM))
                    .with("request", request)
                    .with("ui_locales", viewer.language.tag()),
                user_name: display_name(&user).to_owned(),
                client_name: client.map(|client| client.client.client_name.clone()),
            };
            let mut response = page::show(state, viewer, &page, Posts::ToClient);
            state.cookie_names().set(&mut response, &cookies);
            response
        }
        LogoutStep::SignedOut { redirect } => {
            let mut response = match redirect {
                Some(to) => page::redirect(state, viewer, &to),
                None => {
                    let page = SignedOut { continue_to: None, client_name: None };
                    page::show(state, viewer, &page, Posts::Here)
                }
            };
            state.cookie_names().remove_session(&mut response);
            response
        }
        LogoutStep::Refusal(refusal) => page::refuse(state, viewer, &refusal, next),
    }
}

//! The sign-in form.

use super::extract::{Browser, Form};
use super::outcome::{self, Arrival};
use super::{State, page};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::secret::Secret;
use signet_service::authorize::Credentials;

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let browser = Browser::of(&request, &state);
    let form = match Form::read(&request, payload).await {
        Ok(form) => form.parameters,
        Err(unreadable) => return page::unreadable(&state, browser.viewer(), unreadable),
    };
    let browser = browser.in_the_language_of(&state, &form);
    let field = |name| form.get(name).unwrap_or_default().to_owned();
    let credentials = Credentials {
        request: field("request"),
        username: field("username"),
        password: Secret::new(field("password")),
    };
    let complete = !credentials.username.is_empty() && !credentials.password.expose().is_empty();
    let outcome = state.service.authorizations.sign_in(credentials, &browser.visit()).await;
    outcome::show(&state, browser.viewer(), outcome, Arrival::SignIn { complete })
}

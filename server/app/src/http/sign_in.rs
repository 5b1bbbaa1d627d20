//! The sign-in form, and signing in with a passkey.

use super::State;
use super::extract::Posted;
use super::outcome::{self, Arrival};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::secret::Secret;
use signet_service::authorize::{Credentials, PasskeyCredentials};

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let posted = match Posted::read(&request, payload, &state).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let credentials = Credentials {
        request: posted.field("request"),
        username: posted.field("username"),
        password: Secret::new(posted.field("password")),
    };
    let complete = !credentials.username.is_empty() && !credentials.password.expose().is_empty();
    let outcome = state.service.authorizations.sign_in(credentials, &posted.browser.visit()).await;
    outcome::show(&state, posted.browser.viewer(), outcome, Arrival::SignIn { complete })
}

/// `POST` of a passkey's answer.
pub async fn passkey(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let posted = match Posted::read(&request, payload, &state).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let credentials = PasskeyCredentials {
        request: posted.field("request"),
        state: posted.field("state"),
        credential: posted.field("credential"),
    };
    let visit = posted.browser.visit();
    let outcome = state.service.authorizations.sign_in_with_passkey(credentials, &visit).await;
    outcome::show(&state, posted.browser.viewer(), outcome, Arrival::SignIn { complete: true })
}

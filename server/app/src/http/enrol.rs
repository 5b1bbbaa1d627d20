//! The forms of the pages on which a factor is set up within a sign-in.

use super::State;
use super::extract::Posted;
use super::outcome::{self, Arrival};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::factor::Factor;
use signet_protocol::secret::Secret;
use signet_service::authorize::{EnrolForm, EnrolStep};

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let posted = match Posted::read(&request, payload, &state).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let Some(step) = step(&posted) else {
        return outcome::no_choice(&state, posted.browser.viewer());
    };
    let form = EnrolForm { request: posted.field("request"), step };
    let outcome = state.service.authorizations.enrol(form, &posted.browser.visit()).await;
    outcome::show(&state, posted.browser.viewer(), outcome, Arrival::Form)
}

/// `POST` of a page that only told something.
pub async fn go_on(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let posted = match Posted::read(&request, payload, &state).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let visit = posted.browser.visit();
    let outcome = state.service.authorizations.go_on(&posted.field("request"), &visit).await;
    outcome::show(&state, posted.browser.viewer(), outcome, Arrival::Form)
}

/// What was sent; none: the form does not say which factor it is about.
fn step(posted: &Posted) -> Option<EnrolStep> {
    if posted.form.has("credential") {
        return Some(EnrolStep::Passkey {
            state: posted.field("state"),
            credential: posted.field("credential"),
            name: posted.field("name"),
        });
    }
    if posted.form.has("code") {
        return Some(EnrolStep::Totp {
            state: posted.field("state"),
            code: Secret::new(posted.field("code")),
        });
    }
    Factor::named(posted.form.get("factor")?).map(EnrolStep::Choose)
}

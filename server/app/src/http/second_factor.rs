//! The second factor's form.

use super::State;
use super::extract::Posted;
use super::outcome::{self, Arrival};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::factor::Factor;
use signet_protocol::secret::Secret;
use signet_service::authorize::{FactorAnswer, SecondFactorForm};

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let posted = match Posted::read(&request, payload, &state).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let Some(answer) = answer(&posted) else {
        return outcome::no_choice(&state, posted.browser.viewer());
    };
    let remember = posted.form.has("remember");
    let form = SecondFactorForm { request: posted.field("request"), answer, remember };
    let outcome = state.service.authorizations.second_factor(form, &posted.browser.visit()).await;
    outcome::show(&state, posted.browser.viewer(), outcome, Arrival::Form)
}

/// What was answered; none: the form does not say which factor it is about.
fn answer(posted: &Posted) -> Option<FactorAnswer> {
    if let Some(other) = posted.form.get("instead") {
        return Factor::named(other).map(FactorAnswer::Instead);
    }
    if posted.form.has("credential") {
        let (state, credential) = (posted.field("state"), posted.field("credential"));
        return Some(FactorAnswer::Passkey { state, credential });
    }
    let factor = Factor::named(posted.form.get("factor")?)?;
    Some(FactorAnswer::Code { factor, code: Secret::new(posted.field("code")) })
}

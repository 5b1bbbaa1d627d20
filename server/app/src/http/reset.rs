//! A new password, by a link. Opening it changes nothing: mail scanners open links, too.

use super::State;
use super::links::Visitor;
use crate::pages::{LinkResult, Reset};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::secret::Secret;
use signet_service::links::{ResetOutcome, paths};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::RESET);
    let token = match visitor.token(&request) {
        Ok(token) => token,
        Err(response) => return response,
    };
    let links = &state.service.links;
    match links.open_reset(&token, &visitor.browser.visit()).await {
        Ok(Some(link)) => visitor.show_form(Ok(link.form), |form| Reset {
            form,
            account: link.address,
            min_length: state.service.passwords.policy().min_length,
            problem: None,
        }),
        Ok(None) => visitor.gone(again(&state)),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::RESET);
    let form = match visitor.form(&request, payload).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let field = |name| form.get(name).unwrap_or_default();
    let sealed = field("request");
    let password = Secret::new(field("password").to_owned());
    let outcome = state.service.links.reset(sealed, &password, &visitor.browser.visit()).await;
    match outcome {
        Ok(ResetOutcome::Done) => visitor.result(&LinkResult::password_changed()),
        Ok(ResetOutcome::Gone) => visitor.gone(again(&state)),
        Ok(ResetOutcome::NotChosen(not_chosen)) => visitor.not_chosen(not_chosen, |problem| Reset {
            form: visitor.own_form(sealed),
            account: field("username").to_owned(),
            min_length: state.service.passwords.policy().min_length,
            problem: Some(problem),
        }),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

fn again(state: &State) -> Option<&'static str> {
    state.service.links.offers_reset().then_some(paths::FORGOT)
}

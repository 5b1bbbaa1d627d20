//! A new password, by a link. Opening it changes nothing: mail scanners open links, too.

use super::State;
use super::answer::limited;
use super::extract::query;
use super::links::{BUSY, Visitor};
use super::page;
use crate::pages::{ChoiceProblem, LinkResult, Reset, Wait};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::secret::Secret;
use signet_service::links::{ResetOutcome, paths};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::RESET);
    let query = match query(&request) {
        Ok(query) => query,
        Err(unreadable) => return page::unreadable(&state, visitor.browser.viewer(), unreadable),
    };
    let links = &state.service.links;
    let token = query.get("token").unwrap_or_default();
    match links.open_reset(token, &visitor.browser.visit()).await {
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
    let mut reached = None;
    let (problem, status) = match state.service.links.reset(sealed, &password, &visitor.browser.visit()).await
    {
        Ok(ResetOutcome::Done) => return visitor.result(&LinkResult::password_changed()),
        Ok(ResetOutcome::Gone) => return visitor.gone(again(&state)),
        Ok(ResetOutcome::Unfit(faults)) => {
            let faults = faults.into_iter().map(Into::into).collect();
            (ChoiceProblem { faults, ..ChoiceProblem::default() }, StatusCode::BAD_REQUEST)
        }
        Ok(ResetOutcome::Busy) => {
            let wait = Some(Wait(BUSY));
            (ChoiceProblem { wait, ..ChoiceProblem::default() }, StatusCode::SERVICE_UNAVAILABLE)
        }
        Ok(ResetOutcome::Limited(limited)) => {
            reached = Some(limited);
            let wait = Some(Wait(limited.retry_after));
            (ChoiceProblem { limited: wait, ..ChoiceProblem::default() }, StatusCode::TOO_MANY_REQUESTS)
        }
        Err(refusal) => return visitor.refuse(&refusal),
    };
    let wait = problem.wait.map(|_| BUSY);
    let page = Reset {
        form: visitor.own_form(sealed),
        account: field("username").to_owned(),
        min_length: state.service.passwords.policy().min_length,
        problem: Some(problem),
    };
    let mut response = visitor.show(&page, status, wait);
    if let Some(reached) = &reached {
        limited(&mut response, reached);
    }
    response
}

fn again(state: &State) -> Option<&'static str> {
    state.service.links.offers_reset().then_some(paths::FORGOT)
}

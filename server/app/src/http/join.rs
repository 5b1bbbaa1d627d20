//! A new account, by an invitation or by a link that somebody asked for.

use super::State;
use super::answer::limited;
use super::extract::query;
use super::links::{BUSY, Visitor};
use super::page;
use crate::pages::{ChoiceProblem, Join, LinkResult, UsernameProblem, Wait};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::secret::Secret;
use signet_service::links::{JoinOutcome, NewAccount, OpenLink, paths};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::JOIN);
    let query = match query(&request) {
        Ok(query) => query,
        Err(unreadable) => return page::unreadable(&state, visitor.browser.viewer(), unreadable),
    };
    let token = query.get("token").unwrap_or_default();
    match state.service.links.open_joining(token, &visitor.browser.visit()).await {
        Ok(Some(OpenLink { form, address, name })) => visitor.show_form(Ok(form), |form| Join {
            form: form.with("address", address.clone()),
            address,
            username: String::new(),
            name: name.unwrap_or_default(),
            min_length: state.service.passwords.policy().min_length,
            problem: None,
        }),
        Ok(None) => visitor.gone(again(&state)),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::JOIN);
    let form = match visitor.form(&request, payload).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let field = |name| form.get(name).unwrap_or_default().to_owned();
    let sealed = field("request");
    let account = NewAccount {
        username: field("username"),
        name: field("name"),
        password: Secret::new(field("password")),
        language: visitor.browser.viewer().language.tag().to_owned(),
    };
    let outcome = state.service.links.join(&sealed, account, &visitor.browser.visit()).await;
    let mut reached = None;
    let (problem, status) = match outcome {
        Ok(JoinOutcome::Done) => return visitor.result(&LinkResult::joined()),
        Ok(JoinOutcome::Gone) => return visitor.gone(again(&state)),
        Ok(JoinOutcome::Username) => (username(UsernameProblem::Unfit), StatusCode::BAD_REQUEST),
        Ok(JoinOutcome::UsernameTaken) => (username(UsernameProblem::Taken), StatusCode::BAD_REQUEST),
        Ok(JoinOutcome::Unfit(faults)) => {
            let faults = faults.into_iter().map(Into::into).collect();
            (ChoiceProblem { faults, ..ChoiceProblem::default() }, StatusCode::BAD_REQUEST)
        }
        Ok(JoinOutcome::Busy) => {
            let wait = Some(Wait(BUSY));
            (ChoiceProblem { wait, ..ChoiceProblem::default() }, StatusCode::SERVICE_UNAVAILABLE)
        }
        Ok(JoinOutcome::Limited(limited)) => {
            reached = Some(limited);
            let wait = Some(Wait(limited.retry_after));
            (ChoiceProblem { limited: wait, ..ChoiceProblem::default() }, StatusCode::TOO_MANY_REQUESTS)
        }
        Err(refusal) => return visitor.refuse(&refusal),
    };
    let wait = problem.wait.map(|_| BUSY);
    let page = Join {
        form: visitor.own_form(sealed).with("address", field("address")),
        address: field("address"),
        username: field("username"),
        name: field("name"),
        min_length: state.service.passwords.policy().min_length,
        problem: Some(problem),
    };
    let mut response = visitor.show(&page, status, wait);
    if let Some(reached) = &reached {
        limited(&mut response, reached);
    }
    response
}

fn username(problem: UsernameProblem) -> ChoiceProblem {
    ChoiceProblem { username: Some(problem), ..ChoiceProblem::default() }
}

fn again(state: &State) -> Option<&'static str> {
    state.service.links.offers_registration().then_some(paths::REGISTER)
}

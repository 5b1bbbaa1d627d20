//! A new account, by an invitation or by a link that somebody asked for.

use super::State;
use super::links::Visitor;
use crate::pages::{ChoiceProblem, Join, LinkResult, UsernameProblem};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::secret::Secret;
use signet_service::links::{JoinOutcome, NewAccount, OpenLink, paths};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::JOIN);
    let token = match visitor.token(&request) {
        Ok(token) => token,
        Err(response) => return response,
    };
    match state.service.links.open_joining(&token, &visitor.browser.visit()).await {
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
    let page = |problem| Join {
        form: visitor.own_form(&*sealed).with("address", field("address")),
        address: field("address"),
        username: field("username"),
        name: field("name"),
        min_length: state.service.passwords.policy().min_length,
        problem: Some(problem),
    };
    let unfit = |problem| visitor.show(&page(username(problem)), StatusCode::BAD_REQUEST, None);
    match outcome {
        Ok(JoinOutcome::Done) => visitor.result(&LinkResult::joined()),
        Ok(JoinOutcome::Gone) => visitor.gone(again(&state)),
        Ok(JoinOutcome::Username) => unfit(UsernameProblem::Unfit),
        Ok(JoinOutcome::UsernameTaken) => unfit(UsernameProblem::Taken),
        Ok(JoinOutcome::NotChosen(not_chosen)) => visitor.not_chosen(not_chosen, page),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

fn username(problem: UsernameProblem) -> ChoiceProblem {
    ChoiceProblem { username: Some(problem), ..ChoiceProblem::default() }
}

fn again(state: &State) -> Option<&'static str> {
    state.service.links.offers_registration().then_some(paths::REGISTER)
}

//! A forgotten password: asks for a link by mail.

use super::State;
use super::links::{Visitor, not_offered};
use crate::pages::{AskProblem, Forgot};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::links::{Asked, RESET_MINUTES, paths};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let links = &state.service.links;
    if !links.offers_reset() {
        return not_offered(request).await;
    }
    let visitor = Visitor::of(&request, &state, paths::FORGOT);
    let form = links.forgot_form(&visitor.browser.visit());
    visitor.show_form(form, |form| page(form, String::new(), None))
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let links = &state.service.links;
    if !links.offers_reset() {
        return not_offered(request).await;
    }
    let visitor = Visitor::of(&request, &state, paths::FORGOT);
    let form = match visitor.form(&request, payload).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let field = |name| form.get(name).unwrap_or_default();
    let (sealed, username) = (field("request"), field("username"));
    let again = |problem| page(visitor.own_form(sealed), username.to_owned(), Some(problem));
    if username.trim().is_empty() {
        return visitor.show(&again(AskProblem::Unfit), StatusCode::BAD_REQUEST, None);
    }
    match links.forgot(sealed, username, &visitor.browser.visit()).await {
        Ok(Asked) => {
            let sent = Forgot { sent: true, ..page(visitor.own_form(""), String::new(), None) };
            visitor.show(&sent, StatusCode::OK, None)
        }
        Err(not_asked) => visitor.not_asked(not_asked, again),
    }
}

fn page(form: crate::pages::Form, username: String, problem: Option<AskProblem>) -> Forgot {
    Forgot { form, username, sent: false, minutes: RESET_MINUTES, problem }
}

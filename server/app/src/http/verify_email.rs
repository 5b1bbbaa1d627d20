//! An address is shown to be somebody's, by a link; its page's button does it.

use super::State;
use super::links::Visitor;
use crate::pages::{LinkResult, VerifyEmail};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::links::paths;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::VERIFY_EMAIL);
    let token = match visitor.token(&request) {
        Ok(token) => token,
        Err(response) => return response,
    };
    match state.service.links.open_verification(&token, &visitor.browser.visit()).await {
        Ok(Some(link)) => visitor.show_form(Ok(link.form), |form| VerifyEmail {
            form,
            address: link.address,
            account: link.name.unwrap_or_default(),
        }),
        Ok(None) => visitor.gone(None),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::VERIFY_EMAIL);
    let form = match visitor.form(&request, payload).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let sealed = form.get("request").unwrap_or_default();
    match state.service.links.verify(sealed, &visitor.browser.visit()).await {
        Ok(true) => visitor.result(&LinkResult::email_verified()),
        Ok(false) => visitor.gone(None),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

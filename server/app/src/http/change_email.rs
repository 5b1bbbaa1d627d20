//! Another address, by two links: each page's button is what agrees to it.

use super::State;
use super::links::Visitor;
use crate::pages::{ChangeEmail, LinkResult};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::links::{ChangeOpened, ChangeOutcome, Mailbox, OpenChange, paths};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::CHANGE_EMAIL);
    let token = match visitor.token(&request) {
        Ok(token) => token,
        Err(response) => return response,
    };
    let visit = visitor.browser.visit();
    let opened = async {
        let present = state.service.authorizations.signed_in(&visit).await?;
        state.service.links.open_change(&token, present.as_ref(), &visit).await
    };
    match opened.await {
        Ok(ChangeOpened::Open(link)) => {
            let OpenChange { form, mailbox, address, account } = *link;
            let approves = mailbox == Mailbox::Old;
            visitor.show_form(Ok(form), |form| ChangeEmail { form, approves, address, account })
        }
        Ok(ChangeOpened::SignIn) => visitor.result(&LinkResult::sign_in_first()),
        Ok(ChangeOpened::Gone) => visitor.gone(None),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state, paths::CHANGE_EMAIL);
    let form = match visitor.form(&request, payload).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let (sealed, agrees) = (form.get("request").unwrap_or_default(), !form.has("refuse"));
    let visit = visitor.browser.visit();
    let answered = async {
        let present = state.service.authorizations.signed_in(&visit).await?;
        state.service.links.answer_change(sealed, agrees, present.as_ref(), &visit).await
    };
    match answered.await {
        Ok(ChangeOutcome::SignIn) => visitor.result(&LinkResult::sign_in_first()),
        Ok(ChangeOutcome::Changed) => visitor.result(&LinkResult::email_changed()),
        Ok(ChangeOutcome::Waiting) => visitor.result(&LinkResult::email_change_waiting()),
        Ok(ChangeOutcome::Refused) => visitor.result(&LinkResult::email_change_refused()),
        Ok(ChangeOutcome::Gone) => visitor.gone(None),
        Err(refusal) => visitor.refuse(&refusal),
    }
}

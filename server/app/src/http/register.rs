//! An account that somebody wants: asks for their address.

use super::State;
use super::links::{Visitor, not_offered};
use crate::pages::{AskProblem, Form, Register};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::links::{Asked, paths};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let links = &state.service.links;
    if !links.offers_registration() {
        return not_offered(request).await;
    }
    let visitor = Visitor::of(&request, &state, paths::REGISTER);
    let form = links.register_form(&visitor.browser.visit());
    visitor.show_form(form, |form| page(&state, form, String::new(), None))
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let links = &state.service.links;
    if !links.offers_registration() {
        return not_offered(request).await;
    }
    let visitor = Visitor::of(&request, &state, paths::REGISTER);
    let form = match visitor.form(&request, payload).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let field = |name| form.get(name).unwrap_or_default();
    let (sealed, email) = (field("request"), field("email"));
    let language = visitor.browser.viewer().language.tag();
    match links.register(sealed, (email, language), &visitor.browser.visit()).await {
        Ok(Asked) => {
            let sent = page(&state, visitor.own_form(""), email.trim().to_owned(), None);
            visitor.show(&Register { sent: true, ..sent }, StatusCode::OK, None)
        }
        Err(not_asked) => {
            let form = visitor.own_form(sealed);
            visitor.not_asked(not_asked, |problem| page(&state, form, email.to_owned(), Some(problem)))
        }
    }
}

fn page(state: &State, form: Form, email: String, problem: Option<AskProblem>) -> Register {
    let domains = &state.service.settings.live().registration_domains;
    let domains = (!domains.is_empty()).then(|| domains.join(", "));
    Register { form, email, domains, sent: false, problem }
}

//! The account's first page.

use super::entrance::{Answered, enter};
use super::{EMAIL, OVERVIEW, SECURITY};
use crate::http::State;
use crate::http::visitor::Visitor;
use crate::pages::AskProblem;
use crate::pages::account::AccountOverview;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    show(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn show(request: &HttpRequest, state: &State) -> Answered {
    let visitor = enter(request, state, &OVERVIEW).await?;
    Ok(visitor.show(&page(&visitor, None).await?))
}

/// The page, and why no link was sent that verifies the address, if one was asked for.
pub(super) async fn page(
    visitor: &Visitor<'_>,
    problem: Option<AskProblem>,
) -> Result<AccountOverview, HttpResponse> {
    let (service, present) = (&visitor.state.service, &visitor.present);
    let unavailable = |error| visitor.unavailable(&error);
    let sessions = service.account.sessions(present).await.map_err(unavailable)?;
    let applications = service.account.applications(present).await.map_err(unavailable)?;
    let pending = service.links.pending_change(present).await.map_err(unavailable)?;
    let protection = service.account.protection(present).await.map_err(unavailable)?;
    let user = &present.user;
    let verifies = service.links.offers_reset() && user.email.is_some() && !user.email_verified;
    Ok(AccountOverview {
        frame: visitor.frame(),
        username: user.username.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified,
        email_pending: pending.map(|pending| pending.address),
        email_url: visitor.state.path(EMAIL.path),
        verify_form: if verifies { Some(visitor.form()?) } else { None },
        verify_problem: problem,
        signed_in_at: visitor.times().show(present.session.created_at),
        app: protection.enrolled.totp,
        passkey: protection.enrolled.passkey,
        advised: protection.advised,
        security_url: visitor.state.path(SECURITY.path),
        sessions: sessions.len(),
        applications: applications.len(),
    })
}

//! The account's first page.

use super::entrance::{Answered, enter};
use super::{OVERVIEW, SECURITY};
use crate::http::State;
use crate::pages::account::AccountOverview;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    page(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn page(request: &HttpRequest, state: &State) -> Answered {
    let visitor = enter(request, state, &OVERVIEW).await?;
    let (account, present) = (&state.service.account, &visitor.present);
    let sessions = account.sessions(present).await.map_err(|error| visitor.unavailable(&error))?;
    let applications = account.applications(present).await.map_err(|error| visitor.unavailable(&error))?;
    let protection = account.protection(present).await.map_err(|error| visitor.unavailable(&error))?;
    let user = &present.user;
    Ok(visitor.show(&AccountOverview {
        frame: visitor.frame(),
        username: user.username.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified,
        signed_in_at: visitor.times().show(present.session.created_at),
        app: protection.enrolled.totp,
        passkey: protection.enrolled.passkey,
        advised: protection.advised,
        security_url: state.path(SECURITY.path),
        sessions: sessions.len(),
        applications: applications.len(),
    }))
}

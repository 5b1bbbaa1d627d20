//! A person has their account deleted, and may think again.

use super::entrance::{Answered, enter, enter_leaving};
use super::{DELETE, KEEP, OVERVIEW};
use crate::http::State;
use crate::http::extract::Viewer;
use crate::http::outcome::account;
use crate::http::page::{Posts, redirect, show_with};
use crate::http::visitor::Visitor;
use crate::pages::account::{AccountDelete, AccountLeaving};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::account::DeletionOutcome;

/// `GET`: asks first.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    ask(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn ask(request: &HttpRequest, state: &State) -> Answered {
    let visitor = enter(request, state, &DELETE).await?;
    Ok(visitor.show(&page(&visitor, false).await?))
}

async fn page(visitor: &Visitor<'_>, refused: bool) -> Result<AccountDelete, HttpResponse> {
    let state = visitor.state;
    let found = state.service.account.applications(&visitor.present).await;
    let applications = found.map_err(|error| visitor.unavailable(&error))?;
    let name = |connected: signet_service::account::Connected| connected.client.client.client_name.clone();
    Ok(AccountDelete {
        frame: visitor.frame(),
        form: visitor.form()?,
        account: account(&visitor.present.user).to_owned(),
        applications: applications.into_iter().map(name).collect(),
        grace_days: state.service.account.grace_days(),
        refused,
    })
}

/// `POST`: it is going to be deleted.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    schedule(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn schedule(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &DELETE).await?;
    visitor.sent(request, payload).await?;
    let origin = &visitor.browser.viewer().origin;
    let scheduled = state.service.account.schedule_deletion(&visitor.present, origin).await;
    let at = match scheduled.map_err(|why| visitor.not_done(&why))? {
        DeletionOutcome::At(at) => at,
        DeletionOutcome::LastAdministrator => {
            let (viewer, page) = (visitor.browser.viewer(), page(&visitor, true).await?);
            return Ok(show_with(state, viewer, &page, Posts::Here, StatusCode::CONFLICT));
        }
    };
    let at = visitor.times().show(at);
    let page = AccountLeaving { at, form: None, url: state.path(OVERVIEW.path) };
    let mut response = visitor.show(&page);
    state.cookie_names().remove_session(&mut response);
    Ok(response)
}

/// `GET`: whoever had to sign in before it is kept comes back here, and is asked once more if it is going to be deleted.
pub async fn to_keep(request: HttpRequest, state: Data<State>) -> HttpResponse {
    redirect(&state, &Viewer::of(&request, &state), &state.path(OVERVIEW.path))
}

/// `POST`: it is kept after all.
pub async fn keep(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    stay(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn stay(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter_leaving(request, state, &KEEP).await?;
    visitor.sent(request, payload).await?;
    let origin = &visitor.browser.viewer().origin;
    let kept = state.service.account.keep(&visitor.present, origin).await;
    kept.map_err(|error| visitor.unavailable(&error))?;
    Ok(visitor.done_at(&OVERVIEW, "kept"))
}

//! The page at `/`.

use super::extract::Browser;
use super::outcome::display_name;
use super::{State, account, console, page};
use crate::pages::{Home, Times};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::audit::Origin;
use signet_protocol::metadata::paths;
use signet_service::authorize::Present;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let browser = Browser::of(&request, &state);
    // A start page that can't tell who is signed in is still a start page.
    let person = state.service.authorizations.signed_in(&browser.visit()).await.unwrap_or_default();
    let administers = match &person {
        Some(present) => administers(&state, present, &browser.viewer().origin).await,
        None => false,
    };
    let home = Home {
        console_url: administers.then(|| state.path(console::CONSOLE)),
        issuer: state.issuer.to_string(),
        discovery_url: state.issuer.url(paths::OPENID_CONFIGURATION),
        demo_url: state.demo_url.clone(),
        mail_folder: state.mail_folder.clone(),
        account_url: person.is_some().then(|| state.path(account::OVERVIEW.path)),
        sign_out_url: person.is_some().then(|| state.path(paths::LOGOUT)),
        signed_in_as: person.as_ref().map(|person| display_name(&person.user).to_owned()),
        signed_in_at: person.as_ref().map(|person| {
            Times::of(person.user.profile.zoneinfo.as_deref(), state.service.now())
                .show(person.session.authentication.auth_time)
        }),
        version: env!("CARGO_PKG_VERSION"),
    };
    page::show(&state, browser.viewer(), &home, page::Posts::Here)
}

/// Whether somebody may administer anything. A database that cannot say so leaves the link out, no more.
async fn administers(state: &State, present: &Present, origin: &Origin) -> bool {
    let actor = state.service.administrator(present, origin).await;
    actor.is_ok_and(|actor| !actor.permissions().is_empty())
}

//! The page at `/`.

use super::extract::Browser;
use super::outcome::display_name;
use super::{State, account, page};
use crate::pages::{Home, Times};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::metadata::paths;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let browser = Browser::of(&request, &state);
    // A start page that can't tell who is signed in is still a start page.
    let person = state.service.authorizations.signed_in(&browser.visit()).await.unwrap_or_default();
    let home = Home {
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

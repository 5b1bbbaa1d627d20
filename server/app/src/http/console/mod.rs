//! The console: `service::admin` for people. Every page has its file; what it changes goes through the same functions as
//! the administration API.

mod api_fields;
mod apis;
mod areas;
mod audit;
mod begin;
mod clients;
mod emergency;
mod entrance;
mod groups;
mod keys;
mod limits;
mod mails;
mod new_client;
mod one_api;
mod one_client;
mod one_event;
mod overview;
mod parties;
mod preview;
mod refusals;
mod roles;
mod seen;
mod sessions;
mod settings;
mod trial;
mod users;

pub use entrance::path_of;

use super::routes::{get, get_only, resource};
use crate::config::Issuer;
use crate::pages::Words;
use actix_web::web;

/// Where the console begins.
pub const CONSOLE: &str = "/console";
const CLIENTS: &str = "/console/clients";
const AUDIT: &str = "/console/audit";
const NEW_CLIENT: &str = "/console/new-client";
const REFUSALS: &str = "/console/refusals";
const APIS: &str = "/console/apis";
const NEW_API: &str = "/console/new-api";
const OVERVIEW: &str = "/console/overview";
const KEYS: &str = "/console/keys";
const LIMITS: &str = "/console/limits";
const MAILS: &str = "/console/mails";
const SETTINGS: &str = "/console/settings";

/// What a page can say was just done, by the word that stands in its address.
const DONE: &[(&str, Words)] = &[
    ("changed", Words("console-done-changed")),
    ("enabled", Words("console-done-enabled")),
    ("disabled", Words("console-done-disabled")),
    ("removed", Words("console-done-removed")),
    ("api-removed", Words("console-done-api-removed")),
    ("rotated", Words("console-done-rotated")),
    ("key-revoked", Words("console-done-key-revoked")),
    ("released", Words("console-done-released")),
    ("mail-again", Words("console-done-mail-again")),
    ("mail-given-up", Words("console-done-mail-given-up")),
    ("old", Words("done-old")),
    ("invited", Words("done-user-invited")),
    ("made", Words("done-user-made")),
    ("reset", Words("done-user-reset")),
    ("unlocked", Words("done-user-unlocked")),
    ("user-disabled", Words("done-user-disabled")),
    ("user-enabled", Words("done-user-enabled")),
    ("user-removed", Words("done-user-removed")),
    ("ended", Words("done-user-ended")),
    ("factor", Words("done-user-factor")),
    ("session", Words("done-user-session")),
    ("sessions", Words("done-user-sessions")),
    ("grant", Words("done-user-grant")),
    ("grants", Words("done-user-grants")),
    ("group-removed", Words("done-group-removed")),
    ("role-removed", Words("done-role-removed")),
];

/// The console's routes.
pub fn configure(config: &mut web::ServiceConfig, issuer: &Issuer) {
    let at = |path: &str| format!("{}{path}", issuer.path());
    let both = "GET, HEAD, POST";
    config
        .service(get_only(at(CONSOLE)).route(get().to(begin::get)))
        .service(get_only(at(REFUSALS)).route(get().to(refusals::get)))
        .service(get_only(at(AUDIT)).route(get().to(audit::get)))
        .service(get_only(at("/console/audit/{event_id}")).route(get().to(one_event::get)))
        .service(get_only(at(CLIENTS)).route(get().to(clients::get)))
        .service(
            resource(at(NEW_CLIENT), both)
                .route(get().to(new_client::get))
                .route(web::post().to(new_client::post)),
        )
        .service(
            resource(at("/console/clients/{client_id}"), both)
                .route(get().to(one_client::get))
                .route(web::post().to(one_client::post)),
        )
        .service(
            resource(at("/console/clients/{client_id}/{action:secret|state|remove}"), both)
                .route(get().to(one_client::ask))
                .route(web::post().to(one_client::act)),
        )
        .service(get_only(at("/console/clients/{client_id}/preview")).route(get().to(preview::get)))
        .service(
            resource(at("/console/clients/{client_id}/try"), both)
                .route(get().to(trial::get))
                .route(web::post().to(trial::post)),
        )
        .service(get_only(at(sessions::SESSIONS)).route(get().to(sessions::get)))
        .service(
            resource(at(emergency::EMERGENCY), both)
                .route(get().to(emergency::get))
                .route(web::post().to(emergency::post)),
        )
        .configure(|config| users::configure(config, &at))
        .configure(|config| groups::configure(config, &at))
        .configure(|config| roles::configure(config, &at))
        .configure(|config| apis(config, &at))
        .configure(|config| operations(config, &at));
}

fn apis(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    let both = "GET, HEAD, POST";
    config
        .service(get_only(at(APIS)).route(get().to(apis::get)))
        .service(resource(at(NEW_API), both).route(get().to(apis::begin)).route(web::post().to(apis::post)))
        .service(
            resource(at("/console/apis/{identifier}"), both)
                .route(get().to(one_api::get))
                .route(web::post().to(one_api::post)),
        )
        .service(
            resource(at("/console/apis/{identifier}/remove"), both)
                .route(get().to(one_api::ask))
                .route(web::post().to(one_api::remove)),
        );
}

fn operations(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    let both = "GET, HEAD, POST";
    config
        .service(get_only(at(OVERVIEW)).route(get().to(overview::get)))
        .service(resource(at(KEYS), both).route(get().to(keys::get)).route(web::post().to(keys::post)))
        .service(
            resource(at("/console/keys/{kid}/revoke"), both)
                .route(get().to(keys::ask))
                .route(web::post().to(keys::revoke)),
        )
        .service(
            resource(at(SETTINGS), both).route(get().to(settings::get)).route(web::post().to(settings::post)),
        )
        .service(resource(at(LIMITS), both).route(get().to(limits::get)).route(web::post().to(limits::post)))
        .service(resource(at(MAILS), both).route(get().to(mails::get)).route(web::post().to(mails::post)))
        .service(
            resource(at("/console/mails/{mail_id}/give-up"), both)
                .route(get().to(mails::ask))
                .route(web::post().to(mails::give_up)),
        );
}

//! The console: `service::admin` for people. Every page has its file; what it changes goes through the same functions as
//! the administration API.

mod areas;
mod audit;
mod begin;
mod clients;
mod emergency;
mod entrance;
mod groups;
mod new_client;
mod one_client;
mod one_event;
mod parties;
mod preview;
mod roles;
mod sessions;
mod users;

use super::routes::{get, get_only, resource};
use crate::config::Issuer;
use crate::pages::Words;
use actix_web::web;

/// Where the console begins.
pub const CONSOLE: &str = "/console";
const CLIENTS: &str = "/console/clients";
const AUDIT: &str = "/console/audit";
const NEW_CLIENT: &str = "/console/new-client";

/// What a page can say was just done, by the word that stands in its address.
const DONE: &[(&str, Words)] = &[
    ("changed", Words("console-done-changed")),
    ("enabled", Words("console-done-enabled")),
    ("disabled", Words("console-done-disabled")),
    ("removed", Words("console-done-removed")),
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
        .service(get_only(at(sessions::SESSIONS)).route(get().to(sessions::get)))
        .service(
            resource(at(emergency::EMERGENCY), both)
                .route(get().to(emergency::get))
                .route(web::post().to(emergency::post)),
        )
        .configure(|config| users::configure(config, &at))
        .configure(|config| groups::configure(config, &at))
        .configure(|config| roles::configure(config, &at));
}

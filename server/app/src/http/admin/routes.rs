//! Where each call of the administration API is answered.

use super::{
    audit, clients, docs, emergency, factors, grants, groups, invitations, keys, limits, mails, openapi,
    overview, preview, refusals, resources, roles, sessions, settings, users,
};
use crate::config::Issuer;
use crate::http::routes::{get, get_only, post_only, resource};
use actix_web::web;
use signet_protocol::metadata::paths::ADMINISTRATION;

/// The API's routes.
pub fn configure(config: &mut web::ServiceConfig, issuer: &Issuer) {
    let at = |path: &str| format!("{}{ADMINISTRATION}{path}", issuer.path());
    config
        .service(get_only(at("/openapi.json")).route(get().to(openapi::get)))
        .service(get_only(at("/docs")).route(get().to(docs::get)))
        .service(
            resource(at("/clients"), "GET, HEAD, POST")
                .route(get().to(clients::list))
                .route(web::post().to(clients::create)),
        )
        .service(
            resource(at("/clients/{client_id}"), "GET, HEAD, PATCH, DELETE")
                .route(get().to(clients::read))
                .route(web::patch().to(clients::change))
                .route(web::delete().to(clients::remove)),
        )
        .service(post_only(at("/clients/{client_id}/secrets")).route(web::post().to(clients::rotate_secret)))
        .service(
            resource(at("/clients/{client_id}/secrets/{secret_id}"), "DELETE")
                .route(web::delete().to(clients::remove_secret)),
        )
        .service(post_only(at("/clients/{client_id}/end-tokens")).route(web::post().to(clients::end_tokens)))
        .service(post_only(at("/clients/{client_id}/token-preview")).route(web::post().to(preview::preview)))
        .configure(|config| users(config, &at))
        .configure(|config| roles_and_groups(config, &at))
        .configure(|config| endings(config, &at))
        .configure(|config| operations(config, &at));
}

fn users(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    config
        .service(
            resource(at("/users"), "GET, HEAD, POST")
                .route(get().to(users::list))
                .route(web::post().to(users::create)),
        )
        .service(
            resource(at("/users/{user_id}"), "GET, HEAD, PATCH, DELETE")
                .route(get().to(users::read))
                .route(web::patch().to(users::change))
                .route(web::delete().to(users::remove)),
        )
        .service(
            post_only(at("/users/{user_id}/reset-password")).route(web::post().to(users::reset_password)),
        )
        .service(post_only(at("/users/{user_id}/unlock")).route(web::post().to(users::unlock)))
        .service(post_only(at("/users/{user_id}/end-all")).route(web::post().to(users::end_all)))
        .service(
            resource(at("/users/{user_id}/factors"), "GET, HEAD, DELETE")
                .route(get().to(factors::list))
                .route(web::delete().to(factors::remove_all)),
        )
        .service(
            resource(at("/users/{user_id}/factors/totp"), "DELETE")
                .route(web::delete().to(factors::remove_app)),
        )
        .service(
            resource(at("/users/{user_id}/factors/passkeys/{passkey_id}"), "DELETE")
                .route(web::delete().to(factors::remove_passkey)),
        )
        .service(post_only(at("/invitations")).route(web::post().to(invitations::create)));
}

fn roles_and_groups(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    config
        .service(
            resource(at("/roles"), "GET, HEAD, POST")
                .route(get().to(roles::list))
                .route(web::post().to(roles::create)),
        )
        .service(
            resource(at("/roles/{name}"), "GET, HEAD, PATCH, DELETE")
                .route(get().to(roles::read))
                .route(web::patch().to(roles::change))
                .route(web::delete().to(roles::remove)),
        )
        .service(
            resource(at("/groups"), "GET, HEAD, POST")
                .route(get().to(groups::list))
                .route(web::post().to(groups::create)),
        )
        .service(
            resource(at("/groups/{name}"), "GET, HEAD, PATCH, DELETE")
                .route(get().to(groups::read))
                .route(web::patch().to(groups::change))
                .route(web::delete().to(groups::remove)),
        )
        .service(get_only(at("/groups/{name}/members")).route(get().to(groups::members)))
        .service(
            resource(at("/groups/{name}/members/{user_id}"), "PUT, DELETE")
                .route(web::put().to(groups::join))
                .route(web::delete().to(groups::leave)),
        );
}

fn endings(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    let delete_only = |path: &str| resource(at(path), "DELETE");
    config
        .service(get_only(at("/sessions")).route(get().to(sessions::list)))
        .service(delete_only("/sessions/{sid}").route(web::delete().to(sessions::end)))
        .service(delete_only("/users/{user_id}/sessions").route(web::delete().to(sessions::end_of_user)))
        .service(get_only(at("/grants")).route(get().to(grants::list)))
        .service(delete_only("/grants/{grant_id}").route(web::delete().to(grants::end)))
        .service(delete_only("/users/{user_id}/grants").route(web::delete().to(grants::end_of_user)))
        .service(get_only(at("/audit")).route(get().to(audit::list)))
        .service(get_only(at("/audit/seals")).route(get().to(audit::seals)))
        .service(get_only(at("/audit/{event_id}")).route(get().to(audit::read)))
        .service(post_only(at("/emergency/end-all")).route(web::post().to(emergency::end_all)));
}

fn operations(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    config
        .service(get_only(at("/refusals")).route(get().to(refusals::list)))
        .service(get_only(at("/refusals/{request_id}")).route(get().to(refusals::read)))
        .service(get_only(at("/keys")).route(get().to(keys::list)))
        .service(post_only(at("/keys/rotate")).route(web::post().to(keys::rotate)))
        .service(post_only(at("/keys/{kid}/revoke")).route(web::post().to(keys::revoke)))
        .service(
            resource(at("/resources"), "GET, HEAD, POST")
                .route(get().to(resources::list))
                .route(web::post().to(resources::create)),
        )
        .service(
            resource(at("/resources/{identifier}"), "GET, HEAD, PATCH, DELETE")
                .route(get().to(resources::read))
                .route(web::patch().to(resources::change))
                .route(web::delete().to(resources::remove)),
        )
        .service(
            resource(at("/settings"), "GET, HEAD, PATCH")
                .route(get().to(settings::list))
                .route(web::patch().to(settings::change)),
        )
        .service(get_only(at("/overview")).route(get().to(overview::read)))
        .service(get_only(at("/limits")).route(get().to(limits::list)))
        .service(get_only(at("/limits/held-back")).route(get().to(limits::held_back)))
        .service(post_only(at("/limits/release")).route(web::post().to(limits::release)))
        .service(get_only(at("/mails")).route(get().to(mails::list)))
        .service(get_only(at("/mails/{mail_id}")).route(get().to(mails::read)))
        .service(post_only(at("/mails/{mail_id}/send-again")).route(web::post().to(mails::send_again)))
        .service(post_only(at("/mails/{mail_id}/give-up")).route(web::post().to(mails::give_up)));
}

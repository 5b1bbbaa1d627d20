//! The API's own description (OpenAPI 3.1), made from the code that answers.

use super::{
    audit, clients, common_answers, emergency, factors, grants, groups, invitations, keys, limits, mails,
    overview, preview, refusals, resources, roles, sessions, settings, users,
};
use crate::http::State;
use crate::http::answer::{JSON, fresh};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use serde_json::Value;
use signet_protocol::metadata::paths;
use signet_protocol::permission::Permission;
use utoipa::OpenApi;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{Components, Server};

/// The description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Signet administration",
        description = "What the console does, for programs. Every call carries an access token of this server that is meant \
            for this API (RFC 8707: `resource` is the API's own address) and has the scope that the call names; a person's \
            token lets do no more than their roles do. Refusals are `application/problem+json` (RFC 9457).",
    ),
    paths(
        clients::list,
        clients::create,
        clients::read,
        clients::change,
        clients::remove,
        clients::rotate_secret,
        clients::remove_secret,
        clients::end_tokens,
        preview::preview,
        users::list,
        users::create,
        users::read,
        users::change,
        users::remove,
        users::reset_password,
        users::unlock,
        users::end_all,
        factors::list,
        factors::remove_all,
        factors::remove_app,
        factors::remove_passkey,
        invitations::create,
        roles::list,
        roles::create,
        roles::read,
        roles::change,
        roles::remove,
        groups::list,
        groups::create,
        groups::read,
        groups::change,
        groups::remove,
        groups::members,
        groups::join,
        groups::leave,
        sessions::list,
        sessions::end,
        sessions::end_of_user,
        grants::list,
        grants::end,
        grants::end_of_user,
        resources::list,
        resources::create,
        resources::read,
        resources::change,
        resources::remove,
        limits::list,
        limits::held_back,
        limits::release,
        mails::list,
        mails::read,
        mails::send_again,
        mails::give_up,
        overview::read,
        settings::list,
        settings::change,
        keys::list,
        keys::rotate,
        keys::revoke,
        refusals::list,
        refusals::read,
        emergency::end_all,
        audit::list,
        audit::read,
        audit::seals,
    ),
    tags(
        (name = "clients", description = "Who may ask for tokens."),
        (name = "users", description = "People and their accounts."),
        (name = "roles", description = "What people can hold."),
        (name = "groups", description = "Who is in which, and what that gives them."),
        (name = "sessions", description = "Who is signed in where."),
        (name = "grants", description = "Which client may act for whom."),
        (name = "resources", description = "APIs and their scopes."),
        (name = "limits", description = "What is let through, and who is held back."),
        (name = "mails", description = "What waits to be sent, and what could not be."),
        (name = "overview", description = "How the deployment is, at one look."),
        (name = "settings", description = "What holds, and where it comes from."),
        (name = "audit", description = "What happened, and whether the record of it is whole."),
        (name = "keys", description = "What signs, seals and proves."),
        (name = "refusals", description = "Why requests were refused."),
        (name = "emergency", description = "What is left when nothing else helps."),
    )
)]
struct Api;

/// The description for a server of this issuer.
fn described(issuer: &str) -> utoipa::openapi::OpenApi {
    let mut api = Api::openapi();
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.servers = Some(vec![Server::new(format!("{issuer}{}", paths::ADMINISTRATION))]);
    let scopes = Permission::ALL.iter().map(|permission| (permission.scope(), permission.about()));
    let flow = ClientCredentials::new(format!("{issuer}{}", paths::TOKEN), Scopes::from_iter(scopes));
    let scheme = SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(flow)]));
    api.components.get_or_insert_with(Components::new).add_security_scheme("signet", scheme);
    api
}

/// The description, ready to be given away.
pub struct Description {
    /// As a document that is gone through.
    pub document: Value,
    /// As it is sent.
    json: Bytes,
}

impl Description {
    /// For a server of this issuer.
    pub fn of(issuer: &str) -> Self {
        // Names and texts can always be written.
        let mut document = serde_json::to_value(described(issuer)).unwrap_or_default();
        common_answers::complete(&mut document);
        common_answers::open_parts(&mut document);
        Self { json: document.to_string().into(), document }
    }
}

/// `GET`: anybody may read how the API works.
pub async fn get(state: Data<State>) -> HttpResponse {
    fresh(StatusCode::OK, JSON, state.description().json.clone())
}

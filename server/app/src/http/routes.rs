//! Which handler answers at which path, and what happens at every other one.

use super::{
    assets, authorize, consent, cors, discovery, health, home, introspect, jwks, logout, revoke,
    select_account, sign_in, token, unknown, userinfo,
};
use crate::config::Issuer;
use actix_web::guard::{self, Guard};
use actix_web::{Resource, web};
use signet_protocol::metadata::paths;

/// Where the sign-in form is posted.
pub const SIGN_IN: &str = "/oauth/sign-in";
/// Where the account form is posted.
pub const SELECT_ACCOUNT: &str = "/oauth/select-account";
/// Where the consent form is posted.
pub const CONSENT: &str = "/oauth/consent";
/// Where the sign-out form is posted.
pub const LOGOUT_CONFIRM: &str = "/oauth/logout/confirm";

/// All routes. An issuer with a path has its endpoints below it.
pub fn configure(config: &mut web::ServiceConfig, issuer: &Issuer) {
    let at = |path: &str| format!("{}{path}", issuer.path());
    config
        .service(post_only(at(paths::TOKEN)).route(web::post().to(token::post)).route(preflight("POST")))
        .service(post_only(at(paths::INTROSPECT)).route(web::post().to(introspect::post)))
        .service(post_only(at(paths::REVOKE)).route(web::post().to(revoke::post)).route(preflight("POST")))
        .service(get_only(at(paths::JWKS)).route(get().to(jwks::get)).route(preflight("GET, HEAD")))
        .service(
            resource(at(paths::USERINFO), "GET, HEAD, POST, OPTIONS")
                .route(get().to(userinfo::get))
                .route(web::post().to(userinfo::post))
                .route(preflight("GET, HEAD, POST")),
        )
        .service(
            resource(at(paths::AUTHORIZE), "GET, HEAD, POST")
                .route(get().to(authorize::get))
                .route(web::post().to(authorize::post)),
        )
        .service(post_only(at(SIGN_IN)).route(web::post().to(sign_in::post)))
        .service(post_only(at(SELECT_ACCOUNT)).route(web::post().to(select_account::post)))
        .service(post_only(at(CONSENT)).route(web::post().to(consent::post)))
        .service(post_only(at(LOGOUT_CONFIRM)).route(web::post().to(logout::confirm)))
        .service(
            resource(at(paths::LOGOUT), "GET, HEAD, POST")
                .route(get().to(logout::get))
                .route(web::post().to(logout::post)),
        );
    for path in discovery_paths(issuer) {
        config.service(get_only(path).route(get().to(discovery::get)).route(preflight("GET, HEAD")));
    }
    config
        .service(get_only("/health/live".to_owned()).route(get().to(health::live)))
        .service(get_only("/health/ready".to_owned()).route(get().to(health::ready)))
        .service(get_only("/assets/{path:.+}".to_owned()).route(get().to(assets::get)))
        .service(get_only("/".to_owned()).route(get().to(home::get)))
        .default_service(web::to(unknown::path));
}

/// OpenID Connect Discovery §4 appends its path to the issuer's; RFC 8414 §3 puts its own between host and path.
fn discovery_paths(issuer: &Issuer) -> [String; 2] {
    let path = issuer.path();
    [format!("{path}{}", paths::OPENID_CONFIGURATION), format!("{}{path}", paths::OAUTH_METADATA)]
}

/// A resource that answers every method but `allowed` with 405.
fn resource(path: String, allowed: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move |request| unknown::method(request, allowed)))
}

fn get_only(path: String) -> Resource {
    resource(path, "GET, HEAD")
}

fn post_only(path: String) -> Resource {
    resource(path, "POST")
}

/// RFC 9110 §9.3.2: HEAD is GET without the content, which the server leaves out by itself.
fn get() -> actix_web::Route {
    web::route().guard(guard::fn_guard(|context| guard::Get().check(context) || guard::Head().check(context)))
}

/// The browser's question before a cross-origin request.
fn preflight(methods: &'static str) -> actix_web::Route {
    web::method(actix_web::http::Method::OPTIONS).to(move || cors::preflight(methods))
}

//! Which handler answers at which path, and what happens at every other one.

use super::{
    account, admin, assets, authorize, change_email, consent, console, cors, discovery, enrol, forgot,
    health, home, introspect, join, jwks, logout, register, reset, revoke, second_factor, select_account,
    sign_in, token, unknown, userinfo, verify_email,
};
use crate::config::Issuer;
use actix_web::guard::{self, Guard};
use actix_web::{Resource, web};
use signet_protocol::metadata::paths;
use signet_service::links::paths as links;

/// Where the sign-in form is posted.
pub const SIGN_IN: &str = "/oauth/sign-in";
/// Where a passkey's answer is posted.
pub const PASSKEY: &str = "/oauth/passkey";
/// Where the second factor's form is posted.
pub const SECOND_FACTOR: &str = "/oauth/second-factor";
/// Where the forms are posted that set a factor up.
pub const ENROL: &str = "/oauth/enrol";
/// Where a page that only told something goes on.
pub const GO_ON: &str = "/oauth/continue";
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
        .service(
            resource(at(paths::TOKEN), "POST, OPTIONS")
                .route(web::post().to(token::post))
                .route(preflight("POST")),
        )
        .service(post_only(at(paths::INTROSPECT)).route(web::post().to(introspect::post)))
        .service(
            resource(at(paths::REVOKE), "POST, OPTIONS")
                .route(web::post().to(revoke::post))
                .route(preflight("POST")),
        )
        .service(document(at(paths::JWKS)).route(get().to(jwks::get)))
        .service(
            resource(at(paths::USERINFO), "GET, HEAD, POST, OPTIONS")
                .route(get().to(userinfo::get))
                .route(web::post().to(userinfo::post))
                .route(preflight("GET, HEAD, POST")),
        )
        .service(
            resource(at(paths::AUTHORIZE), "GET, POST")
                .route(web::get().to(authorize::get))
                .route(web::post().to(authorize::post)),
        )
        .service(post_only(at(SIGN_IN)).route(web::post().to(sign_in::post)))
        .service(post_only(at(PASSKEY)).route(web::post().to(sign_in::passkey)))
        .service(post_only(at(SECOND_FACTOR)).route(web::post().to(second_factor::post)))
        .service(post_only(at(ENROL)).route(web::post().to(enrol::post)))
        .service(post_only(at(GO_ON)).route(web::post().to(enrol::go_on)))
        .service(post_only(at(SELECT_ACCOUNT)).route(web::post().to(select_account::post)))
        .service(post_only(at(CONSENT)).route(web::post().to(consent::post)))
        .service(post_only(at(LOGOUT_CONFIRM)).route(web::post().to(logout::confirm)))
        .service(
            resource(at(paths::LOGOUT), "GET, POST")
                .route(web::get().to(logout::get))
                .route(web::post().to(logout::post)),
        );
    let pages = |path: &str| resource(at(path), "GET, HEAD, POST");
    config
        .service(pages(links::FORGOT).route(get().to(forgot::get)).route(web::post().to(forgot::post)))
        .service(pages(links::RESET).route(get().to(reset::get)).route(web::post().to(reset::post)))
        .service(
            pages(links::VERIFY_EMAIL)
                .route(get().to(verify_email::get))
                .route(web::post().to(verify_email::post)),
        )
        .service(
            pages(links::CHANGE_EMAIL)
                .route(get().to(change_email::get))
                .route(web::post().to(change_email::post)),
        )
        .service(pages(links::REGISTER).route(get().to(register::get)).route(web::post().to(register::post)))
        .service(pages(links::JOIN).route(get().to(join::get)).route(web::post().to(join::post)));
    account::configure(config, issuer);
    console::configure(config, issuer);
    admin::configure(config, issuer);
    for path in discovery_paths(issuer) {
        config.service(document(path).route(get().to(discovery::get)));
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
pub(super) fn resource(path: String, allowed: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move |request| unknown::method(request, allowed)))
}

/// What every origin may read.
fn document(path: String) -> Resource {
    resource(path, "GET, HEAD, OPTIONS").route(preflight("GET, HEAD"))
}

pub(super) fn get_only(path: String) -> Resource {
    resource(path, "GET, HEAD")
}

pub(super) fn post_only(path: String) -> Resource {
    resource(path, "POST")
}

/// RFC 9110 §9.3.2: HEAD is GET without the content, which the server leaves out by itself. It is not for endpoints where
/// a GET can issue a code or end a session.
pub(super) fn get() -> actix_web::Route {
    web::route().guard(guard::fn_guard(|context| guard::Get().check(context) || guard::Head().check(context)))
}

/// The browser's question before a cross-origin request.
fn preflight(methods: &'static str) -> actix_web::Route {
    web::method(actix_web::http::Method::OPTIONS).to(move || cors::preflight(methods))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::App;
    use actix_web::http::header::{ALLOW, CONTENT_TYPE};
    use actix_web::test::{TestRequest, call_service, init_service};

    async fn ask(issuer: &str, method: &str, path: &str) -> actix_web::dev::ServiceResponse {
        let issuer = Issuer::parse(issuer).unwrap();
        let app = init_service(App::new().configure(|config| configure(config, &issuer))).await;
        let request = TestRequest::with_uri(path).method(method.parse().unwrap()).to_request();
        call_service(&app, request).await
    }

    const ISSUER: &str = "https://id.example.test";

    #[actix_web::test]
    async fn a_wrong_method_is_told_the_right_ones() {
        for (method, path, allowed) in [
            ("GET", paths::TOKEN, "POST, OPTIONS"),
            ("PUT", paths::INTROSPECT, "POST"),
            ("OPTIONS", paths::INTROSPECT, "POST"),
            ("DELETE", paths::USERINFO, "GET, HEAD, POST, OPTIONS"),
            ("HEAD", paths::AUTHORIZE, "GET, POST"),
            ("HEAD", paths::LOGOUT, "GET, POST"),
            ("POST", paths::JWKS, "GET, HEAD, OPTIONS"),
            ("POST", paths::OPENID_CONFIGURATION, "GET, HEAD, OPTIONS"),
            ("GET", SIGN_IN, "POST"),
            ("GET", LOGOUT_CONFIRM, "POST"),
            ("PUT", links::RESET, "GET, HEAD, POST"),
            ("POST", "/", "GET, HEAD"),
            ("POST", "/assets/signet.css", "GET, HEAD"),
        ] {
            let response = ask(ISSUER, method, path).await;
            assert_eq!(response.status().as_u16(), 405, "{method} {path}");
            assert_eq!(response.headers().get(ALLOW).unwrap(), allowed, "{method} {path}");
        }
    }

    #[actix_web::test]
    async fn an_unknown_path_is_told_so_as_json() {
        for path in ["/oauth", "/oauth/token/", "/oauth/token/x", "/assets/", "//", "/health"] {
            let response = ask(ISSUER, "GET", path).await;
            assert_eq!(response.status().as_u16(), 404, "{path}");
            assert_eq!(response.headers().get(CONTENT_TYPE).unwrap(), "application/json", "{path}");
        }
    }

    #[actix_web::test]
    async fn preflights_are_answered_where_scripts_may_ask() {
        for path in [paths::TOKEN, paths::REVOKE, paths::USERINFO, paths::JWKS, paths::OAUTH_METADATA] {
            assert_eq!(ask(ISSUER, "OPTIONS", path).await.status().as_u16(), 204, "{path}");
        }
    }

    #[actix_web::test]
    async fn an_issuer_with_a_path_has_its_endpoints_below_it() {
        const WITH_PATH: &str = "https://id.example.test/people";
        for path in [
            "/people/oauth/token",
            "/people/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/people",
        ] {
            assert_eq!(ask(WITH_PATH, "OPTIONS", path).await.status().as_u16(), 204, "{path}");
        }
        assert_eq!(ask(WITH_PATH, "OPTIONS", "/oauth/token").await.status().as_u16(), 404);
    }
}

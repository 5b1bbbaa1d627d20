//! The demo: a small application that signs people in with this server, on an origin of its own.
//!
//! It is an OpenID Connect client like any other and is given nothing that others lack: it finds everything through
//! discovery, holds no secret of the server, and speaks to it by HTTP alone. `client` says what it asks the server,
//! `tokens` which answers it believes, `visitors` what it remembers of whom, `handlers` what its buttons do.
//! It is served on this machine, while the issuer is on this machine, and nowhere else.

mod answer;
mod client;
mod handlers;
#[cfg(test)]
mod tests;
mod tokens;
mod visitors;

use crate::config::Config;
use crate::pages::Pages;
use crate::start_error::StartError;
use actix_web::dev::Server;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::DefaultHeaders;
use actix_web::{App, HttpServer, guard, web};
use client::RelyingParty;
use signet_protocol::client::{AuthMethod, GrantType};
use signet_protocol::environment::{Clock, Random};
use signet_protocol::registration::ClientMetadata;
use signet_service::admin::Admin;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use visitors::Visitors;

/// The demo's `client_id`.
const CLIENT_ID: &str = "signet-demo";
/// What it asks for: who it is, and to be allowed to ask again when nobody is at the browser.
const SCOPE: &str = "openid profile email offline_access";
/// How long requests in flight may take to finish when the server stops, in seconds.
const SHUTDOWN_TIMEOUT: u64 = 10;
/// The longest form that is read, in bytes. Ours hold one short field.
const MAX_FORM: usize = 4 * 1024;

/// What handlers work with.
struct Demo {
    client: RelyingParty,
    visitors: Visitors,
    pages: Arc<Pages>,
    clock: Clock,
    random: Random,
    /// The demo's own origin.
    origin: String,
    /// What its pages may load, and where their forms may end.
    policy: String,
}

/// Registers the demo with the server and binds its address. The server need not answer yet.
///
/// `None` without an error: the deployment has no demo, and then its client, which an earlier start may have registered,
/// is disabled; or the address is taken. The server does without its demo then.
pub async fn start(
    config: &Config,
    admin: &Admin,
    pages: Arc<Pages>,
    clock: Clock,
    random: Random,
) -> Result<Option<(SocketAddr, Server)>, StartError> {
    let Some(listen) = served_at(config) else {
        admin.disable_client(CLIENT_ID.into()).await.map_err(StartError::of)?;
        return Ok(None);
    };
    let issuer = &config.server.issuer;
    let bound = TcpListener::bind(listen).and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = match bound {
        Ok(bound) => bound,
        Err(error) => {
            tracing::warn!(%listen, %error, "the demo is not served: choose another demo.listen");
            return Ok(None);
        }
    };
    let origin = format!("http://{address}");
    let client = RelyingParty::new(issuer.as_str(), &origin).map_err(StartError::of)?;
    admin.ensure_client(registration(&client)).await.map_err(StartError::of)?;
    let policy = answer::policy(issuer.origin());
    let visitors = Visitors::default();
    let demo = web::Data::new(Demo { client, visitors, pages, clock, random, origin, policy });
    let server = HttpServer::new(move || {
        let demo = demo.clone();
        App::new().wrap(headers()).configure(move |config| routes(config, demo))
    });
    let server = server.workers(1).shutdown_timeout(SHUTDOWN_TIMEOUT).disable_signals();
    let server = server.listen(listener).map_err(StartError::of)?;
    Ok(Some((address, server.run())))
}

/// Where the demo is served, if it is to be: on this machine and nowhere else, and not for an issuer that speaks https
/// with a certificate that the demo has no reason to trust.
fn served_at(config: &Config) -> Option<SocketAddr> {
    config.demo().filter(|listen| listen.ip().is_loopback() && !config.server.issuer.is_https())
}

/// A public client with PKCE: what runs on everybody's own machine could keep no secret (RFC 8252 §8.5).
fn registration(client: &RelyingParty) -> ClientMetadata {
    ClientMetadata {
        client_id: CLIENT_ID.to_owned(),
        client_secret: None,
        client_name: Some("Signet demo".to_owned()),
        application_type: None,
        redirect_uris: vec![client.redirect_uri.clone()],
        post_logout_redirect_uris: vec![client.post_logout_redirect_uri.clone()],
        grant_types: Some(vec![GrantType::AuthorizationCode, GrantType::RefreshToken]),
        response_types: None,
        token_endpoint_auth_method: Some(AuthMethod::None),
        jwks: None,
        scope: Some(SCOPE.to_owned()),
        require_pkce: Some(true),
        skip_consent: false,
        allowed_origins: Vec::new(),
        id_token_signed_response_alg: None,
        userinfo_signed_response_alg: None,
        default_max_age: None,
        access_token_lifetime: None,
        refresh_token_idle_lifetime: None,
        refresh_token_lifetime: None,
        client_uri: None,
        policy_uri: None,
        tos_uri: None,
        second_factor: None,
        tier: None,
        claims: Vec::new(),
    }
}

fn routes(config: &mut web::ServiceConfig, demo: web::Data<Demo>) {
    let host = demo.origin.trim_start_matches("http://").to_owned();
    // Another name that resolves to this machine is another site's: its pages must not be able to read ours.
    let addressed_to_us = guard::fn_guard(move |context| {
        context.head().headers().get(HOST).is_some_and(|value| value.as_bytes() == host.as_bytes())
    });
    let scope = web::scope("")
        .guard(addressed_to_us)
        .service(web::resource("/").route(web::get().to(handlers::home)))
        .service(web::resource("/sign-in").route(web::post().to(handlers::sign_in)))
        .service(web::resource("/callback").route(web::get().to(handlers::callback)))
        .service(web::resource("/refresh").route(web::post().to(handlers::refresh)))
        .service(web::resource("/userinfo").route(web::post().to(handlers::userinfo)))
        .service(web::resource("/sign-out").route(web::post().to(handlers::sign_out)))
        .service(web::resource("/signed-out").route(web::get().to(handlers::signed_out)))
        .service(web::resource("/assets/{path:.+}").route(web::get().to(handlers::asset)))
        .default_service(web::to(actix_web::HttpResponse::NotFound));
    config
        .app_data(demo)
        .app_data(web::FormConfig::default().limit(MAX_FORM))
        .service(scope)
        .default_service(web::to(handlers::elsewhere));
}

/// What holds for every answer; a page brings a policy of its own.
fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((REFERRER_POLICY, "same-origin"))
        .add((CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"))
}

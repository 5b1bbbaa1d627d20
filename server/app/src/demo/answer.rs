//! Answers to the browser: pages, redirects, the cookie, and the token in every form.

use super::Demo;
use super::client::Failure;
use crate::http::accepted;
use crate::pages::{DemoError, DemoHome, Form, Page};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HeaderName, LOCATION,
    ORIGIN, SET_COOKIE, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use signet_protocol::secret::SecretHash;

/// The cookie that a visitor is known by. Ports share cookies, so it must not be called like one of the server's.
const COOKIE_NAME: &str = "signet-demo";
/// How a browser tells where a request comes from, besides `Origin`.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The policy of the demo's pages: own files only, and forms that end here or at the server, where the buttons to sign
/// in and out redirect to.
pub fn policy(issuer_origin: &str) -> String {
    // A policy cannot name an IPv6 address (Content Security Policy Level 3 §2.3.1).
    let server = if issuer_origin.contains('[') { "http:" } else { issuer_origin };
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self' {server}"
    )
}

/// What every form of the demo holds.
#[derive(Deserialize)]
pub struct Posted {
    token: String,
}

/// Who is at the browser: the secret in their cookie. It stays the same until they sign in.
pub fn visitor(request: &HttpRequest) -> Option<String> {
    let cookies = request.headers().get_all(COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == COOKIE_NAME && is_secret(value)).map(|(_, value)| value.to_owned())
}

/// 256 bits in base64url: what was not made here counts as absent.
fn is_secret(value: &str) -> bool {
    value.len() == 43 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whoever posted a form of ours from a page of ours; anything else came from another site, or is stale.
pub fn poster(demo: &Demo, request: &HttpRequest, form: &Posted) -> Result<String, Failure> {
    let header = |name| request.headers().get(name);
    let foreign = header(ORIGIN).is_some_and(|origin| origin.as_bytes() != demo.origin.as_bytes())
        || header(SEC_FETCH_SITE).is_some_and(|site| site != "same-origin");
    visitor(request).filter(|visitor| !foreign && is_form_token(visitor, &form.token)).ok_or_else(|| {
        Failure::new("invalid_request", "this form is out of date, or comes from another site")
    })
}

/// A form of the visitor's.
pub fn form(action: &str, visitor: &str) -> Form {
    Form::to(action).with("token", form_token(visitor))
}

/// Only a page that was made for this visitor can hold this: no other site sees their cookie.
fn form_token(visitor: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, format!("form {visitor}").as_bytes()))
}

fn is_form_token(visitor: &str, presented: &str) -> bool {
    // Comparing hashes takes the same time wherever the difference is.
    SecretHash::of(form_token(visitor).as_bytes()).matches(presented.as_bytes())
}

/// Whom a page is made for, and the request that it answers.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The secret in their cookie.
    pub visitor: &'a str,
    /// What they sent.
    pub request: &'a HttpRequest,
}

/// A page for a visitor.
pub fn page<P: Page>(demo: &Demo, asking: Asking<'_>, status: StatusCode, page: &P) -> HttpResponse {
    let language = accepted(asking.request, demo.pages.languages());
    match demo.pages.render(page, &language) {
        Ok(html) => HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_SECURITY_POLICY, demo.policy.as_str()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_LANGUAGE, language.tag()))
            .insert_header((VARY, "accept-language"))
            .insert_header((SET_COOKIE, cookie(asking.visitor)))
            .body(html),
        Err(error) => {
            tracing::error!(%error, "the demo's page could not be made");
            HttpResponse::InternalServerError().body("the page could not be made")
        }
    }
}

/// The page before signing in.
pub fn home(demo: &Demo, asking: Asking<'_>, signed_out: bool) -> HttpResponse {
    let sign_in = form("/sign-in", asking.visitor);
    let context = DemoHome { sign_in, issuer: demo.client.issuer.clone(), signed_out };
    page(demo, asking, StatusCode::OK, &context)
}

/// The page that says why something did not work.
pub fn failed(demo: &Demo, asking: Asking<'_>, failure: Failure) -> HttpResponse {
    let Failure { code, description } = failure;
    let sign_in = form("/sign-in", asking.visitor);
    let context = DemoError { code, description, sign_in, issuer: demo.client.issuer.clone() };
    page(demo, asking, StatusCode::BAD_REQUEST, &context)
}

/// Sends the browser on with a GET (RFC 9110 §15.4.4).
pub fn redirect(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).insert_header((CACHE_CONTROL, "no-store")).finish()
}

/// Sends the browser on, from now on as `visitor`.
pub fn redirect_as(visitor: &str, to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, to))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((SET_COOKIE, cookie(visitor)))
        .finish()
}

/// Not `Strict`: the browser comes back from the server by a link, as it were, and has to be known again then.
fn cookie(visitor: &str) -> String {
    format!("{COOKIE_NAME}={visitor}; Path=/; HttpOnly; SameSite=Lax")
}

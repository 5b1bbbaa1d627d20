//! Who may press the demo's buttons, and whose answers it takes.

use super::client::RelyingParty;
use super::visitors::{Errand, Visitors};
use super::{Demo, answer, headers, registration, routes};
use crate::pages::{Branding, Pages};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HOST, LOCATION, SET_COOKIE};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use chrono::DateTime;
use signet_protocol::environment::{Clock, Random};
use signet_protocol::secret::Secret;
use std::sync::Arc;

const ISSUER: &str = "http://localhost:8080";
const ORIGIN: &str = "http://127.0.0.1:8081";
/// Where nobody listens.
const SILENT: &str = "http://127.0.0.1:1";
const NOW: i64 = 1_800_000_000;

#[test]
fn an_answer_belongs_to_the_browser_that_asked_and_counts_once() {
    let visitors = Visitors::default();
    visitors.send("alice", "state".to_owned(), Errand::SignOut);
    assert!(visitors.return_from("mallory", "state").is_none());
    assert!(visitors.return_from("alice", "another").is_none());
    assert!(visitors.return_from("alice", "state").is_some());
    assert!(visitors.return_from("alice", "state").is_none());
}

#[test]
fn the_demo_registers_as_a_public_client_that_has_to_use_pkce() {
    let party = RelyingParty::new(ISSUER, ORIGIN).unwrap();
    let (client, secret) = registration(&party).register().unwrap();
    assert!(client.require_pkce && secret.is_none() && !client.skip_consent);
    assert!(client.redirect_uris.iter().any(|uri| uri.matches("http://127.0.0.1:8081/callback")));
}

#[test]
fn forms_may_end_at_the_server_and_nowhere_else() {
    assert!(answer::policy(ISSUER).ends_with("; form-action 'self' http://localhost:8080"));
    assert!(answer::policy("http://[::1]:8080").ends_with("; form-action 'self' http:"));
}

/// A demo whose server does not answer.
fn demo() -> web::Data<Demo> {
    web::Data::new(Demo {
        client: RelyingParty::new(SILENT, ORIGIN).unwrap(),
        visitors: Visitors::default(),
        pages: Arc::new(Pages::load(Branding::default(), None).unwrap()),
        clock: Clock::new(|| DateTime::from_timestamp(NOW, 0).unwrap()),
        random: Random::new(Arc::new(ring::rand::SystemRandom::new())),
        origin: ORIGIN.to_owned(),
        policy: answer::policy(SILENT),
    })
}

/// A visitor's secret, as long as one of ours.
fn visitor() -> String {
    "v".repeat(43)
}

async fn call(demo: &web::Data<Demo>, request: TestRequest) -> ServiceResponse {
    let (demo, own_headers) = (demo.clone(), headers());
    let app = init_service(App::new().wrap(own_headers).configure(|config| routes(config, demo))).await;
    call_service(&app, request.to_request()).await
}

fn get(path: &str) -> TestRequest {
    let cookie = format!("signet-demo={}", visitor());
    TestRequest::get().uri(path).insert_header((HOST, "127.0.0.1:8081")).insert_header(("cookie", cookie))
}

/// The sign-in button, pressed on the page that was made for `visitor`.
fn post(demo: &Demo, visitor: &str) -> TestRequest {
    let page = serde_json::to_value(answer::form("/sign-in", visitor)).unwrap();
    let token = page["fields"][0]["value"].as_str().unwrap().to_owned();
    assert!(demo.visitors.session(visitor).is_none());
    get("/sign-in").method(actix_web::http::Method::POST).set_form([("token", token)])
}

fn location(response: &ServiceResponse) -> &str {
    assert_eq!(response.status(), 303);
    response.headers().get(LOCATION).unwrap().to_str().unwrap()
}

async fn text(response: ServiceResponse) -> String {
    String::from_utf8(read_body(response).await.to_vec()).unwrap()
}

/// The error code on a page that says that something did not work.
async fn error_code(response: ServiceResponse) -> String {
    assert_eq!(response.status(), 400);
    let html = text(response).await;
    let (_, rest) = html.split_once("id=\"error-code\">").unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

#[actix_web::test]
async fn a_form_counts_only_from_our_page_in_the_same_browser() {
    let demo = demo();
    let own = post(&demo, &visitor());
    // It gets as far as the server, which does not answer here.
    assert_eq!(error_code(call(&demo, own).await).await, "temporarily_unavailable");
    for (name, value) in
        [("origin", "http://localhost:8080"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let foreign = post(&demo, &visitor()).insert_header((name, value));
        assert_eq!(error_code(call(&demo, foreign).await).await, "invalid_request", "{name}: {value}");
    }
    let of_another_browser = post(&demo, &"w".repeat(43));
    assert_eq!(error_code(call(&demo, of_another_browser).await).await, "invalid_request");
    let without_cookie = post(&demo, &visitor()).insert_header(("cookie", "a=b"));
    assert_eq!(error_code(call(&demo, without_cookie).await).await, "invalid_request");
}

#[actix_web::test]
async fn a_callback_that_answers_no_request_of_this_browser_is_refused() {
    let demo = demo();
    let sign_in = || Errand::SignIn { nonce: "n".to_owned(), code_verifier: Secret::new("v".to_owned()) };
    demo.visitors.send("someone-else", "theirs".to_owned(), sign_in());
    demo.visitors.send(&visitor(), "leaving".to_owned(), Errand::SignOut);
    for query in ["", "?code=c", "?code=c&state=unknown", "?code=c&state=theirs", "?code=c&state=leaving"] {
        let response = call(&demo, get(&format!("/callback{query}"))).await;
        assert_eq!(error_code(response).await, "invalid_state", "{query}");
    }
    let twice = call(&demo, get("/callback?state=a&state=b")).await;
    assert_eq!(error_code(twice).await, "invalid_request");
}

#[actix_web::test]
async fn a_callback_without_the_right_issuer_is_refused_even_if_it_is_an_error() {
    let demo = demo();
    let answers = [
        ("code=c", "invalid_issuer"),
        ("code=c&iss=http://elsewhere", "invalid_issuer"),
        ("error=access_denied", "invalid_issuer"),
        ("error=access_denied&iss=http://127.0.0.1:1", "access_denied"),
        ("iss=http://127.0.0.1:1", "invalid_response"),
        ("code=c&iss=http://127.0.0.1:1", "temporarily_unavailable"),
    ];
    for (answer, code) in answers {
        let errand = Errand::SignIn { nonce: "n".to_owned(), code_verifier: Secret::new("v".to_owned()) };
        demo.visitors.send(&visitor(), "state".to_owned(), errand);
        let response = call(&demo, get(&format!("/callback?state=state&{answer}"))).await;
        assert_eq!(error_code(response).await, code, "{answer}");
    }
}

#[actix_web::test]
async fn pages_say_signed_out_only_to_who_has_been() {
    let demo = demo();
    assert_eq!(location(&call(&demo, get("/signed-out?state=made-up")).await), "/");
    demo.visitors.send(&visitor(), "state".to_owned(), Errand::SignOut);
    let page = text(call(&demo, get("/signed-out?state=state")).await).await;
    assert!(page.contains("Signed out"), "{page}");
}

#[actix_web::test]
async fn only_its_own_name_is_answered() {
    let demo = demo();
    for host in ["localhost:8081", "rebound.example:8081", "127.0.0.1", "127.0.0.1:80810"] {
        let response = call(&demo, get("/").insert_header((HOST, host))).await;
        assert_eq!(location(&response), format!("{ORIGIN}/"), "{host}");
    }
    assert_eq!(call(&demo, get("/nothing-here")).await.status(), 404);
    assert_eq!(call(&demo, get("/sign-in")).await.status(), 405);
}

#[actix_web::test]
async fn a_page_has_its_policy_and_a_new_visitor_a_cookie_that_scripts_cannot_read() {
    let response = call(&demo(), get("/").insert_header(("cookie", "signet-demo=guessed"))).await;
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap();
    assert!(header(CONTENT_SECURITY_POLICY.as_str()).starts_with("default-src 'none'; style-src 'self'"));
    assert_eq!((header("x-content-type-options"), header("referrer-policy")), ("nosniff", "same-origin"));
    assert_eq!(header("cache-control"), "no-store");
    let cookie = header(SET_COOKIE.as_str());
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax") && !cookie.contains("guessed"), "{cookie}");
}

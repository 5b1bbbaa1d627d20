//! The promises of the browser without an engine, against a small site.

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use signet_tests::{Browser, Callback, Http, eventually, free_port};
use std::time::Duration;

const SIGN_IN: &str = r#"<form id=login method=post action=/login?x=1><input type=hidden name=sealed value=s>
    <input name=username><button id=login-submit name=go value=1>Sign in</button></form>"#;
const FORM_POST: &str = r#"<form method=post action="https://client.example.test/cb?own=1">
    <input type=hidden name=code value=c1><input type=hidden name=state value=s1></form>"#;

fn to(status: u16, location: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    HttpResponse::build(status).insert_header(("location", location)).finish()
}

fn page(html: impl Into<String>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html").body(html.into())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).map_or("-", |value| value.to_str().unwrap())
}

async fn start() -> HttpResponse {
    let cookie = ("set-cookie", "a=1; Path=/; HttpOnly");
    HttpResponse::SeeOther().insert_header(("location", "sign-in")).insert_header(cookie).finish()
}

/// Shows what came: query, body, cookies, and where it says that it comes from.
async fn login(request: HttpRequest, body: String) -> HttpResponse {
    let (origin, site) = (header(&request, "origin"), header(&request, "sec-fetch-site"));
    let (query, cookies) = (request.query_string(), header(&request, "cookie"));
    page(format!("<p id=seen>{query} {body} {cookies} {origin} {site}</p>"))
}

/// Starts the site and returns its origin. It ends with the test process.
async fn site() -> String {
    let port = free_port();
    std::thread::spawn(move || {
        let app = || {
            App::new()
                .route("/", web::get().to(start))
                .route("/sign-in", web::get().to(async || page(SIGN_IN)))
                .route("/login", web::post().to(login))
                .route(
                    "/away",
                    web::get().to(async || to(302, "https://client.example.test/cb?code=c&state=s")),
                )
                .route("/form-post", web::get().to(async || page(FORM_POST)))
                .route("/again", web::get().to(async || page("<form id=f method=post action=/kept></form>")))
                .route("/kept", web::post().to(async || to(307, "/sign-in")))
                .route("/loop", web::get().to(async || to(302, "/loop")))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", port)).unwrap();
        rt::System::new().block_on(server.run()).unwrap();
    });
    let origin = format!("http://localhost:{port}");
    let (http, url) = (Http::new(), format!("{origin}/sign-in"));
    eventually(Duration::from_secs(10), async || {
        http.call(reqwest::Method::GET, &url).try_send().await.is_ok()
    })
    .await;
    origin
}

#[tokio::test]
async fn a_form_is_sent_as_a_browser_sends_it() {
    let origin = site().await;
    let browser = Browser::new(&origin);
    let page = browser.get("/").await;
    assert_eq!((page.status(), page.url().path()), (200, "/sign-in"));
    let page = page.form("#login").fill("username", "älice").press("#login-submit").await;
    let expected = format!("x=1 sealed=s&username=%C3%A4lice&go=1 a=1 {origin} same-origin");
    assert_eq!(page.text("#seen"), expected);
    assert_eq!(browser.cookie_names(), ["a"]);
}

#[tokio::test]
async fn a_redirect_to_the_client_ends_the_visit() {
    let page = Browser::new(&site().await).get("/away").await;
    assert_eq!(page.left_for().unwrap().host_str(), Some("client.example.test"));
    let Callback { redirect_uri, .. } = page.callback();
    assert_eq!(redirect_uri, "https://client.example.test/cb");
    assert_eq!((page.callback().code(), page.callback().get("state")), ("c", Some("s")));
}

#[tokio::test]
async fn a_form_post_response_is_read_like_a_redirect() {
    let callback = Browser::new(&site().await).get("/form-post").await.callback();
    assert_eq!((callback.code(), callback.get("state")), ("c1", Some("s1")));
}

#[tokio::test]
#[should_panic(expected = "repeats a POST")]
async fn a_redirect_that_repeats_a_post_fails_the_test() {
    let page = Browser::new(&site().await).get("/again").await;
    page.form("#f").submit().await;
}

#[tokio::test]
#[should_panic(expected = "redirects")]
async fn a_loop_of_redirects_fails_the_test() {
    Browser::new(&site().await).get("/loop").await;
}

//! What the console offers for a single-page application, pasted into one, in a real browser.

use crate::pages::{ConsentPage, SignInPage};
use crate::site::PASSWORD;
use actix_web::{App, HttpResponse, HttpServer, rt, web};
use signet_tests::chromium::Window;
use signet_tests::{Chromium, FakeClock, Http, Settings, TestServer, eventually, free_port};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DECLARED: &str = r#"
    [[users]]
    username = "alice"
    password = "correct horse battery staple"

    [[users]]
    username = "carol"
    password = "correct horse battery staple"
    roles = ["signet:client_manager"]
"#;
/// Where the snippet parts: its beginning stands on every page of the application.
const TO_SIGN_IN: &str = "// To sign in:";
const COMES_BACK: &str = "// At the redirect URI:";

/// Shows who signed in.
const SHOW: &str = "const shown = document.createElement('p'); shown.id = 'sub'; \
    shown.textContent = user.profile.sub; document.querySelector('main').append(shown)";

/// A page of the application, with the part of the snippet that belongs on it.
fn page(script: &str) -> HttpResponse {
    let libraries = r#"{"imports": {"oidc-client-ts": "/lib/oidc-client-ts/dist/esm/oidc-client-ts.js", "jwt-decode": "/lib/jwt-decode/build/esm/index.js"}}"#;
    let html = format!(
        "<!doctype html><html lang=en><title>Mine</title><link rel=icon href=\"data:,\"><main><h1>Mine</h1></main>\
         <script type=importmap>{libraries}</script><script type=module>{script}</script>"
    );
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html)
}

async fn begin(snippet: web::Data<Mutex<String>>) -> HttpResponse {
    let snippet = snippet.lock().unwrap().clone();
    page(snippet.split(COMES_BACK).next().unwrap_or_default())
}

async fn come_back(snippet: web::Data<Mutex<String>>) -> HttpResponse {
    let snippet = snippet.lock().unwrap().clone();
    let begin = snippet.split(TO_SIGN_IN).next().unwrap_or_default();
    let back = snippet.split(COMES_BACK).nth(1).unwrap_or_default();
    page(&format!("{begin}\n{back}\n{SHOW}"))
}

async fn library(path: web::Path<String>) -> HttpResponse {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/node_modules");
    match std::fs::read_to_string(folder.join(path.into_inner())) {
        Ok(text) => HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(text),
        Err(_) => HttpResponse::NotFound().finish(),
    }
}

/// Serves the application, whose snippet comes once its client is registered. Gives its address.
async fn serve(snippet: Arc<Mutex<String>>) -> String {
    let port = free_port();
    std::thread::spawn(move || {
        let app = move || {
            App::new()
                .app_data(web::Data::from(snippet.clone()))
                .route("/", web::get().to(begin))
                .route("/callback", web::get().to(come_back))
                .route("/lib/{path:.*}", web::get().to(library))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", port)).unwrap();
        rt::System::new().block_on(server.run()).unwrap();
    });
    let address = format!("http://127.0.0.1:{port}");
    let http = Http::new();
    eventually(Duration::from_secs(10), async || {
        http.call(reqwest::Method::GET, &address).try_send().await.is_ok()
    })
    .await;
    address
}

#[tokio::test]
async fn what_the_console_offers_for_a_single_page_application_signs_in() {
    let snippet = Arc::new(Mutex::new(String::new()));
    let address = serve(snippet.clone()).await;
    let server = TestServer::start_with(Settings::new(), FakeClock::running(), DECLARED).await;
    let administrator = server.browser();
    let form = administrator.get("/console/new-client?kind=spa").await.form("#login");
    let form = form
        .fill("username", "carol")
        .fill("password", PASSWORD)
        .press("#login-submit")
        .await
        .form("#client");
    let form = form.fill("client_name", "Mine").fill("redirect_uris", &format!("{address}/callback"));
    let made = form.press("#client-submit").await;
    *snippet.lock().unwrap() = made.lines("pre");
    Chromium::run("pasted_spa", Window::default(), async |browser| {
        browser.goto(&format!("{address}/")).await;
        SignInPage::of(browser).await.sign_in("alice", PASSWORD).await;
        ConsentPage::of(browser).await.allow().await;
        browser.see("#sub").await;
        assert!(browser.url().await.starts_with(&format!("{address}/callback")));
        assert!(!browser.text("#sub").await.is_empty());
    })
    .await;
}

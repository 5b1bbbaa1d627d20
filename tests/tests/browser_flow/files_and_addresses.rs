//! The start page, the pages' files, health, and addresses where nothing is.

use crate::person::{Site, shown_error};
use reqwest::Method;
use signet_tests::{Answer, Http};

async fn call(method: Method, url: &str, accept: &str) -> Answer {
    Http::new().call(method, url).header("accept", accept).send().await
}

#[tokio::test]
async fn the_start_page_says_what_is_here() {
    let site = Site::start().await;
    let page = site.browser().get("/").await;
    assert_eq!(page.status(), 200);
    assert!(page.text("main").contains(&site.server.issuer()), "{}", page.html());
    let link = page.attribute("main a", "href").unwrap();
    assert_eq!(link, format!("{}/.well-known/openid-configuration", site.server.issuer()));
    assert_eq!(page.answer().header("set-cookie"), None);
    assert!(!page.has("#home-demo"), "there is no demo to link to");
    let mails = site.server.settings().path("mail");
    assert!(page.text("#home-mail").contains(&mails.display().to_string()), "{}", page.html());
}

#[tokio::test]
async fn every_file_of_a_page_is_there_and_may_be_kept_for_good() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let page = browser.get(site.trusted().with("response_mode", "form_post").url()).await;
    let html = page.html();
    let files: Vec<_> = html.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let url = format!("{}{file}", site.server.issuer());
        let answer = site.server.http.get(&url).await.expect_status(200);
        assert_eq!(
            answer.header("cache-control").as_deref(),
            Some("public, max-age=31536000, immutable"),
            "{file}"
        );
        let kind = answer.header("content-type").unwrap_or_default();
        let expected = ["text/css", "text/javascript", "image/svg+xml"];
        assert!(expected.iter().any(|expected| kind.starts_with(expected)), "{file}: {kind}");
        let etag = answer.header("etag").expect("an entity tag");
        let again = site.server.http.call(Method::GET, &url).header("if-none-match", &etag).send().await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{file}");
        // Under another version, or none, it may be another one tomorrow.
        let bare = site.server.http.get(url.split('?').next().unwrap()).await.expect_status(200);
        assert_eq!(bare.header("cache-control").as_deref(), Some("no-cache"), "{file}");
    }
}

#[tokio::test]
async fn no_file_outside_of_the_pages_is_served() {
    let site = Site::start().await;
    for path in [
        "/assets/",
        "/assets/layout.html",
        "/assets/../layout.html",
        "/assets/%2e%2e/layout.html",
        "/assets/..%2flayout.html",
        "/assets/%2e%2e%2f%2e%2e%2fCargo.toml",
        "/assets//etc/passwd",
        "/assets/%00",
        "/templates/layout.html",
        "/signet.toml",
        "/keys/master.key",
    ] {
        let answer = site.server.http.get(format!("{}{path}", site.server.issuer())).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn where_nothing_is_people_get_a_page_and_programs_get_json() {
    let site = Site::start().await;
    let url = format!("{}/nothing", site.server.issuer());
    let page = site.browser().get("/nothing").await;
    assert_eq!((page.status(), shown_error(&page).as_str()), (404, "not_found"));
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let answer = call(method, &url, "application/json").await.expect_status(404);
        assert_eq!(answer.field("error"), "not_found");
        assert!(!answer.field("request_id").is_empty());
    }
}

#[tokio::test]
async fn a_method_that_is_not_for_an_address_is_told_which_are() {
    let site = Site::start().await;
    let endpoint = |name: &str| site.discovery().get(name).to_owned();
    let at = |path: &str| format!("{}{path}", site.server.issuer());
    for (url, method, allowed) in [
        (endpoint("authorization_endpoint"), Method::PUT, "GET, POST"),
        // RFC 9110 §9.2.1: HEAD promises to be safe, and these do something.
        (endpoint("authorization_endpoint"), Method::HEAD, "GET, POST"),
        (endpoint("end_session_endpoint"), Method::PATCH, "GET, POST"),
        (endpoint("token_endpoint"), Method::GET, "POST"),
        (endpoint("jwks_uri"), Method::POST, "GET, HEAD"),
        (at("/oauth/sign-in"), Method::GET, "POST"),
        (at("/oauth/consent"), Method::GET, "POST"),
        (at("/oauth/select-account"), Method::GET, "POST"),
        (at("/oauth/logout/confirm"), Method::GET, "POST"),
        (at("/"), Method::POST, "GET, HEAD"),
        (at("/health/live"), Method::DELETE, "GET, HEAD"),
        (at("/assets/signet.css"), Method::POST, "GET, HEAD"),
        (at("/.well-known/openid-configuration"), Method::POST, "GET, HEAD"),
    ] {
        let answer = call(method.clone(), &url, "*/*").await;
        assert_eq!(answer.status, 405, "{method} {url}: {}", answer.text());
        let said = answer.header("allow").unwrap();
        let said: Vec<_> = said.split(", ").filter(|method| *method != "OPTIONS").collect();
        assert_eq!(said.join(", "), allowed, "{method} {url}");
        if method != Method::HEAD {
            assert_eq!(answer.field("error"), "method_not_allowed");
        }
    }
}

#[tokio::test]
async fn head_is_get_without_the_content() {
    let site = Site::start().await;
    for path in ["/", "/health/live", "/health/ready", "/.well-known/openid-configuration", "/oauth/jwks"] {
        let url = format!("{}{path}", site.server.issuer());
        let (head, get) = (call(Method::HEAD, &url, "*/*").await, call(Method::GET, &url, "*/*").await);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn health_tells_that_the_process_lives_and_can_work() {
    let site = Site::start().await;
    for (path, status) in [("/health/live", "live"), ("/health/ready", "ready")] {
        let answer = site.server.http.get(format!("{}{path}", site.server.issuer())).await.expect_status(200);
        assert_eq!(answer.field("status"), status);
        assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    }
}

#[tokio::test]
async fn an_old_signed_in_page_cannot_be_read_from_a_cache() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let page = browser.get(site.shop().url()).await;
    assert_eq!(page.answer().header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(page.answer().header("pragma").as_deref(), Some("no-cache"));
}

//! Headers that keep pages out of frames, scripts and caches.

use crate::person::{Site, shown_error, sign_in};
use signet_tests::{Page, Settings};

#[track_caller]
fn assert_hardened(case: &str, page: &Page, ends_at_client: bool) {
    let header = |name: &str| page.answer().header(name).unwrap_or_default();
    let policy = header("content-security-policy");
    let directives: Vec<_> = policy.split(';').map(str::trim).collect();
    for needed in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "style-src 'self'"] {
        assert!(directives.contains(&needed), "{case}: {needed} is not in {policy}");
    }
    for loose in ["unsafe", "*", "data:", "http:", "https:"] {
        assert!(!policy.contains(loose), "{case}: {loose} in {policy}");
    }
    // Browsers hold form-action against each redirect after a form, so it may stand only where none follows.
    assert_eq!(directives.contains(&"form-action 'self'"), !ends_at_client, "{case}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{case}");
    assert_eq!(header("referrer-policy"), "same-origin", "{case}");
    assert_eq!(header("cache-control"), "no-store", "{case}");
    assert_eq!(header("content-type"), "text/html; charset=utf-8", "{case}");
    assert!(!header("x-request-id").is_empty(), "{case}");
    assert_eq!(page.answer().header("server"), None, "{case}");
}

/// Everything that a page loads is a file of ours.
#[track_caller]
fn assert_own_files(case: &str, page: &Page) {
    let html = page.html();
    assert!(
        !page.has("style") && !page.has("[style]") && !page.has("iframe, object, embed"),
        "{case}: {html}"
    );
    for selector in ["link[rel=stylesheet]", "link[rel=icon]", "script", "img"] {
        if page.has(selector) {
            let attribute = if selector.starts_with("link") { "href" } else { "src" };
            let address = page.attribute(selector, attribute).unwrap_or_default();
            assert!(address.starts_with("/assets/"), "{case}: {selector} comes from {address:?}");
        }
    }
}

#[tokio::test]
async fn every_page_is_hardened_against_frames_scripts_and_caches() {
    let site = Site::start().await;
    let browser = site.browser();
    let login = browser.get(site.shop().url()).await;
    let wrong = crate::person::sign_in_with(login.clone(), "alice", "wrong").await;
    let consent = sign_in(login.clone(), "alice").await;
    let account = browser.get(site.trusted().with("prompt", "select_account").url()).await;
    let form_post = browser.get(site.trusted().with("response_mode", "form_post").url()).await;
    let logout = browser.get(site.discovery().get("end_session_endpoint")).await;
    for (case, page) in [
        ("sign in", &login),
        ("wrong password", &wrong),
        ("consent", &consent),
        ("select account", &account),
        ("form_post", &form_post),
        ("sign out", &logout),
    ] {
        assert_hardened(case, page, true);
        assert_own_files(case, page);
    }
    let signed_out = logout.form("#logout").press("#logout-confirm").await;
    let refusal = browser.get(site.shop().with("client_id", "nobody").url()).await;
    let start = browser.get("/").await;
    let nothing = browser.get("/nothing").await;
    for (case, page) in
        [("signed out", &signed_out), ("refusal", &refusal), ("start page", &start), ("not found", &nothing)]
    {
        assert_hardened(case, page, false);
        assert_own_files(case, page);
    }
    assert_eq!(shown_error(&refusal), "unauthorized_client");
}

#[tokio::test]
async fn answers_that_are_no_pages_are_hardened_too() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let redirect = browser.get(site.trusted().url()).await;
    let answer = redirect.answer();
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(answer.header("referrer-policy").as_deref(), Some("same-origin"));
    for url in [site.discovery().get("jwks_uri").to_owned(), format!("{}/health/live", site.server.issuer())]
    {
        let answer = site.server.http.get(&url).await;
        assert_eq!(answer.header("x-content-type-options").as_deref(), Some("nosniff"), "{url}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{url}");
        assert!(answer.header("x-request-id").is_some(), "{url}");
    }
}

#[tokio::test]
async fn http_on_this_machine_is_not_told_to_come_by_https() {
    let site = Site::start().await;
    let page = site.browser().get("/").await;
    assert_eq!(page.answer().header("strict-transport-security"), None);
}

#[tokio::test]
async fn behind_a_proxy_with_https_cookies_are_host_bound_and_secure() {
    let settings = Settings::new()
        .with("server.issuer", "https://id.example.test")
        .with("server.trusted_proxies", vec!["127.0.0.0/8"]);
    let address = settings.address();
    let config = signet::config::Config::load(Some(&settings.write()), std::iter::empty()).unwrap().0;
    let clock = signet_tests::FakeClock::running();
    let running = signet::start(config, clock.clock()).await.unwrap();
    let http = signet_tests::Http::new();
    let logout = http.get(format!("{address}/oauth/logout")).await.expect_status(200);
    let hsts = logout.header("strict-transport-security").unwrap();
    assert!(hsts.starts_with("max-age=") && hsts.contains("31536000"), "{hsts}");
    let removed = logout.header("set-cookie").unwrap();
    assert!(
        removed.starts_with("__Host-signet-session=; Path=/; HttpOnly; SameSite=Lax; Secure"),
        "{removed}"
    );
    let clear = http.call(reqwest::Method::GET, format!("{address}/")).header("x-forwarded-proto", "http");
    assert_eq!(
        clear.send().await.status,
        400,
        "a request that reached the proxy in the clear is not answered"
    );
    let safe = http.call(reqwest::Method::GET, format!("{address}/")).header("x-forwarded-proto", "https");
    safe.send().await.expect_status(200);
    running.stop().await;
}

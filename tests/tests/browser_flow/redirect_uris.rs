//! Exact redirect URIs (RFC 9700 §2.1), RFC 8252's loopback port, and nothing looser.

use crate::person::{SHOP, Site, shown_error, sign_in};

const NATIVE: &str = r#"
    [[clients]]
    client_id = "native"
    application_type = "native"
    token_endpoint_auth_method = "none"
    redirect_uris = [
        "http://127.0.0.1:7000/callback",
        "http://[::1]/callback",
        "http://localhost:7000/callback",
        "com.example.app:/callback",
    ]
    scope = "openid"

    [[clients]]
    client_id = "only-one"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://one.example.test/callback"]
    scope = "orders:read"
    skip_consent = true
"#;

#[tokio::test]
async fn nothing_but_the_exact_text_is_accepted() {
    let site = Site::start().await;
    let browser = site.browser();
    for uri in [
        "https://shop.example.test/callback/",
        "https://shop.example.test/callback?x=y",
        "https://shop.example.test/callback?",
        "https://shop.example.test/callback#here",
        "https://shop.example.test/Callback",
        "https://SHOP.example.test/callback",
        "https://shop.example.test:443/callback",
        "https://shop.example.test:8443/callback",
        "https://shop.example.test/x/../callback",
        "https://shop.example.test/callback/../callback",
        "https://shop.example.test/%63allback",
        "https://shop.example.test//callback",
        "https://shop.example.test\\callback",
        "https://user@shop.example.test/callback",
        "https://shop.example.test@evil.example.test/callback",
        "https://evil.example.test/https://shop.example.test/callback",
        "https://shop.example.test.evil.example.test/callback",
        "http://shop.example.test/callback",
        "//shop.example.test/callback",
        "https://shop.example.test/callback\n",
        " https://shop.example.test/callback",
        "https://shop.example.test/other",
        "https://trusted.example.test/callback",
    ] {
        let page = browser.get(site.shop().with("redirect_uri", uri).url()).await;
        assert_eq!(shown_error(&page), "invalid_request", "{uri}");
        assert_eq!(page.answer().header("location"), None, "{uri}");
    }
    assert!(browser.get(site.shop().with("redirect_uri", SHOP).url()).await.has("#login"));
}

#[tokio::test]
async fn the_answer_keeps_the_query_of_a_registered_uri() {
    let site = Site::start().await;
    let request = site.shop().with("redirect_uri", "https://shop.example.test/other?own=1");
    let page = site.browser().get(request.clone().with("prompt", "none").url()).await;
    let url = page.left_for().unwrap().as_str();
    assert!(url.starts_with("https://shop.example.test/other?own=1&error=login_required&"), "{url}");
}

#[tokio::test]
async fn only_the_port_of_a_loopback_uri_may_differ() {
    let site = Site::declaring(NATIVE).await;
    let browser = site.browser();
    let request = |uri: &str| site.shop().with("client_id", "native").with("redirect_uri", uri);
    for good in [
        "http://127.0.0.1:7000/callback",
        "http://127.0.0.1:49152/callback",
        "http://127.0.0.1/callback",
        "http://[::1]:49152/callback",
        "http://localhost:49152/callback",
        "com.example.app:/callback",
    ] {
        let page = browser.get(request(good).url()).await;
        assert!(page.has("#login"), "{good}: {}", page.html());
    }
    for bad in [
        "http://127.0.0.1:7000/other",
        "http://127.0.0.1:7000/callback?x=y",
        "http://127.0.0.2:7000/callback",
        "http://127.1:7000/callback",
        "https://127.0.0.1:7000/callback",
        "http://127.0.0.1:7000@evil.example.test/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:07000/callback",
        "http://localhost:7000/x/../callback",
        "http://localhost.evil.example.test:7000/callback",
        "http://[::ffff:127.0.0.1]/callback",
        "com.example.app:/other",
        "com.example.app://callback",
        "com.example.application:/callback",
    ] {
        assert_eq!(shown_error(&browser.get(request(bad).url()).await), "invalid_request", "{bad}");
    }
}

#[tokio::test]
async fn the_answer_goes_to_the_port_that_was_asked_for() {
    let site = Site::declaring(NATIVE).await;
    let request =
        site.shop().with("client_id", "native").with("redirect_uri", "http://127.0.0.1:49152/callback");
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    let callback = page.form("#consent").press("#consent-allow").await.callback();
    assert_eq!(callback.redirect_uri, "http://127.0.0.1:49152/callback");
    callback.checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn the_only_registered_uri_may_be_left_out_of_plain_oauth() {
    let site = Site::declaring(NATIVE).await;
    let request = site.shop().with("client_id", "only-one").scope("orders:read").without("redirect_uri");
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    assert_eq!(page.callback().redirect_uri, "https://one.example.test/callback");
    page.callback().checked_code(&request, &site.server.issuer());
}

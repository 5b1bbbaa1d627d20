//! `Host` and `X-Forwarded-*` are the sender's words: links are made from the issuer alone. Nothing redirects openly.

use crate::person::Site;
use reqwest::Method;
use signet_tests::{Answer, TestServer};

const EVIL: &str = "evil.example.test";

async fn ask(server: &TestServer, method: Method, path: &str) -> Answer {
    let call = server.http.call(method, format!("{}{path}", server.issuer()));
    let call =
        call.header("host", EVIL).header("x-forwarded-host", EVIL).header("x-forwarded-proto", "https");
    let call = call.header("x-forwarded-port", "444").header("x-forwarded-prefix", "/evil");
    let call = call.header("x-original-url", "/evil").header("x-rewrite-url", "/evil");
    call.header("forwarded", "for=192.0.2.1;host=evil.example.test;proto=https").send().await
}

#[tokio::test]
async fn they_never_appear_in_a_link_a_header_or_a_document() {
    let site = Site::start().await;
    let authorize = site.shop().url().replace(&site.server.issuer(), "");
    let silent = site.shop().with("prompt", "none").url().replace(&site.server.issuer(), "");
    for path in [
        &*authorize,
        &silent,
        "/",
        "/nothing",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/oauth/jwks",
        "/oauth/logout",
        "/oauth/userinfo",
        "/oauth/authorize",
    ] {
        let answer = ask(&site.server, Method::GET, path).await;
        let said = format!("{:?}\n{}", answer.headers, answer.text());
        assert!(!said.contains(EVIL), "{path}: {said}");
        assert!(!said.contains("/evil") && !said.contains(":444"), "{path}: {said}");
    }
}

#[tokio::test]
async fn the_issuer_stays_the_issuer() {
    let site = Site::start().await;
    let document = ask(&site.server, Method::GET, "/.well-known/openid-configuration").await.json();
    assert_eq!(document["issuer"], site.server.issuer());
    assert_eq!(&document, site.discovery().document());
    let post = site.server.http.post(site.discovery().get("authorization_endpoint"));
    let post = post.header("host", EVIL).header("origin", "https://evil.example.test");
    let answer = post.form(&site.shop().pairs()).send().await.expect_status(303);
    let location = answer.header("location").unwrap();
    assert!(location.starts_with(&format!("{}/", site.server.issuer())), "{location}");
}

#[tokio::test]
async fn cookies_are_not_set_for_another_host() {
    let site = Site::start().await;
    let path = site.shop().url().replace(&site.server.issuer(), "");
    let answer = ask(&site.server, Method::GET, &path).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(!cookie.to_lowercase().contains("domain"), "{cookie}");
    // An untrusted peer does not decide either whether cookies are Secure.
    assert!(!cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn nothing_redirects_to_where_a_request_wants() {
    let site = Site::start().await;
    let target = "https://evil.example.test/";
    for path in [
        "//evil.example.test/",
        "//evil.example.test/%2e%2e",
        "/\\evil.example.test/",
        "/%5Cevil.example.test",
        "/https://evil.example.test/",
        "/oauth//evil.example.test",
        "/assets//evil.example.test/x",
        "/oauth/authorize/",
        "/oauth/logout/?post_logout_redirect_uri=https://evil.example.test/",
        "/?next=https://evil.example.test/&return_to=https://evil.example.test/",
        "/oauth/logout?post_logout_redirect_uri=https://evil.example.test/",
        "/oauth/logout?redirect_uri=https://evil.example.test/&target=https://evil.example.test/",
    ] {
        let answer = site.server.http.get(format!("{}{path}", site.server.issuer())).await;
        assert_eq!(answer.header("location"), None, "{path}");
        assert!(!answer.text().contains(&format!("href=\"{target}")), "{path}: {}", answer.text());
    }
    for name in ["redirect_uri", "post_logout_redirect_uri", "request_uri", "target_link_uri"] {
        let request = site.shop().with("client_id", "nobody").with(name, target);
        let answer = site.server.http.get(request.url()).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{name}");
    }
}

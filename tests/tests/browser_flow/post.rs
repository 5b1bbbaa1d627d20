//! Authorization requests by POST (OpenID Connect Core §3.1.2.1), and those from another site, which carry no
//! `SameSite=Lax` cookie.

use crate::person::{Site, sign_in};
use signet_tests::{Answer, AuthorizationUrl, Browser, Page};

/// A form on the client's own page posts the request: no cookies, a foreign origin.
async fn post_from_the_client(site: &Site, request: &AuthorizationUrl) -> Answer {
    let call = site.server.http.post(site.discovery().get("authorization_endpoint"));
    let call = call.header("origin", "https://shop.example.test").header("sec-fetch-site", "cross-site");
    call.form(&request.pairs()).send().await
}

/// The browser goes where the answer to a cross-site POST sends it, now with its cookies.
async fn carry_on(browser: &Browser, answer: &Answer) -> Page {
    assert_eq!(answer.status, 303, "{}", answer.text());
    browser.get(answer.header("location").unwrap()).await
}

#[tokio::test]
async fn a_cross_site_post_finds_the_session_after_a_detour() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.trusted();
    let answer = post_from_the_client(&site, &request).await;
    assert_eq!(answer.header("set-cookie"), None, "cookies that the browser has must not be replaced");
    let page = carry_on(&browser, &answer).await;
    page.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn a_large_cross_site_post_goes_over_a_button() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let state = "s".repeat(6000);
    let request = site.trusted().with("state", &state);
    let answer = post_from_the_client(&site, &request).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (200, None));
    assert!(answer.text().contains("id=\"continue\""), "{}", answer.text());
    // What the button on that page sends, from a page of this issuer.
    let mut fields = request.pairs();
    fields.push(("continued", "1"));
    let cookies = format!("signet-session={}", browser.cookie("signet-session").unwrap());
    let own = site.server.http.post(site.discovery().get("authorization_endpoint"));
    let own = own.header("origin", &site.server.issuer()).header("sec-fetch-site", "same-origin");
    let answer = own.header("cookie", &cookies).form(&fields).send().await.expect_status(303);
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("https://trusted.example.test/callback?code="), "{location}");
    assert!(location.contains(&state), "{location}");
}

#[tokio::test]
async fn a_post_without_a_session_leads_to_the_sign_in_page() {
    let site = Site::start().await;
    let browser = site.browser();
    let request = site.trusted();
    let page = carry_on(&browser, &post_from_the_client(&site, &request).await).await;
    let page = sign_in(page, "alice").await;
    page.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn what_a_get_refuses_a_post_refuses() {
    let site = Site::start().await;
    let browser = site.browser();
    let repeated = site.shop().and("scope", "openid");
    let page = carry_on(&browser, &post_from_the_client(&site, &repeated).await).await;
    assert_eq!(page.callback().error(), "invalid_request");
    let elsewhere = site.shop().with("redirect_uri", "https://evil.example.test/");
    let answer = post_from_the_client(&site, &elsewhere).await;
    let location = answer.header("location").unwrap();
    assert!(location.starts_with(&site.server.issuer()), "an open redirect: {location}");
    assert_eq!(crate::person::shown_error(&carry_on(&browser, &answer).await), "invalid_request");
}

#[tokio::test]
async fn only_a_form_is_read() {
    let site = Site::start().await;
    let endpoint = site.discovery().get("authorization_endpoint");
    let json = site.server.http.post(endpoint).body("application/json", "{}").send().await;
    assert_eq!(json.status, 400);
    assert!(json.text().contains("invalid_request"));
    let large = format!("state={}", "s".repeat(70_000));
    let large = site.server.http.post(endpoint).body("application/x-www-form-urlencoded", large).send().await;
    assert_eq!(large.status, 413);
}

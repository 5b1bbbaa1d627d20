//! Sign-out (OpenID Connect RP-Initiated Logout 1.0).

use crate::person::{Site, shown_error};
use signet_tests::{Browser, Page};
use url::Url;

const BYE: &str = "https://trusted.example.test/bye";

fn logout(site: &Site, parameters: &[(&str, &str)]) -> String {
    let mut url = Url::parse(site.discovery().get("end_session_endpoint")).unwrap();
    url.query_pairs_mut().extend_pairs(parameters);
    url.to_string()
}

async fn is_signed_in(site: &Site, browser: &Browser) -> bool {
    let page = browser.get(site.trusted().with("prompt", "none").url()).await;
    page.callback().get("code").is_some()
}

async fn id_token(site: &Site, browser: &Browser) -> String {
    site.tokens(browser, "openid").await.field("id_token")
}

fn cookie_is_removed(page: &Page) -> bool {
    page.answer()
        .header_all("set-cookie")
        .any(|line| line.starts_with("signet-session=;") && line.contains("Max-Age=0"))
}

#[tokio::test]
async fn with_a_hint_it_happens_at_once_and_state_comes_back() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let stolen = browser.thief();
    let hint = id_token(&site, &browser).await;
    let parameters = [("id_token_hint", &*hint), ("post_logout_redirect_uri", BYE), ("state", "a b&c")];
    let page = browser.get(logout(&site, &parameters)).await;
    assert_eq!(page.left_for().unwrap().as_str(), &format!("{BYE}?state=a+b%26c"));
    assert!(cookie_is_removed(&page));
    assert!(!is_signed_in(&site, &browser).await);
    assert!(!is_signed_in(&site, &stolen).await, "only the cookie was removed, not the session ended");
}

#[tokio::test]
async fn an_expired_hint_is_as_good() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let hint = id_token(&site, &browser).await;
    site.server.clock().advance(3600);
    let page =
        browser.get(logout(&site, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)])).await;
    assert_eq!(page.left_for().unwrap().as_str(), BYE);
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked_first() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let page = browser.get(logout(&site, &[])).await;
    assert!(page.has("#logout-confirm") && page.text("main").contains("Alice Example"), "{}", page.html());
    assert!(is_signed_in(&site, &browser).await, "opening a link must not sign anyone out");
    let page = page.form("#logout").press("#logout-confirm").await;
    assert!(page.has("#signed-out") && cookie_is_removed(&page), "{}", page.html());
    assert!(!is_signed_in(&site, &browser).await);
}

#[tokio::test]
async fn a_client_id_alone_may_lead_back_but_asks_first() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let parameters = [("client_id", "trusted"), ("post_logout_redirect_uri", BYE), ("state", "s")];
    let page = browser.get(logout(&site, &parameters)).await;
    let page = page.form("#logout").press("#logout-confirm").await;
    assert_eq!(page.left_for().unwrap().as_str(), format!("{BYE}?state=s"));
    assert!(!is_signed_in(&site, &browser).await);
}

#[tokio::test]
async fn someone_elses_hint_does_not_sign_this_person_out_unasked() {
    let site = Site::start().await;
    let bobs = id_token(&site, &site.signed_in("bob").await).await;
    let old_session = id_token(&site, &site.signed_in("alice").await).await;
    let browser = site.signed_in("alice").await;
    let foreign = format!("{bobs}x");
    for hint in [&bobs, &old_session, &foreign] {
        let page = browser.get(logout(&site, &[("id_token_hint", hint)])).await;
        assert!(page.has("#logout-confirm"), "{}", page.html());
    }
    assert!(is_signed_in(&site, &browser).await);
}

#[tokio::test]
async fn only_an_exact_registered_address_is_gone_to() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let hint = id_token(&site, &browser).await;
    for uri in [
        "https://evil.example.test/",
        "https://trusted.example.test/bye/",
        "https://trusted.example.test/bye?x=y",
        "https://trusted.example.test/bye#x",
        "https://TRUSTED.example.test/bye",
        "https://trusted.example.test:443/bye",
        "https://trusted.example.test/callback",
        "https://shop.example.test/bye",
        "//evil.example.test",
        "/bye",
        "javascript:alert(1)",
    ] {
        let page =
            browser.get(logout(&site, &[("id_token_hint", &hint), ("post_logout_redirect_uri", uri)])).await;
        assert_eq!(shown_error(&page), "invalid_request", "{uri}");
        assert!(!page.html().contains(uri) || uri == "/bye", "{uri} is reflected");
    }
    assert!(is_signed_in(&site, &browser).await, "a refused request must change nothing");
}

#[tokio::test]
async fn an_address_without_a_client_or_of_another_one_is_refused() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let hint = id_token(&site, &browser).await;
    for parameters in [
        &[("post_logout_redirect_uri", BYE)][..],
        &[("post_logout_redirect_uri", BYE), ("client_id", "nobody")],
        &[("post_logout_redirect_uri", BYE), ("client_id", "shop")],
        &[("post_logout_redirect_uri", BYE), ("client_id", "shop"), ("id_token_hint", &hint)],
        &[("post_logout_redirect_uri", BYE), ("client_id", "trusted"), ("client_id", "trusted")],
        &[("post_logout_redirect_uri", BYE), ("id_token_hint", "no.ID.token")],
    ] {
        assert_eq!(
            shown_error(&browser.get(logout(&site, parameters)).await),
            "invalid_request",
            "{parameters:?}"
        );
    }
    assert!(is_signed_in(&site, &browser).await);
}

#[tokio::test]
async fn signing_out_ends_session_bound_refresh_tokens_and_leaves_offline_ones() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let bound = site.tokens(&browser, "openid").await;
    let offline = site.tokens(&browser, "openid offline_access").await.field("refresh_token");
    let access_token = bound.field("access_token");
    let userinfo = || site.server.http.call(reqwest::Method::GET, site.discovery().get("userinfo_endpoint"));
    userinfo().bearer(&access_token).send().await.expect_status(200);
    browser.get(logout(&site, &[("id_token_hint", &bound.field("id_token"))])).await;
    let refused = site.refresh(&bound.field("refresh_token")).await.expect_status(400);
    assert_eq!(refused.field("error"), "invalid_grant");
    userinfo().bearer(&access_token).send().await.expect_status(401);
    site.refresh(&offline).await.expect_status(200);
}

#[tokio::test]
async fn a_code_of_a_session_that_was_signed_out_brings_no_bound_tokens() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let hint = id_token(&site, &browser).await;
    let request = site.trusted();
    let callback = browser.get(request.url()).await.callback();
    browser.get(logout(&site, &[("id_token_hint", &hint)])).await;
    assert_eq!(site.redeem(&request, &callback).await.expect_status(400).field("error"), "invalid_grant");
}

#[tokio::test]
async fn it_works_by_post_from_another_site_too() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let hint = id_token(&site, &browser).await;
    let call = site.server.http.post(site.discovery().get("end_session_endpoint"));
    let call = call.header("origin", "https://trusted.example.test").header("sec-fetch-site", "cross-site");
    let answer = call.form(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)]).send().await;
    assert_eq!((answer.status, answer.header("set-cookie")), (303, None));
    let page = browser.get(answer.header("location").unwrap()).await;
    assert_eq!(page.left_for().unwrap().as_str(), BYE);
    assert!(!is_signed_in(&site, &browser).await);
}

#[tokio::test]
async fn who_is_not_signed_in_is_simply_signed_out() {
    let site = Site::start().await;
    assert!(site.browser().get(logout(&site, &[])).await.has("#signed-out"));
}

#[tokio::test]
async fn the_confirmation_belongs_to_its_browser() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let attacker = site.signed_in("bob").await;
    let theirs = attacker.get(logout(&site, &[])).await.form("#logout");
    let sealed = theirs.value("request").unwrap().to_owned();
    let own = browser.get(logout(&site, &[])).await.form("#logout");
    let page = own.tamper("request", &sealed).press("#logout-confirm").await;
    assert_eq!(shown_error(&page), "invalid_request");
    assert!(is_signed_in(&site, &browser).await);
}

#[tokio::test]
async fn a_confirmation_left_open_for_too_long_asks_again() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let form = browser.get(logout(&site, &[])).await.form("#logout");
    site.server.clock().advance(3601);
    let page = form.press("#logout-confirm").await;
    assert!(page.has("#logout-confirm"), "{}", page.html());
    page.form("#logout").press("#logout-confirm").await;
    assert!(!is_signed_in(&site, &browser).await);
}

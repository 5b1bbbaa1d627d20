//! Forms that come from elsewhere: another site, another browser, an attacker's editor, another time.

use crate::person::{Site, allow, shown_error, sign_in};
use signet_tests::{Browser, Form};

async fn login_form(site: &Site, browser: &Browser) -> Form {
    browser.get(site.trusted().url()).await.form("#login")
}

fn fill(form: Form) -> Form {
    form.fill("username", "alice").fill("password", crate::person::PASSWORD)
}

#[tokio::test]
async fn a_form_of_another_browser_is_refused() {
    // Login CSRF: the attacker's own form, sent by the victim's browser.
    let site = Site::start().await;
    let (attacker, victim) = (site.browser(), site.browser());
    let theirs = login_form(&site, &attacker).await.value("request").unwrap().to_owned();
    let form = fill(login_form(&site, &victim).await).tamper("request", &theirs);
    let page = form.submit().await;
    assert_eq!(shown_error(&page), "invalid_request");
    assert_eq!(victim.cookie("signet-session"), None);
}

#[tokio::test]
async fn a_form_without_the_cookie_is_refused() {
    let site = Site::start().await;
    let browser = site.browser();
    let form = fill(login_form(&site, &browser).await);
    browser.clear_cookies();
    let page = form.submit().await;
    assert_eq!(shown_error(&page), "invalid_request");
    assert!(page.text("#error").contains("start again"), "{}", page.html());
    assert_eq!(browser.cookie("signet-session"), None);
}

#[tokio::test]
async fn a_sealed_request_that_was_tampered_with_is_refused() {
    let site = Site::start().await;
    let browser = site.browser();
    let form = login_form(&site, &browser).await;
    let sealed = form.value("request").unwrap().to_owned();
    let mut flipped: Vec<u8> = sealed.clone().into_bytes();
    let middle = flipped.len() / 2;
    flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    let cut = sealed[..sealed.len() - 4].to_owned();
    for tampered in [flipped, cut, format!("{sealed}AAAA"), "AAAA".into(), "%".into(), String::new()] {
        let page = fill(form.clone()).tamper("request", &tampered).submit().await;
        assert_eq!(shown_error(&page), "invalid_request", "{tampered}");
    }
    let page = fill(form.clone()).without("request").submit().await;
    assert_eq!(shown_error(&page), "invalid_request");
    // The untouched one is still good.
    fill(form).submit().await.callback().code();
}

#[tokio::test]
async fn a_seal_for_one_purpose_opens_nothing_else() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let logout = browser.get(site.discovery().get("end_session_endpoint")).await.form("#logout");
    let consent = browser.get(site.shop().url()).await.form("#consent");
    let crossed = consent.clone().tamper("request", logout.value("request").unwrap());
    assert_eq!(shown_error(&crossed.press("#consent-allow").await), "invalid_request");
    let crossed = logout.tamper("request", consent.value("request").unwrap());
    assert_eq!(shown_error(&crossed.press("#logout-confirm").await), "invalid_request");
    browser.get(site.trusted().url()).await.callback().code();
}

#[tokio::test]
async fn a_form_of_another_issuer_is_refused() {
    let (site, other) = (Site::start().await, Site::start().await);
    let (browser, elsewhere) = (site.browser(), other.browser());
    let form = login_form(&site, &browser).await;
    // Even for the same browser cookie.
    elsewhere.set_cookie("signet-browser", &browser.cookie("signet-browser").unwrap());
    let foreign = login_form(&other, &elsewhere).await.value("request").unwrap().to_owned();
    assert_eq!(shown_error(&fill(form).tamper("request", &foreign).submit().await), "invalid_request");
}

#[tokio::test]
async fn a_stale_page_starts_anew_and_loses_nothing() {
    let site = Site::start().await;
    let browser = site.browser();
    let request = site.shop().scope("openid email");
    let form = fill(browser.get(request.url()).await.form("#login"));
    site.server.clock().advance(3601);
    let page = form.submit().await;
    assert!(page.text("#login-error").contains("no longer valid"), "{}", page.html());
    assert_eq!(browser.cookie("signet-session"), None);
    let page = sign_in(page, "alice").await;
    let form = page.form("#consent");
    site.server.clock().advance(3601);
    let page = form.press("#consent-allow").await;
    assert!(page.has("#consent"), "a stale consent must be asked for again: {}", page.html());
    allow(page).await.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn a_page_from_the_future_is_no_fresher() {
    // A clock that was ahead and has been put right.
    let site = Site::start().await;
    let browser = site.browser();
    site.server.clock().advance(3600);
    let form = fill(browser.get(site.trusted().url()).await.form("#login"));
    site.server.clock().advance(-120);
    let page = form.submit().await;
    assert!(page.has("#login-error"), "{}", page.html());
}

#[tokio::test]
async fn the_client_is_checked_again_at_each_step() {
    let site = Site::start().await;
    let browser = site.browser();
    let page = browser.get(site.shop().url()).await;
    let changed = r#"
        [[clients]]
        client_id = "shop"
        client_name = "The Shop"
        client_secret = "the secret of a shop, 32 characters"
        redirect_uris = ["https://moved.example.test/callback"]
        grant_types = ["authorization_code"]
        scope = "openid"
    "#;
    site.server.apply(changed).await;
    signet_tests::eventually(std::time::Duration::from_secs(10), async || {
        browser.get(site.shop().url()).await.has("#error")
    })
    .await;
    let page = sign_in(page, "alice").await;
    assert_eq!(shown_error(&page), "invalid_request");
    assert_eq!(page.left_for(), None);
}

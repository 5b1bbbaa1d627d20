//! `prompt` (OpenID Connect Core §3.1.2.1).

use crate::person::{Site, allow, id_token, sign_in};

#[tokio::test]
async fn none_answers_at_once_when_everything_is_settled() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.trusted().with("prompt", "none");
    let page = browser.get(request.url()).await;
    page.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn none_never_shows_a_page() {
    let site = Site::start().await;
    let stranger = site.browser();
    let request = |extra: (&str, &str)| site.trusted().with("prompt", "none").with(extra.0, extra.1);
    assert_eq!(stranger.get(request(("state", "s")).url()).await.callback().error(), "login_required");
    let alice = site.signed_in("alice").await;
    let stale = alice.get(request(("max_age", "0")).url()).await;
    assert_eq!(stale.callback().error(), "login_required");
    let asks = alice.get(site.shop().with("prompt", "none").url()).await;
    assert_eq!(asks.callback().error(), "consent_required");
    // An embedding page must not learn it by a frame either: nothing but a redirect comes.
    assert!(asks.left_for().is_some() && stale.left_for().is_some());
}

#[tokio::test]
async fn login_asks_again_whoever_is_signed_in() {
    let site = Site::start().await;
    let clock = site.server.clock().clone();
    let browser = site.signed_in("alice").await;
    clock.advance(30);
    let request = site.trusted().with("prompt", "login");
    let page = browser.get(request.url()).await;
    assert!(page.has("#login") && page.has("#login-why"), "{}", page.html());
    let before = clock.now().timestamp();
    let callback = sign_in(page, "alice").await.callback();
    let tokens = site.redeem(&request, &callback).await.expect_status(200);
    assert!(id_token(&tokens)["auth_time"].as_i64().unwrap() >= before, "auth_time is the new sign-in's");
}

#[tokio::test]
async fn consent_asks_again_though_it_is_remembered() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    allow(browser.get(site.shop().url()).await).await.callback().code();
    browser.get(site.shop().url()).await.callback().code();
    let request = site.shop().with("prompt", "consent");
    let page = browser.get(request.url()).await;
    assert!(page.has("#consent"), "{}", page.html());
    allow(page).await.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn consent_is_asked_even_of_a_client_that_skips_it() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let page = browser.get(site.trusted().with("prompt", "consent").url()).await;
    assert!(page.has("#consent"), "{}", page.html());
}

#[tokio::test]
async fn select_account_lets_the_person_stay_or_change() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.trusted().with("prompt", "select_account");
    let page = browser.get(request.url()).await;
    assert!(page.text("#account-continue").contains("Alice Example"), "{}", page.html());
    let stay = page.form("#select-account").press("#account-continue").await;
    let tokens = site.redeem(&request, &stay.callback()).await.expect_status(200);
    let alice = id_token(&tokens)["sub"].clone();

    let request = site.trusted().with("prompt", "select_account");
    let page = browser.get(request.url()).await.form("#select-account").press("#account-other").await;
    let tokens = site.redeem(&request, &sign_in(page, "bob").await.callback()).await.expect_status(200);
    assert_ne!(id_token(&tokens)["sub"], alice);
}

#[tokio::test]
async fn select_account_with_nobody_signed_in_is_a_sign_in() {
    let site = Site::start().await;
    let request = site.trusted().with("prompt", "select_account");
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    page.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn combinations_ask_for_each_of_their_parts() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.trusted().with("prompt", "login consent");
    let page = sign_in(browser.get(request.url()).await, "alice").await;
    allow(page).await.callback().checked_code(&request, &site.server.issuer());

    let request = site.trusted().with("prompt", "consent select_account");
    let page = browser.get(request.url()).await.form("#select-account").press("#account-continue").await;
    allow(page).await.callback().checked_code(&request, &site.server.issuer());

    // Whoever signs in has chosen the account by that.
    let request = site.trusted().with("prompt", "login select_account consent");
    let page = sign_in(browser.get(request.url()).await, "bob").await;
    allow(page).await.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn unknown_values_are_ignored() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    browser.get(site.trusted().with("prompt", "create dance").url()).await.callback().code();
    assert!(browser.get(site.trusted().with("prompt", "dance login").url()).await.has("#login"));
}

#[tokio::test]
async fn login_cannot_be_satisfied_by_an_old_session() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.trusted().with("prompt", "login");
    // However often it is asked, and by whatever cookies: only this request's own form answers it.
    for _ in 0..2 {
        assert!(browser.get(request.url()).await.has("#login"));
    }
    sign_in(browser.get(request.url()).await, "alice").await.callback().code();
    assert!(browser.get(request.url()).await.has("#login"), "an answered request must ask again");
}

#[tokio::test]
async fn login_cannot_be_satisfied_by_a_second_tabs_sign_in() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    // The first tab signs in for a request that also asks for consent, and waits there.
    let request = site.trusted().with("prompt", "login consent");
    let waiting = sign_in(browser.get(request.url()).await, "alice").await;
    assert!(waiting.has("#consent"));
    // The second tab signs in for another request: the session's authentication is that one's now.
    sign_in(browser.get(site.trusted().with("prompt", "login").url()).await, "alice").await.callback().code();
    let page = allow(waiting).await;
    assert!(page.has("#login"), "another tab's sign-in answered prompt=login: {}", page.html());
}

#[tokio::test]
async fn login_cannot_be_skipped_by_posting_consent() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let consent = browser.get(site.shop().url()).await.form("#consent");
    let login = browser.get(site.shop().with("prompt", "login").url()).await.form("#login");
    let sealed = login.value("request").unwrap().to_owned();
    let page = consent.tamper("request", &sealed).press("#consent-allow").await;
    assert!(page.has("#login"), "{}", page.html());
}

//! Limits on failed sign-ins, per account and per address, by the clock.

use crate::person::{Site, sign_in, sign_in_with};
use signet_tests::{Browser, FakeClock, Page, Settings};

const PERIOD: i64 = 900;

fn settings(account: i64, address: i64) -> Settings {
    Settings::new()
        .with("limits.sign_in_account.number", account)
        .with("limits.sign_in_account.period", PERIOD)
        .with("limits.sign_in_address.number", address)
        .with("limits.sign_in_address.period", PERIOD)
}

/// A clock that stands still, so that no window ends but by the test's hand.
fn clock() -> FakeClock {
    FakeClock::still()
}

async fn attempt(site: &Site, browser: &Browser, username: &str, password: &str) -> Page {
    sign_in_with(browser.get(site.trusted().url()).await, username, password).await
}

#[track_caller]
fn assert_limited(page: &Page) -> i64 {
    assert_eq!(page.status(), 429, "{}", page.html());
    assert!(page.text("#login-error").contains("too many failed attempts"), "{}", page.html());
    let seconds = page.answer().header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!((1..=PERIOD).contains(&seconds), "{seconds}");
    seconds
}

#[tokio::test]
async fn an_account_is_closed_after_too_many_failures_even_to_the_right_password() {
    let site = Site::with(settings(3, 1000), clock(), "").await;
    let browser = site.browser();
    for _ in 0..3 {
        assert_eq!(attempt(&site, &browser, "alice", "wrong").await.status(), 400);
    }
    assert_limited(&attempt(&site, &browser, "alice", "wrong").await);
    let right = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    assert_limited(&right);
    assert_eq!(right.answer().header("set-cookie"), None);
    // From any browser, and under any spelling; others are not affected.
    assert_limited(&attempt(&site, &site.browser(), "ALICE ", "wrong").await);
    sign_in(site.browser().get(site.trusted().url()).await, "bob").await.callback().code();
}

#[tokio::test]
async fn the_owner_signs_in_when_the_time_is_over() {
    let site = Site::with(settings(3, 1000), clock(), "").await;
    let browser = site.browser();
    for _ in 0..3 {
        attempt(&site, &browser, "alice", "wrong").await;
    }
    let page = browser.get(site.trusted().url()).await;
    let page = sign_in(page, "alice").await;
    let wait = assert_limited(&page);
    site.server.clock().advance(wait - 1);
    let page = sign_in(page, "alice").await;
    assert_eq!(assert_limited(&page), 1);
    site.server.clock().advance(1);
    // The page itself is as good as before: the limit lost nothing of the request.
    sign_in(page, "alice").await.callback().code();
}

#[tokio::test]
async fn a_success_forgets_the_failures_before_it() {
    let site = Site::with(settings(3, 1000), clock(), "").await;
    let browser = site.browser();
    for _ in 0..3 {
        for _ in 0..2 {
            assert_eq!(attempt(&site, &browser, "alice", "wrong").await.status(), 400);
        }
        sign_in(browser.get(site.trusted().with("prompt", "login").url()).await, "alice")
            .await
            .callback()
            .code();
        browser.clear_cookies();
    }
}

#[tokio::test]
async fn unknown_names_are_limited_like_known_ones() {
    let site = Site::with(settings(3, 1000), clock(), "").await;
    let browser = site.browser();
    for _ in 0..3 {
        assert_eq!(attempt(&site, &browser, "nobody", "wrong").await.status(), 400);
    }
    assert_limited(&attempt(&site, &browser, "nobody", "wrong").await);
}

#[tokio::test]
async fn an_address_is_closed_after_failures_at_many_accounts() {
    let site = Site::with(settings(1000, 4), clock(), "").await;
    let browser = site.browser();
    for name in ["a", "b", "c", "d"] {
        assert_eq!(attempt(&site, &browser, name, "wrong").await.status(), 400);
    }
    let page = browser.get(site.trusted().url()).await;
    let page = sign_in(page, "alice").await;
    let wait = assert_limited(&page);
    site.server.clock().advance(wait);
    sign_in(page, "alice").await.callback().code();
}

#[tokio::test]
async fn guesses_made_at_once_are_counted_like_guesses_one_after_the_other() {
    let site = Site::with(settings(3, 1000), clock(), "").await;
    let browser = site.browser();
    let form = browser.get(site.trusted().url()).await.form("#login").fill("username", "alice");
    let guesses = (0..12).map(|n| form.clone().fill("password", &format!("guess {n}")).submit());
    let pages = futures_util::future::join_all(guesses).await;
    let tried = pages.iter().filter(|page| page.status() == 400).count();
    assert_eq!(tried, 3, "{:?}", pages.iter().map(Page::status).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_untrusted_peer_cannot_choose_its_address() {
    let site = Site::with(settings(1000, 2), clock(), "").await;
    let page = site.browser().get(site.trusted().url()).await;
    let (form, cookie) = (page.form("#login"), page.answer().header("set-cookie").unwrap());
    let cookie = cookie.split(';').next().unwrap();
    let request = form.value("request").unwrap();
    for (number, expected) in [(1, 400), (2, 400), (3, 429)] {
        let fields = [("request", request), ("username", "nobody"), ("password", "wrong")];
        let call = site.server.http.post(form.action()).header("cookie", cookie);
        let call = call.header("x-forwarded-for", &format!("198.51.100.{number}"));
        call.form(&fields).send().await.expect_status(expected);
    }
}

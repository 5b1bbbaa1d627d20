//! Limits on failed sign-ins, per account, per network and per both, by the clock.

use crate::person::{Site, sign_in, sign_in_with};
use signet_tests::{Browser, FakeClock, Page, Settings};

const PERIOD: i64 = 900;

fn settings(account: i64, address: i64) -> Settings {
    Settings::new()
        .with("limits.sign_in_account.number", account)
        .with("limits.sign_in_account.period", PERIOD)
        .with("limits.sign_in_network.number", address)
        .with("limits.sign_in_network.period", PERIOD)
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
    let limit = page.answer().header("ratelimit").expect("RateLimit");
    assert!(limit.ends_with(&format!(";r=0;t={seconds}")), "{limit}");
    let policy = page.answer().header("ratelimit-policy").expect("RateLimit-Policy");
    assert!(policy.starts_with(limit.split(';').next().unwrap()) && policy.ends_with(";w=900"), "{policy}");
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
async fn a_network_is_closed_after_failures_at_many_accounts() {
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
async fn parallel_guesses_do_not_exceed_the_limit() {
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

/// Whoever asks says where they are: the server takes this machine for its proxy.
fn behind_a_proxy(settings: Settings) -> Settings {
    settings.with("server.trusted_proxies", vec!["127.0.0.1".to_owned()])
}

#[tokio::test]
async fn two_hundred_guesses_from_many_addresses_do_not_keep_the_owner_out() {
    let site = Site::with(behind_a_proxy(Settings::new()), clock(), "").await;
    let own = site.browser().at_address("203.0.113.7");
    sign_in(own.get(site.trusted().url()).await, "alice").await.callback().code();

    let mut refused = 0;
    for guess in 0..200 {
        let browser = site.browser().at_address(&format!("198.51.100.{guess}"));
        let page = attempt(&site, &browser, "alice", &format!("guess {guess}")).await;
        refused += usize::from(page.status() == 429);
    }
    // Twenty were compared with the password; then the account was closed to strangers, the owner's network among them.
    assert_eq!(refused, 180);
    let stranger = site.browser().at_address("203.0.113.7");
    assert_limited(&sign_in(stranger.get(site.trusted().url()).await, "alice").await);

    // The owner's own browser has attempts of its own, and may even err.
    let again = site.trusted().with("prompt", "login");
    assert_eq!(sign_in_with(own.get(again.url()).await, "alice", "wrong").await.status(), 400);
    sign_in(own.get(again.url()).await, "alice").await.callback().code();
}

#[tokio::test]
async fn a_browser_that_someone_signed_in_with_guesses_no_better_at_others() {
    let site = Site::with(settings(3, 1000), clock(), "").await;
    let browser = site.signed_in("bob").await;
    let again = site.trusted().with("prompt", "login");
    let guess = async |name: &str| sign_in_with(browser.get(again.url()).await, name, "wrong").await;
    for _ in 0..3 {
        assert_eq!(guess("alice").await.status(), 400);
    }
    assert_eq!(guess("alice").await.status(), 429);
    // Nor without end at its own person.
    for _ in 0..10 {
        assert_eq!(guess("bob").await.status(), 400);
    }
    assert_eq!(guess("bob").await.status(), 429);
}

#[tokio::test]
async fn a_device_cookie_that_was_made_up_counts_for_nothing() {
    let site = Site::with(settings(3, 1000), clock(), "").await;
    let browser = site.signed_in("alice").await;
    let cookie = browser.cookie("signet-device").expect("a device cookie");
    assert!(cookie.len() <= 240 && !cookie.contains("alice"), "{cookie}");
    let attacker = site.browser();
    for n in 0..4 {
        let changed = format!("{}{n}", &cookie[..cookie.len() - 1]);
        attacker.set_cookie("signet-device", if n == 0 { "AAAA" } else { &changed[1..] });
        let expected = if n < 3 { 400 } else { 429 };
        assert_eq!(attempt(&site, &attacker, "alice", "wrong").await.status(), expected);
    }
}

#[tokio::test]
async fn letter_case_and_unicode_forms_share_one_counter() {
    const ZOE: &str = "[[users]]\nusername = \"zo\u{eb}\"\nemail = \"zoe@example.test\"\npassword = \"correct horse battery staple\"";
    let site = Site::with(settings(5, 1000), clock(), ZOE).await;
    let browser = site.browser();
    for name in ["zo\u{eb}", "ZOE\u{308}", " Zo\u{eb}\u{a0}", "zoe@example.test", "\u{ff3a}oe\u{308}"] {
        assert_eq!(attempt(&site, &browser, name, "wrong").await.status(), 400, "{name}");
    }
    for name in ["zo\u{eb}", "ZOE@Example.TEST", "Zoe\u{308}"] {
        assert_limited(&attempt(&site, &browser, name, "wrong").await);
    }
    // So do the spellings of a name that nobody has.
    for name in ["nobody\u{fb01}", "NOBODYFI", "nobody\u{ff46}i", " nobodyfi", "NobodyFi "] {
        assert_eq!(attempt(&site, &browser, name, "wrong").await.status(), 400, "{name}");
    }
    assert_limited(&attempt(&site, &browser, "nobodyfi", "wrong").await);
    // And with any of them the person signs in.
    let other = Site::with(settings(5, 1000), clock(), ZOE).await;
    sign_in(other.browser().get(other.trusted().url()).await, "ZOE\u{308}").await.callback().code();
}

#[tokio::test]
async fn who_is_refused_for_others_guesses_loses_no_attempts_of_their_own() {
    let settings = behind_a_proxy(settings(3, 1000)).with("limits.sign_in_pair.number", 3);
    let site = Site::with(settings, clock(), "").await;
    for n in 0..3 {
        let stranger = site.browser().at_address(&format!("198.51.100.{n}"));
        attempt(&site, &stranger, "alice", "wrong").await;
    }
    let owner = site.browser().at_address("203.0.113.7");
    let mut wait = 0;
    for _ in 0..5 {
        wait = assert_limited(&attempt(&site, &owner, "alice", "wrong").await);
    }
    site.server.clock().advance(wait);
    for _ in 0..3 {
        assert_eq!(attempt(&site, &owner, "alice", "wrong").await.status(), 400);
    }
}

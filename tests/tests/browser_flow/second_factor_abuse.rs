//! Ways round the second factor that lead nowhere.

use crate::person::{Site, enrol_app, second_factor, sign_in, sign_in_with};
use signet_tests::{AuthenticatorApp, Browser, FakeClock, Page, Settings};

async fn strict() -> Site {
    Site::with(Settings::new().with("factors.policy", "required"), FakeClock::running(), "").await
}

async fn enrolled(site: &Site, username: &str) -> AuthenticatorApp {
    let page = sign_in(site.browser().get(site.trusted().url()).await, username).await;
    let (app, _) = enrol_app(site, page).await;
    site.server.clock().advance(60);
    app
}

/// The attacker knows the password and has no factor.
async fn half(site: &Site, browser: &Browser) -> Page {
    let page = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    assert!(page.has("#mfa"), "{}", page.html());
    page
}

#[tokio::test]
async fn opening_a_later_address_directly_does_not_get_past_the_second_factor() {
    let site = strict().await;
    enrolled(&site, "alice").await;
    let browser = site.browser();
    half(&site, &browser).await;
    for request in [site.trusted(), site.shop(), site.trusted().with("prompt", "consent")] {
        assert!(browser.get(request.url()).await.has("#mfa"));
    }
    let silent = browser.get(site.trusted().with("prompt", "none").url()).await.callback();
    assert_eq!(silent.error(), "login_required");
}

#[tokio::test]
async fn skipping_the_step_with_the_forms_of_later_ones_does_not_get_past_it() {
    let site = strict().await;
    enrolled(&site, "alice").await;
    let browser = site.browser();
    let page = half(&site, &browser).await;
    for (path, field, value) in [
        ("/oauth/consent", "decision", "allow"),
        ("/oauth/select-account", "account", "current"),
        ("/oauth/continue", "x", "x"),
        ("/oauth/enrol", "factor", "totp"),
    ] {
        let page = page.form("#mfa").to(path).tamper(field, value).submit().await;
        assert!(page.has("#mfa") && !page.has("#enrol-totp-secret"), "{path}: {}", page.html());
    }
    assert_eq!(browser.cookie("signet-session"), None);
}

#[tokio::test]
async fn setting_up_a_factor_of_ones_own_does_not_replace_the_one_that_is_asked_for() {
    let site = strict().await;
    enrolled(&site, "alice").await;
    // Bob has none yet: his page for setting one up is good, for him.
    let browser = site.browser();
    let page = sign_in(browser.get(site.trusted().url()).await, "bob").await;
    let page = page.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let theirs = page.form("form#enrol-totp");
    // In the same browser, with the password of alice.
    let page = browser.get(site.trusted().with("prompt", "login").url()).await;
    assert!(sign_in(page, "alice").await.has("#mfa"));
    let code = app.code(site.server.clock().now());
    let page = theirs.fill("code", &code).press("#enrol-totp-submit").await;
    assert!(page.has("#mfa"), "{}", page.html());
    assert_eq!(browser.cookie("signet-session"), None);
}

#[tokio::test]
async fn a_second_tab_does_not_get_past_the_second_factor() {
    let site = strict().await;
    let app = enrolled(&site, "alice").await;
    let browser = site.browser();
    let one = half(&site, &browser).await;
    let other = browser.get(site.trusted().url()).await;
    assert!(other.has("#mfa"), "the password was right in this browser a moment ago: {}", other.html());
    // One code makes one session.
    let code = app.code(site.server.clock().now());
    second_factor(other, &code).await.callback().code();
    // The first tab goes on with the session that there is now; its code is neither needed nor used.
    second_factor(one, &code).await.callback().code();
    // Another person's half sign-in beside a session is no step for that session.
    let request = site.trusted().with("prompt", "login");
    let page = sign_in(browser.get(request.url()).await, "bob").await;
    assert!(page.has("#enrol"));
    browser.get(site.trusted().url()).await.callback().code();
}

#[tokio::test]
async fn replaying_an_old_form_signs_nobody_in() {
    let site = strict().await;
    let app = enrolled(&site, "alice").await;
    let browser = site.browser();
    let page = half(&site, &browser).await;
    let form = page.form("#mfa").fill("code", &app.code(site.server.clock().now()));
    form.clone().press("#mfa-submit").await.callback().code();
    // Whoever finds the form in the browser's history, after a sign-out.
    let thief = browser.thief();
    thief.set_cookie("signet-session", "gone");
    let page = form.press("#mfa-submit").await;
    page.callback();
    let replay = half(&site, &thief).await.form("#mfa");
    let page = replay.fill("code", &app.code(site.server.clock().now())).press("#mfa-submit").await;
    assert!(page.has("#mfa-error"), "the code was used before: {}", page.html());
}

#[tokio::test]
async fn a_new_password_ends_half_a_sign_in() {
    let site = strict().await;
    let app = enrolled(&site, "alice").await;
    let page = half(&site, &site.browser()).await;
    let changed = "[[users]]\nusername = \"alice\"\nemail = \"alice@example.test\"\nname = \"Alice Example\"\npassword = \"another horse battery staple\"";
    site.server.set_passwords(changed).await;
    let page = second_factor(page, &app.code(site.server.clock().now())).await;
    assert!(page.has("#login"), "{}", page.html());
}

#[tokio::test]
async fn half_a_sign_in_lasts_ten_minutes() {
    let site = strict().await;
    let app = enrolled(&site, "alice").await;
    let page = half(&site, &site.browser()).await;
    site.server.clock().advance(601);
    let page = second_factor(page, &app.code(site.server.clock().now())).await;
    assert!(page.has("#login"), "{}", page.html());
}

#[tokio::test]
async fn a_half_sign_in_of_another_browser_proves_nothing() {
    let site = strict().await;
    let app = enrolled(&site, "alice").await;
    let page = half(&site, &site.browser()).await;
    // The victim's browser sends the attacker's sealed request with a code of the victim's own app.
    let victim = site.browser();
    let form = victim.get(site.trusted().url()).await.form("#login");
    let theirs = page.form("#mfa").value("request").unwrap().to_owned();
    let code = app.code(site.server.clock().now());
    let form = form.to("/oauth/second-factor").tamper("request", &theirs);
    let page = form.tamper("factor", "totp").tamper("code", &code).submit().await;
    assert_eq!(crate::person::shown_error(&page), "invalid_request");
}

#[tokio::test]
async fn half_a_sign_in_holds_up_nobody_else_and_ends_with_a_sign_out() {
    let site = strict().await;
    enrolled(&site, "alice").await;
    let browser = site.browser();
    let page = half(&site, &browser).await;
    // Whoever sits there now is someone else.
    assert!(page.form("#mfa-other").press("#account-other").await.has("#login"));
    assert!(browser.get(site.trusted().with("prompt", "login").url()).await.has("#login"));
    browser.get(site.discovery().get("end_session_endpoint")).await;
    assert!(browser.get(site.trusted().url()).await.has("#login"));
}

#[tokio::test]
async fn second_factor_guesses_are_limited_even_in_parallel_and_with_the_right_password_between() {
    let site = strict().await;
    let app = enrolled(&site, "alice").await;
    let right = app.code(site.server.clock().now());
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let mut refused = 0;
    for _ in 0..5 {
        // A right password each time, in a browser of its own: neither forgets the guesses.
        let form = half(&site, &site.browser()).await.form("#mfa").fill("code", wrong);
        let guesses = (0..4).map(|_| form.clone().press("#mfa-submit"));
        refused +=
            futures_util::future::join_all(guesses).await.iter().filter(|page| page.status() == 429).count();
    }
    assert_eq!(refused, 10, "ten guesses of twenty were tried");
    let page = second_factor(half(&site, &site.browser()).await, &right).await;
    assert_eq!(page.status(), 429, "nothing is tried any more, not even the right one");
    assert!(page.has("#mfa-error") && page.answer().header("retry-after").is_some());
    site.server.clock().advance(3600);
    second_factor(half(&site, &site.browser()).await, &app.code(site.server.clock().now()))
        .await
        .callback()
        .code();
}

#[tokio::test]
async fn a_reset_password_leaves_no_factor_of_a_sign_in_that_it_ended() {
    let site = strict().await;
    // The attacker knows the password, and is about to set up an app of their own.
    let browser = site.browser();
    let page = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    let page = page.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let form = page.form("form#enrol-totp").fill("code", &app.code(site.server.clock().now()));
    let changed = "[[users]]\nusername = \"alice\"\nemail = \"alice@example.test\"\nname = \"Alice Example\"\npassword = \"another horse battery staple\"";
    site.server.set_passwords(changed).await;
    let page = form.press("#enrol-totp-submit").await;
    assert!(page.has("#login"), "{}", page.html());
    assert_eq!(browser.cookie("signet-session"), None);
    let page = site.browser().get(site.trusted().url()).await;
    let page = sign_in_with(page, "alice", "another horse battery staple").await;
    assert!(page.has("#enrol"), "she has no factor: {}", page.html());
}

#[tokio::test]
async fn of_two_tabs_that_set_up_an_app_at_once_neither_replaces_the_others() {
    let site = strict().await;
    let browser = site.browser();
    let one = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    let other = browser.get(site.trusted().url()).await;
    let mut tabs = Vec::new();
    for page in [one, other] {
        let page = page.form("#enrol").press("#enrol-totp").await;
        let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
        let form = page.form("form#enrol-totp").fill("code", &app.code(site.server.clock().now()));
        tabs.push((app, form));
    }
    let sent = tabs.iter().map(|(_, form)| form.clone().press("#enrol-totp-submit"));
    let pages = futures_util::future::join_all(sent).await;
    let kept: Vec<_> =
        pages.iter().map(|page| page.left_for().is_none() && page.has("#recovery-codes")).collect();
    assert_eq!(kept.iter().filter(|kept| **kept).count(), 1, "{kept:?}");
    site.server.clock().advance(60);
    for ((app, _), kept) in tabs.iter().zip(kept) {
        let page = half(&site, &site.browser()).await;
        let page = second_factor(page, &app.code(site.server.clock().now())).await;
        assert_eq!(page.left_for().is_some(), kept);
    }
}

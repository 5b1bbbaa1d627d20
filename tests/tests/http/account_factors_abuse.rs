//! Ways to factors that are not one's own to change, and round those that policy wants.

use crate::person::*;
use futures_util::future::join_all;
use signet_tests::AuthenticatorApp;

#[tokio::test]
async fn whoever_knows_the_password_alone_neither_sees_nor_changes_factors() {
    let world = world("optional").await;
    // A session from before there was a factor, and every page and form that it could get hold of by then.
    let thief = signed_in(&world, "alice").await;
    let (his, enrol) = new_app(&thief).await;
    let (_, passkey) = new_passkey(&world, &thief, "Thief").await;
    let alice = signed_in(&world, "alice").await;
    let (hers, _) = add_app(&world, &alice).await;
    for path in [SECURITY, "/account/security/app", "/account/security/passkey"] {
        let page = thief.get(path).await;
        assert!(page.has("#mfa") && !page.has("#security"), "{path}: {}", page.html());
    }
    let page = confirm(&world, &enrol, &his).await;
    assert!(page.has("#mfa"), "{}", page.html());
    assert!(passkey.send_as_it_is().await.has("#mfa"));
    // With a form of the page that he was never shown, which another browser got for him.
    let form = alice.get(SECURITY).await.form("#app-remove").value("request").unwrap().to_owned();
    let forged = thief.get(SECURITY).await.form("#mfa").to(SECURITY);
    let page = forged.tamper("request", &form).tamper("remove_app", "yes").send_as_it_is().await;
    assert!(page.has("#mfa"), "{}", page.html());
    let half = password(&world, &world.server.browser(), "alice").await;
    second_step(&world, &half, &hers).await.callback();
    assert!(!alice.get(SECURITY).await.has(".passkey-remove"));
}

#[tokio::test]
async fn a_remembered_browser_has_to_take_the_second_step_before_it_changes_factors() {
    let world = world("optional").await;
    let (app, _) = add_app(&world, &signed_in(&world, "alice").await).await;
    let browser = remembered(&world, &app, "alice").await;
    password(&world, &browser, "alice").await.callback();
    world.advance(60);
    let page = browser.get(SECURITY).await;
    // And it is not asked whether that is to be remembered: here it never is.
    assert!(page.has("#mfa") && !page.has("[name=remember]"), "{}", page.html());
    assert!(second_step(&world, &page, &app).await.has("#security"));
}

#[tokio::test]
async fn a_stale_sign_in_changes_no_factor() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    add_app(&world, &alice).await;
    let page = alice.get(SECURITY).await;
    let (new, enrol) = new_app(&alice).await;
    world.advance(601);
    for path in [SECURITY, "/account/security/app", "/account/security/passkey"] {
        assert!(alice.get(path).await.has("#login"), "{path}");
    }
    for field in ["remove_app", "new_codes", "forget_all"] {
        assert!(press(&page, (field, "yes")).await.has("#login"), "{field}");
    }
    assert!(confirm(&world, &enrol, &new).await.has("#login"));
}

#[tokio::test]
async fn what_is_another_persons_is_as_unknown_as_what_does_not_exist() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    add_passkey(&world, &alice, "Laptop").await;
    let (app, _) = add_app_to(&world, &alice).await;
    let her_browser = remembered(&world, &app, "alice").await;
    let [key] = ids(&alice, "remove_passkey").await.try_into().expect("a passkey");
    let [browser] = ids(&alice, "forget").await.try_into().expect("a browser");
    let bob = signed_in(&world, "bob").await;
    add_app(&world, &bob).await;
    for (field, hers) in [("remove_passkey", &key), ("rename_passkey", &key), ("forget", &browser)] {
        let page = bob.get(SECURITY).await;
        let told = async |id: &str| {
            let form = page.form(".sheet form").tamper("name", "Stolen").tamper(field, id);
            let after = form.send_as_it_is().await;
            (after.status(), after.text("#account-done"))
        };
        assert_eq!(told(hers).await, told("AAAAAAAAAAAAAAAAAAAAAA").await, "{field}");
    }
    assert!(alice.get(SECURITY).await.text("#passkeys").contains("Laptop"));
    password(&world, &her_browser, "alice").await.callback();
}

/// Sets an app up beside another factor.
async fn add_app_to(
    world: &crate::world::World,
    browser: &signet_tests::Browser,
) -> (AuthenticatorApp, signet_tests::Page) {
    let (app, page) = new_app(browser).await;
    let after = confirm(world, &page, &app).await;
    assert!(after.has("#account-done"), "{}", after.html());
    (app, after)
}

#[tokio::test]
async fn the_last_factor_that_policy_wants_stays_and_the_page_says_why() {
    let world = world("required").await;
    let browser = world.server.browser();
    let page = password(&world, &browser, "alice").await.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    confirm(&world, &page, &app).await;
    let page = browser.get(SECURITY).await;
    assert!(page.has("#security-required"));
    let page = press(&page, ("remove_app", "yes")).await;
    assert_eq!((page.status(), page.has("#security-last[role=alert]")), (409, true));
    // With another one it may go, and then that one stays.
    add_passkey(&world, &browser, "Laptop").await;
    let page = press(&browser.get(SECURITY).await, ("remove_app", "yes")).await;
    assert!(page.has("#account-done"), "{}", page.html());
    let [key] = ids(&browser, "remove_passkey").await.try_into().expect("a passkey");
    let page = press(&page, ("remove_passkey", &key)).await;
    assert_eq!((page.status(), page.has("#security-last")), (409, true));
}

#[tokio::test]
async fn of_two_last_factors_removed_at_once_one_stays() {
    let world = world("required").await;
    let browser = world.server.browser();
    let page = password(&world, &browser, "alice").await.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    confirm(&world, &page, &app).await;
    add_passkey(&world, &browser, "Laptop").await;
    let [key] = ids(&browser, "remove_passkey").await.try_into().expect("a passkey");
    let page = browser.get(SECURITY).await;
    let removals = [("remove_app", "yes"), ("remove_passkey", key.as_str())];
    let pages = join_all(removals.map(|removal| press(&page, removal))).await;
    let mut statuses: Vec<_> = pages.iter().map(|page| page.status()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let page = browser.get(SECURITY).await;
    assert_ne!(page.has("#app-remove"), page.has(".passkey-remove"), "{}", page.html());
}

#[tokio::test]
async fn an_enrolment_that_is_sent_again_sets_nothing_up() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let (app, enrol) = new_app(&alice).await;
    let (_, passkey) = new_passkey(&world, &alice, "Laptop").await;
    let again = enrol.form("form#enrol-totp").fill("code", &app.code(world.server.clock().now()));
    confirm(&world, &enrol, &app).await;
    let page = alice.get(SECURITY).await;
    press(&page, ("remove_app", "yes")).await;
    // The code in it counted once.
    let again = again.press("#enrol-totp-submit").await;
    assert!(again.has("#enrol-totp-error"), "{}", again.html());
    assert!(!alice.get(SECURITY).await.has("#app-remove"));
    // Nor is a passkey made twice of one answer.
    passkey.clone().send_as_it_is().await;
    let page = passkey.send_as_it_is().await;
    assert!(page.has("#enrol-passkey-error"), "{}", page.html());
    assert_eq!(ids(&alice, "remove_passkey").await.len(), 1);
}

#[tokio::test]
async fn setting_factors_up_is_limited_for_each_person() {
    let world = world("optional").await;
    let (alice, bob) = (signed_in(&world, "alice").await, signed_in(&world, "bob").await);
    let begun = join_all((0..30).map(|_| alice.get("/account/security/passkey"))).await;
    assert!(begun.iter().all(|page| page.has("form#enrol-passkey")));
    for path in ["/account/security/app", "/account/security/passkey"] {
        let page = alice.get(path).await;
        assert_eq!((page.status(), page.has("#enrol-error")), (429, true), "{path}");
        assert!(page.answer().header("retry-after").is_some() && page.has("#enrol-back"));
    }
    assert!(bob.get("/account/security/app").await.has("form#enrol-totp"));
    world.advance(1800);
    let page = password(&world, &alice, "alice").await;
    page.callback();
    assert!(alice.get("/account/security/app").await.has("form#enrol-totp"));
}

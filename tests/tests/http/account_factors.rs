//! Factors in the account: set up, replaced, renamed, removed, and what goes along with each.

use crate::person::*;
use crate::world::World;
use signet_tests::{FakeClock, Settings};

#[tokio::test]
async fn an_app_that_is_set_up_in_the_account_is_asked_for_from_then_on() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let page = alice.get(SECURITY).await;
    assert!(page.has("#add-app") && page.has("#add-passkey") && !page.has("#codes"), "{}", page.html());
    let (app, codes) = add_app(&world, &alice).await;
    assert_eq!(codes.len(), 10);
    let page = alice.get(SECURITY).await;
    assert!(page.has("#app-remove") && page.text("#codes-left").contains("10"), "{}", page.html());
    let elsewhere = world.server.browser();
    let page = password(&world, &elsewhere, "alice").await;
    second_step(&world, &page, &app).await.callback();
    let mail = world.server.mailbox().about(ALICE, "Another way to sign in").await;
    assert!(mail.text.contains("an authenticator app"), "{}", mail.text);
}

#[tokio::test]
async fn the_old_app_works_until_the_new_one_is_confirmed_and_not_after() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let (old, _) = add_app(&world, &alice).await;
    let (new, page) = new_app(&alice).await;
    assert!(page.text(".lead").contains("works until"), "{}", page.text(".lead"));
    let half = password(&world, &world.server.browser(), "alice").await;
    second_step(&world, &half, &old).await.callback();
    world.advance(60);
    let after = confirm(&world, &page, &new).await;
    assert!(after.has("#account-done") && !after.has("#recovery-codes"), "{}", after.html());
    let half = password(&world, &world.server.browser(), "alice").await;
    let refused = second_step(&world, &half, &old).await;
    assert!(refused.has("#mfa-error"), "{}", refused.html());
    second_step(&world, &refused, &new).await.callback();
}

#[tokio::test]
async fn a_passkey_is_added_renamed_and_removed() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    assert!(add_passkey(&world, &alice, "Laptop").await.has("#recovery-codes"));
    let page = add_passkey(&world, &alice, "Key").await;
    assert_eq!(page.text("#account-done"), "The passkey is created.");
    assert!(page.text("#passkeys").contains("Laptop") && page.text("#passkeys").contains("Key"));
    let [laptop, key] = ids(&alice, "remove_passkey").await.try_into().expect("two passkeys");
    let rename = page.form(".passkey-rename").fill("name", "Old laptop").tamper("rename_passkey", &laptop);
    let page = rename.send_as_it_is().await;
    assert!(page.text("#passkeys").contains("Old laptop"), "{}", page.text("#passkeys"));
    let long = "x".repeat(61);
    let faulty = page.form(".passkey-rename").fill("name", &long).tamper("rename_passkey", &laptop);
    let faulty = faulty.send_as_it_is().await;
    assert_eq!((faulty.status(), faulty.has("#security-name")), (400, true));
    let page = press(&page, ("remove_passkey", &key)).await;
    assert_eq!(page.text("#account-done"), "The passkey is removed.");
    assert!(page.has("#recovery"), "one is left, and with it the codes");
    let mail = world.server.mailbox().about(ALICE, "One way less").await;
    assert!(mail.text.contains("a passkey"), "{}", mail.text);
}

#[tokio::test]
async fn recovery_codes_and_remembered_browsers_go_with_the_last_factor() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let (app, codes) = add_app(&world, &alice).await;
    let elsewhere = remembered(&world, &app, "alice").await;
    let page = alice.get(SECURITY).await;
    assert!(page.has("#remembered"), "{}", page.html());
    let page = press(&page, ("remove_app", "yes")).await;
    assert_eq!(page.text("#account-done"), "The authenticator app is removed.");
    assert!(!page.has("#recovery") && !page.has("#remembered"), "{}", page.html());
    // The password is enough again, until there is a factor; then neither the old codes nor the old browser count.
    let (_, new) = add_app(&world, &signed_in(&world, "alice").await).await;
    let page = password(&world, &elsewhere, "alice").await;
    let page = page.form("#mfa-instead").press("#instead-recovery_code").await;
    let page = page.form("#mfa").fill("code", &codes[0]).press("#mfa-submit").await;
    assert!(page.has("#mfa-error"), "{}", page.html());
    page.form("#mfa").fill("code", &new[0]).press("#mfa-submit").await.callback();
}

#[tokio::test]
async fn new_recovery_codes_end_the_old_ones_and_are_shown_once() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let (_, old) = add_app(&world, &alice).await;
    let page = alice.get(SECURITY).await.form("#codes").press("#codes-new").await;
    let new = codes(&page);
    assert!(new.len() == 10 && new.iter().all(|code| !old.contains(code)));
    let page = page.follow("#codes-kept").await;
    assert!(!page.html().contains(&new[0]) && page.text("#codes-left").contains("10"));
    for (code, counts) in [(&old[0], false), (&new[0], true)] {
        let page = password(&world, &world.server.browser(), "alice").await;
        let page = page.form("#mfa-instead").press("#instead-recovery_code").await;
        let page = page.form("#mfa").fill("code", code).press("#mfa-submit").await;
        assert_eq!(page.left_for().is_some(), counts, "{}", page.html());
    }
    world.server.mailbox().about(ALICE, "New recovery codes").await;
}

#[tokio::test]
async fn a_browser_that_is_forgotten_is_asked_again() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let (app, _) = add_app(&world, &alice).await;
    let one = remembered(&world, &app, "alice").await;
    world.advance(60);
    let other = remembered(&world, &app, "alice").await;
    password(&world, &one, "alice").await.callback();
    let [latest, _] = ids(&alice, "forget").await.try_into().expect("two browsers");
    let page = press(&alice.get(SECURITY).await, ("forget", &latest)).await;
    assert_eq!(page.text("#account-done"), "That device is asked for the second step again.");
    assert!(password(&world, &other, "alice").await.has("#mfa"));
    password(&world, &one, "alice").await.callback();
    let page = page.form("#browsers").press("#browsers-forget-all").await;
    assert!(!page.has("#remembered"), "{}", page.html());
    assert!(password(&world, &one, "alice").await.has("#mfa"));
}

#[tokio::test]
async fn administrators_on_this_machine_are_offered_what_they_would_need_elsewhere() {
    let root =
        "[[users]]\nusername = \"root\"\npassword = \"correct horse battery staple\"\nroles = [\"admin\"]";
    let world = World::of(Settings::new(), FakeClock::running(), root).await;
    let root = signed_in(&world, "root").await;
    let page = root.get("/account").await;
    let page = page.follow("#account-unprotected #account-protect").await;
    assert!(page.has("#add-app") && !page.has("#security-required"), "{}", page.html());
    add_app(&world, &root).await;
    assert!(!root.get("/account").await.has("#account-unprotected"));
    // Nobody else is bothered.
    assert!(!signed_in(&world, "alice").await.get("/account").await.has("#account-unprotected"));
}

#[tokio::test]
async fn whoever_must_have_a_factor_sets_up_one_on_the_way_and_no_second() {
    let world = world("required").await;
    let browser = world.server.browser();
    let page = browser.get(format!("{SECURITY}/app")).await;
    let page = page.form("#login").fill("username", "alice").fill("password", crate::world::PASSWORD);
    let page = page.press("#login-submit").await.form("#enrol").press("#enrol-totp").await;
    let app = signet_tests::AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let page = confirm(&world, &page, &app).await.form("#continue").press("#continue-submit").await;
    assert!(page.has("#security #security-required") && page.has("#account-done"), "{}", page.html());
}

#[tokio::test]
async fn the_export_names_factors_and_remembered_browsers_without_their_secrets() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let (app, page) = new_app(&alice).await;
    let secret = page.text("#enrol-totp-secret").replace(' ', "");
    confirm(&world, &page, &app).await;
    let (device, form) = new_passkey(&world, &alice, "Laptop").await;
    form.send_as_it_is().await;
    remembered(&world, &app, "alice").await;
    let answer = alice.get("/account/data/export").await.answer().clone();
    let factors = &answer.json()["factors"];
    assert!(factors["authenticator_app"]["added_at"].is_string(), "{factors}");
    assert_eq!(factors["passkeys"][0]["name"], "Laptop");
    assert_eq!(factors["unused_recovery_codes"], 10);
    assert!(factors["remembered_browsers"][0]["until"].is_string(), "{factors}");
    assert!(!answer.text().contains(&secret) && !answer.text().contains("cred"), "{}", answer.text());
    drop(device);
}

#[tokio::test]
async fn an_app_that_was_only_set_up_is_not_said_to_have_been_used() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    let (app, _) = add_app(&world, &alice).await;
    assert!(alice.get(SECURITY).await.text("#app").contains("Not used yet"));
    let half = password(&world, &alice, "alice").await;
    second_step(&world, &half, &app).await.callback();
    assert!(alice.get(SECURITY).await.text("#app").contains("Last used"));
}

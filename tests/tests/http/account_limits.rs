//! What leaves a mail or an event behind each time it is done in an account is not done without end.

use crate::person::{ALICE, SECURITY, add_app, ids, password, press, signed_in, world};
use crate::world::{PASSWORD, World};
use signet_tests::{Browser, FakeClock, Page, Settings};

/// Two changes of each kind, on a clock that stands still.
async fn two_of_each() -> World {
    let settings = Settings::new().with("limits.account_change.number", 2).with("factors.policy", "optional");
    World::of(settings, FakeClock::still(), "").await
}

#[track_caller]
fn too_often(page: &Page) {
    assert_eq!((page.status(), page.text("#error-code").as_str()), (429, "too_many_requests"));
    assert!(page.answer().header("retry-after").is_some());
    assert!(page.answer().header("ratelimit").unwrap().starts_with("\"account_change\";r=0;t="));
}

async fn events(browser: &Browser, name: &str) -> usize {
    let export = browser.get("/account/data/export").await;
    let export = export.answer().json();
    export["events"].as_array().unwrap().iter().filter(|event| event["event"]["event"] == name).count()
}

#[tokio::test]
async fn one_form_that_is_sent_over_and_over_fills_neither_mailbox_nor_log() {
    let world = world("optional").await;
    let alice = signed_in(&world, "alice").await;
    add_app(&world, &alice).await;
    let page = alice.get(SECURITY).await;
    for _ in 0..30 {
        assert!(press(&page, ("new_codes", "yes")).await.has("#recovery-codes"));
    }
    too_often(&press(&page, ("new_codes", "yes")).await);
    let mailbox = world.server.mailbox();
    mailbox.after(ALICE, 30).await;
    assert_eq!(mailbox.all(ALICE).len(), 31, "one of them for the app");
    // What else there is to do in the account is counted for itself.
    assert!(press(&page, ("remove_app", "yes")).await.has("#account-done"));
}

#[tokio::test]
async fn a_passkey_is_not_renamed_without_end() {
    let world = two_of_each().await;
    let alice = signed_in(&world, "alice").await;
    crate::person::add_passkey(&world, &alice, "Laptop").await;
    let [key] = ids(&alice, "remove_passkey").await.try_into().expect("a passkey");
    let page = alice.get(SECURITY).await;
    let rename = async |name: &str| {
        let form = page.form(".passkey-rename").fill("name", name).tamper("rename_passkey", &key);
        form.send_as_it_is().await
    };
    for name in ["One", "Two"] {
        assert!(rename(name).await.has("#account-done"));
    }
    too_often(&rename("Three").await);
    assert!(alice.get(SECURITY).await.text("#passkeys").contains("Two"));
}

#[tokio::test]
async fn a_profile_is_not_changed_and_not_exported_without_end() {
    let world = two_of_each().await;
    let alice = signed_in(&world, "alice").await;
    let rename = async |name: &str| {
        let page = alice.get("/account/profile").await;
        page.form("#profile").fill("name", name).press("#profile-submit").await
    };
    for name in ["Alice One", "Alice Two"] {
        assert!(rename(name).await.has("#account-done"));
        // Nothing is different, nothing is counted.
        assert!(rename(name).await.has("#account-done"));
    }
    too_often(&rename("Alice Three").await);
    assert_eq!(events(&alice, "user_changed").await, 2);
    assert_eq!(alice.get("/account/data/export").await.status(), 200);
    too_often(&alice.get("/account/data/export").await);
    world.advance(7200);
    password(&world, &alice, "alice").await.callback();
    assert!(rename("Alice Three").await.has("#account-done"));
}

#[tokio::test]
async fn a_password_is_not_changed_to_and_fro_without_end() {
    const ONE: &str = "seven green bicycles under water";
    const OTHER: &str = "eleven grey umbrellas over ground";
    let world = two_of_each().await;
    let alice = signed_in(&world, "alice").await;
    let change = async |from: &str, to: &str| {
        let form = alice.get("/account/password").await.form("#password-change");
        form.fill("current", from).fill("password", to).press("#password-submit").await
    };
    assert!(change(PASSWORD, ONE).await.has("#account-done"));
    assert!(change(ONE, OTHER).await.has("#account-done"));
    too_often(&change(OTHER, ONE).await);
}

#[tokio::test]
async fn a_deletion_is_not_asked_for_and_taken_back_without_end() {
    let world = two_of_each().await;
    let ask = async || {
        let alice = signed_in(&world, "alice").await;
        let page = alice.get("/account/delete").await.form("#delete").press("#delete-submit").await;
        (alice, page)
    };
    for _ in 0..2 {
        let (alice, page) = ask().await;
        assert!(page.has("#leaving"), "{}", page.html());
        let page = password(&world, &alice, "alice").await;
        page.form("#keep").press("#keep-submit").await;
    }
    too_often(&ask().await.1);
}

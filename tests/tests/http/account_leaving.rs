//! An account that is going to be deleted, and its person who thinks again.

use crate::person::{password, signed_in};
use crate::world::{PASSWORD, World};

#[tokio::test]
async fn whoever_has_to_sign_in_before_the_account_is_kept_is_asked_once_more() {
    let world = World::still().await;
    let alice = signed_in(&world, "alice").await;
    alice.get("/account/delete").await.form("#delete").press("#delete-submit").await;
    let page = password(&world, &alice, "alice").await;
    // By the time that she presses the button her session has expired.
    world.advance(3 * 86_400);
    let page = page.form("#keep").press("#keep-submit").await;
    assert!(page.has("#login"), "{}", page.html());
    let form = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    let page = form.press("#login-submit").await;
    assert_eq!((page.status(), page.has("#leaving #keep")), (200, true), "{}", page.html());
    let kept = page.form("#keep").press("#keep-submit").await;
    assert_eq!(kept.text("#account-done"), "Your account is kept.");
    assert_eq!(alice.get("/account/keep").await.url().path(), "/account");
}

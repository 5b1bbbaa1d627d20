//! An address is shown to be somebody's.

use crate::person::Site;
use signet_tests::{Browser, FakeClock, Page, ReceivedMail, Settings};

const ALICE: &str = "alice@example.test";

async fn send(browser: &Browser) -> Page {
    browser.get("/account").await.form("#verify-send").press("#verify-send-submit").await
}

async fn link(site: &Site, browser: &Browser, count: usize) -> ReceivedMail {
    let page = send(browser).await;
    assert!(page.text("#account-done").contains("on its way"), "{}", page.html());
    site.server.mailbox().after(ALICE, count).await
}

async fn confirm(page: Page) -> Page {
    page.form("#verify-email").press("#verify-email-submit").await
}

#[tokio::test]
async fn a_link_verifies_an_address_once() {
    let site = Site::start().await;
    let alice = site.signed_in("alice").await;
    let older = link(&site, &alice, 0).await;
    let mail = link(&site, &alice, 1).await;
    assert!(site.browser().get(older.link()).await.has("#link-gone"), "a newer one was sent");
    // Wherever it is opened: whoever reads the mailbox says so.
    let browser = site.browser();
    let (page, second) = (browser.get(mail.link()).await, browser.get(mail.link()).await);
    assert!(page.text("body").contains(ALICE), "{}", page.html());
    let page = confirm(page).await;
    assert!(page.has("#email-verified"), "{}", page.html());
    assert!(confirm(second).await.has("#link-gone"));
    assert!(browser.get(mail.link()).await.has("#link-gone"));
    let account = alice.get("/account").await;
    assert!(!account.has("#verify-send") && !account.text("#account").contains("Not verified"));
}

#[tokio::test]
async fn a_link_to_an_address_that_is_another_now_verifies_nothing() {
    let site = Site::start().await;
    let alice = site.signed_in("alice").await;
    let mail = link(&site, &alice, 0).await;
    let page = site.browser().get(mail.link()).await;
    site.server
        .apply(
            r#"
            [[users]]
            username = "alice"
            email = "alice@elsewhere.test"
            "#,
        )
        .await;
    assert!(confirm(page).await.has("#link-gone"));
    assert!(alice.get("/account").await.text("#account").contains("Not verified"));
}

#[tokio::test]
async fn a_link_that_verifies_is_good_for_a_day() {
    let clock = FakeClock::running();
    let site = Site::with(Settings::new(), clock.clone(), "").await;
    let mail = link(&site, &site.signed_in("alice").await, 0).await;
    clock.advance(23 * 3600);
    let page = site.browser().get(mail.link()).await;
    assert!(page.has("#verify-email"), "{}", page.html());
    clock.advance(3600);
    assert!(confirm(page).await.has("#link-gone"));
    assert!(site.browser().get(mail.link()).await.has("#link-gone"));
}

#[tokio::test]
async fn nobody_is_flooded_with_links_that_verify() {
    let site = Site::start().await;
    let alice = site.signed_in("alice").await;
    for count in 0..5 {
        link(&site, &alice, count).await;
    }
    let page = send(&alice).await;
    assert_eq!(page.status(), 429);
    assert!(page.text("#verify-send-error").contains("too often"), "{}", page.html());
    assert!(page.answer().header("retry-after").is_some());
}

#[tokio::test]
async fn nothing_is_offered_to_whoever_has_no_address_or_where_no_mail_leaves() {
    let site = Site::start().await;
    assert!(!site.signed_in("bob").await.get("/account").await.has("#verify-send"));
    let site = Site::with(Settings::new().with("mail.url", "none"), FakeClock::running(), "").await;
    let alice = site.signed_in("alice").await;
    assert!(!alice.get("/account").await.has("#verify-send"));
    let page = alice.get("/account/email").await;
    assert!(page.has("#email-fixed") && !page.has("#email-change"), "{}", page.html());
}

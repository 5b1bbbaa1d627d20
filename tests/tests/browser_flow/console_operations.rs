//! Keys and mails, in the console.

use crate::console::open;
use crate::person::Site;
use signet_tests::{FakeClock, Settings};

const STAFF: &str = r#"
    [[users]]
    username = "ada"
    password = "correct horse battery staple"
    roles = ["admin"]

    [[users]]
    username = "audrey"
    password = "correct horse battery staple"
    roles = ["signet:auditor"]

    [[users]]
    username = "ursula"
    password = "correct horse battery staple"
    roles = ["signet:user_manager"]
"#;

/// With one factor for administrators: what is tested here is behind that.
async fn staffed() -> Site {
    let settings = Settings::new().with("factors.policy", "off");
    Site::with(settings, FakeClock::running(), STAFF).await
}

#[tokio::test]
async fn keys_are_replaced_once_however_often_the_button_was_pressed() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "ada", "/console/keys").await;
    let keys = page.attributes("#keys li", "id").len();
    // Nobody can know the next keys yet: their turn is set, and they are the same.
    let (one, other) = (page.form("#rotate"), page.form("#rotate"));
    let page = one.fill("algorithm", "ES256").press("#rotate-submit").await;
    assert!(page.has("#console-done"), "{}", page.html());
    assert!(page.attributes("#keys li", "id").len() > keys);
    assert_eq!(other.fill("algorithm", "ES256").press("#rotate-submit").await.status(), 409);
}

#[tokio::test]
async fn a_key_is_revoked_after_it_was_told_what_that_takes_along() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "ada", "/console/keys").await;
    let link = page.attributes("#keys a", "href").remove(0);
    let ask = browser.get(&link).await;
    assert!(ask.has("#withdrawal-grants"), "{}", ask.html());
    let done = ask.form("#ask").press("#ask-submit").await;
    assert!(done.has("#console-done") && done.has("#old-keys"), "{}", done.html());
    assert_eq!(browser.get(&link).await.status(), 409);
}

#[tokio::test]
async fn an_auditor_sees_keys_and_mails_and_finds_nothing_to_press() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "audrey", "/console/keys").await;
    assert!(page.has("#keys") && !page.has("#rotate") && page.attributes("#keys a", "href").is_empty());
    let kid = page.attributes("#keys li", "id").remove(0).replace("key-", "");
    assert_eq!(browser.get(&format!("/console/keys/{kid}/revoke")).await.status(), 403);
    assert!(browser.get("/console/mails").await.has("#mails-none"));
    assert_eq!(browser.get("/console/mails/none/give-up").await.status(), 403);
    let other = site.browser();
    assert_eq!(open(&other, "ursula", "/console/keys").await.status(), 403);
    assert_eq!(other.get("/console/mails").await.status(), 403);
}

#[tokio::test]
async fn a_mail_that_was_sent_is_told_without_its_address() {
    let site = staffed().await;
    let page = site.browser().get("/forgot").await;
    page.form("#forgot").fill("username", "alice").press("#forgot-submit").await;
    site.server.mailbox().latest("alice@example.test").await;
    let browser = site.browser();
    let page = open(&browser, "audrey", "/console/mails?state=sent").await;
    assert!(page.text("#mails").contains("a…@example.test"), "{}", page.html());
    assert!(!page.html().contains("alice@example.test"));
}

#[tokio::test]
async fn a_setting_is_changed_and_taken_back() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "ada", "/console/settings").await;
    assert!(!page.html().contains("signet.db"));
    let registers = async || site.browser().get("/register").await.has("#register");
    assert!(!registers().await);
    let (one, other) = (page.form("#settings"), page.form("#settings"));
    let page = one.fill("set:accounts.self_registration", "true").press("#settings-submit").await;
    assert!(page.has("#console-done"), "{}", page.html());
    assert!(registers().await);
    let told = other.fill("set:tokens.access_token_lifetime", "120").press("#settings-submit").await;
    assert_eq!(told.status(), 409);
    let form = page.form("#settings").tamper("back:accounts.self_registration", "on");
    assert!(form.press("#settings-submit").await.has("#console-done"));
    assert!(!registers().await);
    let form = browser.get("/console/settings").await.form("#settings");
    let faulty = form.fill("set:tokens.access_token_lifetime", "1").press("#settings-submit").await;
    assert_eq!(faulty.status(), 400);
    assert!(faulty.has("#settings-error"));
    assert_eq!(faulty.form("#settings").value("set:tokens.access_token_lifetime"), Some("1"));
}

#[tokio::test]
async fn an_auditor_sees_settings_and_changes_none() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "audrey", "/console/settings").await;
    assert!(page.has("#settings-seen") && !page.has("#settings") && !page.has("#settings-seen input"));
}

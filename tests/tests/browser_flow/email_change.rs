//! Another email address: whose word it takes, and what an attacker makes of it.

use crate::person::{PASSWORD, Site, enrol_app, id_token, second_factor, sign_in};
use signet_tests::{Browser, FakeClock, Page, ReceivedMail, Settings};

const ALICE: &str = "alice@example.test";
const NEW: &str = "Alice@new.test";
const DORA: &str = "dora@example.test";

/// Dora's address was verified; Alice's never was.
const VERIFIED: &str = r#"
    [[users]]
    username = "dora"
    email = "dora@example.test"
    email_verified = true
    name = "Dora Example"
    password = "correct horse battery staple"
"#;

async fn site() -> Site {
    Site::declaring(VERIFIED).await
}

async fn open(browser: &Browser) -> Page {
    browser.get("/account/email").await
}

async fn ask(browser: &Browser, address: &str) -> Page {
    open(browser).await.form("#email-change").fill("email", address).press("#email-submit").await
}

async fn press(page: &Page, button: &str) -> Page {
    page.form("#change-email").press(button).await
}

async fn agree(browser: &Browser, mail: &ReceivedMail) -> Page {
    press(&browser.get(mail.link()).await, "#change-email-submit").await
}

/// The mails to the new address and to Dora's own.
async fn mails(site: &Site) -> (ReceivedMail, ReceivedMail) {
    let mailbox = site.server.mailbox();
    let confirm = mailbox.about(NEW, "Confirm your new email address").await;
    (confirm, mailbox.about(DORA, "A new email address for your account").await)
}

#[tokio::test]
async fn an_address_changes_when_both_mailboxes_have_agreed() {
    let site = site().await;
    let dora = site.signed_in("dora").await;
    let page = ask(&dora, NEW).await;
    assert!(page.has("#email-pending") && page.text("#account-done").contains("on their way"));
    let (confirm, approve) = mails(&site).await;
    assert!(!format!("{confirm:?}").contains("Dora"), "a stranger may read it: {}", confirm.text);
    assert!(approve.text.contains(NEW), "{}", approve.text);

    assert!(agree(&dora, &confirm).await.has("#email-change-waiting"));
    assert!(agree_again_is_gone(&site, &confirm).await);
    assert!(dora.get("/account").await.text("#email-moving").contains(NEW));
    let page = agree(&site.browser(), &approve).await;
    assert!(page.has("#email-changed"), "{}", page.html());
    assert!(agree_again_is_gone(&site, &approve).await);
    let told = site.server.mailbox().about(DORA, "Your email address at Signet was changed").await;
    assert!(told.text.contains("instead of dora@example.test"), "{}", told.text);

    assert!(!open(&dora).await.has("#email-pending"));
    let request = site.shop().scope("openid email");
    let page = crate::person::allow(dora.get(request.url()).await).await;
    let callback = page.callback();
    let claims = id_token(&site.redeem(&request, &callback).await.expect_status(200));
    assert!(claims.get("email").is_none_or(|email| email == NEW), "{claims}");
    sign_in(site.browser().get(site.trusted().url()).await, "alice@NEW.test").await.callback().code();
    assert!(sign_in(site.browser().get(site.trusted().url()).await, DORA).await.left_for().is_none());
    let activity = dora.get("/account/activity").await;
    assert!(activity.text("#history").contains("The email address was changed"));
}

async fn agree_again_is_gone(site: &Site, mail: &ReceivedMail) -> bool {
    site.browser().get(mail.link()).await.has("#link-gone")
}

#[tokio::test]
async fn an_address_that_was_never_verified_is_told_and_not_asked() {
    let site = site().await;
    let alice = site.signed_in("alice").await;
    ask(&alice, NEW).await;
    let mailbox = site.server.mailbox();
    let confirm = mailbox.about(NEW, "Confirm your new email address").await;
    assert!(agree(&alice, &confirm).await.has("#email-changed"));
    mailbox.about(ALICE, "Your email address at Signet was changed").await;
    assert!(mailbox.all(ALICE).iter().all(|mail| !mail.text.contains("token=")));
    assert!(!alice.get("/account").await.has("#verify-send"), "it is verified now");
}

#[tokio::test]
async fn somebody_elses_address_looks_like_any_other_and_its_owner_is_told() {
    let site = site().await;
    let dora = site.signed_in("dora").await;
    let seen = async |address: &str| {
        let page = ask(&dora, address).await;
        let same = |text: String| text.replace(address, "…");
        (page.status(), same(page.text("#email-pending")), same(page.text("#account-done")))
    };
    let free = seen("free@new.test").await;
    assert_eq!(seen(ALICE).await, free);
    let mailbox = site.server.mailbox();
    let told = mailbox.about(ALICE, "Your email address at Signet").await;
    assert!(!told.text.contains("token=") && !told.text.contains("dora"), "{}", told.text);
    // Her own mailbox is asked in both cases; agreeing alone changes nothing.
    let approve = mailbox.after(DORA, 1).await;
    assert!(approve.text.contains(ALICE), "{}", approve.text);
    assert!(agree(&site.browser(), &approve).await.has("#email-change-waiting"));
    assert!(dora.get("/account").await.text("#account").contains(DORA));
}

#[tokio::test]
async fn a_thief_with_the_password_alone_is_refused_by_the_old_mailbox() {
    let site = site().await;
    let thief = site.signed_in("dora").await;
    ask(&thief, NEW).await;
    let (confirm, approve) = mails(&site).await;
    agree(&thief, &confirm).await;
    let page = press(&site.browser().get(approve.link()).await, "#change-email-refuse").await;
    assert!(page.has("#email-change-refused"), "{}", page.html());
    for mail in [&confirm, &approve] {
        assert!(agree_again_is_gone(&site, mail).await);
    }
    assert!(!open(&thief).await.has("#email-pending"));
}

#[tokio::test]
async fn a_new_password_ends_a_change_that_was_asked_for_before() {
    const OTHER: &str = "seven green bicycles under water";
    let site = site().await;
    let thief = site.signed_in("dora").await;
    ask(&thief, NEW).await;
    let (confirm, approve) = mails(&site).await;
    let owner = site.signed_in("dora").await;
    let page = owner.get("/account/password").await.form("#password-change");
    page.fill("current", PASSWORD).fill("password", OTHER).press("#password-submit").await;
    for mail in [&confirm, &approve] {
        assert!(agree_again_is_gone(&site, mail).await);
    }
}

#[tokio::test]
async fn signing_the_other_devices_out_ends_what_they_asked_for() {
    let site = site().await;
    let (thief, owner) = (site.signed_in("dora").await, site.signed_in("dora").await);
    ask(&thief, NEW).await;
    let (confirm, _) = mails(&site).await;
    owner.get("/account/devices").await.form("#sessions").press("#sessions-end-others").await;
    assert!(agree_again_is_gone(&site, &confirm).await);
}

#[tokio::test]
async fn an_address_is_changed_by_a_sign_in_of_a_moment_ago_and_the_factor_that_there_is() {
    let clock = FakeClock::running();
    let site = Site::with(Settings::new(), clock.clone(), VERIFIED).await;
    let browser = site.browser();
    let page = browser.get(site.trusted().with("acr_values", "aal2").url()).await;
    let (app, page) = enrol_app(&site, sign_in(page, "dora").await).await;
    page.form("form").submit().await;
    assert!(open(&browser).await.has("#email-change"));
    // Later, and elsewhere, the password is not enough.
    clock.advance(11 * 60);
    let page = open(&browser).await;
    assert!(page.has("#login") && !page.has("#email-change"));
    let page = sign_in(page, "dora").await;
    assert!(page.has("#mfa"), "{}", page.html());
    let page = second_factor(page, &app.code(site.server.clock().now())).await;
    assert!(page.has("#email-change"), "{}", page.html());
}

#[tokio::test]
async fn a_change_is_cancelled_replaced_and_sent_again() {
    let site = site().await;
    let dora = site.signed_in("dora").await;
    ask(&dora, "other@new.test").await;
    let other = site.server.mailbox().latest("other@new.test").await;
    let page = ask(&dora, NEW).await;
    assert!(agree_again_is_gone(&site, &other).await);
    let confirm = site.server.mailbox().latest(NEW).await;
    // The first one was about the other address.
    let approve = site.server.mailbox().after(DORA, 1).await;
    agree(&site.browser(), &approve).await;
    let page = page.form("#email-pending form").press("#email-again").await;
    assert!(page.text("#account-done").contains("New links"), "{}", page.html());
    let again = site.server.mailbox().after(NEW, 1).await;
    assert!(agree_again_is_gone(&site, &confirm).await);
    assert_eq!(site.server.mailbox().all(DORA).len(), 2, "who has agreed is not asked again");
    let page = page.form("#email-pending form").press("#email-cancel").await;
    assert!(page.has("#account-done") && !page.has("#email-pending"), "{}", page.html());
    assert!(agree_again_is_gone(&site, &again).await);
}

#[tokio::test]
async fn a_thiefs_change_does_not_go_round_a_mailbox_that_its_owner_verified_since() {
    let site = site().await;
    let (thief, alice) = (site.signed_in("alice").await, site.signed_in("alice").await);
    let waiting = ask(&thief, NEW).await;
    let mailbox = site.server.mailbox();
    let confirm = mailbox.about(NEW, "Confirm your new email address").await;
    let opened = thief.get(confirm.link()).await;
    alice.get("/account").await.form("#verify-send").press("#verify-send-submit").await;
    let verify = mailbox.about(ALICE, "Confirm your email address").await;
    let page = alice.get(verify.link()).await.form("#verify-email").press("#verify-email-submit").await;
    assert!(page.has("#email-verified"), "{}", page.html());
    // Neither by the page that was open, nor by new links.
    assert!(press(&opened, "#change-email-submit").await.has("#link-gone"));
    let page = waiting.form("#email-pending form").press("#email-again").await;
    assert!(page.text("#account-done").contains("in the meantime"), "{}", page.html());
    assert!(!page.has("#email-pending") && mailbox.all(NEW).len() == 1);
    // The verified mailbox is asked from now on.
    ask(&thief, NEW).await;
    mailbox.about(ALICE, "A new email address for your account").await;
}

#[tokio::test]
async fn asking_for_the_links_again_does_not_keep_a_change_alive() {
    let clock = FakeClock::running();
    let site = Site::with(Settings::new(), clock.clone(), VERIFIED).await;
    let dora = site.signed_in("dora").await;
    ask(&dora, NEW).await;
    mails(&site).await;
    clock.advance(20 * 3600);
    let dora = site.signed_in("dora").await;
    open(&dora).await.form("#email-pending form").press("#email-again").await;
    let mailbox = site.server.mailbox();
    let (confirm, approve) = (mailbox.after(NEW, 1).await, mailbox.after(DORA, 1).await);
    assert!(confirm.text.contains("3 hours"), "{}", confirm.text);
    assert!(agree(&site.browser(), &approve).await.has("#email-change-waiting"));
    clock.advance(4 * 3600);
    assert!(agree_again_is_gone(&site, &confirm).await);
    assert!(!open(&site.signed_in("dora").await).await.has("#email-pending"));
}

#[tokio::test]
async fn what_is_no_address_or_ones_own_is_not_changed_to() {
    let site = site().await;
    let dora = site.signed_in("dora").await;
    for (address, told) in [
        ("", "whole email address"),
        ("dora", "whole email address"),
        ("DORA@Example.TEST", "already"),
        ("\u{ff44}ora@example.test", "already"),
    ] {
        let page = ask(&dora, address).await;
        assert_eq!((page.status(), page.has("#email-pending")), (400, false), "{address}");
        assert!(page.text("#email-error").contains(told), "{address}: {}", page.html());
    }
}

#[tokio::test]
async fn nobody_is_flooded_with_mails_about_a_change() {
    let site = site().await;
    let dora = site.signed_in("dora").await;
    for turn in 0..5 {
        assert!(ask(&dora, &format!("address-{turn}@new.test")).await.has("#account-done"));
    }
    let page = ask(&dora, NEW).await;
    assert_eq!(page.status(), 429);
    assert!(page.text("#email-error").contains("too often"), "{}", page.html());
    assert!(page.answer().header("retry-after").is_some());
    assert!(site.server.mailbox().all(NEW).is_empty());
}

#[tokio::test]
async fn a_reset_link_to_the_old_address_is_dead_after_a_change() {
    let site = site().await;
    let dora = site.signed_in("dora").await;
    let page = dora.get("/forgot").await;
    page.form("#forgot").fill("username", "dora").press("#forgot-submit").await;
    let reset = site.server.mailbox().about(DORA, "Choose a new password").await;
    ask(&dora, NEW).await;
    let (confirm, approve) = mails(&site).await;
    agree(&site.browser(), &approve).await;
    assert!(agree(&dora, &confirm).await.has("#email-changed"));
    assert!(agree_again_is_gone(&site, &reset).await);
}

#[tokio::test]
async fn links_of_a_change_open_no_other_page_and_work_for_a_day() {
    let clock = FakeClock::running();
    let site = Site::with(Settings::new(), clock.clone(), VERIFIED).await;
    ask(&site.signed_in("dora").await, NEW).await;
    let (confirm, approve) = mails(&site).await;
    for path in ["reset", "join", "verify-email"] {
        let page = site.browser().get(confirm.link().replace("/change-email?", &format!("/{path}?"))).await;
        assert!(page.has("#link-gone"), "{path}");
    }
    let page = site.browser().get(approve.link()).await;
    clock.advance(24 * 3600 + 60);
    assert!(press(&page, "#change-email-submit").await.has("#link-gone"));
    assert!(agree_again_is_gone(&site, &confirm).await);
}

#[tokio::test]
async fn the_stranger_at_a_mistyped_address_gets_nothing_by_its_link() {
    let site = site().await;
    let (alice, stranger) = (site.signed_in("alice").await, site.signed_in("bob").await);
    ask(&alice, NEW).await;
    let confirm = site.server.mailbox().about(NEW, "Confirm your new email address").await;
    for browser in [&site.browser(), &stranger] {
        let page = browser.get(confirm.link()).await;
        assert!(page.has("#sign-in-first") && !page.text("body").contains("Alice"), "{}", page.html());
    }
    // Opened by her, and sent after somebody else has signed in.
    let page = alice.get(confirm.link()).await;
    let again = alice.get(site.trusted().with("prompt", "login").url()).await;
    sign_in(again, "bob").await;
    assert!(press(&page, "#change-email-submit").await.has("#sign-in-first"));
    let page = site.browser().get(confirm.link()).await.follow("#link-account").await;
    assert!(page.has("#login"));
    let alice = site.signed_in("alice").await;
    assert!(agree(&alice, &confirm).await.has("#email-changed"));
}

#[tokio::test]
async fn an_address_is_changed_to_one_of_the_domains_that_accounts_are_for() {
    let settings = Settings::new().with("accounts.mail_domains", vec!["example.test", "new.test"]);
    let site = Site::with(settings, FakeClock::running(), VERIFIED).await;
    let dora = site.signed_in("dora").await;
    let page = ask(&dora, "dora@elsewhere.test").await;
    assert_eq!(page.status(), 400);
    assert!(page.text("#email-error").contains("example.test, new.test"), "{}", page.html());
    assert!(ask(&dora, NEW).await.has("#email-pending"));
}

//! People who open accounts of their own, where they may.

use crate::person::{Site, sign_in, sign_in_with};
use signet_tests::{Browser, FakeClock, Page, Settings};

const CAROL: &str = "carol@example.test";
const SECRET: &str = "seven green bicycles under water";

async fn open_to_all() -> Site {
    let settings = Settings::new().with("accounts.self_registration", true);
    Site::with(settings, FakeClock::running(), "").await
}

async fn register(site: &Site, email: &str) -> Page {
    let page = site.browser().get(site.trusted().url()).await.follow("#register-link").await;
    page.form("#register").fill("email", email).press("#register-submit").await
}

async fn link(site: &Site, email: &str, count: usize) -> String {
    assert!(register(site, email).await.has("#register-sent"));
    site.server.mailbox().after(email, count).await.link()
}

async fn join(browser: &Browser, link: &str, username: &str) -> Page {
    fill(browser.get(link).await, username, SECRET).await
}

async fn fill(page: Page, username: &str, password: &str) -> Page {
    let form = page.form("#join").fill("username", username).fill("name", "Carol Example");
    form.fill("password", password).press("#join-submit").await
}

#[tokio::test]
async fn nobody_opens_an_account_unless_the_operator_lets_them() {
    let site = Site::start().await;
    assert!(!site.browser().get(site.trusted().url()).await.has("#register-link"));
    let page = site.browser().get(format!("{}/register", site.server.issuer())).await;
    assert_eq!(page.status(), 404);
}

#[tokio::test]
async fn an_account_is_opened_once_its_address_was_shown_to_be_the_persons() {
    let site = open_to_all().await;
    let link = link(&site, CAROL, 0).await;
    let open = async || site.browser().get(site.trusted().url()).await;
    let page = join(&site.browser(), &link, "carol").await;
    assert!(page.has("#joined"), "{}", page.html());
    for login in ["carol", CAROL] {
        sign_in_with(open().await, login, SECRET).await.callback().code();
    }
    // The link made one account, and makes no other.
    assert!(site.browser().get(&link).await.has("#link-gone"));
    let browser = site.browser();
    let request = site.shop().scope("openid profile email");
    let page = sign_in_with(browser.get(request.url()).await, "carol", SECRET).await;
    let callback = crate::person::allow(page).await.callback();
    let tokens = site.redeem(&request, &callback).await.expect_status(200);
    let userinfo = site.server.http.call(reqwest::Method::GET, site.discovery().get("userinfo_endpoint"));
    let claims = userinfo.bearer(&tokens.field("access_token")).send().await.expect_status(200).json();
    assert_eq!(claims["email"], CAROL);
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["name"], "Carol Example");
}

#[tokio::test]
async fn self_registration_does_not_tell_who_has_an_account() {
    let site = open_to_all().await;
    let same = |page: &Page, email: &str| (page.status(), page.html().replace(email, "ADDRESS"));
    let unknown = same(&register(&site, CAROL).await, CAROL);
    assert_eq!(same(&register(&site, "alice@example.test").await, "alice@example.test"), unknown);
    // Whoever reads the mailbox learns it.
    let mail = site.server.mailbox().latest("alice@example.test").await;
    assert_eq!(mail.subject, "You already have an account at Signet");
    assert_eq!(mail.link(), format!("{}/forgot", site.server.issuer()));
    let mail = site.server.mailbox().latest(CAROL).await;
    assert!(mail.link().contains("/join?token="), "{}", mail.text);
}

#[tokio::test]
async fn an_account_that_came_to_be_meanwhile_is_not_made_twice() {
    let site = open_to_all().await;
    let link = link(&site, CAROL, 0).await;
    let page = site.browser().get(&link).await;
    site.server.apply("[[users]]\nusername = \"other\"\nemail = \"carol@example.test\"").await;
    assert!(fill(page, "carol", SECRET).await.has("#link-gone"));
}

#[tokio::test]
async fn a_name_that_cannot_be_had_leaves_the_link_as_it_was() {
    let site = open_to_all().await;
    let link = link(&site, CAROL, 0).await;
    let mut page = site.browser().get(&link).await;
    for (name, told) in [
        ("ALICE", "Somebody else has this user name"),
        ("alice@example.test", "only if it is your email address"),
        ("  ", "1 to 128 characters"),
    ] {
        page = fill(page, name, SECRET).await;
        assert!(page.status() == 400 && page.text("#join-error").contains(told), "{name}: {}", page.html());
        assert!(page.text(".lead").contains(CAROL), "{}", page.html());
    }
    page = fill(page, "carol", "short").await;
    assert!(page.text("#join-error").contains("at least 12"), "{}", page.html());
    assert!(fill(page, CAROL, SECRET).await.has("#joined"));
}

#[tokio::test]
async fn nobody_makes_themselves_an_administrator() {
    let site = open_to_all().await;
    let link = link(&site, CAROL, 0).await;
    let form =
        site.browser().get(&link).await.form("#join").fill("username", "carol").fill("password", SECRET);
    let form = form.fill("name", "C").tamper("roles", "admin").tamper("email", "alice@example.test");
    assert!(form.tamper("address", "alice@example.test").submit().await.has("#joined"));
    let page = site.browser().get(site.trusted().url()).await;
    sign_in_with(page, CAROL, SECRET).await.callback().code();
    // Alice is who she was.
    sign_in(site.browser().get(site.trusted().url()).await, "alice@example.test").await.callback().code();
    let export = site.server.apply("[[users]]\nusername = \"carol\"\nemail = \"carol@example.test\"\nemail_verified = true\nname = \"C\"\nlocale = \"en\"").await;
    let fields: Vec<_> = export.steps.iter().map(|step| format!("{:?}", step.action)).collect();
    assert!(fields.iter().all(|fields| !fields.contains("roles")), "{fields:?}");
}

#[tokio::test]
async fn accounts_are_for_the_operators_own_domains() {
    let settings = Settings::new().with("accounts.self_registration", true);
    let settings = settings.with("accounts.mail_domains", vec!["Example.TEST"]);
    let site = Site::with(settings, FakeClock::running(), "").await;
    for email in ["carol@elsewhere.test", "carol@example.test.evil.test", "carol@evil.test@example.test"] {
        let page = register(&site, email).await;
        assert_eq!(page.status(), 400, "{email}");
        assert!(page.text("#register-error").contains("example.test"), "{email}: {}", page.html());
    }
    assert!(register(&site, "Carol@EXAMPLE.test").await.has("#register-sent"));
    site.server.mailbox().latest("Carol@EXAMPLE.test").await;
    assert!(site.server.mailbox().all("carol@elsewhere.test").is_empty());
}

#[tokio::test]
async fn an_address_makes_no_second_header_and_no_second_recipient() {
    let site = open_to_all().await;
    for email in [
        "carol@example.test\r\nBcc: mallory@example.test",
        "carol@example.test, mallory@example.test",
        "Carol <carol@example.test>",
        "carol@example.test>\r\nRCPT TO:<mallory@example.test",
        "",
        "carol",
    ] {
        let page = register(&site, email).await;
        assert_eq!(page.status(), 400, "{email:?}: {}", page.html());
    }
}

#[tokio::test]
async fn a_link_tells_only_so_many_times_whether_a_name_is_taken() {
    let settings = Settings::new().with("accounts.self_registration", true).with("limits.link.number", 2);
    let site = Site::with(settings, FakeClock::running(), "").await;
    let mut page = site.browser().get(link(&site, CAROL, 0).await).await;
    for status in [400, 400, 429] {
        page = fill(page, "alice", SECRET).await;
        assert_eq!(page.status(), status, "{}", page.html());
    }
    assert!(page.text("#join-error").contains("too many attempts"), "{}", page.html());
}

#[tokio::test]
async fn strangers_who_register_an_address_do_not_keep_its_owner_from_changing_to_it_nor_the_other_way_round()
{
    let site = open_to_all().await;
    let alice = site.signed_in("alice").await;
    let change = async |email: &str| {
        let page = alice.get("/account/email").await.form("#email-change");
        page.fill("email", email).press("#email-submit").await
    };
    for _ in 0..5 {
        assert!(register(&site, CAROL).await.has("#register-sent"));
    }
    assert_eq!(register(&site, CAROL).await.status(), 429);
    assert!(change(CAROL).await.has("#email-pending"));

    const DAVE: &str = "dave@example.test";
    for _ in 0..4 {
        assert!(change(DAVE).await.has("#account-done"));
    }
    assert_eq!(change(DAVE).await.status(), 429);
    assert!(register(&site, DAVE).await.has("#register-sent"));
}

#[tokio::test]
async fn one_address_gets_so_many_mails_from_wherever_they_are_asked_for() {
    let settings = Settings::new()
        .with("accounts.self_registration", true)
        .with("limits.verification_mail_address.number", 2);
    let site = Site::with(settings, FakeClock::running(), "").await;
    for _ in 0..2 {
        assert!(register(&site, CAROL).await.has("#register-sent"));
    }
    assert_eq!(register(&site, CAROL).await.status(), 429);
    assert!(register(&site, "dave@example.test").await.has("#register-sent"));
    let change = async |username: &str| {
        let page = site.signed_in(username).await.get("/account/email").await.form("#email-change");
        page.fill("email", CAROL).press("#email-submit").await.status()
    };
    // Whoever they are who ask in their accounts: two more, and no third.
    assert_eq!([change("alice").await, change("bob").await, change("alice").await], [200, 200, 429]);
}

#[tokio::test]
async fn nobody_registers_under_what_looks_like_somebody_elses_name() {
    let site = open_to_all().await;
    let mut page = site.browser().get(link(&site, CAROL, 0).await).await;
    for name in
        ["ali\u{200b}ce", "alice\u{2060}", "al\u{ad}ice", "\u{202e}ecila", "alice\u{fe0f}", "\u{3164}"]
    {
        page = fill(page, name, SECRET).await;
        assert_eq!(page.status(), 400, "{name:?}");
        assert!(page.text("#join-error").contains("none of them invisible"), "{name:?}: {}", page.html());
    }
    assert!(fill(page, "carol", SECRET).await.has("#joined"));
}

#[tokio::test]
async fn registration_links_end_when_the_operator_closes_registration() {
    for (key, value) in [
        ("accounts.self_registration", toml::Value::from(false)),
        ("accounts.mail_domains", vec!["elsewhere.test"].into()),
    ] {
        let site = open_to_all().await;
        let link = link(&site, CAROL, 0).await;
        let settings = site.server.settings().clone();
        site.server.stop().await;
        let site = Site::with(settings.with(key, value), FakeClock::running(), "").await;
        assert!(site.browser().get(&link).await.has("#link-gone"), "{key}");
    }
}

//! Keys and mails, in the console.

use crate::console::open;
use crate::person::Site;
use signet_tests::{FakeClock, Settings, eventually};
use std::time::Duration;

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

/// However many there are, a page is read at one look.
#[tokio::test]
async fn of_many_clients_that_a_step_hits_the_first_are_named_and_the_others_counted() {
    let client = |number: u32| {
        format!(
            "[[clients]]\nclient_id = \"app-{number:02}\"\nclient_secret = \"a secret of thirty-two characters\"\n\
             grant_types = [\"client_credentials\"]\nscope = \"orders:read\"\n"
        )
    };
    let clients: String = (0..25).map(client).collect();
    let settings = Settings::new().with("factors.policy", "off");
    let site = Site::with(settings, FakeClock::running(), &format!("{STAFF}\n{clients}")).await;
    let browser = site.browser();
    let keys = open(&browser, "ada", "/console/keys").await;
    // The API's tokens are signed with the one, people's ID tokens with the other.
    let links = keys.attributes("#keys a", "href");
    let mut told = Vec::new();
    for link in links {
        let ask = browser.get(&link).await;
        told.extend(ask.has("#withdrawal-clients").then(|| ask.text("#withdrawal-clients")));
    }
    assert!(told.iter().any(|text| text.matches("app-").count() == 20 && text.ends_with("more")), "{told:?}");
    let api = "/console/apis/https:%2F%2Fapi.example.test";
    let told = browser.get(api).await.form("#api").fill("scopes", "orders:write").press("#api-submit").await;
    let ask = browser.get(format!("{api}/remove")).await;
    for page in [told, ask] {
        let named = page.text("#losing").split_whitespace().filter(|word| *word == "orders:read").count();
        assert!(named <= 20 && page.text("#losing").contains("app-00"), "{}", page.html());
        assert!(page.text("#losing-more").contains("more"), "{}", page.html());
    }
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
    let (one, other) = (page.form("#settings-accounts"), page.form("#settings-tokens"));
    let one = one.fill("set:accounts.self_registration", "true");
    let page = one.press("#settings-accounts-submit").await;
    assert!(page.has("#console-done"), "{}", page.html());
    assert!(registers().await);
    let other = other.fill("set:tokens.access_token_lifetime", "120");
    assert_eq!(other.press("#settings-tokens-submit").await.status(), 409);
    let form = page.form("#settings-accounts").tamper("back:accounts.self_registration", "on");
    assert!(form.press("#settings-accounts-submit").await.has("#console-done"));
    assert!(!registers().await);
    let form = browser.get("/console/settings").await.form("#settings-tokens");
    let form = form.fill("set:tokens.access_token_lifetime", "1");
    let faulty = form.press("#settings-tokens-submit").await;
    assert_eq!(faulty.status(), 400);
    assert!(faulty.has("#settings-error"));
    assert_eq!(faulty.form("#settings-tokens").value("set:tokens.access_token_lifetime"), Some("1"));
    let form = browser.get("/console/settings").await.form("#settings-limits-registration");
    let page =
        form.fill("set:limits.registration.number", "12").press("#settings-limits-registration-submit").await;
    assert_eq!(
        page.form("#settings-limits-registration").value("set:limits.registration.number"),
        Some("12")
    );
}

#[tokio::test]
async fn an_auditor_sees_settings_and_changes_none() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "audrey", "/console/settings").await;
    assert!(
        page.has("#settings-accounts-seen") && !page.has("#settings-accounts") && !page.has("main input")
    );
}

#[tokio::test]
async fn the_console_begins_with_the_overview_for_whoever_may_see_it() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "ada", "/console").await;
    for part in ["#chart-sign_ins", "#chart-limited", "#overview-keys", "#stands-on"] {
        assert!(page.has(part), "{part}");
    }
    assert_eq!(page.attributes("#chart-tokens tbody tr", "class").len(), 0);
    let hour = page.follow("#backs a").await;
    assert!(hour.has("#chart-tokens"));
    let other = site.browser();
    let page = open(&other, "ursula", "/console").await;
    assert!(!page.has("#chart-tokens"));
    assert_eq!(other.get("/console/overview").await.status(), 403);
}

#[tokio::test]
async fn tokens_that_are_not_recorded_are_told_where_they_would_be_counted() {
    let settings = Settings::new().with("factors.policy", "off").with("audit.token_issue", "off");
    let site = Site::with(settings, FakeClock::running(), STAFF).await;
    let browser = site.browser();
    open(&browser, "ada", "/console").await;
    let page = eventually(Duration::from_secs(30), async || {
        let page = browser.get("/console/overview").await;
        page.has("#warnings").then_some(page)
    })
    .await;
    assert!(page.text("#warnings").contains("token records"), "{}", page.html());
    assert!(page.has("#chart-tokens-without") && !page.has("#chart-sign_ins-without"));
    let recorded = staffed().await;
    assert!(!open(&recorded.browser(), "ada", "/console").await.has("#chart-tokens-without"));
}

#[tokio::test]
async fn somebody_who_is_held_back_is_let_go() {
    let site = staffed().await;
    let wrong = async || {
        let page = site.browser().get(site.shop().url()).await;
        let form = page.form("#login").fill("username", "bob").fill("password", "wrong wrong wrong");
        form.press("#login-submit").await.status()
    };
    for _ in 0..10 {
        wrong().await;
    }
    assert_eq!(wrong().await, 429);
    let browser = site.browser();
    let page = open(&browser, "ursula", "/console/limits").await;
    assert!(page.text("#held").contains("sign_in_pair"), "{}", page.html());
    let bobs = page.follow("#held a").await;
    assert!(page.text("#held a") == "bob" && bobs.has("#user"), "{}", bobs.html());
    let page = page.form("#held-form").press("#release-1").await;
    assert!(page.has("#console-done") && page.has("#held-none"), "{}", page.html());
    assert_ne!(wrong().await, 429);
    let faulty = page.form("#release-address").fill("address", "home").press("#release-submit").await;
    assert_eq!(faulty.status(), 400);
    assert!(faulty.has("#address-problem"));
    let page = faulty.form("#release-address").fill("address", "2001:db8::1").press("#release-submit").await;
    assert!(page.has("#console-done"), "{}", page.html());
    let auditor = site.browser();
    let page = open(&auditor, "audrey", "/console/limits").await;
    assert!(page.has("#limits") && !page.has("#release-address"));
}

//! What stands before a change in the console: a sign-in of a moment ago, the state that was seen, and whose it is.

use crate::console::open;
use crate::person::{Site, sign_in};
use signet_tests::{Browser, Page};

const STAFF: &str = r#"
    [[users]]
    username = "olga"
    password = "correct horse battery staple"
    roles = ["signet:owner"]

    [[users]]
    username = "audrey"
    password = "correct horse battery staple"
    roles = ["signet:auditor"]
"#;
const SHOP: &str = "/console/clients/shop";
const API: &str = "/console/apis/https:%2F%2Fapi.example.test";

/// Longer than a sign-in lets somebody change things, in seconds.
const TOO_LONG: i64 = 11 * 60;

/// Somebody's page, as the owner sees it.
async fn person(browser: &Browser, username: &str) -> Page {
    open(browser, "olga", &format!("/console/users?search={username}")).await.follow("#users a").await
}

#[tokio::test]
async fn whoever_signed_in_long_ago_signs_in_again_before_they_change_anything() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let form = async |path: &str, form: &str| open(&browser, "olga", path).await.form(form);
    let forms = [
        form("/console/new-client?kind=web", "#client").await.fill("client_name", "Late"),
        form(SHOP, "#client").await.fill("client_name", "Late"),
        form("/console/new-api", "#api").await.fill("identifier", "https://late.example.test"),
        form(API, "#api").await.fill("access_token_lifetime", "120"),
        form("/console/limits", "#release-address").await.fill("address", "2001:db8::1"),
        form("/console/keys", "#rotate").await.fill("algorithm", "ES256"),
    ];
    site.server.clock().advance(TOO_LONG);
    for form in forms {
        let action = form.action().clone();
        let asked = form.submit().await;
        assert!(asked.has("#login"), "{action}");
        let back = sign_in(asked, "olga").await;
        assert!(back.text("#console-done").contains("nothing was changed"), "{action}: {}", back.html());
        site.server.clock().advance(TOO_LONG);
    }
    // Where something is typed they are asked before that.
    for path in [
        "/console/new-client",
        "/console/new-client?kind=web",
        "/console/new-api",
        "/console/settings",
        "/console/mails/none/give-up",
    ] {
        assert!(browser.get(path).await.has("#login"), "{path}");
    }
    // To look costs nothing; who looks is told before they type that they will be asked.
    let pages = [
        (SHOP, "#client"),
        (API, "#api"),
        ("/console/limits", "#release-address"),
        ("/console/keys", "#rotate"),
        ("/console/mails?state=dead", ""),
        ("/console/clients", ""),
    ];
    for (path, form) in pages {
        let page = browser.get(path).await;
        assert!(page.status() == 200 && !page.has("#login") && !page.html().contains("Late"), "{path}");
        assert_eq!(page.has("#sign-in-again"), path != "/console/clients", "{path}");
        if form.is_empty() {
            continue;
        }
        assert!(!page.has(form), "{path}");
        let asked = page.follow("#sign-in-again a").await;
        assert!(asked.has("#login"), "{path}");
        let page = sign_in(asked, "olga").await;
        assert!(page.has(form) && !page.has("#sign-in-again"), "{path}: {}", page.html());
        site.server.clock().advance(TOO_LONG);
    }
    let page = open(&browser, "olga", "/console/new-client?kind=web").await;
    let page = page.form("#client").fill("client_name", "Now").fill("redirect_uris", "https://now.test/cb");
    assert!(page.press("#client-submit").await.has("#client-id"));
}

#[tokio::test]
async fn whoever_may_only_look_at_settings_need_not_sign_in_again() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    open(&browser, "audrey", "/console/settings").await;
    site.server.clock().advance(TOO_LONG);
    assert!(browser.get("/console/settings").await.has("#settings-accounts-seen"));
}

#[tokio::test]
async fn a_state_that_nobody_can_have_seen_is_overtaken() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let change = open(&browser, "olga", SHOP).await.form("#client").fill("client_name", "Unseen");
    let remove = browser.get(format!("{SHOP}/remove")).await.form("#ask");
    for seen in ["", "soon", "9223372036854775807", "-9223372036854775808", "99999999999999999999"] {
        let told = change.clone().tamper("seen", seen).press("#client-submit").await;
        assert_eq!(told.status(), 409, "{seen:?}");
        assert!(told.has("#overtaken-problem"), "{seen:?}");
        assert_eq!(remove.clone().tamper("seen", seen).press("#ask-submit").await.status(), 409, "{seen:?}");
    }
    assert_eq!(change.without("seen").press("#client-submit").await.status(), 409);
    assert_eq!(browser.get(SHOP).await.form("#client").value("client_name"), Some("The Shop"));
}

#[tokio::test]
async fn a_session_or_grant_is_ended_at_nobodys_page_but_its_owners() {
    let site = Site::declaring(STAFF).await;
    let bob = site.signed_in("bob").await;
    let tokens = site.tokens(&bob, "openid offline_access").await;
    let browser = site.browser();
    let bobs = person(&browser, "bob").await;
    let alices = person(&browser, "alice").await.url().path().to_owned();
    for (kind, link) in [("sessions", "#user-sessions a"), ("grants", "#user-grants a.small")] {
        let address = bobs.attributes(link, "href").remove(0);
        let (_, which) = address.split_once("?which=").unwrap();
        for which in [which, "nothing"] {
            let asked = browser.get(format!("{alices}/{kind}?which={which}")).await;
            assert_eq!(asked.status(), 404, "{kind} {which}");
        }
        let all = browser.get(format!("{alices}/{kind}")).await.form("#ask");
        assert_eq!(all.tamper("which", which).press("#ask-submit").await.status(), 404, "{kind}");
    }
    assert!(!bob.get("/account").await.has("#login"));
    site.refresh(&tokens.field("refresh_token")).await.expect_status(200);
    // Whoever presses twice has done it once.
    let ask = bobs.follow("#user-sessions a").await.form("#ask");
    for form in [ask.clone(), ask] {
        assert!(form.press("#ask-submit").await.has("#console-done"));
    }
    assert!(bob.get("/account").await.has("#login"));
}

#[tokio::test]
async fn a_password_is_reset_of_whom_the_page_showed_and_not_of_whom_they_became() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let page = person(&browser, "alice").await;
    let reset = page.follow("#user-reset").await.form("#ask");
    let edit = page.follow("#user-edit").await.form("#user").fill("email", "alice@other.test");
    assert!(edit.press("#user-submit").await.has("#console-done"));
    assert_eq!(reset.press("#ask-submit").await.status(), 409);
    sign_in(site.browser().get(site.trusted().url()).await, "alice").await.callback().code();
}

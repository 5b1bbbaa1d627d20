//! The console, as administrators use it and as others try to.

use crate::person::{PASSWORD, Site};
use signet_tests::{Browser, Page};

pub const STAFF: &str = r#"
    [[users]]
    username = "carol"
    name = "Carol Example"
    password = "correct horse battery staple"
    roles = ["signet:client_manager"]

    [[users]]
    username = "audrey"
    password = "correct horse battery staple"
    roles = ["signet:auditor"]

    [[users]]
    username = "ursula"
    password = "correct horse battery staple"
    roles = ["signet:user_manager"]

    [[clients]]
    client_id = "robot"
    client_secret = "the secret of a shop, 32 characters"
    grant_types = ["client_credentials"]
    scope = "signet:users:write"
"#;

pub async fn staffed() -> Site {
    Site::declaring(STAFF).await
}

/// A page of the console after signing in on the way.
pub async fn open(browser: &Browser, name: &str, path: &str) -> Page {
    let page = browser.get(path).await;
    if !page.has("#login") {
        return page;
    }
    page.form("#login").fill("username", name).fill("password", PASSWORD).press("#login-submit").await
}

#[tokio::test]
async fn a_client_of_each_kind_is_registered_and_works() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "carol", "/console").await;
    let page = page.follow("#new-client").await;
    for kind in ["web", "spa", "native", "agent", "service"] {
        let form = page.follow(&format!("#kind-{kind}")).await.form("#client");
        let form = form.fill("client_name", &format!("My {kind}")).fill("client_id", &format!("my-{kind}"));
        let form = match kind {
            "service" => form.tamper("scope:orders:read", "on"),
            "agent" => form
                .tamper("scope:orders:read", "on")
                .fill("redirect_uris", "https://mine.example.test/callback"),
            _ => form.fill("redirect_uris", "https://mine.example.test/callback"),
        };
        let made = form.press("#client-submit").await;
        assert_eq!(made.text("#client-id"), format!("my-{kind}"));
        assert_eq!(made.has("#client-secret"), matches!(kind, "web" | "service"), "{kind}");
        assert!(made.has("pre"), "{kind} has nothing to paste");
        if kind == "service" {
            let token = site.server.http.post(site.server.discovery.get("token_endpoint"));
            let token = token.basic("my-service", &made.text("#client-secret"));
            let answer = token.form(&[("grant_type", "client_credentials")]).send().await;
            assert_eq!(answer.expect_status(200).json()["scope"], "orders:read");
        } else {
            let asked = if kind == "agent" { "orders:read offline_access" } else { "openid profile" };
            let request = site
                .server
                .discovery
                .authorization(&format!("my-{kind}"), "https://mine.example.test/callback");
            let page = site.server.browser().get(request.scope(asked).url()).await;
            assert!(page.has("#login") && page.html().contains(&format!("My {kind}")), "{kind}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_form_stands_at_its_field_and_nothing_typed_is_lost() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "carol", "/console/new-client?kind=web").await;
    let form =
        page.form("#client").fill("client_name", "Mine").fill("redirect_uris", "http://mine.test/cb\nx");
    let again = form.press("#client-submit").await;
    assert_eq!(again.status(), 400);
    assert!(again.has("#client-error") && again.has("#redirect_uris-problem"));
    let form = again.form("#client");
    assert_eq!(form.value("client_name"), Some("Mine"));
    assert_eq!(form.value("redirect_uris"), Some("http://mine.test/cb\nx"));
    assert_eq!(form.value("scope:email"), Some("on"));
    let taken = form.fill("client_id", "shop").fill("redirect_uris", "https://mine.test/cb");
    let taken = taken.press("#client-submit").await;
    assert_eq!(taken.status(), 409);
    assert!(taken.has("#client_id-problem"));
}

#[tokio::test]
async fn a_client_is_changed_disabled_enabled_and_removed() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "carol", "/console/clients/shop").await;
    assert!(page.has("#client-managed"));
    let form = page.form("#client").fill("client_name", "New shop").without("scope:orders:write");
    let page = form.press("#client-submit").await;
    assert!(page.has("#console-done"));
    assert_eq!(page.form("#client").value("client_name"), Some("New shop"));
    assert_eq!(page.form("#client").value("scope:orders:write"), None);

    let page = page.follow("#client-state").await.form("#ask").press("#ask-submit").await;
    assert!(page.has("#client-disabled") && page.has("#console-done"));
    let request = site.server.discovery.authorization("shop", "https://shop.example.test/callback");
    assert!(site.server.browser().get(request.url()).await.has("#error"));
    let page = page.follow("#client-state").await.form("#ask").press("#ask-submit").await;
    assert!(!page.has("#client-disabled"));

    let page = page.follow("#client-remove").await;
    assert!(page.text("#ask").len() > 10 && page.html().contains("New shop"));
    let list = page.form("#ask").press("#ask-submit").await;
    assert!(list.has("#console-done") && !list.html().contains("New shop"));
    assert_eq!(browser.get("/console/clients/shop").await.status(), 404);
}

#[tokio::test]
async fn of_two_who_opened_the_same_client_the_second_is_told() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "carol", "/console/clients/shop").await;
    let (one, other) = (page.form("#client"), page.form("#client"));
    assert!(one.fill("client_name", "One").press("#client-submit").await.has("#console-done"));
    let told = other.fill("client_name", "Other").press("#client-submit").await;
    assert_eq!(told.status(), 409);
    assert!(told.has("#overtaken-problem"));
    // Having been told, they may.
    let page = told.form("#client").press("#client-submit").await;
    assert_eq!(page.form("#client").value("client_name"), Some("Other"));
}

#[tokio::test]
async fn a_secret_is_replaced_and_the_old_one_goes_on_for_as_long_as_was_said() {
    let site = staffed().await;
    let browser = site.server.browser();
    open(&browser, "carol", "/console").await;
    let rotate = async |overlap: &str| {
        let page = browser.get("/console/clients/shop/secret").await;
        page.form("#ask").fill("overlap", overlap).press("#ask-submit").await
    };
    let first = rotate("3600").await.text("#client-secret");
    let works = async |secret: &str| {
        let call = site.server.http.post(site.server.discovery.get("introspection_endpoint"));
        call.basic("shop", secret).form(&[("token", "x")]).send().await.status == 200
    };
    assert!(works(&first).await && works(crate::person::SECRET).await);
    // A third one would not be one that replaces another.
    assert_eq!(rotate("3600").await.status(), 409);
    let last = rotate("0").await.text("#client-secret");
    assert!(works(&last).await && !works(&first).await && !works(crate::person::SECRET).await);
    assert!(!browser.get("/console/clients/shop").await.html().contains(&last));
}

#[tokio::test]
async fn whoever_has_no_role_is_let_into_nothing() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "alice", "/console").await;
    assert_eq!(page.status(), 403);
    assert!(page.has("#error"));
    for path in [
        "/console/clients",
        "/console/clients/shop",
        "/console/new-client",
        "/console/new-client?kind=web",
        "/console/clients/shop/secret",
        "/console/clients/shop/state",
        "/console/clients/shop/remove",
    ] {
        assert_eq!(browser.get(path).await.status(), 403, "{path}");
    }
    // A form that an administrator's page holds is no use to them.
    let theirs = site.server.browser();
    let form = open(&theirs, "carol", "/console/clients/shop/remove").await.form("#ask");
    let sealed = form.value("request").unwrap().to_owned();
    let own = browser.get("/account/profile").await.form("#profile").to("/console/clients/shop/remove");
    assert_eq!(own.tamper("request", &sealed).tamper("do", "remove").submit().await.status(), 403);
    assert_eq!(theirs.get("/console/clients/shop").await.status(), 200);
}

#[tokio::test]
async fn an_auditor_sees_clients_and_finds_nothing_to_press() {
    let site = staffed().await;
    let browser = site.server.browser();
    let list = open(&browser, "audrey", "/console/clients").await;
    assert!(list.has("#clients") && !list.has("#new-client"));
    let page = browser.get("/console/clients/shop").await;
    assert!(page.has("#client-settings"));
    for button in ["#client", "#client-rotate", "#client-state", "#client-remove"] {
        assert!(!page.has(button), "{button}");
    }
    for path in ["/console/new-client", "/console/clients/shop/remove", "/console/clients/shop/secret"] {
        assert_eq!(browser.get(path).await.status(), 403, "{path}");
    }
}

#[tokio::test]
async fn a_user_manager_sees_no_clients() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "ursula", "/console/clients").await;
    assert_eq!(page.status(), 403);
}

#[tokio::test]
async fn a_client_that_reaches_further_than_its_manager_stays_as_it_is() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "carol", "/console/clients/robot").await;
    assert_eq!(page.form("#client").fill("client_name", "Mine").press("#client-submit").await.status(), 403);
    let page = browser.get("/console/clients/robot/secret").await;
    assert_eq!(page.form("#ask").press("#ask-submit").await.status(), 403);
    // Nor does a scope that nobody offered become theirs to give.
    let page = browser.get("/console/new-client?kind=service").await;
    let form = page.form("#client").fill("client_name", "Mine").tamper("scope:signet:users:write", "on");
    assert_eq!(form.press("#client-submit").await.status(), 403);
}

#[tokio::test]
async fn a_forged_form_changes_no_client() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "carol", "/console/clients/shop").await;
    let form = page.form("#client").fill("client_name", "Forged");
    assert_eq!(form.clone().without("request").press("#client-submit").await.status(), 400);
    // One of another page.
    let other = open(&browser, "carol", "/console/clients/trusted").await.form("#client");
    let foreign = form.tamper("request", other.value("request").unwrap());
    assert_eq!(foreign.press("#client-submit").await.status(), 400);
    let kept = browser.get("/console/clients/shop").await;
    assert_eq!(kept.form("#client").value("client_name"), Some("The Shop"));
}

#[tokio::test]
async fn the_list_is_searched() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "audrey", "/console/clients?search=SHOP").await;
    assert_eq!(page.attributes("#clients a", "href"), ["/console/clients/shop"]);
    assert!(browser.get("/console/clients?search=nowhere").await.has("#clients-none"));
}

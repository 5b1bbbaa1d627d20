//! Everybody's sessions, the emergency, tokens to come, and two who press at once, in the console.

use crate::console::open;
use crate::person::{SECRET, Site};

const DECLARED: &str = r#"
    [[users]]
    username = "olga"
    password = "correct horse battery staple"
    roles = ["signet:owner"]

    [[roles]]
    name = "clerk"

    [[roles]]
    name = "packer"
    client_id = "shop"

    [[groups]]
    name = "sales"
    roles = ["clerk", "packer"]
    members = ["dora"]

    [[users]]
    username = "dora"
    name = "Dora Example"
    password = "correct horse battery staple"

    [[resources]]
    identifier = "https://stock.example.test"
    scopes = ["stock:read"]
    claims = [{ claim = "teams", from = "groups" }]

    [[clients]]
    client_id = "desk"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://desk.example.test/callback"]
    scope = "openid profile roles stock:read"
"#;

#[tokio::test]
async fn sessions_are_found_by_person_and_by_client_and_ended() {
    let site = Site::declaring(DECLARED).await;
    let bob = site.signed_in("bob").await;
    site.tokens(&bob, "openid offline_access").await;
    let dora = site.signed_in("dora").await;
    let browser = site.browser();
    let all = open(&browser, "olga", "/console/sessions").await;
    assert_eq!(all.attributes("#sessions a.button", "href").len(), 3);
    let found = async |query: &str| browser.get(format!("/console/sessions?{query}")).await;
    let bobs = found("user=BOB").await;
    assert_eq!(bobs.attributes("#sessions a.button", "href").len(), 1);
    assert!(found("user=nobody").await.has("#sessions-none"));
    assert!(found("client=shop").await.has("#sessions-none"));
    assert!(found("client=trusted").await.text("#sessions").contains("bob"));
    let done = bobs.follow("#sessions a.button").await.form("#ask").press("#ask-submit").await;
    assert!(done.has("#console-done"));
    assert!(bob.get("/account").await.has("#login"));
    assert!(!dora.get("/account").await.has("#login"));
}

#[tokio::test]
async fn the_glass_is_broken_by_whoever_types_the_word_and_says_why() {
    let site = Site::declaring(DECLARED).await;
    let bob = site.signed_in("bob").await;
    let tokens = site.tokens(&bob, "openid offline_access").await;
    let browser = site.browser();
    let page = open(&browser, "olga", "/console/emergency").await;
    assert!(page.text("#emergency-loss").contains("2 sessions end"), "{}", page.text("#emergency-loss"));
    let word = site.server.issuer().split_once("://").unwrap().1.to_owned();
    let form = page.form("#emergency").fill("reason", "A laptop was stolen");
    let wrong = form.clone().fill("word", "yes").press("#emergency-submit").await;
    assert_eq!(wrong.status(), 400);
    assert!(wrong.has("#word-problem"));
    assert_eq!(wrong.form("#emergency").value("reason"), Some("A laptop was stolen"));
    let silent = form.clone().fill("reason", " ").fill("word", &word).press("#emergency-submit").await;
    assert_eq!(silent.status(), 400);
    assert!(silent.has("#reason-problem"));
    assert!(!bob.get("/account").await.has("#login"));

    let over = form.fill("word", &word).press("#emergency-submit").await;
    assert!(over.has("#everything-ended"), "{}", over.html());
    assert!(bob.get("/account").await.has("#login"));
    assert!(browser.get("/console").await.has("#login"));
    assert_eq!(site.refresh(&tokens.field("refresh_token")).await.status, 400);
}

#[tokio::test]
async fn tokens_to_come_are_shown_with_where_each_claim_comes_from() {
    let site = Site::declaring(DECLARED).await;
    let browser = site.browser();
    let page = open(&browser, "olga", "/console/clients/desk").await.follow("#client-preview").await;
    assert!(!page.has("#preview"));
    let seen = page.form("#preview-form").fill("user", "dora").press("#preview-submit").await;
    assert!(seen.text("#access-token-claims").contains("By a mapping from groups"), "{}", seen.html());
    assert!(seen.text("#id-token-claims").contains("By the scope roles"));
    assert!(seen.text("#userinfo-claims").contains("Dora Example"));
    assert!(seen.text("#preview-roles").contains("By the group sales"));
    // Another client's role is held, and not told.
    assert!(seen.text("#preview-roles").contains("Not for this client"));
    assert!(!seen.text("#id-token-claims").contains("packer"));
    let form =
        seen.form("#preview-form").without("scope:openid").without("scope:roles").without("scope:profile");
    let alone = form.press("#preview-submit").await;
    assert!(alone.has("#preview-no-id-token") && !alone.has("#userinfo-claims"));
    let nobody = alone.form("#preview-form").fill("user", "nobody").press("#preview-submit").await;
    assert_eq!(nobody.status(), 404);
    assert!(nobody.has("#user-problem"));
}

#[tokio::test]
async fn what_a_service_gets_for_itself_is_shown_without_its_secret() {
    let robot = r#"
        [[clients]]
        client_id = "robot"
        client_secret = "the secret of a shop, 32 characters"
        grant_types = ["client_credentials"]
        scope = "stock:read"

        [[users]]
        username = "carol"
        password = "correct horse battery staple"
        roles = ["signet:client_manager"]
    "#;
    let site = Site::declaring(&format!("{DECLARED}{robot}")).await;
    let browser = site.browser();
    let page = open(&browser, "carol", "/console/clients/robot/preview").await;
    let seen = page.form("#preview-form").press("#preview-submit").await;
    assert!(seen.text("#preview").contains("robot") && seen.text("#preview").contains("stock:read"));
    assert!(seen.has("#preview-no-id-token"));
    // Somebody's tokens are for whoever may see people.
    let address = "/console/clients/desk/preview?look=1&user=dora";
    assert_eq!(browser.get(address).await.status(), 403);
    // A client that people sign in to gets none for itself.
    let none = browser.get("/console/clients/desk/preview?look=1").await;
    assert_eq!(none.status(), 400);
    assert!(none.has("#scope-problem"));
}

#[tokio::test]
async fn of_two_tabs_that_replace_a_secret_at_once_one_does() {
    let site = Site::declaring(DECLARED).await;
    let browser = site.browser();
    let tab = async || open(&browser, "olga", "/console/clients/shop/secret").await.form("#ask");
    let (one, other) = (tab().await, tab().await);
    let pages = tokio::join!(one.press("#ask-submit"), other.press("#ask-submit"));
    let mut statuses = [pages.0.status(), pages.1.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let shown = if pages.0.status() == 200 { pages.0 } else { pages.1 };
    for secret in [shown.text("#client-secret").as_str(), SECRET] {
        let call = site.server.http.post(site.server.discovery.get("introspection_endpoint"));
        let answer = call.basic("shop", secret).form(&[("token", "x")]).send().await;
        assert_eq!(answer.status, 200);
    }
}

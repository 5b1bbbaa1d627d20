//! APIs and their scopes, in the console.

use crate::console::open;
use crate::person::Site;

const STAFF: &str = r#"
    [[users]]
    username = "carol"
    password = "correct horse battery staple"
    roles = ["admin"]

    [[users]]
    username = "audrey"
    password = "correct horse battery staple"
    roles = ["signet:auditor"]

    [[roles]]
    name = "clerk"
"#;

const API: &str = "/console/apis/https:%2F%2Fapi.example.test";

#[tokio::test]
async fn an_api_is_made_changed_and_removed() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let page = open(&browser, "carol", "/console/apis").await.follow("#new-api").await;
    let form = page.form("#api").fill("identifier", "https://stock.example.test/v1");
    let form = form.fill("scopes", "stock:read\nstock:write").fill("signing_alg", "ES384");
    let page = form.press("#api-submit").await;
    assert!(page.has("#console-done"), "{}", page.html());
    let form = page.form("#api").fill("scope_roles", "stock:write: clerk");
    let page = form.fill("access_token_lifetime", "120").press("#api-submit").await;
    assert_eq!(page.form("#api").value("scope_roles"), Some("stock:write: clerk"));
    // What is taken out of the field is gone.
    let page = page.form("#api").fill("scope_roles", "").press("#api-submit").await;
    assert_eq!(page.form("#api").value("scope_roles"), Some(""));
    assert_eq!(page.form("#api").value("signing_alg"), Some("ES384"));
    let list = page.follow("#api-remove").await.form("#ask").press("#ask-submit").await;
    assert!(list.has("#console-done") && !list.html().contains("stock.example.test"));
}

#[tokio::test]
async fn scopes_that_clients_ask_for_go_only_when_that_was_told_and_agreed_to() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let page = open(&browser, "carol", API).await;
    assert!(page.has("#api-managed"));
    let told = page.form("#api").fill("scopes", "orders:read").press("#api-submit").await;
    assert!(told.has("#api-losing") && told.text("#losing").contains("shop"), "{}", told.html());
    assert_eq!(browser.get(API).await.form("#api").value("scopes"), Some("orders:read\norders:write"));
    // Without the tick nothing is taken away.
    let again = told.form("#api").press("#api-submit").await;
    assert!(again.has("#api-losing"));
    let page = again.form("#api").tamper("agreed", "on").press("#api-submit").await;
    assert!(page.has("#console-done"), "{}", page.html());
    assert_eq!(page.form("#api").value("scopes"), Some("orders:read"));
    // Whoever looks at the client is told which those are.
    let client = browser.get("/console/clients/shop").await;
    assert_eq!(client.text("#lint-unknown-scope code"), "orders:write");
}

#[tokio::test]
async fn what_is_wrong_with_an_api_stands_at_its_field() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let page = open(&browser, "carol", "/console/new-api").await;
    let form = page.form("#api").fill("identifier", "stock").fill("access_token_lifetime", "soon");
    let again = form.fill("scopes", "stock:read").press("#api-submit").await;
    assert_eq!(again.status(), 400);
    assert!(again.has("#access_token_lifetime-problem"), "{}", again.html());
    let again = again.form("#api").fill("access_token_lifetime", "").press("#api-submit").await;
    assert!(again.has("#identifier-problem") && again.form("#api").value("scopes") == Some("stock:read"));
    let form = again.form("#api").fill("identifier", "https://stock.example.test");
    let taken = form.fill("scopes", "orders:read").press("#api-submit").await;
    assert!(taken.has("#scopes-problem"), "{}", taken.html());
}

#[tokio::test]
async fn of_two_who_opened_the_same_api_the_second_is_told() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let page = open(&browser, "carol", API).await;
    let (one, other) = (page.form("#api"), page.form("#api"));
    assert!(one.fill("access_token_lifetime", "120").press("#api-submit").await.has("#console-done"));
    let told = other.fill("access_token_lifetime", "240").press("#api-submit").await;
    assert_eq!(told.status(), 409);
    assert!(told.has("#overtaken-problem"));
    let page = told.form("#api").press("#api-submit").await;
    assert_eq!(page.form("#api").value("access_token_lifetime"), Some("240"));
}

#[tokio::test]
async fn an_auditor_sees_apis_and_finds_nothing_to_press() {
    let site = Site::declaring(STAFF).await;
    let browser = site.browser();
    let list = open(&browser, "audrey", "/console/apis").await;
    assert!(list.has("#apis") && !list.has("#new-api"));
    let page = browser.get(API).await;
    assert!(page.has("#api-settings") && !page.has("#api") && !page.has("#api-remove"));
    for path in ["/console/new-api".to_owned(), format!("{API}/remove")] {
        assert_eq!(browser.get(&path).await.status(), 403, "{path}");
    }
    let nobody = site.browser();
    assert_eq!(open(&nobody, "bob", "/console/apis").await.status(), 403);
}

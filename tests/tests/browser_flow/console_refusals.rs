//! Why was this refused? Asked in the console with the id from an error page.

use crate::console::{open, staffed};
use crate::person::SHOP;
use signet_tests::eventually;
use std::time::Duration;

#[tokio::test]
async fn a_broken_redirect_uri_is_explained_by_the_id_on_the_error_page() {
    let site = staffed().await;
    let broken = format!("{SHOP}/");
    let page = site.server.browser().get(site.server.discovery.authorization("shop", &broken).url()).await;
    let id = page.text("#error-request");
    let browser = site.server.browser();
    let page = open(&browser, "audrey", "/console/refusals").await;
    assert!(page.has("#explain") && !page.has("#not-found"));
    let explained = eventually(Duration::from_secs(10), async || {
        let page = browser.get("/console/refusals").await.form("#explain").fill("id", &id).submit().await;
        page.has("#explained").then_some(page)
    })
    .await;
    assert_eq!(explained.text("#rule"), "redirect-uri-unregistered");
    assert_eq!(explained.text("#came mark"), "/");
    assert_eq!(explained.text("#came"), broken);
    assert_eq!(explained.text("#refused-client"), "shop");
    assert!(explained.text("#mend").contains("redirect URIs"));
    let client = explained.follow("#to-client").await;
    assert!(client.url().path().ends_with("/console/clients/shop"), "{}", client.url());
    let listed = browser.get("/console/refusals").await.follow("#refusals a").await;
    assert!(listed.has("#explained"));
}

#[tokio::test]
async fn an_id_that_nothing_is_kept_of_is_told_so() {
    let site = staffed().await;
    let browser = site.server.browser();
    open(&browser, "audrey", "/console/refusals").await;
    for id in ["nothing", "<script>", &"x".repeat(100)] {
        let page = browser.get(&format!("/console/refusals?id={id}")).await;
        assert!(page.status() == 200 && page.has("#not-found"), "{id}: {}", page.status());
    }
    assert!(browser.get("/console/refusals?client_id=shop").await.has("#refusals-none"));
}

#[tokio::test]
async fn whoever_may_not_read_the_audit_log_is_not_told_why_others_were_refused() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "carol", "/console/refusals?id=x").await;
    assert_eq!(page.status(), 403);
    assert!(!page.has("#explain"));
}

//! The audit log in the console.

use crate::console::{open, staffed};
use crate::person::Site;
use sea_orm::{ConnectionTrait as _, Database};
use signet_tests::{Browser, Page, eventually};
use std::time::Duration;

/// Changes the shop's name, as somebody who may.
async fn renamed(site: &Site, name: &str) {
    let page = open(&site.server.browser(), "carol", "/console/clients/shop").await;
    let page = page.form("#client").fill("client_name", name).press("#client-submit").await;
    assert!(page.has("#console-done"));
}

async fn sealed(browser: &Browser, path: &str) -> Page {
    let is_sealed = async || browser.get(path).await.html().contains("As it was sealed");
    eventually(Duration::from_secs(20), is_sealed).await;
    browser.get(path).await
}

#[tokio::test]
async fn an_auditor_finds_who_changed_a_client_and_what_it_was() {
    let site = staffed().await;
    renamed(&site, "New shop").await;
    let browser = site.server.browser();
    let page = open(&browser, "audrey", "/console/audit").await;
    let form = page.form("#filter").fill("event", "client_changed").fill("client", "shop");
    let found = form.press("#filter-submit").await;
    let links = found.attributes("#events strong a", "href");
    assert_eq!(links.len(), 1, "{}", found.html());
    assert_eq!(found.form("#filter").value("client"), Some("shop"));
    let event = sealed(&browser, &links[0]).await;
    let changes = event.text("#changes");
    assert!(changes.contains("The Shop") && changes.contains("New shop"), "{changes}");
    assert!(event.text("#event").contains("carol"), "{}", event.text("#event"));
    // What else happened in that request, and the client itself.
    assert!(
        event.attributes("#event a", "href").iter().any(|link| link.starts_with("/console/audit?request="))
    );
    assert!(event.attributes("#event a", "href").contains(&"/console/clients/shop".to_owned()));
}

#[tokio::test]
async fn a_clients_page_tells_who_changed_it_to_whoever_may_read_the_log() {
    let site = staffed().await;
    renamed(&site, "New shop").await;
    let page = open(&site.server.browser(), "audrey", "/console/clients/shop").await;
    let history = page.text("#history");
    assert!(history.contains("carol") && history.contains("New shop"), "{history}");
    let all = page.follow("#history-all").await;
    assert!(all.has("#events") && all.form("#filter").value("client") == Some("shop"));
    // A client manager may not.
    let browser = site.server.browser();
    assert!(!open(&browser, "carol", "/console/clients/shop").await.has("#history"));
    for path in ["/console/audit", "/console/audit/1"] {
        assert_eq!(browser.get(path).await.status(), 403, "{path}");
    }
    assert!(!browser.get("/console/clients").await.html().contains("/console/audit"));
}

#[tokio::test]
async fn an_event_that_was_changed_after_it_was_sealed_is_told_as_such() {
    let site = staffed().await;
    renamed(&site, "New shop").await;
    let browser = site.server.browser();
    let page = open(&browser, "audrey", "/console/audit?event=client_changed&client=shop").await;
    let link = page.attributes("#events strong a", "href").remove(0);
    sealed(&browser, &link).await;
    let url = format!("sqlite://{}", site.server.settings().path("signet.db").display());
    let database = Database::connect(url).await.unwrap();
    let forged = "UPDATE audit SET client_id = 'innocent' WHERE event = 'client_changed'";
    database.execute_unprepared(forged).await.unwrap();
    database.close().await.unwrap();
    assert!(browser.get(&link).await.has("#event-changed"));
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_marked_and_finds_no_page_of_errors() {
    let site = staffed().await;
    let browser = site.server.browser();
    let page = open(&browser, "audrey", "/console/audit?address=here&from=soon&to=2026-02-30T10:00").await;
    assert_eq!(page.status(), 200);
    for problem in ["#address-problem", "#from-problem", "#to-problem"] {
        assert!(page.has(problem), "{problem}");
    }
    assert!(browser.get("/console/audit?event=nothing").await.has("#events-none"));
    assert_eq!(browser.get("/console/audit?actor=%00&client=%00").await.status(), 200);
    for path in ["/console/audit/0", "/console/audit/x", "/console/audit/%00"] {
        assert_eq!(browser.get(path).await.status(), 404, "{path}");
    }
    assert_eq!(browser.get("/console/audit?cursor=x").await.status(), 409);
}

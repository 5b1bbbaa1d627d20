//! The same form sent twice: a double click, a reload, a replay. One interaction never has two codes.

use crate::person::{Site, allow, sign_in};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use signet_tests::Page;

/// How many codes there are, and of how many interactions.
async fn codes(site: &Site) -> (i64, i64) {
    let database = Database::connect(site.server.settings().get("database.url")).await.unwrap();
    let query = "SELECT COUNT(*) AS codes, COUNT(DISTINCT tx) AS interactions FROM codes";
    let query = Statement::from_string(database.get_database_backend(), query);
    let row = database.query_one_raw(query).await.unwrap().unwrap();
    (row.try_get("", "codes").unwrap(), row.try_get("", "interactions").unwrap())
}

#[tokio::test]
async fn a_double_clicked_allow_yields_a_usable_answer_and_never_two_codes_for_one_interaction() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let (before, _) = codes(&site).await;
    let request = site.shop();
    let form = browser.get(request.url()).await.form("#consent");
    let pages: Vec<Page> = join_all((0..4).map(|_| form.clone().press("#consent-allow"))).await;
    let (codes, interactions) = codes(&site).await;
    assert_eq!(codes, interactions);
    assert!(codes > before);
    // The browser shows the last answer, whichever that is: each is a good one.
    for page in &pages {
        page.callback().checked_code(&request, &site.server.issuer());
    }
    let last = pages.last().unwrap().callback();
    site.redeem(&request, &last).await.expect_status(200);
}

#[tokio::test]
async fn what_had_to_be_proven_for_an_interaction_does_not_count_for_the_next() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let form = browser.get(site.shop().with("prompt", "consent").url()).await.form("#consent");
    form.clone().press("#consent-allow").await.callback().code();
    let page = form.press("#consent-allow").await;
    assert!(page.has("#consent"), "prompt=consent was answered twice by one page: {}", page.html());
    let form =
        browser.get(site.trusted().with("prompt", "select_account").url()).await.form("#select-account");
    form.clone().press("#account-continue").await.callback().code();
    assert!(form.press("#account-continue").await.has("#select-account"));
}

/// On a shared desk the browser's history still holds the form when the code's row is long swept away.
#[tokio::test]
async fn a_sign_in_counts_for_one_code_even_when_that_code_is_forgotten() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.shop().with("prompt", "login");
    let form = sign_in(browser.get(request.url()).await, "alice").await.form("#consent");
    form.clone().press("#consent-allow").await.callback().checked_code(&request, &site.server.issuer());
    let database = Database::connect(site.server.settings().get("database.url")).await.unwrap();
    database.execute_unprepared("DELETE FROM codes").await.unwrap();
    let page = form.press("#consent-allow").await;
    assert!(page.has("#login"), "prompt=login was answered twice by one sign-in: {}", page.html());
    assert_eq!(codes(&site).await.0, 0);
}

#[tokio::test]
async fn a_sign_in_form_sent_twice_signs_the_same_person_in() {
    let site = Site::start().await;
    let browser = site.browser();
    let request = site.trusted();
    let form = browser.get(request.url()).await.form("#login");
    let form = form.fill("username", "alice").fill("password", crate::person::PASSWORD);
    let pages: Vec<Page> = join_all((0..3).map(|_| form.clone().submit())).await;
    for page in pages {
        page.callback().checked_code(&request, &site.server.issuer());
    }
    let (codes, interactions) = codes(&site).await;
    assert_eq!(codes, interactions);
    browser.get(site.trusted().with("prompt", "none").url()).await.callback().code();
}

#[tokio::test]
async fn an_old_form_replayed_after_sign_out_does_nothing() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let consent = browser.get(site.shop().url()).await.form("#consent");
    let account =
        browser.get(site.trusted().with("prompt", "select_account").url()).await.form("#select-account");
    let logout = browser.get(site.discovery().get("end_session_endpoint")).await.form("#logout");
    logout.press("#logout-confirm").await;
    let (before, _) = codes(&site).await;
    for page in [consent.clone().press("#consent-allow").await, account.press("#account-continue").await] {
        assert!(page.has("#login"), "{}", page.html());
    }
    assert!(consent.press("#consent-deny").await.has("#login"));
    assert_eq!(codes(&site).await.0, before);
}

#[tokio::test]
async fn a_second_tab_signed_in_as_someone_else_cannot_consent_for_them() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let alices = browser.get(site.shop().url()).await.form("#consent");
    sign_in(browser.get(site.trusted().with("prompt", "login").url()).await, "bob").await.callback().code();
    let page = alices.press("#consent-allow").await;
    assert!(page.has("#consent"), "bob consented on a page that named alice: {}", page.html());
    assert!(page.text("main").contains("bob") && !page.text("main").contains("alice"));
    // Neither of them has consented yet.
    let bob = browser.get(site.shop().with("prompt", "none").url()).await;
    assert_eq!(bob.callback().error(), "consent_required");
    let alice = site.signed_in("alice").await.get(site.shop().with("prompt", "none").url()).await;
    assert_eq!(alice.callback().error(), "consent_required");
    allow(page).await.callback().code();
}

#[tokio::test]
async fn an_account_confirmed_for_one_person_is_not_confirmed_for_another() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let alices =
        browser.get(site.trusted().with("prompt", "select_account").url()).await.form("#select-account");
    sign_in(browser.get(site.trusted().with("prompt", "login").url()).await, "bob").await.callback().code();
    let page = alices.press("#account-continue").await;
    assert!(page.text("#account-continue").contains("bob"), "{}", page.html());
}

//! Codes by mail: the weakest second step, for whoever has no other, where the operator allows it.

use crate::person::{Site, enrol_app, id_token, second_factor, sign_in};
use signet_tests::{FakeClock, Page, Settings};

const ADDRESS: &str = "carol@example.test";

/// Everybody needs a second step. Carol's address is verified.
async fn with_mail() -> Site {
    let settings = Settings::new().with("factors.policy", "required").with("factors.email_code", true);
    let carol = format!(
        r#"
        [[users]]
        username = "carol"
        email = "{ADDRESS}"
        email_verified = true
        password = "correct horse battery staple"
        "#
    );
    Site::with(settings, FakeClock::running(), &carol).await
}

/// Asks for a code, and types the one that came.
async fn by_mail(site: &Site, page: Page) -> Page {
    let before = site.server.mailbox().all(ADDRESS).len();
    let page = page.form("#mfa-instead").press("#instead-email_code").await;
    let code = site.server.mailbox().after(ADDRESS, before).await.code();
    second_factor(page, &code).await
}

#[tokio::test]
async fn a_code_by_mail_completes_the_sign_in_and_is_no_second_factor() {
    let site = with_mail().await;
    let (browser, request) = (site.browser(), site.trusted());
    let page = sign_in(browser.get(request.url()).await, "carol").await;
    assert!(page.has("#instead-email_code") && !page.has("form#mfa"), "{}", page.html());
    assert_eq!(browser.cookie("signet-session"), None);
    assert!(site.server.mailbox().all(ADDRESS).is_empty(), "nothing is sent before it is asked for");
    let callback = by_mail(&site, page).await.callback();
    let claims = id_token(&site.redeem(&request, &callback).await.expect_status(200));
    assert_eq!(claims["acr"], "aal1", "a mailbox is no second factor");
    // An address that nobody has verified gets none.
    let page = sign_in(site.browser().get(site.trusted().url()).await, "alice").await;
    assert!(page.has("#enrol") && !page.has("#instead-email_code"), "{}", page.html());
}

#[tokio::test]
async fn whoever_has_an_app_is_offered_no_code_by_mail() {
    let site = with_mail().await;
    let request = site.trusted().with("acr_values", "aal2");
    let page = sign_in(site.browser().get(request.url()).await, "carol").await;
    let page = by_mail(&site, page).await;
    assert!(page.has("#enrol"), "a code by mail is not enough for this: {}", page.html());
    enrol_app(&site, page).await;
    site.server.clock().advance(60);
    let page = sign_in(site.browser().get(site.trusted().url()).await, "carol").await;
    assert!(page.has("form#mfa") && !page.has("#instead-email_code"), "{}", page.html());
    // Nor does asking for one anyway send it.
    let sent = site.server.mailbox().all(ADDRESS).len();
    let page = page.form("#mfa").tamper("instead", "email_code").submit().await;
    assert!(page.has("form#mfa") && !page.has("#instead-email_code"), "{}", page.html());
    assert_eq!(site.server.mailbox().all(ADDRESS).len(), sent);
}

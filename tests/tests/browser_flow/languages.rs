//! The language of the pages: `ui_locales` (OpenID Connect Core §3.1.2.1), then `Accept-Language` (RFC 9110 §12.5.4),
//! then the deployment's own.

use crate::person::{Site, allow, shown_error, sign_in, sign_in_with};
use signet_tests::{FakeClock, Page, Settings};

/// The page is in this language, and says so to machines.
#[track_caller]
fn assert_language(page: &Page, language: &str) {
    assert_eq!(page.attribute("html", "lang").as_deref(), Some(language), "{}", page.html());
    assert_eq!(page.answer().header("content-language").as_deref(), Some(language));
    let vary = page.answer().header_all("vary").collect::<Vec<_>>().join(", ").to_lowercase();
    assert!(vary.contains("accept-language"), "{vary}");
}

#[tokio::test]
async fn what_the_application_asks_for_holds_on_every_page_of_the_way() {
    let site = Site::start().await;
    let browser = site.browser();
    let request = site.shop().with("ui_locales", "fr de-AT en").with("response_mode", "form_post");
    let page = browser.get(request.url()).await;
    assert_language(&page, "de");
    assert_eq!(page.text("h1"), "Anmelden");
    let page = sign_in_with(page, "alice", "wrong").await;
    assert_language(&page, "de");
    assert!(page.text("#login-error").contains("passen nicht zusammen"), "{}", page.html());
    let page = sign_in(page, "alice").await;
    assert_language(&page, "de");
    assert_eq!(page.text("h1"), "The Shop bittet um Zugriff");
    assert!(page.text("#consent").contains("Erlauben"));
    let page = allow(page).await;
    assert_language(&page, "de");
    page.callback().checked_code(&request, &site.server.issuer());

    let page = browser.get(request.with("prompt", "select_account").url()).await;
    assert_eq!(page.text("#account-continue bdi"), "Alice Example");
    assert!(page.text("#account-continue").starts_with("Weiter als Alice Example"));
    let page = page.form("#select-account").press("#account-other").await;
    assert_language(&page, "de");
}

#[tokio::test]
async fn without_a_wish_of_the_application_the_browsers_counts() {
    let site = Site::start().await;
    for (accepted, language) in [
        (Some("de"), "de"),
        (Some("de-CH, en;q=0.7"), "de"),
        (Some("en;q=0.5, de;q=0.6"), "de"),
        (Some("fr-FR, fr;q=0.9"), "en"),
        (Some("de;q=0"), "en"),
        (Some("\"><script>"), "en"),
        (None, "en"),
    ] {
        let browser = site.browser().speaking(accepted);
        assert_language(&browser.get(site.shop().url()).await, language);
        assert_language(&browser.get("/").await, language);
        assert_language(&browser.get("/nothing-here").await, language);
        // What nobody here speaks is passed over, and no error (OpenID Connect Core §3.1.2.1).
        assert_language(&browser.get(site.shop().with("ui_locales", "fr tlh").url()).await, language);
        assert_language(&browser.get(site.shop().with("ui_locales", "en").url()).await, "en");
    }
}

#[tokio::test]
async fn a_refusal_speaks_to_the_person_in_their_language_and_to_the_developer_in_english() {
    let site = Site::start().await;
    let request = site.shop().with("redirect_uri", "https://evil.example.test/").with("ui_locales", "de");
    let page = site.browser().get(request.url()).await;
    assert_eq!(shown_error(&page), "invalid_request");
    assert_language(&page, "de");
    assert_eq!(page.text("h1"), "Die Anfrage der Anwendung ist ungültig");
    assert_eq!(page.attribute("#error-description", "lang").as_deref(), Some("en"));
}

#[tokio::test]
async fn a_language_without_pages_gets_the_deployments_own() {
    let settings = Settings::new().with("branding.language", "de");
    let site = Site::with(settings, FakeClock::running(), "").await;
    for accepted in [None, Some("fr")] {
        assert_language(&site.browser().speaking(accepted).get(site.shop().url()).await, "de");
    }
    assert_language(&site.browser().get(site.shop().url()).await, "en");
}

#[tokio::test]
async fn signing_out_goes_on_in_its_language() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let logout = site.discovery().get("end_session_endpoint").to_owned();
    let page = browser.get(format!("{logout}?ui_locales=de")).await;
    assert_language(&page, "de");
    let page = page.form("#logout").press("#logout-confirm").await;
    assert_language(&page, "de");
    assert_eq!(page.text("h1"), "Sie sind abgemeldet");
}

#[tokio::test]
async fn every_language_there_is_stands_in_the_discovery_document() {
    let site = Site::start().await;
    let offered = &site.discovery().document()["ui_locales_supported"];
    assert_eq!(*offered, serde_json::json!(["de", "en"]));
}

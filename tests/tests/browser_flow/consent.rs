//! Consent: asked in plain words, remembered per person, application and scope.

use crate::person::{Site, allow, sign_in};

const SECOND: &str = r#"
    [[clients]]
    client_id = "second"
    client_secret = "the secret of a shop, 32 characters"
    client_name = "Second Shop"
    redirect_uris = ["https://second.example.test/callback"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid profile"
    client_uri = "https://second.example.test/"
    policy_uri = "https://second.example.test/privacy"
    tos_uri = "https://second.example.test/terms"
"#;

#[tokio::test]
async fn the_page_says_who_asks_for_what_of_whom() {
    let site = Site::start().await;
    let request = site.shop().scope("openid profile email offline_access orders:read");
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    assert!(page.text("h1").contains("The Shop"), "{}", page.html());
    let text = page.text("main");
    for words in [
        "alice@example.test",
        "shop.example.test",
        "Know who you are",
        "See your profile",
        "See your email address",
        "Keep access while you are away",
        "orders:read",
        "https://api.example.test",
    ] {
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
    assert!(page.has("#consent-allow") && page.has("#consent-deny"));
}

#[tokio::test]
async fn it_is_remembered_for_the_same_and_for_less_but_not_for_more() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    allow(browser.get(site.shop().scope("openid profile").url()).await).await.callback().code();
    for remembered in ["openid profile", "openid", "profile openid"] {
        let page = browser.get(site.shop().scope(remembered).url()).await;
        assert!(page.left_for().is_some(), "{remembered} was asked for again");
    }
    let page = browser.get(site.shop().scope("openid profile email").url()).await;
    let scopes = page.text(".scopes");
    assert!(scopes.contains("See your email address New"), "{scopes}");
    assert!(!scopes.contains("See your profile New"), "{scopes}");
    allow(page).await.callback().code();
    // What was allowed before is not forgotten by allowing more.
    browser.get(site.shop().scope("openid profile email").url()).await.callback().code();
}

#[tokio::test]
async fn it_outlives_the_session_but_belongs_to_one_person_and_one_application() {
    let site = Site::declaring(SECOND).await;
    allow(sign_in(site.browser().get(site.shop().url()).await, "alice").await).await.callback().code();
    let again = sign_in(site.browser().get(site.shop().url()).await, "alice").await;
    again.callback().code();
    let bob = sign_in(site.browser().get(site.shop().url()).await, "bob").await;
    assert!(bob.has("#consent"), "alice's consent was taken for bob's");
    let second = site.discovery().authorization("second", "https://second.example.test/callback");
    let page = sign_in(site.browser().get(second.url()).await, "alice").await;
    assert!(page.has("#consent"), "consent to one application was taken for another's");
    for (link, text) in [("privacy", "Privacy policy"), ("terms", "Terms of service"), ("", "Website")] {
        let selector = format!("a[href=\"https://second.example.test/{link}\"]");
        assert_eq!(page.text(&selector), text);
        assert_eq!(page.attribute(&selector, "rel").as_deref(), Some("noopener noreferrer"));
    }
}

#[tokio::test]
async fn a_denial_is_not_remembered_as_consent() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    for _ in 0..2 {
        let page = browser.get(site.shop().url()).await;
        assert_eq!(page.form("#consent").press("#consent-deny").await.callback().error(), "access_denied");
    }
    assert_eq!(
        browser.get(site.shop().with("prompt", "none").url()).await.callback().error(),
        "consent_required"
    );
}

#[tokio::test]
async fn offline_access_is_asked_for_and_never_dropped() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    allow(browser.get(site.shop().url()).await).await.callback().code();
    let request = site.shop().scope("openid offline_access");
    let page = browser.get(request.url()).await;
    assert!(page.text(".scopes").contains("Keep access while you are away"), "{}", page.html());
    let callback = allow(page).await.callback();
    let tokens = site.redeem(&request, &callback).await.expect_status(200);
    assert!(!tokens.field("refresh_token").is_empty());
    assert!(tokens.field("scope").split(' ').any(|value| value == "offline_access"));
}

/// RFC 8252 §8.6: any program on the machine can say a native application's name and listen on its loopback address.
#[tokio::test]
async fn a_public_client_on_loopback_is_asked_about_each_time_unless_the_operator_vouches_for_it() {
    let native = |id: &str, skip: bool| {
        format!(
            "[[clients]]\nclient_id = \"{id}\"\napplication_type = \"native\"\nscope = \"openid\"\n\
             token_endpoint_auth_method = \"none\"\nskip_consent = {skip}\nredirect_uris = \
             [\"http://127.0.0.1/cb\", \"com.example.app:/cb\", \"https://app.example.test/cb\"]\n"
        )
    };
    let site = Site::declaring(&[native("foreign", false), native("own", true)].concat()).await;
    let browser = site.signed_in("alice").await;
    let request = |id: &str, uri: &str| site.discovery().authorization(id, uri).scope("openid");
    for uri in ["http://127.0.0.1:7000/cb", "com.example.app:/cb"] {
        for _ in 0..2 {
            allow(browser.get(request("foreign", uri).url()).await).await.callback().code();
        }
        let silent = request("foreign", uri).with("prompt", "none");
        assert_eq!(browser.get(silent.url()).await.callback().error(), "consent_required", "{uri}");
        browser.get(request("own", uri).with("prompt", "none").url()).await.callback().code();
    }
    // An https address leads to nobody else.
    let silent = request("foreign", "https://app.example.test/cb").with("prompt", "none");
    browser.get(silent.url()).await.callback().code();
}

#[tokio::test]
async fn skip_consent_counts_as_consent_for_offline_access_too() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    assert!(!site.tokens(&browser, "openid offline_access").await.field("refresh_token").is_empty());
    let silent = site.trusted().scope("openid offline_access").with("prompt", "none");
    browser.get(silent.url()).await.callback().code();
}

#[tokio::test]
async fn a_form_without_a_choice_grants_nothing() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let page = browser.get(site.shop().url()).await;
    for choice in ["", "yes", "ALLOW"] {
        let form = page.form("#consent").tamper("decision", choice);
        let answer = send(&site, &browser, form.action().as_str(), form.fields()).await;
        assert_eq!(answer.status, 400, "{choice:?}: {}", answer.text());
    }
    assert_eq!(
        browser.get(site.shop().with("prompt", "none").url()).await.callback().error(),
        "consent_required"
    );
}

/// Sends a form's fields without any of its buttons.
async fn send(
    site: &Site,
    browser: &signet_tests::Browser,
    action: &str,
    fields: &[(String, String)],
) -> signet_tests::Answer {
    let cookies: Vec<_> = browser
        .cookie_names()
        .iter()
        .map(|name| format!("{name}={}", browser.cookie(name).unwrap()))
        .collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    site.server.http.post(action).header("cookie", &cookies.join("; ")).form(&fields).send().await
}

//! `login_hint` and `id_token_hint` (OpenID Connect Core §3.1.2.1).

use crate::person::{Site, id_token, sign_in};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use signet_tests::Browser;

async fn hint(site: &Site, browser: &Browser) -> String {
    site.tokens(browser, "openid").await.field("id_token")
}

#[tokio::test]
async fn login_hint_fills_the_user_name_in() {
    let site = Site::start().await;
    let page = site.browser().get(site.shop().with("login_hint", "alice@example.test").url()).await;
    assert_eq!(page.form("#login").value("username"), Some("alice@example.test"));
    assert!(page.form("#login").value("password").unwrap_or_default().is_empty());
    let plain = site.browser().get(site.shop().url()).await;
    assert_eq!(plain.form("#login").value("username"), Some(""));
}

#[tokio::test]
async fn ones_own_hint_changes_nothing() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let own = hint(&site, &browser).await;
    let request = site.trusted().with("id_token_hint", &own);
    browser.get(request.url()).await.callback().checked_code(&request, &site.server.issuer());
    let silent = site.trusted().with("id_token_hint", &own).with("prompt", "none");
    browser.get(silent.url()).await.callback().code();
}

#[tokio::test]
async fn an_expired_hint_still_tells_who_is_meant() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let own = hint(&site, &browser).await;
    site.server.clock().advance(3600);
    let request = site.trusted().with("id_token_hint", &own).with("prompt", "none");
    browser.get(request.url()).await.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn someone_else_has_to_sign_in_as_the_one_that_is_meant() {
    let site = Site::start().await;
    let alices = hint(&site, &site.signed_in("alice").await).await;
    let browser = site.signed_in("bob").await;
    let request = site.trusted().with("id_token_hint", &alices);
    let silent = browser.get(request.clone().with("prompt", "none").url()).await;
    assert_eq!(silent.callback().error(), "login_required");
    let page = browser.get(request.url()).await;
    assert!(page.has("#login-why"), "{}", page.html());
    let callback = sign_in(page, "alice").await.callback();
    let tokens = site.redeem(&request, &callback).await.expect_status(200);
    assert_eq!(id_token(&tokens)["sub"], signet_tests::claims_unchecked(&alices)["sub"]);
}

#[tokio::test]
async fn signing_in_as_another_than_the_one_that_is_meant_is_told_to_the_client() {
    let site = Site::start().await;
    let alices = hint(&site, &site.signed_in("alice").await).await;
    let request = site.trusted().with("id_token_hint", &alices);
    let page = sign_in(site.browser().get(request.url()).await, "bob").await;
    assert_eq!(page.callback().error(), "login_required");
}

/// Signed userinfo (OpenID Connect Core §5.3.2) is signed by us, too, and for the same client.
#[tokio::test]
async fn signed_userinfo_is_no_hint() {
    let site = Site::declaring(
        r#"
        [[clients]]
        client_id = "wary"
        client_secret = "the secret of a shop, 32 characters"
        redirect_uris = ["https://trusted.example.test/callback"]
        scope = "openid"
        skip_consent = true
        userinfo_signed_response_alg = "RS256"
        "#,
    )
    .await;
    let browser = site.signed_in("alice").await;
    let request = site.trusted().with("client_id", "wary").scope("openid");
    let callback = browser.get(request.url()).await.callback();
    let token = site.redeem(&request, &callback).await.expect_status(200).field("access_token");
    let call = site.server.http.call(reqwest::Method::GET, site.discovery().get("userinfo_endpoint"));
    let userinfo = call.bearer(&token).send().await.expect_status(200).text();
    assert_eq!(signet_tests::claims_unchecked(&userinfo)["aud"], "wary");
    let hinted = browser.get(request.with("id_token_hint", &userinfo).url()).await;
    assert_eq!(hinted.callback().error(), "invalid_request");
    // Nor does it sign anybody out unasked.
    let logout = format!("{}?id_token_hint={userinfo}", site.discovery().get("end_session_endpoint"));
    browser.get(logout).await;
    browser.get(site.trusted().with("prompt", "none").url()).await.callback().code();
}

#[tokio::test]
async fn a_hint_that_is_not_ours_is_refused() {
    let site = Site::start().await;
    let stranger = Site::start().await;
    let browser = site.signed_in("alice").await;
    let own = hint(&site, &browser).await;
    let foreign = hint(&stranger, &stranger.signed_in("alice").await).await;
    let access_token = site.tokens(&browser, "openid").await.field("access_token");
    let parts: Vec<_> = own.split('.').collect();
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let unsigned = format!("{unsigned}.{}.", parts[1]);
    let mut claims = signet_tests::claims_unchecked(&own);
    claims["sub"] = "someone-else".into();
    let changed = format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2]);
    for (case, token) in [
        ("another issuer's", foreign),
        ("an access token", access_token),
        ("unsigned", unsigned),
        ("changed", changed),
        ("no token", "a.b.c".to_owned()),
    ] {
        for prompt in ["none", ""] {
            let request = site.trusted().with("id_token_hint", &token).with("prompt", prompt);
            let callback = browser.get(request.url()).await.callback();
            assert_eq!(callback.error(), "invalid_request", "{case}");
        }
    }
}

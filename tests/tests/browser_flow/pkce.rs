//! PKCE at the authorization endpoint (RFC 7636 §4.4.1; OAuth 2.1 §4.1.1).

use crate::person::{SHOP, Site};
use signet_tests::AuthorizationUrl;

const LEGACY: &str = r#"
    [[clients]]
    client_id = "legacy"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://shop.example.test/callback"]
    scope = "openid"
    require_pkce = false
"#;

fn without_pkce(request: AuthorizationUrl) -> AuthorizationUrl {
    request.without("code_challenge").without("code_challenge_method")
}

#[tokio::test]
async fn pkce_is_required_and_only_s256_will_do() {
    let site = Site::start().await;
    let browser = site.browser();
    let challenge = site.shop().pkce.challenge;
    for (case, request) in [
        ("none at all", without_pkce(site.shop())),
        ("plain", site.shop().with("code_challenge_method", "plain")),
        ("no method, which means plain", site.shop().without("code_challenge_method")),
        ("a method in lower case", site.shop().with("code_challenge_method", "s256")),
        ("a method without a challenge", site.shop().without("code_challenge")),
        ("too short", site.shop().with("code_challenge", &challenge[1..])),
        ("too long", site.shop().with("code_challenge", &format!("{challenge}A"))),
        ("padded", site.shop().with("code_challenge", &format!("{challenge}="))),
        ("not base64url", site.shop().with("code_challenge", &format!("{}+", &challenge[1..]))),
    ] {
        let callback = browser.get(request.url()).await.callback();
        assert_eq!((callback.error(), callback.redirect_uri.as_str()), ("invalid_request", SHOP), "{case}");
        assert_eq!(callback.get("state"), Some(request.state.as_str()), "{case}");
    }
}

#[tokio::test]
async fn a_client_that_need_not_use_pkce_may_leave_it_out_but_not_weaken_it() {
    let site = Site::declaring(LEGACY).await;
    let browser = site.browser();
    let legacy = || site.shop().with("client_id", "legacy");
    assert!(browser.get(without_pkce(legacy()).url()).await.has("#login"));
    assert!(browser.get(legacy().url()).await.has("#login"));
    for bad in [legacy().with("code_challenge_method", "plain"), legacy().without("code_challenge_method")] {
        assert_eq!(browser.get(bad.url()).await.callback().error(), "invalid_request");
    }
}

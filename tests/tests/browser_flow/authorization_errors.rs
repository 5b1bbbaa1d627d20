//! RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6: which error, and who is told.

use crate::person::{SHOP, Site, shown_error, sign_in};
use signet_tests::{AuthorizationUrl, Callback};

/// Clients that may do less than the shop.
const LESSER: &str = r#"
    [[clients]]
    client_id = "service"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://shop.example.test/callback"]
    grant_types = ["client_credentials"]
    scope = "orders:read"

    [[clients]]
    client_id = "no-refresh"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://shop.example.test/callback"]
    scope = "openid offline_access"

    [[clients]]
    client_id = "narrow"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://shop.example.test/callback"]
    scope = "openid orders:read"

    [[clients]]
    client_id = "scopeless"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://shop.example.test/callback"]

    [[resources]]
    identifier = "https://other.example.test"
    scopes = ["other:read"]
"#;

/// What every answer to the client carries, an error not less than a code (RFC 9207 §2, RFC 6749 §4.1.2.1).
#[track_caller]
fn assert_told(callback: &Callback, request: &AuthorizationUrl, issuer: &str, error: &str, case: &str) {
    assert_eq!(callback.error(), error, "{case}");
    assert_eq!(callback.redirect_uri, SHOP, "{case}");
    assert_eq!(callback.get("state"), Some(request.state.as_str()), "{case}");
    assert_eq!(callback.get("iss"), Some(issuer), "{case}");
    assert_eq!(callback.get("code"), None, "{case}");
    let description = callback.get("error_description").expect(case);
    let plain = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    assert!(!description.is_empty() && description.bytes().all(plain), "{case}: {description}");
}

#[tokio::test]
async fn the_client_is_told_each_error_by_its_name() {
    let site = Site::declaring(LESSER).await;
    let shop = || site.shop();
    let of = |client: &str| site.shop().with("client_id", client);
    let cases = [
        ("invalid_request", "response_type is missing", shop().without("response_type")),
        ("invalid_request", "response_type is empty", shop().with("response_type", "")),
        ("invalid_request", "an unknown response_mode", shop().with("response_mode", "web_message")),
        ("invalid_request", "fragment is for other flows", shop().with("response_mode", "fragment")),
        ("invalid_request", "max_age is no number", shop().with("max_age", "soon")),
        ("invalid_request", "max_age is negative", shop().with("max_age", "-1")),
        ("invalid_request", "none stands alone", shop().with("prompt", "none login")),
        (
            "invalid_request",
            "none stands alone, even beside an unknown value",
            shop().with("prompt", "none x"),
        ),
        ("unsupported_response_type", "token", shop().with("response_type", "token")),
        ("unsupported_response_type", "id_token", shop().with("response_type", "id_token")),
        ("unsupported_response_type", "hybrid", shop().with("response_type", "code id_token")),
        ("unsupported_response_type", "the case counts", shop().with("response_type", "Code")),
        ("unauthorized_client", "not registered for the grant", of("service").scope("orders:read")),
        ("invalid_scope", "a value that nobody knows", shop().scope("openid dance")),
        ("invalid_scope", "a value that is another client's", of("narrow").scope("openid email")),
        ("invalid_scope", "a malformed value", shop().scope("openid \"quoted\"")),
        ("invalid_scope", "none at all, and no default", of("scopeless").without("scope")),
        (
            "invalid_scope",
            "offline_access without refresh tokens",
            of("no-refresh").scope("openid offline_access"),
        ),
        ("invalid_target", "an unknown API", shop().and("resource", "https://nowhere.example.test")),
        (
            "invalid_target",
            "an API beyond the client's scopes",
            shop().and("resource", "https://other.example.test"),
        ),
        (
            "invalid_target",
            "a resource with a fragment",
            shop().and("resource", "https://api.example.test#x"),
        ),
        ("invalid_target", "a resource that is no absolute URI", shop().and("resource", "orders")),
        ("request_not_supported", "a request object", shop().and("request", "e30.e30.")),
        (
            "request_uri_not_supported",
            "a request_uri",
            shop().and("request_uri", "https://shop.example.test/r"),
        ),
        ("registration_not_supported", "registration", shop().and("registration", "{}")),
        ("login_required", "nobody is signed in", shop().with("prompt", "none")),
        ("invalid_request", "a hint that is no token", shop().and("id_token_hint", "hint")),
    ];
    let browser = site.browser();
    for (error, case, request) in cases {
        let page = browser.get(request.url()).await;
        assert!(page.left_for().is_some(), "{case}: shown instead of told: {}", page.html());
        assert_told(&page.callback(), &request, &site.server.issuer(), error, case);
    }
}

#[tokio::test]
async fn consent_required_is_told_to_a_client_that_wants_no_page() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.shop().with("prompt", "none");
    let callback = browser.get(request.url()).await.callback();
    assert_told(&callback, &request, &site.server.issuer(), "consent_required", "prompt=none");
}

#[tokio::test]
async fn access_denied_is_told_when_the_person_denies() {
    let site = Site::start().await;
    let request = site.shop();
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    let callback = page.form("#consent").press("#consent-deny").await.callback();
    assert_told(&callback, &request, &site.server.issuer(), "access_denied", "deny");
}

#[tokio::test]
async fn until_client_and_redirect_uri_are_good_the_person_is_told() {
    let site = Site::declaring(LESSER).await;
    let shop = || site.shop();
    let twice = shop().and("client_id", "trusted");
    let cases = [
        ("unauthorized_client", "an unknown client", shop().with("client_id", "nobody")),
        ("unauthorized_client", "a client in other letters", shop().with("client_id", "SHOP")),
        ("unauthorized_client", "a client_id of control characters", shop().with("client_id", "\u{1}\r\n")),
        ("invalid_request", "no client", shop().without("client_id")),
        ("invalid_request", "an empty client_id", shop().with("client_id", "")),
        ("invalid_request", "two clients", twice),
        ("invalid_request", "no redirect_uri with openid", shop().without("redirect_uri")),
        ("invalid_request", "two redirect URIs", shop().and("redirect_uri", "https://evil.example.test/")),
        (
            "invalid_request",
            "another redirect_uri",
            shop().with("redirect_uri", "https://evil.example.test/"),
        ),
        ("invalid_request", "a relative redirect_uri", shop().with("redirect_uri", "/callback")),
        ("invalid_request", "a script", shop().with("redirect_uri", "javascript:alert(1)")),
        // Whatever else is wrong, the person is told first.
        (
            "invalid_request",
            "and a bad response_type",
            shop().with("redirect_uri", "x:y").with("response_type", "z"),
        ),
    ];
    let browser = site.browser();
    for (error, case, request) in cases {
        let page = browser.get(request.url()).await;
        assert_eq!(shown_error(&page), error, "{case}");
        assert_eq!(page.status(), 400, "{case}");
        assert!(!page.text("#error-description").is_empty(), "{case}");
        let id = page.answer().header("x-request-id").expect(case);
        assert!(page.html().contains(&id), "{case}: the page does not say by what id its reason is found");
    }
}

#[tokio::test]
async fn every_repeated_parameter_is_refused_but_resource() {
    let site = Site::start().await;
    let browser = site.browser();
    for (name, value) in [
        ("scope", "openid"),
        ("state", "again"),
        ("nonce", "again"),
        ("response_type", "code"),
        ("code_challenge", "again"),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
        ("max_age", "5"),
        ("login_hint", "alice"),
        ("response_mode", "query"),
    ] {
        let request = site.shop().and(name, value);
        let request = if request.pairs().iter().filter(|(n, _)| *n == name).count() == 1 {
            request.and(name, value)
        } else {
            request
        };
        let callback = browser.get(request.url()).await.callback();
        assert_eq!((callback.error(), callback.redirect_uri.as_str()), ("invalid_request", SHOP), "{name}");
        assert_eq!(callback.get("iss"), Some(site.server.issuer().as_str()), "{name}");
        // A state that came twice is nobody's state.
        let state = (name != "state").then_some(request.state.as_str());
        assert_eq!(callback.get("state"), state, "{name}");
    }
    let twice = site.shop().scope("openid orders:read").and("resource", "https://api.example.test");
    let page = browser.get(twice.and("resource", "https://api.example.test").url()).await;
    assert!(page.has("#login"), "resource may repeat (RFC 8707 §2)");
}

#[tokio::test]
async fn unknown_parameters_are_ignored_even_repeated() {
    let site = Site::start().await;
    let request = site.shop().and("utm_source", "a").and("utm_source", "b").and("display", "popup");
    assert!(site.browser().get(request.url()).await.has("#login"));
}

#[tokio::test]
async fn a_parameter_without_a_value_counts_as_left_out() {
    // RFC 6749 §3.1: "Parameters sent without a value MUST be treated as if they were omitted from the request."
    let site = Site::start().await;
    let request = site.shop().with("prompt", "").with("max_age", "").with("state", "");
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    let callback = page.form("#consent").press("#consent-allow").await.callback();
    assert!(!callback.code().is_empty());
    assert_eq!(callback.get("state"), None);
}

/// What could not come back with the page's form is refused before anybody fills it in.
#[tokio::test]
async fn a_request_too_long_for_a_page_is_refused_to_the_client() {
    let site = Site::start().await;
    let fits = site.shop().with("state", &"s".repeat(4000));
    let page = sign_in(site.browser().get(fits.url()).await, "alice").await;
    let callback = page.form("#consent").press("#consent-allow").await.callback();
    assert_eq!(callback.get("state").map(str::len), Some(4000));
    assert!(!callback.code().is_empty());
    let long = "s".repeat(7000);
    let callback = site.browser().get(site.shop().with("state", &long).url()).await.callback();
    assert_eq!((callback.error(), callback.get("state")), ("invalid_request", Some(long.as_str())));
    // Where no page is needed, there is nothing to bring back.
    let browser = site.signed_in("alice").await;
    browser.get(site.trusted().with("state", &long).url()).await.callback().code();
}

#[tokio::test]
async fn broken_encoding_and_oversize_are_refused_without_a_redirect() {
    let site = Site::start().await;
    let browser = site.browser();
    let page = browser.get(format!("{}&x=%ff%zz", site.shop().url())).await;
    assert_eq!((shown_error(&page).as_str(), page.status()), ("invalid_request", 400));
    let long = site.shop().with("state", &"s".repeat(20_000));
    let page = browser.get(long.url()).await;
    assert_eq!((shown_error(&page).as_str(), page.status()), ("invalid_request", 413));
}

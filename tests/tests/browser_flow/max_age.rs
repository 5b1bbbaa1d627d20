//! `max_age` (OpenID Connect Core §3.1.2.1), by the clock.

use crate::person::{Site, allow, id_token, sign_in};

const IMPATIENT: &str = r#"
    [[clients]]
    client_id = "impatient"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://trusted.example.test/callback"]
    scope = "openid"
    skip_consent = true
    default_max_age = 60
"#;

#[tokio::test]
async fn a_sign_in_counts_until_it_is_older_than_max_age() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = || site.trusted().with("max_age", "3600");
    site.server.clock().advance(3000);
    browser.get(request().url()).await.callback().code();
    site.server.clock().advance(601);
    let stale = request();
    let page = browser.get(stale.url()).await;
    assert!(page.has("#login") && page.has("#login-why"), "{}", page.html());
    let callback = sign_in(page, "alice").await.callback();
    let now = site.server.clock().now().timestamp();
    let tokens = site.redeem(&stale, &callback).await.expect_status(200);
    let auth_time = id_token(&tokens)["auth_time"].as_i64().expect("auth_time is REQUIRED with max_age");
    assert!((now - 60..=now).contains(&auth_time), "{auth_time} at {now}");
    browser.get(request().url()).await.callback().code();
}

#[tokio::test]
async fn zero_means_now() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let request = site.trusted().with("max_age", "0");
    for _ in 0..2 {
        assert!(browser.get(request.url()).await.has("#login"), "a session of the same second is too old");
    }
    let callback = sign_in(browser.get(request.url()).await, "alice").await.callback();
    callback.checked_code(&request, &site.server.issuer());
    // Later requests are asked anew, this very one included.
    assert!(browser.get(request.url()).await.has("#login"));
}

/// The client checks `auth_time`: a page that stood open after the sign-in must not make it too old unnoticed.
#[tokio::test]
async fn the_time_that_a_page_stood_open_counts_too() {
    let site = Site::start().await;
    let request = site.shop().with("max_age", "600");
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    site.server.clock().advance(900);
    let page = allow(page).await;
    assert!(page.has("#login") && page.has("#login-why"), "{}", page.html());
    let callback = allow(sign_in(page, "alice").await).await.callback();
    let tokens = site.redeem(&request, &callback).await.expect_status(200);
    let age = site.server.clock().now().timestamp() - id_token(&tokens)["auth_time"].as_i64().unwrap();
    assert!(age <= 600, "{age}");
}

#[tokio::test]
async fn what_exceeds_every_number_is_no_limit() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    browser.get(site.trusted().with("max_age", "99999999999999999999").url()).await.callback().code();
}

#[tokio::test]
async fn a_clients_default_holds_where_the_request_says_nothing() {
    let site = Site::declaring(IMPATIENT).await;
    let browser = site.signed_in("alice").await;
    let request = || site.trusted().with("client_id", "impatient");
    browser.get(request().url()).await.callback().code();
    site.server.clock().advance(120);
    assert!(browser.get(request().url()).await.has("#login"));
    browser.get(request().with("max_age", "600").url()).await.callback().code();
}

//! How the answer travels: in the query, or in a form that posts itself (OAuth 2.0 Form Post Response Mode).

use crate::person::{SHOP, Site, allow, sign_in};

#[tokio::test]
async fn query_is_the_default_and_goes_by_303() {
    let site = Site::start().await;
    for request in [site.shop(), site.shop().with("response_mode", "query")] {
        let page = allow_or_go(sign_in(site.browser().get(request.url()).await, "alice").await).await;
        assert_eq!(page.status(), 303);
        assert_eq!(page.answer().header("cache-control").as_deref(), Some("no-store"));
        let callback = page.callback();
        let names: Vec<_> = callback.parameters.keys().map(String::as_str).collect();
        assert_eq!(names, ["code", "iss", "state"]);
        callback.checked_code(&request, &site.server.issuer());
        assert_eq!(site.redeem(&request, &callback).await.status, 200);
    }
}

/// The first visit asks, the second one remembers.
async fn allow_or_go(page: signet_tests::Page) -> signet_tests::Page {
    if page.left_for().is_some() { page } else { allow(page).await }
}

#[tokio::test]
async fn form_post_brings_the_code_in_a_form_to_the_client_alone() {
    let site = Site::start().await;
    let request = site.shop().with("response_mode", "form_post");
    let page = allow(sign_in(site.browser().get(request.url()).await, "alice").await).await;
    assert_eq!((page.status(), page.left_for()), (200, None));
    assert_eq!(page.form("#form-post").action().as_str(), SHOP);
    assert!(page.has("#form-post-submit"), "works without a script");
    let callback = page.callback();
    callback.checked_code(&request, &site.server.issuer());
    assert!(!page.html().contains(&format!("{SHOP}?")), "the code must not stand in an address");
    assert_eq!(page.answer().header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(site.redeem(&request, &callback).await.status, 200);
}

#[tokio::test]
async fn form_post_brings_errors_too() {
    let site = Site::start().await;
    let form_post = || site.shop().with("response_mode", "form_post");
    for (error, request) in [
        ("login_required", form_post().with("prompt", "none")),
        ("invalid_scope", form_post().scope("openid dance")),
        ("unsupported_response_type", form_post().with("response_type", "token")),
    ] {
        let page = site.browser().get(request.url()).await;
        assert_eq!(page.form("#form-post").action().as_str(), SHOP, "{error}");
        let callback = page.callback();
        assert_eq!(callback.error(), error);
        assert_eq!(callback.get("state"), Some(request.state.as_str()));
        assert_eq!(callback.get("iss"), Some(site.server.issuer().as_str()));
    }
}

//! Whatever a page repeats is text: no value of a request or a registration becomes markup.

use crate::person::{Site, sign_in, sign_in_with};
use signet_tests::Page;

const EVIL: &str = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 1234*5678 }}"#;

const MARKUP: &str = r#"
    [[clients]]
    client_id = "markup"
    client_secret = "the secret of a shop, 32 characters"
    client_name = "<script>alert(1)</script><b>Bold</b>&amp;"
    redirect_uris = ["https://shop.example.test/callback"]
    post_logout_redirect_uris = ["https://shop.example.test/bye"]
    scope = "openid"

    [[users]]
    username = "<img src=x onerror=alert(1)>"
    name = "<script>alert(1)</script>"
    password = "correct horse battery staple"
"#;

#[track_caller]
fn assert_inert(page: &Page) {
    let html = page.html();
    assert!(!html.contains("<script>alert"), "{html}");
    assert!(!html.contains("<img src=x"), "{html}");
    assert!(!html.contains("<b>Bold"), "{html}");
    assert!(!html.contains("7006652"), "a value was evaluated as a template: {html}");
    // Nothing runs but files of our own.
    assert!(!page.has("script:not([src])") && !page.has("[onclick], [onload], [onerror]"), "{html}");
}

#[tokio::test]
async fn login_hint_and_the_typed_user_name_are_text() {
    let site = Site::start().await;
    let page = site.browser().get(site.shop().with("login_hint", EVIL).url()).await;
    assert_inert(&page);
    assert_eq!(page.form("#login").value("username"), Some(EVIL));
    let page = sign_in_with(page, EVIL, EVIL).await;
    assert_inert(&page);
    assert_eq!(page.form("#login").value("username"), Some(EVIL));
}

#[tokio::test]
async fn names_of_applications_and_people_are_text() {
    let site = Site::declaring(MARKUP).await;
    let browser = site.browser();
    let request = site.shop().with("client_id", "markup").scope("openid");
    let page = browser.get(request.url()).await;
    assert_inert(&page);
    assert!(page.text("main").contains("<b>Bold</b>&amp;"), "{}", page.html());
    let page = sign_in(page, "<img src=x onerror=alert(1)>").await;
    assert_inert(&page);
    assert!(page.text("h1").contains("<script>alert(1)</script>") && page.has("#consent"));
    let page = browser.get(request.with("prompt", "select_account").url()).await;
    assert_inert(&page);
    assert!(page.text("#account-continue").contains("<script>alert(1)</script>"), "{}", page.html());
    let logout = format!("{}?client_id=markup", site.discovery().get("end_session_endpoint"));
    let page = browser.get(logout).await;
    assert_inert(&page);
    assert!(page.text("main").contains("<script>alert(1)</script>"), "{}", page.html());
}

#[tokio::test]
async fn state_is_text_in_a_form_and_in_an_address() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let state = format!("{EVIL}\r\nSet-Cookie: a=b");
    let request = site.trusted().with("state", &state).with("response_mode", "form_post");
    let page = browser.get(request.url()).await;
    assert_inert(&page);
    let sent = page.form("#form-post").value("state").unwrap().replace("\r\n", "\n");
    assert_eq!(sent, state.replace("\r\n", "\n"));
    let page = browser.get(site.trusted().with("state", &state).url()).await;
    assert_eq!(page.callback().get("state"), Some(state.as_str()));
    assert_eq!(page.answer().header("set-cookie"), None, "a header was injected");
    let location = page.answer().header("location").unwrap();
    assert!(!location.contains(['<', '"', ' ', '\r', '\n']), "{location}");
}

#[tokio::test]
async fn refusals_repeat_nothing_of_the_request() {
    let site = Site::start().await;
    let browser = site.browser();
    for (name, value) in [
        ("client_id", EVIL),
        ("redirect_uri", EVIL),
        ("redirect_uri", "https://evil.example.test/"),
        ("redirect_uri", "javascript:alert(1)"),
    ] {
        let page = browser.get(site.shop().with(name, value).url()).await;
        assert!(page.has("#error"));
        assert_inert(&page);
        assert!(!page.html().contains("alert(") && !page.html().contains("evil"), "{}", page.html());
    }
    let path = "/nothing/%3Cscript%3Ealert(1)%3C/script%3E?x=<script>alert(1)</script>";
    let page = browser.get(path).await;
    assert_inert(&page);
    assert!(!page.html().contains("alert("), "{}", page.html());
    // What goes to the client in error_description is fixed text as well.
    let callback = browser.get(site.shop().with("scope", EVIL).url()).await.callback();
    assert!(!callback.get("error_description").unwrap().contains("alert"));
}

#[tokio::test]
async fn a_large_request_posted_from_elsewhere_is_text_on_the_continue_page() {
    let site = Site::start().await;
    let state = format!("{EVIL}{}", "s".repeat(6000));
    let request = site.shop().with("state", &state);
    let call = site.server.http.post(site.discovery().get("authorization_endpoint"));
    let answer = call.header("origin", "https://shop.example.test").form(&request.pairs()).send().await;
    let html = answer.text();
    assert!(html.contains("continue-submit"), "{html}");
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
}

//! What tokens say of people besides the standard claims, written in the console: attributes, and claims made of them.

use crate::console::open;
use crate::person::Site;
use signet_tests::{Browser, FakeClock, Page, Settings, claims_unchecked};

const STAFF: &str = r#"
    [[users]]
    username = "ada"
    password = "correct horse battery staple"
    roles = ["admin"]

    [[users]]
    username = "carol"
    password = "correct horse battery staple"
    roles = ["keeper"]

    [[roles]]
    name = "keeper"
    permissions = ["clients:read", "clients:write", "resources:read", "resources:write"]
"#;

const API: &str = "/console/apis/https:%2F%2Fapi.example.test";
const CLIENT: &str = "/console/clients/trusted";

async fn staffed() -> Site {
    let settings = Settings::new().with("factors.policy", "off");
    Site::with(settings, FakeClock::running(), STAFF).await
}

async fn person(browser: &Browser, username: &str) -> Page {
    open(browser, "ada", &format!("/console/users?search={username}")).await.follow("#users a").await
}

/// Writes a field of a page's form.
async fn write(page: &Page, (form, field): (&str, &str), text: &str) -> Page {
    page.form(form).fill(field, text).press(&format!("{form}-submit")).await
}

#[tokio::test]
async fn an_attribute_and_a_mapping_that_are_written_in_the_console_are_in_tokens() {
    let site = staffed().await;
    let browser = site.browser();
    let attributes = ("#user", "attributes");
    let edit = person(&browser, "alice").await.follow("#user-edit").await;
    let page = write(&edit, attributes, "department: Sales\nfloor: 3\nprojects: [\"a\", \"b\"]").await;
    assert!(page.has("#console-done") && page.text("#user-attributes").contains("Sales"), "{}", page.html());
    let client = browser.get(CLIENT).await;
    let mappings = "team: attributes.department\non: attributes.projects\ntenant: = acme";
    let page = write(&client, ("#client", "claims"), mappings).await;
    assert_eq!(page.form("#client").value("claims"), Some(mappings), "{}", page.html());
    let alice = site.signed_in("alice").await;
    let claims = claims_unchecked(&site.tokens(&alice, "openid").await.field("id_token"));
    assert_eq!((&claims["team"], &claims["tenant"]), (&"Sales".into(), &"acme".into()), "{claims}");
    assert_eq!(claims["on"], serde_json::json!(["a", "b"]));
    // What is taken out of the field is gone.
    let edit = person(&browser, "alice").await.follow("#user-edit").await;
    assert!(edit.form("#user").value("attributes").unwrap().contains("floor: 3"));
    write(&edit, attributes, "floor: 4").await;
    let edit = person(&browser, "alice").await.follow("#user-edit").await;
    assert_eq!(edit.form("#user").value("attributes"), Some("floor: 4"));
    let page = write(&browser.get(CLIENT).await, ("#client", "claims"), "").await;
    assert_eq!(page.form("#client").value("claims"), Some(""));
}

#[tokio::test]
async fn a_line_that_cannot_be_read_stands_at_its_field_and_nothing_typed_is_lost() {
    let site = staffed().await;
    let browser = site.browser();
    let edit = person(&browser, "alice").await.follow("#user-edit").await;
    let cases = [
        (edit, "#user", "attributes", ["Sales", "deep: {\"a\": 1}", "a b: 1"]),
        (browser.get(CLIENT).await, "#client", "claims", ["team", "sub: roles", "team: department"]),
        (
            browser.get(API).await,
            "#api",
            "claims",
            ["team", "aud: = x", "{\"claim\": \"team\", \"form\": \"roles\"}"],
        ),
    ];
    for (page, form, field, faulty) in cases {
        for text in faulty {
            let again = write(&page, (form, field), text).await;
            assert_eq!(again.status(), 400, "{field}: {text}");
            assert!(again.has(&format!("#{field}-problem")), "{text}: {}", again.html());
            assert_eq!(again.form(form).value(field), Some(text));
        }
    }
}

#[tokio::test]
async fn whoever_looks_after_clients_and_apis_sees_what_tokens_say_of_people_and_leaves_it() {
    let site = staffed().await;
    let (ada, carol) = (site.browser(), site.browser());
    open(&ada, "ada", "/console").await;
    open(&carol, "carol", "/console").await;
    for (path, form, seen) in [(CLIENT, "#client", "#client-claims"), (API, "#api", "#api-claims")] {
        let page = write(&ada.get(path).await, (form, "claims"), "team: attributes.department").await;
        assert!(page.has("#console-done") && !page.has(seen), "{}", page.html());
        let page = carol.get(path).await;
        assert_eq!(page.text(seen), "team: attributes.department");
        assert_eq!(page.form(form).value("claims"), None);
        let done = page.form(form).press(&format!("{form}-submit")).await;
        assert!(done.has("#console-done") && done.has(seen), "{}", done.html());
        // Nor by a field that nobody offered.
        let added = done.form(form).tamper("claims", "").press(&format!("{form}-submit")).await;
        assert!(added.has(seen), "{}", added.html());
    }
}

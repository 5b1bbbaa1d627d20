//! Groups and roles in the console.

use crate::console::open;
use crate::person::Site;
use signet_tests::{Browser, Page};

const DECLARED: &str = r#"
    [[users]]
    username = "adam"
    password = "correct horse battery staple"
    roles = ["admin"]

    [[users]]
    username = "ursula"
    password = "correct horse battery staple"
    roles = ["signet:user_manager"]

    [[groups]]
    name = "managers"
    roles = ["signet:client_manager"]
"#;

async fn adams(site: &Site, path: &str) -> (Browser, Page) {
    let browser = site.browser();
    let page = open(&browser, "adam", path).await;
    (browser, page)
}

#[tokio::test]
async fn a_group_is_made_changed_filled_emptied_and_removed() {
    let site = Site::declaring(DECLARED).await;
    let (browser, list) = adams(&site, "/console/groups").await;
    let form = list.follow("#new-group").await.form("#group");
    let wrong =
        form.clone().fill("name", "two words").fill("description", "Helps").press("#group-submit").await;
    assert_eq!(wrong.status(), 400);
    assert!(wrong.has("#name-problem"));
    assert_eq!(wrong.form("#group").value("description"), Some("Helps"));
    assert_eq!(form.clone().fill("name", "managers").press("#group-submit").await.status(), 409);
    let made =
        form.fill("name", "support").fill("role:signet:user_manager", "on").press("#group-submit").await;
    assert!(made.text("#group-roles").contains("signet:user_manager"));

    let page = made.follow("#group-join").await;
    let unknown = page.form("#join").fill("join", "nobody").press("#join-submit").await;
    assert_eq!(unknown.status(), 404);
    assert!(unknown.has("#join-problem"));
    let page = unknown.form("#join").fill("join", "ALICE@example.test").press("#join-submit").await;
    assert!(page.text("#members").contains("alice"));
    // She looks after people now.
    let alice = site.browser();
    assert!(open(&alice, "alice", "/console/users").await.has("#users"));

    let page = page.follow("#members a.button").await.form("#ask").press("#ask-submit").await;
    assert!(!page.text("#members").contains("alice"));
    assert_eq!(alice.get("/console/users").await.status(), 403);

    let form = page.follow("#group-edit").await.form("#group");
    let page =
        form.without("role:signet:user_manager").fill("description", "Asks").press("#group-submit").await;
    assert!(!page.text("#group-roles").contains("user_manager") && page.html().contains("Asks"));
    let list = page.follow("#group-remove").await.form("#ask").press("#ask-submit").await;
    assert!(list.has("#console-done") && !list.text("#groups").contains("support"));
    assert_eq!(browser.get("/console/groups/support").await.status(), 404);
}

#[tokio::test]
async fn a_group_that_reaches_further_is_seen_with_the_reason_and_left_alone() {
    let site = Site::declaring(DECLARED).await;
    let browser = site.browser();
    let page = open(&browser, "ursula", "/console/groups/managers").await;
    assert!(page.has("#group-above") && !page.has("#group-edit") && !page.has("#group-join"));
    for below in ["edit", "members", "remove"] {
        assert_eq!(browser.get(format!("/console/groups/managers/{below}")).await.status(), 403, "{below}");
    }
    // Nor is one made that does.
    let form = browser.get("/console/new-group").await.form("#group").fill("name", "mine");
    assert_eq!(form.tamper("role:signet:client_manager", "on").press("#group-submit").await.status(), 403);
}

#[tokio::test]
async fn a_role_is_made_of_what_its_maker_may_do_and_no_more() {
    let site = Site::declaring(DECLARED).await;
    let (browser, list) = adams(&site, "/console/roles").await;
    let form = list.follow("#new-role").await.form("#role").fill("name", "helpdesk");
    let above = form.clone().tamper("permission:emergency:write", "on").press("#role-submit").await;
    assert_eq!(above.status(), 403);
    let wrong = form.clone().fill("client_id", "nobody").press("#role-submit").await;
    assert_eq!(wrong.status(), 400);
    assert!(wrong.has("#client_id-problem"));
    let made =
        form.fill("permission:users:read", "on").fill("description", "Helps").press("#role-submit").await;
    assert_eq!(made.attributes("#role-permissions li", "class").len(), 0);
    assert!(made.text("#role-permissions").contains("See people"), "{}", made.html());

    let form = made.follow("#role-edit").await.form("#role");
    assert_eq!(form.value("permission:users:read"), Some("on"));
    let form = form.without("permission:users:read").fill("second_factor", "on");
    let page = form.press("#role-submit").await;
    assert!(!page.text("#role-permissions").contains("See people"));
    let page =
        page.follow("#role-edit").await.form("#role").fill("client_id", "shop").press("#role-submit").await;
    assert!(page.text("#role").contains("shop"));
    let list = page.follow("#role-remove").await.form("#ask").press("#ask-submit").await;
    assert!(list.has("#console-done") && !list.text("#roles").contains("helpdesk"));
    assert_eq!(browser.get("/console/roles/helpdesk").await.status(), 404);
}

#[tokio::test]
async fn built_in_roles_are_read_and_not_changed() {
    let site = Site::declaring(DECLARED).await;
    let (browser, page) = adams(&site, "/console/roles/signet:owner").await;
    assert!(page.has("#role-built-in") && !page.has("#role-edit") && page.has("#role-holders"));
    assert!(page.text("#role-permissions").contains("emergency"));
    assert_eq!(browser.get("/console/roles/signet:owner/edit").await.status(), 404);
}

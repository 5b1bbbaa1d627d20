//! People in the console: who is found, changed, helped, ended and removed there, and by whom.

use crate::console::{open, staffed};
use crate::person::{Site, sign_in, sign_in_with};
use signet_tests::{AuthenticatorApp, Browser, FakeClock, Page, Settings};

const NEW_PASSWORD: &str = "seven green bicycles under water";

/// Somebody's page, as `ursula` sees it, who looks after people.
async fn person(browser: &Browser, username: &str) -> Page {
    let list = open(browser, "ursula", &format!("/console/users?search={username}")).await;
    list.follow("#users a").await
}

/// Does what a link on somebody's page leads to, having been asked.
async fn agreed(page: &Page, link: &str) -> Page {
    page.follow(link).await.form("#ask").press("#ask-submit").await
}

#[tokio::test]
async fn people_are_searched_by_name_state_and_role() {
    let site = staffed().await;
    let browser = site.browser();
    let found = async |query: &str| {
        open(&browser, "ursula", &format!("/console/users?{query}"))
            .await
            .attributes("#users a", "href")
            .len()
    };
    assert_eq!(found("").await, 5);
    assert_eq!(found("search=EXAMPLE.TEST").await, 1);
    assert_eq!(found("search=Carol+Ex").await, 1);
    assert_eq!(found("role=signet:auditor").await, 1);
    assert_eq!(found("state=disabled").await, 0);
    assert_eq!(found("state=active&search=bob").await, 1);
    assert!(browser.get("/console/users?search=nobody").await.has("#users-none"));
}

#[tokio::test]
async fn somebodys_data_are_changed_and_what_is_wrong_stands_at_its_field() {
    let site = staffed().await;
    let browser = site.browser();
    let page = person(&browser, "alice").await.follow("#user-edit").await;
    let form = page.form("#user").fill("email", "nowhere").fill("nickname", "Al");
    let again = form.press("#user-submit").await;
    assert_eq!(again.status(), 400);
    assert!(again.has("#email-problem"));
    let form = again.form("#user");
    assert_eq!(form.value("nickname"), Some("Al"));
    // A resource file knows her by her name.
    let renamed = form.clone().fill("username", "bob").fill("email", "").without("email_verified");
    let renamed = renamed.press("#user-submit").await;
    assert_eq!(renamed.status(), 400);
    assert!(renamed.has("#username-problem"));
    let done = form.fill("email", "alice@other.test").press("#user-submit").await;
    assert!(done.has("#console-done"), "{}", done.html());
    assert!(done.html().contains("alice@other.test"));
    assert_eq!(done.follow("#user-edit").await.form("#user").value("nickname"), Some("Al"));
}

#[tokio::test]
async fn of_two_who_opened_the_same_person_the_second_is_told() {
    let site = staffed().await;
    let browser = site.browser();
    let page = person(&browser, "alice").await.follow("#user-edit").await;
    let (one, other) = (page.form("#user"), page.form("#user"));
    assert!(one.fill("name", "One").press("#user-submit").await.has("#console-done"));
    let told = other.fill("name", "Other").press("#user-submit").await;
    assert_eq!(told.status(), 409);
    assert!(told.has("#overtaken-problem"));
}

#[tokio::test]
async fn roles_are_given_as_far_as_whoever_gives_them_reaches() {
    let site = staffed().await;
    let browser = site.browser();
    let page = person(&browser, "alice").await.follow("#user-change-roles").await;
    let form = page.form("#roles");
    let done = form.clone().fill("role:signet:user_manager", "on").press("#roles-submit").await;
    assert!(done.has("#console-done") && done.text("#user-roles").contains("signet:user_manager"));
    // What nobody offered is not theirs to give.
    let seen = person(&browser, "alice").await.follow("#user-change-roles").await.form("#roles");
    let above = seen.tamper("role:signet:client_manager", "on").press("#roles-submit").await;
    assert_eq!(above.status(), 403);
    let page = person(&browser, "alice").await;
    assert!(!page.text("#user-roles").contains("client_manager"));
    let form = page.follow("#user-change-roles").await.form("#roles");
    let done = form.without("role:signet:user_manager").press("#roles-submit").await;
    assert!(!done.text("#user-roles").contains("signet:user_manager"));
}

#[tokio::test]
async fn whoever_may_do_more_is_seen_with_the_reason_and_left_alone() {
    let site = staffed().await;
    let browser = site.browser();
    let page = person(&browser, "carol").await;
    assert!(page.has("#user-above"));
    for link in ["#user-edit", "#user-reset", "#user-change-roles", "#user-state", "#user-remove"] {
        assert!(!page.has(link), "{link}");
    }
    let base = page.url().path().to_owned();
    for below in ["edit", "roles", "groups", "password", "state", "remove", "factors"] {
        assert_eq!(browser.get(format!("{base}/{below}")).await.status(), 403, "{below}");
    }
    // Forms of somebody whom they may change, sent there.
    let alice = person(&browser, "alice").await;
    let form = alice.follow("#user-remove").await.form("#ask").to(&format!("{base}/remove"));
    assert_eq!(form.press("#ask-submit").await.status(), 400);
    assert_eq!(browser.get(&base).await.status(), 200);
    // What a stolen browser of theirs began may be ended all the same.
    assert!(page.has("#user-end-all") && page.has("#user-unlock"));
}

#[tokio::test]
async fn somebody_joins_and_leaves_a_group_and_holds_its_roles_meanwhile() {
    let group = "[[groups]]\nname = \"support\"\nroles = [\"signet:user_manager\"]";
    let site = Site::declaring(&format!("{}\n{group}", crate::console::STAFF)).await;
    let browser = site.browser();
    let page = person(&browser, "alice").await.follow("#user-change-groups").await;
    let unknown = page.form("#join").fill("join", "nobody").press("#join-submit").await;
    assert_eq!(unknown.status(), 404);
    assert!(unknown.has("#join-problem"));
    let page = unknown.form("#join").fill("join", "support").press("#join-submit").await;
    assert!(page.has("#console-done"));
    let seen = page.follow("#groups-back").await;
    assert!(seen.text("#user-roles").contains("signet:user_manager"));
    assert!(seen.text("#user-roles").contains("support"));
    let left = page.form("#leave").submit().await;
    assert!(!left.text("#user-groups").contains("support"));
}

#[tokio::test]
async fn somebody_who_lost_the_phone_gets_rid_of_its_factors() {
    let site = staffed().await;
    let alice = site.signed_in("alice").await;
    let page = alice.get("/account/security").await.follow("#add-app").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let code = app.code(site.server.clock().now());
    let page = page.form("form#enrol-totp").fill("code", &code).press("#enrol-totp-submit").await;
    assert!(page.has("#recovery-codes"), "{}", page.html());
    let browser = site.browser();
    let page = person(&browser, "alice").await;
    let page = agreed(&page, "#user-factors-remove").await;
    assert!(page.has("#console-done") && page.has("#user-factors-none"), "{}", page.html());
    // Whoever has the phone is signed in no more.
    assert!(alice.get("/account").await.has("#login"));
}

#[tokio::test]
async fn a_password_is_reset_by_a_mail_that_only_its_owner_reads() {
    let site = Site::with(Settings::new(), FakeClock::running(), crate::console::STAFF).await;
    let browser = site.browser();
    let page = person(&browser, "alice").await;
    let page = agreed(&page, "#user-reset").await;
    assert!(page.has("#console-done") || page.has("#link"), "{}", page.html());
    let link = match page.has("#link") {
        true => page.text("#link"),
        false => site.server.settings().mailbox().after("alice@example.test", 0).await.link(),
    };
    let refused = sign_in(site.browser().get(site.trusted().url()).await, "alice").await;
    assert!(refused.has("#login"));
    let page = site.browser().get(&link).await;
    page.form("#reset").fill("password", NEW_PASSWORD).press("#reset-submit").await;
    let page = site.browser().get(site.trusted().url()).await;
    sign_in_with(page, "alice", NEW_PASSWORD).await.callback().code();
}

#[tokio::test]
async fn somebody_is_disabled_enabled_and_removed() {
    let site = staffed().await;
    let bob = site.signed_in("bob").await;
    let browser = site.browser();
    let page = agreed(&person(&browser, "bob").await, "#user-state").await;
    assert!(page.has("#user-disabled") && page.has("#console-done"), "{}", page.html());
    assert!(bob.get("/account").await.has("#login"));
    let page = agreed(&page, "#user-state").await;
    assert!(!page.has("#user-disabled"));
    let question = page.follow("#user-remove").await;
    assert!(question.text("#ask").len() > 5 && question.html().contains("bob"));
    let list = question.form("#ask").press("#ask-submit").await;
    assert!(list.has("#console-done") && !list.html().contains("bob"));
    assert_eq!(browser.get(page.url()).await.status(), 404);
}

#[tokio::test]
async fn sessions_and_access_are_ended_one_by_one_and_all_at_once() {
    let site = staffed().await;
    let bob = site.signed_in("bob").await;
    let tokens = site.tokens(&bob, "openid offline_access").await;
    let browser = site.browser();
    let page = person(&browser, "bob").await;
    assert!(page.text("#user-grants").contains("trusted"));
    let page = agreed(&page, "#user-grants a.small").await;
    assert!(page.has("#console-done") && !page.text("#user-grants").contains("trusted"));
    assert_eq!(site.refresh(&tokens.field("refresh_token")).await.status, 400);
    let page = agreed(&page, "#user-sessions a").await;
    assert!(page.has("#console-done") && !page.has("#user-sessions a"));
    assert!(bob.get("/account").await.has("#login"));
    for link in ["#user-end-all", "#user-unlock"] {
        assert!(agreed(&page, link).await.has("#console-done"), "{link}");
    }
}

#[tokio::test]
async fn somebody_is_invited_and_somebody_else_is_made() {
    let site = staffed().await;
    let browser = site.browser();
    let page = open(&browser, "ursula", "/console/new-user").await;
    let wrong = page.form("#user").fill("email", "nowhere").press("#user-submit").await;
    assert_eq!(wrong.status(), 400);
    assert!(wrong.has("#email-problem"));
    let invited = wrong.form("#user").fill("email", "dora@example.test").press("#user-submit").await;
    assert!(invited.has("#console-done") || invited.has("#link"), "{}", invited.html());

    let page = open(&browser, "ursula", "/console/new-user").await.follow("#new-user-other").await;
    let form = page.form("#user").fill("username", "emil").fill("name", "Emil Example");
    let taken =
        form.clone().fill("username", "BOB").fill("password", NEW_PASSWORD).press("#user-submit").await;
    assert_eq!(taken.status(), 409);
    assert!(taken.has("#username-problem"));
    let weak = form.clone().fill("password", "emil").press("#user-submit").await;
    assert_eq!(weak.status(), 400);
    assert!(weak.has("#password-problem"));
    assert_eq!(weak.form("#user").value("password"), Some(""));
    let made = form.fill("password", NEW_PASSWORD).press("#user-submit").await;
    assert!(made.has("#console-done") && made.has("#user-reset"), "{}", made.html());
    let page = site.browser().get(site.trusted().url()).await;
    sign_in_with(page, "emil", NEW_PASSWORD).await.callback().code();
    // Nobody is made who reaches further.
    let page = browser.get("/console/new-user?how=password").await;
    let form = page.form("#user").fill("username", "fritz").tamper("role:admin", "on");
    assert_eq!(form.press("#user-submit").await.status(), 403);
}

#[tokio::test]
async fn an_auditor_sees_people_and_finds_nothing_to_press() {
    let site = staffed().await;
    let browser = site.browser();
    let list = open(&browser, "audrey", "/console/users").await;
    assert!(list.has("#users") && !list.has("#new-user"));
    let page = list.follow("#users a").await;
    assert!(page.has("#history"));
    assert!(page.attributes(".sheet a.button", "href").is_empty(), "{}", page.html());
}

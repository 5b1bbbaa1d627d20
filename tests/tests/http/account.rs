//! A person's own account: theirs alone, and what is withdrawn there ends at once.

use crate::world::{OFFLINE, PASSWORD, World, refused};
use signet_tests::{Browser, Page};

const BOB: &str = r#"
    [[users]]
    username = "bob"
    password = "correct horse battery staple"

    [[clients]]
    client_id = "shop"
    client_secret = "a secret of thirty-two characters"
    client_name = "The Shop"
    redirect_uris = ["https://shop.example.test/callback"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid profile offline_access"
"#;

/// A browser in which somebody is signed in.
async fn browser_of(world: &World, username: &str) -> Browser {
    let browser = world.server.browser();
    let page = browser.get(world.request("web", "openid").url()).await;
    let form = page.form("#login").fill("username", username).fill("password", PASSWORD);
    form.press("#login-submit").await.callback();
    browser
}

/// The values of a page's buttons of one name.
fn values(page: &Page, name: &str) -> Vec<String> {
    page.attributes(&format!("button[name={name}]"), "value")
}

/// Sends a page's form with one more field, and no button pressed.
async fn send(page: &Page, form: &str, (name, value): (&str, &str)) -> Page {
    page.form(form).tamper(name, value).send_as_it_is().await
}

#[tokio::test]
async fn a_stranger_sees_no_page_of_an_account() {
    let world = World::start().await;
    for path in
        ["/account", "/account/profile", "/account/devices", "/account/applications", "/account/activity"]
    {
        let page = world.server.browser().get(path).await;
        assert!(page.has("#login") && !page.has(".account"), "{path}: {}", page.text("body"));
    }
}

#[tokio::test]
async fn another_persons_session_cannot_be_ended() {
    let world = World::with(BOB).await;
    let (alice, bob) = (browser_of(&world, "alice").await, browser_of(&world, "bob").await);
    let (phone, his_phone) = (browser_of(&world, "alice").await, browser_of(&world, "bob").await);
    let devices = alice.get("/account/devices").await;
    let [her_phone] = values(&devices, "end").try_into().expect("one other session");

    let page = bob.get("/account/devices").await;
    assert!(!values(&page, "end").contains(&her_phone));
    let after = send(&page, "#sessions", ("end", &her_phone)).await;
    // As if there were no such session.
    assert_eq!((after.status(), after.text("#account-done")), (200, "That device is signed out.".to_owned()));
    let others = bob.get("/account/devices").await;
    send(&others, "#sessions", ("end_others", "1")).await;
    assert!(phone.get("/account").await.has("#account"));
    assert!(!his_phone.get("/account").await.has("#account"));

    send(&devices, "#sessions", ("end", &her_phone)).await;
    assert!(!phone.get("/account").await.has("#account"));
    assert!(alice.get("/account").await.has("#account") && bob.get("/account").await.has("#account"));
}

#[tokio::test]
async fn a_form_of_another_person_is_refused() {
    let world = World::with(BOB).await;
    let (alice, bob) = (browser_of(&world, "alice").await, browser_of(&world, "bob").await);
    let hers = alice.get("/account/profile").await;
    let sealed = hers.form("#profile").value("request").unwrap().to_owned();
    // Bob's own session, with the form that was made for Alice in her browser.
    let his = bob.get("/account/profile").await;
    let forged =
        his.form("#profile").tamper("request", &sealed).fill("name", "Mallory").send_as_it_is().await;
    assert_eq!((forged.status(), forged.text("#error-code")), (400, "invalid_request".to_owned()));
    // And in one browser, in which another person has signed in meanwhile.
    let again = alice.get(world.request("web", "openid").with("prompt", "login").url()).await;
    let form = again.form("#login").fill("username", "bob").fill("password", PASSWORD);
    form.press("#login-submit").await.callback();
    let crossed = hers.form("#profile").fill("name", "Mallory").send_as_it_is().await;
    assert_eq!(crossed.status(), 400);
    let page = alice.get("/account").await;
    assert!(
        page.text("body").contains("bob") && !page.text("body").contains("Mallory"),
        "{}",
        page.text("body")
    );
}

#[tokio::test]
async fn a_form_of_one_page_does_nothing_on_another() {
    let world = World::start().await;
    let alice = browser_of(&world, "alice").await;
    browser_of(&world, "alice").await;
    let page = alice.get("/account/profile").await;
    let devices = alice.get("/account/devices").await.form("#sessions").value("request").unwrap().to_owned();
    let answer = page.form("#profile").tamper("request", &devices).fill("name", "x").send_as_it_is().await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_form_that_lay_open_for_hours_changes_nothing() {
    let world = World::still().await;
    let alice = browser_of(&world, "alice").await;
    let page = alice.get("/account/profile").await;
    world.advance(3600);
    let answer = page.form("#profile").fill("name", "Late").send_as_it_is().await;
    assert!(answer.text("#account-done").contains("too long"), "{}", answer.text("body"));
    assert_eq!(answer.form("#profile").value("name"), Some("Alice Example"));
}

#[tokio::test]
async fn a_person_changes_their_own_claims_and_no_others() {
    let world = World::start().await;
    let alice = browser_of(&world, "alice").await;
    let page = alice.get("/account/profile").await;
    let form = page.form("#profile").fill("nickname", "Ally").fill("picture", "https://example.test/a.png");
    let form = form.tamper("roles", "admin").tamper("email", "eve@example.test").tamper("username", "eve");
    let page = form.press("#profile-submit").await;
    assert_eq!(page.text("#account-done"), "Your profile is saved.");
    let token = world
        .token("web", &world.authorize(&alice, world.request("web", "openid profile email")).await.form())
        .await;
    let claims = world.userinfo(&token.field("access_token")).await.json();
    assert_eq!((&claims["nickname"], &claims["email"]), (&"Ally".into(), &"alice@example.test".into()));
    assert_eq!(claims["preferred_username"], "alice");
    assert_eq!(claims["name"], "Alice Example");

    let faulty = page.form("#profile").fill("picture", "javascript:alert(1)").press("#profile-submit").await;
    assert_eq!((faulty.status(), faulty.has("#picture[aria-invalid=true]")), (400, true));
    assert_eq!(faulty.form("#profile").value("picture"), Some("javascript:alert(1)"));
}

#[tokio::test]
async fn of_two_open_profile_pages_the_second_is_told_that_the_first_was_saved() {
    let world = World::start().await;
    let alice = browser_of(&world, "alice").await;
    let (first, second) = (alice.get("/account/profile").await, alice.get("/account/profile").await);
    first.form("#profile").fill("name", "First").press("#profile-submit").await;
    let late = second.form("#profile").fill("name", "Second").press("#profile-submit").await;
    assert_eq!((late.status(), late.has("#profile-overtaken")), (409, true));
    assert_eq!(late.form("#profile").value("name"), Some("First"));
}

#[tokio::test]
async fn withdrawing_an_application_kills_its_tokens_at_once() {
    let world = World::start().await;
    let alice = browser_of(&world, "alice").await;
    let tokens =
        world.token("web", &world.authorize(&alice, world.request("web", OFFLINE)).await.form()).await;
    let (access, refresh) = (tokens.field("access_token"), tokens.field("refresh_token"));
    assert!(world.is_active(&access).await);
    let page = alice.get("/account/applications").await;
    assert_eq!(values(&page, "withdraw"), ["web"]);
    let after = send(&page, "#applications", ("withdraw", "web")).await;
    assert!(after.has("#applications-none"), "{}", after.text("body"));
    assert!(!world.is_active(&access).await && !world.is_active(&refresh).await);
    assert_eq!(world.userinfo(&access).await.status, 401);
    refused(&world.refresh("web", &refresh).await, 400, "invalid_grant");
}

#[tokio::test]
async fn an_application_whose_access_was_withdrawn_has_to_ask_again() {
    let world = World::with(BOB).await;
    let alice = browser_of(&world, "alice").await;
    let request = || world.request("shop", "openid profile");
    let consent = alice.get(request().url()).await;
    consent.form("#consent").press("#consent-allow").await.callback();
    // Remembered.
    alice.get(request().url()).await.callback();
    let page = alice.get("/account/applications").await;
    assert_eq!(values(&page, "withdraw"), ["shop"]);
    assert!(
        page.text("body").contains("The Shop") && page.text("body").contains("See your profile"),
        "{}",
        page.text("body")
    );
    send(&page, "#applications", ("withdraw", "shop")).await;
    assert!(alice.get(request().url()).await.has("#consent"));
}

#[tokio::test]
async fn another_persons_application_cannot_be_withdrawn() {
    let world = World::with(BOB).await;
    let (alice, bob) = (browser_of(&world, "alice").await, browser_of(&world, "bob").await);
    let tokens =
        world.token("web", &world.authorize(&alice, world.request("web", OFFLINE)).await.form()).await;
    let code = world.authorize(&bob, world.request("other", OFFLINE)).await;
    let his = world.token("other", &code.form()).await.field("access_token");
    let page = bob.get("/account/applications").await;
    send(&page, "#applications", ("withdraw", "web")).await;
    assert_eq!(world.introspect("other", &his).await["active"], true);
    assert!(world.is_active(&tokens.field("access_token")).await);
}

#[tokio::test]
async fn a_person_sees_failed_sign_ins_at_their_account_and_nobody_elses() {
    let world = World::with(BOB).await;
    let (alice, bob) = (browser_of(&world, "alice").await, browser_of(&world, "bob").await);
    let thief = world.server.browser();
    let page = thief.get(world.request("web", "openid").url()).await;
    page.form("#login").fill("username", "alice").fill("password", "a guess").press("#login-submit").await;
    // Failures are written a moment later.
    signet_tests::eventually(crate::world::REACHES, async || {
        let text = alice.get("/account/activity").await.text("body");
        if text.contains("A sign-in failed") { Ok(()) } else { Err(text) }
    })
    .await;
    let his = bob.get("/account/activity").await.text("body");
    assert!(his.contains("Signed in") && !his.contains("A sign-in failed"), "{his}");
}

#[tokio::test]
async fn the_export_has_all_of_a_person_and_no_secret() {
    let world = World::with(BOB).await;
    let alice = browser_of(&world, "alice").await;
    browser_of(&world, "bob").await;
    let code = world.authorize(&alice, world.request("web", OFFLINE)).await;
    let tokens = world.token("web", &code.form()).await;
    let page = alice.get("/account/data").await.follow("#data-export").await;
    let answer = page.answer();
    assert_eq!(
        answer.header("content-disposition").as_deref(),
        Some("attachment; filename=\"account.json\"")
    );
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    let data = answer.json();
    assert_eq!(
        (&data["person"]["username"], &data["person"]["claims"]["name"]),
        (&"alice".into(), &"Alice Example".into())
    );
    assert_eq!(data["grants"][0]["client_id"], "web");
    assert_eq!(data["sessions"].as_array().unwrap().len(), 1);
    let events: Vec<_> =
        data["events"].as_array().unwrap().iter().map(|event| event["event"]["event"].clone()).collect();
    assert!(
        events.contains(&"sign_in_succeeded".into()) && events.contains(&"data_exported".into()),
        "{events:?}"
    );
    let text = answer.text();
    for secret in ["argon2", "bob", &tokens.field("refresh_token"), &tokens.field("access_token")] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_account_that_is_going_to_be_deleted_gets_nothing_and_can_be_kept() {
    let world = World::still().await;
    let alice = browser_of(&world, "alice").await;
    let code = world.authorize(&alice, world.request("web", OFFLINE)).await;
    let tokens = world.token("web", &code.form()).await;
    let ask = alice.get("/account/delete").await;
    assert!(ask.text("body").contains("14 days"), "{}", ask.text("body"));
    let left = ask.form("#delete").press("#delete-submit").await;
    assert!(left.has("#leaving #leaving-sign-in"), "{}", left.text("body"));
    assert!(!world.is_active(&tokens.field("access_token")).await);
    refused(&world.refresh("web", &tokens.field("refresh_token")).await, 400, "invalid_grant");

    // Thirteen days later she thinks again.
    world.advance(13 * 86_400);
    let alice = world.server.browser();
    let page = alice.get(world.request("web", "openid").url()).await;
    let page =
        page.form("#login").fill("username", "alice").fill("password", PASSWORD).press("#login-submit").await;
    assert!(page.has("#leaving #keep"), "no code: {}", page.text("body"));
    assert!(alice.get("/account/profile").await.has("#leaving"));
    let kept = alice.get("/account").await.form("#keep").press("#keep-submit").await;
    assert_eq!(kept.text("#account-done"), "Your account is kept.");
    alice.get(world.request("web", "openid").url()).await.callback();
}

#[tokio::test]
async fn a_stolen_old_session_neither_exports_nor_deletes() {
    let world = World::still().await;
    let alice = browser_of(&world, "alice").await;
    let ask = alice.get("/account/delete").await;
    assert!(ask.has("#delete"));
    world.advance(601);
    for path in ["/account/delete", "/account/data/export"] {
        let page = alice.get(path).await;
        assert!(page.has("#login") && !page.has("#delete"), "{path}");
    }
    // Not with a form that was made before, either.
    assert!(ask.form("#delete").press("#delete-submit").await.has("#login"));
    assert!(alice.get("/account").await.has("#account"));
}

#[tokio::test]
async fn signing_in_leads_back_to_the_page_that_was_asked_for() {
    let world = World::start().await;
    let alice = world.server.browser();
    let page = alice.get("/account/activity").await;
    let page =
        page.form("#login").fill("username", "alice").fill("password", PASSWORD).press("#login-submit").await;
    assert!(page.has("#history") && page.url().path() == "/account/activity", "{}", page.url());
    // The start page and the account know the way to each other.
    let home = page.follow("footer a").await;
    assert!(home.follow("#home-account").await.has("#account"));
}

const NEW: &str = "a quite different battery of staples";

/// Changes the password on a page that was opened before.
async fn change(page: &Page, current: &str, new: &str) -> Page {
    let form = page.form("#password-change").fill("current", current).fill("password", new);
    form.press("#password-submit").await
}

#[tokio::test]
async fn forms_work_in_a_browser_that_lost_what_they_are_bound_to() {
    let world = World::start().await;
    let full = browser_of(&world, "alice").await;
    let alice = world.server.browser();
    alice.set_cookie("signet-session", &full.cookie("signet-session").unwrap());
    let page = alice.get("/account/profile").await;
    let page = page.form("#profile").fill("nickname", "Ally").press("#profile-submit").await;
    assert_eq!(page.text("#account-done"), "Your profile is saved.");
}

#[tokio::test]
async fn a_new_password_keeps_this_session_and_ends_the_others() {
    let world = World::start().await;
    let (alice, phone) = (browser_of(&world, "alice").await, browser_of(&world, "alice").await);
    let code = world.authorize(&phone, world.request("web", OFFLINE)).await;
    let tokens = world.token("web", &code.form()).await;
    let thief = alice.thief();
    let done = change(&alice.get("/account/password").await, PASSWORD, NEW).await;
    assert!(done.text("#account-done").starts_with("Your password is changed."), "{}", done.text("body"));
    assert!(alice.get("/account").await.has("#account"));
    // Whoever had this session's old secret has it no more.
    for ended in [&phone, &thief] {
        assert!(ended.get("/account").await.has("#login"));
    }
    assert!(!world.is_active(&tokens.field("access_token")).await);
    refused(&world.refresh("web", &tokens.field("refresh_token")).await, 400, "invalid_grant");
    let page = phone.get("/account").await;
    let old =
        page.form("#login").fill("username", "alice").fill("password", PASSWORD).press("#login-submit").await;
    assert!(old.has("#login-error"));
    let new = old.form("#login").fill("username", "alice").fill("password", NEW).press("#login-submit").await;
    assert!(new.has("#account"), "{}", new.text("body"));
}

#[tokio::test]
async fn a_stolen_old_session_cannot_change_the_password() {
    let world = World::still().await;
    let alice = browser_of(&world, "alice").await;
    let page = alice.get("/account/password").await;
    world.advance(601);
    assert!(alice.get("/account/password").await.has("#login"));
    assert!(change(&page, PASSWORD, NEW).await.has("#login"));
    browser_of(&world, "alice").await;
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_present_one_and_not_to_a_known_one() {
    let world = World::start().await;
    let alice = browser_of(&world, "alice").await;
    let page = alice.get("/account/password").await;
    let wrong = change(&page, "not the present password", NEW).await;
    assert_eq!((wrong.status(), wrong.has("#current-error")), (400, true));
    let short = change(&page, PASSWORD, "short").await;
    assert_eq!((short.status(), short.has("#password-error")), (400, true));
    browser_of(&world, "alice").await;
}

#[tokio::test]
async fn the_present_password_cannot_be_guessed_from_a_stolen_session() {
    let world = World::still().await;
    let alice = browser_of(&world, "alice").await;
    let page = alice.get("/account/password").await;
    for guess in 0..200 {
        let answer = change(&page, &format!("guess {guess}"), NEW).await;
        if answer.status() == 429 {
            assert!(answer.answer().header("retry-after").is_some());
            return;
        }
        assert_eq!(answer.status(), 400);
    }
    panic!("two hundred guesses were taken");
}

#[tokio::test]
async fn the_only_administrator_cannot_leave() {
    let admin = r#"
        [[users]]
        username = "root"
        password = "correct horse battery staple"
        roles = ["admin"]
    "#;
    let world = World::with(admin).await;
    let root = browser_of(&world, "root").await;
    let ask = root.get("/account/delete").await;
    let page = ask.form("#delete").press("#delete-submit").await;
    assert_eq!(page.status(), 409);
    assert!(page.text("#delete-refused").contains("only one who can administer"), "{}", page.html());
    assert!(root.get("/account").await.has("#account"), "still signed in");
}

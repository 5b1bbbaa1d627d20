//! A forgotten password, and what an attacker makes of its link.

use crate::person::{PASSWORD, SECRET, Site, enrol_app, second_factor, shown_error, sign_in, sign_in_with};
use signet_tests::{Browser, FakeClock, Page, ReceivedMail, Settings};

const ALICE: &str = "alice@example.test";
const NEW: &str = "seven green bicycles under water";

/// Asks for a link as the sign-in page offers it.
async fn forgot(site: &Site, login: &str) -> Page {
    let page = site.browser().get(site.trusted().url()).await.follow("#forgot-link").await;
    page.form("#forgot").fill("username", login).press("#forgot-submit").await
}

/// The mail with the link that comes after the first `count`.
async fn mail(site: &Site, count: usize) -> ReceivedMail {
    let page = forgot(site, "alice").await;
    assert!(page.has("#forgot-sent"), "{}", page.html());
    site.server.mailbox().after(ALICE, count).await
}

async fn choose(page: Page, password: &str) -> Page {
    page.form("#reset").fill("password", password).press("#reset-submit").await
}

async fn reset(browser: &Browser, link: &str, password: &str) -> Page {
    choose(browser.get(link).await, password).await
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_mailed_link() {
    let site = Site::start().await;
    let mail = mail(&site, 0).await;
    assert_eq!(mail.subject, "Choose a new password for Signet");
    assert!(mail.text.starts_with("Hello Alice Example,\n"), "{}", mail.text);
    assert!(mail.html.contains("token="), "{}", mail.html);
    assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));

    let page = reset(&site.browser(), &mail.link(), NEW).await;
    assert!(page.has("#password-changed"), "{}", page.html());
    let open = async || site.browser().get(site.trusted().url()).await;
    assert!(sign_in(open().await, "alice").await.left_for().is_none(), "the old password lets in");
    sign_in_with(open().await, "alice", NEW).await.callback().code();
    let told = site.server.mailbox().about(ALICE, "Your password for Signet was changed").await;
    assert!(told.links().iter().all(|link| !link.contains("token")), "{}", told.text);
}

#[tokio::test]
async fn a_reset_link_works_once() {
    let site = Site::start().await;
    let (link, browser) = (mail(&site, 0).await.link(), site.browser());
    // Opened before it was used, and sent afterwards.
    let second_tab = browser.get(&link).await;
    assert!(reset(&browser, &link, NEW).await.has("#password-changed"));
    for page in [choose(second_tab, PASSWORD).await, site.browser().get(&link).await] {
        assert!(page.has("#link-gone") && page.status() == 400, "{}", page.html());
        assert!(page.follow("#link-again").await.has("#forgot"));
    }
    let page = site.browser().get(site.trusted().url()).await;
    sign_in_with(page, "alice", NEW).await.callback().code();
}

#[tokio::test]
async fn mail_scanners_do_not_consume_links() {
    let site = Site::start().await;
    let link = mail(&site, 0).await.link();
    for method in [reqwest::Method::GET, reqwest::Method::HEAD, reqwest::Method::GET] {
        site.server.http.call(method, &link).send().await.expect_status(200);
    }
    assert!(reset(&site.browser(), &link, NEW).await.has("#password-changed"));
}

#[tokio::test]
async fn a_reset_link_dies_when_the_address_changes() {
    let site = Site::start().await;
    let link = mail(&site, 0).await.link();
    let moved = r#"
        [[users]]
        username = "alice"
        email = "alice@elsewhere.test"
        name = "Alice Example"
    "#;
    site.server.apply(moved).await;
    assert!(site.browser().get(&link).await.has("#link-gone"));
}

#[tokio::test]
async fn a_newer_link_ends_the_older_one() {
    let site = Site::start().await;
    let older = mail(&site, 0).await.link();
    let newer = mail(&site, 1).await.link();
    assert_ne!(older, newer);
    assert!(site.browser().get(&older).await.has("#link-gone"));
    assert!(reset(&site.browser(), &newer, NEW).await.has("#password-changed"));
}

#[tokio::test]
async fn a_reset_link_is_good_for_half_an_hour() {
    let clock = FakeClock::running();
    let site = Site::with(Settings::new(), clock.clone(), "").await;
    let (link, browser) = (mail(&site, 0).await.link(), site.browser());
    clock.advance(29 * 60);
    let page = browser.get(&link).await;
    assert!(page.has("#reset"), "{}", page.html());
    clock.advance(2 * 60);
    assert!(choose(page, NEW).await.has("#link-gone"));
    assert!(browser.get(&link).await.has("#link-gone"));
}

#[tokio::test]
async fn reset_ends_all_sessions_and_grants() {
    let site = Site::start().await;
    let elsewhere = site.signed_in("alice").await;
    let tokens = site.tokens(&elsewhere, "openid offline_access").await;
    let (access, refresh) = (tokens.field("access_token"), tokens.field("refresh_token"));
    assert!(reset(&site.browser(), &mail(&site, 0).await.link(), NEW).await.has("#password-changed"));
    assert!(elsewhere.get(site.trusted().url()).await.has("#login"), "the session goes on");
    assert_eq!(site.refresh(&refresh).await.expect_status(400).field("error"), "invalid_grant");
    let introspect = site.server.http.post(site.discovery().get("introspection_endpoint"));
    let answer = introspect.basic("trusted", SECRET).form(&[("token", &access)]).send().await;
    assert_eq!(answer.expect_status(200).json()["active"], false);
}

#[tokio::test]
async fn unknown_addresses_get_the_same_answer() {
    let site = Site::declaring(
        r#"
        [[users]]
        username = "mallory"
        email = "mallory@example.test"
        disabled = true
    "#,
    )
    .await;
    let known = forgot(&site, "alice").await;
    for login in ["nobody", "nobody@example.test", "mallory", "mallory@example.test", "bob"] {
        let page = forgot(&site, login).await;
        assert_eq!((page.status(), page.html()), (known.status(), known.html()), "{login}");
    }
    let mailbox = site.server.mailbox();
    mailbox.latest(ALICE).await;
    assert!(mailbox.all("nobody@example.test").is_empty() && mailbox.all("mallory@example.test").is_empty());
}

#[tokio::test]
async fn host_headers_never_make_links() {
    const EVIL: &str = "evil.example.test";
    let site = Site::start().await;
    let browser = site.browser();
    let forgot = format!("{}/forgot", site.server.issuer());
    let form = browser.get(&forgot).await.form("#forgot").fill("username", "alice");
    let cookies: Vec<_> = browser
        .cookie_names()
        .into_iter()
        .map(|name| format!("{name}={}", browser.cookie(&name).unwrap()))
        .collect();
    let pairs: Vec<_> = form.fields().iter().map(|(name, value)| (&**name, &**value)).collect();
    let call = site.server.http.post(&forgot).header("cookie", &cookies.join("; ")).header("host", EVIL);
    let call = call.header("x-forwarded-host", EVIL).header("origin", &site.server.issuer());
    let answer = call.form(&pairs).send().await.expect_status(200);
    assert!(!answer.text().contains(EVIL), "{}", answer.text());
    let mail = site.server.mailbox().latest(ALICE).await;
    assert!(mail.link().starts_with(&format!("{}/reset?token=", site.server.issuer())), "{}", mail.text);
    assert!(!format!("{mail:?}").contains(EVIL), "{mail:?}");
}

#[tokio::test]
async fn a_form_of_another_browser_resets_nothing() {
    let site = Site::start().await;
    let link = mail(&site, 0).await.link();
    let form = site.browser().get(&link).await.form("#reset");
    let request = form.value("request").unwrap().to_owned();
    let (name, value) = ("request", request.as_str());
    // Cut loose from its browser, and in another one's page.
    let mine = site.browser();
    let page = mine.get(&link).await.form("#reset").tamper(name, value).fill("password", NEW).submit().await;
    assert_eq!(shown_error(&page), "invalid_request");
    // The form of one page is none of another.
    let forgot = mine.get(format!("{}/forgot", site.server.issuer())).await;
    let sealed = forgot.form("#forgot").value("request").unwrap().to_owned();
    let page =
        mine.get(&link).await.form("#reset").tamper(name, &sealed).fill("password", NEW).submit().await;
    assert_eq!(shown_error(&page), "invalid_request");
    assert!(reset(&mine, &link, NEW).await.has("#password-changed"));
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_leaves_the_link_as_it_was() {
    let site = Site::start().await;
    let (link, browser) = (mail(&site, 0).await.link(), site.browser());
    let mut page = browser.get(&link).await;
    for (password, told) in [("short", "at least 12 characters"), ("alice@example.test", "your own name")] {
        page = choose(page, password).await;
        assert_eq!(page.status(), 400);
        assert!(page.text("#reset-error").contains(told), "{}", page.html());
        assert!(page.form("#reset").value("password").unwrap_or_default().is_empty());
    }
    assert!(choose(page, NEW).await.has("#password-changed"));
}

#[tokio::test]
async fn nothing_is_promised_where_no_mail_leaves() {
    let site = Site::with(Settings::new().with("mail.url", "none"), FakeClock::running(), "").await;
    let page = site.browser().get(site.trusted().url()).await;
    assert!(page.has("#login") && !page.has("#forgot-link"), "{}", page.html());
    let page = site.browser().get(format!("{}/forgot", site.server.issuer())).await;
    assert_eq!(page.status(), 404);
}

#[tokio::test]
async fn links_that_never_were_look_like_links_that_are_gone() {
    let site = Site::start().await;
    let issuer = site.server.issuer();
    let used = mail(&site, 0).await.link();
    reset(&site.browser(), &used, NEW).await;
    let gone = site.browser().get(&used).await;
    for query in ["", "?token=", "?token=x", &format!("?token={}", "A".repeat(43))] {
        let page = site.browser().get(format!("{issuer}/reset{query}")).await;
        assert_eq!((page.status(), page.html()), (gone.status(), gone.html()), "{query}");
    }
    // A link of one kind opens no page of another.
    let open = mail(&site, 2).await.link();
    for path in ["join", "verify-email"] {
        let page = site.browser().get(open.replace("/reset?", &format!("/{path}?"))).await;
        assert!(page.has("#link-gone"), "{path}: {}", page.html());
    }
}

#[tokio::test]
async fn nobody_is_flooded_with_mails_under_any_of_their_names() {
    let site = Site::start().await;
    for count in 0..3 {
        mail(&site, count).await;
    }
    let page = forgot(&site, " Alice ").await;
    assert_eq!(page.status(), 429, "{}", page.html());
    assert!(page.text("#forgot-error").contains("too often"), "{}", page.html());
    let header = |name| page.answer().header(name).unwrap_or_default();
    assert!(header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    assert!(header("ratelimit-policy").contains("reset_mail"), "{}", header("ratelimit-policy"));
    // Their other name is answered as a stranger's is, and brings no more mail than that.
    assert!(forgot(&site, ALICE).await.has("#forgot-sent"));
    let mailbox = site.server.mailbox();
    assert_eq!(mailbox.all(ALICE).len(), 3);
    // Until the server has stopped; its folder stays with its settings.
    let _folder = site.server.settings().clone();
    site.server.stop().await;
    assert_eq!(mailbox.all(ALICE).len(), 3);
}

#[tokio::test]
async fn strangers_who_ask_too_often_do_not_keep_the_owner_out() {
    let site = Site::start().await;
    let owner = site.signed_in("alice").await;
    for count in 0..3 {
        mail(&site, count).await;
    }
    assert_eq!(forgot(&site, "alice").await.status(), 429);
    // A browser in which she signed in before is counted apart, from the same network, too.
    let page = owner.get(format!("{}/forgot", site.server.issuer())).await;
    let page = page.form("#forgot").fill("username", "alice").press("#forgot-submit").await;
    assert!(page.has("#forgot-sent"), "{}", page.html());
    let link = site.server.mailbox().after(ALICE, 3).await.link();
    assert!(reset(&owner, &link, NEW).await.has("#password-changed"));
}

#[tokio::test]
async fn a_network_that_asks_too_often_holds_no_known_browser_back_from_its_own_account() {
    let settings = Settings::new().with("limits.reset_mail_network.number", 2);
    let site = Site::with(settings, FakeClock::running(), "").await;
    let owner = site.signed_in("alice").await;
    let ask = async |browser: &Browser, login: &str| {
        let page = browser.get(format!("{}/forgot", site.server.issuer())).await;
        page.form("#forgot").fill("username", login).press("#forgot-submit").await
    };
    for _ in 0..2 {
        assert!(ask(&site.browser(), "nobody").await.has("#forgot-sent"));
    }
    assert_eq!(ask(&site.browser(), "somebody").await.status(), 429);
    assert!(ask(&owner, "alice").await.has("#forgot-sent"));
    site.server.mailbox().after(ALICE, 0).await;
    // For an account that it does not know it is as good as any other of the network; and it, too, has enough at last.
    let stranger = site.signed_in("bob").await;
    assert!(ask(&stranger, "alice").await.has("#forgot-sent"));
    ask(&stranger, "alice").await;
    assert_eq!(ask(&stranger, "alice").await.status(), 429);
    let (mailbox, _folder) = (site.server.mailbox(), site.server.settings().clone());
    site.server.stop().await;
    assert_eq!(mailbox.all(ALICE).len(), 1);
}

#[tokio::test]
async fn the_second_factor_is_asked_for_after_a_reset_as_ever() {
    let site = Site::start().await;
    let browser = site.browser();
    let page = browser.get(site.trusted().with("acr_values", "aal2").url()).await;
    let (app, page) = enrol_app(&site, sign_in(page, "alice").await).await;
    page.form("form").submit().await.callback().code();
    // Elsewhere, and in the very browser that proved it.
    for (count, browser) in [(1, site.browser()), (3, browser)] {
        let page = forgot(&site, "alice").await;
        assert!(page.has("#forgot-sent"), "{}", page.html());
        let mail = site.server.mailbox().after(ALICE, count).await;
        assert!(mail.link().contains("/reset?"), "{}", mail.text);
        assert!(reset(&browser, &mail.link(), &format!("{NEW} {count}")).await.has("#password-changed"));
        site.server.mailbox().after(ALICE, count + 1).await;
        let page = browser.get(site.trusted().url()).await;
        let page = sign_in_with(page, "alice", &format!("{NEW} {count}")).await;
        assert!(page.has("#mfa") && page.left_for().is_none(), "{}", page.html());
        site.server.clock().advance(60);
        second_factor(page, &app.code(site.server.clock().now())).await.callback().code();
    }
}

#[tokio::test]
async fn a_reset_link_is_no_open_door_to_the_work_of_hashing() {
    let settings = Settings::new().with("limits.link.number", 2);
    let site = Site::with(settings, FakeClock::running(), "").await;
    let (link, browser) = (mail(&site, 0).await.link(), site.browser());
    let mut page = browser.get(&link).await;
    for status in [400, 400, 429, 429] {
        page = choose(page, "short").await;
        assert_eq!(page.status(), status, "{}", page.html());
    }
    assert!(page.text("#reset-error").contains("too many attempts"), "{}", page.html());
    let header = |name| page.answer().header(name).unwrap_or_default();
    assert!(header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    // A good one is not looked at, either.
    assert_eq!(choose(page, NEW).await.status(), 429);
}

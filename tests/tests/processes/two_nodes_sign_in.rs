//! Half a sign-in, factors and limits on two nodes: it makes no difference which node a person's next step goes to.

use crate::enrolment::{enrolled, enrolment, half, next_code};
use crate::shop::{CALLBACK, SHOP, Shop};
use crate::two_nodes::{moved, two};
use futures_util::future::join_all;
use signet_tests::{Browser, Page, Settings, system_clock};

fn strict() -> Settings {
    Settings::new().with("factors.policy", "required")
}

/// The page as it is asked for again at another node, in the same browser.
async fn again(to: &Shop, browser: &Browser) -> Page {
    moved(browser, to).get(to.discovery.authorization(SHOP.0, CALLBACK).url()).await
}

#[tokio::test]
async fn half_a_sign_in_begun_on_one_node_is_completed_on_the_other() {
    let (_first, _second, a, b) = two(strict()).await;
    let app = enrolled(&a).await;
    let browser = a.browser();
    half(&a, &browser).await;
    let there = moved(&browser, &b);
    let page = there.get(b.discovery.authorization(SHOP.0, CALLBACK).url()).await;
    let code = next_code(&app);
    let page = page.form("#mfa").fill("code", &code).press("#mfa-submit").await;
    page.callback().code();
    // It was one sign-in: the first node knows of it, and the code is used up there, too.
    moved(&there, &a).get(a.discovery.authorization(SHOP.0, CALLBACK).url()).await.callback().code();
    let page = half(&a, &a.browser()).await;
    let page = page.form("#mfa").fill("code", &code).press("#mfa-submit").await;
    assert!(page.has("#mfa-error"), "{}", page.html());
}

#[tokio::test]
async fn second_factor_guesses_are_counted_on_both_nodes_together() {
    let (_first, _second, a, b) = two(strict().with("limits.second_factor.number", 4)).await;
    let app = enrolled(&a).await;
    let right = [app.code(system_clock().now()), next_code(&app)];
    let wrong = ["000000", "000001", "000002"].into_iter().find(|code| !right.iter().any(|it| it == code));
    let browser = a.browser();
    half(&a, &browser).await;
    let mut statuses = Vec::new();
    for turn in 0..6 {
        let page = again(if turn % 2 == 0 { &a } else { &b }, &browser).await;
        statuses.push(page.form("#mfa").fill("code", wrong.unwrap()).press("#mfa-submit").await.status());
    }
    assert_eq!(statuses[4..], [429, 429], "{statuses:?}");
    assert!(statuses[..4].iter().all(|status| *status == 400), "{statuses:?}");
    for shop in [&a, &b] {
        let page = again(shop, &browser).await;
        assert_eq!(page.form("#mfa").fill("code", &next_code(&app)).press("#mfa-submit").await.status(), 429);
    }
}

#[tokio::test]
async fn reset_mails_are_counted_on_both_nodes_together() {
    let (first, _second, a, b) = two(Settings::new().with("limits.reset_mail.number", 2)).await;
    let mailbox = first.settings().mailbox();
    let mut statuses = Vec::new();
    for shop in [&a, &b, &a, &b] {
        let page = shop.browser().get(shop.discovery.authorization(SHOP.0, CALLBACK).url()).await;
        let page = page.follow("#forgot-link").await;
        statuses.push(page.form("#forgot").fill("username", "alice").press("#forgot-submit").await.status());
    }
    assert_eq!(statuses, [200, 200, 429, 429]);
    // Mails leave in order: when the one that tells of the changed password is there, no other link is on its way.
    let link = mailbox.after("alice@example.test", 1).await.link();
    let page =
        a.browser().get(&link).await.form("#reset").fill("password", "seven green bicycles under water");
    assert!(page.press("#reset-submit").await.has("#password-changed"));
    mailbox.about("alice@example.test", "Your password for Signet was changed").await;
    let links = mailbox.all("alice@example.test").into_iter().filter(|mail| mail.text.contains("token="));
    assert_eq!(links.count(), 2);
}

#[tokio::test]
async fn of_two_enrolments_at_once_on_two_nodes_one_counts() {
    let (_first, _second, a, b) = two(strict()).await;
    // Whoever waits for the other's lock must find what the other wrote.
    let mut tabs = Vec::new();
    for shop in [&a, &b, &a, &b] {
        tabs.push(enrolment(shop, &shop.browser()).await);
    }
    let pages = join_all(tabs.iter().map(|(_, form)| form.clone().press("#enrol-totp-submit"))).await;
    let kept: Vec<bool> = pages.iter().map(|page| page.has("#recovery-codes")).collect();
    assert_eq!(kept.iter().filter(|kept| **kept).count(), 1, "{kept:?}");
    for ((app, _), _) in tabs.iter().zip(kept).filter(|(_, kept)| *kept) {
        let page = half(&b, &b.browser()).await;
        page.form("#mfa").fill("code", &next_code(app)).press("#mfa-submit").await.callback().code();
    }
}

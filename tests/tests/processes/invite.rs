//! `signet invite`, and what comes of an invitation.

use crate::BINARY;
use crate::shop::{CALLBACK, SHOP, start};
use signet_tests::{Browser, Discovery, Http, ServerProcess, Settings, run_command};

const BOB: &str = "bob@example.test";
const PASSWORD: &str = "seven green bicycles under water";

/// Opens the account, and signs in to it.
async fn accept(server: &ServerProcess, link: &str) {
    let browser = Browser::new(&server.issuer());
    let page = browser.get(link).await;
    assert_eq!(page.form("#join").value("name"), Some("Bob Example"));
    let form = page.form("#join").fill("username", "bob").fill("password", PASSWORD);
    let page = form.press("#join-submit").await;
    assert!(page.has("#joined"), "{}", page.html());
    assert!(browser.get(link).await.has("#link-gone"), "the invitation works twice");
    let request = Discovery::fetch(&Http::new(), &server.issuer()).await.authorization(SHOP.0, CALLBACK);
    let form = Browser::new(&server.issuer()).get(request.url()).await.form("#login");
    let page = form.fill("username", BOB).fill("password", PASSWORD).press("#login-submit").await;
    page.callback().checked_code(&request, &server.issuer());
}

#[tokio::test]
async fn an_invitation_arrives_by_mail_and_opens_one_account() {
    let server = start(Settings::new()).await;
    let invite = &["invite", BOB, "--name", "Bob Example", "--language", "de"];
    let exit = server.command(invite).await.expect_success();
    assert!(exit.stdout.contains(BOB) && !exit.stdout.contains("http"), "{}", exit.stdout);
    let first = server.settings().mailbox().latest(BOB).await;
    assert_eq!(first.subject, "Ihr Konto bei Signet");
    assert!(first.text.starts_with("Guten Tag Bob Example,\n"), "{}", first.text);
    // A second invitation takes the place of the first.
    server.command(invite).await.expect_success();
    let second = server.settings().mailbox().after(BOB, 1).await;
    assert!(Browser::new(&server.issuer()).get(first.link()).await.has("#link-gone"));
    accept(&server, &second.link()).await;
    // Whoever has an account is not invited to another.
    let exit = server.command(invite).await;
    assert_eq!(exit.code, Some(1));
    assert!(exit.stderr.contains("there is an account"), "{}", exit.stderr);
}

#[tokio::test]
async fn without_mail_the_link_is_printed_once_and_kept_nowhere() {
    let server = start(Settings::new().with("mail.url", "none")).await;
    let invite = &["invite", BOB, "--name", "Bob Example"];
    let exit = server.command(invite).await.expect_success();
    let link = exit.stdout.trim();
    let token = link.strip_prefix(&format!("{}/join?token=", server.issuer())).expect("a link of the issuer");
    assert!(token.len() >= 43 && !exit.stderr.contains(token), "{}", exit.stderr);
    for file in ["signet.db", "signet.db-wal"] {
        let kept = std::fs::read(server.settings().path(file)).unwrap();
        assert!(!kept.windows(token.len()).any(|window| window == token.as_bytes()), "{file} holds the link");
    }
    accept(&server, link).await;
    assert!(!server.stdout().contains(token), "the log holds the link");
}

#[tokio::test]
async fn nobody_is_invited_to_a_role_that_is_not_declared_or_by_an_address_that_is_none() {
    let settings = Settings::new();
    for (arguments, told) in [
        (&["invite", BOB, "--role", "nobility"][..], "nobility"),
        (&["invite", "bob"], "no email address"),
        (&["invite", "bob@example.test\r\nBcc: mallory@example.test"], "no email address"),
    ] {
        let exit = run_command(BINARY, &settings, arguments).await;
        assert_eq!(exit.code, Some(1), "{arguments:?}");
        assert!(exit.stderr.contains(told), "{}", exit.stderr);
    }
    run_command(BINARY, &settings, &["invite", BOB, "--role", "admin"]).await.expect_success();
}

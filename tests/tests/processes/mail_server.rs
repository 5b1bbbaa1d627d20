//! Mails by SMTP: protected or not at all, and never lost.

use crate::BINARY;
use crate::shop::{Shop, start};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signet_tests::{
    Delivered, ServerProcess, Settings, SmtpServer, SmtpTls, eventually, free_port, parse_mail, run_command,
};
use std::time::Duration;

const ALICE: &str = "alice@example.test";
const PATIENCE: Duration = Duration::from_secs(60);

/// Mails go there. A host that is no loopback address is spoken to by STARTTLS alone; this one leads here all the same.
fn url(server: &SmtpServer, scheme: &str) -> String {
    let host = if scheme == "smtp" { "0.0.0.0" } else { "127.0.0.1" };
    format!("{scheme}://mailer:s3cret@{host}:{}", server.port())
}

fn settings(url: impl Into<String>, authority: Option<&str>) -> Settings {
    let settings = Settings::new().with("mail.url", url.into()).with("mail.from", "no-reply@example.com");
    match authority {
        Some(pem) => {
            let file = settings.write_file("mail-ca.pem", pem).display().to_string();
            settings.with("mail.extra_ca", file)
        }
        None => settings,
    }
}

async fn forgot(server: &ServerProcess) {
    let browser = Shop::at(server).await.browser();
    let page = browser.get(format!("{}/forgot", server.issuer())).await;
    let page = page.form("#forgot").fill("username", "alice").press("#forgot-submit").await;
    assert!(page.has("#forgot-sent"), "{}", page.html());
}

async fn first(server: &SmtpServer) -> Delivered {
    eventually(PATIENCE, async || server.delivered().into_iter().next()).await
}

#[tokio::test]
async fn a_mail_is_handed_over_by_tls_to_a_server_that_an_authority_vouches_for() {
    for (scheme, tls) in [("smtp", SmtpTls::StartTls), ("smtps", SmtpTls::Implicit)] {
        let mail_server = SmtpServer::start(tls);
        let settings = settings(url(&mail_server, scheme), Some(mail_server.authority()));
        let server = start(settings).await;
        forgot(&server).await;
        let Delivered { recipient, message, credentials, protected } = first(&mail_server).await;
        assert_eq!((&*recipient, protected), (ALICE, true), "{scheme}");
        assert!(parse_mail(&message).link().starts_with(&format!("{}/reset?token=", server.issuer())));
        assert_eq!(credentials, Some(STANDARD.encode("\0mailer\0s3cret")), "{scheme}");
        let in_clear = mail_server.in_clear();
        let harmless = |line: &String| line.starts_with("EHLO ") || line == "STARTTLS";
        assert!(in_clear.iter().all(harmless), "{in_clear:?}");
        assert_eq!(in_clear.is_empty(), tls == SmtpTls::Implicit);
        let exit = run_command(BINARY, server.settings(), &["doctor"]).await.expect_success();
        assert!(exit.stdout.contains("the mail server answers"), "{}", exit.stdout);
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_mail_server_that_cannot_prove_who_it_is_or_offers_no_tls() {
    let stranger = SmtpServer::start(SmtpTls::Implicit);
    for (scheme, tls, authority, reason) in [
        ("smtp", SmtpTls::StartTls, None, "TLS with the mail server failed"),
        ("smtp", SmtpTls::StartTls, Some(stranger.authority()), "TLS with the mail server failed"),
        ("smtps", SmtpTls::Implicit, None, "TLS with the mail server failed"),
        ("smtps", SmtpTls::Implicit, Some(stranger.authority()), "TLS with the mail server failed"),
        ("smtp", SmtpTls::No, None, "does not offer what is needed"),
    ] {
        let mail_server = SmtpServer::start(tls);
        let settings = settings(url(&mail_server, scheme), authority);
        let exit = run_command(BINARY, &settings, &["doctor"]).await;
        assert!(exit.stdout.contains(reason), "{scheme} {tls:?}: {}", exit.stdout);
        let server = start(settings).await;
        forgot(&server).await;
        eventually(PATIENCE, async || server.stdout().contains(reason)).await;
        assert!(mail_server.delivered().is_empty(), "{scheme} {tls:?}");
        let in_clear = mail_server.in_clear();
        let told = |line: &String| ["AUTH", "MAIL", "RCPT", "DATA"].iter().any(|word| line.starts_with(word));
        assert!(!in_clear.iter().any(told), "{in_clear:?}");
    }
}

#[tokio::test]
async fn a_mail_that_waits_outlives_a_crash_and_is_sent_once() {
    let port = free_port();
    let mut server = start(settings(format!("smtp://127.0.0.1:{port}"), None)).await;
    forgot(&server).await;
    eventually(PATIENCE, async || server.stdout().contains("the mail server cannot be reached")).await;
    server.kill9().await;
    let mail_server = SmtpServer::start_at(port, SmtpTls::No);
    let server = ServerProcess::start(BINARY, server.settings().clone()).await;
    let Delivered { recipient, message, .. } = first(&mail_server).await;
    assert_eq!(recipient, ALICE);
    let link = parse_mail(&message).link();
    let page = Shop::at(&server).await.browser().get(&link).await;
    assert!(page.has("#reset"), "{}", page.html());
    // Nor after one more start.
    let server = server.restart().await;
    forgot(&server).await;
    eventually(PATIENCE, async || (mail_server.delivered().len() == 2).then_some(()).ok_or("waiting")).await;
    let mails = mail_server.delivered();
    let ids: Vec<_> =
        mails.iter().map(|mail| parse_mail(&mail.message).header("Message-ID").map(str::to_owned)).collect();
    assert_ne!(ids[0], ids[1]);
}

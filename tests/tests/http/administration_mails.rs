//! The administration API: the queue of mails.

use crate::api::{Api, problem};
use crate::world::{REACHES, World};
use reqwest::Method;
use serde_json::{Value, json};
use signet_tests::{FakeClock, Settings, SmtpServer, SmtpTls, eventually, free_port};

const ADMINISTRATORS: &str = r#"
    [[users]]
    username = "mona"
    email = "mona@example.test"
    email_verified = true
    password = "correct horse battery staple"

    [[clients]]
    client_id = "keeper"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:mails:read signet:mails:write"

    [[clients]]
    client_id = "reader"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:mails:read"
"#;

/// A world whose mail server is away, in which somebody forgot their password.
async fn waiting(port: u16) -> Api {
    let settings = Settings::new()
        .with("mail.url", format!("smtp://127.0.0.1:{port}"))
        .with("mail.from", "no-reply@example.com");
    let world = World::of(settings, FakeClock::running(), ADMINISTRATORS).await;
    let page = world.server.browser().get(format!("{}/forgot", world.server.issuer())).await;
    let page = page.form("#forgot").fill("username", "mona").press("#forgot-submit").await;
    assert!(page.has("#forgot-sent"), "{}", page.html());
    let token = world.client_token("keeper", &[]).await;
    Api { world, token }
}

/// The mail, after so many failed attempts.
async fn failed(api: &Api, attempts: u64) -> Value {
    eventually(REACHES, async || {
        let page = api.get("/mails?state=waiting").await.expect_status(200).json();
        let mail = page["items"].get(0)?.clone();
        (mail["attempts"] == attempts && mail["reason"] != Value::Null).then_some(mail)
    })
    .await
}

/// The mail when its next attempt is so far off that it can be made sooner.
async fn far_off(api: &Api) -> Value {
    failed(api, 1).await;
    api.world.advance(11);
    failed(api, 2).await;
    api.world.advance(61);
    failed(api, 3).await
}

#[tokio::test]
async fn a_mail_that_waits_is_told_without_what_it_says_and_sent_when_an_administrator_says_so() {
    let port = free_port();
    let api = waiting(port).await;
    let mail = far_off(&api).await;
    assert_eq!((&mail["kind"], &mail["to"]), (&json!("reset_password"), &json!("m…@example.test")));
    let text = mail.to_string();
    assert!(!text.contains("mona@") && !text.contains("token="), "{text}");
    let path = format!("/mails/{}", mail["id"].as_str().unwrap());
    let server = SmtpServer::start_at(port, SmtpTls::No);
    let again = format!("{path}/send-again");
    api.ask(Method::POST, &again, &[]).await.expect_status(200);
    let delivered = eventually(REACHES, async || server.delivered().into_iter().next()).await;
    assert_eq!(delivered.recipient, "mona@example.test");
    eventually(REACHES, async || (api.get(&path).await.json()["state"] == "sent").then_some(())).await;
    problem(&api.ask(Method::POST, &again, &[]).await, 409, "conflict");
}

#[tokio::test]
async fn what_was_given_up_by_hand_is_forgotten_and_cannot_be_sent() {
    let api = waiting(free_port()).await;
    let mail = far_off(&api).await;
    let path = format!("/mails/{}", mail["id"].as_str().unwrap());
    let given_up = api.ask(Method::POST, &format!("{path}/give-up"), &[]).await.expect_status(200).json();
    assert_eq!((&given_up["state"], &given_up["kept"]), (&json!("dead"), &json!(false)));
    for action in ["send-again", "give-up"] {
        problem(&api.ask(Method::POST, &format!("{path}/{action}"), &[]).await, 409, "conflict");
    }
    let dead = api.get("/mails?state=dead").await.expect_status(200).json();
    assert_eq!(dead["items"][0]["id"], mail["id"]);
    problem(&api.get("/mails/none").await, 404, "not-found");
    problem(&api.get("/mails/no%00ne").await, 404, "not-found");
    problem(&api.get("/mails?state=lost").await, 400, "invalid");
}

#[tokio::test]
async fn whoever_may_only_see_mails_changes_none() {
    let api = Api::of(ADMINISTRATORS, "reader").await;
    api.get("/mails").await.expect_status(200);
    for action in ["send-again", "give-up"] {
        problem(&api.ask(Method::POST, &format!("/mails/none/{action}"), &[]).await, 403, "forbidden");
    }
}

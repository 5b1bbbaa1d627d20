//! `signet doctor`

use crate::BINARY;
use crate::shop::start;
use signet_tests::{Exit, PrivateRedis, Settings, free_port, run_command};

async fn doctor(settings: &Settings) -> Exit {
    run_command(BINARY, settings, &["doctor"]).await
}

/// The line about a subject.
#[track_caller]
fn line<'a>(exit: &'a Exit, subject: &str) -> &'a str {
    let found = exit.stdout.lines().find(|line| line.contains(&format!("  {subject}: ")));
    found.unwrap_or_else(|| panic!("nothing about {subject} in {}", exit.stdout))
}

#[tokio::test]
async fn a_healthy_server_gets_a_line_for_each_thing_that_was_looked_at() {
    let server = start(Settings::new()).await;
    let exit = doctor(server.settings()).await.expect_success();
    let local = ["configuration", "master key", "TLS"];
    let shared = ["database", "schema", "clock", "keys", "mail queue", "audit log", "Redis", "mail"];
    for subject in local.into_iter().chain(shared) {
        assert!(line(&exit, subject).starts_with("ok "), "{}", exit.stdout);
    }
    assert_eq!(exit.stdout.lines().count(), 11, "{}", exit.stdout);
    let folder = server.settings().path("mail");
    assert!(line(&exit, "mail").contains(&folder.display().to_string()), "{}", exit.stdout);
}

#[tokio::test]
async fn a_new_deployment_is_healthy_and_is_left_as_it_was() {
    let settings = Settings::new();
    let exit = doctor(&settings).await.expect_success();
    assert!(line(&exit, "master key").contains("made on first start"), "{}", exit.stdout);
    assert!(!settings.path("keys").exists());
}

#[tokio::test]
async fn what_stops_the_server_is_bad_and_comes_with_its_mend() {
    let redis = free_port();
    let exit = doctor(&Settings::new().with("redis.url", format!("redis://127.0.0.1:{redis}/"))).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stdout);
    let text = format!("{}{}", exit.stdout, exit.stderr);
    assert!(text.contains("Redis") && text.contains("redis.url"), "{text}");

    let url = format!("postgres://signet:hunter2@127.0.0.1:{redis}/signet");
    let exit = doctor(&Settings::new().with("database.url", url)).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stdout);
    assert!(line(&exit, "database").starts_with("bad "), "{}", exit.stdout);
    assert!(!format!("{exit:?}").contains("hunter2"), "{exit:?}");

    let exit = doctor(&Settings::new().with("server.lisen", "127.0.0.1:1")).await;
    assert_eq!(exit.code, Some(1));
    assert!(line(&exit, "configuration").contains("server.listen"), "{}", exit.stdout);
}

#[tokio::test]
async fn a_wrong_or_unguarded_master_key_is_bad() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut server = start(Settings::new()).await;
    server.kill9().await;
    let file = server.settings().path("keys/master.key");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let exit = doctor(server.settings()).await;
    assert_eq!(exit.code, Some(1));
    let found = line(&exit, "master key");
    assert!(found.starts_with("bad ") && found.contains("chmod 600"), "{found}");

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&file, "A".repeat(43)).unwrap();
    let exit = doctor(server.settings()).await;
    assert_eq!(exit.code, Some(1));
    let found = line(&exit, "keys");
    assert!(found.starts_with("bad ") && found.contains("keys.previous_master_keys"), "{found}");
}

#[tokio::test]
async fn what_weakens_the_server_is_weak() {
    let exit = doctor(&Settings::new().with("limits.enabled", false)).await;
    assert_eq!(exit.code, Some(1));
    assert!(line(&exit, "limits").starts_with("weak "), "{}", exit.stdout);
}

#[tokio::test]
async fn a_mail_server_that_does_not_answer_is_weak_and_its_password_is_not_shown() {
    let url = format!("smtps://mailer:hunter2@127.0.0.1:{}", free_port());
    let exit = doctor(&Settings::new().with("mail.url", url)).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stdout);
    let found = line(&exit, "mail");
    assert!(found.starts_with("weak ") && found.contains("mail.url"), "{found}");
    assert!(!format!("{exit:?}").contains("hunter2"), "{exit:?}");
    let exit = doctor(&Settings::new().with("mail.url", "none")).await.expect_success();
    assert!(line(&exit, "mail").contains("none is sent"), "{}", exit.stdout);
}

#[tokio::test]
async fn a_redis_that_answers_is_good() {
    let redis = PrivateRedis::start().await;
    let exit = doctor(&Settings::new().with("redis.url", redis.url())).await.expect_success();
    assert!(line(&exit, "Redis").starts_with("ok "), "{}", exit.stdout);
}

//! `signet migrate`

use crate::BINARY;
use signet_tests::{Exit, ServerProcess, Services, Settings, run_command};

async fn migrate(settings: &Settings, arguments: &[&str]) -> Exit {
    let arguments: Vec<&str> = ["migrate"].iter().chain(arguments).copied().collect();
    run_command(BINARY, settings, &arguments).await
}

async fn goes_up_and_down(settings: Settings) {
    let states = async || {
        let exit = migrate(&settings, &["status"]).await.expect_success();
        let words = exit.stdout.lines().map(|line| line.split_whitespace().next().unwrap().to_owned());
        words.collect::<Vec<_>>()
    };
    let pending = states().await;
    assert!(!pending.is_empty() && pending.iter().all(|state| state == "pending"), "{pending:?}");
    let up = migrate(&settings, &["up"]).await.expect_success();
    assert_eq!(up.stdout.lines().count(), pending.len(), "{}", up.stdout);
    assert!(states().await.iter().all(|state| state == "applied"));
    // `up` is what `migrate` does, and there is nothing left to do.
    let again = migrate(&settings, &[]).await.expect_success();
    assert!(again.stdout.is_empty() && again.stderr.contains("up to date"), "{again:?}");

    let careless = migrate(&settings, &["down"]).await;
    assert_eq!(careless.code, Some(2));
    assert!(careless.stderr.contains("--yes"), "{}", careless.stderr);
    assert!(states().await.iter().all(|state| state == "applied"));

    // Not under a running server.
    let mut server = ServerProcess::start(BINARY, settings.clone()).await;
    assert_eq!(migrate(&settings, &["down", "--yes"]).await.code, Some(1));
    server.sigterm().await;
    assert!(server.ended().await.success());
    migrate(&settings, &["down", "--yes"]).await.expect_success();
    assert_eq!(states().await, pending);
    // And up again: a first start.
    let server = ServerProcess::start(BINARY, settings.clone()).await;
    assert!(server.stderr().contains("Password"), "{}", server.stderr());
}

#[tokio::test]
async fn the_schema_goes_up_and_down_on_sqlite() {
    goes_up_and_down(Settings::new()).await;
}

#[tokio::test]
async fn the_schema_goes_up_and_down_on_postgres() {
    goes_up_and_down(Settings::new().with_postgres(&Services::from_environment()).await).await;
}

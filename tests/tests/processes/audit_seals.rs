//! What was recorded is sealed within a second, once, whatever becomes of whoever seals it.

use crate::BINARY;
use crate::shop::{SOON, Shop, resources, start};
use crate::two_nodes::two;
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement, TransactionTrait as _};
use serde_json::Value;
use signet_tests::{Exit, ServerProcess, Services, Settings, eventually, run_command};
use std::time::Duration;
use tokio::task::JoinSet;

/// A node that died is replaced, and its successor has sealed what it left.
const SUCCEEDED: Duration = Duration::from_secs(30);

async fn verify(settings: &Settings) -> Exit {
    run_command(BINARY, settings, &["audit", "verify"]).await
}

/// Waits until every event is sealed. On the way there is never anything to be found.
async fn all_sealed(settings: &Settings, deadline: Duration) {
    eventually(deadline, async || {
        let exit = verify(settings).await.expect_success();
        !exit.stdout.contains("not sealed yet")
    })
    .await;
}

async fn seals(settings: &Settings) -> Vec<Value> {
    let exit = run_command(BINARY, settings, &["audit", "seals"]).await.expect_success();
    exit.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_command_seals_what_it_wrote_before_it_ends() {
    let settings = Settings::new();
    let file = settings.write_file("resources.toml", &resources()).display().to_string();
    run_command(BINARY, &settings, &["apply", &file]).await.expect_success();
    for command in [&["keys", "rotate"][..], &["invite", "new@example.test"]] {
        run_command(BINARY, &settings, command).await.expect_success();
        let exit = verify(&settings).await.expect_success();
        assert!(!exit.stdout.contains("not sealed yet"), "{command:?}: {}", exit.stdout);
    }
    let from = run_command(BINARY, &settings, &["audit", "seals", "--from", "2"]).await.expect_success();
    assert_eq!(from.stdout.lines().count(), seals(&settings).await.len() - 1);
}

#[tokio::test]
async fn a_server_seals_within_a_second_and_what_is_left_when_it_stops() {
    let mut server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    shop.own_token().await.expect_status(200);
    all_sealed(server.settings(), SOON * 10).await;
    shop.own_token().await.expect_status(200);
    server.sigterm().await;
    assert!(server.ended().await.success());
    let exit = verify(server.settings()).await.expect_success();
    assert!(!exit.stdout.contains("not sealed yet"), "{}", exit.stdout);
}

#[tokio::test]
async fn a_power_cut_while_sealing_leaves_nothing_that_is_found() {
    let mut server = start(Settings::new()).await;
    for _ in 0..3 {
        let shop = Shop::at(&server).await;
        let before = seals(server.settings()).await.len();
        let mut busy = JoinSet::new();
        for _ in 0..4 {
            let shop = shop.clone();
            busy.spawn(async move { while shop.own_token_call().try_send().await.is_ok() {} });
        }
        eventually(SOON * 10, async || seals(server.settings()).await.len() > before + 1).await;
        server.kill9().await;
        busy.join_all().await;
        server = ServerProcess::start(BINARY, server.settings().clone()).await;
        all_sealed(server.settings(), SOON * 10).await;
    }
}

#[tokio::test]
async fn the_second_node_seals_when_the_first_one_dies() {
    let (mut first, second, a, b) = two(Settings::new()).await;
    a.own_token().await.expect_status(200);
    b.own_token().await.expect_status(200);
    all_sealed(first.settings(), SUCCEEDED).await;
    first.kill9().await;
    b.own_token().await.expect_status(200);
    all_sealed(second.settings(), SUCCEEDED).await;
    let numbers: Vec<_> =
        seals(second.settings()).await.iter().map(|seal| seal["seq"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
}

/// Whoever can write the database could give the work to nobody.
#[tokio::test]
async fn a_lease_that_was_put_there_holds_no_sealing_up() {
    let (first, _second, a, _) = two(Settings::new()).await;
    all_sealed(first.settings(), SUCCEEDED).await;
    let database = Database::connect(first.settings().get("database.url")).await.unwrap();
    let now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    for until in ["9000000000000000".to_owned(), format!("{now} + 7000")] {
        let stolen = format!("UPDATE audit_leases SET holder = 'nobody', until = {until}");
        database.execute_unprepared(&stolen).await.unwrap();
        a.own_token().await.expect_status(200);
        all_sealed(first.settings(), SUCCEEDED).await;
    }
    database.close().await.unwrap();
}

/// As a node that hangs would, or somebody who wants more than a second for changes that nobody sees.
#[tokio::test]
async fn a_lease_that_is_taken_again_and_again_holds_no_sealing_up() {
    let (first, _second, a, _) = two(Settings::new()).await;
    all_sealed(first.settings(), SUCCEEDED).await;
    let database = Database::connect(first.settings().get("database.url")).await.unwrap();
    let before = seals(first.settings()).await.len();
    eventually(SUCCEEDED, async || {
        let taken = "UPDATE audit_leases SET holder = 'nobody', \
                     until = CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) + 7000";
        database.execute_unprepared(taken).await.unwrap();
        a.own_token().await.expect_status(200);
        seals(first.settings()).await.len() > before + 3
    })
    .await;
    database.close().await.unwrap();
}

#[tokio::test]
async fn an_event_that_commits_late_is_sealed_once() {
    let server = start(Settings::new().with_postgres(&Services::from_environment()).await).await;
    let database = Database::connect(server.settings().get("database.url")).await.unwrap();
    let shop = Shop::at(&server).await;
    let insert = "INSERT INTO audit (at, event, details) \
                  VALUES (CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), 'server_stopped', '{}') \
                  RETURNING id";
    // Two transactions hold numbers that the others pass by; one of them comes to nothing.
    let (late, never) = (database.begin().await.unwrap(), database.begin().await.unwrap());
    let inserted = late.query_one_raw(Statement::from_string(DbBackend::Postgres, insert)).await.unwrap();
    let number: i64 = inserted.unwrap().try_get("", "id").unwrap();
    never.execute_unprepared(insert).await.unwrap();
    shop.own_token().await.expect_status(200);
    let known = eventually(SOON * 10, async || {
        let known = seals(server.settings()).await;
        let last = known.last().and_then(|seal| seal["last_id"].as_i64());
        last.is_some_and(|last| last > number + 1).then_some(known)
    })
    .await;
    all_sealed(server.settings(), SOON * 10).await;
    late.commit().await.unwrap();
    never.rollback().await.unwrap();
    eventually(SOON * 10, async || {
        let new = seals(server.settings()).await.split_off(known.len());
        new.iter().any(|seal| seal["first_id"] == number)
    })
    .await;
    all_sealed(server.settings(), SOON * 10).await;
    database.close().await.unwrap();
}

#[tokio::test]
async fn what_is_exported_is_what_was_asked_for() {
    let server = start(Settings::new()).await;
    server.command(&["keys", "rotate", "--alg", "ES256"]).await.expect_success();
    let export = async |arguments: &[&str]| {
        let arguments = [&["audit", "export", "--format"][..], arguments].concat();
        server.command(&arguments).await.expect_success().stdout
    };
    let all = export(&["jsonl"]).await;
    let events: Vec<Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = events.iter().map(|event| event["id"].as_i64().unwrap()).collect();
    assert!(ids.is_sorted() && ids.len() > 5, "{all}");
    let of_shop = export(&["jsonl", "--client", "shop"]).await;
    let expected: Vec<_> = all.lines().filter(|line| line.contains(r#""client_id":"shop""#)).collect();
    assert!(!expected.is_empty());
    assert!(expected.iter().all(|line| of_shop.contains(line)), "{of_shop}");
    assert!(of_shop.lines().all(|line| line.contains(r#""client_id":"shop""#)), "{of_shop}");
    let cef = export(&["cef", "--event", "key_rotated", "--event", "client_created"]).await;
    assert!(cef.lines().count() >= 2, "{cef}");
    for line in cef.lines() {
        assert!(line.starts_with("CEF:0|Signet|Signet|"), "{line}");
        assert!(line.contains("|key_rotated|") || line.contains("|client_created|"), "{line}");
    }
    assert_eq!(export(&["cef", "--to", "2020-01-01"]).await, "");
    assert_eq!(export(&["cef", "--from", "2020-01-01", "--event", "no_such_event"]).await, "");
}

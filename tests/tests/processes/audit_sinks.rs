//! Seals leave for their sinks as they are made, each of them, whatever becomes of the server or of the sink.

use crate::BINARY;
use crate::shop::{SOON, Shop, start};
use crate::two_nodes::two;
use serde_json::Value;
use signet_tests::{Exit, LogReceiver, LogWay, ServerProcess, Settings, eventually, run_command};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// Within this a sink that was away is tried again.
const AGAIN: Duration = Duration::from_secs(40);

fn read(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The numbers of the seals among lines of JSON.
fn seals<'a>(lines: impl IntoIterator<Item = &'a Value>) -> BTreeSet<i64> {
    lines.into_iter().filter_map(|line| line["seq"].as_i64()).collect()
}

async fn made(settings: &Settings) -> BTreeSet<i64> {
    let exit = run_command(BINARY, settings, &["audit", "seals"]).await.expect_success();
    seals(&exit.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
}

async fn verify(settings: &Settings, file: &Path) -> Exit {
    run_command(BINARY, settings, &["audit", "verify", "--seals", &file.display().to_string()]).await
}

/// A deployment that writes to a file, with its events.
fn to_a_file() -> (Settings, std::path::PathBuf) {
    let settings = Settings::new();
    let file = settings.path("seals.jsonl");
    let settings = settings
        .with("audit.sinks.kept.kind", "file")
        .with("audit.sinks.kept.path", file.display().to_string())
        .with("audit.sinks.kept.events", true);
    (settings, file)
}

#[tokio::test]
async fn a_file_gets_every_seal_also_of_a_server_that_is_killed() {
    let (settings, file) = to_a_file();
    let mut server = start(settings).await;
    for _ in 0..3 {
        let shop = Shop::at(&server).await;
        let before = read(&file).len();
        eventually(SOON * 10, async || {
            shop.own_token().await.expect_status(200);
            read(&file).len() > before + 2
        })
        .await;
        server.kill9().await;
        server = ServerProcess::start(BINARY, server.settings().clone()).await;
    }
    server.sigterm().await;
    assert!(server.ended().await.success());
    let lines = read(&file);
    assert_eq!(seals(&lines), made(server.settings()).await);
    assert!(lines.iter().any(|line| line["event"] == "token_issued" && line["id"].is_i64()));
    verify(server.settings(), &file).await.expect_success();
}

#[tokio::test]
async fn a_database_that_was_made_anew_is_found_with_the_file() {
    let (settings, file) = to_a_file();
    let mut server = start(settings).await;
    eventually(SOON * 10, async || seals(&read(&file)).len() > 1).await;
    server.sigterm().await;
    assert!(server.ended().await.success());
    let settings = server.settings().clone();
    // Whoever has database and master key can have all of it written again. The file they cannot reach.
    let kept = std::fs::read_to_string(&file).unwrap();
    let url = format!("sqlite://{}?mode=rwc", settings.path("other.db").display());
    let forged = settings.clone().with("database.url", url);
    let mut server = start(forged.clone()).await;
    eventually(SOON * 10, async || made(&forged).await.len() > 1).await;
    server.sigterm().await;
    assert!(server.ended().await.success());
    std::fs::write(&file, &kept).unwrap();
    let exit = verify(&forged, &file).await;
    assert_eq!(exit.code, Some(1), "{} {}", exit.stdout, exit.stderr);
    verify(&settings, &file).await.expect_success();
}

fn to_https(receiver: &LogReceiver) -> Settings {
    let settings = Settings::new();
    let authority = settings.write_file("authority.pem", receiver.authority());
    let token = settings.write_file("token", "a secret for the collector\n");
    settings
        .with("audit.sinks.siem.kind", "https")
        .with("audit.sinks.siem.url", format!("https://127.0.0.1:{}/signet", receiver.port()))
        .with("audit.sinks.siem.token_file", token.display().to_string())
        .with("audit.sinks.siem.extra_ca", authority.display().to_string())
        .with("audit.sinks.siem.private", true)
}

fn parsed(receiver: &LogReceiver) -> Vec<Value> {
    receiver.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_collector_that_was_away_gets_what_it_missed_and_meanwhile_an_alarm_rings() {
    let receiver = LogReceiver::start(LogWay::Https);
    let mut server = start(to_https(&receiver)).await;
    let shop = Shop::at(&server).await;
    eventually(SOON * 10, async || !parsed(&receiver).is_empty()).await;
    let head = receiver.heads().remove(0).to_ascii_lowercase();
    assert!(
        head.starts_with("post /signet ") && head.contains("authorization: bearer a secret for"),
        "{head}"
    );
    receiver.refuse(true);
    eventually(SOON * 10, async || {
        shop.own_token().await.expect_status(200);
        let (status, body) = shop.health().await;
        status == 200 && body.contains("audit_sink")
    })
    .await;
    let doctor = server.command(&["doctor"]).await;
    assert!(doctor.stdout.contains("siem"), "{}", doctor.stdout);
    // Sealing goes on.
    let before = made(server.settings()).await.len();
    eventually(SOON * 10, async || {
        shop.own_token().await.expect_status(200);
        made(server.settings()).await.len() > before
    })
    .await;
    receiver.refuse(false);
    eventually(AGAIN, async || !shop.health().await.1.contains("audit_sink")).await;
    server.sigterm().await;
    assert!(server.ended().await.success());
    assert_eq!(seals(&parsed(&receiver)), made(server.settings()).await);
    let said = format!("{}{}", server.stdout(), server.stderr());
    assert!(!said.contains("a secret for the collector"));
}

/// Waits until seals reach the collector of what is done at a node.
async fn more_arrive(receiver: &LogReceiver, shop: &Shop) {
    let before = seals(&parsed(receiver)).len();
    eventually(AGAIN, async || {
        shop.own_token().await.expect_status(200);
        seals(&parsed(receiver)).len() > before + 2
    })
    .await;
}

#[tokio::test]
async fn of_two_nodes_every_seal_arrives_in_order_whichever_of_them_dies() {
    let receiver = LogReceiver::start(LogWay::Https);
    let (mut first, mut second, _, b) = two(to_https(&receiver)).await;
    // One of them makes the seals: each is killed once, and the other goes on where it was.
    first.kill9().await;
    more_arrive(&receiver, &b).await;
    let first = ServerProcess::start(BINARY, first.settings().clone()).await;
    second.kill9().await;
    more_arrive(&receiver, &Shop::at(&first).await).await;
    eventually(AGAIN, async || seals(&parsed(&receiver)) == made(first.settings()).await).await;
    let mut known = BTreeSet::new();
    let mut arrived: Vec<_> = parsed(&receiver).iter().filter_map(|line| line["seq"].as_i64()).collect();
    // What was under way when a node died comes again.
    arrived.retain(|number| known.insert(*number));
    assert_eq!(arrived, (1..=i64::try_from(known.len()).unwrap()).collect::<Vec<_>>());
}

#[tokio::test]
async fn no_seal_goes_to_a_private_address_without_the_operators_permission() {
    let receiver = LogReceiver::start(LogWay::Https);
    let server = start(to_https(&receiver).with("audit.sinks.siem.private", false)).await;
    let shop = Shop::at(&server).await;
    eventually(SOON * 10, async || shop.health().await.1.contains("audit_sink")).await;
    let doctor = server.command(&["doctor"]).await;
    assert!(doctor.stdout.contains("no public address"), "{}", doctor.stdout);
    assert!(receiver.lines().is_empty());
}

#[tokio::test]
async fn a_syslog_server_gets_every_seal_and_event_by_each_way() {
    for (way, scheme) in [(LogWay::Udp, "udp"), (LogWay::Tcp, "tcp"), (LogWay::Tls, "tls")] {
        let receiver = LogReceiver::start(way);
        let settings = Settings::new();
        let authority = settings.write_file("authority.pem", receiver.authority());
        let settings = settings
            .with("audit.sinks.syslog.kind", "syslog")
            .with("audit.sinks.syslog.url", format!("{scheme}://127.0.0.1:{}", receiver.port()))
            .with("audit.sinks.syslog.extra_ca", authority.display().to_string())
            .with("audit.sinks.syslog.events", true);
        let mut server = start(settings).await;
        server.sigterm().await;
        assert!(server.ended().await.success());
        let all = made(server.settings()).await;
        let content = |message: &String| {
            let (head, json) = message.split_once(" - {").unwrap_or_else(|| panic!("{message}"));
            assert!(head.starts_with("<110>1 2") && head.contains(" localhost signet - "), "{message}");
            serde_json::from_str::<Value>(&format!("{{{json}")).unwrap()
        };
        let received = async || receiver.lines().iter().map(content).collect::<Vec<_>>();
        // A datagram that finds no room is lost (RFC 5426 §4.1), and nobody hears of it.
        let may_be_lost = way == LogWay::Udp;
        eventually(SOON * 10, async || {
            let came = seals(&received().await);
            came == all || may_be_lost && !came.is_empty() && came.is_subset(&all)
        })
        .await;
        let started = received().await.iter().any(|line| line["event"] == "server_started");
        assert!(started || may_be_lost, "{scheme}");
    }
}

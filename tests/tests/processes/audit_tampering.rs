//! Whoever can write the database can change the audit log, but not without that `signet audit verify` finds it.

use crate::BINARY;
use crate::shop::{SOON, Shop, start};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::{Value, json};
use signet_protocol::audit::seal::{Digest, Seal, decode_rows, encode_rows};
use signet_store::{AuditKeyRow, SignedSeal, Store, StoreOptions};
use signet_tests::{Exit, ServerProcess, Settings, eventually, run_command, system_clock};
use std::time::Duration;

/// Until a row must be sealed.
const NO_LONGER_YOUNG: Duration = Duration::from_secs(30);

/// What a server has left behind after some seals.
struct Left {
    settings: Settings,
    exported: String,
    copies: std::cell::Cell<u32>,
}

impl Left {
    async fn behind() -> Self {
        let mut server = start(Settings::new()).await;
        let shop = Shop::at(&server).await;
        eventually(SOON * 10, async || {
            shop.own_token().await.expect_status(200);
            seals(server.settings()).await.lines().count() >= 4
        })
        .await;
        server.sigterm().await;
        assert!(server.ended().await.success());
        let settings = server.settings().clone();
        let exported = seals(&settings).await;
        Self { settings, exported, copies: 0.into() }
    }

    /// The same deployment with a database of its own, in which this was done by hand.
    async fn after(&self, statements: &[&str]) -> Settings {
        let number = self.copies.replace(self.copies.get() + 1);
        let copy = self.settings.path(&format!("copy-{number}.db"));
        std::fs::copy(self.settings.path("signet.db"), &copy).unwrap();
        let url = format!("sqlite://{}", copy.display());
        let database = Database::connect(&url).await.unwrap();
        for statement in statements {
            database
                .execute_unprepared(statement)
                .await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        database.close().await.unwrap();
        self.settings.clone().with("database.url", url)
    }

    /// What is found against the seals that were exported before.
    async fn against_the_exported(&self, settings: &Settings) -> Exit {
        let file = self.settings.write_file("seals.jsonl", &self.exported).display().to_string();
        run_command(BINARY, settings, &["audit", "verify", "--seals", &file]).await
    }
}

async fn seals(settings: &Settings) -> String {
    run_command(BINARY, settings, &["audit", "seals"]).await.expect_success().stdout
}

async fn verify(settings: &Settings) -> Exit {
    run_command(BINARY, settings, &["audit", "verify"]).await
}

#[track_caller]
fn expect_found(exit: &Exit, what: &str, by: &[&str]) {
    assert_eq!(exit.code, Some(1), "{by:?}: {}", exit.stdout);
    assert!(exit.stderr.contains(what), "{by:?}: {} has no {what:?}", exit.stderr);
}

#[tokio::test]
async fn a_changed_missing_or_inserted_event_is_named() {
    let left = Left::behind().await;
    verify(&left.after(&[]).await).await.expect_success();
    let exit = left.against_the_exported(&left.settings).await.expect_success();
    assert!(exit.stdout.contains("are as they were sealed"), "{}", exit.stdout);
    let row = "INSERT INTO audit (id, at, event, details) VALUES";
    let inserted = format!("{row} (-5, 1000, 'user_removed', '{{}}')");
    let cases: &[(&[&str], &str)] = &[
        (&["UPDATE audit SET actor = 'user:mallory' WHERE id = 3"], "event 3 ("),
        (&["UPDATE audit SET sid = '' WHERE id = 4 AND sid IS NULL"], "event 4 ("),
        (&["UPDATE audit SET details = details || ' ' WHERE id >= 2"], "event 2 ("),
        (&["UPDATE audit SET at = at + 1 WHERE id = 5"], "event 5 ("),
        (&["DELETE FROM audit WHERE id = 1"], "event 1 is missing"),
        (&["DELETE FROM audit WHERE id IN (4, 5)"], "event 4 is missing"),
        (&["DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)"], "is missing: seal"),
        (
            &[
                "UPDATE audit SET id = -3 WHERE id = 3",
                "UPDATE audit SET id = 3 WHERE id = 4",
                "UPDATE audit SET id = 4 WHERE id = -3",
            ],
            "event 3 (",
        ),
        (&[&inserted], "event -5 (\"user_removed\" of 1970-01-01T00:00:01.000Z) is in no seal"),
    ];
    for (statements, what) in cases {
        expect_found(&verify(&left.after(statements).await).await, what, statements);
    }
    // Behind the end: there a young event might well be.
    let appended = format!("{row} (9000, 1000, 'user_removed', '{{}}')");
    expect_found(&verify(&left.after(&[&appended]).await).await, "event 9000", &[&appended]);
}

#[tokio::test]
async fn a_changed_or_missing_seal_is_named() {
    let left = Left::behind().await;
    let cases: &[(&[&str], &str)] = &[
        (&["DELETE FROM audit_seals WHERE seq = 1"], "seal 1 is missing"),
        (&["DELETE FROM audit_seals WHERE seq IN (2, 3)"], "seal 2 is missing"),
        (&["UPDATE audit_seals SET at = at - 1 WHERE seq = 2"], "seal 2 is not what was signed"),
        (&["UPDATE audit_seals SET rows = zeroblob(33) WHERE seq = 2"], "seal 2 is not what was signed"),
        (&["UPDATE audit_seals SET dropped_through = 3"], "seal 1 is not what was signed"),
        (&["UPDATE audit_seals SET previous = zeroblob(3) WHERE seq = 3"], "seal 3 is not what was signed"),
        (&["UPDATE audit_seals SET signature = zeroblob(64) WHERE seq = 3"], "seal 3 is not what was signed"),
        (
            &["DELETE FROM audit_seals WHERE seq = 2", "UPDATE audit_seals SET seq = seq - 1 WHERE seq > 2"],
            "seal 2 is not what was signed",
        ),
        (&["DELETE FROM audit_keys"], "which is not in the database"),
        (&["UPDATE audit_keys SET sealed = zeroblob(100)"], "does not open as one of this deployment's"),
    ];
    for (statements, what) in cases {
        expect_found(&verify(&left.after(statements).await).await, what, statements);
    }
}

#[tokio::test]
async fn the_end_cannot_be_cut_off_and_all_of_it_cannot_be_made_anew_behind_exported_seals() {
    let left = Left::behind().await;
    let last = left.exported.lines().count();
    // Seals alone: their events are then in none.
    let cut = left.after(&[&format!("DELETE FROM audit_seals WHERE seq >= {}", last - 1)]).await;
    let what = format!("seal {} was exported and is missing", last - 1);
    expect_found(&left.against_the_exported(&cut).await, &what, &[]);
    eventually(NO_LONGER_YOUNG, async || {
        let exit = verify(&cut).await;
        (exit.code == Some(1)).then(|| expect_found(&exit, &format!("the last seal is {}", last - 2), &[]))
    })
    .await;
    // Events and seals: nothing but the exported ones can tell.
    let gone = left
        .after(&[
            &format!("DELETE FROM audit WHERE id >= (SELECT first_id FROM audit_seals WHERE seq = {last})"),
            &format!("DELETE FROM audit_seals WHERE seq = {last}"),
        ])
        .await;
    expect_found(&left.against_the_exported(&gone).await, &format!("seal {last} was exported"), &[]);
    // Everything, so that the server itself seals the forgery.
    let anew = left
        .after(&[
            "DELETE FROM audit_seals",
            "DELETE FROM audit_keys",
            "UPDATE audit SET actor = 'user:mallory' WHERE id = 3",
        ])
        .await;
    run_command(BINARY, &anew, &["keys", "list"]).await.expect_success();
    verify(&anew).await.expect_success();
    expect_found(&left.against_the_exported(&anew).await, "seal 1 is another one", &[]);
}

#[tokio::test]
async fn whoever_has_the_database_but_not_the_master_key_cannot_sign_anew() {
    let left = Left::behind().await;
    let forged = left.after(&["UPDATE audit SET actor = 'user:mallory' WHERE id = 3"]).await;
    let store = Store::open(&forged.get("database.url"), StoreOptions::default()).await.unwrap();
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    let own = store.audit_keys().list().await.unwrap().remove(0);
    let public = json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key().as_ref())});
    let key =
        AuditKeyRow { kid: "mallory".into(), public, sealed: own.sealed, created_at: system_clock().now() };
    store.audit_keys().add(key, vec![]).await.unwrap();
    // Every seal once more, true to the forged events, with a key of one's own.
    let rows = store.audit().digests_after(0, 10_000).await.unwrap();
    let (mut previous, mut forgeries) = (Digest::default(), Vec::new());
    for SignedSeal { seal, .. } in store.audit_seals().after(0, 1_000).await.unwrap() {
        let held = decode_rows(&seal.rows).unwrap();
        let digest = |id| rows.iter().find(|row| row.id == id).unwrap().digest;
        let digests: Vec<_> = held.into_iter().map(|(id, _)| (id, digest(id))).collect();
        let seal = Seal { previous, rows: encode_rows(&digests), kid: "mallory".into(), ..seal };
        previous = seal.hash();
        let signature = pair.sign(&previous.0).as_ref().to_vec();
        forgeries.push(SignedSeal { seal, signature });
    }
    let database = Database::connect(forged.get("database.url")).await.unwrap();
    database.execute_unprepared("DELETE FROM audit_seals").await.unwrap();
    database.close().await.unwrap();
    for forgery in forgeries {
        store.audit_seals().append(forgery).await.unwrap();
    }
    store.close().await;
    expect_found(&verify(&forged).await, "does not open as one of this deployment's", &[]);
}

/// Sealed, it would make every number between a gap that is not looked at again after a while.
#[tokio::test]
async fn a_number_far_beyond_the_others_stops_the_sealing_loudly() {
    let left = Left::behind().await;
    let far = "INSERT INTO audit (id, at, event, details) VALUES (9000000000000, 1000, 'user_removed', '{}')";
    let settings = left.after(&[far]).await;
    let exit = run_command(BINARY, &settings, &["keys", "rotate"]).await.expect_success();
    assert!(exit.stderr.contains("event 9000000000000 has a number far beyond"), "{}", exit.stderr);
    expect_found(&verify(&settings).await, "event 9000000000000", &[far]);
    // Whoever runs the server can vouch for it: the counter may have been moved on purpose.
    let other = run_command(BINARY, &settings, &["audit", "accept", "7"]).await;
    assert!(other.code == Some(1) && other.stderr.contains("9000000000000"), "{}", other.stderr);
    run_command(BINARY, &settings, &["audit", "accept", "9000000000000"]).await.expect_success();
    verify(&settings).await.expect_success();
    let rotate = run_command(BINARY, &settings, &["keys", "rotate"]).await.expect_success();
    assert!(!rotate.stderr.contains("not sealed"), "{}", rotate.stderr);
}

#[tokio::test]
async fn a_row_that_is_no_key_does_not_stop_the_sealing() {
    let left = Left::behind().await;
    let key =
        "INSERT INTO audit_keys (kid, public, sealed, created_at) VALUES ('x', '{}', x'00', 9000000000000)";
    let settings = left.after(&[key]).await;
    let exit = run_command(BINARY, &settings, &["keys", "rotate"]).await.expect_success();
    assert!(!exit.stderr.contains("not sealed yet"), "{}", exit.stderr);
    verify(&settings).await.expect_success();
}

/// Sealing cannot go on after it, so that nobody must find it by chance.
#[tokio::test]
async fn a_seal_that_cannot_be_read_is_told_by_the_doctor_and_rings() {
    let left = Left::behind().await;
    let cases = [
        (
            "UPDATE audit_seals SET rows = x'ff' WHERE seq = 2",
            "seal 2 cannot be read: run `signet audit verify`",
        ),
        ("UPDATE audit_seals SET at = 9000000000000000000 WHERE seq = 2", "cannot be sealed"),
    ];
    for (statement, told) in cases {
        let settings = left.after(&[statement]).await;
        let exit = run_command(BINARY, &settings, &["doctor"]).await;
        let found = exit.stdout.lines().find(|line| line.starts_with("bad   audit log: "));
        assert!(exit.code == Some(1) && found.is_some_and(|line| line.contains(told)), "{}", exit.stdout);
        let server = ServerProcess::start(BINARY, settings).await;
        let shop = Shop::at(&server).await;
        eventually(SOON * 10, async || {
            let (status, body) = shop.health().await;
            if status == 200 && body.contains("audit_unsealed") { Ok(()) } else { Err((status, body)) }
        })
        .await;
    }
}

/// Whoever can hold the sealing up has until then to change what was recorded.
#[tokio::test]
async fn what_was_sealed_late_is_told() {
    let left = Left::behind().await;
    let on_time = verify(&left.settings).await.expect_success();
    assert!(!on_time.stdout.contains("later than"), "{}", on_time.stdout);
    let waited = "INSERT INTO audit (at, event, details) VALUES (1000, 'user_removed', '{}')";
    let settings = left.after(&[waited]).await;
    run_command(BINARY, &settings, &["keys", "rotate"]).await.expect_success();
    let exit = verify(&settings).await.expect_success();
    assert!(exit.stdout.contains("1 event was sealed later than"), "{}", exit.stdout);
}

#[tokio::test]
async fn the_key_of_the_seals_signs_no_tokens() {
    let server = start(Settings::new()).await;
    let line =
        eventually(SOON, async || seals(server.settings()).await.lines().next().map(str::to_owned)).await;
    let kid = serde_json::from_str::<Value>(&line).unwrap()["kid"].as_str().unwrap().to_owned();
    assert!(!Shop::at(&server).await.jwks().await.kids().contains(&kid));
    let keys = server.command(&["keys", "list"]).await.expect_success();
    assert!(!keys.stdout.contains(&kid), "{}", keys.stdout);
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

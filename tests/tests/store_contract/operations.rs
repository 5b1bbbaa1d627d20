//! The store as a whole: the schema, durability, revocations, the feed, the sweep and the single-node lock.

use crate::fixture::{Fixture, after, event, now};
use chrono::TimeDelta;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, Database};
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::id::{ClientId, Jti, SessionId};
use signet_protocol::secret::SecretHash;
use signet_store::{Node, Store, StoreError, StoreOptions};
use signet_tests::{eventually, system_clock};
use std::time::Duration;

pub async fn migrations_go_up_down_and_up(db: &Fixture) {
    assert_eq!(db.store.pending_migrations().await, Ok(vec![]));
    // Not on empty tables alone.
    db.with_alice().await.add_grant("g", true).await;
    db.store.migrate_down().await.unwrap();
    let status = db.store.migration_status().await.unwrap();
    assert!(!status.is_empty() && status.iter().all(|migration| !migration.applied));
    assert_eq!(db.store.pending_migrations().await.unwrap().len(), status.len());
    db.store.migrate().await.unwrap();
    assert!(db.store.migration_status().await.unwrap().iter().all(|migration| migration.applied));
    db.with_alice().await.add_grant("g", true).await;
}

pub async fn a_write_whose_caller_has_gone_still_commits(db: &Fixture) {
    let mut write = Box::pin(db.store.audit().record(vec![event(Event::ServerStopped)]));
    // Asked once, so that the store has taken it; then nobody waits for it any more.
    let started = futures_util::future::poll_immediate(&mut write).await;
    assert!(started.is_none());
    drop(write);
    eventually(Duration::from_secs(10), async || db.events().await == ["server_stopped"]).await;
}

pub async fn closing_waits_for_accepted_writes(db: &Fixture) {
    db.store.ping().await.unwrap();
    let writes = (0..20).map(|_| db.store.audit().record(vec![event(Event::ServerStopped)]));
    let (outcomes, ()) = tokio::join!(join_all(writes), db.store.close());
    let accepted = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(matches!(db.store.audit().record(vec![]).await, Err(StoreError::Unavailable(_))));
    let reopened = Store::open(&db.url, StoreOptions::default()).await.unwrap();
    assert_eq!(reopened.audit().recent(100).await.unwrap().len(), accepted);
}

pub async fn an_assertion_counts_once(db: &Fixture) {
    let attempts = (0..20).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move {
            let jti = SecretHash::of(b"jti");
            store.assertions().spend(&ClientId::from("shop"), jti, after(300)).await.unwrap()
        })
    });
    let first = join_all(attempts).await.into_iter().map(Result::unwrap).filter(|first| *first).count();
    assert_eq!(first, 1);
    // Another client's identifiers are its own.
    let jti = SecretHash::of(b"jti");
    assert!(db.store.assertions().spend(&ClientId::from("other"), jti, after(300)).await.unwrap());
}

pub async fn a_revoked_token_is_known_until_it_expires(db: &Fixture) {
    let (jti, other) = (Jti::from("token"), Jti::from("other"));
    let change = db.store.tokens().revoke(jti.clone(), after(600), now(), vec![]).await.unwrap();
    assert!(db.store.tokens().is_revoked(&jti, None).await.unwrap());
    assert!(!db.store.tokens().is_revoked(&other, None).await.unwrap());
    let live = |moment| db.store.changes().live_revocations(moment);
    let known: Vec<_> = live(after(599)).await.unwrap().into_iter().map(|(_, change)| change).collect();
    assert_eq!(known, [change]);
    assert_eq!(live(after(600)).await.unwrap(), []);
}

pub async fn the_feed_gives_what_is_new_and_what_overlaps(db: &Fixture) {
    assert_eq!(db.store.changes().latest_seq().await, Ok(0));
    for (id, moment) in [("one", now()), ("two", after(100)), ("three", after(200))] {
        db.store.tokens().revoke(Jti::from(id), after(600), moment, vec![]).await.unwrap();
    }
    let latest = db.store.changes().latest_seq().await.unwrap();
    let ids = async |after_seq, overlap_from| -> Vec<String> {
        let feed = db.store.changes().since(after_seq, overlap_from).await.unwrap();
        feed.iter()
            .map(|(_, change)| match change {
                Change::TokenRevoked { jti, .. } => jti.to_string(),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    assert_eq!(ids(0, after(1_000)).await, ["one", "two", "three"]);
    assert_eq!(ids(latest, after(1_000)).await, Vec::<String>::new());
    // A node that has seen the last one still gets what may have become visible late.
    assert_eq!(ids(latest, after(100)).await, ["two", "three"]);
}

pub async fn many_events_are_recorded_at_once(db: &Fixture) {
    let events = (0..450).map(|n| event(Event::SignInFailed { reason: "unknown_user", count: n })).collect();
    db.store.audit().record(events).await.unwrap();
    let recent = db.store.audit().recent(500).await.unwrap();
    assert_eq!(recent.len(), 450);
    assert_eq!(recent[0].details["count"], 449);
    assert_eq!((recent[0].name.as_str(), recent[0].at), ("sign_in_failed", now()));
    assert_eq!(recent[0].address.as_deref(), Some("192.0.2.1"));
}

pub async fn sweeping_takes_what_is_over_and_nothing_else(db: &Fixture) {
    db.with_alice().await;
    let day = 86_400;
    let grant = db.add_grant("g", true).await;
    let unspent = db.add_code("unspent", true).await;
    let redeemed = SecretHash::of(b"g");
    let code = async |hash: &SecretHash| db.store.codes().find(hash).await.unwrap().is_some();
    db.store.assertions().spend(&ClientId::from("shop"), SecretHash::of(b"jti"), after(60)).await.unwrap();
    assert_eq!(db.store.sweep(now(), 100).await, Ok(0));

    // The unspent code and the assertion have expired; a replay of the redeemed code must still be recognised.
    assert_eq!(db.store.sweep(after(61), 100).await, Ok(2));
    assert!(!code(&unspent).await && code(&redeemed).await);
    // Its grant's last access token has expired.
    db.store.sweep(after(601), 100).await.unwrap();
    assert!(!code(&redeemed).await);
    assert_eq!(db.reload(&grant).await.revoked_at, None);

    db.store.sessions().end(SessionId::from("sid"), after(700), "signed_out", vec![]).await.unwrap();
    db.store.grants().revoke(grant.id.clone(), after(700), "test", vec![]).await.unwrap();
    db.store.sweep(after(700 + day - 1), 100).await.unwrap();
    assert_eq!(db.reload(&grant).await.revoked_at, Some(after(700)));
    db.store.sweep(after(700 + day + 1), 100).await.unwrap();
    assert!(db.store.grants().by_id(&grant.id).await.unwrap().is_none());
    assert_eq!(db.store.changes().since(0, now()).await, Ok(vec![]));

    // Batches are as small as asked for.
    for n in 0..5 {
        let jti = SecretHash::of(&[n]);
        db.store.assertions().spend(&ClientId::from("shop"), jti, after(60)).await.unwrap();
    }
    let swept = [db.store.sweep(after(61), 2).await, db.store.sweep(after(61), 2).await];
    assert_eq!(swept, [Ok(2), Ok(2)]);
}

pub async fn a_second_node_is_refused_until_the_first_has_gone(db: &Fixture) {
    let lock = db.store.lock_single_node().await.unwrap();
    let second = Store::open(&db.url, StoreOptions::default()).await.unwrap();
    assert!(matches!(second.lock_single_node().await, Err(StoreError::Locked)));
    assert!(lock.is_held().await);
    // A tool that takes no lock works meanwhile.
    second.audit().record(vec![event(Event::ServerStopped)]).await.unwrap();
    lock.release().await;
    let taken = eventually(Duration::from_secs(10), async || second.lock_single_node().await).await;
    assert!(taken.is_held().await);
}

/// PostgreSQL alone: SQLite has no connection that someone else could cut.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lost_connections_cost_no_write() {
    let db = Fixture::postgres().await;
    let write = || async { db.store.audit().record(vec![event(Event::ServerStopped)]).await };
    // Fills the pool.
    assert!(join_all((0..30).map(|_| write())).await.iter().all(Result::is_ok));
    let administrator = Database::connect(&db.url).await.unwrap();
    administrator
        .execute_unprepared(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    assert!(join_all((0..30).map(|_| write())).await.iter().all(Result::is_ok));
    assert_eq!(db.events().await.len(), 60);
}

pub async fn the_databases_clock_is_near_ours(db: &Fixture) {
    let difference = db.store.clock().await.unwrap() - system_clock().now();
    assert!(difference.abs() < TimeDelta::seconds(2), "{difference}");
}

pub async fn a_process_says_with_each_sign_of_life_what_it_could_not_write(db: &Fixture) {
    let node = |unwritten, seconds| Node {
        id: "node".to_owned(),
        address: "127.0.0.1:8080".to_owned(),
        version: "1.0.0".to_owned(),
        started_at: now(),
        seen_at: after(seconds),
        unwritten,
    };
    for (unwritten, seconds) in [(0, 0), (512, 5), (0, 10)] {
        db.store.nodes().beat(&node(unwritten, seconds), now()).await.unwrap();
        assert_eq!(db.store.nodes().since(now()).await, Ok(vec![node(unwritten, seconds)]));
    }
    db.store.nodes().leave("node").await.unwrap();
    assert_eq!(db.store.nodes().since(now()).await, Ok(vec![]));
}

//! Keys.

use crate::fixture::{Fixture, after, now};
use futures_util::future::join_all;
use signet_protocol::change::Change;
use signet_protocol::id::KeyId;
use signet_store::{Committed, KeyChanges, KeyPurpose, KeyRow, KeyTimes, Retiming};

fn key(kid: &str) -> KeyRow {
    KeyRow {
        kid: KeyId::from(kid),
        purpose: KeyPurpose::Jwt,
        alg: "ES256".to_owned(),
        public: Some(serde_json::json!({ "kty": "EC" })),
        sealed: vec![1, 2, 3],
        created_at: now(),
        activates_at: after(100),
        retires_at: None,
        unpublish_at: None,
        revoked_at: None,
    }
}

async fn add_row(db: &Fixture, row: KeyRow) {
    let changes = KeyChanges { add: vec![row], ..KeyChanges::default() };
    assert_eq!(db.store.keys().change(changes, now(), vec![]).await, Ok(Committed::Yes));
}

async fn add(db: &Fixture, kid: &str) {
    add_row(db, key(kid)).await;
}

pub async fn one_of_two_rotations_at_once_commits(db: &Fixture) {
    let first = KeyRow { retires_at: Some(after(100)), unpublish_at: Some(after(800)), ..key("a") };
    add_row(db, first.clone()).await;
    add(db, "b").await;
    let (current, end) = (KeyTimes::of(&first), KeyTimes::of(&key("b")));
    let retired = KeyTimes { retires_at: Some(after(10)), unpublish_at: Some(after(700)), ..current };
    let promoted = KeyTimes { activates_at: after(10), ..retired };
    let attempts = ["c", "d"].map(|next| {
        let store = db.store.clone();
        let changes = KeyChanges {
            add: vec![key(next)],
            retime: vec![
                Retiming { kid: "a".into(), from: current, to: retired },
                Retiming { kid: "b".into(), from: end, to: promoted },
            ],
            revoke: None,
        };
        tokio::spawn(async move { store.keys().change(changes, now(), vec![]).await.unwrap() })
    });
    let outcomes: Vec<Committed> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Yes).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Stale).count(), 1);
    let keys = db.store.keys().list().await.unwrap();
    assert_eq!(keys.len(), 3);
    assert_eq!((KeyTimes::of(&keys[0]), KeyTimes::of(&keys[1])), (retired, promoted));
    let feed = db.store.changes().since(0, after(1)).await.unwrap();
    assert_eq!(feed.iter().filter(|(_, change)| *change == Change::KeysChanged).count(), 3);
}

pub async fn of_two_nodes_that_start_at_once_one_makes_the_first_key(db: &Fixture) {
    let attempts = ["a", "b"].map(|kid| {
        let store = db.store.clone();
        let changes = KeyChanges { add: vec![key(kid)], ..KeyChanges::default() };
        tokio::spawn(async move { store.keys().change(changes, now(), vec![]).await.unwrap() })
    });
    let outcomes: Vec<Committed> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Yes).count(), 1);
    assert_eq!(db.store.keys().list().await.unwrap().len(), 1);
    // Another algorithm is another chain.
    add_row(db, KeyRow { alg: "RS256".to_owned(), ..key("c") }).await;
}

pub async fn a_chain_keeps_one_end(db: &Fixture) {
    add(db, "a").await;
    let second = || KeyChanges { add: vec![key("b")], ..KeyChanges::default() };
    assert_eq!(db.store.keys().change(second(), now(), vec![]).await, Ok(Committed::Stale));
    let replaced = KeyChanges { revoke: Some("a".into()), ..second() };
    assert_eq!(db.store.keys().change(replaced, now(), vec![]).await, Ok(Committed::Yes));
    // A key that is there already is not silently left out.
    let again = KeyRow { retires_at: Some(after(200)), ..key("b") };
    let again = KeyChanges { add: vec![again], ..KeyChanges::default() };
    assert_eq!(db.store.keys().change(again, now(), vec![]).await, Ok(Committed::Stale));
}

pub async fn a_revoked_key_is_neither_revoked_again_nor_retimed(db: &Fixture) {
    add(db, "a").await;
    let revoke = || KeyChanges { revoke: Some(KeyId::from("a")), ..KeyChanges::default() };
    assert_eq!(db.store.keys().change(revoke(), now(), vec![]).await, Ok(Committed::Yes));
    assert_eq!(db.store.keys().change(revoke(), now(), vec![]).await, Ok(Committed::Stale));
    let from = KeyTimes::of(&key("a"));
    let changes = KeyChanges {
        add: vec![key("b")],
        retime: vec![Retiming { kid: "a".into(), from, to: KeyTimes { activates_at: now(), ..from } }],
        revoke: None,
    };
    assert_eq!(db.store.keys().change(changes, now(), vec![]).await, Ok(Committed::Stale));
    let keys = db.store.keys().list().await.unwrap();
    assert_eq!(keys, [KeyRow { revoked_at: Some(now()), ..key("a") }]);
}

pub async fn a_key_is_resealed_only_from_what_it_was(db: &Fixture) {
    add(db, "a").await;
    let reseal = |old, new| db.store.keys().reseal(KeyId::from("a"), old, new, now(), vec![]);
    assert_eq!(reseal(vec![1, 2, 3], vec![4]).await, Ok(Committed::Yes));
    assert_eq!(reseal(vec![1, 2, 3], vec![5]).await, Ok(Committed::Stale));
    assert_eq!(db.store.keys().list().await.unwrap()[0].sealed, [4]);
}

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

async fn add(db: &Fixture, kid: &str) {
    let changes = KeyChanges { add: vec![key(kid)], ..KeyChanges::default() };
    assert_eq!(db.store.keys().change(changes, now(), vec![]).await, Ok(Committed::Yes));
}

pub async fn one_of_two_rotations_at_once_commits(db: &Fixture) {
    add(db, "a").await;
    add(db, "b").await;
    let from = KeyTimes::of(&key("a"));
    let retired = KeyTimes { retires_at: Some(after(10)), unpublish_at: Some(after(700)), ..from };
    let promoted = KeyTimes { activates_at: after(10), ..from };
    let attempts = ["c", "d"].map(|next| {
        let store = db.store.clone();
        let changes = KeyChanges {
            add: vec![key(next)],
            retime: vec![
                Retiming { kid: "a".into(), from, to: retired },
                Retiming { kid: "b".into(), from, to: promoted },
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

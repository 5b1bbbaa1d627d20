//! Grants and the succession of their refresh tokens (RFC 6749 §6).

use crate::fixture::{Fixture, after, event, grant, now, rotation};
use futures_util::future::join_all;
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::id::{SessionId, UserId};
use signet_store::{Committed, StoreError};

pub async fn one_of_twenty_parallel_rotations_commits(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", true).await;
    let attempts = (0..20).map(|_| {
        let (store, rotation) = (db.store.clone(), rotation(&grant, 1, after(700)));
        tokio::spawn(async move { store.grants().rotate(rotation, vec![]).await.unwrap() })
    });
    let outcomes: Vec<Committed> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Yes).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Stale).count(), 19);

    let rotated = db.reload(&grant).await;
    assert_eq!((rotated.generation, rotated.refresh_key.as_str()), (2, "r2"));
    assert_eq!((rotated.rotated_at, rotated.access_token_expires_at), (after(10), after(700)));
    let next = db.store.grants().rotate(rotation(&grant, 2, after(800)), vec![]).await.unwrap();
    assert_eq!(next, Committed::Yes);
}

pub async fn a_revocation_wins_over_rotations_and_covers_their_tokens(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", true).await;
    let rotating = {
        let (store, grant) = (db.store.clone(), grant.clone());
        tokio::spawn(async move {
            let mut committed = 0;
            // Each token outlives the one before, so that a revocation recorded too early would show.
            loop {
                let expires_at = after(1_000 + committed);
                let from = 1 + u64::try_from(committed).unwrap();
                match store.grants().rotate(rotation(&grant, from, expires_at), vec![]).await.unwrap() {
                    Committed::Yes => committed += 1,
                    Committed::Stale => return committed,
                    Committed::SubjectGone => panic!("nobody has gone"),
                }
            }
        })
    };
    // The revocation comes in the middle of them.
    while db.reload(&grant).await.generation < 5 {
        tokio::task::yield_now().await;
    }
    let change = db.store.grants().revoke(grant.id.clone(), now(), "test", vec![]).await.unwrap();
    let committed = rotating.await.unwrap();
    let latest = after(1_000 + committed - 1);
    assert_eq!(change, Some(Change::GrantRevoked { grant_id: grant.id.clone(), expires_at: latest }));
    assert_eq!(db.reload(&grant).await.access_token_expires_at, latest);
}

pub async fn a_disabled_users_grant_is_not_rotated(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", true).await;
    db.store.users().set_disabled(UserId::from("alice"), true, now(), vec![]).await.unwrap();
    let recorded = db.events().await.len();
    let event = event(Event::RefreshRetried { generation: 1 });
    let refused = db.store.grants().rotate(rotation(&grant, 1, after(700)), vec![event]).await.unwrap();
    assert_eq!(refused, Committed::SubjectGone);
    assert_eq!(db.events().await.len(), recorded);

    // Enabling her again brings nothing back.
    db.store.users().set_disabled(UserId::from("alice"), false, now(), vec![]).await.unwrap();
    let refused = db.store.grants().rotate(rotation(&grant, 1, after(700)), vec![]).await.unwrap();
    assert_eq!(refused, Committed::Stale);
}

pub async fn a_retry_never_shortens_what_a_revocation_must_cover(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", true).await;
    let retry = |expires_at| db.store.grants().retry(grant.id.clone(), 1, expires_at, vec![]);
    assert_eq!(retry(after(900)).await, Ok(Committed::Yes));
    assert_eq!(retry(after(300)).await, Ok(Committed::Yes));
    assert_eq!(db.reload(&grant).await.access_token_expires_at, after(900));
    db.store.grants().rotate(rotation(&grant, 1, after(300)), vec![]).await.unwrap();
    assert_eq!(db.reload(&grant).await.access_token_expires_at, after(900));
    // Its successor is in use: the previous one is no longer repeated.
    assert_eq!(retry(after(900)).await, Ok(Committed::Stale));
}

pub async fn a_grant_is_loaded_with_the_facts_of_its_refresh(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", false).await;
    let loaded = db.store.grants().by_handle(&grant.handle).await.unwrap().unwrap();
    assert_eq!(loaded.grant.authorization, grant.authorization);
    assert_eq!(loaded.grant.rotated_from, grant.rotated_from);
    assert_eq!(loaded.user.username, "alice");
    assert!(loaded.user_active && loaded.session_alive);
    assert!(db.store.grants().by_handle(&[0; 16]).await.unwrap().is_none());

    db.store.sessions().end(SessionId::from("sid"), now(), "signed_out", vec![]).await.unwrap();
    let loaded = db.store.grants().by_handle(&grant.handle).await.unwrap().unwrap();
    assert!(!loaded.session_alive);
    assert_eq!(loaded.grant.revoked_at, Some(now()));
}

pub async fn a_failed_write_does_not_take_others_with_it(db: &Fixture) {
    db.with_alice().await;
    let taken = db.add_grant("taken", true).await;
    let mut writes = Vec::new();
    for n in 0..30 {
        let name = format!("g{n}");
        let hash = db.add_code(&name, true).await;
        let mut grant = grant(&name, true);
        if n % 10 == 5 {
            // Two grants with one handle: the schema refuses the second.
            grant.handle = taken.handle;
        }
        let store = db.store.clone();
        writes.push(tokio::spawn(async move { store.codes().redeem(hash, grant, vec![]).await }));
    }
    let outcomes: Vec<_> = join_all(writes).await.into_iter().map(Result::unwrap).collect();
    let failed = outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict(_))));
    assert_eq!(failed.count(), 3);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Ok(Committed::Yes)).count(), 27);
    // What is said of it holds neither SQL nor what was to be stored.
    let said: Vec<String> =
        outcomes.iter().filter_map(|outcome| Some(outcome.as_ref().err()?.to_string())).collect();
    assert!(said.iter().all(|text| !text.to_lowercase().contains("grant")), "{said:?}");
    // A failed redemption spent no code.
    let unspent = db.store.codes().find(&crate::fixture::code("g5", true).hash).await.unwrap().unwrap();
    assert_eq!(unspent.redeemed_as, None);
}

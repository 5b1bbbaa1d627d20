//! Authorization codes: one interaction, one code, one grant (RFC 6749 §4.1.2).

use crate::fixture::{Fixture, code, event, grant, now};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement, TransactionTrait as _};
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::id::{ClientId, SessionId, UserId};
use signet_protocol::scope::Scope;
use signet_protocol::secret::SecretHash;
use signet_store::Committed;
use signet_tests::eventually;
use std::time::Duration;

pub async fn one_of_fifty_parallel_redemptions_succeeds_and_a_replay_ends_the_grant(db: &Fixture) {
    db.with_alice().await;
    let hash = db.add_code("code", true).await;
    let attempts = (0..50).map(|n| {
        let store = db.store.clone();
        let issued = event(Event::TokenIssued {
            grant_type: "authorization_code",
            scope: "openid".to_owned(),
            audience: vec![],
            count: 1,
        });
        tokio::spawn(async move {
            store.codes().redeem(hash, grant(&format!("g{n}"), true), vec![issued]).await.unwrap()
        })
    });
    let outcomes: Vec<Committed> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Yes).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Stale).count(), 49);
    // The losers wrote nothing at all.
    assert_eq!(db.events().await, ["token_issued"]);

    // What the losers find when they look again: a used code, and the grant to end.
    let used = db.store.codes().find(&hash).await.unwrap().unwrap();
    let won = used.redeemed_as.unwrap();
    let replayed = vec![event(Event::CodeReplayed)];
    let change = db.store.grants().revoke(won.clone(), now(), "code_replayed", replayed).await.unwrap();
    assert!(matches!(change, Some(Change::GrantRevoked { ref grant_id, .. }) if *grant_id == won));
    let ended = db.store.grants().by_id(&won).await.unwrap().unwrap();
    assert_eq!(ended.revoked_at, Some(now()));
    assert_eq!(db.store.grants().revoke(won, now(), "code_replayed", vec![]).await.unwrap(), None);
}

pub async fn one_interaction_makes_one_code(db: &Fixture) {
    db.with_alice().await;
    let attempts = (0..10).map(|n| {
        let store = db.store.clone();
        let mut new = code(&format!("code-{n}"), false);
        new.code.tx = "the interaction".into();
        tokio::spawn(async move { store.codes().issue(new, None, now(), vec![]).await.unwrap() })
    });
    let outcomes: Vec<Committed> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Yes).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Stale).count(), 9);
}

pub async fn a_code_is_worth_nothing_once_its_session_has_ended(db: &Fixture) {
    db.with_alice().await;
    let bound = db.add_code("bound", false).await;
    let offline = db.add_code("offline", true).await;
    db.store.sessions().end(SessionId::from("sid"), now(), "signed_out", vec![]).await.unwrap();

    let bound = db.store.codes().redeem(bound, grant("g1", false), vec![]).await.unwrap();
    assert_eq!(bound, Committed::SubjectGone);
    let offline = db.store.codes().redeem(offline, grant("g2", true), vec![]).await.unwrap();
    assert_eq!(offline, Committed::Yes);
    let late = db.store.codes().issue(code("late", true), None, now(), vec![]).await.unwrap();
    assert_eq!(late, Committed::SubjectGone);
}

pub async fn a_disabled_users_or_clients_code_is_not_redeemed(db: &Fixture) {
    db.with_alice().await;
    let hash = db.add_code("code", true).await;
    let (alice, shop) = (UserId::from("alice"), ClientId::from("shop"));
    db.store.clients().set_disabled(shop.clone(), true, (None, now()), vec![]).await.unwrap();
    let refused = db.store.codes().redeem(hash, grant("g1", true), vec![]).await.unwrap();
    assert_eq!(refused, Committed::SubjectGone);
    db.store.clients().set_disabled(shop, false, (None, now()), vec![]).await.unwrap();

    db.store.users().set_disabled(alice, true, now(), vec![]).await.unwrap();
    let refused = db.store.codes().redeem(hash, grant("g1", true), vec![]).await.unwrap();
    assert_eq!(refused, Committed::SubjectGone);
    let refused = db.store.codes().issue(code("late", true), None, now(), vec![]).await.unwrap();
    assert_eq!(refused, Committed::SubjectGone);
}

pub async fn a_redemption_that_races_with_disabling_leaves_no_live_grant(db: &Fixture) {
    db.with_alice().await;
    for round in 0..20 {
        let sid = SessionId::new(format!("sid-{round}"));
        db.add_session("alice", sid.as_str()).await;
        let mut new = code(&format!("code-{round}"), true);
        new.code.authorization.sid = sid.clone();
        let (hash, mut made) = (new.hash, grant(&format!("g{round}"), true));
        made.authorization.sid = sid;
        assert_eq!(db.store.codes().issue(new, None, now(), vec![]).await, Ok(Committed::Yes));

        let (redeeming, disabling) = (db.store.clone(), db.store.clone());
        let id = made.id.clone();
        let redeemed =
            tokio::spawn(async move { redeeming.codes().redeem(hash, made, vec![]).await.unwrap() });
        let disabled = tokio::spawn(async move {
            disabling.users().set_disabled(UserId::from("alice"), true, now(), vec![]).await.unwrap()
        });
        let (redeemed, disabled) = tokio::join!(redeemed, disabled);
        assert_eq!(disabled.unwrap().committed, Committed::Yes);
        let found = db.store.grants().by_id(&id).await.unwrap();
        match redeemed.unwrap() {
            Committed::Yes => assert_eq!(found.unwrap().revoked_at, Some(now())),
            _ => assert!(found.is_none()),
        }
        db.store.users().set_disabled(UserId::from("alice"), false, now(), vec![]).await.unwrap();
    }
}

/// Else a form of the interaction would prove `prompt=login` again once the code's row is swept.
pub async fn a_code_uses_up_the_sign_in_of_its_interaction(db: &Fixture) {
    db.with_alice().await;
    let session = async || {
        let found = db.store.sessions().by_secret(&SecretHash::of(b"sid"), now()).await.unwrap();
        found.unwrap().0.authenticated_in
    };
    let issue = async |name: &str| db.store.codes().issue(code(name, false), None, now(), vec![]).await;
    assert_eq!(issue("another").await, Ok(Committed::Yes));
    assert_eq!(session().await, Some("tx-sign-in".into()), "another interaction's code used it up");
    assert_eq!(issue("sign-in").await, Ok(Committed::Yes));
    assert_eq!(session().await, None);
}

/// PostgreSQL alone: SQLite has one writer at a time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_redemption_waits_for_a_disabling_that_has_begun() {
    let db = Fixture::postgres().await;
    db.with_alice().await;
    let hash = db.add_code("code", true).await;
    let other = Database::connect(&db.url).await.unwrap();
    let disabling = other.begin().await.unwrap();
    disabling.execute_unprepared("UPDATE users SET disabled = true WHERE id = 'alice'").await.unwrap();
    let store = db.store.clone();
    let redemption = tokio::spawn(async move { store.codes().redeem(hash, grant("g", true), vec![]).await });
    let waiting = "SELECT 1 FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    eventually(Duration::from_secs(10), async || {
        let waiting = Statement::from_string(DbBackend::Postgres, waiting);
        other.query_one_raw(waiting).await.unwrap().is_some() || redemption.is_finished()
    })
    .await;
    disabling.commit().await.unwrap();
    assert_eq!(redemption.await.unwrap(), Ok(Committed::SubjectGone));
}

pub async fn consent_is_remembered_with_the_code_that_it_led_to(db: &Fixture) {
    db.with_alice().await;
    let (alice, shop) = (UserId::from("alice"), ClientId::from("shop"));
    assert_eq!(db.store.consents().get(&alice, &shop).await.unwrap(), None);
    for (name, scope) in [("one", "openid"), ("two", "openid orders:read")] {
        let scope = Scope::parse(scope).unwrap();
        let issued = db.store.codes().issue(code(name, false), Some(scope.clone()), now(), vec![]).await;
        assert_eq!(issued, Ok(Committed::Yes));
        assert_eq!(db.store.consents().get(&alice, &shop).await.unwrap(), Some(scope));
    }
    assert!(db.store.consents().forget(alice.clone(), shop.clone(), vec![]).await.unwrap());
    assert_eq!(db.store.consents().get(&alice, &shop).await.unwrap(), None);
}

//! Second factors.

use crate::fixture::{Fixture, after, event, now};
use signet_protocol::audit::Event;
use signet_protocol::factor::{Enrolled, Factor};
use signet_protocol::id::UserId;
use signet_protocol::secret::SecretHash;
use signet_store::{Committed, TotpRow};

fn alice() -> UserId {
    UserId::from("alice")
}

fn totp(user: &str, secret: &[u8], last_step: i64) -> TotpRow {
    let user_id = UserId::from(user);
    TotpRow { user_id, secret: secret.to_vec(), last_step, created_at: now(), last_used_at: now() }
}

fn used() -> Vec<signet_protocol::audit::AuditEvent> {
    vec![event(Event::FactorUsed { factor: Factor::Totp })]
}

pub async fn one_of_twenty_parallel_codes_of_a_step_is_accepted(db: &Fixture) {
    db.add_user("alice").await;
    assert_eq!(db.store.totp().put(totp("alice", b"a", 5), None, vec![]).await, Ok(Committed::Yes));
    let tries = (0..20).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move { store.totp().spend(alice(), 7, after(60), used()).await.unwrap() })
    });
    let mut accepted = 0;
    for attempt in Vec::from_iter(tries) {
        accepted += u32::from(attempt.await.unwrap() == Committed::Yes);
    }
    assert_eq!(accepted, 1);
    // Nor does an earlier step count any more.
    assert_eq!(db.store.totp().spend(alice(), 6, after(60), used()).await, Ok(Committed::Stale));
    assert_eq!(db.events().await, ["factor_used"]);
    let kept = db.store.totp().get(&alice()).await.unwrap().unwrap();
    assert_eq!(kept, TotpRow { last_used_at: after(60), ..totp("alice", b"a", 7) });
}

pub async fn of_two_apps_enrolled_at_once_one_is_kept(db: &Fixture) {
    db.add_user("alice").await;
    let put = |secret: &[u8], before: Option<&[u8]>| {
        db.store.totp().put(totp("alice", secret, 1), before.map(<[u8]>::to_vec), vec![])
    };
    let outcomes = tokio::join!(put(b"a", None), put(b"b", None));
    assert!(matches!(
        (outcomes.0.unwrap(), outcomes.1.unwrap()),
        (Committed::Yes, Committed::Stale) | (Committed::Stale, Committed::Yes)
    ));
    let kept = db.store.totp().get(&alice()).await.unwrap().unwrap().secret;
    assert_eq!(put(b"c", Some(b"another")).await, Ok(Committed::Stale));
    assert_eq!(put(b"c", Some(&kept)).await, Ok(Committed::Yes));
    assert_eq!(db.store.totp().get(&alice()).await.unwrap().unwrap().secret, b"c");
    let gone = db.store.totp().put(totp("nobody", b"a", 1), None, vec![]).await;
    assert_eq!(gone, Ok(Committed::SubjectGone));
}

pub async fn recovery_codes_are_used_once_and_go_with_the_last_factor(db: &Fixture) {
    db.add_user("alice").await;
    let codes = db.store.recovery_codes();
    let hash = |text: &str| SecretHash::of(text.as_bytes());
    db.store.totp().put(totp("alice", b"a", 1), None, vec![]).await.unwrap();
    assert_eq!(codes.replace(alice(), vec![hash("old")], now(), vec![]).await, Ok(Committed::Yes));
    let new = vec![hash("one"), hash("two")];
    assert_eq!(codes.replace(alice(), new, now(), vec![]).await, Ok(Committed::Yes));
    assert_eq!(codes.spend(alice(), hash("old"), now(), used()).await, Ok(Committed::SubjectGone));
    assert_eq!(codes.spend(alice(), hash("one"), now(), used()).await, Ok(Committed::Yes));
    assert_eq!(codes.spend(alice(), hash("one"), now(), used()).await, Ok(Committed::Stale));
    assert_eq!(db.events().await, ["factor_used"]);
    let enrolled = async || db.store.factors().enrolled(&alice()).await.unwrap();
    assert_eq!(enrolled().await, Enrolled { totp: true, recovery_codes: 1, ..Enrolled::default() });
    assert_eq!(db.store.totp().remove(alice(), vec![]).await, Ok(Committed::Yes));
    assert_eq!(db.store.totp().remove(alice(), vec![]).await, Ok(Committed::Stale));
    assert_eq!(enrolled().await, Enrolled::default());
}

pub async fn secrets_are_resealed_together_or_not_at_all(db: &Fixture) {
    for name in ["alice", "bob", "carol"] {
        db.add_user(name).await;
        db.store.totp().put(totp(name, b"old", 1), None, vec![]).await.unwrap();
    }
    let first = db.store.totp().sealed_after(None, 2).await.unwrap();
    assert_eq!(first, [(alice(), b"old".to_vec()), (UserId::from("bob"), b"old".to_vec())]);
    let rest = db.store.totp().sealed_after(Some(&UserId::from("bob")), 2).await.unwrap();
    assert_eq!(rest, [(UserId::from("carol"), b"old".to_vec())]);

    let move_from = |bobs: &[u8]| {
        let rows = [(alice(), b"old".to_vec()), (UserId::from("bob"), bobs.to_vec())];
        let rows = rows.map(|(user, old)| (user, old, b"new".to_vec())).to_vec();
        db.store.totp().reseal(rows, vec![event(Event::KeysResealed { count: 2 })])
    };
    assert_eq!(move_from(b"another").await, Ok(Committed::Stale));
    assert_eq!(db.store.totp().sealed_after(None, 2).await.unwrap(), first);
    assert_eq!(move_from(b"old").await, Ok(Committed::Yes));
    let moved = db.store.totp().sealed_after(None, 9).await.unwrap();
    assert_eq!(moved.iter().map(|(_, sealed)| &**sealed).collect::<Vec<_>>(), [b"new", b"new", b"old"]);
    assert_eq!(db.events().await, ["keys_resealed"]);
}

pub async fn a_removed_persons_factors_go_with_them(db: &Fixture) {
    db.add_user("alice").await;
    db.store.totp().put(totp("alice", b"a", 1), None, vec![]).await.unwrap();
    let hashes = vec![SecretHash::of(b"one")];
    db.store.recovery_codes().replace(alice(), hashes, now(), vec![]).await.unwrap();
    db.store.users().remove(alice(), now(), vec![]).await.unwrap();
    assert_eq!(db.store.factors().enrolled(&alice()).await.unwrap(), Enrolled::default());
}

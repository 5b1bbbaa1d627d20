//! Second factors.

use crate::fixture::{Fixture, after, event, now};
use chrono::TimeDelta;
use signet_protocol::audit::Event;
use signet_protocol::factor::{Enrolled, Factor};
use signet_protocol::id::{DeviceId, PasskeyId, SessionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{
    Answered, Committed, Grounds, PasskeyAdded, PasskeyRow, RememberedDevice, Removal, Removed, SentCode,
    Standing, TotpRow,
};

pub fn alice() -> UserId {
    UserId::from("alice")
}

pub fn totp(user: &str, secret: &[u8], last_step: i64) -> TotpRow {
    let user_id = UserId::from(user);
    TotpRow { user_id, secret: secret.to_vec(), last_step, created_at: now(), last_used_at: now() }
}

/// Somebody who is signed in.
pub async fn add_person(db: &Fixture, name: &str) {
    db.add_user(name).await;
    db.add_session(name, name).await;
}

/// What they may set factors up by.
pub fn by(name: &str) -> Grounds {
    let standing = Standing::Session(SessionId::from(name), SecretHash::of(name.as_bytes()));
    Grounds { standing, first: false }
}

/// A factor of theirs is taken away, and none need stay.
pub fn removal(name: &str) -> Removal {
    Removal { user: UserId::from(name), grounds: by(name), keeps_one: false, now: now() }
}

/// The app with this secret.
fn app(secret: &[u8]) -> (UserId, Vec<u8>) {
    (alice(), secret.to_vec())
}

/// Neither events nor mails.
pub fn untold() -> (Vec<signet_protocol::audit::AuditEvent>, Vec<signet_store::NewMail>) {
    (vec![], vec![])
}

fn used() -> Vec<signet_protocol::audit::AuditEvent> {
    vec![event(Event::FactorUsed { factor: Factor::Totp })]
}

pub async fn one_of_twenty_parallel_codes_of_a_step_is_accepted(db: &Fixture) {
    add_person(db, "alice").await;
    assert_eq!(
        db.store.totp().put(totp("alice", b"a", 5), None, by("alice"), untold()).await,
        Ok(Committed::Yes)
    );
    let tries = (0..20).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move { store.totp().spend(app(b"a"), 7, after(60), used()).await.unwrap() })
    });
    let mut accepted = 0;
    for attempt in Vec::from_iter(tries) {
        accepted += u32::from(attempt.await.unwrap() == Committed::Yes);
    }
    assert_eq!(accepted, 1);
    // Nor does an earlier step count any more.
    assert_eq!(db.store.totp().spend(app(b"a"), 6, after(60), used()).await, Ok(Committed::Stale));
    assert_eq!(db.events().await, ["factor_used"]);
    let kept = db.store.totp().get(&alice()).await.unwrap().unwrap();
    assert_eq!(kept, TotpRow { last_used_at: after(60), ..totp("alice", b"a", 7) });
}

pub async fn a_code_is_spent_only_at_the_secret_that_it_was_checked_against(db: &Fixture) {
    add_person(db, "alice").await;
    let put = |secret: &[u8], before: Option<&[u8]>| {
        db.store.totp().put(totp("alice", secret, 1), before.map(<[u8]>::to_vec), by("alice"), untold())
    };
    assert_eq!(put(b"old", None).await, Ok(Committed::Yes));
    assert_eq!(put(b"new", Some(b"old")).await, Ok(Committed::Yes));
    // It was right for the app that was there before.
    assert_eq!(db.store.totp().spend(app(b"old"), 7, after(60), used()).await, Ok(Committed::Stale));
    assert_eq!(db.events().await, [""; 0]);
    assert_eq!(db.store.totp().spend(app(b"new"), 7, after(60), used()).await, Ok(Committed::Yes));
}

pub async fn of_two_apps_enrolled_at_once_one_is_kept(db: &Fixture) {
    add_person(db, "alice").await;
    let put = |secret: &[u8], before: Option<&[u8]>| {
        db.store.totp().put(totp("alice", secret, 1), before.map(<[u8]>::to_vec), by("alice"), untold())
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
    let gone = db.store.totp().put(totp("nobody", b"a", 1), None, by("nobody"), untold()).await;
    assert_eq!(gone, Ok(Committed::SubjectGone));
}

pub async fn recovery_codes_are_used_once_and_go_with_the_last_factor(db: &Fixture) {
    add_person(db, "alice").await;
    let codes = db.store.recovery_codes();
    let hash = |text: &str| SecretHash::of(text.as_bytes());
    db.store.totp().put(totp("alice", b"a", 1), None, by("alice"), untold()).await.unwrap();
    let replace = |hashes: Vec<SecretHash>| codes.replace((alice(), by("alice")), hashes, now(), untold());
    assert_eq!(replace(vec![hash("old")]).await, Ok(Committed::Yes));
    assert_eq!(replace(vec![hash("one"), hash("two")]).await, Ok(Committed::Yes));
    assert_eq!(codes.spend(alice(), hash("old"), now(), (used(), vec![])).await, Ok(Committed::SubjectGone));
    assert_eq!(codes.spend(alice(), hash("one"), now(), (used(), vec![])).await, Ok(Committed::Yes));
    assert_eq!(codes.spend(alice(), hash("one"), now(), (used(), vec![])).await, Ok(Committed::Stale));
    assert_eq!(db.events().await, ["factor_used"]);
    let enrolled = async || db.store.factors().enrolled(&alice()).await.unwrap();
    assert_eq!(enrolled().await, Enrolled { totp: true, recovery_codes: 1, ..Enrolled::default() });
    assert_eq!(db.store.totp().remove(removal("alice"), untold()).await, Ok(Removed::Yes));
    assert_eq!(db.store.totp().remove(removal("alice"), untold()).await, Ok(Removed::Unknown));
    assert_eq!(enrolled().await, Enrolled::default());
    // There is nothing that codes could stand in for.
    assert_eq!(replace(vec![hash("late")]).await, Ok(Committed::SubjectGone));
}

pub async fn secrets_are_resealed_together_or_not_at_all(db: &Fixture) {
    for name in ["alice", "bob", "carol"] {
        add_person(db, name).await;
        db.store.totp().put(totp(name, b"old", 1), None, by(name), untold()).await.unwrap();
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
    add_person(db, "alice").await;
    db.store.totp().put(totp("alice", b"a", 1), None, by("alice"), untold()).await.unwrap();
    let hashes = vec![SecretHash::of(b"one")];
    db.store.recovery_codes().replace((alice(), by("alice")), hashes, now(), untold()).await.unwrap();
    db.store.users().remove(alice(), now(), vec![]).await.unwrap();
    assert_eq!(db.store.factors().enrolled(&alice()).await.unwrap(), Enrolled::default());
}

pub fn passkey(user: &str, id: &str) -> PasskeyRow {
    PasskeyRow {
        id: PasskeyId::from(id),
        user_id: UserId::from(user),
        credential_id: format!("credential {id}").into_bytes(),
        name: "Phone".to_owned(),
        credential: serde_json::json!({"key": id}),
        counter: 0,
        synchronised: false,
        created_at: now(),
        last_used_at: None,
    }
}

pub async fn a_copy_is_reported_once_an_answer(db: &Fixture) {
    add_person(db, "alice").await;
    let passkeys = db.store.passkeys();
    passkeys.add(passkey("alice", "a"), answered("made"), by("alice"), untold()).await.unwrap();
    let tries = (0..20).map(|_| {
        let (store, times) = (db.store.clone(), (now(), TimeDelta::hours(1)));
        tokio::spawn(async move {
            let told = (vec![event(Event::PasskeyCloned { known: 7 })], vec![]);
            store.passkeys().copied(PasskeyId::from("a"), answered("one"), times, told).await.unwrap()
        })
    });
    let mut reported = 0;
    for attempt in Vec::from_iter(tries) {
        reported += u32::from(attempt.await.unwrap() == Committed::Yes);
    }
    assert_eq!((reported, db.events().await), (1, vec!["passkey_cloned".to_owned()]));
    // Nor is it an answer to anything else.
    assert_eq!(passkeys.used(passkey("alice", "a"), answered("one"), used()).await, Ok(Committed::Stale));
}

pub async fn of_passkeys_made_at_once_no_more_are_kept_than_there_may_be(db: &Fixture) {
    add_person(db, "alice").await;
    let tries = (0..30).map(|number: u32| {
        let (store, id) = (db.store.clone(), number.to_string());
        tokio::spawn(async move {
            store.passkeys().add(passkey("alice", &id), answered(&id), by("alice"), untold()).await
        })
    });
    let mut outcomes = Vec::new();
    for attempt in Vec::from_iter(tries) {
        outcomes.push(attempt.await.unwrap().unwrap());
    }
    let count = |outcome| outcomes.iter().filter(|added| **added == outcome).count();
    assert_eq!((count(PasskeyAdded::Yes), count(PasskeyAdded::TooMany)), (20, 10), "{outcomes:?}");
    assert_eq!(db.store.passkeys().of(&alice()).await.unwrap().len(), 20);
}

pub fn answered(challenge: &str) -> Answered {
    Answered { challenge: SecretHash::of(challenge.as_bytes()), expires_at: after(600) }
}

pub async fn a_challenge_is_answered_once_by_whichever_passkey(db: &Fixture) {
    add_person(db, "alice").await;
    let passkeys = db.store.passkeys();
    let add = |id: &str, challenge: &str| {
        let told = (vec![event(Event::FactorAdded { factor: Factor::Passkey })], vec![]);
        passkeys.add(passkey("alice", id), answered(challenge), by("alice"), told)
    };
    assert_eq!(add("a", "one").await, Ok(PasskeyAdded::Yes));
    assert_eq!(add("b", "one").await, Ok(PasskeyAdded::Known));
    assert_eq!(add("a", "two").await, Ok(PasskeyAdded::Known));
    assert_eq!(add("b", "three").await, Ok(PasskeyAdded::Yes));
    let gone = passkeys.add(passkey("nobody", "c"), answered("four"), by("nobody"), untold()).await;
    assert_eq!(gone, Ok(PasskeyAdded::Overtaken));
    let tries = (0..20).map(|number| {
        let (store, id) = (db.store.clone(), if number % 2 == 0 { "a" } else { "b" });
        tokio::spawn(
            async move { store.passkeys().used(passkey("alice", id), answered("five"), used()).await },
        )
    });
    let mut accepted = 0;
    for attempt in Vec::from_iter(tries) {
        accepted += u32::from(attempt.await.unwrap() == Ok(Committed::Yes));
    }
    assert_eq!(accepted, 1);
    assert_eq!(db.events().await, ["factor_added", "factor_added", "factor_used"]);
    // Sweeping forgets it when it does not count any more.
    assert_eq!(db.store.sweep(after(600), 100).await, Ok(0));
    assert_eq!(db.store.sweep(after(601), 100).await, Ok(4));
}

pub async fn a_counter_only_rises(db: &Fixture) {
    add_person(db, "alice").await;
    let passkeys = db.store.passkeys();
    passkeys.add(passkey("alice", "a"), answered("made"), by("alice"), untold()).await.unwrap();
    let mut challenges = 0;
    let mut sign = async |counter| {
        challenges += 1;
        let last_used_at = Some(after(challenges));
        let used = PasskeyRow { counter, last_used_at, synchronised: true, ..passkey("alice", "a") };
        passkeys.used(used, answered(&challenges.to_string()), vec![]).await.unwrap()
    };
    // One that does not count may begin to, and then goes on.
    for (counter, outcome) in [
        (0, Committed::Yes),
        (0, Committed::Yes),
        (7, Committed::Yes),
        (7, Committed::SubjectGone),
        (0, Committed::SubjectGone),
        (6, Committed::SubjectGone),
        (u32::MAX, Committed::Yes),
    ] {
        assert_eq!(sign(counter).await, outcome, "{counter}");
    }
    let kept = passkeys.by_credential(b"credential a").await.unwrap().unwrap();
    let expected = PasskeyRow {
        counter: u32::MAX,
        synchronised: true,
        last_used_at: Some(after(7)),
        ..passkey("alice", "a")
    };
    assert_eq!(kept, expected);
}

pub async fn a_passkey_is_its_owners_alone(db: &Fixture) {
    let (alice, mallory) = (alice(), UserId::from("mallory"));
    for name in ["alice", "mallory"] {
        add_person(db, name).await;
    }
    let passkeys = db.store.passkeys();
    passkeys.add(passkey("alice", "a"), answered("one"), by("alice"), untold()).await.unwrap();
    passkeys.add(passkey("alice", "b"), answered("two"), by("alice"), untold()).await.unwrap();
    db.store
        .recovery_codes()
        .replace((alice.clone(), by("alice")), vec![SecretHash::of(b"one")], now(), untold())
        .await
        .unwrap();
    let rename = |user: &UserId, id: &str| {
        passkeys.rename(
            user.clone(),
            PasskeyId::from(id),
            "Key".to_owned(),
            vec![event(Event::PasskeyRenamed)],
        )
    };
    let remove =
        |user: &UserId, id: &str| passkeys.remove(removal(user.as_str()), PasskeyId::from(id), untold());
    assert_eq!(rename(&mallory, "a").await, Ok(Committed::Stale));
    assert_eq!(remove(&mallory, "a").await, Ok(Removed::Unknown));
    assert_eq!(rename(&alice, "a").await, Ok(Committed::Yes));
    let names: Vec<_> = passkeys.of(&alice).await.unwrap().into_iter().map(|row| row.name).collect();
    assert_eq!(
        (names, passkeys.of(&mallory).await.unwrap()),
        (vec!["Key".to_owned(), "Phone".to_owned()], vec![])
    );
    assert_eq!(remove(&alice, "a").await, Ok(Removed::Yes));
    let enrolled = async || db.store.factors().enrolled(&alice).await.unwrap();
    assert_eq!(enrolled().await, Enrolled { passkey: true, recovery_codes: 1, ..Enrolled::default() });
    assert_eq!(remove(&alice, "b").await, Ok(Removed::Yes));
    assert_eq!(enrolled().await, Enrolled::default());
    assert_eq!(db.events().await, ["passkey_renamed"]);
}

pub async fn a_mailed_code_stands_so_many_guesses_and_is_used_once(db: &Fixture) {
    add_person(db, "alice").await;
    let codes = db.store.email_codes();
    let sent = |user: &str, code: &[u8]| SentCode {
        user_id: UserId::from(user),
        address: "alice@example.test".to_owned(),
        code: code.to_vec(),
    };
    let times = (now(), after(600));
    assert_eq!(codes.put(sent("alice", b"old"), times, untold()).await, Ok(Committed::Yes));
    assert_eq!(codes.put(sent("nobody", b"old"), times, untold()).await, Ok(Committed::SubjectGone));
    let tries = (0..20).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move { store.email_codes().guess(alice(), after(1), 5).await.unwrap() })
    });
    let mut compared = 0;
    for attempt in Vec::from_iter(tries) {
        compared += u32::from(attempt.await.unwrap().is_some());
    }
    assert_eq!(compared, 5);
    // A newer one may be guessed at again, and is the only one that can be used.
    assert_eq!(codes.put(sent("alice", b"new"), times, untold()).await, Ok(Committed::Yes));
    assert_eq!(codes.guess(alice(), after(1), 5).await, Ok(Some(sent("alice", b"new"))));
    assert_eq!(codes.guess(alice(), after(600), 5).await, Ok(None));
    assert_eq!(codes.spend(sent("alice", b"old"), used()).await, Ok(Committed::Stale));
    assert_eq!(codes.spend(sent("alice", b"new"), used()).await, Ok(Committed::Yes));
    assert_eq!(codes.spend(sent("alice", b"new"), used()).await, Ok(Committed::Stale));
    assert_eq!(db.events().await, ["factor_used"]);
    codes.put(sent("alice", b"swept"), times, untold()).await.unwrap();
    assert_eq!((db.store.sweep(after(600), 9).await, db.store.sweep(after(601), 9).await), (Ok(0), Ok(1)));
}

pub async fn a_remembered_browser_goes_with_a_factor_or_the_password(db: &Fixture) {
    add_person(db, "alice").await;
    let devices = db.store.remembered_devices();
    let secret = SecretHash::of(b"secret");
    let device = |user: &str, id: &str| RememberedDevice {
        id: DeviceId::from(id),
        user_id: UserId::from(user),
        created_at: now(),
        expires_at: after(600),
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: Some("Firefox".to_owned()),
    };
    let gone = devices.remember(device("nobody", "x"), SecretHash::of(b"x"), vec![]).await;
    assert_eq!(gone, Ok(Committed::SubjectGone));
    let remember = async || {
        let told = vec![event(Event::DeviceRemembered)];
        assert_eq!(devices.remember(device("alice", "a"), secret, told).await, Ok(Committed::Yes));
        assert_eq!(devices.of(&alice(), after(1)).await.unwrap(), [device("alice", "a")]);
        assert_eq!(devices.since(&alice(), &secret, after(599)).await, Ok(Some(now())));
    };
    let is_gone = async || devices.since(&alice(), &secret, after(1)).await == Ok(None);
    remember().await;
    assert_eq!(devices.since(&alice(), &secret, after(600)).await, Ok(None));
    db.store.totp().put(totp("alice", b"a", 1), None, by("alice"), untold()).await.unwrap();
    assert!(is_gone().await);
    remember().await;
    db.store.totp().remove(removal("alice"), untold()).await.unwrap();
    assert!(is_gone().await);
    remember().await;
    let hash = Secret::new("$argon2id$new".to_owned());
    db.store.users().set_password(alice(), hash, now(), untold()).await.unwrap();
    assert!(is_gone().await);
    remember().await;
    let mallory = devices.forget(UserId::from("mallory"), Some(DeviceId::from("a")), vec![]).await;
    assert_eq!((mallory, is_gone().await), (Ok(Committed::Stale), false));
    assert_eq!(devices.forget(alice(), Some(DeviceId::from("a")), vec![]).await, Ok(Committed::Yes));
    assert_eq!(devices.forget(alice(), None, vec![]).await, Ok(Committed::Stale));
    remember().await;
    assert_eq!((db.store.sweep(after(600), 9).await, db.store.sweep(after(601), 9).await), (Ok(0), Ok(1)));
}

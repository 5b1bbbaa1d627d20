//! What a second factor is set up by.

use crate::factors::{add_person, alice, answered, by, passkey, removal, totp, untold};
use crate::fixture::{Fixture, after, now};
use signet_protocol::id::{InteractionId, PasskeyId, SessionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::PartialSignIn;
use signet_store::{
    Committed, Grounds, NewPartial, PasskeyAdded, PasskeyRow, Removal, Removed, Standing, TotpRow,
};

pub async fn nothing_is_enrolled_by_a_sign_in_that_has_ended(db: &Fixture) {
    add_person(db, "alice").await;
    add_person(db, "mallory").await;
    let begin = async |secret: &[u8]| {
        let partial = PartialSignIn { user_id: alice(), tx: InteractionId::from("tx"), at: now() };
        let (secret_hash, expires_at) = (SecretHash::of(secret), after(600));
        let new = NewPartial { partial, secret_hash, expires_at, verified: None, replaces: None };
        assert_eq!(db.store.partials().begin(new, vec![]).await, Ok(Committed::Yes));
    };
    let half = |secret: &[u8]| Grounds { standing: Standing::Half(SecretHash::of(secret)), first: true };
    let session = |sid: &str, secret: &[u8]| Grounds {
        standing: Standing::Session(SessionId::from(sid), SecretHash::of(secret)),
        first: false,
    };
    let refuses = async |grounds: Grounds, at: i64| {
        let app = TotpRow { created_at: after(at), ..totp("alice", b"a", 1) };
        let put = db.store.totp().put(app, None, grounds.clone(), untold()).await;
        let key = PasskeyRow { created_at: after(at), ..passkey("alice", "a") };
        let add = db.store.passkeys().add(key, answered("refused"), grounds, untold()).await;
        (put, add) == (Ok(Committed::SubjectGone), Ok(PasskeyAdded::Overtaken))
    };
    begin(b"one").await;
    assert!(refuses(half(b"another"), 0).await);
    assert!(refuses(half(b"one"), 600).await, "it has expired");
    assert!(refuses(session("alice", b"renewed"), 0).await);
    assert!(refuses(session("alice", b"alice"), 36_000).await, "it has expired");
    assert!(refuses(session("mallory", b"mallory"), 0).await, "it is somebody else's");
    let hash = Secret::new("$argon2id$new".to_owned());
    db.store.users().set_password(alice(), hash, now(), untold()).await.unwrap();
    assert!(refuses(half(b"one"), 0).await);
    assert!(refuses(session("alice", b"alice"), 0).await);
    begin(b"two").await;
    let put = db.store.totp().put(totp("alice", b"a", 1), None, half(b"two"), untold()).await;
    assert_eq!(put, Ok(Committed::Yes));
    assert!(refuses(half(b"two"), 0).await, "it is not the first one any more");
}

pub async fn of_first_factors_set_up_at_once_one_is_kept(db: &Fixture) {
    add_person(db, "alice").await;
    let tries = (0..10_u8).map(|number| {
        let (store, first) = (db.store.clone(), Grounds { first: true, ..by("alice") });
        tokio::spawn(async move {
            let key = passkey("alice", &number.to_string());
            match number % 2 {
                0 => {
                    let put = store.totp().put(totp("alice", &[number], 1), None, first, untold());
                    put.await.unwrap() == Committed::Yes
                }
                _ => {
                    let add = store.passkeys().add(key, answered(&number.to_string()), first, untold());
                    add.await.unwrap() == PasskeyAdded::Yes
                }
            }
        })
    });
    let mut kept = 0;
    for attempt in Vec::from_iter(tries) {
        kept += u32::from(attempt.await.unwrap());
    }
    let enrolled = db.store.factors().enrolled(&alice()).await.unwrap();
    assert_eq!((kept, u8::from(enrolled.totp) + u8::from(enrolled.passkey)), (1, 1));
}

pub async fn the_last_factor_that_must_stay_stays_also_when_all_are_removed_at_once(db: &Fixture) {
    for round in 0..5 {
        let name = format!("alice{round}");
        add_person(db, &name).await;
        let (id, key) = (name.clone(), format!("key{round}"));
        db.store.totp().put(totp(&name, b"a", 1), None, by(&name), untold()).await.unwrap();
        db.store.passkeys().add(passkey(&id, &key), answered(&key), by(&name), untold()).await.unwrap();
        let tries = (0..10).map(|number| {
            let (store, key) = (db.store.clone(), PasskeyId::from(key.as_str()));
            let removal = Removal { keeps_one: true, ..removal(&name) };
            tokio::spawn(async move {
                match number % 2 {
                    0 => store.totp().remove(removal, untold()).await,
                    _ => store.passkeys().remove(removal, key, untold()).await,
                }
            })
        });
        let mut outcomes = Vec::new();
        for attempt in Vec::from_iter(tries) {
            outcomes.push(attempt.await.unwrap().unwrap());
        }
        let count = |outcome| outcomes.iter().filter(|found| **found == outcome).count();
        assert_eq!((count(Removed::Yes), count(Removed::Overtaken)), (1, 0), "{outcomes:?}");
        let enrolled = db.store.factors().enrolled(&UserId::from(name.as_str())).await.unwrap();
        assert!(enrolled.totp != enrolled.passkey, "{enrolled:?}");
    }
}

pub async fn no_factor_is_removed_and_no_code_made_by_a_session_that_has_ended(db: &Fixture) {
    add_person(db, "alice").await;
    db.store.totp().put(totp("alice", b"a", 1), None, by("alice"), untold()).await.unwrap();
    db.store.passkeys().add(passkey("alice", "a"), answered("one"), by("alice"), untold()).await.unwrap();
    let standing = Standing::Session(SessionId::from("alice"), SecretHash::of(b"renewed"));
    let grounds = Grounds { standing, first: false };
    let gone = || Removal { grounds: grounds.clone(), ..removal("alice") };
    assert_eq!(db.store.totp().remove(gone(), untold()).await, Ok(Removed::Overtaken));
    let key = PasskeyId::from("a");
    assert_eq!(db.store.passkeys().remove(gone(), key, untold()).await, Ok(Removed::Overtaken));
    let codes = vec![SecretHash::of(b"one")];
    let made = db.store.recovery_codes().replace((alice(), grounds.clone()), codes, now(), untold()).await;
    assert_eq!(made, Ok(Committed::SubjectGone));
    let enrolled = db.store.factors().enrolled(&alice()).await.unwrap();
    assert!(enrolled.totp && enrolled.passkey && enrolled.recovery_codes == 0, "{enrolled:?}");
}

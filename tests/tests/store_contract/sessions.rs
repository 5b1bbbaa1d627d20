//! Browser sessions.

use crate::fixture::{Fixture, after, authentication, event, now, session};
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::id::{InteractionId, SessionId};
use signet_protocol::secret::SecretHash;
use signet_protocol::session::{Acr, Authentication, Session};
use signet_store::{Committed, NewSession, Reauthentication};

pub async fn sign_out_ends_what_was_granted_for_the_session_and_tells_every_node(db: &Fixture) {
    db.with_alice().await;
    let bound = db.add_grant("bound", false).await;
    let offline = db.add_grant("offline", true).await;
    let before = db.store.changes().latest_seq().await.unwrap();

    let told = vec![event(Event::SessionEnded { reason: "signed_out" })];
    let sid = SessionId::from("sid");
    let changes = db.store.sessions().end(sid.clone(), now(), "signed_out", told.clone()).await.unwrap();
    let expected = Change::GrantRevoked { grant_id: bound.id.clone(), expires_at: after(600) };
    assert_eq!(changes, std::slice::from_ref(&expected));
    assert_eq!(db.reload(&bound).await.revoked_at, Some(now()));
    assert_eq!(db.reload(&offline).await.revoked_at, None);
    let feed = db.store.changes().since(before, after(1)).await.unwrap();
    assert_eq!(feed.into_iter().map(|(_, change)| change).collect::<Vec<_>>(), [expected]);
    assert_eq!(db.events().await, ["grant_revoked", "session_ended"]);

    // Once is enough.
    assert_eq!(db.store.sessions().end(sid, now(), "signed_out", told).await.unwrap(), []);
    assert_eq!(db.events().await.len(), 2);
}

pub async fn a_new_secret_replaces_the_old_one(db: &Fixture) {
    db.with_alice().await;
    let (old, new) = (SecretHash::of(b"sid"), SecretHash::of(b"new"));
    let stronger = Authentication { auth_time: after(5), acr: Acr::Aal2, ..authentication() };
    let again = |old, new| {
        let session = Session {
            authentication: stronger.clone(),
            authenticated_in: Some(InteractionId::from("tx-2")),
            ..session("alice", "sid").session
        };
        let change = Reauthentication { session, old, new, verified: None, completes: None, now: after(5) };
        db.store.sessions().reauthenticate(change, vec![])
    };
    assert_eq!(again(old, new).await, Ok(Committed::Yes));
    assert!(db.store.sessions().by_secret(&old, after(6)).await.unwrap().is_none());
    let (found, alice) = db.store.sessions().by_secret(&new, after(6)).await.unwrap().unwrap();
    assert_eq!(found.authentication, stronger);
    assert_eq!(found.authenticated_in, Some(InteractionId::from("tx-2")));
    assert_eq!(alice.username, "alice");
    // A second tab that still has the old secret.
    assert_eq!(again(old, SecretHash::of(b"other")).await, Ok(Committed::Stale));
}

pub async fn an_idle_expired_or_ended_session_is_not_found(db: &Fixture) {
    db.with_alice().await;
    let secret = SecretHash::of(b"sid");
    let found = async |moment| db.store.sessions().by_secret(&secret, moment).await.unwrap().is_some();
    assert!(found(after(3_599)).await);
    assert!(!found(after(3_600)).await);
    for hour in 1..11 {
        db.store.sessions().touch(SessionId::from("sid"), after(hour * 3_500)).await.unwrap();
    }
    assert!(found(after(35_999)).await);
    // Its absolute end comes however much it is used.
    assert!(!found(after(36_000)).await);
    db.store.sessions().end(SessionId::from("sid"), after(10), "signed_out", vec![]).await.unwrap();
    assert!(!found(after(35_999)).await);
}

pub async fn signing_in_as_someone_else_ends_the_session_before(db: &Fixture) {
    db.with_alice().await;
    db.add_user("bob").await;
    let bound = db.add_grant("bound", false).await;
    let new = NewSession { ends: Some(SessionId::from("sid")), ..session("bob", "sid-2") };
    let begun = db.store.sessions().begin(new, vec![]).await.unwrap();
    assert_eq!(begun.committed, Committed::Yes);
    assert_eq!(begun.changes, [Change::GrantRevoked { grant_id: bound.id, expires_at: after(600) }]);
    assert!(db.store.sessions().by_secret(&SecretHash::of(b"sid"), now()).await.unwrap().is_none());
    let (_, user) = db.store.sessions().by_secret(&SecretHash::of(b"sid-2"), now()).await.unwrap().unwrap();
    assert_eq!(user.username, "bob");
}

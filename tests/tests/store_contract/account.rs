//! What belongs to one person is theirs alone to see and to end.

use crate::fixture::{Fixture, after, code, event, now, user};
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::change::Change;
use signet_protocol::id::{ClientId, SessionId, UserId};
use signet_protocol::scope::Scope;
use signet_protocol::user::Profile;
use signet_store::{Account, Committed};

const WHY: &str = "ended_by_user";

fn of<'a>(db: &'a Fixture, name: &str) -> Account<'a> {
    db.store.account(&UserId::from(name))
}

async fn sids(account: &Account<'_>) -> Vec<String> {
    let sessions = account.sessions(after(1)).await.unwrap();
    sessions.into_iter().map(|own| own.session.sid.to_string()).collect()
}

pub async fn another_persons_session_is_neither_seen_nor_ended(db: &Fixture) {
    db.with_alice().await.add_user("bob").await;
    db.add_session("bob", "sid-bob").await;
    let (alice, bob) = (of(db, "alice"), of(db, "bob"));
    assert_eq!((sids(&alice).await, sids(&bob).await), (vec!["sid".to_owned()], vec!["sid-bob".to_owned()]));

    let why = || (WHY, Origin::default());
    let ended = alice.end_session(SessionId::from("sid-bob"), after(1), why()).await.unwrap();
    assert_eq!((ended.sids, ended.changes), (vec![], vec![]));
    let ended = alice.end_other_sessions(SessionId::from("sid"), after(1), why()).await.unwrap();
    assert_eq!(ended.sids, []);
    assert_eq!(sids(&bob).await, ["sid-bob"]);
    assert_eq!(db.events().await, [""; 0]);
}

pub async fn ending_the_other_sessions_keeps_this_one_and_its_grants(db: &Fixture) {
    db.with_alice().await;
    let (own, offline) = (db.add_grant("own", false).await, db.add_grant("offline", true).await);
    db.add_session("alice", "sid-2").await;
    db.add_session("alice", "sid-3").await;
    let alice = of(db, "alice");
    let why = (WHY, Origin::default());
    let mut ended = alice.end_other_sessions(SessionId::from("sid"), after(1), why.clone()).await.unwrap();
    ended.sids.sort();
    assert_eq!(ended.sids, [SessionId::from("sid-2"), SessionId::from("sid-3")]);
    assert_eq!(sids(&alice).await, ["sid"]);
    assert_eq!(db.reload(&own).await.revoked_at, None);

    // And from another session the first one goes, with what hung on it.
    let ended = alice.end_session(SessionId::from("sid"), after(2), why.clone()).await.unwrap();
    assert_eq!(ended.changes, [Change::GrantRevoked { grant_id: own.id, expires_at: after(600) }]);
    assert_eq!(db.reload(&offline).await.revoked_at, None);
    let expected = ["session_ended", "session_ended", "grant_revoked", "session_ended"];
    assert_eq!(db.events().await, expected);
    let again = alice.end_session(SessionId::from("sid"), after(3), why).await.unwrap();
    assert_eq!((again.sids, db.events().await.len()), (vec![], 4));
}

pub async fn withdrawing_ends_what_a_client_holds_and_might_still_get(db: &Fixture) {
    db.with_alice().await.add_user("bob").await;
    let scope = Scope::parse("openid orders:read").ok();
    let consented = db.store.codes().issue(code("first", true), scope.clone(), now(), vec![]).await;
    assert_eq!(consented, Ok(Committed::Yes));
    let offline = db.add_grant("offline", true).await;
    let bound = db.add_grant("bound", false).await;
    let (alice, bob, shop) = (of(db, "alice"), of(db, "bob"), ClientId::from("shop"));
    let had = alice.applications(after(1)).await.unwrap();
    assert_eq!((had.consents.len(), had.grants.len()), (1, 2));
    assert_eq!(bob.applications(after(1)).await.unwrap().grants.len(), 0);

    // Bob has nothing there to withdraw, and takes nothing of alice's along.
    let told = || vec![event(Event::AccessWithdrawn)];
    let not_his = bob.withdraw(shop.clone(), after(1), told()).await.unwrap();
    assert_eq!(not_his.committed, Committed::Stale);
    assert_eq!(alice.applications(after(1)).await.unwrap().grants.len(), 2);

    let withdrawn = alice.withdraw(shop.clone(), after(2), told()).await.unwrap();
    assert_eq!((withdrawn.committed, withdrawn.changes.len()), (Committed::Yes, 2));
    assert_eq!(db.reload(&offline).await.revoked_at, Some(after(2)));
    assert_eq!(db.reload(&bound).await.revoked_at, Some(after(2)));
    assert!(db.store.codes().find(&code("first", true).hash).await.unwrap().is_none());
    let left = alice.applications(after(2)).await.unwrap();
    assert_eq!((left.consents.len(), left.grants.len()), (0, 0));
    assert_eq!(db.events().await, ["grant_revoked", "grant_revoked", "access_withdrawn"]);
    assert_eq!(alice.withdraw(shop, after(3), told()).await.unwrap().committed, Committed::Stale);
}

pub async fn a_redemption_that_races_with_withdrawal_leaves_no_live_grant(db: &Fixture) {
    db.with_alice().await;
    for round in 0..10 {
        let name = format!("race-{round}");
        let hash = db.add_code(&name, true).await;
        let (alice, grant) = (of(db, "alice"), crate::fixture::grant(&name, true));
        let (redeemed, withdrawn) = tokio::join!(
            db.store.codes().redeem(hash, grant.clone(), vec![]),
            alice.withdraw(ClientId::from("shop"), after(1), vec![]),
        );
        withdrawn.unwrap();
        if redeemed == Ok(Committed::Yes) {
            assert_eq!(db.reload(&grant).await.revoked_at, Some(after(1)), "round {round}");
        }
    }
}

pub async fn a_history_is_a_persons_own_and_comes_in_pages(db: &Fixture) {
    let about = |name: &str, event| AuditEvent {
        at: now(),
        origin: Origin::default(),
        subjects: Subjects { user_id: Some(UserId::from(name)), ..Subjects::default() },
        event,
    };
    let mut events = vec![event(Event::ServerStopped), about("bob", Event::PasswordRehashed)];
    for count in 1..=5 {
        events.push(about("alice", Event::SignInFailed { reason: "password", count }));
        events.push(about("alice", Event::PasswordRehashed));
    }
    db.store.audit().record(events).await.unwrap();
    let alice = of(db, "alice");
    let first = alice.history(None, &["sign_in_failed"], 3).await.unwrap();
    assert_eq!(
        first.iter().map(|event| event.details["count"].as_u64()).collect::<Vec<_>>(),
        [5, 4, 3].map(Some)
    );
    let next = alice.history(first.last().map(|event| event.id), &["sign_in_failed"], 3).await.unwrap();
    assert_eq!(
        next.iter().map(|event| event.details["count"].as_u64()).collect::<Vec<_>>(),
        [2, 1].map(Some)
    );
    assert_eq!(alice.history(None, &[], 100).await.unwrap().len(), 10);
    assert_eq!(of(db, "bob").history(None, &[], 100).await.unwrap().len(), 1);
}

pub async fn a_profile_is_changed_only_from_what_it_was(db: &Fixture) {
    db.add_user("alice").await;
    let alice = of(db, "alice");
    let named = |name: &str| Profile { name: Some(name.to_owned()), ..Profile::default() };
    let told = || vec![event(Event::UserChanged { by: "self", fields: vec!["name".to_owned()] })];
    assert_eq!(alice.change_profile(named("A"), now(), after(1), told()).await, Ok(Committed::Yes));
    // A page that was made before that.
    assert_eq!(alice.change_profile(named("B"), now(), after(2), told()).await, Ok(Committed::Stale));
    db.store.users().set_disabled(UserId::from("alice"), true, after(3), vec![]).await.unwrap();
    assert_eq!(
        alice.change_profile(named("C"), after(3), after(4), told()).await,
        Ok(Committed::SubjectGone)
    );
    let found = db.store.users().get(&user("alice").id).await.unwrap().unwrap();
    assert_eq!(found.profile.name.as_deref(), Some("A"));
    assert_eq!(db.events().await, ["user_changed"]);
}

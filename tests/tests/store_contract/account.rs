//! What belongs to one person is theirs alone to see and to end.

use crate::fixture::{Fixture, after, code, event, now, user};
use signet_protocol::audit::{AuditEvent, Event, FieldChange, Origin, Subjects};
use signet_protocol::change::Change;
use signet_protocol::id::{ClientId, SessionId, UserId};
use signet_protocol::scope::Scope;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::{Profile, User};
use signet_store::{Account, Committed, Leaving, PasswordChange};

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
    let ended = alice.end_other_sessions(Some(SessionId::from("sid")), after(1), why()).await.unwrap();
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
    let mut ended =
        alice.end_other_sessions(Some(SessionId::from("sid")), after(1), why.clone()).await.unwrap();
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
    let told = || vec![event(Event::UserChanged { changes: vec![FieldChange::untold("name")] })];
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

pub async fn a_scheduled_deletion_ends_everything_and_lets_nothing_begin(db: &Fixture) {
    db.with_alice().await.add_user("bob").await;
    let offline = db.add_grant("offline", true).await;
    db.add_code("unspent", true).await;
    let alice = of(db, "alice");
    let told = || vec![event(Event::DeletionScheduled { at: after(100) })];
    let scheduled = alice.schedule_deletion(after(100), now(), (told(), vec![])).await.unwrap();
    assert!(matches!(scheduled, Leaving::Yes(changes) if changes.len() == 1));
    assert_eq!(alice.deletion().await, Ok(Some(after(100))));
    assert_eq!(db.reload(&offline).await.revoked_at, Some(now()));
    assert_eq!(sids(&alice).await, [""; 0]);
    // She may sign in and think again; no application gets anything meanwhile.
    db.add_session("alice", "again").await;
    let mut new = code("again", true);
    new.code.authorization.sid = SessionId::from("again");
    let issue = async |new| db.store.codes().issue(new, None, after(1), vec![]).await;
    assert_eq!(issue(new.clone()).await, Ok(Committed::SubjectGone));
    let twice = alice.schedule_deletion(after(900), after(1), (told(), vec![])).await.unwrap();
    assert_eq!(twice, Leaving::Already);

    assert_eq!(alice.cancel_deletion(vec![event(Event::DeletionCancelled)]).await, Ok(true));
    assert_eq!(alice.cancel_deletion(vec![event(Event::DeletionCancelled)]).await, Ok(false));
    assert_eq!((alice.deletion().await, issue(new).await), (Ok(None), Ok(Committed::Yes)));
    let expected = ["grant_revoked", "deletion_scheduled", "deletion_cancelled"];
    assert_eq!(db.events().await, expected);
}

pub async fn the_last_who_can_administer_stays(db: &Fixture) {
    const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "dora"];
    for id in PEOPLE {
        db.add_user(id).await;
    }
    // Neither whoever is disabled, nor a role that is only called alike, is of any help.
    let clerk = User { roles: vec!["administrators".to_owned()], ..user("erin") };
    assert_eq!(db.store.users().create(clerk, None, vec![]).await, Ok(Committed::Yes));
    db.store.users().set_disabled(UserId::from("dora"), true, now(), vec![]).await.unwrap();
    let leave = async |id| of(db, id).schedule_deletion(after(100), now(), (vec![], vec![])).await.unwrap();
    let outcomes = futures_util::future::join_all(PEOPLE[..3].iter().map(|id| leave(id))).await;
    let stayed = outcomes.iter().filter(|outcome| **outcome == Leaving::LastAdministrator).count();
    assert_eq!(stayed, 1, "{outcomes:?}");
    assert!(matches!(leave("erin").await, Leaving::Yes(_)));
}

pub async fn the_last_owner_stays_whoever_else_administers(db: &Fixture) {
    let owns = |name: &str, roles: &[&str]| User {
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        ..user(name)
    };
    let leave = async |id| of(db, id).schedule_deletion(after(100), now(), (vec![], vec![])).await.unwrap();
    // Whoever is called alike, or may do less, does not own it.
    let people =
        [("alice", &["signet:owner"][..]), ("bob", &["signet:owner"]), ("carol", &["my-signet:owner"])];
    for (name, roles) in people {
        assert_eq!(db.store.users().create(owns(name, roles), None, vec![]).await, Ok(Committed::Yes));
    }
    let outcomes = tokio::join!(leave("alice"), leave("bob"));
    let stayed = [&outcomes.0, &outcomes.1].map(|outcome| *outcome == Leaving::LastAdministrator);
    assert!(stayed[0] != stayed[1], "{outcomes:?}");
    let last = if stayed[0] { "alice" } else { "bob" };
    db.add_user("dora").await;
    assert_eq!(leave(last).await, Leaving::LastAdministrator, "an administrator is no owner");
}

pub async fn an_account_is_removed_when_its_time_has_come_and_not_before(db: &Fixture) {
    db.with_alice().await.add_user("bob").await;
    db.add_grant("offline", true).await;
    let (alice, id) = (of(db, "alice"), UserId::from("alice"));
    alice.schedule_deletion(after(100), now(), (vec![], vec![])).await.unwrap();
    let users = db.store.users();
    assert_eq!(users.due_for_deletion(after(99), 10).await, Ok(vec![]));
    let early = users.remove_due(id.clone(), after(99), vec![]).await.unwrap();
    assert_eq!(early.committed, Committed::SubjectGone);
    assert_eq!(users.due_for_deletion(after(100), 10).await, Ok(vec![id.clone()]));
    // Whoever keeps it at the last moment has kept it.
    alice.cancel_deletion(vec![]).await.unwrap();
    let kept = users.remove_due(id.clone(), after(100), vec![]).await.unwrap();
    assert_eq!(kept.committed, Committed::SubjectGone);

    alice.schedule_deletion(after(100), now(), (vec![], vec![])).await.unwrap();
    let told = vec![event(Event::UserRemoved)];
    let removed = users.remove_due(id.clone(), after(100), told).await.unwrap();
    assert_eq!(removed.committed, Committed::Yes);
    assert!(users.get(&id).await.unwrap().is_none() && users.any().await.unwrap());
    assert_eq!(alice.all_sessions().await.unwrap().len(), 0);
    assert_eq!(alice.all_grants().await.unwrap().len(), 0);
}

pub async fn records_are_a_persons_own_whether_they_have_ended_or_not(db: &Fixture) {
    db.with_alice().await.add_user("bob").await;
    db.add_session("bob", "sid-bob").await;
    db.add_grant("offline", true).await;
    let (alice, bob) = (of(db, "alice"), of(db, "bob"));
    alice.end_session(SessionId::from("sid"), after(1), (WHY, Origin::default())).await.unwrap();
    let sessions = alice.all_sessions().await.unwrap();
    assert_eq!(sessions.iter().map(|own| own.ended_at).collect::<Vec<_>>(), [Some(after(1))]);
    assert_eq!((alice.all_grants().await.unwrap().len(), bob.all_grants().await.unwrap().len()), (1, 0));
    assert_eq!(bob.all_sessions().await.unwrap().len(), 1);
}

pub async fn a_new_password_keeps_its_own_session_under_a_new_secret_and_ends_the_rest(db: &Fixture) {
    db.with_alice().await.add_user("bob").await;
    db.add_session("alice", "sid-2").await;
    db.add_session("bob", "sid-bob").await;
    let (own, offline) = (db.add_grant("own", false).await, db.add_grant("offline", true).await);
    db.add_code("unspent", true).await;
    let alice = of(db, "alice");
    let change = PasswordChange {
        password_hash: Secret::new("$argon2id$new".to_owned()),
        verified: Some(Secret::new("$argon2id$old".to_owned())),
        sid: SessionId::from("sid"),
        old: SecretHash::of(b"sid"),
        new: SecretHash::of(b"renewed"),
        now: after(1),
    };
    let told = || (vec![event(Event::PasswordChanged { by: "self" })], vec![]);
    // Another's session, a secret that was renewed, a hash that is no longer theirs.
    for wrong in [
        PasswordChange { sid: SessionId::from("sid-bob"), old: SecretHash::of(b"sid-bob"), ..change.clone() },
        PasswordChange { old: SecretHash::of(b"stolen"), ..change.clone() },
        PasswordChange { verified: Some(Secret::new("$argon2id$other".to_owned())), ..change.clone() },
        PasswordChange { verified: None, ..change.clone() },
    ] {
        assert_eq!(alice.change_password(wrong, told()).await.unwrap().committed, Committed::Stale);
    }
    assert_eq!(sids(&alice).await.len(), 2);

    let written = alice.change_password(change.clone(), told()).await.unwrap();
    assert_eq!((written.committed, written.changes.len()), (Committed::Yes, 2));
    let by_secret =
        async |secret: &[u8]| db.store.sessions().by_secret(&SecretHash::of(secret), after(2)).await;
    assert!(by_secret(b"sid").await.unwrap().is_none() && by_secret(b"sid-2").await.unwrap().is_none());
    let (session, user) = by_secret(b"renewed").await.unwrap().unwrap();
    assert_eq!(
        (session.sid, user.password_hash.unwrap().expose().as_str()),
        (SessionId::from("sid"), "$argon2id$new")
    );
    assert!(by_secret(b"sid-bob").await.unwrap().is_some());
    for grant in [&own, &offline] {
        assert_eq!(db.reload(grant).await.revoked_at, Some(after(1)));
    }
    assert!(db.store.codes().find(&SecretHash::of(b"unspent")).await.unwrap().is_none());
    let expected = ["session_ended", "grant_revoked", "grant_revoked", "password_changed"];
    assert_eq!(db.events().await, expected);
    assert_eq!(alice.change_password(change, told()).await.unwrap().committed, Committed::Stale);
}

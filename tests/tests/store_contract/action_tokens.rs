//! Links that were sent by mail: each once, and only as long as what it was made for is so.

use crate::fixture::{Fixture, after, event, now, user};
use futures_util::future::join_all;
use serde_json::json;
use signet_protocol::audit::Event;
use signet_protocol::id::UserId;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;
use signet_store::{ActionPurpose, Committed, Joined, NewActionToken};

fn hash(name: &str) -> SecretHash {
    SecretHash::of(name.as_bytes())
}

fn alice() -> UserId {
    UserId::from("alice")
}

fn link(name: &str, purpose: ActionPurpose, user: Option<User>, address: &str) -> NewActionToken {
    NewActionToken {
        hash: hash(name),
        purpose,
        user,
        address: address.to_owned(),
        details: json!({"name": "Alice"}),
        created_at: now(),
        expires_at: after(1800),
    }
}

async fn issue(db: &Fixture, name: &str, purpose: ActionPurpose) -> Committed {
    let user = db.store.users().get(&alice()).await.unwrap().unwrap();
    let address = user.email.clone().unwrap();
    db.store.action_tokens().issue(link(name, purpose, Some(user), &address), (vec![], vec![])).await.unwrap()
}

async fn reset(db: &Fixture, name: &str, seconds: i64) -> Committed {
    let new = Secret::new(format!("$argon2id${name}"));
    let told = (vec![event(Event::PasswordChanged { by: "link" })], vec![]);
    db.store.action_tokens().reset_password(hash(name), new, after(seconds), told).await.unwrap().committed
}

async fn is_open(db: &Fixture, name: &str) -> bool {
    db.store.action_tokens().find(&hash(name), now()).await.unwrap().is_some()
}

async fn change_alice(db: &Fixture, change: impl FnOnce(&mut User)) {
    let mut user = db.store.users().get(&alice()).await.unwrap().unwrap();
    change(&mut user);
    assert_eq!(db.store.users().update(user, None, vec![]).await, Ok(Committed::Yes));
}

pub async fn a_reset_link_works_once_and_ends_what_the_old_password_let_in(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", true).await;
    assert_eq!(issue(db, "one", ActionPurpose::ResetPassword).await, Committed::Yes);
    let found = db.store.action_tokens().find(&hash("one"), now()).await.unwrap().unwrap();
    assert_eq!((found.purpose, found.user.unwrap().id), (ActionPurpose::ResetPassword, alice()));
    assert_eq!((found.address.as_str(), found.details), ("alice@example.test", json!({"name": "Alice"})));

    let attempts = (0..10).map(|_| reset(db, "one", 1));
    let outcomes = join_all(attempts).await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Committed::Yes).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Committed::Yes | Committed::Stale)));
    assert!(!is_open(db, "one").await);
    assert!(db.reload(&grant).await.revoked_at.is_some());
    let user = db.store.users().get(&alice()).await.unwrap().unwrap();
    assert_eq!(user.password_hash.unwrap().expose(), "$argon2id$one");
    assert_eq!(db.events().await.iter().filter(|event| *event == "password_changed").count(), 1);
}

pub async fn a_link_dies_with_what_it_was_made_for(db: &Fixture) {
    db.add_user("alice").await;
    // A newer one takes its place.
    issue(db, "older", ActionPurpose::ResetPassword).await;
    issue(db, "newer", ActionPurpose::ResetPassword).await;
    assert_eq!((is_open(db, "older").await, is_open(db, "newer").await), (false, true));
    // Of another kind it does not.
    issue(db, "verify", ActionPurpose::VerifyEmail).await;
    assert!(is_open(db, "newer").await);
    // The password was replaced otherwise.
    let told = (vec![], vec![]);
    let changed = Secret::new("$argon2id$changed".to_owned());
    db.store.users().set_password(alice(), changed, now(), told).await.unwrap();
    assert!(!is_open(db, "newer").await);
    assert_eq!(reset(db, "newer", 1).await, Committed::Stale);
    assert!(!is_open(db, "verify").await, "whoever asked for it may have had the old password");
    issue(db, "verify", ActionPurpose::VerifyEmail).await;
    // The address is another one; its letters' case is not.
    issue(db, "address", ActionPurpose::ResetPassword).await;
    change_alice(db, |user| user.email = Some("Alice@Example.test".to_owned())).await;
    assert!(is_open(db, "address").await && is_open(db, "verify").await);
    change_alice(db, |user| user.email = Some("alice@elsewhere.test".to_owned())).await;
    assert!(!is_open(db, "address").await && !is_open(db, "verify").await);
    assert_eq!(reset(db, "address", 1).await, Committed::Stale);
    assert_eq!(
        db.store.action_tokens().verify_email(hash("verify"), now(), vec![]).await,
        Ok(Committed::Stale)
    );
    // The user is disabled.
    issue(db, "disabled", ActionPurpose::ResetPassword).await;
    db.store.users().set_disabled(alice(), true, now(), vec![]).await.unwrap();
    assert!(!is_open(db, "disabled").await);
    assert_eq!(reset(db, "disabled", 1).await, Committed::Stale);
    assert_eq!(issue(db, "again", ActionPurpose::ResetPassword).await, Committed::SubjectGone);
}

pub async fn a_link_is_good_for_its_time_and_its_own_thing(db: &Fixture) {
    db.add_user("alice").await;
    change_alice(db, |user| user.email_verified = false).await;
    issue(db, "verify", ActionPurpose::VerifyEmail).await;
    assert_eq!(reset(db, "verify", 1).await, Committed::Stale);
    let tokens = db.store.action_tokens();
    assert_eq!(tokens.join(hash("verify"), user("bob"), now(), vec![]).await, Ok(Joined::LinkGone));
    assert_eq!(tokens.verify_email(hash("verify"), after(1800), vec![]).await, Ok(Committed::Stale));
    assert_eq!(tokens.verify_email(hash("verify"), after(1799), vec![]).await, Ok(Committed::Yes));
    assert!(db.store.users().get(&alice()).await.unwrap().unwrap().email_verified);
    assert_eq!(tokens.verify_email(hash("verify"), after(1799), vec![]).await, Ok(Committed::Stale));
    issue(db, "late", ActionPurpose::ResetPassword).await;
    assert_eq!(reset(db, "late", 1800).await, Committed::Stale);
    assert_eq!(db.store.sweep(after(1801), 100).await, Ok(2));
}

pub async fn an_account_is_made_once_by_its_link(db: &Fixture) {
    db.add_user("alice").await;
    let tokens = db.store.action_tokens();
    let offered = link("offered", ActionPurpose::Invitation, None, "bob@example.test");
    assert_eq!(tokens.issue(offered, (vec![], vec![])).await, Ok(Committed::Yes));
    // A name that is taken leaves the link as it was.
    let as_alice = User { username: "Alice".to_owned(), ..user("bob") };
    assert_eq!(tokens.join(hash("offered"), as_alice, now(), vec![]).await, Ok(Joined::NameTaken));
    // It makes no account with another address.
    let elsewhere = User { email: Some("bob@elsewhere.test".to_owned()), ..user("bob") };
    let another = link("another", ActionPurpose::Registration, None, "carol@example.test");
    assert_eq!(tokens.issue(another, (vec![], vec![])).await, Ok(Committed::Yes));
    assert_eq!(tokens.join(hash("another"), elsewhere, now(), vec![]).await, Ok(Joined::LinkGone));

    let attempts = ["bob", "bobby", "robert", "bert"].map(|name| {
        let bob = User { email: Some("bob@example.test".to_owned()), ..user(name) };
        tokens.join(hash("offered"), bob, now(), vec![])
    });
    let outcomes = join_all(attempts).await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Ok(Joined::Yes)).count(), 1, "{outcomes:?}");
    let found = db.store.users().by_login("BOB@example.test").await.unwrap();
    assert!(found.is_some());
    assert_eq!(tokens.join(hash("offered"), user("dora"), now(), vec![]).await, Ok(Joined::LinkGone));
}

pub async fn nobody_joins_with_an_address_that_somebody_else_is_called_by(db: &Fixture) {
    let owner = User {
        username: "Bob@example.test".to_owned(),
        email: Some("bob@elsewhere.test".to_owned()),
        ..user("owner")
    };
    assert_eq!(db.store.users().create(owner, None, vec![]).await, Ok(Committed::Yes));
    let tokens = db.store.action_tokens();
    let offered = link("join", ActionPurpose::Registration, None, "bob@example.test");
    assert_eq!(tokens.issue(offered, (vec![], vec![])).await, Ok(Committed::Yes));
    assert_eq!(tokens.join(hash("join"), user("bob"), now(), vec![]).await, Ok(Joined::LinkGone));
}

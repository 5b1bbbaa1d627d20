//! People.

use crate::fixture::{Fixture, after, event, now, rotation, session, user};
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::id::{Jti, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{Committed, Written};

fn alice() -> UserId {
    UserId::from("alice")
}

/// What must hold once everything of alice's has ended.
async fn assert_all_ended(db: &Fixture, written: Written, offline: &signet_protocol::grant::Grant) {
    assert_eq!(written.committed, Committed::Yes);
    assert_eq!(written.changes.len(), 2);
    assert!(
        written
            .changes
            .contains(&Change::GrantRevoked { grant_id: offline.id.clone(), expires_at: after(600) })
    );
    assert!(db.store.sessions().by_secret(&SecretHash::of(b"sid"), now()).await.unwrap().is_none());
    assert_eq!(db.reload(offline).await.revoked_at, Some(now()));
    let rotated = db.store.grants().rotate(rotation(offline, 1, after(700)), vec![]).await.unwrap();
    assert_ne!(rotated, Committed::Yes);
    let unspent = db.store.codes().find(&SecretHash::of(b"unspent")).await.unwrap();
    assert!(unspent.is_none());
}

pub async fn disabling_a_user_ends_sessions_grants_and_codes(db: &Fixture) {
    db.with_alice().await;
    let offline = db.add_grant("offline", true).await;
    db.add_grant("bound", false).await;
    db.add_code("unspent", true).await;
    let written = db.store.users().set_disabled(alice(), true, now(), vec![]).await.unwrap();
    assert_all_ended(db, written, &offline).await;
    let refused = db.store.sessions().begin(session("alice", "again"), vec![]).await.unwrap();
    assert_eq!(refused.committed, Committed::SubjectGone);
    assert!(db.store.users().get(&alice()).await.unwrap().unwrap().disabled);
}

pub async fn a_password_change_ends_sessions_and_grants(db: &Fixture) {
    db.with_alice().await;
    let offline = db.add_grant("offline", true).await;
    db.add_grant("bound", false).await;
    db.add_code("unspent", true).await;
    let new = Secret::new("$argon2id$new".to_owned());
    let told = vec![event(Event::PasswordChanged { by: "user" })];
    let written = db.store.users().set_password(alice(), new, now(), (told, vec![])).await.unwrap();
    assert_all_ended(db, written, &offline).await;
    assert_eq!(db.events().await, ["grant_revoked", "grant_revoked", "password_changed"]);
    let hash = db.store.users().get(&alice()).await.unwrap().unwrap().password_hash.unwrap();
    assert_eq!(hash.expose(), "$argon2id$new");
    // She may sign in again.
    let begun = db.store.sessions().begin(session("alice", "again"), vec![]).await.unwrap();
    assert_eq!(begun.committed, Committed::Yes);
}

pub async fn a_sign_in_name_is_found_in_any_case_and_a_user_name_wins(db: &Fixture) {
    db.add_user("Alice").await;
    // Someone's user name may look like someone else's address.
    let impostor = signet_protocol::user::User { username: "ALICE@example.test".into(), ..user("mallory") };
    assert_eq!(db.store.users().create(impostor, None, vec![]).await, Ok(Committed::Yes));
    let found = async |login: &str| {
        db.store.users().by_login(login).await.unwrap().map(|user| user.id.as_str().to_owned())
    };
    assert_eq!(found("aLICE").await.as_deref(), Some("Alice"));
    assert_eq!(found("Mallory@Example.test").await.as_deref(), Some("mallory"));
    assert_eq!(found("alice@example.test").await.as_deref(), Some("mallory"));
    assert_eq!(found("nobody").await, None);
}

pub async fn a_taken_name_is_not_given_twice(db: &Fixture) {
    db.add_user("alice").await;
    db.add_user("bob").await;
    let mut other = user("carol");
    other.username = "ALICE".into();
    assert_eq!(db.store.users().create(other, None, vec![]).await, Ok(Committed::Stale));
    let mut other = user("carol");
    other.email = Some("Alice@example.test".into());
    assert_eq!(db.store.users().create(other, None, vec![]).await, Ok(Committed::Stale));

    let mut bob = user("bob");
    bob.email = Some("alice@EXAMPLE.test".into());
    assert_eq!(db.store.users().update(bob.clone(), None, vec![]).await, Ok(Committed::Stale));
    bob.email = None;
    bob.profile.name = Some("Robert".into());
    assert_eq!(db.store.users().update(bob, Some("apply".into()), vec![]).await, Ok(Committed::Yes));
    assert_eq!(db.store.users().update(user("nobody"), None, vec![]).await, Ok(Committed::SubjectGone));

    let listed = db.store.users().list().await.unwrap();
    let listed: Vec<_> =
        listed.iter().map(|user| (&*user.item.username, user.managed_by.as_deref())).collect();
    assert_eq!(listed, [("alice", None), ("bob", Some("apply"))]);
    let bob = db.store.users().get(&UserId::from("bob")).await.unwrap().unwrap();
    assert_eq!((bob.email, bob.profile.name.as_deref()), (None, Some("Robert")));
    assert_eq!(bob.password_hash.unwrap().expose(), "$argon2id$old");
}

pub async fn a_rehash_does_not_undo_a_password_change(db: &Fixture) {
    db.add_user("alice").await;
    let hash = |text: &str| Secret::new(text.to_owned());
    let rehash = |old: &str, new: &str| db.store.users().rehash(alice(), hash(old), hash(new), vec![]);
    assert_eq!(rehash("$argon2id$old", "$argon2id$stronger").await, Ok(Committed::Yes));
    assert_eq!(rehash("$argon2id$old", "$argon2id$late").await, Ok(Committed::Stale));
    let stored = db.store.users().get(&alice()).await.unwrap().unwrap().password_hash.unwrap();
    assert_eq!(stored.expose(), "$argon2id$stronger");
}

pub async fn a_removed_users_tokens_stay_revoked(db: &Fixture) {
    db.with_alice().await;
    let grant = db.add_grant("g", true).await;
    let written = db.store.users().remove(alice(), now(), vec![]).await.unwrap();
    assert_eq!(written.committed, Committed::Yes);
    assert!(db.store.users().get(&alice()).await.unwrap().is_none());
    assert!(db.store.grants().by_handle(&grant.handle).await.unwrap().is_none());
    assert!(db.store.tokens().is_revoked(&Jti::from("a token"), Some(&grant.id)).await.unwrap());
}

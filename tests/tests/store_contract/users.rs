//! People.

use crate::fixture::{Fixture, after, event, now, rotation, session, user};
use sea_orm::{ConnectionTrait as _, Database, DbBackend};
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::id::{Jti, UserId};
use signet_protocol::permission::BuiltIn;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;
use signet_store::{COUNTED, Committed, Paging, UserFilter, UserSort, UserWritten, Written};

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
    let impostor = User { username: "ALICE@example.test".into(), ..user("mallory") };
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

fn owner(name: &str) -> User {
    User { roles: vec!["signet:owner".to_owned()], ..user(name) }
}

pub async fn people_without_an_address_are_in_nobodys_way(db: &Fixture) {
    let without = |name: &str| User { email: None, email_verified: false, ..user(name) };
    for name in ["bob", "carol"] {
        assert_eq!(db.store.users().create(without(name), None, vec![]).await, Ok(Committed::Yes));
    }
    let times = (now(), after(1));
    let changed = User { username: "robert".to_owned(), ..without("bob") };
    let written = db.store.users().change(changed, times, (vec![], vec![])).await;
    assert_eq!(written, Ok(UserWritten::Yes(vec![])));
}

pub async fn a_change_is_made_to_what_was_seen_or_not_at_all(db: &Fixture) {
    db.with_alice().await.add_user("bob").await;
    let offline = db.add_grant("offline", true).await;
    let users = db.store.users();
    let called = |name: &str| User { username: name.to_owned(), ..user("alice") };
    let times = (now(), after(1));
    assert_eq!(users.change(called("BOB"), times, (vec![], vec![])).await, Ok(UserWritten::Taken));
    let seen_before = (after(-1), after(1));
    assert_eq!(users.change(called("al"), seen_before, (vec![], vec![])).await, Ok(UserWritten::Overtaken));
    let nobody = users.change(user("nobody"), times, (vec![], vec![])).await;
    assert_eq!(nobody, Ok(UserWritten::Gone));
    assert_eq!(users.change(called("al"), times, (vec![], vec![])).await, Ok(UserWritten::Yes(vec![])));
    assert_eq!(db.reload(&offline).await.revoked_at, None);
    // Two changes within one millisecond are two states.
    let disabled = User { disabled: true, ..called("al") };
    let written = users.change(disabled, (after(1), after(1)), (vec![], vec![])).await.unwrap();
    assert!(matches!(written, UserWritten::Yes(changes) if changes.len() == 1));
    assert_eq!(db.reload(&offline).await.revoked_at, Some(after(1)));
    let record = users.record(&alice()).await.unwrap().unwrap();
    assert!(record.updated_at > after(1) && record.item.user.disabled && record.created_at == now());
}

pub async fn the_last_owner_stays_whoever_else_leaves_at_the_same_moment(db: &Fixture) {
    let users = db.store.users();
    for name in ["olga", "otto"] {
        assert_eq!(users.create(owner(name), None, vec![]).await, Ok(Committed::Yes));
    }
    let times = (now(), after(1));
    let leave = |name: &str| users.change(User { roles: vec![], ..user(name) }, times, (vec![], vec![]));
    let removed = users.remove_as_seen(UserId::from("otto"), times, vec![]);
    let (one, other) = tokio::join!(leave("olga"), removed);
    let kept = [one.unwrap(), other.unwrap()];
    let last = kept.iter().filter(|written| **written == UserWritten::LastOf(BuiltIn::Owner)).count();
    assert_eq!(last, 1, "{kept:?}");
}

pub async fn people_are_listed_in_pages_each_once(db: &Fixture) {
    for name in ["alice", "Bob", "carol", "dave", "eve"] {
        db.add_user(name).await;
    }
    let users = db.store.users();
    for sort in [UserSort::Username, UserSort::Name, UserSort::CreatedAt, UserSort::UpdatedAt] {
        for descending in [false, true] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let paging = Paging { sort, descending, after, limit: 2 };
                let page = users.page(&UserFilter::default(), paging).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(sort.position(last));
                seen.extend(page.iter().map(|record| record.item.user.username.clone()));
            }
            if descending {
                seen.reverse();
            }
            let sorted = match sort {
                UserSort::Username | UserSort::Name => ["alice", "Bob", "carol", "dave", "eve"],
                // Made in one moment: by identifier.
                UserSort::CreatedAt | UserSort::UpdatedAt => ["Bob", "alice", "carol", "dave", "eve"],
            };
            assert_eq!(seen, sorted, "{sort:?}");
        }
    }
}

/// Thousands of grants, and a number of statements that does not depend on them.
pub async fn in_an_emergency_thousands_of_grants_end_in_one_entry(db: &Fixture) {
    db.with_alice().await;
    let names: Vec<String> = (0..2000).map(|index| format!("grant-{index}")).collect();
    for names in names.chunks(50) {
        futures_util::future::join_all(names.iter().map(|name| db.add_grant(name, true))).await;
    }
    db.add_code("unspent", true).await;
    assert_eq!(
        db.store.emergency().everything(now()).await,
        Ok(signet_store::Everything { sessions: 1, grants: 2000 })
    );
    let told = vec![event(Event::EverythingEnded { reason: "the key got out".to_owned() })];
    let (ended, changes) = db.store.emergency().end_everything(after(1), told).await.unwrap();
    assert_eq!((ended.sessions, ended.grants), (1, 2000));
    assert_eq!(changes, [Change::ClientsChanged]);
    assert_eq!(db.events().await, ["everything_ended"]);
    assert!(db.store.sessions().by_secret(&SecretHash::of(b"sid"), now()).await.unwrap().is_none());
    assert!(db.store.codes().find(&SecretHash::of(b"unspent")).await.unwrap().is_none());
    let client = db.store.clients().get(&"shop".into()).await.unwrap().unwrap();
    assert_eq!(client.revocation_counter, 1);
    assert_eq!(db.store.emergency().everything(after(2)).await, Ok(signet_store::Everything::default()));
}

/// Nobody waits for a number that changes nothing.
pub async fn what_is_told_before_an_emergency_is_counted_so_far_and_no_further(db: &Fixture) {
    db.with_alice().await;
    let database = Database::connect(&db.url).await.unwrap();
    let bytes = if database.get_database_backend() == DbBackend::Postgres { "BYTEA" } else { "BLOB" };
    let many = format!(
        "INSERT INTO sessions (sid, user_id, secret_hash, auth_time, acr, amr, created_at, last_seen_at, idle_lifetime, \
         expires_at) SELECT 'many-' || i, user_id, CAST('many-' || i AS {bytes}), auth_time, acr, amr, created_at, \
         last_seen_at, idle_lifetime, expires_at FROM sessions, \
         (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNTED}) SELECT i FROM n) AS n \
         WHERE sid = 'sid'"
    );
    database.execute_unprepared(&many).await.unwrap();
    assert_eq!(
        db.store.emergency().everything(now()).await,
        Ok(signet_store::Everything { sessions: COUNTED, grants: 0 })
    );
    let (ended, _) = db.store.emergency().end_everything(after(1), vec![]).await.unwrap();
    assert_eq!(ended.sessions, COUNTED + 1);
}

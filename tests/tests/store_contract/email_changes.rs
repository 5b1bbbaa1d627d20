//! An address changes when its owners have agreed, old and new, and whoever asked has not been shut out since.

use crate::factors::{answered, passkey, totp};
use crate::fixture::{Fixture, after, event, now, user};
use futures_util::future::join_all;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::id::{SessionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;
use signet_store::{
    ActionPurpose, AddressStep, Committed, EmailChangeAsked, EmailChangeLinks, Grounds, Mailbox,
    NewActionToken, NewEmailChange, SentCode, Standing,
};

const NEW: &str = "Alice@new.test";

fn hash(name: &str) -> SecretHash {
    SecretHash::of(name.as_bytes())
}

fn links(name: &str) -> EmailChangeLinks {
    EmailChangeLinks { confirm: hash(&format!("{name}-new")), approve: Some(hash(&format!("{name}-old"))) }
}

async fn person(db: &Fixture, id: &str) -> User {
    db.store.users().get(&UserId::from(id)).await.unwrap().unwrap()
}

/// A person with a session of their own name.
async fn add(db: &Fixture, id: &str) {
    db.add_user(id).await;
    db.add_session(id, id).await;
}

fn change(user: User, name: &str, address: &str) -> NewEmailChange {
    let sid = user.id.as_str().to_owned();
    NewEmailChange {
        user,
        session: hash(&sid),
        sid: SessionId::new(sid),
        address: address.to_owned(),
        links: links(name),
        created_at: now(),
        expires_at: after(86_400),
    }
}

async fn try_ask(db: &Fixture, change: NewEmailChange) -> EmailChangeAsked {
    db.store.email_changes().ask(change, (vec![event(Event::EmailChangeAsked)], vec![])).await.unwrap()
}

async fn ask(db: &Fixture, id: &str, name: &str, address: &str) {
    let change = change(person(db, id).await, name, address);
    assert_eq!(try_ask(db, change).await, EmailChangeAsked::Yes);
}

async fn take_at(db: &Fixture, link: &str, seconds: i64) -> AddressStep {
    let told = (vec![event(Event::EmailChangeAgreed)], (vec![event(Event::EmailChanged)], vec![]));
    db.store.email_changes().take(hash(link), after(seconds), told).await.unwrap()
}

async fn take(db: &Fixture, link: &str) -> AddressStep {
    take_at(db, link, 1).await
}

async fn is_open(db: &Fixture, link: &str) -> bool {
    db.store.email_changes().find(&hash(link), now()).await.unwrap().is_some()
}

pub async fn an_address_changes_when_both_mailboxes_have_agreed_and_each_link_works_once(db: &Fixture) {
    add(db, "alice").await;
    ask(db, "alice", "one", NEW).await;
    let changes = db.store.email_changes();
    let found = changes.find(&hash("one-old"), now()).await.unwrap().unwrap();
    assert_eq!((found.mailbox, found.user.id.as_str(), &*found.address), (Mailbox::Old, "alice", NEW));
    assert_eq!(changes.find(&hash("one-new"), now()).await.unwrap().unwrap().mailbox, Mailbox::New);

    assert_eq!(take(db, "one-new").await, AddressStep::Waiting);
    assert_eq!(take(db, "one-new").await, AddressStep::Gone);
    assert_eq!(person(db, "alice").await.email.as_deref(), Some("alice@example.test"));
    let pending = changes.pending(&UserId::from("alice"), now()).await.unwrap().unwrap();
    assert_eq!((&*pending.address, pending.confirmed, pending.approved), (NEW, true, Some(false)));
    assert!(!is_open(db, "one-new").await && is_open(db, "one-old").await);

    assert_eq!(take(db, "one-old").await, AddressStep::Changed);
    assert_eq!(take(db, "one-old").await, AddressStep::Gone);
    let user = db.store.users().by_login("alice@NEW.test").await.unwrap().unwrap();
    assert_eq!((user.id.as_str(), user.email.as_deref(), user.email_verified), ("alice", Some(NEW), true));
    assert_eq!(changes.pending(&user.id, now()).await, Ok(None));
    assert_eq!(db.events().await, ["email_change_asked", "email_change_agreed", "email_changed"]);
}

pub async fn an_address_that_was_never_verified_is_not_asked(db: &Fixture) {
    let alice = User { email_verified: false, ..user("alice") };
    assert_eq!(db.store.users().create(alice.clone(), None, vec![]).await, Ok(Committed::Yes));
    db.add_session("alice", "alice").await;
    let one = change(alice.clone(), "one", NEW);
    let alone = EmailChangeLinks { approve: None, ..one.links };
    // Decided on what is no longer so: the address was verified meanwhile.
    let verified = User { email_verified: true, ..alice };
    let stale = NewEmailChange { user: verified, ..one.clone() };
    assert_eq!(try_ask(db, stale).await, EmailChangeAsked::Stale);
    assert_eq!(try_ask(db, NewEmailChange { links: alone, ..one }).await, EmailChangeAsked::Yes);
    assert_eq!(take(db, "one-old").await, AddressStep::Gone);
    assert_eq!(take(db, "one-new").await, AddressStep::Changed);
    assert!(person(db, "alice").await.email_verified);
}

pub async fn both_links_at_once_change_the_address_once(db: &Fixture) {
    add(db, "alice").await;
    ask(db, "alice", "one", NEW).await;
    let steps = join_all(["one-new", "one-old", "one-new", "one-old"].map(|link| take(db, link))).await;
    let count = |step| steps.iter().filter(|taken| **taken == step).count();
    let counts = (count(AddressStep::Waiting), count(AddressStep::Changed), count(AddressStep::Gone));
    assert_eq!(counts, (1, 1, 2), "{steps:?}");
    assert_eq!(person(db, "alice").await.email.as_deref(), Some(NEW));
}

pub async fn a_newer_change_or_newer_links_end_the_older_ones(db: &Fixture) {
    add(db, "alice").await;
    ask(db, "alice", "first", "first@new.test").await;
    assert_eq!(take(db, "first-old").await, AddressStep::Waiting);
    ask(db, "alice", "second", NEW).await;
    // What was agreed to was another address.
    assert_eq!(take(db, "first-new").await, AddressStep::Gone);
    assert_eq!(take(db, "second-new").await, AddressStep::Waiting);

    let (changes, alice) = (db.store.email_changes(), UserId::from("alice"));
    let seen = changes.pending(&alice, now()).await.unwrap().unwrap();
    let by = |secret: &str, at| {
        (Standing::Session(SessionId::from("alice"), SecretHash::of(secret.as_bytes())), after(at))
    };
    let again =
        |name, seen| changes.send_again((alice.clone(), seen), by("alice", 2), links(name), (vec![], vec![]));
    let stolen =
        changes.send_again((alice.clone(), seen.clone()), by("old", 2), links("x"), (vec![], vec![]));
    assert_eq!(stolen.await, Ok(Committed::SubjectGone), "the session has another secret by now");
    assert_eq!(again("third", seen.clone()).await, Ok(Committed::Yes));
    assert_eq!(again("fourth", seen).await, Ok(Committed::Stale), "it was seen before the third");
    for link in ["second-old", "third-new", "fourth-old"] {
        assert_eq!(take(db, link).await, AddressStep::Gone, "{link}");
    }
    // Nor are the newer ones good for longer.
    let seen = changes.pending(&alice, now()).await.unwrap().unwrap();
    assert_eq!(seen.expires_at, after(86_400));
    assert_eq!(take_at(db, "third-old", 86_400).await, AddressStep::Gone);
    assert_eq!(take_at(db, "third-old", 86_399).await, AddressStep::Changed);
}

/// Asks as somebody whose address was never verified, so that it is not asked itself.
async fn ask_unverified(db: &Fixture) -> User {
    let alice = User { email_verified: false, ..user("alice") };
    assert_eq!(db.store.users().create(alice.clone(), None, vec![]).await, Ok(Committed::Yes));
    for sid in ["alice", "owner"] {
        db.add_session("alice", sid).await;
    }
    ask_alone(db, &alice).await;
    alice
}

async fn ask_alone(db: &Fixture, user: &User) {
    let one = change(user.clone(), "one", NEW);
    let alone = EmailChangeLinks { approve: None, ..one.links };
    assert_eq!(try_ask(db, NewEmailChange { links: alone, ..one }).await, EmailChangeAsked::Yes);
}

pub async fn a_change_does_not_go_round_a_mailbox_that_was_verified_since(db: &Fixture) {
    let alice = ask_unverified(db).await;
    let changes = db.store.email_changes();
    let seen = changes.pending(&alice.id, now()).await.unwrap().unwrap();
    let verified = User { email_verified: true, ..alice.clone() };
    assert_eq!(db.store.users().update(verified, None, vec![]).await, Ok(Committed::Yes));
    assert!(!is_open(db, "one-new").await);
    assert_eq!(changes.pending(&alice.id, now()).await, Ok(None));
    let standing = Standing::Session(SessionId::from("alice"), hash("alice"));
    let links = EmailChangeLinks { approve: None, ..links("two") };
    let again =
        changes.send_again((alice.id.clone(), seen), (standing, now()), links, (vec![], vec![])).await;
    assert_eq!(again, Ok(Committed::Stale));
    for link in ["one-new", "two-new"] {
        assert_eq!(take(db, link).await, AddressStep::Gone);
    }
    assert_eq!(person(db, "alice").await.email, alice.email);
}

pub async fn a_factor_ends_a_change_that_was_asked_for_elsewhere_without_it(db: &Fixture) {
    let alice = ask_unverified(db).await;
    let by =
        |sid: &str| Grounds { standing: Standing::Session(SessionId::from(sid), hash(sid)), first: false };
    let told = || (vec![], vec![]);
    let (app, key) = (totp("alice", b"a", 1), passkey("alice", "a"));
    // By whoever asked themselves it is no matter.
    db.store.totp().put(app, None, by("alice"), told()).await.unwrap();
    assert!(is_open(db, "one-new").await);
    db.store.passkeys().add(key, answered("one"), by("owner"), told()).await.unwrap();
    assert_eq!(take(db, "one-new").await, AddressStep::Gone);
    ask_alone(db, &alice).await;
    let replaced = totp("alice", b"b", 1);
    db.store.totp().put(replaced, Some(b"a".to_vec()), by("owner"), told()).await.unwrap();
    assert_eq!(take(db, "one-new").await, AddressStep::Gone);
}

pub async fn a_change_is_good_for_its_time(db: &Fixture) {
    add(db, "alice").await;
    ask(db, "alice", "one", NEW).await;
    assert_eq!(take_at(db, "one-new", 86_399).await, AddressStep::Waiting);
    assert_eq!(take_at(db, "one-old", 86_400).await, AddressStep::Gone);
    let pending = db.store.email_changes().pending(&UserId::from("alice"), after(86_400)).await;
    assert_eq!(pending, Ok(None));
    assert_eq!(db.store.sweep(after(86_399), 100).await, Ok(0));
    assert_eq!(db.store.sweep(after(86_401), 100).await, Ok(1));
}

pub async fn the_owner_of_the_old_address_refuses_a_change(db: &Fixture) {
    add(db, "alice").await;
    ask(db, "alice", "one", NEW).await;
    let changes = db.store.email_changes();
    // Whoever has the new mailbox alone has nothing to refuse.
    assert_eq!(changes.refuse(hash("one-new"), now(), vec![]).await, Ok(Committed::Stale));
    assert_eq!(changes.refuse(hash("one-old"), now(), vec![]).await, Ok(Committed::Yes));
    assert_eq!(changes.refuse(hash("one-old"), now(), vec![]).await, Ok(Committed::Stale));
    assert_eq!(take(db, "one-new").await, AddressStep::Gone);
    ask(db, "alice", "two", NEW).await;
    assert_eq!(changes.cancel(UserId::from("alice"), vec![]).await, Ok(Committed::Yes));
    assert_eq!(changes.cancel(UserId::from("alice"), vec![]).await, Ok(Committed::Stale));
    assert_eq!(take(db, "two-old").await, AddressStep::Gone);
}

pub async fn a_thiefs_change_of_address_does_not_outlive_the_session_the_password_or_the_address(
    db: &Fixture,
) {
    add(db, "alice").await;
    db.add_session("alice", "owner").await;
    let (alice, told) = (UserId::from("alice"), || (vec![], vec![]));
    let (account, origin) = (db.store.account(&alice), || ("ended_by_user", Origin::default()));
    let thief = SessionId::from("alice");
    // The session that it was asked for in is ended; another one's end is no matter.
    ask(db, "alice", "thief", "thief@evil.test").await;
    account.end_session(SessionId::from("other"), now(), origin()).await.unwrap();
    assert!(is_open(db, "thief-new").await);
    account.end_session(thief.clone(), now(), origin()).await.unwrap();
    assert_eq!(take(db, "thief-new").await, AddressStep::Gone);
    // All but this one are ended.
    db.add_session("alice", "again").await;
    let again = NewEmailChange {
        sid: SessionId::from("again"),
        session: hash("again"),
        ..change(person(db, "alice").await, "again", "thief@evil.test")
    };
    assert_eq!(try_ask(db, again.clone()).await, EmailChangeAsked::Yes);
    account.end_other_sessions(Some(SessionId::from("owner")), now(), origin()).await.unwrap();
    assert_eq!(take(db, "again-new").await, AddressStep::Gone);
    // The address is another one already.
    let owner = NewEmailChange { sid: SessionId::from("owner"), session: hash("owner"), ..again };
    assert_eq!(try_ask(db, owner.clone()).await, EmailChangeAsked::Yes);
    let moved = User { email: Some("alice@moved.test".to_owned()), ..person(db, "alice").await };
    assert_eq!(db.store.users().update(moved.clone(), None, vec![]).await, Ok(Committed::Yes));
    assert!(!is_open(db, "again-new").await);
    assert_eq!(take(db, "again-new").await, AddressStep::Gone);
    // The password is replaced.
    assert_eq!(try_ask(db, NewEmailChange { user: moved, ..owner }).await, EmailChangeAsked::Yes);
    let new = Secret::new("$argon2id$new".to_owned());
    db.store.users().set_password(alice.clone(), new, now(), told()).await.unwrap();
    assert_eq!(take(db, "again-new").await, AddressStep::Gone);
    assert_eq!(person(db, "alice").await.email.as_deref(), Some("alice@moved.test"));
}

pub async fn a_change_is_asked_for_by_a_live_session_alone(db: &Fixture) {
    add(db, "alice").await;
    add(db, "bob").await;
    let own = change(person(db, "alice").await, "one", NEW);
    let others = NewEmailChange { sid: SessionId::from("bob"), session: hash("bob"), ..own.clone() };
    assert_eq!(try_ask(db, others).await, EmailChangeAsked::Stale);
    let older = NewEmailChange { session: hash("the secret before"), ..own.clone() };
    assert_eq!(try_ask(db, older).await, EmailChangeAsked::Stale);
    db.store.users().set_disabled(UserId::from("alice"), true, now(), vec![]).await.unwrap();
    assert_eq!(try_ask(db, own).await, EmailChangeAsked::Stale);
    assert_eq!(db.events().await, [""; 0]);
}

pub async fn links_and_codes_to_the_old_address_are_dead_even_if_it_comes_back(db: &Fixture) {
    add(db, "alice").await;
    let alice = person(db, "alice").await;
    let old = alice.email.clone().unwrap();
    let reset = NewActionToken {
        hash: hash("reset"),
        purpose: ActionPurpose::ResetPassword,
        user: Some(alice.clone()),
        address: old.clone(),
        details: serde_json::Value::Null,
        created_at: now(),
        expires_at: after(1800),
    };
    let tokens = db.store.action_tokens();
    assert_eq!(tokens.issue(reset, (vec![], vec![])).await, Ok(Committed::Yes));
    let code = SentCode { user_id: alice.id.clone(), address: old.clone(), code: vec![1] };
    let codes = db.store.email_codes();
    assert_eq!(codes.put(code, (now(), after(600)), (vec![], vec![])).await, Ok(Committed::Yes));
    for (name, address) in [("there", NEW), ("back", &*old)] {
        ask(db, "alice", name, address).await;
        assert_eq!(take(db, &format!("{name}-new")).await, AddressStep::Waiting);
        assert_eq!(take(db, &format!("{name}-old")).await, AddressStep::Changed);
        assert!(tokens.find(&hash("reset"), now()).await.unwrap().is_none(), "{name}");
    }
    assert_eq!(person(db, "alice").await.email, Some(old));
    assert_eq!(codes.guess(alice.id, now(), 5).await, Ok(None));
}

pub async fn nobody_gets_an_address_that_somebody_else_has_or_is_called_by(db: &Fixture) {
    add(db, "alice").await;
    let owner = User {
        username: "Bob@example.test".to_owned(),
        email: Some("bob@elsewhere.test".to_owned()),
        ..user("owner")
    };
    assert_eq!(db.store.users().create(owner, None, vec![]).await, Ok(Committed::Yes));
    for address in ["bob@EXAMPLE.test", "BOB@elsewhere.test", "\u{ff42}ob@elsewhere.test"] {
        ask(db, "alice", address, address).await;
        assert_eq!(take(db, &format!("{address}-old")).await, AddressStep::Waiting);
        assert_eq!(take(db, &format!("{address}-new")).await, AddressStep::Gone, "{address}");
        assert_eq!(db.store.email_changes().pending(&UserId::from("alice"), now()).await, Ok(None));
    }
    assert_eq!(person(db, "alice").await.email.as_deref(), Some("alice@example.test"));
}

pub async fn a_user_name_that_is_the_old_address_goes_along_with_a_change(db: &Fixture) {
    let called = |id: &str, name: &str| User { username: name.to_owned(), ..user(id) };
    let users = db.store.users();
    assert_eq!(users.create(called("alice", "alice@example.test"), None, vec![]).await, Ok(Committed::Yes));
    db.add_session("alice", "alice").await;
    ask(db, "alice", "one", NEW).await;
    take(db, "one-old").await;
    assert_eq!(take(db, "one-new").await, AddressStep::Changed);
    let user = person(db, "alice").await;
    assert_eq!((user.username.as_str(), user.email.as_deref()), (NEW, Some(NEW)));
    assert!(users.by_login("alice@example.test").await.unwrap().is_none());
    // A declaration knows its user by the name; and what is no address of theirs is not theirs to move.
    let dora = called("dora", "dora@example.test");
    assert_eq!(users.create(dora.clone(), Some("file".to_owned()), vec![]).await, Ok(Committed::Yes));
    let erin = called("erin", "erin@elsewhere.test");
    assert_eq!(users.create(erin.clone(), None, vec![]).await, Ok(Committed::Yes));
    for user in [dora, erin] {
        db.add_session(user.id.as_str(), user.id.as_str()).await;
        let two = change(user, "two", "dora@new.test");
        assert_eq!(try_ask(db, two).await, EmailChangeAsked::NameStays);
    }
}

pub async fn an_address_that_many_change_to_at_once_becomes_one_persons(db: &Fixture) {
    const PEOPLE: [&str; 6] = ["alice", "bob", "carol", "dora", "erin", "frank"];
    for id in PEOPLE {
        add(db, id).await;
        ask(db, id, id, "wanted@example.test").await;
        assert_eq!(take(db, &format!("{id}-old")).await, AddressStep::Waiting);
    }
    let steps = join_all(PEOPLE.map(async |id| take(db, &format!("{id}-new")).await)).await;
    assert_eq!(steps.iter().filter(|step| **step == AddressStep::Changed).count(), 1, "{steps:?}");
    assert!(steps.iter().all(|step| matches!(step, AddressStep::Changed | AddressStep::Gone)));
}

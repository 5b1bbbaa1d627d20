//! The queue of mails: written with what it tells of, leased to one node, forgotten when it is over.

use crate::fixture::{Fixture, after, now};
use futures_util::future::join_all;
use signet_protocol::id::UserId;
use signet_protocol::secret::Secret;
use signet_store::{Committed, LeasedMail, MailState, NewMail, Undelivered};
use std::collections::BTreeSet;

fn mail(id: &str) -> NewMail {
    NewMail {
        id: id.to_owned(),
        kind: "password_changed".to_owned(),
        user_id: Some(UserId::from("alice")),
        recipient: "alice@example.test".to_owned(),
        payload: vec![1, 2, 3],
        queued_at: now(),
        expires_at: after(3600),
    }
}

async fn lease(db: &Fixture, seconds: i64) -> Vec<LeasedMail> {
    db.store.mails().lease(after(seconds), after(seconds + 120), 100).await.unwrap()
}

pub async fn a_mail_is_queued_with_what_it_tells_of_or_not_at_all(db: &Fixture) {
    db.add_user("alice").await;
    let change = async |user: &str, id: &str| {
        let hash = Secret::new("$argon2id$new".to_owned());
        let told = (vec![], vec![mail(id)]);
        db.store.users().set_password(UserId::from(user), hash, now(), told).await.unwrap().committed
    };
    assert_eq!(change("alice", "one").await, Committed::Yes);
    assert_eq!(change("nobody", "two").await, Committed::SubjectGone);
    let leased = lease(db, 0).await;
    assert_eq!(leased.iter().map(|mail| &*mail.id).collect::<Vec<_>>(), ["one"]);
    assert_eq!((leased[0].attempt, &*leased[0].payload), (1, &[1, 2, 3][..]));
}

pub async fn each_mail_is_leased_to_one_of_many(db: &Fixture) {
    db.store.mails().queue((0..30).map(|n| mail(&n.to_string())).collect(), vec![]).await.unwrap();
    let leases = (0..8).map(|_| {
        let store = db.store.clone();
        tokio::spawn(async move { store.mails().lease(now(), after(120), 100).await.unwrap() })
    });
    let leased: Vec<_> = join_all(leases).await.into_iter().flat_map(Result::unwrap).collect();
    let different: BTreeSet<_> = leased.iter().map(|mail| mail.id.clone()).collect();
    assert_eq!((leased.len(), different.len()), (30, 30));
    assert_eq!(lease(db, 119).await, []);
    assert_eq!(lease(db, 120).await.len(), 30);
}

pub async fn what_a_mail_said_is_forgotten_when_it_was_sent_or_holds_no_more(db: &Fixture) {
    let mails = db.store.mails();
    mails.queue(vec![mail("sent"), mail("dead"), mail("waits")], vec![]).await.unwrap();
    assert_eq!(mails.sealed().await.unwrap().len(), 3);
    for leased in lease(db, 0).await {
        let outcome = match &*leased.id {
            "sent" => mails.sent(&leased, after(1), vec![]).await,
            "dead" => mails.give_up(&leased, "refused".to_owned(), after(1), vec![]).await,
            _ => mails.retry(&leased, "later".to_owned(), after(60)).await,
        };
        assert_eq!(outcome, Ok(Committed::Yes));
    }
    let kept = async || {
        let kept: BTreeSet<_> = mails.sealed().await.unwrap().into_iter().map(|(id, _)| id).collect();
        kept.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(kept().await, ["dead", "waits"]);
    assert_eq!(db.store.sweep(after(3599), 100).await, Ok(0));
    assert_eq!(db.store.sweep(after(3600), 100).await, Ok(1));
    assert_eq!(kept().await, ["waits"]);
    assert_eq!(mails.undelivered().await, Ok(Undelivered { failing: 1, waiting: 1, dead: 1 }));
    let dead = mails.dead(10).await.unwrap();
    assert_eq!(
        (dead.len(), dead[0].state, dead[0].reason.as_deref()),
        (1, MailState::Dead(after(1)), Some("refused"))
    );
    assert_eq!(lease(db, 59).await, []);
    assert_eq!(lease(db, 60).await[0].attempt, 2);
}

pub async fn a_mail_is_resealed_only_from_what_it_was(db: &Fixture) {
    let mails = db.store.mails();
    mails.queue(vec![mail("one")], vec![]).await.unwrap();
    assert_eq!(mails.reseal("one".to_owned(), vec![9], vec![4]).await, Ok(Committed::Stale));
    assert_eq!(mails.reseal("one".to_owned(), vec![1, 2, 3], vec![4]).await, Ok(Committed::Yes));
    assert_eq!(lease(db, 0).await[0].payload, [4]);
}

pub async fn mails_are_kept_for_a_week_and_waiting_ones_for_as_long_as_they_wait(db: &Fixture) {
    const DAY: i64 = 86_400;
    let mails = db.store.mails();
    mails.queue(vec![mail("sent"), mail("waits")], vec![]).await.unwrap();
    let leased = lease(db, 0).await;
    let sent = leased.iter().find(|mail| mail.id == "sent").unwrap();
    mails.sent(sent, now(), vec![]).await.unwrap();
    assert_eq!(db.store.sweep(after(7 * DAY), 100).await, Ok(0));
    assert_eq!(db.store.sweep(after(7 * DAY + 1), 100).await, Ok(1));
    assert_eq!(mails.get("sent").await, Ok(None));
    assert!(mails.get("waits").await.unwrap().is_some());
}

pub async fn a_mail_is_sent_again_while_it_holds_and_nobody_is_sending_it(db: &Fixture) {
    let mails = db.store.mails();
    mails.queue(vec![mail("dead"), mail("later"), mail("sent")], vec![]).await.unwrap();
    let again = async |id: &str, at: i64| mails.send_again(id, (after(at), after(at + 120)), vec![]).await;
    let leased = lease(db, 0).await;
    // While it is leased it may be on its way.
    assert_eq!(again("later", 0).await, Ok(Committed::Stale));
    for leased in leased {
        let outcome = match &*leased.id {
            "dead" => mails.give_up(&leased, "refused".to_owned(), after(1), vec![]).await,
            "sent" => mails.sent(&leased, after(1), vec![]).await,
            _ => mails.retry(&leased, "later".to_owned(), after(600)).await,
        };
        assert_eq!(outcome, Ok(Committed::Yes));
    }
    assert_eq!(again("sent", 2).await, Ok(Committed::Stale));
    assert_eq!(again("dead", 3600).await, Ok(Committed::Stale));
    for id in ["dead", "later"] {
        assert_eq!(again(id, 2).await, Ok(Committed::Yes), "{id}");
        assert_eq!(again(id, 2).await, Ok(Committed::Stale), "{id}");
    }
    let leased = lease(db, 2).await;
    assert_eq!(leased.iter().map(|mail| mail.attempt).collect::<Vec<_>>(), [1, 1]);
    // Given up by hand it is gone, whoever is sending it.
    assert_eq!(mails.drop_letter("dead", "enough", after(3), vec![]).await, Ok(Committed::Yes));
    assert_eq!(mails.drop_letter("dead", "enough", after(3), vec![]).await, Ok(Committed::Stale));
    let late = leased.iter().find(|mail| mail.id == "dead").unwrap();
    assert_eq!(mails.sent(late, after(4), vec![]).await, Ok(Committed::Stale));
    assert_eq!(again("dead", 5).await, Ok(Committed::Stale));
}

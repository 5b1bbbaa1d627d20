//! Seals over the audit log.

use crate::fixture::{Fixture, after, event, now};
use futures_util::future::join_all;
use signet_protocol::audit::Event;
use signet_protocol::audit::seal::{Digest, Seal, encode_rows};
use signet_store::{Committed, SignedSeal};
use signet_tests::eventually;
use std::time::Duration;

fn seal(seq: i64, ids: &[i64]) -> SignedSeal {
    let rows: Vec<_> = ids.iter().map(|id| (*id, Digest::of(&id.to_be_bytes()))).collect();
    let seal = Seal {
        seq,
        at: now(),
        previous: Digest::of(b"previous"),
        rows: encode_rows(&rows),
        first_id: ids.first().copied().unwrap_or(0),
        last_id: ids.last().copied().unwrap_or(0),
        dropped_through: 0,
        kid: "k".into(),
    };
    SignedSeal { seal, signature: vec![7; 64] }
}

pub async fn of_many_seals_with_one_number_one_is_kept(db: &Fixture) {
    let seals = db.store.audit_seals();
    let outcomes = join_all((1..=16).map(|id| seals.append(seal(1, &[id])))).await;
    let kept: Vec<_> = (1..=16).zip(outcomes).filter(|(_, outcome)| *outcome == Ok(Committed::Yes)).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(seals.last().await, Ok(Some(seal(1, &[kept[0].0]))));
    assert_eq!(seals.append(seal(1, &[])).await, Ok(Committed::Stale));
}

pub async fn seals_are_read_in_their_order(db: &Fixture) {
    let seals = db.store.audit_seals();
    assert_eq!((seals.last().await, seals.greatest_id(i64::MAX).await), (Ok(None), Ok(0)));
    for (seq, ids) in [(1, &[1, 2][..]), (2, &[5, 9]), (3, &[3]), (4, &[])] {
        assert_eq!(seals.append(seal(seq, ids)).await, Ok(Committed::Yes));
    }
    assert_eq!(seals.after(1, 2).await, Ok(vec![seal(2, &[5, 9]), seal(3, &[3])]));
    assert_eq!((seals.greatest_id(1).await, seals.greatest_id(4).await), (Ok(2), Ok(9)));
    assert_eq!(seals.last_before(now()).await, Ok(0));
    assert_eq!(seals.last_before(now() + chrono::TimeDelta::milliseconds(1)).await, Ok(4));
}

pub async fn one_node_seals_until_it_is_silent_or_steps_down(db: &Fixture) {
    let seals = db.store.audit_seals();
    let long = Duration::from_secs(600);
    let nodes = ["a", "b", "c", "d"];
    let leads = join_all(nodes.iter().map(|node| seals.lead(node, long))).await;
    let leader: Vec<_> = nodes.iter().zip(leads).filter(|(_, leads)| *leads == Ok(true)).collect();
    assert_eq!(leader.len(), 1, "{leader:?}");
    let leader = leader[0].0;
    assert_eq!(seals.lead("e", long).await, Ok(false));
    // It renews; for a moment only, and is not heard of any more.
    assert_eq!(seals.lead(leader, Duration::from_millis(1)).await, Ok(true));
    eventually(Duration::from_secs(10), async || seals.lead("e", long).await == Ok(true)).await;
    assert_eq!(seals.lead(leader, long).await, Ok(false));
    seals.step_down(leader).await.unwrap();
    assert_eq!(seals.lead(leader, long).await, Ok(false));
    seals.step_down("e").await.unwrap();
    assert_eq!(seals.lead(leader, long).await, Ok(true));
}

pub async fn rows_are_found_by_ranges_of_their_numbers(db: &Fixture) {
    let events = (0..300).map(|n| event(Event::SignInLimited { count: n })).collect();
    db.store.audit().record(events).await.unwrap();
    let all = db.store.audit().digests_after(0, 1_000).await.unwrap();
    assert_eq!(all.len(), 300);
    let audit = db.store.audit();
    // More ranges than go into one statement.
    let odd: Vec<_> = (1..=299).step_by(2).map(|id| (id, id)).collect();
    let within = audit.digests_within(&odd, 1_000).await.unwrap();
    assert_eq!(within.iter().map(|row| (row.id, row.id)).collect::<Vec<_>>(), odd);
    assert_eq!(within[1], all[2]);
    assert_eq!(audit.digests_within(&odd, 100).await.unwrap().len(), 100);
    assert_eq!(audit.digests_within(&[], 100).await, Ok(vec![]));
    assert_eq!(audit.numbers_after(298, 10).await, Ok(vec![(299, all[298].at), (300, all[299].at)]));
}

pub async fn rows_go_together_with_the_seal_that_says_so_or_not_at_all(db: &Fixture) {
    let events = (0..6).map(|n| event(Event::SignInLimited { count: n })).collect();
    db.store.audit().record(events).await.unwrap();
    let (seals, audit) = (db.store.audit_seals(), db.store.audit());
    assert_eq!(seals.append(seal(1, &[1, 2, 4])).await, Ok(Committed::Yes));
    assert_eq!(seals.drop_rows(seal(1, &[]), vec![(1, 2), (4, 4)]).await, Ok(Committed::Stale));
    assert_eq!(audit.numbers_after(0, 10).await.unwrap().len(), 6);
    assert_eq!(seals.drop_rows(seal(2, &[]), vec![(1, 2), (4, 4)]).await, Ok(Committed::Yes));
    let left: Vec<_> = audit.numbers_after(0, 10).await.unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, [3, 5, 6]);
}

pub async fn a_sink_never_goes_back_and_says_since_when_it_fails(db: &Fixture) {
    let sinks = db.store.audit_sinks();
    assert_eq!(sinks.position("siem").await, Ok(0));
    sinks.tell("siem", Some("away".to_owned()), now()).await.unwrap();
    sinks.tell("siem", Some("still away".to_owned()), after(5)).await.unwrap();
    let state = sinks.all().await.unwrap().remove(0);
    assert_eq!((state.seq, state.failing_since), (0, Some(now())));
    assert_eq!(state.error.as_deref(), Some("still away"));
    join_all([5, 3, 9, 4].map(|seq| sinks.advance("siem", seq, after(6)))).await;
    assert_eq!(sinks.position("siem").await, Ok(9));
    sinks.tell("siem", None, after(7)).await.unwrap();
    let state = sinks.all().await.unwrap().remove(0);
    assert_eq!((state.seq, state.shipped_at), (9, Some(after(6))));
    assert_eq!((state.failing_since, state.error), (None, None));
}

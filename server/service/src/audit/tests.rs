use super::sealer::Sealer;
use super::*;
use crate::keys::tests::World;
use signet_jose::MasterKeys;
use signet_protocol::audit::seal::decode_rows;
use std::sync::Arc;

fn master() -> Arc<MasterKeys> {
    Arc::new(MasterKeys::new(&[1; 32], &[]).unwrap())
}

async fn record(world: &World, count: u32) {
    let event = |count| AuditEvent {
        at: world.clock.now(),
        origin: Origin::local(Principal::Server),
        subjects: Subjects::default(),
        event: Event::SignInLimited { count },
    };
    world.store.audit().record((0..count).map(event).collect()).await.unwrap();
}

fn sealer(world: &World) -> Sealer {
    Sealer::new(world.store.clone(), master(), world.clock.clone())
}

/// The numbers of the rows in each seal.
async fn sealed(world: &World) -> Vec<Vec<i64>> {
    let seals = world.store.audit_seals().after(0, 1_000).await.unwrap();
    let ids = |rows: &[u8]| decode_rows(rows).unwrap().into_iter().map(|(id, _)| id).collect();
    seals.iter().map(|signed| ids(&signed.seal.rows)).collect()
}

async fn verified(world: &World) -> Verified {
    AuditTrail::new(world.store.clone(), world.clock.clone()).verify(&master(), None).await.unwrap()
}

#[tokio::test]
async fn what_is_sealed_is_sealed_once_by_however_many() {
    let world = World::new().await;
    let mut sealers = [sealer(&world), sealer(&world), sealer(&world)];
    for round in 0..10 {
        record(&world, 3 + round).await;
        let [a, b, c] = &mut sealers;
        let (a, b, c) = tokio::join!(a.turn(), b.turn(), c.turn());
        a.unwrap();
        b.unwrap();
        c.unwrap();
    }
    let ids: Vec<i64> = sealed(&world).await.into_iter().flatten().collect();
    let recorded = world.store.audit().numbers_after(0, 1_000).await.unwrap();
    assert_eq!(ids, recorded.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    let Verified { rows, unsealed, .. } = verified(&world).await;
    assert_eq!((rows, unsealed), (ids.len() as u64, 0));
}

#[tokio::test]
async fn a_great_many_rows_go_into_seals_of_a_bounded_size() {
    let world = World::new().await;
    record(&world, 5_000).await;
    sealer(&world).turn().await.unwrap();
    let sizes: Vec<_> = sealed(&world).await.iter().map(Vec::len).collect();
    // One more event: that there is a key now.
    assert_eq!(sizes, [2_048, 2_048, 905]);
    // A successor, long after, begins at the end.
    world.wait(86_400);
    record(&world, 1).await;
    sealer(&world).turn().await.unwrap();
    assert_eq!(sealed(&world).await[3], [5_002]);
    assert_eq!(verified(&world).await.rows, 5_002);
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_for_a_while_costs_no_event() {
    let world = World::new().await;
    let mut ours = sealer(&world);
    record(&world, 4).await;
    ours.turn().await.unwrap();
    let before = world.store.audit().numbers_after(0, 100).await.unwrap().len();
    world.wait(10 * 365 * 86_400);
    for _ in 0..3 {
        record(&world, 1).await;
        ours.drop_older_than(TimeDelta::days(90)).await.unwrap();
        world.wait(3_600);
    }
    assert_eq!(world.store.audit().numbers_after(0, 100).await.unwrap().len(), before + 3);
}

#[tokio::test]
async fn old_events_go_with_their_seals_and_no_others_are_missed() {
    let world = World::new().await;
    let mut ours = sealer(&world);
    for _ in 0..3 {
        record(&world, 4).await;
        ours.turn().await.unwrap();
        world.wait(86_400);
    }
    let numbers = async || world.store.audit().numbers_after(0, 100).await.unwrap().len();
    let before = numbers().await;
    ours.drop_older_than(TimeDelta::days(90)).await.unwrap();
    assert_eq!(numbers().await, before);
    // The first two seals are of two and three days ago.
    ours.drop_older_than(TimeDelta::hours(36)).await.unwrap();
    assert_eq!(numbers().await, 4);
    let Verified { rows, dropped_through, last, .. } = verified(&world).await;
    assert_eq!((rows, dropped_through, last.map(|(seq, ..)| seq)), (4, 2, Some(4)));
    // Later seals, by others too, still say so.
    record(&world, 1).await;
    sealer(&world).turn().await.unwrap();
    ours.drop_older_than(TimeDelta::hours(36)).await.unwrap();
    let Verified { rows, dropped_through, last, .. } = verified(&world).await;
    assert_eq!((rows, dropped_through, last.map(|(seq, ..)| seq)), (5, 2, Some(5)));
}

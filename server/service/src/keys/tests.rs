use super::*;
use signet_protocol::audit::Origin;
use signet_protocol::environment::Moment;
use signet_protocol::principal::Principal;
use signet_store::{Committed, KeyChanges, KeyPurpose, KeyRow, StoreOptions};
use std::sync::atomic::AtomicI64;

const AHEAD: i64 = 600;
const DAY: i64 = 86_400;

/// Whoever runs the command line.
fn by_command() -> Origin {
    Origin::local(Principal::CommandLine)
}

/// A database, and a clock that both nodes on it share.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    seconds: Arc<AtomicI64>,
    // Removed when dropped.
    _folder: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        let store = Store::open(&url, StoreOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        let seconds = Arc::new(AtomicI64::new(1_800_000_000));
        let time = seconds.clone();
        let clock = Clock::new(move || Moment::from_timestamp(time.load(Ordering::Relaxed), 0).unwrap());
        Self { store, clock, seconds, _folder: folder }
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) async fn node(&self) -> KeyRing {
        let master = Arc::new(MasterKeys::new(&[1; 32], &[]).unwrap());
        let random = Random::new(Arc::new(ring::rand::SystemRandom::new()));
        let schedule =
            Schedule { rotation: 90 * 86_400, publish_ahead: 600, longest_grant: MAX_REFRESH_LIFETIME };
        KeyRing::load(self.store.clone(), master, (self.clock.clone(), random), schedule).await.unwrap()
    }

    /// A node whose keys are complete.
    pub(crate) async fn started(&self) -> KeyRing {
        let node = self.node().await;
        node.ensure([Algorithm::ES256]).await.unwrap();
        node.maintain().await.unwrap();
        node
    }

    async fn es256(&self, node: &KeyRing, state: &str) -> Vec<KeyRow> {
        let keys = node.list().await.unwrap().into_iter();
        keys.filter(|key| key.row.alg == "ES256" && key.state == state).map(|key| key.row).collect()
    }

    /// Seals every key with a master key that no node has.
    pub(crate) async fn reseal_elsewhere(&self) {
        for row in self.store.keys().list().await.unwrap() {
            let sealed = vec![1; row.sealed.len()];
            let outcome = self.store.keys().reseal(row.kid, row.sealed, sealed, self.clock.now(), vec![]);
            assert_eq!(outcome.await.unwrap(), Committed::Yes);
        }
    }
}

fn signer(node: &KeyRing, world: &World) -> String {
    node.snapshot().signer(Algorithm::ES256, world.clock.now()).unwrap().kid().to_owned()
}

#[tokio::test]
async fn a_revoked_successor_leaves_no_gap() {
    let world = World::new().await;
    let node = world.started().await;
    let next = world.es256(&node, "next").await.remove(0);
    node.revoke(&next.kid, &by_command()).await.unwrap();
    assert_eq!(world.es256(&node, "next").await[0].activates_at, next.activates_at);
    world.wait(90 * DAY + 1);
    assert_ne!(signer(&node, &world), next.kid.as_str());
    // Nor do those of the keys that sign nothing.
    for purpose in [KeyPurpose::Refresh, KeyPurpose::Form] {
        let keys = node.list().await.unwrap().into_iter();
        let next = keys.filter(|key| key.row.purpose == purpose).map(|key| key.row).next_back().unwrap();
        node.revoke(&next.kid, &by_command()).await.unwrap();
    }
    world.wait(90 * DAY);
    let (snapshot, now) = (node.snapshot(), world.clock.now());
    assert!(snapshot.refresh_key(now).is_some() && snapshot.form_sealer(now).is_some());
}

#[tokio::test]
async fn a_broken_chain_is_mended_by_the_next_look_at_it() {
    let world = World::new().await;
    let node = world.started().await;
    let next = world.es256(&node, "next").await.remove(0);
    let alone = KeyChanges { revoke: Some(next.kid), ..KeyChanges::default() };
    world.store.keys().change(alone, world.clock.now(), vec![]).await.unwrap();
    node.maintain().await.unwrap();
    assert_eq!(world.es256(&node, "next").await.len(), 1);
    node.rotate(Some(Algorithm::ES256), None, &by_command()).await.unwrap();

    // And at the start, when nothing works any more.
    let world = World::new().await;
    let node = world.started().await;
    let next = world.es256(&node, "next").await.remove(0);
    let alone = KeyChanges { revoke: Some(next.kid), ..KeyChanges::default() };
    world.store.keys().change(alone, world.clock.now(), vec![]).await.unwrap();
    world.wait(91 * DAY);
    node.ensure([Algorithm::ES256]).await.unwrap();
    signer(&node, &world);
}

#[tokio::test]
async fn two_nodes_that_start_at_once_have_the_same_keys() {
    let world = World::new().await;
    let (a, b) = (world.node().await, world.node().await);
    let (one, other) = tokio::join!(a.ensure([Algorithm::ES256]), b.ensure([Algorithm::ES256]));
    one.unwrap();
    other.unwrap();
    a.reload().await.unwrap();
    b.reload().await.unwrap();
    assert_eq!(signer(&a, &world), signer(&b, &world));
    assert_eq!(world.store.keys().list().await.unwrap().len(), 3);
    let plan = a.rotate(None, None, &by_command()).await.unwrap();
    assert_eq!(plan.len(), 1);
    assert!(plan[0].effective_at == world.clock.now() + chrono::TimeDelta::seconds(AHEAD));
}

#[tokio::test]
async fn an_order_that_another_overtook_is_refused_and_not_reported_as_done() {
    let world = World::new().await;
    let (a, b) = (world.started().await, world.node().await);
    world.wait(DAY);
    let by = by_command();
    let (one, other) = tokio::join!(a.rotate(None, None, &by), b.rotate(None, None, &by));
    a.reload().await.unwrap();
    let signs = signer(&a, &world);
    for outcome in [one, other] {
        match outcome {
            // Either it did what it says, or it says that it did not.
            Ok(plan) if plan[0].effective_at <= world.clock.now() => assert_eq!(plan[0].kid.as_str(), signs),
            // It came after the other one, and turns to a key that not everyone has seen yet.
            Ok(plan) => assert_ne!(plan[0].kid.as_str(), signs),
            Err(error) => assert_eq!(error.to_string(), "the keys changed meanwhile: try again"),
        }
    }
}

#[tokio::test]
async fn keys_that_another_master_key_sealed_go_on_here_until_they_are_revoked() {
    let world = World::new().await;
    let node = world.started().await;
    let before = signer(&node, &world);
    world.reseal_elsewhere().await;
    node.reload().await.unwrap();
    assert_eq!(signer(&node, &world), before);
    let revoked = KeyChanges { revoke: Some(before.as_str().into()), ..KeyChanges::default() };
    world.store.keys().change(revoked, world.clock.now(), vec![]).await.unwrap();
    node.reload().await.unwrap();
    let snapshot = node.snapshot();
    assert!(snapshot.hint_verifier(&before).is_none());
    assert!(!String::from_utf8_lossy(&snapshot.jwks(world.clock.now()).body).contains(&before));
}

#[tokio::test]
async fn a_node_does_not_start_with_a_key_that_it_cannot_open() {
    let world = World::new().await;
    world.started().await;
    world.reseal_elsewhere().await;
    let master = Arc::new(MasterKeys::new(&[1; 32], &[]).unwrap());
    let random = Random::new(Arc::new(ring::rand::SystemRandom::new()));
    let schedule = Schedule { rotation: 1, publish_ahead: 0, longest_grant: 1 };
    let refused = KeyRing::load(world.store.clone(), master, (world.clock.clone(), random), schedule).await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))));
}

use super::*;
use crate::configuration::{Configuration, Decided};
use crate::keys::tests::World;
use crate::settings::{Changeable, Live};
use signet_protocol::id::GrantId;
use signet_store::{KeyChanges, KeyPurpose, KeyRow};

/// Settings that nobody changes.
fn unchanged(store: Store) -> Follower {
    let decided = || Decided { changeable: Changeable::usual(), keys: Vec::new() };
    let configuration = Configuration::new(move |_| Ok(decided()));
    Follower { store, configuration, live: Live::new(Changeable::usual()) }
}

async fn feed(world: &World, keys: KeyRing, ephemeral: Ephemeral) -> Feed {
    let (store, clock) = (world.store.clone(), world.clock.clone());
    let freshness = Freshness::new(clock.clone());
    let listeners = Listeners {
        revocations: Revocations::new(store.clone(), freshness.clone()),
        directory: Directory::load(store.clone(), freshness.clone(), "https://id.example.test")
            .await
            .unwrap(),
        freshness,
        keys,
        settings: unchanged(store.clone()),
        limits: Limits::new(Live::new(Changeable::usual()), Ephemeral::local(), clock.clone()),
    };
    Feed::open(store, ephemeral, clock, listeners).await.unwrap()
}

#[tokio::test]
async fn a_key_that_cannot_be_opened_keeps_no_revocation_from_a_node() {
    let world = World::new().await;
    let node = world.started().await;
    let feed = feed(&world, node.clone(), Ephemeral::local()).await;
    let signer =
        |now| node.snapshot().signer(signet_jose::Algorithm::ES256, now).map(|key| key.kid().to_owned());
    let stolen = signer(world.clock.now()).unwrap();
    world.wait(1);
    let unknown = KeyRow {
        kid: "sealed-elsewhere".into(),
        purpose: KeyPurpose::Jwt,
        alg: "EdDSA".to_owned(),
        sealed: vec![1; 60],
        ..world.store.keys().list().await.unwrap().remove(0)
    };
    let changes = KeyChanges { add: vec![unknown], ..KeyChanges::default() };
    world.store.keys().change(changes, world.clock.now(), vec![]).await.unwrap();
    let changes = KeyChanges { revoke: Some(stolen.as_str().into()), ..KeyChanges::default() };
    world.store.keys().change(changes, world.clock.now(), vec![]).await.unwrap();
    feed.poll().await.unwrap();
    assert!(node.snapshot().hint_verifier(&stolen).is_none());
}

#[tokio::test]
async fn nobody_waits_for_a_redis_that_hangs() {
    let world = World::new().await;
    // It accepts connections, by its backlog, and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    let redis = Ephemeral::open(Some(&url), "test:").await.unwrap();
    let feed = feed(&world, world.started().await, redis).await;
    let expires_at = world.clock.now() + chrono::TimeDelta::seconds(60);
    let grants = (0..20).map(|number| GrantId::new(format!("grant {number}")));
    let changes: Vec<Change> = grants.map(|grant_id| Change::GrantRevoked { grant_id, expires_at }).collect();
    tokio::time::timeout(Duration::from_millis(400), feed.announce(&changes)).await.unwrap();
    for number in 0..20 {
        let grant = GrantId::new(format!("grant {number}"));
        assert!(feed.0.listeners.revocations.denies(&"another".into(), Some(&grant)));
    }
}

use super::*;
use crate::factors::reseal::{ResealError, reseal_totp};

fn keys(current: u8, previous: &[u8]) -> MasterKeys {
    let previous: Vec<_> = previous.iter().map(|byte| [*byte; 32]).collect();
    MasterKeys::new(&[current; 32], &previous).unwrap()
}

#[tokio::test]
async fn secrets_of_apps_move_to_the_new_master_key() {
    let site = Site::new().await;
    let mut people = Vec::new();
    for number in 0..120 {
        people.push(site.with_totp(&format!("person-{number:03}")).await);
    }
    let (store, by) = (&site.world.store, (&site.world.clock, &Origin::default()));
    assert_eq!(reseal_totp(store, &keys(2, &[1]), by).await.unwrap(), 120);
    assert_eq!(reseal_totp(store, &keys(2, &[1]), by).await.unwrap(), 0);
    let moved = Factors { master: Arc::new(keys(2, &[])), ..site.factors.clone() };
    for (user, secret) in [&people[0], &people[119]] {
        moved.check_totp(&user.id, &site.code(secret, 0), &Origin::default()).await.unwrap();
    }
    // Without the key that sealed them they stay as they are.
    let lost = reseal_totp(store, &keys(3, &[]), by).await;
    assert!(matches!(lost, Err(ResealError::Seal(_))));
}

use super::soft_authenticator::SoftAuthenticator;
use super::*;

impl Site {
    /// What people are told by mail, and at which address, in order.
    pub(super) async fn mails(&self) -> Vec<(String, String)> {
        let now = self.world.clock.now();
        let later = now + chrono::TimeDelta::seconds(60);
        let mut mails = self.world.store.mails().lease(now, later, 100).await.unwrap();
        mails.sort_by_key(|mail| mail.queued_at);
        mails.into_iter().map(|mail| (mail.kind, mail.recipient)).collect()
    }
}

#[tokio::test]
async fn people_are_told_when_their_factors_change() {
    let site = Site::new().await;
    let (origin, mut device) = (Origin::default(), SoftAuthenticator::new("http://localhost:8080"));
    let (alice, secret) = site.with_totp("alice").await;
    let codes = site.factors.new_recovery_codes(&alice, (&by(&alice), &origin)).await.unwrap();
    for attempt in ["0000-0000-0000-0000", codes[0].expose(), codes[0].expose()] {
        site.world.wait(1);
        drop(site.factors.check_recovery_code(&alice, attempt, &origin).await);
    }
    // What is used every day is not told each time.
    site.factors.check_totp(&alice.id, &site.code(&secret, 0), &origin).await.unwrap();
    site.world.wait(1);
    let (options, state) = site.factors.begin_passkey(&alice).await.unwrap();
    let answer = device.create(&options);
    site.factors.finish_passkey(&alice, state, &answer, "Phone", (&by(&alice), &origin)).await.unwrap();
    for counter in [7, 3] {
        device.counter = counter;
        let (options, state) = site.factors.ask_passkey(&alice.id).await.unwrap();
        let answer = device.get(&options);
        site.world.wait(1);
        drop(site.factors.check_passkey(Some(&alice.id), state, &answer, &origin).await);
    }
    let id = site.factors.list_passkeys(&alice.id).await.unwrap().remove(0).id;
    for _ in 0..2 {
        site.world.wait(1);
        site.factors.remove_passkey(&alice, &id, false, (&by(&alice), &origin)).await.unwrap();
        site.factors.remove_totp(&alice, false, (&by(&alice), &origin)).await.unwrap();
    }
    let told = site.mails().await;
    assert!(told.iter().all(|(_, recipient)| recipient == "alice@example.test"));
    let kinds: Vec<_> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected = [
        "factor_added",
        "recovery_codes_made",
        "recovery_code_used",
        "factor_added",
        "passkey_cloned",
        "factor_removed",
        "factor_removed",
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn a_copied_passkey_is_told_once_an_hour_and_to_verified_addresses_only() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new("http://localhost:8080");
    device.counter = 41;
    let (alice, origin) = (site.person("alice").await, Origin::default());
    let (options, state) = site.factors.begin_passkey(&alice).await.unwrap();
    let answer = device.create(&options);
    site.factors.finish_passkey(&alice, state, &answer, "Phone", (&by(&alice), &origin)).await.unwrap();
    let waiting = async || site.world.store.mails().undelivered().await.unwrap().waiting;
    let before = waiting().await;
    let use_copy = async |device: &mut SoftAuthenticator| {
        device.counter = 7;
        let (options, state) = site.factors.ask_passkey(&alice.id).await.unwrap();
        let answer = device.get(&options);
        let checked = site.factors.check_passkey(Some(&alice.id), state, &answer, &origin).await;
        assert!(matches!(checked, Err(FactorProblem::Cloned)));
    };
    for (wait, told) in [(0, 1), (0, 1), (3599, 1), (1, 2)] {
        site.world.wait(wait);
        use_copy(&mut device).await;
        assert_eq!(waiting().await - before, told, "{wait}");
    }
    site.world.wait(3600);
    let unverified = User { email_verified: false, ..alice.clone() };
    site.world.store.users().update(unverified, None, vec![]).await.unwrap();
    use_copy(&mut device).await;
    assert_eq!(waiting().await - before, 2);
}

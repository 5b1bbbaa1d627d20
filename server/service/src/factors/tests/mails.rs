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
    let codes = site.factors.new_recovery_codes(&alice, &origin).await.unwrap();
    for attempt in ["0000-0000-0000-0000", codes[0].expose(), codes[0].expose()] {
        site.world.wait(1);
        drop(site.factors.check_recovery_code(&alice, attempt, &origin).await);
    }
    // What is used every day is not told each time.
    site.factors.check_totp(&alice.id, &site.code(&secret, 0), &origin).await.unwrap();
    site.world.wait(1);
    let (options, state) = site.factors.begin_passkey(&alice).await.unwrap();
    let answer = device.create(&options);
    site.factors.finish_passkey(&alice, state, &answer, "Phone", &origin).await.unwrap();
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
        site.factors.remove_passkey(&alice, &id, &origin).await.unwrap();
        site.factors.remove_totp(&alice, &origin).await.unwrap();
    }
    let told = site.mails().await;
    assert!(told.iter().all(|(_, recipient)| recipient == "alice@example.test"));
    let kinds: Vec<_> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected = [
        "factor_added",
        "recovery_code_used",
        "factor_added",
        "passkey_cloned",
        "factor_removed",
        "factor_removed",
    ];
    assert_eq!(kinds, expected);
}

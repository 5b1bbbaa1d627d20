use super::soft_authenticator::SoftAuthenticator;
use super::*;
use signet_protocol::id::DeviceId;
use signet_protocol::secret::Secret;

const DAY: i64 = 86_400;

impl Site {
    async fn remember(&self, user: &User) -> Secret<String> {
        let remembered = self.factors.remember_device(&user.id, Some("Firefox"), &Origin::default()).await;
        remembered.unwrap().unwrap()
    }

    async fn remembers(&self, user: &User, secret: &Secret<String>) -> bool {
        self.factors.is_remembered(&user.id, secret).await.unwrap()
    }
}

#[tokio::test]
async fn a_browser_is_remembered_for_its_person_and_its_time() {
    let site = Site::new().await;
    let (alice, mallory) = (site.person("alice").await, site.person("mallory").await);
    let secret = site.remember(&alice).await;
    assert!(site.remembers(&alice, &secret).await);
    assert!(!site.remembers(&mallory, &secret).await);
    assert!(!site.remembers(&alice, &Secret::new("another".to_owned())).await);
    site.world.wait(30 * DAY - 1);
    assert!(site.remembers(&alice, &secret).await);
    site.world.wait(1);
    assert!(!site.remembers(&alice, &secret).await);
    assert_eq!(site.events().await, ["device_remembered"]);
}

#[tokio::test]
async fn what_the_operator_allows_now_counts() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let secret = site.remember(&alice).await;
    let with_days = |remember_days| {
        let settings = Arc::new(Settings {
            live: Live::new(Changeable { remember_days, ..Changeable::usual() }),
            ..settings()
        });
        Factors { settings, ..site.factors.clone() }
    };
    site.world.wait(3 * DAY);
    for (days, remembers) in [(4, true), (3, false), (0, false)] {
        assert_eq!(with_days(days).is_remembered(&alice.id, &secret).await.unwrap(), remembers, "{days}");
        let listed = with_days(days).list_remembered(&alice.id).await.unwrap();
        assert_eq!(listed.len(), usize::from(remembers), "{days}");
    }
    assert!(with_days(0).remember_device(&alice.id, None, &Origin::default()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_browser_is_forgotten_by_its_owner_alone() {
    let site = Site::new().await;
    let (alice, mallory) = (site.person("alice").await, site.person("mallory").await);
    let (first, second) = (site.remember(&alice).await, site.remember(&alice).await);
    let hers = site.remember(&mallory).await;
    let forget = async |user: &User, id: &DeviceId| {
        site.factors.forget_device(&user.id, id, &Origin::default()).await.unwrap()
    };
    let listed = site.factors.list_remembered(&alice.id).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].user_agent.as_deref(), Some("Firefox"));
    assert!(!forget(&mallory, &listed[0].id).await);
    assert!(forget(&alice, &listed[0].id).await);
    assert!(!forget(&alice, &listed[0].id).await);
    let left = [site.remembers(&alice, &first).await, site.remembers(&alice, &second).await];
    assert_eq!(left.into_iter().filter(|left| *left).count(), 1);
    assert!(site.factors.forget_devices(&alice.id, &Origin::default()).await.unwrap());
    assert!(!site.factors.forget_devices(&alice.id, &Origin::default()).await.unwrap());
    assert!(!site.remembers(&alice, &first).await && !site.remembers(&alice, &second).await);
    assert!(site.remembers(&mallory, &hers).await);
}

#[tokio::test]
async fn another_factor_or_password_is_asked_for_in_every_browser() {
    let site = Site::new().await;
    let origin = Origin::default();
    let (alice, _) = site.with_totp("alice").await;
    let secret = site.remember(&alice).await;
    // Another app.
    let new = site.factors.begin_totp(&alice).unwrap().secret;
    site.factors.confirm_totp(&alice, &new, &site.code(&new, 0), (&by(&alice), &origin)).await.unwrap();
    assert!(!site.remembers(&alice, &secret).await);
    // A passkey more, and one less.
    let secret = site.remember(&alice).await;
    let (options, state) = site.factors.begin_passkey(&alice).await.unwrap();
    let answer = SoftAuthenticator::new("http://localhost:8080").create(&options);
    site.factors.finish_passkey(&alice, state, &answer, "", (&by(&alice), &origin)).await.unwrap();
    assert!(!site.remembers(&alice, &secret).await);
    let secret = site.remember(&alice).await;
    let id = site.factors.list_passkeys(&alice.id).await.unwrap().remove(0).id;
    site.factors.remove_passkey(&alice, &id, false, (&by(&alice), &origin)).await.unwrap();
    assert!(!site.remembers(&alice, &secret).await);
    // An app less.
    let secret = site.remember(&alice).await;
    site.factors.remove_totp(&alice, false, (&by(&alice), &origin)).await.unwrap();
    assert!(!site.remembers(&alice, &secret).await);
    // Another password.
    let secret = site.remember(&alice).await;
    let (users, now) = (site.world.store.users(), site.world.clock.now());
    let hash = Secret::new("$argon2id$new".to_owned());
    users.set_password(alice.id.clone(), hash, now, (vec![], vec![])).await.unwrap();
    assert!(!site.remembers(&alice, &secret).await);
}

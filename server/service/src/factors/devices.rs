//! Browsers in which a person is not asked for a second factor for a while. That proves no factor: it only asks for none.

use super::{FactorProblem, Factors};
use chrono::TimeDelta;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::id::{DeviceId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{Committed, RememberedDevice, StoreError};

/// The longest name of a browser that is kept, in characters.
const LONGEST_AGENT: usize = 256;

impl Factors {
    /// For how many days a browser is remembered; 0: not at all.
    pub fn remember_days(&self) -> u32 {
        self.settings.live().remember_days
    }

    /// Remembers a browser in which a person has just proved a second factor; the secret goes into a cookie of that
    /// browser. `None`: the operator allows no such thing.
    pub async fn remember_device(
        &self,
        user: &UserId,
        user_agent: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<Secret<String>>, FactorProblem> {
        if self.settings.live().remember_days == 0 {
            return Ok(None);
        }
        let now = self.clock.now();
        let device = RememberedDevice {
            id: DeviceId::from(self.random.id()?),
            user_id: user.clone(),
            created_at: now,
            expires_at: now + self.remembered_for(),
            address: origin.address,
            user_agent: user_agent.map(|agent| agent.chars().take(LONGEST_AGENT).collect()),
        };
        let secret = Secret::new(self.random.secret()?);
        let hash = SecretHash::of(secret.expose().as_bytes());
        let event = self.event(user, origin, Event::DeviceRemembered);
        match self.store.remembered_devices().remember(device, hash, vec![event]).await? {
            Committed::Yes => Ok(Some(secret)),
            Committed::Stale | Committed::SubjectGone => Err(FactorProblem::NotEnrolled),
        }
    }

    /// Whether this is one of a person's remembered browsers. What the operator allows now counts, not what was allowed then.
    pub async fn is_remembered(&self, user: &UserId, secret: &Secret<String>) -> Result<bool, StoreError> {
        if self.settings.live().remember_days == 0 {
            return Ok(false);
        }
        let (now, hash) = (self.clock.now(), SecretHash::of(secret.expose().as_bytes()));
        let since = self.store.remembered_devices().since(user, &hash, now).await?;
        Ok(since.is_some_and(|since| since + self.remembered_for() > now))
    }

    /// A person's remembered browsers, latest first.
    pub async fn list_remembered(&self, user: &UserId) -> Result<Vec<RememberedDevice>, StoreError> {
        let now = self.clock.now();
        let mut devices = self.store.remembered_devices().of(user, now).await?;
        for device in &mut devices {
            device.expires_at = device.expires_at.min(device.created_at + self.remembered_for());
        }
        devices.retain(|device| device.expires_at > now);
        Ok(devices)
    }

    /// Forgets one of a person's browsers. False: it is not theirs.
    pub async fn forget_device(
        &self,
        user: &UserId,
        id: &DeviceId,
        origin: &Origin,
    ) -> Result<bool, StoreError> {
        self.forget(user, Some(id.clone()), origin).await
    }

    /// Forgets all of a person's browsers. False: there was none.
    pub async fn forget_devices(&self, user: &UserId, origin: &Origin) -> Result<bool, StoreError> {
        self.forget(user, None, origin).await
    }

    async fn forget(&self, user: &UserId, id: Option<DeviceId>, origin: &Origin) -> Result<bool, StoreError> {
        let event = self.event(user, origin, Event::DeviceForgotten { all: id.is_none() });
        let forgotten = self.store.remembered_devices().forget(user.clone(), id, vec![event]).await?;
        Ok(forgotten == Committed::Yes)
    }

    fn remembered_for(&self) -> TimeDelta {
        TimeDelta::days(self.settings.live().remember_days.into())
    }
}

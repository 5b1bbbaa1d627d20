//! What a person proves themselves with besides the password: what there is, and taking it away. Setting one up leads through
//! [`Authorizations::begin_factor`](crate::authorize::Authorizations::begin_factor).

use super::Account;
use crate::authorize::{Present, Visit};
use crate::factors::{FactorProblem, Grounds, MAX_PASSKEYS, Passkey, Removed, grounds_of};
use crate::settings::Settings;
use signet_protocol::audit::Origin;
use signet_protocol::environment::Moment;
use signet_protocol::factor::{Demand, Enrolled, FactorPolicy, Policies};
use signet_protocol::id::{DeviceId, PasskeyId};
use signet_protocol::secret::Secret;
use signet_store::{RememberedDevice, StoreError};

/// What a person has.
#[derive(Debug)]
pub struct OwnFactors {
    /// Since when they have their authenticator app, and when it was last used, if it was.
    pub app: Option<(Moment, Option<Moment>)>,
    /// Their passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// How many recovery codes were not used yet.
    pub recovery_codes: u32,
    /// Browsers that are not asked for a second step, latest first.
    pub remembered: Vec<RememberedDevice>,
    /// Whether another passkey can be made here.
    pub may_add_passkey: bool,
}

/// How well a person is protected, besides the password.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    /// What there is.
    pub enrolled: Enrolled,
    /// Whether policy wants an authenticator app or a passkey of them.
    pub required: bool,
    /// Whether they administer and have neither: elsewhere than on this machine they would have to.
    pub advised: bool,
}

impl OwnFactors {
    /// Whether there is an authenticator app or a passkey.
    pub fn any(&self) -> bool {
        self.app.is_some() || !self.passkeys.is_empty()
    }
}

impl Account {
    /// What a person has.
    pub async fn own_factors(&self, present: &Present) -> Result<OwnFactors, StoreError> {
        let (factors, id) = (&self.factors, &present.user.id);
        let passkeys = factors.list_passkeys(id).await?;
        Ok(OwnFactors {
            app: factors.own_app(id).await?,
            may_add_passkey: factors.offers_passkeys() && passkeys.len() < MAX_PASSKEYS,
            passkeys,
            recovery_codes: factors.enrolled(&present.user).await?.recovery_codes,
            remembered: factors.list_remembered(id).await?,
        })
    }

    /// How well a person is protected.
    pub async fn protection(&self, present: &Present) -> Result<Protection, StoreError> {
        let enrolled = self.factors.enrolled(&present.user).await?;
        let policies = self.policies(present).await?;
        let asked = self.settings.factor_policy != FactorPolicy::Off;
        let advised = policies.administers && asked && !enrolled.any();
        Ok(Protection { enrolled, required: policies.demand() == Demand::Always, advised })
    }

    /// Whether policy wants a factor of this person.
    async fn must_keep_one(&self, present: &Present) -> Result<bool, StoreError> {
        Ok(self.policies(present).await?.demand() == Demand::Always)
    }

    /// What policy says of this person. Clients that want a factor ask when somebody comes to them.
    async fn policies(&self, present: &Present) -> Result<Policies, StoreError> {
        let held = self.directory.held(&present.user).await?;
        let Settings { factor_policy, loopback, .. } = *self.settings;
        Ok(Policies::of((factor_policy, None), &self.directory.roles(), &held, loopback))
    }

    /// Takes the authenticator app away.
    pub async fn remove_app(&self, present: &Present, visit: &Visit<'_>) -> Result<Removed, StoreError> {
        let Some(grounds) = proved(present, visit) else { return Ok(Removed::Overtaken) };
        let keeps_one = self.must_keep_one(present).await?;
        self.factors.remove_totp(&present.user, keeps_one, (&grounds, visit.origin)).await
    }

    /// Takes a passkey away.
    pub async fn remove_passkey(
        &self,
        present: &Present,
        id: &PasskeyId,
        visit: &Visit<'_>,
    ) -> Result<Removed, StoreError> {
        let Some(grounds) = proved(present, visit) else { return Ok(Removed::Overtaken) };
        let keeps_one = self.must_keep_one(present).await?;
        self.factors.remove_passkey(&present.user, id, keeps_one, (&grounds, visit.origin)).await
    }

    /// Gives a passkey another name.
    pub async fn rename_passkey(
        &self,
        present: &Present,
        (id, name): (&PasskeyId, &str),
        origin: &Origin,
    ) -> Result<(), FactorProblem> {
        self.take(present, "passkey_name", origin).await.map_err(FactorProblem::Limited)?;
        self.factors.rename_passkey(&present.user.id, id, name, origin).await
    }

    /// New recovery codes in place of the old ones. [`FactorProblem::Overtaken`]: there is nothing that they could stand in
    /// for any more.
    pub async fn new_recovery_codes(
        &self,
        present: &Present,
        visit: &Visit<'_>,
    ) -> Result<Vec<Secret<String>>, FactorProblem> {
        let grounds = proved(present, visit).ok_or(FactorProblem::Overtaken)?;
        self.take(present, "recovery_codes", visit.origin).await.map_err(FactorProblem::Limited)?;
        self.factors.new_recovery_codes(&present.user, (&grounds, visit.origin)).await
    }

    /// Has the second step asked for again in a remembered browser, or in all of them. False: there is none such.
    pub async fn forget_browsers(
        &self,
        present: &Present,
        id: Option<DeviceId>,
        origin: &Origin,
    ) -> Result<bool, StoreError> {
        match id {
            Some(id) => self.factors.forget_device(&present.user.id, &id, origin).await,
            None => self.factors.forget_devices(&present.user.id, origin).await,
        }
    }
}

/// By what somebody changes the factors they have: a session in which they have proved one of them.
fn proved(present: &Present, visit: &Visit<'_>) -> Option<Grounds> {
    Some(grounds_of(&present.session, visit.session?)).filter(|grounds| !grounds.first)
}

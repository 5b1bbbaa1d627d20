//! Somebody whom limits hold back is let go.

use super::super::{Actor, Admin, AdminError};
use super::of;
use crate::limits::{LimitKey, LimitName};
use signet_protocol::audit::Event;
use signet_protocol::id::UserId;
use signet_protocol::permission::Permission;
use std::collections::HashSet;
use std::net::IpAddr;

/// What is counted at an account, wherever it is tried from.
const AT_ACCOUNT: [LimitName; 6] = [
    LimitName::SignInAccount,
    LimitName::SecondFactor,
    LimitName::RecoveryCode,
    LimitName::Enrolment,
    LimitName::ResetMailAccount,
    LimitName::VerificationMail,
];
/// So many of the latest failures are looked at for where they came from.
const FAILURES: u64 = 200;

impl Admin {
    /// Forgets what was counted at somebody's account: failed sign-ins from anywhere and from each network that the latest
    /// failures came from, wrong second factors, mails. What a browser that they signed in with before has used up is known to
    /// that browser alone, and passes by itself.
    pub async fn unlock_user(&self, actor: &Actor, id: &UserId) -> Result<(), AdminError> {
        actor.must_have(Permission::LimitsWrite)?;
        self.known_user(id).await?;
        let limits = &self.server()?.limits;
        let account = LimitKey::account(id);
        for name in AT_ACCOUNT {
            limits.clear(name, &account).await;
        }
        let failures = self.store.account(id).history(None, &["sign_in_failed"], FAILURES).await?;
        let addresses: HashSet<Option<IpAddr>> = failures
            .into_iter()
            .map(|failure| failure.address.and_then(|address| address.parse().ok()))
            .collect();
        for address in addresses {
            limits.clear(LimitName::SignInPair, &account.and(&LimitKey::network(address))).await;
        }
        let event = actor.event(self.clock.now(), of(id), Event::AccountUnlocked);
        Ok(self.store.audit().record(vec![event]).await?)
    }
}

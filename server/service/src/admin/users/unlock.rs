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
const AT_ACCOUNT: [LimitName; 4] = [
    LimitName::SignInAccount,
    LimitName::Enrolment,
    LimitName::ResetMailAccount,
    LimitName::VerificationMail,
];
/// Guesses at what somebody proves themselves with besides the password.
const FACTORS: [LimitName; 2] = [LimitName::SecondFactor, LimitName::RecoveryCode];
/// So many of the latest failures are looked at for where they came from.
const FAILURES: u64 = 200;

impl Admin {
    /// Forgets what was counted at somebody's account: failed sign-ins from anywhere and from each network that the latest
    /// failures came from, wrong second factors, mails. What a browser that they signed in with before has used up is known to
    /// that browser alone, and passes by itself. Guesses at a second factor are few in a million: the count of them is
    /// forgotten only for whoever might take the factor away altogether, and nobody has it forgotten for who may do more.
    pub async fn unlock_user(&self, actor: &Actor, id: &UserId) -> Result<(), AdminError> {
        actor.must_have(Permission::LimitsWrite)?;
        let record = self.known_user(id).await?;
        actor.must_cover(self.reach_of(&record.item.user).await?)?;
        let event = actor.event(self.clock.now(), of(id), Event::AccountUnlocked);
        self.store.audit().record(vec![event]).await?;
        let limits = &self.server()?.limits;
        let account = LimitKey::account(id);
        let factors = if actor.permissions().has(Permission::UsersWrite) { &FACTORS[..] } else { &[] };
        for name in AT_ACCOUNT.into_iter().chain(factors.iter().copied()) {
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
        Ok(())
    }
}

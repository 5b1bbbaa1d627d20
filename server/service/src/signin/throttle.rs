//! Limits on failed sign-ins, per account and per address. Counted where every node sees it.

use crate::network::subscriber;
use crate::settings::{FailureLimit, SignInLimits};
use signet_protocol::secret::SecretHash;
use signet_store::{Ephemeral, EphemeralError};
use std::net::IpAddr;
use std::time::Duration;

/// Counts failures.
#[derive(Clone)]
pub struct Throttle {
    /// Where they are counted.
    pub ephemeral: Ephemeral,
    /// Where they are counted while Redis is away: limits that fall with it would be no limits.
    pub local: Ephemeral,
    /// How many are allowed; `None`: any number.
    pub limits: Option<SignInLimits>,
}

/// Too many failures: nothing is even tried before this time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limited {
    /// In seconds.
    pub retry_after: u32,
}

/// A sign-in that is being tried: counted as failed until it is known to have succeeded, so that
/// guesses made at once are counted as well as guesses made one after the other.
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    account: String,
}

impl Throttle {
    /// Begins an attempt, if the account and the address have any left.
    pub async fn begin(&self, login: &str, address: Option<IpAddr>) -> Result<Attempt<'_>, Limited> {
        let account = account_key(login);
        if let Some(limits) = &self.limits {
            self.count(&account, limits.account).await?;
            if let Some(address) = address {
                self.check(&address_key(address), limits.address).await?;
            }
        }
        Ok(Attempt { throttle: self, account })
    }

    async fn count(&self, key: &str, limit: FailureLimit) -> Result<(), Limited> {
        let period = Duration::from_secs(limit.period.into());
        let count = match self.ephemeral.count_failure(key, period).await {
            Ok(count) => Ok(count),
            Err(error) => {
                tracing::warn!(%error, "failed sign-ins are counted in this process alone");
                self.local.count_failure(key, period).await
            }
        };
        within(count, |count| count <= limit.number, limit)
    }

    async fn check(&self, key: &str, limit: FailureLimit) -> Result<(), Limited> {
        let count = match self.ephemeral.failures(key).await {
            Ok(count) => Ok(count),
            Err(_) => self.local.failures(key).await,
        };
        within(count, |count| count < limit.number, limit)
    }
}

impl Attempt<'_> {
    /// It succeeded: the account's failures are forgotten.
    pub async fn succeeded(self) {
        if self.throttle.limits.is_none() {
            return;
        }
        for counter in [&self.throttle.ephemeral, &self.throttle.local] {
            if let Err(error) = counter.clear(&self.account).await {
                tracing::warn!(%error, "an account's failed sign-ins are not forgotten yet");
            }
        }
    }

    /// It failed: that counts for the address, too.
    pub async fn failed(self, address: Option<IpAddr>) {
        if let (Some(limits), Some(address)) = (&self.throttle.limits, address) {
            let _ = self.throttle.count(&address_key(address), limits.address).await;
        }
    }
}

fn within(
    count: Result<u32, EphemeralError>,
    allows: impl Fn(u32) -> bool,
    limit: FailureLimit,
) -> Result<(), Limited> {
    match count {
        Ok(count) if allows(count) => Ok(()),
        // The fallback is this process's memory, which does not fail; if it did, nobody would get in.
        Ok(_) | Err(_) => Err(Limited { retry_after: limit.period }),
    }
}

/// Names are hashed: what someone typed as a user name may have been a password.
fn account_key(login: &str) -> String {
    let digest = SecretHash::of(login.trim().to_lowercase().as_bytes());
    digest.0[..16].iter().fold(String::from("sign-in:account:"), |key, byte| format!("{key}{byte:02x}"))
}

fn address_key(address: IpAddr) -> String {
    format!("sign-in:address:{}", subscriber(address))
}

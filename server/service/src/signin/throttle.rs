//! Limits on failed sign-ins, per account and per address. Counted where every node sees it.

use crate::network::subscriber;
use crate::settings::{FailureLimit, SignInLimits};
use signet_protocol::secret::SecretHash;
use signet_store::Ephemeral;
use std::net::IpAddr;
use std::time::Duration;

/// Counts failures.
#[derive(Clone)]
pub struct Throttle {
    /// Where they are counted.
    pub ephemeral: Ephemeral,
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
        match self.ephemeral.count_failure(key, period).await {
            Ok(count) if count > limit.number => Err(Limited { retry_after: limit.period }),
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::error!(%error, "sign-in limits cannot be counted");
                Ok(())
            }
        }
    }

    async fn check(&self, key: &str, limit: FailureLimit) -> Result<(), Limited> {
        match self.ephemeral.failures(key).await {
            Ok(count) if count >= limit.number => Err(Limited { retry_after: limit.period }),
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::error!(%error, "sign-in limits cannot be read");
                Ok(())
            }
        }
    }
}

impl Attempt<'_> {
    /// It succeeded: the account's failures are forgotten.
    pub async fn succeeded(self) {
        if self.throttle.limits.is_some()
            && let Err(error) = self.throttle.ephemeral.clear(&self.account).await
        {
            tracing::error!(%error, "sign-in limits cannot be cleared");
        }
    }

    /// It failed: that counts for the address, too.
    pub async fn failed(self, address: Option<IpAddr>) {
        if let (Some(limits), Some(address)) = (&self.throttle.limits, address) {
            let _ = self.throttle.count(&address_key(address), limits.address).await;
        }
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

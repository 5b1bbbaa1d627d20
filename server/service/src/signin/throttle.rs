//! Limits on failed sign-ins, per account and per address. Counted where every node sees it, in windows of time
//! that are the same for all of them.

use crate::network::subscriber;
use crate::settings::{FailureLimit, SignInLimits};
use signet_protocol::environment::{Clock, Moment};
use signet_protocol::secret::SecretHash;
use signet_store::{Ephemeral, EphemeralError};
use std::net::IpAddr;
use std::time::Duration;

/// Counts failures.
#[derive(Clone)]
pub struct Throttle {
    /// Where they are counted.
    ephemeral: Ephemeral,
    /// Where they are counted while Redis is away: limits that fall with it would be no limits.
    local: Ephemeral,
    /// How many are allowed; `None`: any number.
    limits: Option<SignInLimits>,
    /// Which window it is.
    clock: Clock,
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
    account: Option<Window>,
}

/// One counter: a key that is another one in the next window, and when that begins.
struct Window {
    key: String,
    number: u32,
    /// In seconds.
    remaining: u32,
}

impl Window {
    fn of(key: &str, limit: FailureLimit, now: Moment) -> Self {
        let period = limit.period.max(1);
        let (window, elapsed) =
            (now.timestamp().div_euclid(period.into()), now.timestamp().rem_euclid(period.into()));
        let remaining = period - u32::try_from(elapsed).unwrap_or(0);
        Self { key: format!("{key}:{window}"), number: limit.number, remaining }
    }

    fn lifetime(&self) -> Duration {
        Duration::from_secs(self.remaining.into())
    }

    /// `allows` is asked about the count and the number of failures that are let through.
    fn within(
        &self,
        count: Result<u32, EphemeralError>,
        allows: impl Fn(u32, u32) -> bool,
    ) -> Result<(), Limited> {
        match count {
            Ok(count) if allows(count, self.number) => Ok(()),
            // The fallback is this process's memory, which does not fail; if it did, nobody would get in.
            Ok(_) | Err(_) => Err(Limited { retry_after: self.remaining }),
        }
    }
}

impl Throttle {
    /// Counts in the first place, and in the second while the first one is away.
    pub fn new(
        (ephemeral, local): (Ephemeral, Ephemeral),
        limits: Option<SignInLimits>,
        clock: Clock,
    ) -> Self {
        Self { ephemeral, local, limits, clock }
    }

    /// Begins an attempt, if the account and the address have any left.
    pub async fn begin(&self, login: &str, address: Option<IpAddr>) -> Result<Attempt<'_>, Limited> {
        let Some(limits) = &self.limits else { return Ok(Attempt { throttle: self, account: None }) };
        let now = self.clock.now();
        let account = Window::of(&account_key(login), limits.account, now);
        self.count(&account).await?;
        if let Some(address) = address {
            self.check(&Window::of(&address_key(address), limits.address, now)).await?;
        }
        Ok(Attempt { throttle: self, account: Some(account) })
    }

    async fn count(&self, window: &Window) -> Result<(), Limited> {
        let count = match self.ephemeral.count_failure(&window.key, window.lifetime()).await {
            Ok(count) => Ok(count),
            Err(error) => {
                tracing::warn!(%error, "failed sign-ins are counted in this process alone");
                self.local.count_failure(&window.key, window.lifetime()).await
            }
        };
        window.within(count, |count, number| count <= number)
    }

    async fn check(&self, window: &Window) -> Result<(), Limited> {
        let count = match self.ephemeral.failures(&window.key).await {
            Ok(count) => Ok(count),
            Err(_) => self.local.failures(&window.key).await,
        };
        window.within(count, |count, number| count < number)
    }
}

impl Attempt<'_> {
    /// It succeeded: the account's failures are forgotten.
    pub async fn succeeded(self) {
        let Some(account) = self.account else { return };
        for counter in [&self.throttle.ephemeral, &self.throttle.local] {
            if let Err(error) = counter.clear(&account.key).await {
                tracing::warn!(%error, "an account's failed sign-ins are not forgotten yet");
            }
        }
    }

    /// It failed: that counts for the address, too.
    pub async fn failed(self, address: Option<IpAddr>) {
        if let (Some(limits), Some(address)) = (&self.throttle.limits, address) {
            let window = Window::of(&address_key(address), limits.address, self.throttle.clock.now());
            let _ = self.throttle.count(&window).await;
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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_window_ends_when_it_says_and_is_the_same_for_everyone_in_it() {
        let limit = FailureLimit { number: 3, period: 900 };
        let at = |seconds| Window::of("k", limit, DateTime::from_timestamp(seconds, 0).unwrap());
        let (first, last, next) = (at(9000), at(9899), at(9900));
        assert_eq!((first.remaining, last.remaining, next.remaining), (900, 1, 900));
        assert_eq!(first.key, last.key);
        assert_ne!(last.key, next.key);
    }

    #[tokio::test]
    async fn an_attempt_counts_as_failed_until_it_has_succeeded() {
        let limit = FailureLimit { number: 2, period: 900 };
        let limits = SignInLimits { account: limit, address: limit };
        let clock = Clock::new(|| DateTime::from_timestamp(9000, 0).unwrap());
        let throttle = Throttle::new((Ephemeral::local(), Ephemeral::local()), Some(limits), clock);
        let attempts = (throttle.begin("alice", None).await, throttle.begin("Alice ", None).await);
        assert_eq!(throttle.begin("alice", None).await.err(), Some(Limited { retry_after: 900 }));
        attempts.0.unwrap().succeeded().await;
        assert!(throttle.begin("alice", None).await.is_ok());
    }
}

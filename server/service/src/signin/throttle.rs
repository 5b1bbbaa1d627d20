//! Limits on failed sign-ins, per account and per address. Counted where every node sees it, in windows of time
//! that are the same for all of them.

use crate::network::subscriber;
use crate::settings::{FailureLimit, SignInLimits};
use signet_protocol::environment::{Clock, Moment};
use signet_protocol::id::UserId;
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

/// A sign-in that is being tried. It counts as failed from its beginning, whatever becomes of it, until it is known to
/// have succeeded: guesses made at once count like guesses made one after the other, and so do those that nobody waits
/// for the answer of.
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    address: Option<Window>,
    account: Option<Window>,
}

/// Whose sign-in it is.
pub enum Account<'a> {
    /// A known person, by whatever name they were called.
    Known(&'a UserId),
    /// A name that nobody has.
    Unknown(&'a str),
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

    fn within(&self, count: Result<u32, EphemeralError>) -> Result<(), Limited> {
        match count {
            Ok(count) if count <= self.number => Ok(()),
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

    /// Begins an attempt, if the address has any left. An address that has none left reaches no account.
    pub async fn begin(&self, address: Option<IpAddr>) -> Result<Attempt<'_>, Limited> {
        let mut attempt = Attempt { throttle: self, address: None, account: None };
        if let (Some(limits), Some(address)) = (&self.limits, address) {
            let window = Window::of(&address_key(address), limits.address, self.clock.now());
            self.count(&window).await?;
            attempt.address = Some(window);
        }
        Ok(attempt)
    }

    async fn count(&self, window: &Window) -> Result<(), Limited> {
        let count = match self.ephemeral.count_failure(&window.key, window.lifetime()).await {
            Ok(count) => Ok(count),
            Err(error) => {
                tracing::warn!(%error, "failed sign-ins are counted in this process alone");
                self.local.count_failure(&window.key, window.lifetime()).await
            }
        };
        window.within(count)
    }

    async fn everywhere(&self, window: Option<&Window>, what: Amends) {
        let Some(window) = window else { return };
        for counter in [&self.ephemeral, &self.local] {
            let done = match what {
                Amends::Forget => counter.clear(&window.key).await,
                Amends::TakeBack => counter.forgive(&window.key).await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "a failed sign-in that was none still counts");
            }
        }
    }
}

/// What becomes of a count that turned out to be no failure.
#[derive(Clone, Copy)]
enum Amends {
    /// All of it is forgotten.
    Forget,
    /// One is taken back.
    TakeBack,
}

impl Attempt<'_> {
    /// Goes on, if the account has any attempts left.
    pub async fn at(&mut self, account: Account<'_>) -> Result<(), Limited> {
        let Some(limits) = &self.throttle.limits else { return Ok(()) };
        let window = Window::of(&account_key(&account), limits.account, self.throttle.clock.now());
        self.throttle.count(&window).await?;
        self.account = Some(window);
        Ok(())
    }

    /// It succeeded: the account's failures are forgotten, the address's others are not.
    pub async fn succeeded(self) {
        self.throttle.everywhere(self.account.as_ref(), Amends::Forget).await;
        self.throttle.everywhere(self.address.as_ref(), Amends::TakeBack).await;
    }

    /// It was not tried after all: the server was too busy, or the database away.
    pub async fn given_up(self) {
        self.throttle.everywhere(self.account.as_ref(), Amends::TakeBack).await;
        self.throttle.everywhere(self.address.as_ref(), Amends::TakeBack).await;
    }
}

/// Names are hashed: what someone typed as a user name may have been a password.
fn account_key(account: &Account<'_>) -> String {
    match account {
        Account::Known(id) => format!("sign-in:user:{id}"),
        Account::Unknown(login) => {
            let digest = SecretHash::of(login.trim().to_lowercase().as_bytes());
            let digits = digest.0.iter().take(16).map(|byte| format!("{byte:02x}"));
            format!("sign-in:name:{}", digits.collect::<String>())
        }
    }
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

    fn throttle(number: u32) -> Throttle {
        let limit = FailureLimit { number, period: 900 };
        let limits = SignInLimits { account: limit, address: FailureLimit { number: 5, period: 900 } };
        let clock = Clock::new(|| DateTime::from_timestamp(9000, 0).unwrap());
        Throttle::new((Ephemeral::local(), Ephemeral::local()), Some(limits), clock)
    }

    async fn attempt<'a>(
        throttle: &'a Throttle,
        login: &str,
        address: Option<IpAddr>,
    ) -> Result<Attempt<'a>, Limited> {
        let mut attempt = throttle.begin(address).await?;
        attempt.at(Account::Unknown(login)).await?;
        Ok(attempt)
    }

    #[tokio::test]
    async fn an_attempt_counts_as_failed_until_it_has_succeeded() {
        let throttle = throttle(2);
        let attempts = (attempt(&throttle, "alice", None).await, attempt(&throttle, "Alice ", None).await);
        assert_eq!(attempt(&throttle, "alice", None).await.err(), Some(Limited { retry_after: 900 }));
        attempts.0.unwrap().succeeded().await;
        assert!(attempt(&throttle, "alice", None).await.is_ok());
    }

    #[tokio::test]
    async fn a_blocked_address_locks_no_account() {
        let throttle = throttle(3);
        let attacker = Some(IpAddr::from([192, 0, 2, 1]));
        for guess in 0..20 {
            drop(attempt(&throttle, &format!("nobody-{guess}"), attacker).await);
        }
        for _ in 0..20 {
            assert!(attempt(&throttle, "alice", attacker).await.is_err());
        }
        assert!(attempt(&throttle, "alice", Some(IpAddr::from([198, 51, 100, 1]))).await.is_ok());
    }

    #[tokio::test]
    async fn people_behind_one_address_who_sign_in_rightly_are_not_counted() {
        let throttle = throttle(2);
        let office = Some(IpAddr::from([192, 0, 2, 1]));
        for person in 0..20 {
            attempt(&throttle, &format!("person-{person}"), office).await.unwrap().succeeded().await;
        }
    }

    #[tokio::test]
    async fn an_attempt_that_was_not_tried_does_not_count() {
        let throttle = throttle(1);
        for _ in 0..3 {
            attempt(&throttle, "alice", None).await.unwrap().given_up().await;
        }
    }
}

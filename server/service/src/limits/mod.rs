//! Limits: one door for everything that is counted. What is let through is counted where every node sees it; while Redis
//! is away, in this process. They fall with nothing.

mod circuit;
mod key;
mod name;

pub use key::LimitKey;
pub use name::{LimitName, LimitSettings, LimitTable};
pub use signet_protocol::rate_limit::{Limited, RateLimit};
pub use signet_store::{Rule, Strategy};

use circuit::Circuit;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use signet_protocol::environment::{Clock, Moment};
use signet_store::{Ephemeral, Step, Verdict};
use std::sync::Arc;

/// So many refusals are remembered here at most.
const REMEMBERED: u64 = 50_000;

/// The limits. Cloning it is cheap and gives the same ones.
#[derive(Clone)]
pub struct Limits {
    table: LimitTable,
    /// Where things are counted.
    ephemeral: Ephemeral,
    /// Where they are counted while Redis is away.
    local: Ephemeral,
    circuit: Arc<Circuit>,
    /// Until when a key is known to be refused, for those who must know it without asking.
    refused: Cache<String, Moment>,
    clock: Clock,
}

/// Where limits are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// They are switched off.
    Off,
    /// In this process, which is the only one.
    InProcess,
    /// In Redis, for all nodes.
    InRedis,
    /// In this process alone, until Redis is back.
    WithoutRedis,
}

impl Counting {
    /// As `/health/ready` says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::InProcess => "in-process",
            Self::InRedis => "redis",
            Self::WithoutRedis => "in-process, redis is away",
        }
    }
}

impl Limits {
    /// Counts in `ephemeral`, by `clock` where that has none of its own.
    pub fn new(table: LimitTable, ephemeral: Ephemeral, clock: Clock) -> Self {
        let refused =
            Cache::builder().max_capacity(REMEMBERED).eviction_policy(EvictionPolicy::lru()).build();
        let circuit = Arc::new(Circuit::new());
        Self { table, ephemeral, local: Ephemeral::local(), circuit, refused, clock }
    }

    /// Takes one. Whoever is refused is not counted. `None`: there is no such limit.
    pub async fn take(&self, name: LimitName, key: &LimitKey) -> Result<Option<RateLimit>, Limited> {
        self.step(name, key, Step::Take).await
    }

    /// Whether one would be let through.
    pub async fn peek(&self, name: LimitName, key: &LimitKey) -> Result<Option<RateLimit>, Limited> {
        self.step(name, key, Step::Peek).await
    }

    /// One that was taken was none after all: it was right, or was not tried.
    pub async fn give_back(&self, name: LimitName, key: &LimitKey) {
        let Some(rule) = self.table.rule(name) else { return };
        let (place, now) = (key.within(name), self.clock.now());
        for counter in self.counters() {
            if let Err(error) = counter.limit(&place, &rule, Step::GiveBack, now).await {
                self.circuit.open(&error);
            }
        }
        self.refused.invalidate(&place);
    }

    /// Forgets what was taken.
    pub async fn clear(&self, name: LimitName, key: &LimitKey) {
        if self.table.rule(name).is_none() {
            return;
        }
        let place = key.within(name);
        for counter in self.counters() {
            if let Err(error) = counter.forget(&place).await {
                self.circuit.open(&error);
            }
        }
        self.refused.invalidate(&place);
    }

    /// Whether this process remembers that a key is refused: the answer for hot paths, which ask nobody. What it knows it
    /// learnt from [`failed`](Self::failed).
    pub fn check_here(&self, name: LimitName, key: &LimitKey) -> Result<(), Limited> {
        let Some(rule) = self.table.rule(name) else { return Ok(()) };
        let Some(until) = self.refused.get(&key.within(name)) else { return Ok(()) };
        let left = (until - self.clock.now()).num_milliseconds();
        if left <= 0 {
            return Ok(());
        }
        let retry_after = u32::try_from(left.saturating_add(999) / 1000).unwrap_or(u32::MAX);
        Err(Limited { retry_after, limit: told(name, &rule, 0, retry_after) })
    }

    /// Counts a failure after the fact, and remembers for [`check_here`](Self::check_here) when it was the last one that is
    /// allowed.
    pub async fn failed(&self, name: LimitName, key: &LimitKey) -> Result<(), Limited> {
        let Some(rule) = self.table.rule(name) else { return Ok(()) };
        let verdict = self.verdict(name, &rule, key, Step::Take).await;
        if verdict.wait > 0 {
            let until = self.clock.now() + chrono::TimeDelta::milliseconds(verdict.wait);
            self.refused.insert(key.within(name), until);
        }
        judged(name, &rule, &verdict).map(|_| ())
    }

    /// Where things are counted now.
    pub fn counting(&self) -> Counting {
        if !self.table.enabled {
            Counting::Off
        } else if !self.ephemeral.is_shared() {
            Counting::InProcess
        } else if self.circuit.is_closed() {
            Counting::InRedis
        } else {
            Counting::WithoutRedis
        }
    }

    /// Asks whether Redis answers, and takes note for the next one who counts.
    pub(crate) async fn ping(&self) -> Result<(), signet_store::EphemeralError> {
        let answer = self.ephemeral.ping().await;
        match &answer {
            Ok(()) => self.circuit.close(),
            Err(error) => self.circuit.open(error),
        }
        answer
    }

    async fn step(&self, name: LimitName, key: &LimitKey, step: Step) -> Result<Option<RateLimit>, Limited> {
        let Some(rule) = self.table.rule(name) else { return Ok(None) };
        judged(name, &rule, &self.verdict(name, &rule, key, step).await).map(Some)
    }

    async fn verdict(&self, name: LimitName, rule: &Rule, key: &LimitKey, step: Step) -> Verdict {
        let (place, now) = (key.within(name), self.clock.now());
        if self.circuit.may_pass() {
            match self.ephemeral.limit(&place, rule, step, now).await {
                Ok(verdict) => {
                    self.circuit.close();
                    return verdict;
                }
                Err(error) => self.circuit.open(&error),
            }
        }
        // This process's memory does not fail; if it did, nobody would get through.
        let refused =
            Verdict { allowed: false, remaining: 0, wait: 1000, reset: 1000, at: now.timestamp_micros() };
        self.local.limit(&place, rule, step, now).await.unwrap_or(refused)
    }

    /// What may hold a count that is to be mended.
    fn counters(&self) -> impl Iterator<Item = &Ephemeral> {
        let shared = self.circuit.may_pass().then_some(&self.ephemeral);
        let local = self.ephemeral.is_shared().then_some(&self.local);
        shared.into_iter().chain(local)
    }
}

fn judged(name: LimitName, rule: &Rule, verdict: &Verdict) -> Result<RateLimit, Limited> {
    if verdict.allowed {
        return Ok(told(name, rule, verdict.remaining, verdict.reset_after()));
    }
    let retry_after = verdict.retry_after().max(1);
    Err(Limited { retry_after, limit: told(name, rule, 0, retry_after) })
}

fn told(name: LimitName, rule: &Rule, remaining: u32, reset: u32) -> RateLimit {
    RateLimit { policy: name.as_str(), quota: rule.number(), window: rule.period(), remaining, reset }
}

#[cfg(test)]
mod tests;

//! Limits: one door for everything that is counted. What is let through is counted where every node sees it; while Redis
//! is away, in this process. They fall with nothing.

mod circuit;
mod held;
mod key;
mod name;
mod table;

pub use held::{HeldBack, Whom};
pub use key::LimitKey;
pub use name::{LimitName, LimitSettings};
pub use signet_protocol::rate_limit::{Limited, RateLimit};
pub use signet_store::{Rule, Strategy};
pub use table::LimitTable;

use crate::settings::Live;
use circuit::Circuit;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use signet_protocol::client::Client;
use signet_protocol::environment::{Clock, Moment};
use signet_store::{Ephemeral, EphemeralError, LocalState, Step, Verdict};
use std::sync::Arc;

/// So many refusals are remembered here at most.
const REMEMBERED: u64 = 50_000;

/// The limits. Cloning it is cheap and gives the same ones.
#[derive(Clone)]
pub struct Limits {
    settings: Live,
    /// Where things are counted for all nodes, if there are others.
    ephemeral: Ephemeral,
    /// Where they are counted in this process: alone, or while Redis is away.
    local: LocalState,
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
    /// Counts in `ephemeral`, by `clock` where that has none of its own, by the rules that hold at each moment.
    pub fn new(settings: Live, ephemeral: Ephemeral, clock: Clock) -> Self {
        let refused =
            Cache::builder().max_capacity(REMEMBERED).eviction_policy(EvictionPolicy::lru()).build();
        let circuit = Arc::new(Circuit::new());
        let local = match &ephemeral {
            Ephemeral::Local(local) => local.clone(),
            Ephemeral::Redis(_) => LocalState::new(),
        };
        Self { settings, ephemeral, local, circuit, refused, clock }
    }

    /// Takes one. Whoever is refused is not counted. `None`: there is no such limit.
    pub async fn take(&self, name: LimitName, key: &LimitKey) -> Result<Option<RateLimit>, Limited> {
        self.step(name, key, Step::Take).await
    }

    /// Takes one of what a client may ask for, by the limit of its tier. Where there is no limit, not even the key is made:
    /// hot paths come through here.
    pub async fn take_for(
        &self,
        name: LimitName,
        client: &Client,
        key: impl FnOnce() -> LimitKey,
    ) -> Result<Option<RateLimit>, Limited> {
        let rule = match &client.tier {
            Some(tier) => self.settings.load().limits.rule_for(name, tier),
            None => self.rule(name),
        };
        let Some(rule) = rule else { return Ok(None) };
        // What was counted for one tier means nothing by the numbers of another.
        let key = match &client.tier {
            Some(tier) => key().of_tier(tier),
            None => key(),
        };
        judged(name, &rule, &self.verdict(name, &rule, &key, Step::Take).await).map(Some)
    }

    /// Whether one would be let through.
    pub async fn peek(&self, name: LimitName, key: &LimitKey) -> Result<Option<RateLimit>, Limited> {
        self.step(name, key, Step::Peek).await
    }

    /// One that was taken was none after all: it was right, or was not tried.
    pub async fn give_back(&self, name: LimitName, key: &LimitKey) {
        let Some(rule) = self.rule(name) else { return };
        let (place, now) = (key.within(name), self.clock.now());
        if self.asks_redis() {
            self.heard(self.ephemeral.limit(&place, &rule, Step::GiveBack, now).await);
        }
        self.local.limit(&place, &rule, Step::GiveBack, now);
        self.refused.invalidate(&place);
    }

    /// Forgets what was taken.
    pub async fn clear(&self, name: LimitName, key: &LimitKey) {
        if self.rule(name).is_none() {
            return;
        }
        let place = key.within(name);
        if self.asks_redis() {
            self.heard(self.ephemeral.forget(&place).await);
        }
        self.local.forget(&place);
        self.refused.invalidate(&place);
    }

    /// Whether a key is refused as far as this process knows: the answer for hot paths, which ask nobody. What it knows it
    /// learnt from [`failed`](Self::failed).
    pub fn check_here(&self, name: LimitName, key: &LimitKey) -> Result<(), Limited> {
        let Some(rule) = self.rule(name) else { return Ok(()) };
        let (place, now) = (key.within(name), self.clock.now());
        let left = self.refused.get(&place).map_or(0, |until| (until - now).num_milliseconds());
        if left > 0 {
            let retry_after = u32::try_from(left.saturating_add(999) / 1000).unwrap_or(u32::MAX);
            return Err(Limited { retry_after, limit: told(name, &rule, 0, retry_after) });
        }
        judged(name, &rule, &self.local.limit(&place, &rule, Step::Peek, now)).map(|_| ())
    }

    /// Counts a failure after the fact, under each of these. In this process it counts before Redis is asked, so that
    /// [`check_here`](Self::check_here) knows of it at once: however many guesses are in flight, a node lets no more of
    /// them fail than are allowed, and success costs nothing.
    pub async fn failed(&self, counted: &[(LimitName, LimitKey)]) -> Result<(), Limited> {
        let now = self.clock.now();
        let mut within = Ok(());
        let rules = counted.iter().filter_map(|(name, key)| Some((*name, key, self.rule(*name)?)));
        let rules: Vec<_> = rules.map(|(name, key, rule)| (name, key.within(name), rule)).collect();
        for (name, place, rule) in &rules {
            let here = self.local.limit(place, rule, Step::Take, now);
            if !self.ephemeral.is_shared() {
                self.note_held(place, &here, now).await;
            }
            within = within.and(judged(*name, rule, &here).map(|_| ()));
        }
        for (name, place, rule) in rules {
            let Some(verdict) = self.asked(&place, &rule, Step::Take, now).await else { continue };
            self.note_held(&place, &verdict, now).await;
            if verdict.wait > 0 {
                self.refused.insert(place, now + chrono::TimeDelta::milliseconds(verdict.wait));
            }
            within = within.and(judged(name, &rule, &verdict).map(|_| ()));
        }
        within
    }

    /// The rule to count by at this moment; `None`: there is none.
    fn rule(&self, name: LimitName) -> Option<Rule> {
        self.settings.load().limits.rule(name)
    }

    /// Where things are counted now.
    pub fn counting(&self) -> Counting {
        if !self.settings.load().limits.enabled {
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
    pub(crate) async fn ping(&self) -> Result<(), EphemeralError> {
        let answer = self.ephemeral.ping().await;
        self.heard(answer.clone());
        answer
    }

    async fn step(&self, name: LimitName, key: &LimitKey, step: Step) -> Result<Option<RateLimit>, Limited> {
        let Some(rule) = self.rule(name) else { return Ok(None) };
        judged(name, &rule, &self.verdict(name, &rule, key, step).await).map(Some)
    }

    async fn verdict(&self, name: LimitName, rule: &Rule, key: &LimitKey, step: Step) -> Verdict {
        let (place, now) = (key.within(name), self.clock.now());
        let everywhere = self.asked(&place, rule, step, now).await;
        let verdict = everywhere.unwrap_or_else(|| self.local.limit(&place, rule, step, now));
        if step == Step::Take {
            self.note_held(&place, &verdict, now).await;
        }
        verdict
    }

    /// What Redis says; `None`: there is none, or it is away.
    async fn asked(&self, place: &str, rule: &Rule, step: Step, now: Moment) -> Option<Verdict> {
        if !self.asks_redis() {
            return None;
        }
        self.heard(self.ephemeral.limit(place, rule, step, now).await)
    }

    fn asks_redis(&self) -> bool {
        self.ephemeral.is_shared() && self.circuit.may_pass()
    }

    /// Takes note of whether Redis answered.
    fn heard<T>(&self, answer: Result<T, EphemeralError>) -> Option<T> {
        match answer {
            Ok(answer) => {
                self.circuit.close();
                Some(answer)
            }
            Err(error) => {
                self.circuit.open(&error);
                None
            }
        }
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

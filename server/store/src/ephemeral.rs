//! What is short-lived: limits, one-time identifiers, and pushes between nodes. In Redis if there is one,
//! else in this process. Losing it loses no truth: revocations are in SQL.

mod local;
mod redis;

use self::local::Local;
use self::redis::Redis;
use crate::limit::{Rule, Step, Verdict};
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use std::borrow::Cow;
use std::time::Duration;
use tokio::sync::mpsc;

/// Redis could not do what was asked; the caller falls back on SQL or does without.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EphemeralError {
    /// The URL cannot be used.
    #[error("the Redis URL cannot be used")]
    Url,
    /// Redis cannot be reached or did not answer in time.
    #[error("Redis is not available: {0}")]
    Unavailable(Cow<'static, str>),
}

/// The short-lived state. Cloning it is cheap and gives the same one.
#[derive(Clone, Debug)]
pub enum Ephemeral {
    /// In this process, for one node.
    Local(LocalState),
    /// In Redis, for all nodes.
    Redis(RedisState),
}

/// The state in this process.
#[derive(Clone, Debug)]
pub struct LocalState(Local);

impl LocalState {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Local::new())
    }

    /// One step of a limit.
    pub fn limit(&self, key: &str, rule: &Rule, step: Step, now: Moment) -> Verdict {
        self.0.limit(key, rule, step, now)
    }

    /// Forgets all that was counted under a key.
    pub fn forget(&self, key: &str) {
        self.0.forget(key);
    }
}

impl Default for LocalState {
    fn default() -> Self {
        Self::new()
    }
}

/// The state in Redis.
#[derive(Clone, Debug)]
pub struct RedisState(Redis);

/// Changes pushed by other nodes, as far as they arrive: the feed in SQL has them all.
///
/// What is revoked is not kept in Redis besides: a push brings it into every node's memory at once, a lost push costs the
/// second until SQL is read, and asking Redis for each token would make every answer slower to win that second.
#[derive(Debug)]
pub struct ChangeFeed {
    receiver: mpsc::Receiver<Change>,
}

impl ChangeFeed {
    /// The next change; none: there will be no more.
    pub async fn next(&mut self) -> Option<Change> {
        self.receiver.recv().await
    }
}

impl Ephemeral {
    /// Opens Redis, or this process's memory if there is no URL. Keys begin with `prefix`. Redis need not be reachable
    /// yet: see [`ping`](Self::ping).
    pub async fn open(redis_url: Option<&str>, prefix: &str) -> Result<Self, EphemeralError> {
        match redis_url {
            Some(url) => Ok(Self::Redis(RedisState(Redis::open(url, prefix)?))),
            None => Ok(Self::local()),
        }
    }

    /// This process's memory.
    pub fn local() -> Self {
        Self::Local(LocalState::new())
    }

    /// Whether this is shared between nodes.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Redis(_))
    }

    /// Uses `key` up for `ttl`; false: it was used up before.
    pub async fn spend_once(&self, key: &str, ttl: Duration) -> Result<bool, EphemeralError> {
        match self {
            Self::Local(local) => Ok(local.0.spend_once(key, ttl)),
            Self::Redis(redis) => redis.0.spend_once(key, ttl).await,
        }
    }

    /// One step of a limit. Redis takes the time from its own clock, so that all nodes agree; `now` is for this process.
    pub async fn limit(
        &self,
        key: &str,
        rule: &Rule,
        step: Step,
        now: Moment,
    ) -> Result<Verdict, EphemeralError> {
        match self {
            Self::Local(local) => Ok(local.0.limit(key, rule, step, now)),
            Self::Redis(redis) => redis.0.limit(key, rule, step).await,
        }
    }

    /// Notes that what is counted under a key is refused until a moment. This process keeps no such notes: its only node
    /// knows of them itself.
    pub async fn note_held(&self, key: &str, until: Moment, now: Moment) -> Result<(), EphemeralError> {
        match self {
            Self::Local(_) => Ok(()),
            Self::Redis(redis) => redis.0.note_held(key, until, now).await,
        }
    }

    /// Keys under which something is refused still, the longest first, so many at most.
    pub async fn held(&self, now: Moment, limit: usize) -> Result<Vec<(String, Moment)>, EphemeralError> {
        match self {
            Self::Local(_) => Ok(Vec::new()),
            Self::Redis(redis) => redis.0.held(now, limit).await,
        }
    }

    /// Forgets all that was counted under a key.
    pub async fn forget(&self, key: &str) -> Result<(), EphemeralError> {
        match self {
            Self::Local(local) => {
                local.0.forget(key);
                Ok(())
            }
            Self::Redis(redis) => redis.0.forget(key).await,
        }
    }

    /// Tells every node of a change.
    pub async fn publish(&self, change: &Change) -> Result<(), EphemeralError> {
        match self {
            Self::Local(local) => {
                local.0.publish(change);
                Ok(())
            }
            Self::Redis(redis) => redis.0.publish(change).await,
        }
    }

    /// Listens for changes. A lost connection is made again by itself; what was published meanwhile is lost.
    pub fn subscribe(&self) -> ChangeFeed {
        let receiver = match self {
            Self::Local(local) => local.0.subscribe(),
            Self::Redis(redis) => redis.0.subscribe(),
        };
        ChangeFeed { receiver }
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<(), EphemeralError> {
        match self {
            Self::Local(_) => Ok(()),
            Self::Redis(redis) => redis.0.ping().await,
        }
    }
}

#[cfg(test)]
mod tests;

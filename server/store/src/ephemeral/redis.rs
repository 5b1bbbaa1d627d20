//! The short-lived state in Redis. Every command and script touches one key, so that Redis Cluster works.

use super::EphemeralError;
use crate::limit::script::{self, Scripts};
use crate::limit::{Rule, Step, Verdict};
use futures_util::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, ExistenceCheck, RedisError, SetExpiry, SetOptions};
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long an answer may take: callers have something to fall back on, and people are waiting.
const RESPONSE: Duration = Duration::from_millis(500);
const CONNECT: Duration = Duration::from_secs(1);
/// How long a listener waits before it connects again.
const PAUSE: Duration = Duration::from_millis(500);
/// So many who are refused are noted at most.
const HELD: usize = 10_000;
/// Changes that a listener may lag behind.
const BACKLOG: usize = 1024;

#[derive(Clone)]
pub(super) struct Redis {
    client: Client,
    connection: ConnectionManager,
    prefix: Arc<str>,
    scripts: Arc<Scripts>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The client's address may hold a password.
        f.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl From<RedisError> for EphemeralError {
    fn from(error: RedisError) -> Self {
        // The category only: a server's words may repeat what was sent.
        Self::Unavailable(error.category().to_owned().into())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}

impl Redis {
    pub(super) fn open(url: &str, prefix: &str) -> Result<Self, EphemeralError> {
        let client = Client::open(url).map_err(|_| EphemeralError::Url)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(RESPONSE))
            .set_connection_timeout(Some(CONNECT))
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_secs(1));
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self { client, connection, prefix: prefix.into(), scripts: Arc::new(Scripts::new()) })
    }

    fn key(&self, kind: &str, key: &str) -> String {
        format!("{}:{kind}:{key}", self.prefix)
    }

    fn channel(&self) -> String {
        format!("{}:changes", self.prefix)
    }

    pub(super) async fn spend_once(&self, key: &str, ttl: Duration) -> Result<bool, EphemeralError> {
        let options = SetOptions::default()
            .conditional_set(ExistenceCheck::NX)
            .with_expiration(SetExpiry::PX(millis(ttl)));
        let set: Option<String> =
            self.connection.clone().set_options(self.key("once", key), 1, options).await?;
        Ok(set.is_some())
    }

    pub(super) async fn limit(&self, key: &str, rule: &Rule, step: Step) -> Result<Verdict, EphemeralError> {
        let mut connection = self.connection.clone();
        let call = self.scripts.call(rule, step, self.key("limit", key));
        Ok(script::verdict(call.invoke_async(&mut connection).await?))
    }

    /// One sorted set holds who is refused until when; the soonest go when there are too many.
    pub(super) async fn note_held(
        &self,
        key: &str,
        until: Moment,
        now: Moment,
    ) -> Result<(), EphemeralError> {
        let held = format!("{}:held", self.prefix);
        let most = isize::try_from(HELD).unwrap_or(isize::MAX);
        Ok(redis::pipe()
            .zadd(&held, key, until.timestamp_millis())
            .zrembyscore(&held, "-inf", now.timestamp_millis())
            .zremrangebyrank(&held, 0, -most - 1)
            .query_async::<()>(&mut self.connection.clone())
            .await?)
    }

    pub(super) async fn held(
        &self,
        now: Moment,
        limit: usize,
    ) -> Result<Vec<(String, Moment)>, EphemeralError> {
        let held = format!("{}:held", self.prefix);
        let mut connection = self.connection.clone();
        let limit = isize::try_from(limit).unwrap_or(isize::MAX);
        let found: Vec<(String, i64)> = redis::cmd("ZREVRANGEBYSCORE")
            .arg(&held)
            .arg("+inf")
            .arg(now.timestamp_millis())
            .arg("WITHSCORES")
            .arg("LIMIT")
            .arg(0)
            .arg(limit)
            .query_async(&mut connection)
            .await?;
        let moments =
            found.into_iter().map(|(key, until)| Some((key, Moment::from_timestamp_millis(until)?)));
        Ok(moments.flatten().collect())
    }

    pub(super) async fn forget(&self, key: &str) -> Result<(), EphemeralError> {
        Ok(self.connection.clone().del(self.key("limit", key)).await?)
    }

    pub(super) async fn publish(&self, change: &Change) -> Result<(), EphemeralError> {
        let message = serde_json::to_string(change)
            .map_err(|_| EphemeralError::Unavailable("a change has no JSON form".into()))?;
        Ok(self.connection.clone().publish(self.channel(), message).await?)
    }

    pub(super) async fn ping(&self) -> Result<(), EphemeralError> {
        Ok(redis::cmd("PING").query_async::<()>(&mut self.connection.clone()).await?)
    }

    pub(super) fn subscribe(&self) -> mpsc::Receiver<Change> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        tokio::spawn(listen(self.client.clone(), self.channel(), sender));
        receiver
    }
}

/// Passes messages on until nobody wants them any more, over as many connections as it takes.
async fn listen(client: Client, channel: String, sender: mpsc::Sender<Change>) {
    while !sender.is_closed() {
        if let Err(error) = listen_once(&client, &channel, &sender).await {
            tracing::debug!(reason = %EphemeralError::from(error), "the push channel is connected again");
        }
        tokio::select! {
            () = sender.closed() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn listen_once(
    client: &Client,
    channel: &str,
    sender: &mpsc::Sender<Change>,
) -> Result<(), RedisError> {
    let mut subscription = client.get_async_pubsub().await?;
    subscription.subscribe(channel).await?;
    let mut messages = subscription.into_on_message();
    loop {
        let message = tokio::select! {
            () = sender.closed() => return Ok(()),
            message = messages.next() => message,
        };
        let Some(message) = message else {
            return Ok(());
        };
        match serde_json::from_slice(message.get_payload_bytes()) {
            // A listener that lags too far behind misses this one; the feed in SQL has it.
            Ok(change) => drop(sender.try_send(change)),
            Err(_) => tracing::warn!("a push was not readable"),
        }
    }
}

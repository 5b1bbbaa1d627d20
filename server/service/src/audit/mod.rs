//! Events that no transaction carries: token issue by client credentials, and whatever failed.
//!
//! They are queued and written in batches within half a second. Issued tokens wait for a place in the queue, so none
//! goes unrecorded; failures, which anyone can cause in any number, are counted together when there are too many.
//!
//! Whatever was recorded, by whatever way, is sealed within a second: see `verify`.

mod deputy;
mod export;
mod finding;
mod health;
mod key;
mod lead;
mod line;
mod position;
mod progress;
mod retention;
mod sealer;
mod sinks;
mod trail;
mod verify;

pub use export::ExportFormat;
pub use finding::Finding;
pub use health::{AuditHealth, Trouble};
pub use line::SealLine;
pub use progress::{HoldingSeal, Progress};
pub use sealer::{AuditSealer, SealingError};
pub use signet_store::{EventFilter, EventSort, RecordedEvent, SinkState};
pub use sinks::{SinkSettings, SinkTarget, Sinks, SyslogTransport};
pub use trail::AuditTrail;
pub use verify::{Late, Verified, VerifyError};

pub(crate) use health::AuditWatch;
pub(crate) use key::reseal;
pub(crate) use progress::{holding_seal, progress};

use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::Clock;
use signet_protocol::principal::Principal;
use signet_store::Store;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Transactions that record something are over after so long: what is not in a seal by then, though later rows are, never
/// was recorded by this server.
const GAP_TIME: TimeDelta = TimeDelta::minutes(10);
/// The most events that wait to be written.
const CAPACITY: usize = 16_384;
/// The most events in one transaction.
const BATCH: usize = 512;
/// How long events gather before they are written.
const GATHER: Duration = Duration::from_millis(250);
/// How long to wait after a batch could not be written.
const RETRY: Duration = Duration::from_millis(500);
/// From so many events in a batch on, like failures are counted as one.
const FLOOD: usize = 16;

/// How long an event waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(2);

/// How tokens are recorded that a client gets for itself. Whatever else is recorded is part of the transaction that does it,
/// or is a refusal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenIssue {
    /// Before the answer: the token leaves when the record of it is kept for good.
    Durable,
    /// In batches, half a second later at most: a crash costs the records of that time.
    #[default]
    Batched,
    /// Not at all.
    Off,
}

impl TokenIssue {
    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::Batched => "batched",
            Self::Off => "off",
        }
    }

    /// By its name in the configuration.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "durable" => Some(Self::Durable),
            "batched" => Some(Self::Batched),
            "off" => Some(Self::Off),
            _ => None,
        }
    }
}

/// The audit log takes no more events: the database has been away for a while.
#[derive(Debug, thiserror::Error)]
#[error("the audit log is full: the database cannot be written")]
pub struct NotRecorded;

/// Where events are handed in.
#[derive(Clone)]
pub struct AuditLog {
    queue: mpsc::Sender<AuditEvent>,
    overflow: Arc<AtomicU32>,
    watch: AuditWatch,
    clock: Clock,
}

/// The other end: writes what was handed in.
pub struct AuditWriter {
    queue: mpsc::Receiver<AuditEvent>,
    overflow: Arc<AtomicU32>,
    watch: AuditWatch,
    store: Store,
    clock: Clock,
}

/// An audit log and its writer.
pub fn audit_log(store: Store, clock: Clock) -> (AuditLog, AuditWriter) {
    let (sender, queue) = mpsc::channel(CAPACITY);
    let overflow = Arc::new(AtomicU32::new(0));
    let watch = AuditWatch::default();
    let log =
        AuditLog { queue: sender, overflow: overflow.clone(), watch: watch.clone(), clock: clock.clone() };
    (log, AuditWriter { queue, overflow, watch, store, clock })
}

impl AuditLog {
    /// Makes an event of this moment.
    pub fn event(&self, origin: &Origin, subjects: Subjects, event: Event) -> AuditEvent {
        AuditEvent { at: self.clock.now(), origin: origin.clone(), subjects, event }
    }

    /// How the log is kept up on this node.
    pub(crate) fn watch(&self) -> &AuditWatch {
        &self.watch
    }

    /// Hands in an event that must be recorded; waits a while if the queue is full. What it is about must not happen if
    /// it can't be recorded.
    pub async fn record(&self, event: AuditEvent) -> Result<(), NotRecorded> {
        self.queue.send_timeout(event, PATIENCE).await.map_err(|_| NotRecorded)
    }

    /// Hands in an event that nothing waits for, failures above all; when the queue is full it is only counted.
    pub fn note(&self, origin: &Origin, subjects: Subjects, event: Event) {
        if self.queue.try_send(self.event(origin, subjects, event)).is_err() {
            self.overflow.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl AuditWriter {
    /// Writes until `stop` says so, and then what is left.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut batch = Vec::with_capacity(BATCH);
        'serving: loop {
            tokio::select! {
                biased;
                received = self.queue.recv_many(&mut batch, BATCH) => if received == 0 { return },
                _ = stop.changed() => break 'serving,
            }
            if batch.len() < BATCH {
                tokio::select! {
                    () = tokio::time::sleep(GATHER) => {}
                    _ = stop.changed() => break 'serving,
                }
            }
            while batch.len() < BATCH {
                let Ok(event) = self.queue.try_recv() else { break };
                batch.push(event);
            }
            while !self.write(&mut batch).await {
                tokio::select! {
                    () = tokio::time::sleep(RETRY) => {}
                    // The last try comes below.
                    _ = stop.changed() => break 'serving,
                }
            }
        }
        self.queue.close();
        while let Some(event) = self.queue.recv().await {
            batch.push(event);
        }
        if !batch.is_empty() && !self.write(&mut batch).await {
            tracing::error!(events = batch.len(), "audit events could not be written before the end");
        }
    }

    async fn write(&self, batch: &mut Vec<AuditEvent>) -> bool {
        let overflow = self.overflow.swap(0, Ordering::Relaxed);
        if overflow > 0 {
            batch.push(AuditEvent {
                at: self.clock.now(),
                origin: Origin::local(Principal::Server),
                subjects: Subjects::default(),
                event: Event::SignInFailed { reason: "flood: not recorded one by one", count: overflow },
            });
        }
        if batch.len() >= FLOOD {
            *batch = merged(std::mem::take(batch));
        }
        match self.store.audit().record(batch.clone()).await {
            Ok(()) => {
                batch.clear();
                self.watch.written(None, 0, self.clock.now());
                true
            }
            Err(error) => {
                self.watch.written(Some(&error), batch.len() + self.queue.len(), self.clock.now());
                tracing::error!(%error, events = batch.len(), "audit events cannot be written; they are kept and tried again");
                false
            }
        }
    }
}

/// Counts like failures as one; everything else stays as it is.
fn merged(events: Vec<AuditEvent>) -> Vec<AuditEvent> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<AuditEvent> = Vec::with_capacity(events.len());
    for event in events {
        let Some((kind, reason, more)) = failure_count(&event.event) else {
            kept.push(event);
            continue;
        };
        let key = format!("{kind}\n{reason}\n{:?}\n{:?}", event.subjects, event.origin.address);
        match places.get(&key) {
            Some(&place) => add(&mut kept[place].event, more),
            None => {
                places.insert(key, kept.len());
                kept.push(event);
            }
        }
    }
    kept
}

/// What failed, why, and how often.
fn failure_count(event: &Event) -> Option<(&'static str, &'static str, u32)> {
    match event {
        Event::SignInFailed { reason, count } | Event::ClientAuthenticationFailed { reason, count } => {
            Some((event.name(), reason, *count))
        }
        Event::SignInLimited { count } => Some((event.name(), "", *count)),
        Event::FactorRefused { factor, reason, count } => Some((factor.as_str(), reason, *count)),
        Event::Limited { limit, count } => Some((event.name(), limit, *count)),
        _ => None,
    }
}

fn add(event: &mut Event, more: u32) {
    if let Event::SignInFailed { count, .. }
    | Event::ClientAuthenticationFailed { count, .. }
    | Event::FactorRefused { count, .. }
    | Event::SignInLimited { count }
    | Event::Limited { count, .. } = event
    {
        *count = count.saturating_add(more);
    }
}

#[cfg(test)]
mod tests;

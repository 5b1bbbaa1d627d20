//! Why requests were refused, kept for whoever asks with a request's id.
//!
//! They are queued and written in batches within half a second. No request waits for that, and what does not fit is only
//! counted: a stranger can cause refusals in any number. Nothing depends on them; what must not be lost is in the audit log.

mod window;

pub use signet_store::{KeptRefusal, RefusedRequest};

use crate::settings::Settings;
use chrono::TimeDelta;
use signet_protocol::environment::{Clock, Moment};
use signet_store::{Store, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use window::Window;

/// The most refusals that wait to be written.
const CAPACITY: usize = 2_048;
/// The most in one transaction.
const BATCH: usize = 256;
/// How long they gather before they are written.
const GATHER: Duration = Duration::from_millis(250);

/// Where refusals are handed in.
#[derive(Clone)]
pub struct RefusalLog {
    queue: mpsc::Sender<RefusedRequest>,
    overflow: Arc<AtomicU64>,
    clock: Clock,
}

/// The other end: writes what was handed in.
pub struct RefusalWriter {
    queue: mpsc::Receiver<RefusedRequest>,
    overflow: Arc<AtomicU64>,
    store: Store,
    clock: Clock,
    window: Window,
}

/// A log, if any are kept, and its writer, which has nothing to do without one.
pub(crate) fn refusal_log(
    store: Store,
    clock: Clock,
    settings: &Settings,
) -> (Option<RefusalLog>, RefusalWriter) {
    let (sender, queue) = mpsc::channel(CAPACITY);
    let overflow = Arc::new(AtomicU64::new(0));
    let log = RefusalLog { queue: sender, overflow: overflow.clone(), clock: clock.clone() };
    let log = (settings.refusal_days > 0).then_some(log);
    let window = Window::new(clock.now());
    (log, RefusalWriter { queue, overflow, store, clock, window })
}

impl RefusalLog {
    /// Hands one in, made for this moment; when the queue is full it is only counted.
    pub fn note(&self, refused: impl FnOnce(Moment) -> RefusedRequest) {
        if self.queue.try_send(refused(self.clock.now())).is_err() {
            self.overflow.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl RefusalWriter {
    /// Writes until `stop` says so, and then what is left.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                biased;
                received = self.queue.recv_many(&mut batch, BATCH) => if received == 0 { return },
                _ = stop.changed() => break,
            }
            tokio::select! {
                () = tokio::time::sleep(GATHER) => {}
                _ = stop.changed() => break,
            }
            while batch.len() < BATCH {
                let Ok(refused) = self.queue.try_recv() else { break };
                batch.push(refused);
            }
            self.write(&mut batch).await;
        }
        self.queue.close();
        while let Some(refused) = self.queue.recv().await {
            batch.push(refused);
        }
        self.write(&mut batch).await;
    }

    async fn write(&mut self, batch: &mut Vec<RefusedRequest>) {
        let now = self.clock.now();
        let kept: Vec<_> = batch.drain(..).filter_map(|refused| self.window.admit(refused, now)).collect();
        let overflow = self.overflow.swap(0, Ordering::Relaxed) + self.window.take_surplus();
        if overflow > 0 {
            tracing::warn!(
                refusals = overflow,
                "too many refusals in a short time: not all are kept to be explained"
            );
        }
        let alike = self.window.take_alike();
        if kept.is_empty() && alike.is_empty() {
            return;
        }
        if let Err(error) = self.store.refusals().keep(kept, alike).await {
            tracing::warn!(%error, "refusals could not be kept to be explained");
        }
    }
}

/// Drops refusals that are too old or too many, so many at most; gives how many went.
pub(crate) async fn sweep(
    store: &Store,
    settings: &Settings,
    now: Moment,
    limit: u64,
) -> Result<u64, StoreError> {
    let before = now - TimeDelta::days(settings.refusal_days.into());
    store.refusals().drop_old(before, settings.refusal_rows.into(), limit).await
}

//! What a server does between requests: reads the feed, writes and seals the audit log, replaces keys, sends mails,
//! sweeps what has expired.

use crate::audit::AuditLog;
use crate::links::Links;
use crate::refusals;
use crate::revocation::run_feed;
use crate::{Service, Writers};
use signet_protocol::audit::{Event, Origin, Subjects};
use signet_protocol::principal::Principal;
use signet_store::StoreError;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often keys are looked at.
const KEYS_EVERY: Duration = Duration::from_secs(60);
/// How often expired rows are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(30);
/// The most rows that one sweep's transaction removes.
const SWEEP_ROWS: u64 = 500;

/// The tasks of a running server.
pub struct Background {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    log: AuditLog,
    links: Links,
    audit: tokio::task::JoinHandle<()>,
    stop_audit: watch::Sender<bool>,
    sealing: tokio::task::JoinHandle<()>,
    stop_sealing: watch::Sender<bool>,
    sinks: tokio::task::JoinHandle<()>,
    stop_sinks: watch::Sender<bool>,
}

impl Background {
    /// Starts them.
    pub fn start(service: &Service, (audit, sealer, sinks, refusals): Writers) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (stop_audit, audit_stopped) = watch::channel(false);
        let (stop_sealing, sealing_stopped) = watch::channel(false);
        let (stop_sinks, sinks_stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(run_feed(service.feed.clone(), stopped.clone()));
        if let Some(only_node) = &service.only_node {
            tasks.spawn(crate::only_node::run(only_node.clone(), stopped.clone()));
        }
        tasks.spawn(crate::nodes::run(service.own_node.clone(), stopped.clone()));
        if let Some(delivery) = &service.delivery {
            tasks.spawn(crate::mail::run(delivery.clone(), stopped.clone()));
        }
        tasks.spawn(refusals.run(stopped.clone()));
        tasks.spawn(maintain_keys(service.clone(), stopped.clone()));
        tasks.spawn(sweep(service.clone(), stopped));
        let audit = tokio::spawn(audit.run(audit_stopped));
        let sealing = tokio::spawn(sealer.run(sealing_stopped));
        let sinks = tokio::spawn(sinks.run(sinks_stopped));
        let log = service.authorizations.audit.clone();
        let version = env!("CARGO_PKG_VERSION");
        let settings = service.settings.fingerprint.to_string();
        let itself = Origin::local(Principal::Server);
        log.note(&itself, Subjects::default(), Event::ServerStarted { version, settings });
        let links = service.links.clone();
        Self { stop, tasks, log, links, audit, stop_audit, sealing, stop_sealing, sinks, stop_sinks }
    }

    /// Ends them: the audit log last, when nothing is left to record, and then what seals it.
    pub async fn stop(mut self) {
        self.links.finished().await;
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        let itself = Origin::local(Principal::Server);
        self.log.note(&itself, Subjects::default(), Event::ServerStopped);
        let _ = self.stop_audit.send(true);
        if self.audit.await.is_err() {
            tracing::error!("the audit log did not end in order");
        }
        let _ = self.stop_sealing.send(true);
        if self.sealing.await.is_err() {
            tracing::error!("the seals of the audit log did not end in order");
        }
        let _ = self.stop_sinks.send(true);
        if self.sinks.await.is_err() {
            tracing::error!("what sends the seals of the audit log on did not end in order");
        }
    }
}

async fn maintain_keys(service: Service, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(KEYS_EVERY);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            _ = ticks.tick() => {
                if let Err(error) = service.keys.maintain().await {
                    tracing::error!(%error, "signing keys could not be looked after; tried again in a minute");
                }
            }
        }
    }
}

async fn sweep(service: Service, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = service.account.remove_due().await {
            tracing::warn!(%error, "accounts that are to be deleted could not be; tried again in half a minute");
        }
        loop {
            match sweep_once(&service).await {
                // A full batch: there may be more. Others write between two batches.
                Ok(removed) if removed >= SWEEP_ROWS => tokio::task::yield_now().await,
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "expired rows could not be removed; tried again in half a minute");
                    break;
                }
            }
        }
    }
}

/// Removes at most [`SWEEP_ROWS`] rows of each kind; gives how many went.
async fn sweep_once(service: &Service) -> Result<u64, StoreError> {
    let now = service.clock.now();
    // What fails of one does not keep the others from going.
    let refusals = refusals::sweep(&service.store, &service.settings, now, SWEEP_ROWS).await;
    let others = service.store.sweep(now, SWEEP_ROWS).await?;
    Ok(refusals? + others)
}

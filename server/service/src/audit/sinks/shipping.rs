//! Sending seals on, one task a sink, on the node that makes them.

use super::{Line, Out, SinkError, SinkSettings};
use crate::audit::export::ExportFormat;
use crate::audit::health::{AuditWatch, Turn};
use crate::audit::line::SealLine;
use chrono::SecondsFormat;
use signet_protocol::audit::ranges::runs;
use signet_protocol::audit::seal::{MAX_ROWS, decode_rows};
use signet_protocol::environment::Clock;
use signet_store::{SignedSeal, Store};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often it is looked for new seals.
const PERIOD: Duration = Duration::from_millis(500);
/// How long to wait after a failure; twice as long after each that follows.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// So many seals are read at once.
const SEALS: u64 = 16;

/// The sinks of a server.
pub struct Sinks {
    settings: Arc<[SinkSettings]>,
    host: Arc<str>,
    store: Store,
    clock: Clock,
    watch: AuditWatch,
    leads: watch::Receiver<bool>,
}

impl Sinks {
    /// `host`: what this server is called in syslog. `leads`: whether this node makes the seals.
    pub(crate) fn new(
        (settings, host): (Arc<[SinkSettings]>, Arc<str>),
        (store, clock): (Store, Clock),
        watch: AuditWatch,
        leads: watch::Receiver<bool>,
    ) -> Self {
        Self { settings, host, store, clock, watch, leads }
    }

    /// Sends until `stop` says so, and then what is left.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let mut tasks = JoinSet::new();
        for settings in self.settings.iter().cloned() {
            let shipping = Shipping {
                settings,
                host: self.host.clone(),
                out: None,
                store: self.store.clone(),
                clock: self.clock.clone(),
                watch: self.watch.clone(),
                leads: self.leads.clone(),
            };
            tasks.spawn(shipping.run(stop.clone()));
        }
        while tasks.join_next().await.is_some() {}
    }
}

struct Shipping {
    settings: SinkSettings,
    host: Arc<str>,
    out: Option<Out>,
    store: Store,
    clock: Clock,
    watch: AuditWatch,
    leads: watch::Receiver<bool>,
}

impl Shipping {
    async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut wait = PERIOD;
        let mut backoff = FIRST_WAIT;
        loop {
            tokio::select! {
                _ = stop.changed() => break,
                () = tokio::time::sleep(wait) => {}
            }
            if !*self.leads.borrow() {
                continue;
            }
            match self.once().await {
                true => (wait, backoff) = (PERIOD, FIRST_WAIT),
                false => (wait, backoff) = (backoff, LONGEST_WAIT.min(backoff * 2)),
            }
        }
        if *self.leads.borrow() {
            self.once().await;
        }
        if let Some(out) = &mut self.out {
            out.close().await;
        }
    }

    /// Sends everything that is sealed; whether that worked.
    async fn once(&mut self) -> bool {
        let error = self.ship().await.err().map(|error| error.to_string());
        let (name, now) = (self.settings.name.as_str(), self.clock.now());
        match self.watch.shipped(name, error.as_ref().map(|error| error as &dyn std::fmt::Display), now) {
            Turn::None => {}
            Turn::Works => tracing::info!(sink = name, "seals of the audit log reach their sink again"),
            Turn::Fails => {
                tracing::error!(
                    sink = name,
                    error,
                    "seals of the audit log do not reach their sink; they are sent later"
                );
            }
        }
        let worked = error.is_none();
        if let Err(error) = self.store.audit_sinks().tell(name, error, now).await {
            tracing::warn!(sink = name, %error, "how it went with a sink cannot be kept");
        }
        worked
    }

    async fn ship(&mut self) -> Result<(), SinkError> {
        loop {
            let name = &self.settings.name;
            let from = self.store.audit_sinks().position(name).await?;
            let seals = self.store.audit_seals().after(from, SEALS).await?;
            let Some(through) = seals.first().map(|signed| signed.seal.seq) else { return Ok(()) };
            let (lines, through) = self.lines(seals, through).await?;
            let out = match &mut self.out {
                Some(out) => out,
                none => none.insert(Out::of(&self.settings.target, &self.host)?),
            };
            out.send(lines).await?;
            self.store.audit_sinks().advance(name, through, self.clock.now()).await?;
        }
    }

    /// What is sent at once: some seals, each after the events that it holds, if those are wanted.
    async fn lines(&self, seals: Vec<SignedSeal>, first: i64) -> Result<(Vec<Line>, i64), SinkError> {
        let (mut lines, mut through) = (Vec::new(), first);
        for signed in seals {
            if self.settings.events {
                lines.extend(self.events(&signed).await?);
            }
            through = signed.seal.seq;
            let line = SealLine::of(&signed);
            let at = line.at.clone();
            // Texts and numbers always have a JSON form.
            let json = serde_json::to_string(&line).unwrap_or_default();
            lines.push(Line { kind: "seal".to_owned(), at, json });
            if lines.len() >= MAX_ROWS {
                break;
            }
        }
        Ok((lines, through))
    }

    /// The events of a seal, as far as they were not dropped yet.
    async fn events(&self, signed: &SignedSeal) -> Result<Vec<Line>, SinkError> {
        let rows = decode_rows(&signed.seal.rows).map_err(|_| SinkError::Unreadable(signed.seal.seq))?;
        let ranges = runs(rows.iter().map(|(id, _)| *id));
        let events = self.store.audit().within(&ranges).await?;
        let line = |event: &signet_store::RecordedEvent| Line {
            kind: event.name.clone(),
            at: event.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            json: ExportFormat::JsonLines.line(event),
        };
        Ok(events.iter().map(line).collect())
    }
}

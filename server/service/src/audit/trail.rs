//! The audit log as an auditor meets it, without a running server.

use super::export::ExportFormat;
use super::line::SealLine;
use super::progress::{Progress, progress};
use super::sealer::{Sealer, SealingError};
use super::verify::{Verified, VerifyError, verify};
use crate::nodes::present;
use signet_jose::MasterKeys;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::Clock;
use signet_protocol::principal::Principal;
use signet_store::{EventFilter, Node, SinkState, Store, StoreError};
use std::io::BufRead;
use std::sync::Arc;

/// So many seals are read at once.
const SEALS: u64 = 64;
/// So many events are read at once.
const EVENTS: u64 = 1_000;

/// The audit log of a deployment.
pub struct AuditTrail {
    store: Store,
    clock: Clock,
}

impl AuditTrail {
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Whether something was recorded that no seal holds yet.
    pub async fn owes_a_seal(&self) -> Result<bool, StoreError> {
        let sealed = self.store.audit_seals().greatest_id(i64::MAX).await?;
        Ok(!self.store.audit().numbers_after(sealed, 1).await?.is_empty())
    }

    /// How far it is sealed. An error names the seal that stops whoever would make the next one.
    pub async fn progress(&self, master: Arc<MasterKeys>) -> Result<Progress, SealingError> {
        Sealer::new(self.store.clone(), master, self.clock.clone()).begin().await?;
        Ok(progress(&self.store, &self.clock).await?)
    }

    /// How far each sink was reached that anything was sent to.
    pub async fn sinks(&self) -> Result<Vec<SinkState>, StoreError> {
        self.store.audit_sinks().all().await
    }

    /// The running processes that hold events which they cannot write.
    pub async fn unwritten(&self) -> Result<Vec<Node>, StoreError> {
        let mut nodes = present(&self.store, self.clock.now()).await?;
        nodes.retain(|node| node.unwritten > 0);
        Ok(nodes)
    }

    /// Seals what was recorded.
    pub async fn seal(&self, master: Arc<MasterKeys>) -> Result<(), SealingError> {
        Sealer::new(self.store.clone(), master, self.clock.clone()).turn().await
    }

    /// Seals an event whose number is far beyond those before it, for somebody who vouches for that, and whatever follows.
    pub async fn accept(&self, master: Arc<MasterKeys>, number: i64) -> Result<(), SealingError> {
        let event = AuditEvent {
            at: self.clock.now(),
            origin: Origin::local(Principal::CommandLine),
            subjects: Subjects::default(),
            event: Event::AuditNumberAccepted { number },
        };
        self.store.audit().record(vec![event]).await?;
        let sealer = Sealer::new(self.store.clone(), master, self.clock.clone());
        sealer.accepting(number).turn().await
    }

    /// Holds it against its seals, and these against exported ones.
    pub async fn verify(
        &self,
        master: &MasterKeys,
        exported: Option<Box<dyn BufRead>>,
    ) -> Result<Verified, VerifyError> {
        verify(&self.store, master, &self.clock, exported).await
    }

    /// Gives away every event that matches, oldest first, a line each. `give` says whether to go on.
    pub async fn export(
        &self,
        filter: &EventFilter,
        format: ExportFormat,
        mut give: impl FnMut(&str) -> bool,
    ) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let events = self.store.audit().matching_after(filter, after, EVENTS).await?;
            let Some(last) = events.last() else { return Ok(()) };
            after = last.id;
            if !events.iter().all(|event| give(&format.line(event))) {
                return Ok(());
            }
        }
    }

    /// Gives away every seal from this number on, in order. `give` says whether to go on.
    pub async fn seals(&self, from: i64, mut give: impl FnMut(SealLine) -> bool) -> Result<(), StoreError> {
        let mut after = from.saturating_sub(1);
        loop {
            let seals = self.store.audit_seals().after(after, SEALS).await?;
            let Some(last) = seals.last() else { return Ok(()) };
            after = last.seal.seq;
            if !seals.iter().all(|signed| give(SealLine::of(signed))) {
                return Ok(());
            }
        }
    }
}

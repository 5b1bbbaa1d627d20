//! Makes seals over what was recorded. It reads what has committed and holds nobody up; two that do it at once disturb
//! each other no further than that one of them looks again.

use super::GAP_TIME;
use super::deputy::Deputy;
use super::health::{AuditWatch, Turn};
use super::key::{SealKeyError, signing_key};
use super::lead::Lead;
use super::position::{Position, ROWS, Tip};
use chrono::TimeDelta;
use signet_jose::{MasterKeys, SigningKey};
use signet_protocol::audit::seal::{Digest, Seal, decode_rows, encode_rows};
use signet_protocol::environment::{Clock, Moment};
use signet_store::{Committed, DigestedRow, SignedSeal, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How often it is looked for what has committed.
const PERIOD: Duration = Duration::from_millis(400);
/// How often it is looked for events that are too old.
const DROPPING: Duration = Duration::from_secs(600);
/// Numbers rise one by one, and some are never used; but not so many in a row.
const FAR: i64 = 1_000_000;
/// So many seals are read at once.
const SEALS: u64 = 32;

/// Why something is not sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nothing to sign with.
    #[error(transparent)]
    Key(#[from] SealKeyError),
    /// The cryptographic library.
    #[error(transparent)]
    Sign(#[from] signet_jose::SignError),
    /// A seal in the database is none.
    #[error("seal {0} cannot be read: run `signet audit verify`")]
    Unreadable(i64),
    /// A row's number is far beyond those before it: sealed, it would hide every number between.
    #[error(
        "event {0} has a number far beyond event {1}, the last one that is sealed: if the database's counter was moved on purpose \
         (as when a backup is restored), say `signet audit accept {0}`; else somebody put it there"
    )]
    FarAway(i64, i64),
}

/// Makes seals.
pub(super) struct Sealer {
    pub(super) store: Store,
    master: Arc<MasterKeys>,
    pub(super) clock: Clock,
    pub(super) key: Option<SigningKey>,
    pub(super) position: Option<Position>,
    /// An event whose number may be far beyond those before it.
    accepted: Option<i64>,
}

impl Sealer {
    pub fn new(store: Store, master: Arc<MasterKeys>, clock: Clock) -> Self {
        Self { store, master, clock, key: None, position: None, accepted: None }
    }

    /// The same, for somebody who vouches for the number of an event.
    pub fn accepting(self, number: i64) -> Self {
        Self { accepted: Some(number), ..self }
    }

    /// Seals everything that has committed.
    pub async fn turn(&mut self) -> Result<(), SealingError> {
        let key = match self.key.take() {
            Some(key) => key,
            None => signing_key(&self.store, &self.master, &self.clock).await?,
        };
        let outcome = self.seal_all(&key).await;
        self.key = Some(key);
        outcome
    }

    async fn seal_all(&mut self, key: &SigningKey) -> Result<(), SealingError> {
        let mut position = match self.position.take() {
            Some(position) => position,
            None => self.begin().await?,
        };
        let outcome = loop {
            let rows = match self.unsealed(&position).await {
                Ok(rows) if rows.is_empty() => break Ok(()),
                Ok(rows) => rows,
                Err(error) => break Err(error),
            };
            match self.seal(&mut position, &rows, key).await {
                // Less than a seal can hold: this was all that there was.
                Ok(Committed::Yes) if (rows.len() as u64) < ROWS => break Ok(()),
                Ok(Committed::Yes) => {}
                Ok(_) => {
                    if let Err(error) = self.follow(&mut position).await {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error),
            }
        };
        self.position = Some(position);
        outcome
    }

    /// Where the seals end, with the gaps that the latest of them left.
    pub(super) async fn begin(&self) -> Result<Position, SealingError> {
        let seals = self.store.audit_seals();
        let before = seals.last_before(self.clock.now() - GAP_TIME).await?;
        let greatest = seals.greatest_id(before).await?;
        let last = seals.after(before - 1, 1).await?.into_iter().find(|signed| signed.seal.seq == before);
        let tip = last.map(|signed| Tip::of(&signed.seal)).unwrap_or_default();
        let mut position = Position::after(tip, greatest);
        self.follow(&mut position).await?;
        Ok(position)
    }

    /// Goes on to the end of the seals, which others made.
    async fn follow(&self, position: &mut Position) -> Result<(), SealingError> {
        loop {
            let seals = self.store.audit_seals().after(position.tip.seq, SEALS).await?;
            if seals.is_empty() {
                return Ok(());
            }
            for SignedSeal { seal, .. } in seals {
                if seal.seq != position.tip.seq + 1 || seal.previous != position.tip.hash {
                    tracing::error!(
                        seal = seal.seq,
                        "a seal of the audit log does not follow the one before it: run `signet audit verify`"
                    );
                }
                let rows = decode_rows(&seal.rows).map_err(|_| SealingError::Unreadable(seal.seq))?;
                position.advance(Tip::of(&seal), rows.into_iter().map(|(id, _)| id), seal.at);
            }
        }
    }

    /// What has committed and is in no seal, as much as one can hold.
    async fn unsealed(&self, position: &Position) -> Result<Vec<DigestedRow>, SealingError> {
        let audit = self.store.audit();
        let mut late = audit.digests_within(&position.gaps(), ROWS).await?;
        let room = ROWS - late.len() as u64;
        let mut before = position.greatest();
        for row in audit.digests_after(before, room).await? {
            let is_vouched_for = position.tip.seq == 0 || self.accepted == Some(row.id);
            let is_near = row.id.saturating_sub(before) <= FAR || is_vouched_for;
            match late.is_empty() {
                _ if is_near => {}
                true => return Err(SealingError::FarAway(row.id, before)),
                // What comes before it is sealed first.
                false => break,
            }
            before = row.id;
            late.push(row);
        }
        Ok(late)
    }

    async fn seal(
        &self,
        position: &mut Position,
        rows: &[DigestedRow],
        key: &SigningKey,
    ) -> Result<Committed, SealingError> {
        let digests: Vec<_> = rows.iter().map(|row| (row.id, row.digest)).collect();
        let dropped_through = position.tip.dropped_through;
        let signed = Self::signed(position, &digests, dropped_through, (key, self.clock.now()))?;
        let (tip, at) = (Tip::of(&signed.seal), signed.seal.at);
        let tallies = rows.iter().filter_map(|row| row.counted.map(|(what, many)| (row.at, what, many)));
        let committed = self.store.audit_seals().append_counting(signed, tallies.collect()).await?;
        if committed == Committed::Yes {
            position.advance(tip, digests.into_iter().map(|(id, _)| id), at);
        }
        Ok(committed)
    }

    /// The next seal.
    pub(super) fn signed(
        position: &Position,
        rows: &[(i64, Digest)],
        dropped_through: i64,
        (key, now): (&SigningKey, Moment),
    ) -> Result<SignedSeal, SealingError> {
        let seal = Seal {
            seq: position.tip.seq + 1,
            // To the millisecond, as it is kept.
            at: chrono::SubsecRound::trunc_subsecs(now, 3),
            previous: position.tip.hash,
            rows: encode_rows(rows),
            first_id: rows.first().map_or(0, |(id, _)| *id),
            last_id: rows.last().map_or(0, |(id, _)| *id),
            dropped_through,
            kid: key.kid().into(),
        };
        let signature = key.sign(&seal.hash().0)?;
        Ok(SignedSeal { seal, signature })
    }
}

/// Makes seals while a server runs.
pub struct AuditSealer {
    sealer: Sealer,
    lead: Lead,
    retention: Retention,
    watch: AuditWatch,
    leads: watch::Sender<bool>,
    deputy: Deputy,
}

/// How long events are kept.
#[derive(Clone, Copy, Debug)]
struct Retention {
    /// None: for ever.
    age: Option<TimeDelta>,
    next: Instant,
}

impl Retention {
    async fn see_to(&mut self, sealer: &mut Sealer) -> Result<(), SealingError> {
        match self.age {
            Some(age) if Instant::now() >= self.next => {
                self.next = Instant::now() + DROPPING;
                sealer.drop_older_than(age).await
            }
            _ => Ok(()),
        }
    }
}

impl AuditSealer {
    /// `holder`: this node's name, if there may be others. `days`: how long events are kept; 0: for ever.
    pub(crate) fn new(
        (store, master): (Store, Arc<MasterKeys>),
        (clock, watch): (Clock, AuditWatch),
        holder: Option<String>,
        days: u32,
    ) -> Self {
        let age = (days > 0).then(|| TimeDelta::days(days.into()));
        let retention = Retention { age, next: Instant::now() };
        Self {
            sealer: Sealer::new(store, master, clock),
            lead: Lead::of(holder),
            retention,
            watch,
            leads: watch::Sender::new(false),
            deputy: Deputy::new(),
        }
    }

    /// Whether this node makes the seals.
    pub(crate) fn leads(&self) -> watch::Receiver<bool> {
        self.leads.subscribe()
    }

    /// Seals until `stop` says so, and then what is left.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = stop.changed() => break,
                _ = ticks.tick() => {}
            }
            let error = self.once().await.err();
            let told = error.as_ref().map(|error| error as &dyn std::fmt::Display);
            match self.watch.sealed(told, self.sealer.clock.now()) {
                Turn::None => {}
                Turn::Works => tracing::info!("the audit log is sealed again"),
                Turn::Fails => {
                    let error = error.as_ref().map(ToString::to_string);
                    tracing::error!(error, "the audit log cannot be sealed; it is tried again and again");
                }
            }
        }
        if let Err(error) = self.sealer.turn().await {
            tracing::error!(%error, "the end of the audit log is not sealed; the next start does it");
        }
        self.lead.end(&self.sealer.store).await;
    }

    /// Seals what there is, if it is this node that does, or if whoever should does not; then it also sends as that one does.
    async fn once(&mut self) -> Result<(), SealingError> {
        let lease = self.lead.is_ours(&self.sealer.store).await;
        let ours = matches!(lease, Ok(true));
        let acts = ours || self.deputy.must_act(&self.sealer.store).await?;
        self.leads.send_replace(acts);
        if !acts {
            // Others go on from here: where they are is read again, should it be this node's turn.
            self.sealer.position = None;
            return Ok(lease.map(drop)?);
        }
        let sealed = self.sealer.turn().await;
        if !ours {
            self.deputy.has_acted(sealed.is_ok());
        }
        sealed?;
        self.retention.see_to(&mut self.sealer).await?;
        Ok(lease.map(drop)?)
    }
}

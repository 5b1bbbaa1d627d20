//! Holds the audit log against its seals, in the order of the seals and then of the rows, and names the first thing that is
//! not as it was sealed. It keeps no more in memory than some seals with their rows, and the gaps in the numbers.

use super::GAP_TIME;
use super::finding::{Finding, Row};
use super::key::open;
use super::line::SealLine;
use super::position::ROWS;
use chrono::TimeDelta;
use serde::Deserialize as _;
use serde_json::Value;
use signet_jose::{MasterKeys, VerifyingKey};
use signet_protocol::audit::ranges::{Ranges, runs};
use signet_protocol::audit::seal::{Digest, Seal, decode_rows};
use signet_protocol::environment::{Clock, Moment};
use signet_protocol::id::KeyId;
use signet_store::{SignedSeal, Store, StoreError};
use std::collections::HashMap;
use std::io::BufRead;
use std::time::Duration;

/// A row is sealed within this time, even by the successor of a node that died.
const SEALED_WITHIN: TimeDelta = TimeDelta::seconds(10);
/// A row that is not sealed may have been recorded a moment ago, whatever its time says: after this it is looked at again.
const SECOND_LOOK: Duration = Duration::from_secs(2);
/// Rows may be ahead of this machine's clock by so much.
const CLOCKS: TimeDelta = TimeDelta::minutes(1);
/// So many seals are read at once.
const SEALS: u64 = 8;
/// So many numbers of rows are read at once.
const NUMBERS: u64 = 8_192;

/// An audit log that is as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many rows are as they were sealed.
    pub rows: u64,
    /// How many rows are so young that they are not sealed yet.
    pub unsealed: u64,
    /// The last seal's number, time and hash.
    pub last: Option<(i64, Moment, Digest)>,
    /// The rows of all seals up to this one were dropped for their age; 0: of none.
    pub dropped_through: i64,
    /// What was sealed later than it should have been: whoever had the database meanwhile could have changed it unseen.
    pub late: Late,
}

/// Rows that were sealed late: no server ran, the database was away, or somebody held the sealing up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Late {
    /// How many.
    pub rows: u64,
    /// The first of them, with its seal's number.
    pub first: Option<(Row, i64)>,
}

/// Why an audit log is not verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Something is not as it was sealed.
    #[error("{0}")]
    Found(Finding),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The exported seals.
    #[error("the exported seals, line {0}: {1}")]
    Exported(u64, String),
}

/// Seals that were exported, in their order; a sink that began anew may have repeated some.
struct Exported {
    lines: Option<Box<dyn BufRead>>,
    number: u64,
    next: Option<SealLine>,
}

impl Exported {
    /// The line of a seal, if it was exported.
    fn of(&mut self, seq: i64) -> Result<Option<SealLine>, VerifyError> {
        while self.next.as_ref().is_none_or(|line| line.seq < seq) {
            let Some(line) = self.read()? else { return Ok(None) };
            self.next = Some(line);
        }
        Ok(self.next.clone().filter(|line| line.seq == seq))
    }

    /// The next seal; events, which a sink may get with the seals, are passed over.
    fn read(&mut self) -> Result<Option<SealLine>, VerifyError> {
        loop {
            match self.read_line()? {
                Read::Event => {}
                Read::Seal(line) => return Ok(Some(line)),
                Read::End => return Ok(None),
            }
        }
    }

    fn read_line(&mut self) -> Result<Read, VerifyError> {
        let Some(lines) = &mut self.lines else { return Ok(Read::End) };
        let mut text = String::new();
        self.number += 1;
        let wrong = |number, error: &dyn std::fmt::Display| VerifyError::Exported(number, error.to_string());
        if lines.read_line(&mut text).map_err(|error| wrong(self.number, &error))? == 0 {
            if self.number == 1 {
                return Err(wrong(0, &"there is none in the file"));
            }
            self.lines = None;
            return Ok(Read::End);
        }
        let line: Value = serde_json::from_str(&text).map_err(|error| wrong(self.number, &error))?;
        if line.get("event").is_some() {
            return Ok(Read::Event);
        }
        SealLine::deserialize(line).map(Read::Seal).map_err(|error| wrong(self.number, &error))
    }
}

/// What a line of the file is.
enum Read {
    Seal(SealLine),
    Event,
    End,
}

type Key = Result<VerifyingKey, String>;

struct Verifier<'a> {
    store: &'a Store,
    master: &'a MasterKeys,
    keys: HashMap<KeyId, Key>,
    exported: Exported,
    /// The rows of all seals up to this one may be gone.
    dropped_through: i64,
    tip: Option<(i64, Moment, Digest)>,
    sealed: Ranges,
    rows: u64,
    late: Late,
}

/// Verifies all of it, against exported seals too if there are any.
pub(super) async fn verify(
    store: &Store,
    master: &MasterKeys,
    clock: &Clock,
    exported: Option<Box<dyn BufRead>>,
) -> Result<Verified, VerifyError> {
    let mut verifier = Verifier {
        store,
        master,
        keys: HashMap::new(),
        exported: Exported { lines: exported, number: 0, next: None },
        dropped_through: dropped_through(store).await?,
        tip: None,
        sealed: Ranges::default(),
        rows: 0,
        late: Late::default(),
    };
    verifier.read_seals().await?;
    let after_the_end = verifier.tip.map_or(0, |(seq, ..)| seq) + 1;
    verifier.exported.of(after_the_end)?;
    if let Some(line) = verifier.exported.next.as_ref().filter(|line| line.seq >= after_the_end) {
        return Err(VerifyError::Found(Finding::Truncated(line.seq.min(after_the_end))));
    }
    let unsealed = verifier.read_numbers(clock).await?;
    let Verifier { rows, tip: last, dropped_through, late, .. } = verifier;
    Ok(Verified { rows, unsealed, last, dropped_through, late })
}

/// What the last seal says of dropped rows. It is verified when its turn comes.
async fn dropped_through(store: &Store) -> Result<i64, StoreError> {
    Ok(store.audit_seals().last().await?.map_or(0, |signed| signed.seal.dropped_through))
}

impl Verifier<'_> {
    /// The key of this name, if there is one; it may have been made a moment ago.
    async fn key(&mut self, kid: &KeyId) -> Result<Option<&Key>, StoreError> {
        if !self.keys.contains_key(kid) {
            for row in self.store.audit_keys().list().await? {
                let key = open(self.master, &row).map_err(|error| error.to_string());
                self.keys.insert(row.kid, key.map(|key| key.verifying_key().clone()));
            }
        }
        Ok(self.keys.get(kid))
    }

    async fn read_seals(&mut self) -> Result<(), VerifyError> {
        loop {
            let after = self.tip.map_or(0, |(seq, ..)| seq);
            let seals = self.store.audit_seals().after(after, SEALS).await?;
            if seals.is_empty() {
                return Ok(());
            }
            for signed in seals {
                self.seal(&signed).await?;
                self.rows_of(&signed.seal).await?;
            }
        }
    }

    /// A seal by itself, and as the successor of the one before.
    async fn seal(&mut self, SignedSeal { seal, signature }: &SignedSeal) -> Result<(), VerifyError> {
        let (before, previous) = self.tip.map(|(seq, _, hash)| (seq, hash)).unwrap_or_default();
        let found = |finding| Err(VerifyError::Found(finding));
        if seal.seq != before + 1 {
            return found(Finding::SealMissing(before + 1));
        }
        let hash = seal.hash();
        match self.key(&seal.kid).await? {
            None => return found(Finding::KeyMissing(seal.seq, seal.kid.to_string())),
            Some(Err(reason)) => return found(Finding::KeyForeign(seal.seq, reason.clone())),
            Some(Ok(key)) if key.verify(&hash.0, signature).is_err() => {
                return found(Finding::SealChanged(seal.seq));
            }
            Some(Ok(_)) => {}
        }
        if seal.previous != previous {
            return found(Finding::SealMoved(seal.seq));
        }
        if self.exported.of(seal.seq)?.is_some_and(|line| line.hash != hash.to_string()) {
            return found(Finding::NotTheExported(seal.seq));
        }
        self.tip = Some((seal.seq, seal.at, hash));
        Ok(())
    }

    /// Every row that a seal holds.
    async fn rows_of(&mut self, seal: &Seal) -> Result<(), VerifyError> {
        let rows = decode_rows(&seal.rows).map_err(|_| VerifyError::Found(Finding::SealChanged(seal.seq)))?;
        if seal.seq <= self.dropped_through {
            return Ok(());
        }
        let runs = runs(rows.iter().map(|(id, _)| *id));
        let there = self.store.audit().digests_within(&runs, ROWS + rows.len() as u64).await?;
        let mut there = there.into_iter().peekable();
        for (id, digest) in rows {
            let Some(row) = there.next_if(|row| row.id == id) else {
                return self.missing(id, seal.seq).await;
            };
            if row.digest != digest {
                let row = Row { id, at: row.at, event: row.event };
                return Err(VerifyError::Found(Finding::RowChanged(row, seal.seq)));
            }
            self.rows += 1;
            if seal.at.timestamp_millis().saturating_sub(row.at) > SEALED_WITHIN.num_milliseconds() {
                self.late.rows += 1;
                self.late.first.get_or_insert((Row { id, at: row.at, event: row.event }, seal.seq));
            }
        }
        runs.into_iter().for_each(|(first, last)| self.sealed.add(first, last));
        Ok(())
    }

    /// Rows may have been dropped since the last seal was looked at.
    async fn missing(&mut self, id: i64, seq: i64) -> Result<(), VerifyError> {
        self.dropped_through = dropped_through(self.store).await?;
        if seq <= self.dropped_through {
            Ok(())
        } else {
            Err(VerifyError::Found(Finding::RowMissing(id, seq)))
        }
    }

    /// The numbers of all rows: each must be in a seal, or young. How many are young?
    async fn read_numbers(&mut self, clock: &Clock) -> Result<u64, VerifyError> {
        let (mut after, mut unsealed, mut waited) = (i64::MIN, 0, false);
        loop {
            let numbers = self.store.audit().numbers_after(after, NUMBERS).await?;
            let Some((end, _)) = numbers.last().copied() else { return Ok(unsealed) };
            for (id, at) in numbers.into_iter().filter(|(id, _)| *id > after) {
                if self.sealed.contains(id) {
                    continue;
                }
                if self.is_young(id, at, clock.now()) {
                    unsealed += 1;
                    continue;
                }
                if !std::mem::replace(&mut waited, true) {
                    tokio::time::sleep(SECOND_LOOK).await;
                    self.read_seals().await?;
                }
                if !self.sealed.contains(id) {
                    return Err(self.not_sealed(id).await?);
                }
            }
            after = end;
        }
    }

    /// Whether a row may well be in no seal yet: the rows before it are, or its transaction has just come to its end.
    fn is_young(&self, id: i64, at: i64, now: Moment) -> bool {
        let within = if id > self.sealed.greatest() { SEALED_WITHIN } else { GAP_TIME };
        ((now - within).timestamp_millis()..(now + CLOCKS).timestamp_millis()).contains(&at)
    }

    async fn not_sealed(&self, id: i64) -> Result<VerifyError, StoreError> {
        let rows = self.store.audit().digests_within(&[(id, id)], 1).await?;
        let (at, event) = rows.into_iter().next().map(|row| (row.at, row.event)).unwrap_or_default();
        let row = Row { id, at, event };
        Ok(VerifyError::Found(match self.tip {
            Some(_) if id < self.sealed.greatest() => Finding::RowInserted(row),
            tip => Finding::Unsealed(row, tip.map_or(0, |(seq, ..)| seq)),
        }))
    }
}

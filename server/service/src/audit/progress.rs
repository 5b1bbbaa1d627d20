//! How far the audit log is sealed, as the database has it.

use super::GAP_TIME;
use super::line::SealLine;
use chrono::{DateTime, TimeDelta};
use signet_protocol::audit::seal::decode_rows;
use signet_protocol::environment::{Clock, Moment};
use signet_store::{RecordedEvent, Store, StoreError};

/// Unsealed events are counted so far.
const COUNTED: u64 = 10_000;
/// Events are sealed within a second; after so long something is wrong, on whichever node it may be.
const LATE: TimeDelta = TimeDelta::seconds(30);
/// So many seals are looked through at once.
const SEALS: u64 = 8;

/// How far the audit log is sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The last seal.
    pub last: Option<SealLine>,
    /// How many events came after what it holds; 10000: at least so many.
    pub unsealed: u64,
    /// When the first of them was recorded.
    pub waiting_since: Option<Moment>,
    /// It should have been sealed long ago.
    pub late: bool,
}

/// A seal that holds an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldingSeal {
    /// Its number.
    pub seq: i64,
    /// When it was made.
    pub at: Moment,
    /// The key that signed it.
    pub kid: String,
    /// Whether the event is as it was then. Whether the seal itself is, `signet audit verify` tells.
    pub unchanged: bool,
}

/// How far the audit log is sealed.
pub(crate) async fn progress(store: &Store, clock: &Clock) -> Result<Progress, StoreError> {
    let seals = store.audit_seals();
    let last = seals.last().await?.map(|signed| SealLine::of(&signed));
    let waiting = store.audit().numbers_after(seals.greatest_id(i64::MAX).await?, COUNTED).await?;
    let waiting_since = waiting.first().and_then(|(_, at)| DateTime::from_timestamp_millis(*at));
    Ok(Progress {
        last,
        unsealed: waiting.len() as u64,
        waiting_since,
        late: waiting_since.is_some_and(|since| since + LATE < clock.now()),
    })
}

/// The seal that holds an event. One that cannot be read holds nothing.
pub(crate) async fn holding_seal(
    store: &Store,
    event: &RecordedEvent,
) -> Result<Option<HoldingSeal>, StoreError> {
    let row = store.audit().digests_within(&[(event.id, event.id)], 1).await?.pop();
    let mut skipped = 0;
    loop {
        let seals = store.audit_seals().reaching(event.id, (skipped, SEALS)).await?;
        for signed in &seals {
            let rows = decode_rows(&signed.seal.rows).unwrap_or_default();
            if let Some((_, digest)) = rows.into_iter().find(|(id, _)| *id == event.id) {
                return Ok(Some(HoldingSeal {
                    seq: signed.seal.seq,
                    at: signed.seal.at,
                    kid: signed.seal.kid.to_string(),
                    unchanged: row.is_some_and(|row| row.digest == digest),
                }));
            }
        }
        // A transaction that took longer recorded nothing.
        match seals.last() {
            Some(last) if last.seal.at < event.at + GAP_TIME => skipped += SEALS,
            _ => return Ok(None),
        }
    }
}

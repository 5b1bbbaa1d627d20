//! Events that are old enough go, whole seals at a time. The seals stay, and one of them says that this happened.

use super::sealer::{Sealer, SealingError};
use chrono::TimeDelta;
use signet_protocol::audit::ranges::runs;
use signet_protocol::audit::seal::{MAX_ROWS, Seal, decode_rows};
use signet_store::Committed;

/// So many seals are looked at for one transaction.
const SEALS: u64 = 32;
/// Nothing is dropped until there is a seal that is older than the first of these and not as old as the second: a clock that
/// is years ahead for a while costs no event.
const SETTLED: (TimeDelta, TimeDelta) = (TimeDelta::days(1), TimeDelta::days(3));

impl Sealer {
    /// Drops the events of all seals that are older than this, a few seals to a transaction.
    pub async fn drop_older_than(&mut self, age: TimeDelta) -> Result<(), SealingError> {
        // What there is to be sealed comes first, so that it is known where the seals end.
        self.turn().await?;
        if !self.clock_has_settled().await? {
            return Ok(());
        }
        while self.drop_some(age).await? {
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Whether somebody sealed a day or two ago, as this clock has it.
    async fn clock_has_settled(&self) -> Result<bool, SealingError> {
        let (now, seals) = (self.clock.now(), self.store.audit_seals());
        let before = seals.last_before(now - SETTLED.0).await?;
        let found = seals.after(before - 1, 1).await?.into_iter().find(|signed| signed.seal.seq == before);
        Ok(found.is_some_and(|signed| signed.seal.at > now - SETTLED.1))
    }

    /// Whether there may be more to drop.
    async fn drop_some(&mut self, age: TimeDelta) -> Result<bool, SealingError> {
        let before = self.clock.now() - age;
        let (Some(key), Some(position)) = (&self.key, &mut self.position) else { return Ok(false) };
        let seals = self.store.audit_seals().after(position.tip.dropped_through, SEALS).await?;
        let (mut ids, mut through) = (Vec::new(), None);
        // A seal of a clock that was ahead is no younger than one that came after it.
        let (now, oldest) = (self.clock.now(), self.store.audit_seals().last_before(before).await?);
        let is_old = |seal: &Seal| seal.at < before || (seal.at > now && seal.seq < oldest);
        for signed in seals.into_iter().take_while(|signed| is_old(&signed.seal)) {
            let seq = signed.seal.seq;
            let rows = decode_rows(&signed.seal.rows).map_err(|_| SealingError::Unreadable(seq))?;
            ids.extend(rows.into_iter().map(|(id, _)| id));
            through = Some(seq);
            if ids.len() >= MAX_ROWS {
                break;
            }
        }
        let Some(through) = through else { return Ok(false) };
        // A row whose transaction was long is in a later seal than its neighbours.
        ids.sort_unstable();
        let signed = Self::signed(position, &[], through, (key, self.clock.now()))?;
        let (tip, at) = (super::position::Tip::of(&signed.seal), signed.seal.at);
        match self.store.audit_seals().drop_rows(signed, runs(ids)).await? {
            Committed::Yes => position.advance(tip, [], at),
            // Somebody else sealed meanwhile: there is another time.
            Committed::Stale | Committed::SubjectGone => return Ok(false),
        }
        Ok(true)
    }
}

//! Secrets of authenticator apps move to a new master key.

use signet_jose::MasterKeys;
use signet_jose::seal::SealError;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::Clock;
use signet_protocol::id::UserId;
use signet_store::{Committed, Store, StoreError};

/// People per transaction.
const BATCH: u64 = 100;

/// Why secrets could not be moved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResealError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the secret of an authenticator app: {0}")]
    Seal(#[from] SealError),
}

/// Seals again, with the present master key, whatever an earlier one sealed; returns how many secrets that were.
pub(crate) async fn reseal_totp(
    store: &Store,
    master: &MasterKeys,
    (clock, by): (&Clock, &Origin),
) -> Result<u32, ResealError> {
    let (mut last, mut count): (Option<UserId>, u32) = (None, 0);
    loop {
        let batch = store.totp().sealed_after(last.as_ref(), BATCH).await?;
        let Some((end, _)) = batch.last() else { return Ok(count) };
        let end = end.clone();
        let old = batch.into_iter().filter(|(_, sealed)| master.needs_reseal(sealed));
        let moved = old.map(|(user, sealed)| {
            let opened = master.open("totp", "secret", user.as_str(), &sealed)?;
            let again = master.seal("totp", "secret", user.as_str(), &opened)?;
            Ok((user, sealed, again))
        });
        let moved = moved.collect::<Result<Vec<_>, SealError>>()?;
        let number = u32::try_from(moved.len()).unwrap_or(u32::MAX);
        if number > 0 {
            let event = Event::KeysResealed { count: number };
            let (origin, subjects) = (by.clone(), Subjects::default());
            let event = AuditEvent { at: clock.now(), origin, subjects, event };
            if store.totp().reseal(moved, vec![event]).await? != Committed::Yes {
                // Somebody enrolled anew or went away meanwhile: the same people once more.
                continue;
            }
        }
        count = count.saturating_add(number);
        last = Some(end);
    }
}

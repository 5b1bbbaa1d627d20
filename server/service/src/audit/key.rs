//! The key that signs seals. It is no key of the tokens: nothing publishes it, and nothing else is signed with it.

use signet_jose::{Algorithm, MasterKeys, SigningKey};
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::Clock;
use signet_protocol::id::KeyId;
use signet_protocol::principal::Principal;
use signet_store::{AuditKeyRow, Committed, Store, StoreError};

/// Why there is no key for seals.
#[derive(Debug, thiserror::Error)]
pub enum SealKeyError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key that does not open, or cannot be made.
    #[error("the audit log's key {kid}: {reason}; check keys.master_key and keys.previous_master_keys")]
    Unusable {
        /// Its identifier.
        kid: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The latest key that opens; made if there is none at all.
pub(super) async fn signing_key(
    store: &Store,
    master: &MasterKeys,
    clock: &Clock,
) -> Result<SigningKey, SealKeyError> {
    loop {
        let rows = store.audit_keys().list().await?;
        let mut unusable_one = None;
        for row in rows.iter().rev() {
            match open(master, row) {
                Ok(key) => {
                    // Whoever can write the database could put one there that is none.
                    if let Some(error) = unusable_one {
                        tracing::error!(%error, "a key of the audit log is not used");
                    }
                    return Ok(key);
                }
                Err(error) => unusable_one = unusable_one.or(Some(error)),
            }
        }
        if let Some(error) = unusable_one {
            return Err(error);
        }
        // Made by two nodes at once there are two of them, and both are good.
        let key = SigningKey::generate(Algorithm::EdDSA).map_err(|error| unusable("", error))?;
        let kid = KeyId::from(key.kid());
        let event = Event::KeyCreated { kid: kid.to_string(), alg: Algorithm::EdDSA.as_str().to_owned() };
        let row = AuditKeyRow {
            public: serde_json::to_value(key.public_jwk()).map_err(|error| unusable(key.kid(), error))?,
            sealed: seal(master, &kid, &key.to_private_bytes())?,
            created_at: clock.now(),
            kid,
        };
        store.audit_keys().add(row, vec![by_server(clock, event)]).await?;
    }
}

/// A key with its private half. That it opens here, under its own name, shows that this deployment made it: whoever has
/// the database alone can put other keys into it, but none that opens.
pub(super) fn open(master: &MasterKeys, row: &AuditKeyRow) -> Result<SigningKey, SealKeyError> {
    let kid = row.kid.as_str();
    let opened =
        master.open("audit_keys", "sealed", kid, &row.sealed).map_err(|error| unusable(kid, error))?;
    let key = SigningKey::from_private_bytes(&opened).map_err(|error| unusable(kid, error))?;
    let public = serde_json::to_value(key.public_jwk()).map_err(|error| unusable(kid, error))?;
    if key.kid() != kid || public != row.public || key.algorithm() != Algorithm::EdDSA {
        return Err(unusable(kid, "its private and its public half do not belong together"));
    }
    Ok(key)
}

/// Seals again, with the present master key, whatever an earlier one sealed; returns how many keys that were.
pub(crate) async fn reseal(
    store: &Store,
    master: &MasterKeys,
    (clock, by): (&Clock, &Origin),
) -> Result<u32, SealKeyError> {
    let mut count = 0;
    for row in store.audit_keys().list().await?.into_iter().filter(|row| master.needs_reseal(&row.sealed)) {
        let key = open(master, &row)?;
        let sealed = seal(master, &row.kid, &key.to_private_bytes())?;
        let event = Event::KeysResealed { count: 1 };
        let origin = by.clone();
        let event = AuditEvent { at: clock.now(), origin, subjects: Subjects::default(), event };
        if store.audit_keys().reseal(row.kid, (row.sealed, sealed), vec![event]).await? == Committed::Yes {
            count += 1;
        }
    }
    Ok(count)
}

fn seal(master: &MasterKeys, kid: &KeyId, private: &[u8]) -> Result<Vec<u8>, SealKeyError> {
    let kid = kid.as_str();
    master.seal("audit_keys", "sealed", kid, private).map_err(|error| unusable(kid, error))
}

fn by_server(clock: &Clock, event: Event) -> AuditEvent {
    let origin = Origin::local(Principal::Server);
    AuditEvent { at: clock.now(), origin, subjects: Subjects::default(), event }
}

fn unusable(kid: &str, reason: impl ToString) -> SealKeyError {
    SealKeyError::Unusable { kid: kid.to_owned(), reason: reason.to_string() }
}

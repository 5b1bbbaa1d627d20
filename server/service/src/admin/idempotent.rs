//! Asking twice for the same makes it once (draft-ietf-httpapi-idempotency-key-header).

use super::{Actor, Admin, AdminError};
use serde::{Deserialize, Serialize};
use signet_jose::MasterKeys;
use signet_protocol::environment::Moment;
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{Claim, Store};

/// A key that a caller chose for a request that makes something.
#[derive(Clone, Debug)]
pub struct Idempotent {
    /// The key.
    pub key: String,
    /// SHA-256 over what is asked: another request under the same key is refused.
    pub request: SecretHash,
}

/// What was made under a key.
pub(super) struct MadeBefore {
    /// What names it.
    pub id: String,
    /// The secret that was shown with it: whoever lost the answer gets it again.
    pub secret: Option<Secret<String>>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    id: String,
    secret: Option<String>,
}

/// What was made before, as it is now; if it is no more, asking again does not make it again.
pub(super) fn as_it_is<T>(known: Result<T, AdminError>) -> Result<T, AdminError> {
    known.map_err(|error| match error {
        AdminError::NotFound(what) => AdminError::Conflict(format!(
            "the {what} that was made under this idempotency key is no more: to make it anew, choose another key"
        )),
        other => other,
    })
}

impl Admin {
    /// What was made for this request before, if it was.
    pub(super) async fn made_before(
        &self,
        actor: &Actor,
        idempotent: Option<&Idempotent>,
    ) -> Result<Option<MadeBefore>, AdminError> {
        let Some(idempotent) = idempotent else { return Ok(None) };
        let key = key(actor, idempotent);
        let Some(claimed) = self.store.idempotency().claimed(key, self.clock.now()).await? else {
            return Ok(None);
        };
        if claimed.request != idempotent.request.0 {
            return Err(AdminError::KeyReused);
        }
        let opened =
            self.master()?.open("idempotency", "answer", &row(key), &claimed.answer).map_err(sealing)?;
        let kept: Kept = serde_json::from_slice(&opened).map_err(sealing)?;
        Ok(Some(MadeBefore { id: kept.id, secret: kept.secret.map(Secret::new) }))
    }

    fn master(&self) -> Result<&MasterKeys, AdminError> {
        let server = self.server.as_ref();
        server.map(|server| &*server.master).ok_or_else(|| sealing("only a running server keeps them"))
    }

    /// What the key will stand for.
    pub(super) fn claim(
        &self,
        actor: &Actor,
        idempotent: Option<&Idempotent>,
        (id, secret): (&str, Option<&Secret<String>>),
        at: Moment,
    ) -> Result<Option<Claim>, AdminError> {
        let Some(idempotent) = idempotent else { return Ok(None) };
        let key = key(actor, idempotent);
        let kept = Kept { id: id.to_owned(), secret: secret.map(|secret| secret.expose().clone()) };
        let kept = serde_json::to_vec(&kept).map_err(sealing)?;
        let answer = self.master()?.seal("idempotency", "answer", &row(key), &kept).map_err(sealing)?;
        Ok(Some(Claim { key, request: idempotent.request, answer, at }))
    }
}

/// Keys belong to whoever chose them: another's are none of their business, nor are those of another client that acts
/// for the same person.
fn key(actor: &Actor, idempotent: &Idempotent) -> SecretHash {
    let through = actor.client().map_or("", |client| client.as_str());
    SecretHash::of(format!("{}\n{through}\n{}", actor.name(), idempotent.key).as_bytes())
}

/// Seals again, with the present master key, whatever an earlier one sealed; returns how many that were.
pub(crate) async fn reseal(store: &Store, master: &MasterKeys) -> Result<u32, AdminError> {
    let mut count = 0;
    for (key, sealed) in store.idempotency().sealed().await? {
        if !master.needs_reseal(&sealed) {
            continue;
        }
        let place = row_of(&key);
        let opened = master.open("idempotency", "answer", &place, &sealed).map_err(sealing)?;
        let again = master.seal("idempotency", "answer", &place, &opened).map_err(sealing)?;
        store.idempotency().reseal(key, again).await?;
        count += 1;
    }
    Ok(count)
}

fn row(key: SecretHash) -> String {
    row_of(&key.0)
}

fn row_of(key: &[u8]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sealing(error: impl std::fmt::Display) -> AdminError {
    AdminError::Internal(format!("an idempotency key's answer: {error}"))
}

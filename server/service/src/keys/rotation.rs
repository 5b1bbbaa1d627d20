//! Replacing and withdrawing keys: what a node does from time to time, and what an operator orders. `chain` decides.

use super::KeyRing;
use super::chain::{Chain, Plan};
use super::material::{read_key, symmetric_alg};
use crate::factors::reseal::{ResealError, reseal_totp};
use signet_jose::Algorithm;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::{Moment, RandomFailed};
use signet_protocol::id::KeyId;
use signet_protocol::principal::Principal;
use signet_protocol::secret::SecretHash;
use signet_store::{Committed, KeyChanges, KeyPurpose, KeyRow, StoreError};

/// Why a key could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomFailed),
    /// No such key, or not one that this can be done to.
    #[error("{0}")]
    Refused(String),
    /// The keys are no longer as whoever asks saw them.
    #[error("the keys changed meanwhile: try again")]
    Overtaken,
    /// The key material.
    #[error("the key could not be made: {0}")]
    Material(String),
}

/// What a rotation did or will do.
#[derive(Debug, Clone)]
pub struct RotationPlan {
    /// The algorithm.
    pub algorithm: String,
    /// The key that signs from then on.
    pub kid: KeyId,
    /// From when: now, unless its successor was published only a moment ago.
    pub effective_at: Moment,
}

/// A key as an operator sees it.
#[derive(Debug, Clone)]
pub struct KeyStatus {
    /// Its row, without anything secret in use.
    pub row: KeyRow,
    /// `next`, `current`, `retiring`, `retired` or `revoked`.
    pub state: &'static str,
}

impl KeyRing {
    /// Sees to it that each algorithm, and the inner workings, have a key that works now. When two nodes do it at once,
    /// the second finds that it is done.
    pub async fn ensure(&self, algorithms: impl IntoIterator<Item = Algorithm>) -> Result<(), KeyError> {
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        let inner = [KeyPurpose::Refresh, KeyPurpose::Form].map(|purpose| (purpose, symmetric_alg(purpose)));
        let signing = algorithms.into_iter().map(|algorithm| (KeyPurpose::Jwt, algorithm.as_str()));
        let mut changed = false;
        for name in inner.into_iter().chain(signing) {
            let chain = Chain::of(&rows, name, self.0.schedule, now);
            if !chain.is_at_work() {
                self.commit(Change { plan: chain.mend(), ..Change::default() }, &by_itself(), now).await?;
                changed = true;
            }
        }
        if changed {
            self.reload().await?;
        }
        Ok(())
    }

    /// Brings every chain in order: each working key has a successor that is published. Called from time to time by every
    /// node; when two do it at once, the second finds its picture stale and leaves it at that.
    pub async fn maintain(&self) -> Result<(), KeyError> {
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        let mut changed = self.snapshot().is_outdated(now);
        for chain in Chain::all(&rows, self.0.schedule, now) {
            let plan = chain.mend();
            if !plan.is_empty() {
                self.commit(Change { plan, ..Change::default() }, &by_itself(), now).await?;
                changed = true;
            }
        }
        if changed {
            self.reload().await?;
        }
        Ok(())
    }

    /// Replaces the working key of one algorithm, or of all: all of them or none. `seen` is the [`picture`] that whoever
    /// asks decided on.
    pub async fn rotate(
        &self,
        algorithm: Option<Algorithm>,
        seen: Option<&str>,
        by: &Origin,
    ) -> Result<Vec<RotationPlan>, KeyError> {
        self.maintain().await?;
        let now = self.0.clock.now();
        let (plans, plan) = self.rotation(algorithm, seen, now).await?;
        if !plan.is_empty() {
            self.commit_or_refuse(Change { plan, ..Change::default() }, by, now).await?;
        }
        self.reload().await?;
        Ok(plans)
    }

    /// What [`rotate`](Self::rotate) would do.
    pub async fn plan_rotation(
        &self,
        algorithm: Option<Algorithm>,
        seen: Option<&str>,
    ) -> Result<Vec<RotationPlan>, KeyError> {
        Ok(self.rotation(algorithm, seen, self.0.clock.now()).await?.0)
    }

    async fn rotation(
        &self,
        algorithm: Option<Algorithm>,
        seen: Option<&str>,
        now: Moment,
    ) -> Result<(Vec<RotationPlan>, Plan), KeyError> {
        let rows = self.0.store.keys().list().await?;
        if seen.is_some_and(|seen| seen != picture(&rows)) {
            return Err(KeyError::Overtaken);
        }
        let (mut plans, mut plan) = (Vec::new(), Plan::default());
        for chain in Chain::all(&rows, self.0.schedule, now) {
            let is_meant = algorithm.is_none_or(|wanted| wanted.as_str() == chain.alg());
            if chain.purpose() != KeyPurpose::Jwt || !is_meant {
                continue;
            }
            let Some((turn, rotation)) = chain.rotate() else { continue };
            plans.push(RotationPlan {
                algorithm: chain.alg().to_owned(),
                kid: turn.kid,
                effective_at: turn.at,
            });
            plan = plan.and(rotation);
        }
        if plans.is_empty() {
            return Err(KeyError::Refused(
                "no key of that algorithm is in use: `signet keys list` shows which are".into(),
            ));
        }
        Ok((plans, plan))
    }

    /// Takes in a private key (PEM or JWK) made elsewhere. It signs once everyone can have seen it;
    /// at once if it is the first of its algorithm.
    pub async fn import(
        &self,
        material: &[u8],
        algorithm: Option<Algorithm>,
        by: &Origin,
    ) -> Result<RotationPlan, KeyError> {
        let key = read_key(material, algorithm).map_err(|error| KeyError::Material(error.to_string()))?;
        self.maintain().await?;
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        if rows.iter().any(|row| row.kid.as_str() == key.kid()) {
            return Err(KeyError::Refused(format!("key {} is known already", key.kid())));
        }
        let name = (KeyPurpose::Jwt, key.algorithm().as_str());
        let (times, plan) = Chain::of(&rows, name, self.0.schedule, now).admit().map_err(|until| {
            KeyError::Refused(format!("a rotation is under way until {until}: try again then"))
        })?;
        let row = self.seal(&key, now, times)?;
        let done = RotationPlan {
            algorithm: row.alg.clone(),
            kid: row.kid.clone(),
            effective_at: times.activates_at,
        };
        self.commit_or_refuse(Change { plan, import: Some(row), revoke: None }, by, now).await?;
        self.reload().await?;
        Ok(done)
    }

    /// Withdraws a key that someone else may hold: it leaves the JWKS at once, and what it signed counts no more.
    pub async fn revoke(&self, kid: &KeyId, by: &Origin) -> Result<(), KeyError> {
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        let Some(row) = rows.iter().find(|row| row.kid == *kid && row.revoked_at.is_none()) else {
            return Err(KeyError::Refused(format!(
                "no key {kid} that could be revoked: `signet keys list` shows them"
            )));
        };
        let plan = Chain::of(&rows, (row.purpose, &row.alg), self.0.schedule, now).without(kid);
        self.commit_or_refuse(Change { plan, import: None, revoke: Some(kid.clone()) }, by, now).await?;
        self.reload().await?;
        self.maintain().await
    }

    /// Seals again, with the present master key, whatever an earlier one sealed: keys, secrets of authenticator apps, and
    /// mails that wait;
    /// returns how many rows that were.
    pub async fn reseal(&self, by: &Origin) -> Result<u32, KeyError> {
        let now = self.0.clock.now();
        let mut count: u32 = 0;
        for row in self.0.store.keys().list().await? {
            if !self.0.master.needs_reseal(&row.sealed) {
                continue;
            }
            let material = |error: signet_jose::seal::SealError| KeyError::Material(error.to_string());
            let opened =
                self.0.master.open("keys", "sealed", row.kid.as_str(), &row.sealed).map_err(material)?;
            let sealed = self.0.master.seal("keys", "sealed", row.kid.as_str(), &opened).map_err(material)?;
            let event = event(by, now, Event::KeysResealed { count: 1 });
            if self.0.store.keys().reseal(row.kid, row.sealed, sealed, now, vec![event]).await?
                == Committed::Yes
            {
                count += 1;
            }
        }
        let totp = reseal_totp(&self.0.store, &self.0.master, (&self.0.clock, by)).await.map_err(
            |error| match error {
                ResealError::Store(error) => KeyError::Store(error),
                ResealError::Seal(_) => KeyError::Material(error.to_string()),
            },
        )?;
        let mails = crate::mail::reseal(&self.0.store, &self.0.master).await;
        let mails = mails.map_err(|error| KeyError::Material(error.to_string()))?;
        let answers = crate::admin::reseal_idempotency(&self.0.store, &self.0.master).await;
        let answers = answers.map_err(|error| KeyError::Material(error.to_string()))?;
        let audit = crate::audit::reseal(&self.0.store, &self.0.master, (&self.0.clock, by)).await;
        let audit = audit.map_err(|error| KeyError::Material(error.to_string()))?;
        let all = [totp, mails, answers, audit];
        Ok(all.into_iter().fold(count, u32::saturating_add))
    }

    /// Every key with its state, signing keys first.
    pub async fn list(&self) -> Result<Vec<KeyStatus>, KeyError> {
        let now = self.0.clock.now();
        let rows = self.0.store.keys().list().await?;
        Ok(rows.into_iter().map(|row| KeyStatus { state: state(&row, now), row }).collect())
    }

    async fn commit_or_refuse(&self, change: Change, by: &Origin, now: Moment) -> Result<(), KeyError> {
        match self.commit(change, by, now).await? {
            Committed::Yes => Ok(()),
            Committed::Stale | Committed::SubjectGone => Err(KeyError::Overtaken),
        }
    }

    /// Makes the keys that are wanted, and writes everything in one transaction.
    async fn commit(&self, change: Change, by: &Origin, now: Moment) -> Result<Committed, KeyError> {
        let Change { plan: Plan { add, retime }, import, revoke } = change;
        let mut rows = Vec::from_iter(import);
        for wanted in add {
            rows.push(self.make(wanted, now).await?);
        }
        let revoked = revoke.iter().map(|kid| Event::KeyRevoked { kid: kid.to_string() });
        let made =
            rows.iter().map(|row| Event::KeyCreated { kid: row.kid.to_string(), alg: row.alg.clone() });
        let moved = retime.iter().filter(|retiming| retiming.to.activates_at != retiming.from.activates_at);
        let moved = moved.map(|retiming| Event::KeyRotated { kid: retiming.kid.to_string() });
        let events = revoked.chain(made).chain(moved).map(|what| event(by, now, what)).collect();
        let changes = KeyChanges { add: rows, retime, revoke };
        Ok(self.0.store.keys().change(changes, now, events).await?)
    }
}

/// What is to be committed at once.
#[derive(Default)]
struct Change {
    plan: Plan,
    import: Option<KeyRow>,
    revoke: Option<KeyId>,
}

/// What names the state that keys are in: it differs as soon as one is made, replaced or withdrawn.
pub fn picture<'a>(rows: impl IntoIterator<Item = &'a KeyRow>) -> String {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by(|a, b| a.kid.cmp(&b.kid));
    let mut seen = String::new();
    for row in rows {
        let ends = [Some(row.activates_at), row.retires_at, row.revoked_at];
        seen.push_str(&format!("{} {:?}\n", row.kid, ends.map(|at| at.map(|at| at.timestamp_millis()))));
    }
    let SecretHash(digest) = SecretHash::of(seen.as_bytes());
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// What every node does when the time has come.
fn by_itself() -> Origin {
    Origin::local(Principal::Server)
}

fn event(by: &Origin, at: Moment, event: Event) -> AuditEvent {
    AuditEvent { at, origin: by.clone(), subjects: Subjects::default(), event }
}

fn state(row: &KeyRow, now: Moment) -> &'static str {
    if row.revoked_at.is_some() {
        "revoked"
    } else if row.activates_at > now {
        "next"
    } else if row.retires_at.is_none_or(|end| end > now) {
        "current"
    } else if row.unpublish_at.is_none_or(|end| end > now) {
        "retiring"
    } else {
        "retired"
    }
}

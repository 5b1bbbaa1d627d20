//! Making, replacing and withdrawing keys.
//!
//! The keys of one algorithm form a chain. A key gets its end only in the transaction that makes its successor,
//! so there is always one that signs, even when nobody was there to rotate. The successor of the working key is
//! always published already, so that rotating never signs a token with a key that some verifier can't have seen.

use super::{KeyRing, MAX_TOKEN_LIFETIME};
use chrono::TimeDelta;
use signet_jose::Algorithm;
use signet_jose::signing::SigningKey;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::{Moment, RandomFailed};
use signet_protocol::id::KeyId;
use signet_store::{Committed, KeyChanges, KeyPurpose, KeyRow, KeyTimes, Retiming, StoreError};

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
    /// Sees to it that each algorithm, and the inner workings, have a key that works now and one that follows.
    pub async fn ensure(&self, algorithms: impl IntoIterator<Item = Algorithm>) -> Result<(), KeyError> {
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        let mut made = false;
        for purpose in [KeyPurpose::Refresh, KeyPurpose::Form] {
            if !rows.iter().any(|row| row.purpose == purpose && row.revoked_at.is_none()) {
                self.insert(vec![self.symmetric(purpose, now)?], Vec::new(), now).await?;
                made = true;
            }
        }
        for algorithm in algorithms {
            let exists = rows.iter().any(|row| {
                row.purpose == KeyPurpose::Jwt && row.alg == algorithm.as_str() && row.revoked_at.is_none()
            });
            if !exists {
                let first = self.signing_key(algorithm, now, now).await?;
                self.insert(vec![first], Vec::new(), now).await?;
                made = true;
            }
        }
        if made {
            self.reload().await?;
        }
        Ok(())
    }

    /// Gives a successor to every key at work that has none. Called from time to time by every node;
    /// when two do it at once, the second finds its picture stale and leaves it at that.
    pub async fn maintain(&self) -> Result<(), KeyError> {
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        let ends = rows.iter().filter(|row| row.revoked_at.is_none() && row.retires_at.is_none());
        let mut changed = self.snapshot().is_outdated(now);
        for last in ends.filter(|row| row.activates_at <= now) {
            let due = last.activates_at + seconds(self.0.schedule.rotation);
            let at = due.max(now + seconds(self.0.schedule.publish_ahead));
            let successor = self.successor_of(last, now, at).await?;
            self.insert(vec![successor], vec![self.retire(last, at)], now).await?;
            changed = true;
        }
        if changed {
            self.reload().await?;
        }
        Ok(())
    }

    /// Replaces the working key of one algorithm, or of all.
    pub async fn rotate(&self, algorithm: Option<Algorithm>) -> Result<Vec<RotationPlan>, KeyError> {
        self.maintain().await?;
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        let mut plans = Vec::new();
        for current in
            rows.iter().filter(|row| state(row, now) == "current" && row.purpose == KeyPurpose::Jwt)
        {
            if algorithm.is_some_and(|wanted| wanted.as_str() != current.alg) {
                continue;
            }
            let Some(next) = successor(&rows, current) else { continue };
            let seen_by_all = next.created_at + seconds(self.0.schedule.publish_ahead);
            let at = now.max(seen_by_all).min(next.activates_at);
            plans.push(RotationPlan {
                algorithm: current.alg.clone(),
                kid: next.kid.clone(),
                effective_at: at,
            });
            if at == next.activates_at {
                continue;
            }
            let follows = at + seconds(self.0.schedule.rotation);
            let mut retimed_next = self.retire(next, follows);
            retimed_next.to.activates_at = at;
            let after = self.successor_of(next, now, follows).await?;
            self.insert(vec![after], vec![self.retire(current, at), retimed_next], now).await?;
        }
        if plans.is_empty() {
            return Err(KeyError::Refused(
                "no key of that algorithm is in use: `signet keys list` shows which are".into(),
            ));
        }
        self.reload().await?;
        Ok(plans)
    }

    /// Takes in a private key (PEM or JWK) made elsewhere. It signs once everyone can have seen it;
    /// at once if it is the first of its algorithm.
    pub async fn import(
        &self,
        material: &[u8],
        algorithm: Option<Algorithm>,
    ) -> Result<RotationPlan, KeyError> {
        let key = read_key(material, algorithm).map_err(|error| KeyError::Material(error.to_string()))?;
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        if rows.iter().any(|row| row.kid.as_str() == key.kid()) {
            return Err(KeyError::Refused(format!("key {} is known already", key.kid())));
        }
        let same = |row: &&KeyRow| row.alg == key.algorithm().as_str() && state(row, now) == "current";
        let current = rows.iter().find(same);
        let at = current.map_or(now, |_| now + seconds(self.0.schedule.publish_ahead));
        let mut row = self.seal(&key, now, at)?;
        let mut retimings = Vec::new();
        if let Some(current) = current {
            if let Some(next) = successor(&rows, current) {
                if next.activates_at <= at {
                    return Err(KeyError::Refused(format!(
                        "a rotation is under way until {}: try again then",
                        next.activates_at
                    )));
                }
                row.retires_at = Some(next.activates_at);
                row.unpublish_at = Some(next.activates_at + TimeDelta::seconds(MAX_TOKEN_LIFETIME));
            }
            retimings.push(self.retire(current, at));
        }
        let plan = RotationPlan { algorithm: row.alg.clone(), kid: row.kid.clone(), effective_at: at };
        self.insert(vec![row], retimings, now).await?;
        self.reload().await?;
        Ok(plan)
    }

    /// Withdraws a key that someone else may hold: it leaves the JWKS at once, and what it signed counts no more.
    pub async fn revoke(&self, kid: &KeyId) -> Result<(), KeyError> {
        let rows = self.0.store.keys().list().await?;
        let now = self.0.clock.now();
        let Some(row) = rows.iter().find(|row| row.kid == *kid && row.revoked_at.is_none()) else {
            return Err(KeyError::Refused(format!(
                "no key {kid} that could be revoked: `signet keys list` shows them"
            )));
        };
        let (mut inserts, mut retimings) = (Vec::new(), Vec::new());
        if state(row, now) == "current" {
            match successor(&rows, row) {
                Some(next) => retimings.push(Retiming {
                    kid: next.kid.clone(),
                    from: KeyTimes::of(next),
                    to: KeyTimes { activates_at: now, ..KeyTimes::of(next) },
                }),
                None => inserts.push(self.successor_of(row, now, now).await?),
            }
        }
        let event = event(now, Event::KeyRevoked { kid: kid.to_string() });
        let changes = KeyChanges { add: inserts, retime: retimings, revoke: Some(kid.clone()) };
        match self.0.store.keys().change(changes, now, vec![event]).await? {
            Committed::Yes => {}
            _ => return Err(KeyError::Refused("the keys changed meanwhile: try again".into())),
        }
        self.reload().await?;
        self.maintain().await
    }

    /// Seals again, with the present master key, whatever an earlier one sealed; returns how many rows that were.
    pub async fn reseal(&self) -> Result<u32, KeyError> {
        let now = self.0.clock.now();
        let mut count = 0;
        for row in self.0.store.keys().list().await? {
            if !self.0.master.needs_reseal(&row.sealed) {
                continue;
            }
            let material = |error: signet_jose::seal::SealError| KeyError::Material(error.to_string());
            let opened =
                self.0.master.open("keys", "sealed", row.kid.as_str(), &row.sealed).map_err(material)?;
            let sealed = self.0.master.seal("keys", "sealed", row.kid.as_str(), &opened).map_err(material)?;
            let event = event(now, Event::KeysResealed { count: 1 });
            if self.0.store.keys().reseal(row.kid, row.sealed, sealed, now, vec![event]).await?
                == Committed::Yes
            {
                count += 1;
            }
        }
        Ok(count)
    }

    /// Every key with its state, signing keys first.
    pub async fn list(&self) -> Result<Vec<KeyStatus>, KeyError> {
        let now = self.0.clock.now();
        let rows = self.0.store.keys().list().await?;
        Ok(rows.into_iter().map(|row| KeyStatus { state: state(&row, now), row }).collect())
    }

    async fn successor_of(&self, row: &KeyRow, now: Moment, at: Moment) -> Result<KeyRow, KeyError> {
        match row.purpose {
            KeyPurpose::Jwt => {
                let algorithm = row
                    .alg
                    .parse()
                    .map_err(|_| KeyError::Material(format!("unknown algorithm {}", row.alg)))?;
                self.signing_key(algorithm, now, at).await
            }
            purpose => Ok(KeyRow { activates_at: at, ..self.symmetric(purpose, now)? }),
        }
    }

    async fn signing_key(&self, algorithm: Algorithm, now: Moment, at: Moment) -> Result<KeyRow, KeyError> {
        // An RSA key takes a quarter of a second: not on a worker.
        let key = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm))
            .await
            .map_err(|error| KeyError::Material(error.to_string()))?
            .map_err(|error| KeyError::Material(error.to_string()))?;
        self.seal(&key, now, at)
    }

    fn seal(&self, key: &SigningKey, now: Moment, at: Moment) -> Result<KeyRow, KeyError> {
        let public =
            serde_json::to_value(key.public_jwk()).map_err(|error| KeyError::Material(error.to_string()))?;
        self.row(
            KeyPurpose::Jwt,
            (key.kid(), key.algorithm().as_str(), Some(public)),
            &key.to_private_bytes(),
            (now, at),
        )
    }

    fn symmetric(&self, purpose: KeyPurpose, now: Moment) -> Result<KeyRow, KeyError> {
        let secret = zeroize::Zeroizing::new(self.0.random.bytes::<32>()?);
        let kid = signet_jose::KeyId::of(&secret).to_string();
        let alg = if purpose == KeyPurpose::Refresh { "HS256" } else { "A256GCM" };
        self.row(purpose, (&kid, alg, None), secret.as_slice(), (now, now))
    }

    fn row(
        &self,
        purpose: KeyPurpose,
        (kid, alg, public): (&str, &str, Option<serde_json::Value>),
        material: &[u8],
        (created_at, activates_at): (Moment, Moment),
    ) -> Result<KeyRow, KeyError> {
        let sealed = self.0.master.seal("keys", "sealed", kid, material);
        Ok(KeyRow {
            kid: kid.into(),
            purpose,
            alg: alg.to_owned(),
            public,
            sealed: sealed.map_err(|error| KeyError::Material(error.to_string()))?,
            created_at,
            activates_at,
            retires_at: None,
            unpublish_at: None,
            revoked_at: None,
        })
    }

    /// The retiming that lets a key work until `at`.
    fn retire(&self, row: &KeyRow, at: Moment) -> Retiming {
        let kept = match row.purpose {
            KeyPurpose::Jwt | KeyPurpose::Form => MAX_TOKEN_LIFETIME,
            KeyPurpose::Refresh => i64::from(self.0.schedule.longest_grant),
        };
        let from = KeyTimes::of(row);
        let to = KeyTimes {
            activates_at: row.activates_at,
            retires_at: Some(at),
            unpublish_at: Some(at + TimeDelta::seconds(kept)),
        };
        Retiming { kid: row.kid.clone(), from, to }
    }

    async fn insert(&self, rows: Vec<KeyRow>, retimings: Vec<Retiming>, now: Moment) -> Result<(), KeyError> {
        let made =
            rows.iter().map(|row| Event::KeyCreated { kid: row.kid.to_string(), alg: row.alg.clone() });
        let moved =
            retimings.iter().filter(|retiming| retiming.to.activates_at != retiming.from.activates_at);
        let moved = moved.map(|retiming| Event::KeyRotated { kid: retiming.kid.to_string() });
        let events = made.chain(moved).map(|what| event(now, what)).collect();
        let changes = KeyChanges { add: rows, retime: retimings, revoke: None };
        match self.0.store.keys().change(changes, now, events).await? {
            Committed::Yes => Ok(()),
            // Another node did the same a moment ago; the next look at the rows shows it.
            Committed::Stale | Committed::SubjectGone => Ok(()),
        }
    }
}

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(seconds))
}

fn event(at: Moment, event: Event) -> AuditEvent {
    AuditEvent { at, origin: Origin::default(), subjects: Subjects::default(), event }
}

/// A private key as PEM, for which the algorithm must be told, or as a JWK, which may name its own.
fn read_key(
    material: &[u8],
    algorithm: Option<Algorithm>,
) -> Result<SigningKey, signet_jose::signing::KeyError> {
    match (std::str::from_utf8(material), algorithm) {
        (Ok(text), Some(algorithm)) if text.contains("-----BEGIN") => SigningKey::from_pem(text, algorithm),
        _ => SigningKey::from_jwk(material, algorithm),
    }
}

/// The key that follows `current`: the earliest of its algorithm and purpose that starts later.
fn successor<'a>(rows: &'a [KeyRow], current: &KeyRow) -> Option<&'a KeyRow> {
    rows.iter()
        .filter(|row| row.purpose == current.purpose && row.alg == current.alg && row.revoked_at.is_none())
        .filter(|row| row.activates_at > current.activates_at)
        .min_by_key(|row| row.activates_at)
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

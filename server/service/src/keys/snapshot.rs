//! The keys at one moment, opened and prepared: building a signer costs a millisecond, using one costs nothing more.

use crate::document::Document;
use signet_jose::Algorithm;
use signet_jose::jws::VerifyingKey;
use signet_jose::refresh::RefreshKeys;
use signet_jose::signing::SigningKey;
use signet_jose::{KeyId as SymmetricKeyId, MasterKeys, MessageSealer};
use signet_protocol::environment::Moment;
use signet_protocol::id::KeyId;
use signet_store::{KeyPurpose, KeyRow, Store, StoreError};
use std::collections::HashMap;
use std::sync::Arc;

/// Every key that this process may use.
pub struct Snapshot {
    /// What was opened, by the row's `kid`.
    opened: HashMap<KeyId, Opened>,
    signing: Vec<(Times, Arc<SigningKey>)>,
    /// By `kid`; retired and unpublished ones too, for `id_token_hint`.
    verifying: HashMap<String, (Times, VerifyingKey)>,
    refresh: RefreshKeys,
    refresh_times: Vec<(Times, (KeyId, SymmetricKeyId))>,
    forms: Vec<(Times, MessageSealer)>,
    jwks: Arc<Document>,
    /// When the JWKS changes next only because time passes.
    jwks_until: Option<Moment>,
}

/// An opened key. It stays as it is for as long as its row lives: only its sealing and its times change.
#[derive(Clone)]
enum Opened {
    Signing(Arc<SigningKey>),
    Refresh(Arc<zeroize::Zeroizing<[u8; 32]>>),
    Form(Arc<zeroize::Zeroizing<[u8; 32]>>),
}

#[derive(Clone, Copy)]
struct Times {
    activates_at: Moment,
    retires_at: Option<Moment>,
    unpublish_at: Option<Moment>,
}

impl Times {
    fn of(row: &KeyRow) -> Self {
        Self { activates_at: row.activates_at, retires_at: row.retires_at, unpublish_at: row.unpublish_at }
    }

    fn works(&self, now: Moment) -> bool {
        self.activates_at <= now && self.retires_at.is_none_or(|end| end > now)
    }

    fn is_published(&self, now: Moment) -> bool {
        self.unpublish_at.is_none_or(|end| end > now)
    }
}

/// The newest of those that work now.
fn working<T>(keys: &[(Times, T)], now: Moment, fits: impl Fn(&T) -> bool) -> Option<&T> {
    keys.iter()
        .filter(|(times, key)| times.works(now) && fits(key))
        .max_by_key(|(times, _)| times.activates_at)
        .map(|(_, key)| key)
}

impl Snapshot {
    /// Reads every key. What `known` has opened is not opened again, so that a key which another master key has sealed
    /// meanwhile goes on here. With nothing known, one key that can't be opened is an error; later it is only left out.
    pub(super) async fn read(
        store: &Store,
        master: &MasterKeys,
        now: Moment,
        known: Option<&Self>,
    ) -> Result<Self, StoreError> {
        let rows = store.keys().list().await?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows.iter().filter(|row| row.revoked_at.is_none()) {
            let before = known.and_then(|known| known.opened.get(&row.kid)).cloned();
            match before.map_or_else(|| open(master, row), Ok) {
                Ok(opened) => keys.push((row, opened)),
                Err(error) if known.is_some() => tracing::error!(%error, "a key is left out"),
                Err(error) => return Err(error),
            }
        }
        Ok(Self::of(keys, now))
    }

    fn of(keys: Vec<(&KeyRow, Opened)>, now: Moment) -> Self {
        let mut snapshot = Self {
            opened: HashMap::new(),
            signing: Vec::new(),
            verifying: HashMap::new(),
            refresh: RefreshKeys::default(),
            refresh_times: Vec::new(),
            forms: Vec::new(),
            jwks: Arc::new(Document::new(String::new())),
            jwks_until: None,
        };
        let mut refresh = Vec::new();
        for (row, opened) in keys {
            let times = Times::of(row);
            snapshot.opened.insert(row.kid.clone(), opened.clone());
            match opened {
                Opened::Signing(key) => {
                    snapshot.verifying.insert(key.kid().to_owned(), (times, key.verifying_key().clone()));
                    snapshot.signing.push((times, key));
                }
                Opened::Refresh(key) => {
                    snapshot.refresh_times.push((times, (row.kid.clone(), SymmetricKeyId::of(&key))));
                    refresh.push(key);
                }
                Opened::Form(key) => snapshot.forms.push((times, MessageSealer::new(&key))),
            }
        }
        snapshot.refresh = RefreshKeys::new(refresh.iter().map(|key| &***key));
        snapshot.jwks_until = snapshot.published(now).filter_map(|(times, _)| times.unpublish_at).min();
        snapshot.jwks = Arc::new(snapshot.jwks_at(now));
        snapshot
    }

    fn published(&self, now: Moment) -> impl Iterator<Item = &(Times, Arc<SigningKey>)> {
        self.signing.iter().filter(move |(times, _)| times.is_published(now))
    }

    fn jwks_at(&self, now: Moment) -> Document {
        let keys: Vec<_> = self.published(now).map(|(_, key)| key.public_jwk()).collect();
        Document::new(serde_json::json!({ "keys": keys }).to_string())
    }

    /// The key that signs with an algorithm now.
    pub fn signer(&self, algorithm: Algorithm, now: Moment) -> Option<&Arc<SigningKey>> {
        working(&self.signing, now, |key| key.algorithm() == algorithm)
    }

    /// A published key by its `kid`: what a resource server would accept now.
    pub fn verifier(&self, kid: &str, now: Moment) -> Option<&VerifyingKey> {
        self.verifying.get(kid).filter(|(times, _)| times.is_published(now)).map(|(_, key)| key)
    }

    /// Any key that ever signed, by its `kid`: for `id_token_hint`, which may be old (OpenID Connect Core §3.1.2.1).
    pub fn hint_verifier(&self, kid: &str) -> Option<&VerifyingKey> {
        self.verifying.get(kid).map(|(_, key)| key)
    }

    /// The keys that prove refresh tokens.
    pub fn refresh(&self) -> &RefreshKeys {
        &self.refresh
    }

    /// The key that new generations of refresh tokens are made with.
    pub fn refresh_key(&self, now: Moment) -> Option<&KeyId> {
        working(&self.refresh_times, now, |_| true).map(|(kid, _)| kid)
    }

    /// A refresh token, always the same for the same input; `None` if the key is not known here.
    pub fn refresh_token(
        &self,
        kid: &KeyId,
        handle: &[u8; 16],
        generation: u64,
        issuer: &str,
    ) -> Option<String> {
        let (_, (_, symmetric)) = self.refresh_times.iter().find(|(_, (known, _))| known == kid)?;
        self.refresh.encode(*symmetric, handle, generation, issuer).ok()
    }

    /// The algorithms that there is a key for.
    pub fn algorithms(&self, now: Moment) -> Vec<Algorithm> {
        self.signing.iter().filter(|(times, _)| times.works(now)).map(|(_, key)| key.algorithm()).collect()
    }

    /// What seals requests into forms now.
    pub fn form_sealer(&self, now: Moment) -> Option<&MessageSealer> {
        working(&self.forms, now, |_| true)
    }

    /// Everything that may open a form, the newest first.
    pub fn form_sealers(&self) -> impl Iterator<Item = &MessageSealer> {
        self.forms.iter().rev().map(|(_, sealer)| sealer)
    }

    /// The JWK Set (RFC 7517 §5): the bytes made beforehand, until a key leaves it.
    pub fn jwks(&self, now: Moment) -> Arc<Document> {
        if self.is_outdated(now) { Arc::new(self.jwks_at(now)) } else { self.jwks.clone() }
    }

    /// Whether the JWK Set holds a key that has left it since.
    pub fn is_outdated(&self, now: Moment) -> bool {
        self.jwks_until.is_some_and(|end| end <= now)
    }
}

fn open(master: &MasterKeys, row: &KeyRow) -> Result<Opened, StoreError> {
    let opened = master.open("keys", "sealed", row.kid.as_str(), &row.sealed).map_err(|_| {
        StoreError::Corrupt(format!(
            "key {} cannot be opened with this master key: set keys.master_key (or keys.previous_master_keys) to the one it was sealed with",
            row.kid
        ).into())
    })?;
    Ok(match row.purpose {
        KeyPurpose::Jwt => {
            let key = SigningKey::from_private_bytes(&opened).map_err(|error| corrupt(row, &error))?;
            Opened::Signing(Arc::new(key))
        }
        KeyPurpose::Refresh => Opened::Refresh(symmetric(row, &opened)?),
        KeyPurpose::Form => Opened::Form(symmetric(row, &opened)?),
    })
}

fn symmetric(row: &KeyRow, opened: &[u8]) -> Result<Arc<zeroize::Zeroizing<[u8; 32]>>, StoreError> {
    let key = <&[u8; 32]>::try_from(opened).map_err(|_| corrupt(row, &"not 32 bytes"))?;
    Ok(Arc::new(zeroize::Zeroizing::new(*key)))
}

fn corrupt(row: &KeyRow, error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("key {}: {error}", row.kid).into())
}

//! Making keys, and taking in those made elsewhere: sealed before they go anywhere.

use super::chain::Wanted;
use super::{KeyError, KeyRing};
use signet_jose::Algorithm;
use signet_jose::signing::SigningKey;
use signet_protocol::environment::Moment;
use signet_store::{KeyPurpose, KeyRow, KeyTimes};

impl KeyRing {
    /// Makes a key.
    pub(super) async fn make(&self, wanted: Wanted, now: Moment) -> Result<KeyRow, KeyError> {
        let Wanted { purpose, alg, times } = wanted;
        if purpose != KeyPurpose::Jwt {
            return self.symmetric(purpose, now, times);
        }
        let algorithm = alg.parse().map_err(|_| KeyError::Material(format!("unknown algorithm {alg}")))?;
        // An RSA key takes a quarter of a second: not on a worker.
        let key = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm))
            .await
            .map_err(material)?
            .map_err(material)?;
        self.seal(&key, now, times)
    }

    /// The row of a signing key.
    pub(super) fn seal(&self, key: &SigningKey, now: Moment, times: KeyTimes) -> Result<KeyRow, KeyError> {
        let public = serde_json::to_value(key.public_jwk()).map_err(material)?;
        let name = (key.kid(), key.algorithm().as_str());
        Ok(KeyRow {
            public: Some(public),
            ..self.row(KeyPurpose::Jwt, name, &key.to_private_bytes(), (now, times))?
        })
    }

    fn symmetric(&self, purpose: KeyPurpose, now: Moment, times: KeyTimes) -> Result<KeyRow, KeyError> {
        let secret = zeroize::Zeroizing::new(self.0.random.bytes::<32>()?);
        let kid = signet_jose::KeyId::of(&secret).to_string();
        self.row(purpose, (&kid, symmetric_alg(purpose)), secret.as_slice(), (now, times))
    }

    fn row(
        &self,
        purpose: KeyPurpose,
        (kid, alg): (&str, &str),
        secret: &[u8],
        (created_at, times): (Moment, KeyTimes),
    ) -> Result<KeyRow, KeyError> {
        Ok(KeyRow {
            kid: kid.into(),
            purpose,
            alg: alg.to_owned(),
            public: None,
            sealed: self.0.master.seal("keys", "sealed", kid, secret).map_err(material)?,
            created_at,
            activates_at: times.activates_at,
            retires_at: times.retires_at,
            unpublish_at: times.unpublish_at,
            revoked_at: None,
        })
    }
}

/// What a key that signs no tokens is made for: proving refresh tokens, or sealing forms.
pub(super) fn symmetric_alg(purpose: KeyPurpose) -> &'static str {
    if purpose == KeyPurpose::Refresh { "HS256" } else { "A256GCM" }
}

/// A private key as PEM, for which the algorithm must be told, or as a JWK, which may name its own.
pub(super) fn read_key(
    text: &[u8],
    algorithm: Option<Algorithm>,
) -> Result<SigningKey, signet_jose::signing::KeyError> {
    match (std::str::from_utf8(text), algorithm) {
        (Ok(pem), Some(algorithm)) if pem.contains("-----BEGIN") => SigningKey::from_pem(pem, algorithm),
        _ => SigningKey::from_jwk(text, algorithm),
    }
}

fn material(error: impl std::fmt::Display) -> KeyError {
    KeyError::Material(error.to_string())
}

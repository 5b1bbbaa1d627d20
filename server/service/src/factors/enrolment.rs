//! What a person needs to set an authenticator app up.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use signet_protocol::secret::Secret;
use signet_protocol::totp::SECRET_LENGTH;

/// A new authenticator app that was not confirmed yet: nothing of it is kept.
#[derive(Debug)]
pub struct TotpEnrolment {
    /// The secret, to come back with the first code in a sealed form.
    pub secret: TotpSecret,
    /// The secret in base32, for whoever types it.
    pub base32: Secret<String>,
    /// The `otpauth` URI, for whoever follows it on the device itself.
    pub uri: Secret<String>,
    /// The URI as a QR code: an SVG element for a page to hold, with nothing for a screen reader in it.
    pub svg: Secret<String>,
}

/// An authenticator app's secret. It can be serialised, for forms that are sealed and for nothing else.
#[derive(Clone, Debug)]
pub struct TotpSecret(Secret<Vec<u8>>);

impl TotpSecret {
    pub(super) fn new(bytes: [u8; SECRET_LENGTH]) -> Self {
        Self(Secret::new(bytes.to_vec()))
    }

    /// Its bytes.
    pub fn expose(&self) -> &[u8] {
        self.0.expose()
    }
}

impl Serialize for TotpSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.expose().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TotpSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = Secret::<Vec<u8>>::deserialize(deserializer)?;
        if secret.expose().len() == SECRET_LENGTH {
            Ok(Self(secret))
        } else {
            Err(D::Error::custom("a secret of another length"))
        }
    }
}

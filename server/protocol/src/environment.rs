//! Time and randomness, as they are handed to whoever needs them. Nothing here reads a clock of its own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ring::rand::SecureRandom;
use std::fmt;
use std::sync::Arc;

/// A moment, in UTC.
pub type Moment = DateTime<Utc>;

/// Where the present time comes from: the system in production, a test's hand in tests.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// A clock that asks `source`.
    pub fn new(source: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Where unpredictable bytes come from.
#[derive(Clone)]
pub struct Random(Arc<dyn SecureRandom + Send + Sync>);

/// The source of randomness failed; nothing may be issued without it.
#[derive(Debug, thiserror::Error)]
#[error("the system's source of randomness failed")]
pub struct RandomFailed;

impl Random {
    /// Randomness from `source`.
    pub fn new(source: Arc<dyn SecureRandom + Send + Sync>) -> Self {
        Self(source)
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], RandomFailed> {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes).map_err(|_| RandomFailed)?;
        Ok(bytes)
    }

    /// 128 random bits, base64url: an identifier that need not be secret.
    pub fn id(&self) -> Result<String, RandomFailed> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<16>()?))
    }

    /// 256 random bits, base64url: a machine secret.
    pub fn secret(&self) -> Result<String, RandomFailed> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<32>()?))
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

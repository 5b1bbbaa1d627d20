//! What the operator decided, as the use cases need it.

use crate::audit::{SinkSettings, TokenIssue};
use crate::limits::LimitTable;
use arc_swap::{ArcSwap, Guard};
use signet_protocol::factor::FactorPolicy;
use std::sync::Arc;

/// Settings that hold for the life of the process, and those that may change. All lifetimes are in seconds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The issuer identifier (RFC 8414 §2).
    pub issuer: Arc<str>,
    /// Authorization codes (RFC 6749 §4.1.2 recommends ten minutes at most).
    pub code_lifetime: u32,
    /// The name that people see, in authenticator apps, too.
    pub product_name: Arc<str>,
    /// Whether the issuer is this machine.
    pub loopback: bool,
    /// Who is asked for a second factor.
    pub factor_policy: FactorPolicy,
    /// Whether a code that is sent by mail may stand in for a second factor.
    pub email_codes: bool,
    /// For how many days events of the audit log are kept; 0: for ever.
    pub audit_retention_days: u32,
    /// For how many days it can be asked why a request was refused; 0: nothing is kept for that.
    pub refusal_days: u32,
    /// Of how many refused requests at most.
    pub refusal_rows: u32,
    /// How tokens are recorded that no transaction carries.
    pub token_issue: TokenIssue,
    /// Where seals are sent.
    pub audit_sinks: Arc<[SinkSettings]>,
    /// The host of the issuer.
    pub host: Arc<str>,
    /// Tells one configuration from another: a digest of all of it but the secrets.
    pub fingerprint: Arc<str>,
    /// How often signing keys are replaced.
    pub key_rotation: u32,
    /// How long a key is published before it signs: at least as long as anyone caches the JWKS.
    pub key_publish_ahead: u32,
    /// Those that may change while the server runs.
    pub live: Live,
}

impl Settings {
    /// Those that may change while the server runs, as they are now.
    pub fn live(&self) -> Guard<Arc<Changeable>> {
        self.live.load()
    }
}

/// Settings that may change while the server runs. All lifetimes are in seconds.
#[derive(Clone, Debug)]
pub struct Changeable {
    /// Access tokens, unless the client or the API says otherwise.
    pub access_token_lifetime: u32,
    /// ID tokens.
    pub id_token_lifetime: u32,
    /// A refresh token unused for so long ends its grant, unless the client says otherwise.
    pub refresh_idle_lifetime: u32,
    /// A grant's absolute lifetime, unless the client says otherwise.
    pub refresh_lifetime: u32,
    /// A session ends when its browser was idle for so long.
    pub session_idle_lifetime: u32,
    /// A session's absolute lifetime.
    pub session_lifetime: u32,
    /// What each limit lets through.
    pub limits: LimitTable,
    /// For how many days a browser is not asked for a second factor again; 0: it is always asked.
    pub remember_days: u32,
    /// Whether people may open accounts of their own.
    pub self_registration: bool,
    /// The domains of their addresses, in lower case; none: any.
    pub registration_domains: Vec<String>,
    /// How many days pass before an account is deleted whose person asked for it.
    pub deletion_grace_days: u32,
}

/// Where the settings stand that may change. Cloning it gives the same ones.
#[derive(Clone, Debug)]
pub struct Live(Arc<ArcSwap<Changeable>>);

impl Live {
    /// They begin so.
    pub fn new(changeable: Changeable) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(changeable)))
    }

    /// As they are now.
    pub fn load(&self) -> Guard<Arc<Changeable>> {
        self.0.load()
    }

    /// From now on they are so.
    pub(crate) fn set(&self, changeable: Changeable) {
        self.0.store(Arc::new(changeable));
    }
}

#[cfg(test)]
impl Changeable {
    /// What tests begin with.
    pub(crate) fn usual() -> Self {
        Self {
            access_token_lifetime: 600,
            id_token_lifetime: 600,
            refresh_idle_lifetime: 600,
            refresh_lifetime: 600,
            session_idle_lifetime: 600,
            session_lifetime: 600,
            limits: LimitTable::default(),
            remember_days: 30,
            self_registration: false,
            registration_domains: Vec::new(),
            deletion_grace_days: 14,
        }
    }
}

#[cfg(test)]
impl Live {
    /// With limits of a test's own.
    pub(crate) fn with_limits(limits: LimitTable) -> Self {
        Self::new(Changeable { limits, ..Changeable::usual() })
    }
}

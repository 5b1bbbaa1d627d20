//! Configuration: one TOML file and the environment, checked as a whole before anything starts.
//!
//! [`Config`] holds typed values only; whoever has one need not check again. Its fields are public so that a test
//! can start from [`Config::embedded`] and change what it is about.

mod accounts;
mod check;
mod effective;
mod error;
mod issuer;
mod key;
mod limits;
pub mod mail;
pub mod master_key;
mod reader;
mod secret_file;
mod sinks;
mod source;
#[cfg(test)]
mod tests;
pub mod tls;

pub use accounts::Accounts;
pub use effective::{configuration, effective};
pub use error::{ConfigError, Place, Problem, Warning};
pub use issuer::{InvalidIssuer, Issuer};
pub use mail::Mail;
pub use secret_file::{open_to_others, without_newline};

use ipnet::IpNet;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::password::PasswordPolicy;
use signet_protocol::secret::Secret;
use signet_service::audit::{SinkSettings, TokenIssue};
use signet_service::doctor::Finding;
use signet_service::limits::LimitTable;
use signet_service::signin::password::Hashing;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// Everything that an operator can decide.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[database]`
    pub database: Database,
    /// `[redis]`; none: this process keeps what Redis would.
    pub redis: Option<Redis>,
    /// `[keys]`
    pub keys: Keys,
    /// `[mail]`
    pub mail: Mail,
    /// `[accounts]`
    pub accounts: Accounts,
    /// `[audit]`
    pub audit: Audit,
    /// `[refusals]`
    pub refusals: Refusals,
    /// `[limits]`
    pub limits: LimitTable,
    /// `[factors]`
    pub factors: Factors,
    /// `[branding]`
    pub branding: Branding,
    /// `[templates] directory`: a folder whose files replace the embedded ones.
    pub templates: Option<PathBuf>,
    /// `[tokens]`
    pub tokens: Tokens,
    /// `[sessions]`
    pub sessions: Sessions,
    /// `[passwords]`
    pub passwords: Passwords,
    /// `[demo]`
    pub demo: Demo,
    /// What its sources say.
    pub(crate) given: effective::Given,
}

/// `[server]`
#[derive(Clone, Debug)]
pub struct Server {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The issuer identifier.
    pub issuer: Issuer,
    /// Certificate and key, if the server itself speaks TLS.
    pub tls: Option<Tls>,
    /// Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// `[server.tls]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// PEM file with the certificate chain.
    pub certificate: PathBuf,
    /// PEM file with its private key.
    pub key: PathBuf,
}

/// `[database]`
#[derive(Clone, Debug)]
pub struct Database {
    /// An SQLite or PostgreSQL URL.
    pub url: Secret<String>,
}

/// `[redis]`
#[derive(Clone, Debug)]
pub struct Redis {
    /// A `redis:` or `rediss:` URL.
    pub url: Secret<String>,
}

/// Verifiers may keep a copy of the published keys for so many seconds.
pub const JWKS_MAX_AGE: u32 = 300;

/// The least [`Keys::publish_ahead`], in seconds: the oldest copy of the published keys was made before the new key was,
/// and its node heard of that key a moment later than the one that made it.
pub const MIN_PUBLISH_AHEAD: u32 = JWKS_MAX_AGE + 60;

/// `[keys]`
#[derive(Clone, Debug)]
pub struct Keys {
    /// Where the key comes from that seals the others.
    pub master_key: MasterKeySource,
    /// Older master keys, base64url: they only open.
    pub previous_master_keys: Vec<Secret<String>>,
    /// A signing key is replaced after so many days.
    pub rotation_days: u32,
    /// A signing key is published for so many seconds before it signs.
    pub publish_ahead: u32,
}

/// Where the master key comes from.
#[derive(Clone, Debug)]
pub enum MasterKeySource {
    /// Given as it is: 32 bytes, base64url.
    Value(Secret<String>),
    /// In a file, which is made on first start.
    File(PathBuf),
}

/// `[factors]`: factors beside the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factors {
    /// Who is asked for a second one.
    pub policy: FactorPolicy,
    /// Whether a code that is sent by mail may stand in for it.
    pub email_code: bool,
    /// For how many days a browser is not asked for it again, if the person says so; 0: it is always asked.
    pub remember_days: u32,
}

/// `[audit]`: the audit log.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// For how many days events are kept; 0: for ever.
    pub retention_days: u32,
    /// How tokens are recorded that no transaction carries.
    pub token_issue: TokenIssue,
    /// Where seals are sent.
    pub sinks: Vec<SinkSettings>,
}

/// `[refusals]`: for how long it can be asked why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals {
    /// For how many days; 0: nothing is kept for that.
    pub days: u32,
    /// The newest of so many refused requests.
    pub max_rows: u32,
}

/// `[branding]`: what the pages show as the operator's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    /// The name that people see.
    pub product_name: String,
    /// The tag of the language for people who ask for none that there is.
    pub language: String,
    /// An image file shown above it.
    pub logo: Option<PathBuf>,
    /// Colour of buttons and links; none: the pages' own.
    pub accent: Option<Colour>,
    /// The same where the browser asks for dark pages.
    pub accent_dark: Option<Colour>,
}

/// A colour as `#rrggbb`, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colour(String);

impl Colour {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let fits = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The colour as CSS takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `[tokens]`: lifetimes in seconds, where a client or an API does not set its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Of an access token.
    pub access_token_lifetime: u32,
    /// Of an ID token.
    pub id_token_lifetime: u32,
    /// Of an authorization code (RFC 6749 §4.1.2: ten minutes at most).
    pub code_lifetime: u32,
    /// A refresh token that is not used for so long ends its grant.
    pub refresh_idle_lifetime: u32,
    /// A grant ends after so long, however often it was refreshed.
    pub refresh_lifetime: u32,
}

/// `[sessions]`: how long a browser stays signed in, in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// Without any use.
    pub idle_lifetime: u32,
    /// At most.
    pub lifetime: u32,
}

/// `[passwords]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passwords {
    /// The least number of characters.
    pub min_length: u32,
    /// A file that `signet passwords build-filter` made: passwords that became known.
    pub breached_list: Option<PathBuf>,
    /// Memory that hashing one takes, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub iterations: u32,
    /// Lanes of it.
    pub parallelism: u32,
}

/// `[demo]`: the small relying party for trying the server out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// Whether it is served; it never is unless the issuer is on this machine.
    pub enabled: bool,
    /// Where: an address of this machine only.
    pub listen: SocketAddr,
}

impl Config {
    /// Reads `file`, lays the variables over it, and checks the whole. The warnings are for the operator.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<(Self, Vec<Warning>), ConfigError> {
        let (settings, problems, mut warnings) = source::read(file, environment)?;
        let given = effective::Given::new(settings.clone());
        let config = check::check(reader::Reader::new(settings, problems), &mut warnings)?;
        Ok((Self { given, ..config }, warnings))
    }

    /// What holds without any configuration: SQLite in `data/`, a master key made in `keys/`, an issuer on this machine.
    pub fn embedded() -> Self {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            server: Server {
                listen: loopback(8080),
                issuer: Issuer::embedded(),
                tls: None,
                trusted_proxies: Vec::new(),
            },
            database: Database { url: Secret::new("sqlite://data/signet.db?mode=rwc".to_owned()) },
            redis: None,
            keys: Keys {
                master_key: MasterKeySource::File(PathBuf::from("keys/master.key")),
                previous_master_keys: Vec::new(),
                rotation_days: 90,
                publish_ahead: 600,
            },
            mail: Mail::embedded(),
            accounts: Accounts::default(),
            audit: Audit::default(),
            refusals: Refusals { days: 7, max_rows: 100_000 },
            limits: LimitTable::default(),
            factors: Factors { policy: FactorPolicy::default(), email_code: false, remember_days: 30 },
            branding: Branding {
                product_name: "Signet".to_owned(),
                language: "en".to_owned(),
                logo: None,
                accent: None,
                accent_dark: None,
            },
            templates: None,
            tokens: Tokens {
                access_token_lifetime: 600,
                id_token_lifetime: 600,
                code_lifetime: 60,
                refresh_idle_lifetime: 7 * DAY,
                refresh_lifetime: 90 * DAY,
            },
            sessions: Sessions { idle_lifetime: DAY, lifetime: 14 * DAY },
            passwords: Passwords {
                min_length: PasswordPolicy::default().min_length,
                breached_list: None,
                memory_kib: Hashing::FLOOR.memory_kib,
                iterations: Hashing::FLOOR.iterations,
                parallelism: Hashing::FLOOR.parallelism,
            },
            demo: Demo { enabled: true, listen: loopback(8081) },
            given: effective::Given::default(),
        }
    }

    /// What is allowed, and probably not meant.
    pub fn advice(&self) -> Vec<Finding> {
        check::advice(self).iter().map(|warning| Finding::weak("configuration", warning)).collect()
    }

    /// Tells one configuration from another, whatever its secrets are: the beginning of a SHA-256 digest, hexadecimal. The log
    /// of events has it at each start.
    pub fn fingerprint(&self) -> String {
        // Everything there is to decide has a place in this text, and secrets say no more than that they are there.
        let digest = ring::digest::digest(&ring::digest::SHA256, format!("{self:?}").as_bytes());
        data_encoding::HEXLOWER.encode(&digest.as_ref()[..16])
    }

    /// How long passwords must be.
    pub fn password_policy(&self) -> PasswordPolicy {
        PasswordPolicy { min_length: self.passwords.min_length }
    }

    /// Where the demo is to be served, if it is.
    pub fn demo(&self) -> Option<SocketAddr> {
        (self.demo.enabled && self.server.issuer.is_loopback()).then_some(self.demo.listen)
    }
}

/// Seconds of a day.
const DAY: u32 = 86_400;

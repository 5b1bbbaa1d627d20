//! What the operator decided, key by key, and what may be decided anew while the server runs.
//!
//! What the configuration file or the environment sets holds: a file that something else silently overrides surprises at
//! three in the morning. Every other key that may be changed at run time is kept in SQL and heard of by every node within a
//! second. The rules of a value are those of the file: whoever reads that hands them in.

use crate::settings::{Changeable, Live};
use serde_json::Value;
use signet_protocol::registration::FieldError;
use signet_store::{Store, StoreError};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Where what holds comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File,
    /// The environment.
    Environment,
    /// It was changed while the server ran.
    RunTime,
}

impl Source {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::RunTime => "run_time",
        }
    }
}

/// A key, and what holds for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfiguredKey {
    /// Its name, as in the configuration file.
    pub key: String,
    /// What holds; of a secret whether there is one.
    pub value: Value,
    /// Whether its value is told to nobody.
    pub secret: bool,
    /// Where it comes from.
    pub source: Source,
    /// Whether it may be changed now: it is one of those, and neither file nor environment sets it.
    pub changeable: bool,
}

/// What follows from the configuration and from what was changed since.
#[derive(Clone, Debug)]
pub struct Decided {
    /// For the use cases.
    pub changeable: Changeable,
    /// Every key, by name.
    pub keys: Vec<ConfiguredKey>,
}

type Decide = dyn Fn(&BTreeMap<String, Value>) -> Result<Decided, Vec<FieldError>> + Send + Sync;

/// The configuration that this process was started with.
#[derive(Clone)]
pub struct Configuration(Arc<Decide>);

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Configuration(..)")
    }
}

impl Configuration {
    /// `decide` says what follows when these keys are changed, or what is wrong with that. It leaves out what is not
    /// its own, may not be changed, or is set by file or environment.
    pub fn new(
        decide: impl Fn(&BTreeMap<String, Value>) -> Result<Decided, Vec<FieldError>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(decide))
    }

    /// What follows when these keys are changed.
    pub fn with(&self, changed: &BTreeMap<String, Value>) -> Result<Decided, Vec<FieldError>> {
        (self.0)(changed)
    }
}

/// What brings changed settings into this process.
#[derive(Clone, Debug)]
pub(crate) struct Follower {
    pub(crate) store: Store,
    pub(crate) configuration: Configuration,
    pub(crate) live: Live,
}

impl Follower {
    /// Reads the changed settings again. What this process cannot take (another version wrote it, or its own file forbids
    /// it) is told in the log, and what held goes on.
    pub(crate) async fn reload(&self) -> Result<(), StoreError> {
        let changed = self.store.settings().all().await?;
        match self.configuration.with(&changed.values) {
            Ok(decided) => self.live.set(decided.changeable),
            Err(faults) => {
                let faults = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                tracing::error!(%faults, "settings that were changed at run time do not fit this node's configuration: what held before goes on");
            }
        }
        Ok(())
    }
}

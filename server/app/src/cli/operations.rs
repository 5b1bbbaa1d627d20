//! What the commands need from the server behind them.

use super::{Declared, FilterBuilt, Finding, Invitation, Invited, KeyLine, KeyTurn, Migration, Plan};
use super::{Remote, Task};
use crate::config::Config;
use serde_json::Value;
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::id::KeyId;
use signet_protocol::secret::Secret;
use signet_service::audit::{EventFilter, ExportFormat, Verified};
use std::fmt;
use std::io::BufRead;
use std::path::Path;

/// Why a command did not do what it was asked: one text that says what is wrong, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It could not be done: exit code 1.
    Failed(String),
    /// It was asked in a wrong way: exit code 2.
    Usage(String),
}

impl Failure {
    /// A failure with the text of an error.
    pub fn of(error: impl fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// How `apply` is to work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyMode {
    /// Only say what would be done.
    pub dry_run: bool,
    /// Remove what an earlier apply made and the files no longer hold.
    pub prune: bool,
    /// Give people who have an account the passwords that the files declare.
    pub set_passwords: bool,
}

/// The work behind each command. The calls block: an implementation brings its own runtime.
pub trait Operations {
    /// Runs the server until it is asked to stop. Logging has been started.
    fn serve(&self, config: Config) -> Result<(), Failure>;

    /// Compares what is declared with what is there, and makes it so unless `mode` says only to look.
    fn apply(&self, config: &Config, declared: Declared, mode: ApplyMode) -> Result<Plan, Failure>;

    /// Applies the migrations that the database lacks, and names them.
    fn migrate_up(&self, config: &Config) -> Result<Vec<String>, Failure>;

    /// Undoes every migration.
    fn migrate_down(&self, config: &Config) -> Result<(), Failure>;

    /// Every migration, oldest first. Changes nothing.
    fn migrations(&self, config: &Config) -> Result<Vec<Migration>, Failure>;

    /// Every key that is kept, signing keys first.
    fn list_keys(&self, config: &Config) -> Result<Vec<KeyLine>, Failure>;

    /// Replaces the working signing key of one algorithm, or of all.
    fn rotate_keys(&self, config: &Config, algorithm: Option<SigningAlg>) -> Result<Vec<KeyTurn>, Failure>;

    /// Takes in a private key, PEM or JWK, that was made elsewhere.
    fn import_key(
        &self,
        config: &Config,
        material: Secret<Vec<u8>>,
        algorithm: Option<SigningAlg>,
    ) -> Result<KeyTurn, Failure>;

    /// Withdraws a key: what it signed counts no more.
    fn revoke_key(&self, config: &Config, key: &KeyId) -> Result<(), Failure>;

    /// Seals again, with the present master key, what an earlier one sealed, and counts it.
    fn reseal_keys(&self, config: &Config) -> Result<u32, Failure>;

    /// Makes a list of known passwords from the hashes in `source` (`-` is stdin), as `passwords.breached_list` takes it,
    /// of those that were seen `min_count` times or more.
    fn build_filter(&self, source: &Path, target: &Path, min_count: u64) -> Result<FilterBuilt, Failure>;

    /// Invites somebody to an account. Their mail is sent by a running server.
    fn invite(&self, config: &Config, invitation: Invitation) -> Result<Invited, Failure>;

    /// Does what administration is asked for, on the database.
    fn administer(&self, config: &Config, task: &Task) -> Result<Value, Failure>;

    /// Has a running server do it.
    fn administer_server(&self, remote: &Remote, task: &Task) -> Result<Value, Failure>;

    /// Holds the audit log against its seals, and these against exported ones. What is not as it was sealed is a failure.
    fn verify_audit(&self, config: &Config, exported: Option<Box<dyn BufRead>>) -> Result<Verified, Failure>;

    /// Gives away the seals of the audit log from a number on, a line of JSON each, while `give` says to go on.
    fn audit_seals(
        &self,
        config: &Config,
        from: i64,
        give: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), Failure>;

    /// Seals an event whose number is far beyond those before it, and whatever follows.
    fn accept_audit_number(&self, config: &Config, number: i64) -> Result<(), Failure>;

    /// Gives away the events that match, oldest first, a line each, while `give` says to go on.
    fn export_audit(
        &self,
        config: &Config,
        wanted: (EventFilter, ExportFormat),
        give: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), Failure>;

    /// How database, Redis, stored keys and clock are. It changes nothing, and what can't be reached is a finding.
    fn diagnose(&self, config: &Config) -> Vec<Finding>;
}

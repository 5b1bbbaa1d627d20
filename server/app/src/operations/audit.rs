//! The audit log, as the commands see it.

use super::CommandLine;
use crate::boot;
use crate::cli::{ApplyMode, Failure};
use crate::config::{Config, master_key};
use signet_jose::MasterKeys;
use signet_service::audit::{AuditTrail, EventFilter, ExportFormat, Verified};
use signet_service::deployment::Deployment;
use std::io::BufRead;
use std::sync::Arc;

/// Seals what a command recorded, and lets go. A seal that can't be made undoes nothing: a running server makes it.
pub(super) async fn seal_and_close(command: &CommandLine, config: &Config, deployment: Deployment) {
    if let Err(Failure::Failed(error) | Failure::Usage(error)) = seal(command, config, &deployment).await {
        remark(&error);
    }
    deployment.close().await;
}

/// Lets go after [`ApplyMode::dry_run`] without a seal: it changes nothing.
pub(super) async fn close_after(
    mode: ApplyMode,
    command: &CommandLine,
    config: &Config,
    deployment: Deployment,
) {
    if mode.dry_run {
        deployment.close().await;
    } else {
        seal_and_close(command, config, deployment).await;
    }
}

async fn seal(command: &CommandLine, config: &Config, deployment: &Deployment) -> Result<(), Failure> {
    let trail = deployment.audit_trail(command.clock.clone());
    if trail.owes_a_seal().await.map_err(Failure::of)? {
        let master = master_key::load_or_create(config, &command.random).map_err(Failure::of)?;
        let master = Arc::new(boot::master_keys(&master).map_err(Failure::of)?);
        trail.seal(master).await.map_err(Failure::of)?;
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a remark of a command, which has no log")]
fn remark(error: &str) {
    eprintln!("warning: what was done is in the audit log, but not sealed yet: {error}");
}

/// Holds the audit log against its seals.
pub(super) async fn verify(
    command: &CommandLine,
    config: &Config,
    exported: Option<Box<dyn BufRead>>,
) -> Result<Verified, Failure> {
    let master = master(config)?;
    with_trail(command, config, async |trail| {
        trail.verify(&master, exported).await.map_err(|error| Failure::Failed(format!("audit log: {error}")))
    })
    .await
}

/// Gives away seals.
pub(super) async fn seals(
    command: &CommandLine,
    config: &Config,
    from: i64,
    give: &mut dyn FnMut(&str) -> bool,
) -> Result<(), Failure> {
    with_trail(command, config, async |trail| {
        let give = |line| serde_json::to_string(&line).is_ok_and(|line| give(&line));
        trail.seals(from, give).await.map_err(Failure::of)
    })
    .await
}

/// Seals an event for whose number somebody vouches.
pub(super) async fn accept(command: &CommandLine, config: &Config, number: i64) -> Result<(), Failure> {
    let master = Arc::new(master(config)?);
    with_trail(command, config, async |trail| trail.accept(master, number).await.map_err(Failure::of)).await
}

/// Gives away events.
pub(super) async fn export(
    command: &CommandLine,
    config: &Config,
    (filter, format): (EventFilter, ExportFormat),
    give: &mut dyn FnMut(&str) -> bool,
) -> Result<(), Failure> {
    with_trail(command, config, async |trail| trail.export(&filter, format, give).await.map_err(Failure::of))
        .await
}

/// The audit log of a database whose schema is up to date; nothing of it is changed.
async fn with_trail<T>(
    command: &CommandLine,
    config: &Config,
    work: impl AsyncFnOnce(AuditTrail) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let deployment = boot::deployment(config).await.map_err(Failure::of)?;
    let migrations = deployment.migrations().await.map_err(Failure::of)?;
    let done = match migrations.iter().all(|migration| migration.applied) {
        true => work(deployment.audit_trail(command.clock.clone())).await,
        false => Err(Failure::Failed("the schema is not up to date: run `signet migrate`".to_owned())),
    };
    deployment.close().await;
    done
}

fn master(config: &Config) -> Result<MasterKeys, Failure> {
    let master = master_key::load(config).map_err(Failure::of)?;
    let missing = "there is no master key, which shows whose the seals are: check keys.master_key_file";
    boot::master_keys(&master.ok_or_else(|| Failure::Failed(missing.to_owned()))?).map_err(Failure::of)
}

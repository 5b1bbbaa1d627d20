//! What the commands do: each opens the deployment, does its work, and lets go.

mod administer;
mod audit;
mod doctor;
mod mail;
mod passwords;

use crate::boot::{self, Announcement, Booted, boot};
use crate::cli::{
    self, ApplyMode, Failure, FilterBuilt, Finding, Invitation, Invited, KeyLine, KeyTurn, Migration,
    Operations, Plan, Remote, Step, Task,
};
use crate::config::{Config, master_key};
use crate::http::CONSOLE;
use serde_json::Value;
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::audit::Origin;
use signet_protocol::environment::{Clock, Random};
use signet_protocol::id::KeyId;
use signet_protocol::principal::Principal;
use signet_protocol::secret::Secret;
use signet_service::admin::{self, Actor, Declared, DeclaredClient};
use signet_service::audit::{EventFilter, ExportFormat, Verified};
use signet_service::deployment::Deployment;
use signet_service::keys::{KeyRing, RotationPlan, algorithm};
use signet_service::signin::password::breached::build::{Built, build};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// The commands of this process.
pub struct CommandLine {
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
}

impl CommandLine {
    /// Runs one command on a runtime of its own.
    fn block_on<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::of)?;
        runtime.block_on(work)
    }

    /// Opens the deployment with its schema up to date.
    async fn open(&self, config: &Config) -> Result<Deployment, Failure> {
        let deployment = boot::deployment(config).await.map_err(Failure::of)?;
        deployment.migrate().await.map_err(Failure::of)?;
        Ok(deployment)
    }

    async fn keys(&self, config: &Config, deployment: &Deployment) -> Result<KeyRing, Failure> {
        let master = master_key::load_or_create(config, &self.random).map_err(Failure::of)?;
        let master = Arc::new(boot::master_keys(&master).map_err(Failure::of)?);
        let environment = (self.clock.clone(), self.random.clone());
        deployment.keys(master, environment, &boot::settings(config)).await.map_err(Failure::of)
    }

    /// Opens the keys, does something with them, and lets go.
    fn with_keys<T>(
        &self,
        config: &Config,
        work: impl AsyncFnOnce(KeyRing) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.block_on(async {
            let deployment = self.open(config).await?;
            let done = work(self.keys(config, &deployment).await?).await;
            audit::seal_and_close(self, config, deployment).await;
            done
        })
    }
}

impl Operations for CommandLine {
    fn serve(&self, config: Config) -> Result<(), Failure> {
        // Listened for before anything is announced, so that a stop that comes early is orderly, too.
        actix_web::rt::System::new().block_on(async {
            let mut terminate = signal(SignalKind::terminate()).map_err(Failure::of)?;
            let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::of)?;
            let booted: Booted =
                boot(&config, self.clock.clone(), self.random.clone()).await.map_err(Failure::of)?;
            announce(&booted.announcement);
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping");
            booted.stop().await;
            tracing::info!("stopped");
            Ok(())
        })
    }

    fn apply(&self, config: &Config, declared: cli::Declared, mode: ApplyMode) -> Result<Plan, Failure> {
        self.block_on(async {
            let deployment = self.open(config).await?;
            let done = self.apply_to(config, &deployment, declared, mode).await;
            audit::close_after(mode, self, config, deployment).await;
            done
        })
    }

    fn migrate_up(&self, config: &Config) -> Result<Vec<String>, Failure> {
        self.block_on(async {
            let deployment = boot::deployment(config).await.map_err(Failure::of)?;
            let applied = deployment.migrate().await.map_err(Failure::of);
            deployment.close().await;
            applied
        })
    }

    fn migrate_down(&self, config: &Config) -> Result<(), Failure> {
        self.block_on(async {
            let deployment = boot::deployment(config).await.map_err(Failure::of)?;
            // Not under a running server without Redis, which holds this lock.
            let _only_node = deployment.be_the_only_node().await.map_err(Failure::of)?;
            let undone = deployment.migrate_down().await.map_err(Failure::of);
            deployment.close().await;
            undone
        })
    }

    fn migrations(&self, config: &Config) -> Result<Vec<Migration>, Failure> {
        self.block_on(async {
            let deployment = boot::deployment(config).await.map_err(Failure::of)?;
            let migrations = deployment.migrations().await.map_err(Failure::of)?;
            deployment.close().await;
            Ok(migrations.into_iter().map(|m| Migration { name: m.name, applied: m.applied }).collect())
        })
    }

    fn list_keys(&self, config: &Config) -> Result<Vec<KeyLine>, Failure> {
        self.with_keys(config, async |ring| {
            let keys = ring.list().await.map_err(Failure::of)?;
            Ok(keys
                .into_iter()
                .map(|key| KeyLine {
                    kid: key.row.kid,
                    algorithm: key.row.alg,
                    state: key.state.to_owned(),
                    activates_at: key.row.activates_at,
                    retires_at: key.row.retires_at,
                })
                .collect())
        })
    }

    fn rotate_keys(&self, config: &Config, alg: Option<SigningAlg>) -> Result<Vec<KeyTurn>, Failure> {
        self.with_keys(config, async |ring| {
            let plans = ring.rotate(alg.map(algorithm), None, &by_command()).await.map_err(Failure::of)?;
            Ok(plans.into_iter().map(turn).collect())
        })
    }

    fn import_key(
        &self,
        config: &Config,
        material: Secret<Vec<u8>>,
        alg: Option<SigningAlg>,
    ) -> Result<KeyTurn, Failure> {
        self.with_keys(config, async |ring| {
            ring.import(material.expose(), alg.map(algorithm), &by_command())
                .await
                .map(turn)
                .map_err(Failure::of)
        })
    }

    fn revoke_key(&self, config: &Config, key: &KeyId) -> Result<(), Failure> {
        self.with_keys(config, async |ring| ring.revoke(key, &by_command()).await.map_err(Failure::of))
    }

    fn reseal_keys(&self, config: &Config) -> Result<u32, Failure> {
        self.with_keys(config, async |ring| ring.reseal(&by_command()).await.map_err(Failure::of))
    }

    fn build_filter(&self, source: &Path, target: &Path, min_count: u64) -> Result<FilterBuilt, Failure> {
        let built = if source == Path::new("-") {
            build(std::io::stdin().lock(), target, min_count)
        } else {
            let file = File::open(source).map_err(|error| {
                Failure::Failed(format!("cannot read {}: {error}; check the path", source.display()))
            })?;
            build(BufReader::with_capacity(1 << 20, file), target, min_count)
        };
        let Built { entries, left_out, bytes } = built.map_err(Failure::of)?;
        Ok(FilterBuilt { entries, left_out, bytes })
    }

    fn invite(&self, config: &Config, invitation: Invitation) -> Result<Invited, Failure> {
        self.block_on(async {
            let deployment = self.open(config).await?;
            let done = mail::invite(self, config, &deployment, invitation).await;
            audit::seal_and_close(self, config, deployment).await;
            done
        })
    }

    fn administer(&self, config: &Config, task: &Task) -> Result<Value, Failure> {
        self.block_on(administer::on_database(self, config, task))
    }

    fn administer_server(&self, remote: &Remote, task: &Task) -> Result<Value, Failure> {
        self.block_on(administer::at_server(remote, task))
    }

    fn verify_audit(&self, config: &Config, exported: Option<Box<dyn BufRead>>) -> Result<Verified, Failure> {
        self.block_on(audit::verify(self, config, exported))
    }

    fn audit_seals(
        &self,
        config: &Config,
        from: i64,
        give: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), Failure> {
        self.block_on(audit::seals(self, config, from, give))
    }

    fn accept_audit_number(&self, config: &Config, number: i64) -> Result<(), Failure> {
        self.block_on(audit::accept(self, config, number))
    }

    fn export_audit(
        &self,
        config: &Config,
        wanted: (EventFilter, ExportFormat),
        give: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), Failure> {
        self.block_on(audit::export(self, config, wanted, give))
    }

    fn diagnose(&self, config: &Config) -> Vec<Finding> {
        let findings = self.block_on(async { Ok(self.findings(config).await) });
        findings.unwrap_or_else(|failure| match failure {
            Failure::Failed(text) | Failure::Usage(text) => vec![Finding::bad("runtime", text)],
        })
    }
}

impl CommandLine {
    async fn apply_to(
        &self,
        config: &Config,
        deployment: &Deployment,
        declared: cli::Declared,
        mode: ApplyMode,
    ) -> Result<Plan, Failure> {
        known_tiers(config, &declared)?;
        let of_clients = declared.clients.iter().flat_map(|(client, _)| {
            std::iter::once(client.id_token_signed_response_alg).chain(client.userinfo_signed_response_alg)
        });
        let of_resources = declared.resources.iter().map(|resource| resource.signing_alg);
        let algorithms: BTreeSet<SigningAlg> = of_resources.chain(of_clients).collect();
        let declared = Declared {
            resources: declared.resources,
            users: declared.users,
            clients: declared
                .clients
                .into_iter()
                .map(|(client, secret)| DeclaredClient { client, secret })
                .collect(),
            roles: declared.roles,
            groups: declared.groups,
        };
        let admin = deployment.admin(self.clock.clone(), self.random.clone(), boot::hashing(config));
        let planned = admin::Planning { prune: mode.prune, set_passwords: mode.set_passwords };
        let plan = admin.plan(declared, planned).await.map_err(Failure::of)?;
        let mut steps: Vec<Step> = plan.steps.iter().map(step).collect();
        let warnings = passwords::warnings(&plan, config)?;
        if mode.dry_run {
            return Ok(Plan { steps, warnings, ..Plan::default() });
        }
        // Whoever asks for an algorithm finds a key for it from the first request on.
        let keys = self.keys(config, deployment).await?;
        keys.ensure(algorithms.into_iter().map(algorithm)).await.map_err(Failure::of)?;
        keys.maintain().await.map_err(Failure::of)?;
        let done = admin.carry_out(plan, &Actor::command_line()).await;
        steps.truncate(done.steps);
        let failure = done.failure.map(|error| error.to_string());
        Ok(Plan { steps, made_secrets: done.made_secrets, warnings, failure })
    }
}

/// A declared tier must be one of the configuration's.
fn known_tiers(config: &Config, declared: &cli::Declared) -> Result<(), Failure> {
    let unknown = declared.clients.iter().filter_map(|(client, _)| {
        let tier = client.tier.as_ref().filter(|tier| !config.limits.has_tier(tier))?;
        let (id, tier) = (&client.client_id, tier.as_str());
        Some(format!("client \"{id}\": tier: there is no tier {tier:?}; name it in `limits.tiers` first"))
    });
    let faults: Vec<_> = unknown.collect();
    if faults.is_empty() { Ok(()) } else { Err(Failure::Failed(faults.join("\n"))) }
}

/// Whoever runs the command line.
fn by_command() -> Origin {
    Origin::local(Principal::CommandLine)
}

fn step(step: &admin::PlannedStep) -> Step {
    Step {
        action: match step.action {
            admin::Action::Create => cli::Action::Create,
            admin::Action::Change => {
                cli::Action::Change(step.fields().into_iter().map(str::to_owned).collect())
            }
            admin::Action::Remove => cli::Action::Remove,
        },
        kind: match step.kind {
            admin::Kind::Resource => cli::Kind::Resource,
            admin::Kind::Role => cli::Kind::Role,
            admin::Kind::Group => cli::Kind::Group,
            admin::Kind::User => cli::Kind::User,
            admin::Kind::Client => cli::Kind::Client,
        },
        name: step.name.clone(),
    }
}

fn turn(plan: RotationPlan) -> KeyTurn {
    KeyTurn { kid: plan.kid, algorithm: plan.algorithm, effective_at: plan.effective_at }
}

/// A handful of lines for whoever started it; logs go elsewhere.
#[expect(clippy::print_stderr, reason = "this is meant for the terminal, and nothing of it for a log")]
fn announce(announcement: &Announcement) {
    eprintln!("Signet is ready at {} (listening on {})", announcement.issuer, announcement.address);
    if let Some(path) = &announcement.master_key {
        eprintln!("  The key that seals all others was made in {}: keep a copy of it.", path.display());
    }
    if let Some(password) = &announcement.admin_password {
        eprintln!("  Administrator: admin");
        eprintln!("  Password:      {}   (shown this once)", password.expose());
        eprintln!("  Console:       {}{CONSOLE}", announcement.issuer);
    }
    if let Some(demo) = &announcement.demo {
        eprintln!("  Try it: http://{demo}/");
    }
}

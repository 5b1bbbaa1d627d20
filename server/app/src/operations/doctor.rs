//! `signet doctor`: what would stop or weaken the server, and how to mend it.

use super::{CommandLine, mail};
use crate::boot;
use crate::cli::Failure;
use crate::config::{Config, master_key};
use signet_service::admin::Node;
use signet_service::audit::TokenIssue;
use signet_service::deployment::Deployment;
use signet_service::doctor::{Condition, Finding};
use std::sync::Arc;

/// A clock that differs by more than this from the database's makes a node unready (milliseconds).
const CLOCK_TOLERANCE_MS: i64 = 2_000;

impl CommandLine {
    /// Everything that is looked at, one after the other.
    pub(super) async fn findings(&self, config: &Config) -> Vec<Finding> {
        let deployment = match boot::deployment(config).await {
            Ok(deployment) => deployment,
            Err(error) => return vec![Finding::bad("database", error)],
        };
        let findings = self.examine(config, &deployment).await;
        deployment.close().await;
        findings
    }

    /// The same of a deployment that is open already.
    pub(crate) async fn examine(&self, config: &Config, deployment: &Deployment) -> Vec<Finding> {
        let mut findings = vec![match deployment.ping_database().await {
            Ok(()) => Finding::good("database", "answers"),
            Err(error) => Finding::bad("database", format_args!("{error}; check database.url")),
        }];
        if findings.iter().all(|finding| finding.condition == Condition::Good) {
            findings.push(schema(deployment).await);
            findings.push(self.clocks(deployment).await);
            findings.push(self.stored_keys(config, deployment).await);
            findings.push(mail::queue(deployment).await);
            findings.extend(self.audit_log(config, deployment).await);
            findings.extend(self.unwritten_events(deployment).await);
            findings.extend(self.audit_sinks(config, deployment).await);
        }
        findings.push(match &config.redis {
            None => Finding::good("Redis", "none; this deployment has one node"),
            Some(_) => match deployment.ping_redis().await {
                Ok(()) => Finding::good("Redis", "answers"),
                Err(error) => Finding::bad("Redis", format_args!("{error}; check redis.url")),
            },
        });
        findings.push(mail::way_out(config).await);
        findings.extend(config.passwords.breached_list.as_ref().map(|_| breached_list(config)));
        if !config.limits.enabled {
            let text = "switched off: anyone may guess passwords without end; remove limits.enabled = false";
            findings.push(Finding::weak("limits", text));
        }
        if config.audit.token_issue == TokenIssue::Off {
            let text = "none that a client gets for itself is recorded; remove audit.token_issue = \"off\"";
            findings.push(Finding::weak("token records", text));
        }
        findings
    }

    /// Whether events are sealed. Before the first start there is nothing to look at.
    async fn audit_log(&self, config: &Config, deployment: &Deployment) -> Option<Finding> {
        let master = boot::master_keys(&master_key::load(config).ok()??).ok()?;
        let trail = deployment.audit_trail(self.clock.clone());
        Some(match trail.progress(Arc::new(master)).await {
            Ok(progress) if progress.late => Finding::bad(
                "audit log",
                format_args!(
                    "{} events are not sealed, the first is of {}: start a server, or read in its log why it cannot",
                    progress.unsealed,
                    progress.waiting_since.map(|since| since.to_rfc3339()).unwrap_or_default()
                ),
            ),
            Ok(progress) => {
                let seals = progress.last.map_or(0, |last| last.seq);
                Finding::good("audit log", format_args!("sealed, {seals} seals"))
            }
            Err(error) => Finding::bad("audit log", format_args!("cannot be sealed: {error}")),
        })
    }

    /// Which servers hold events that they cannot write. Of a schema without them another line tells.
    async fn unwritten_events(&self, deployment: &Deployment) -> Vec<Finding> {
        let nodes = deployment.audit_trail(self.clock.clone()).unwritten().await.unwrap_or_default();
        let finding = |node: Node| {
            let Node { address, unwritten, .. } = node;
            let text = format!(
                "{unwritten} events wait in the memory of {address}, which cannot write them: read in its log why"
            );
            Finding::bad("audit log", text)
        };
        nodes.into_iter().map(finding).collect()
    }

    /// Whether seals reach each sink that is set up.
    async fn audit_sinks(&self, config: &Config, deployment: &Deployment) -> Vec<Finding> {
        if config.audit.sinks.is_empty() {
            return Vec::new();
        }
        let states = match deployment.audit_trail(self.clock.clone()).sinks().await {
            Ok(states) => states,
            Err(error) => return vec![Finding::bad("audit sinks", error)],
        };
        let finding = |name: &String| match states.iter().find(|state| state.name == *name) {
            None => Finding::good("audit sink", format_args!("{name}: a server sends to it once it runs")),
            Some(state) => match &state.error {
                None => Finding::good("audit sink", format_args!("{name}: has seal {}", state.seq)),
                Some(error) => {
                    Finding::bad("audit sink", format_args!("{name}: {error}; it has seal {}", state.seq))
                }
            },
        };
        config.audit.sinks.iter().map(|sink| finding(&sink.name)).collect()
    }

    async fn clocks(&self, deployment: &Deployment) -> Finding {
        match deployment.database_time().await {
            Ok(theirs) => {
                let apart = (theirs - self.clock.now()).num_milliseconds();
                if apart.abs() > CLOCK_TOLERANCE_MS {
                    let text = format!("{apart} ms away from the database's: synchronise both, by NTP");
                    Finding::bad("clock", text)
                } else {
                    Finding::good("clock", "agrees with the database's")
                }
            }
            Err(error) => Finding::bad("clock", error),
        }
    }

    async fn stored_keys(&self, config: &Config, deployment: &Deployment) -> Finding {
        let master = match master_key::load(config) {
            Ok(Some(master)) => master,
            Ok(None) => return Finding::good("keys", "made on first start"),
            Err(error) => return Finding::bad("keys", error),
        };
        let ring = async {
            let master = Arc::new(boot::master_keys(&master).map_err(Failure::of)?);
            let environment = (self.clock.clone(), self.random.clone());
            deployment.keys(master, environment, &boot::settings(config)).await.map_err(Failure::of)
        };
        match ring.await {
            Ok(ring) => match ring.list().await {
                Ok(keys) => {
                    let current = keys.iter().filter(|key| key.state == "current").count();
                    Finding::good("keys", format_args!("{current} at work, {} in all", keys.len()))
                }
                Err(error) => Finding::bad("keys", error),
            },
            Err(Failure::Failed(text) | Failure::Usage(text)) => Finding::bad("keys", text),
        }
    }
}

fn breached_list(config: &Config) -> Finding {
    match boot::password_rules(config).map(|rules| rules.breached) {
        Ok(list) => {
            let entries = list.map_or(0, |list| list.entries());
            Finding::good("passwords", format_args!("{entries} known ones are refused"))
        }
        Err(error) => Finding::bad("passwords", error),
    }
}

async fn schema(deployment: &Deployment) -> Finding {
    match deployment.migrations().await {
        Ok(migrations) => match migrations.iter().filter(|migration| !migration.applied).count() {
            0 => Finding::good("schema", "up to date"),
            _ if migrations.iter().all(|migration| !migration.applied) => {
                Finding::good("schema", "not there yet; it is made on first start")
            }
            pending => Finding::weak(
                "schema",
                format_args!("{pending} migrations are missing: run `signet migrate`"),
            ),
        },
        Err(error) => Finding::bad("schema", error),
    }
}

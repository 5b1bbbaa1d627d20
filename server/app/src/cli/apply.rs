//! `signet apply`: reads the files, has them applied, and prints the plan.

use super::{ApplyMode, Failure, Operations, Screen, declared};
use crate::config::Config;
use signet_protocol::id::ClientId;
use signet_protocol::secret::Secret;
use std::fmt;
use std::path::PathBuf;

/// What `apply` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Resource files, TOML or JSON; together they are one declaration
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the plan and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Remove what an earlier apply made and the files no longer hold
    #[arg(long)]
    prune: bool,
    /// Give people who have an account the passwords that the files declare, whatever theirs are now
    #[arg(long)]
    set_passwords: bool,
}

/// What has to happen, or has happened, so that everything is as declared. Empty: it was so already.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The steps, in the order in which they are taken.
    pub steps: Vec<Step>,
    /// Secrets that were made for clients that declare none. They are shown this once.
    pub made_secrets: Vec<(ClientId, Secret<String>)>,
    /// What the operator should know, and may have meant.
    pub warnings: Vec<String>,
    /// Why not all of it was done: the steps are those that were taken then, and the secrets may be those of one more.
    pub failure: Option<String>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// To what kind of thing.
    pub kind: Kind,
    /// Its name: a `client_id`, a user name, an identifier.
    pub name: String,
}

/// What is done to a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is not there yet.
    Create,
    /// It differs, in these fields.
    Change(Vec<String>),
    /// An earlier apply made it, and no file holds it any more.
    Remove,
}

/// What can be declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An API.
    Resource,
    /// A role.
    Role,
    /// A group.
    Group,
    /// A user.
    User,
    /// A client.
    Client,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Resource => "resource",
            Kind::Role => "role",
            Kind::Group => "group",
            Kind::User => "user",
            Kind::Client => "client",
        };
        match &self.action {
            Action::Create => write!(f, "+ create {kind} {}", self.name),
            Action::Change(fields) => write!(f, "~ change {kind} {} ({})", self.name, fields.join(", ")),
            Action::Remove => write!(f, "- remove {kind} {}", self.name),
        }
    }
}

pub(super) fn run(
    config: &Config,
    arguments: &Arguments,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let declared = declared::read(&arguments.files, config.password_policy())
        .map_err(|faults| Failure::Failed(faults.join("\n")))?;
    let Arguments { dry_run, prune, set_passwords, .. } = *arguments;
    let mode = ApplyMode { dry_run, prune, set_passwords };
    let plan = operations.apply(config, declared, mode)?;
    print(&plan, mode, screen);
    match plan.failure {
        None => Ok(()),
        Some(failure) => Err(Failure::Failed(format!(
            "{failure}\nonly what is printed on stdout was done: mend this and run apply again"
        ))),
    }
}

fn print(plan: &Plan, mode: ApplyMode, screen: &mut Screen<'_>) {
    for step in &plan.steps {
        screen.say(step);
    }
    for (client, secret) in &plan.made_secrets {
        screen.say(format_args!("client {client}: client_secret = \"{}\"", secret.expose()));
    }
    for warning in &plan.warnings {
        screen.note(format_args!("warning: {warning}"));
    }
    if !plan.made_secrets.is_empty() {
        screen.note("keep the secrets above: they are not shown again");
    }
    match (plan.steps.is_empty(), mode.dry_run) {
        _ if plan.failure.is_some() => {}
        (true, _) => screen.note("nothing to change"),
        (false, true) => screen.note("nothing was changed (--dry-run)"),
        (false, false) => {}
    }
}

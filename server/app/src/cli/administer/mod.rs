//! `signet client`, `signet user` and `signet explain`: administration from a terminal, of a running server or of its
//! database.

mod client;
mod fields;
mod show;
mod user;

pub use client::ClientTask;
pub use user::UserTask;

use super::{Failure, Operations, Screen};
use crate::config::{Config, ConfigError, Warning};
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

/// Something that administration is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// About clients.
    Client(ClientTask),
    /// About people.
    User(UserTask),
    /// Why a request was refused.
    Explain(String),
}

/// A running server.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Remote {
    /// The issuer of a running server, which is asked by its administration API [default: the database is opened]
    ///
    /// The token comes by client credentials from SIGNET_CLIENT_ID and SIGNET_CLIENT_SECRET_FILE (or SIGNET_CLIENT_SECRET).
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// A PEM file with certificate authorities that are trusted besides the system's
    #[arg(long, value_name = "FILE", requires = "server")]
    pub ca: Option<PathBuf>,
}

/// Where the task goes, and how its answer is shown.
#[derive(Clone, Debug, Args)]
pub(super) struct Manner {
    #[command(flatten)]
    remote: Remote,
    /// The answer as JSON, as the administration API gives it
    #[arg(long)]
    json: bool,
}

/// What `client` is told.
#[derive(Debug, Args)]
pub(super) struct ClientArguments {
    #[command(subcommand)]
    what: client::What,
}

/// What `user` is told.
#[derive(Debug, Args)]
pub(super) struct UserArguments {
    #[command(subcommand)]
    what: user::What,
}

/// What `explain` is told.
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The request id that the error page or the error answer showed
    #[arg(value_name = "REQUEST_ID")]
    request_id: String,
    #[command(flatten)]
    manner: Manner,
}

/// The configuration as it was read: a running server is asked without one.
pub(super) type Loaded = Result<(Config, Vec<Warning>), ConfigError>;

pub(super) fn client(
    arguments: ClientArguments,
    loaded: Loaded,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let (task, manner) = arguments.what.read()?;
    carry_out(Task::Client(task), &manner, loaded, operations, screen)
}

pub(super) fn user(
    arguments: UserArguments,
    loaded: Loaded,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let (task, manner) = arguments.what.read()?;
    carry_out(Task::User(task), &manner, loaded, operations, screen)
}

pub(super) fn explain(
    arguments: ExplainArguments,
    loaded: Loaded,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let task = Task::Explain(arguments.request_id.trim().to_owned());
    carry_out(task, &arguments.manner, loaded, operations, screen)
}

fn carry_out(
    task: Task,
    manner: &Manner,
    loaded: Loaded,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let answer = match manner.remote.server {
        Some(_) => operations.administer_server(&manner.remote, &task)?,
        None => {
            let (config, warnings) = loaded.map_err(super::refused)?;
            warnings.iter().for_each(|Warning(text)| screen.note(format_args!("warning: {text}")));
            operations.administer(&config, &task)?
        }
    };
    if manner.json {
        screen.give(&answer);
    } else {
        show::answer(&task, &answer, screen);
    }
    if holds_secret(&answer) {
        screen.note("keep the secret above: it is not shown again");
    }
    Ok(())
}

fn holds_secret(answer: &Value) -> bool {
    answer["client_secret"].is_string()
}

/// Refuses what cannot be undone unless it was said twice.
fn sure(yes: bool, lost: &str) -> Result<(), Failure> {
    if yes { Ok(()) } else { Err(Failure::Usage(format!("{lost}; say --yes if that is meant"))) }
}

//! Administration from a terminal: of the database itself, or of a running server by its API.

mod answer;
mod credentials;
mod local;
mod remote;

use super::CommandLine;
use crate::cli::{Failure, Remote, Task};
use crate::config::Config;
use serde_json::Value;

/// Does a task on the database, as whoever may run this command line.
pub(super) async fn on_database(
    command: &CommandLine,
    config: &Config,
    task: &Task,
) -> Result<Value, Failure> {
    let deployment = command.open(config).await?;
    let done = local::Local::new(command, config, &deployment).carry_out(task).await;
    super::audit::seal_and_close(command, config, deployment).await;
    done
}

/// Has a running server do it.
pub(super) async fn at_server(remote: &Remote, task: &Task) -> Result<Value, Failure> {
    remote::Caller::enter(remote, task).await?.carry_out(task).await
}

/// Of the people that a search gave, the one who is called exactly so.
fn the_one(name: &str, found: Vec<Value>) -> Result<Value, Failure> {
    let folded = name.to_lowercase();
    let is_called = |user: &Value| {
        ["id", "username", "email"]
            .iter()
            .any(|field| user[field].as_str().is_some_and(|value| value.to_lowercase() == folded))
    };
    let mut exact: Vec<Value> = found.into_iter().filter(is_called).collect();
    match (exact.pop(), exact.is_empty()) {
        (Some(user), true) => Ok(user),
        (Some(_), false) => {
            Err(Failure::Failed(format!("{name}: several people are called so: say their identifier")))
        }
        (None, _) => {
            Err(Failure::Failed(format!("{name}: there is nobody of that user name, address or identifier")))
        }
    }
}

fn identifier(user: &Value) -> String {
    user["id"].as_str().unwrap_or_default().to_owned()
}

//! As whom a running server is asked, from the environment alone: a command line is seen by others.

use crate::cli::Failure;
use crate::config::{open_to_others, without_newline};
use signet_protocol::secret::Secret;
use std::fs;
use std::io;
use std::path::Path;

/// The client that asks, and its secret.
pub(super) fn credentials() -> Result<(String, Secret<String>), Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let usage = |told: &str| Failure::Usage(told.to_owned());
    let id = variable("SIGNET_CLIENT_ID")
        .ok_or_else(|| usage("set SIGNET_CLIENT_ID to the client that may administer"))?;
    let secret = match (variable("SIGNET_CLIENT_SECRET_FILE"), variable("SIGNET_CLIENT_SECRET")) {
        (Some(_), Some(_)) => {
            return Err(usage("set SIGNET_CLIENT_SECRET_FILE or SIGNET_CLIENT_SECRET, not both"));
        }
        (Some(path), None) => {
            read(Path::new(&path)).map_err(|error| Failure::Failed(format!("{path}: {error}")))?
        }
        (None, Some(secret)) => secret.into(),
        (None, None) => {
            return Err(usage("set SIGNET_CLIENT_SECRET_FILE to a file with the client's secret"));
        }
    };
    Ok((id, secret))
}

fn read(path: &Path) -> io::Result<Secret<String>> {
    if let Some(mode) = open_to_others(&fs::metadata(path)?) {
        warn_of(path, mode);
    }
    Ok(without_newline(&fs::read_to_string(path)?).to_owned().into())
}

#[expect(clippy::print_stderr, reason = "this is meant for the terminal, and nothing of it for a log")]
fn warn_of(path: &Path, mode: u32) {
    let path = path.display();
    eprintln!("warning: {path} can be read or changed by others (mode {mode:03o}); run `chmod 600 {path}`");
}

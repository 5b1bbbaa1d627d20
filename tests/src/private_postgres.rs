//! A PostgreSQL that one test may crash and start again.

use crate::free_port;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::process::Command;

/// A PostgreSQL of the test's own, on one port for its whole life. What was committed survives a restart.
pub struct PrivatePostgres {
    port: u16,
    folder: TempDir,
}

impl PrivatePostgres {
    /// Creates one and starts it.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        open_to_others(folder.path());
        let postgres = Self { port: free_port(), folder };
        postgres.resume().await;
        postgres
    }

    /// The URL of its one database.
    pub fn url(&self) -> String {
        format!("postgres://signet@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it at once, with every connection.
    pub async fn stop(&self) {
        let data = self.data();
        run(&["stop", &data.display().to_string()]).await;
    }

    /// Starts it again after [`stop`](Self::stop).
    pub async fn resume(&self) {
        let data = self.data();
        run(&["start", &data.display().to_string(), &self.port.to_string()]).await;
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("postgres")
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        if self.data().join("data/postmaster.pid").exists() {
            let stopped = std::process::Command::new(script()).arg("stop").arg(self.data()).status();
            // A drop must not panic while a failing test unwinds.
            drop(stopped);
        }
    }
}

async fn run(arguments: &[&str]) {
    // Files, not pipes: the server outlives the script and would hold a pipe open.
    let mut command = Command::new(script());
    command.args(arguments).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    let status = command.status().await.expect("tests/postgres starts");
    assert!(status.success(), "tests/postgres {arguments:?}: {status}");
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("postgres")
}

/// PostgreSQL may run as somebody else than the test: they must be able to reach what is theirs inside.
fn open_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711)).expect("its own folder");
}

//! The server in a process of its own: for signals, crashes, two nodes and the command line.

use crate::{Http, Settings, eventually};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};

/// How long a server may take to start, on a busy machine and with a new database.
const START: Duration = Duration::from_secs(60);
/// How long it may take to finish what is in flight.
const STOP: Duration = Duration::from_secs(60);

/// What a process has written so far.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<String>>);

impl Output {
    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn collect(&self, from: impl AsyncRead + Unpin + Send + 'static) {
        let output = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(from).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let mut text = output.0.lock().unwrap();
                text.push_str(&line);
                text.push('\n');
            }
        });
    }
}

/// A running server. Dropping it kills it.
pub struct ServerProcess {
    binary: PathBuf,
    settings: Settings,
    child: Child,
    stdout: Output,
    stderr: Output,
}

impl ServerProcess {
    /// Starts `binary` (a test passes `env!("CARGO_BIN_EXE_signet-under-test")`) and waits until it is ready.
    pub async fn start(binary: impl AsRef<Path>, settings: Settings) -> Self {
        let mut server = Self::spawn(binary, settings);
        server.ready().await;
        server
    }

    /// Starts it without waiting.
    pub fn spawn(binary: impl AsRef<Path>, settings: Settings) -> Self {
        let binary = binary.as_ref().to_owned();
        let mut command = command(&binary, &settings);
        command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
        let (stdout, stderr) = (Output::default(), Output::default());
        stdout.collect(child.stdout.take().expect("a pipe"));
        stderr.collect(child.stderr.take().expect("a pipe"));
        Self { binary, settings, child, stdout, stderr }
    }

    /// Waits until `/health/ready` says so. If the process ends instead, the test fails with what it wrote.
    pub async fn ready(&mut self) {
        let url = format!("{}/health/ready", self.address());
        let http = Http::new();
        let Self { child, stdout, stderr, .. } = self;
        eventually(START, async || {
            if let Some(status) = child.try_wait().expect("the process can be asked") {
                panic!("the server ended with {status}:\n{}\n{}", stderr.text(), stdout.text());
            }
            match http.call(reqwest::Method::GET, &url).try_send().await {
                Ok(answer) if answer.status == 200 => Ok(()),
                Ok(answer) => Err(format!("{} {}", answer.status, answer.text())),
                Err(error) => Err(format!("{error}; stderr: {}", stderr.text())),
            }
        })
        .await;
    }

    /// The issuer.
    pub fn issuer(&self) -> String {
        self.settings.issuer()
    }

    /// Where this node listens, without a slash at the end.
    pub fn address(&self) -> String {
        self.settings.address()
    }

    /// Its configuration, to start it again or a second node beside it.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("the process runs")
    }

    /// What it wrote to stdout: its log.
    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// What it wrote to stderr.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Runs another command of the same binary on the same configuration.
    pub async fn command(&self, arguments: &[&str]) -> Exit {
        run_command(&self.binary, &self.settings, arguments).await
    }

    /// Applies a resource file; the test fails if the command does.
    pub async fn apply(&self, resources: &str) -> Exit {
        let file = self.settings.write_file("resources.toml", resources);
        self.command(&["apply", &file.display().to_string()]).await.expect_success()
    }

    /// Kills it as a power cut would (SIGKILL).
    pub async fn kill9(&mut self) {
        self.child.kill().await.expect("the process dies");
    }

    /// Asks it to stop (SIGTERM) without waiting.
    pub async fn sigterm(&self) {
        let kill = format!("kill -TERM {}", self.pid());
        let status = Command::new("sh").args(["-c", &kill]).status().await.expect("sh runs");
        assert!(status.success(), "{kill}: {status}");
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let Self { child, .. } = self;
        eventually(STOP, async || child.try_wait().expect("the process can be asked")).await
    }

    /// Stops it in an orderly way and starts it again on the same configuration.
    pub async fn restart(mut self) -> Self {
        self.sigterm().await;
        let status = self.ended().await;
        assert!(status.success(), "SIGTERM ended it with {status}: {}", self.stderr());
        Self::start(self.binary, self.settings).await
    }
}

/// How a command ended.
#[derive(Clone, Debug)]
pub struct Exit {
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

impl Exit {
    /// The result itself; the test fails unless the code is 0.
    #[track_caller]
    pub fn expect_success(self) -> Self {
        assert_eq!(self.code, Some(0), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

/// Runs a command of `binary` on a configuration, to its end.
pub async fn run_command(binary: impl AsRef<Path>, settings: &Settings, arguments: &[&str]) -> Exit {
    run_command_with(binary, settings, &[], arguments).await
}

/// The same, with variables of the test's own.
pub async fn run_command_with(
    binary: impl AsRef<Path>,
    settings: &Settings,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> Exit {
    let mut command = command(binary.as_ref(), settings);
    let running = command.envs(variables.iter().copied()).args(arguments).kill_on_drop(true).output();
    let output = tokio::time::timeout(STOP, running).await.unwrap_or_else(|_| panic!("{arguments:?} hangs"));
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", binary.as_ref().display()));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Exit { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// The binary in the settings' folder with none of the environment's own configuration.
fn command(binary: &Path, settings: &Settings) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SIGNET_")) {
        command.env_remove(name);
    }
    command.arg("--config").arg(settings.write()).current_dir(settings.folder()).stdin(Stdio::null());
    command
}

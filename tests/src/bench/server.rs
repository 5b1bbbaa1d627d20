//! The server that is measured.

use super::lists;
use super::measure::median;
use super::options::Options;
use super::process;
use super::seed;
use crate::{Settings, run_command};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const RESOURCES: &str = include_str!("resources.toml");
/// The one variable of the server's that the benchmark passes on: logging is part of what a request costs.
pub(super) const LOG_FILTER: &str = "SIGNET_LOG";
/// Starts that the median is taken of.
const STARTS: usize = 9;
/// A start that takes longer has failed.
const DEADLINE: Duration = Duration::from_secs(60);
/// Until background tasks have done their first round.
const SETTLE: Duration = Duration::from_secs(2);

/// What a start costs.
pub(super) struct Start {
    /// From the start of the process until it is ready, on an existing database, in milliseconds.
    pub(super) ready_ms: f64,
    /// Resident memory before any load, in MiB.
    pub(super) idle: f64,
}

/// A running server. Dropping it kills it.
pub(super) struct Server {
    pub(super) settings: Settings,
    child: Child,
}

/// Makes a database with clients and users, measures starts on it, and leaves the last one running.
pub(super) async fn prepare(options: &Options) -> (Server, Start) {
    let this = std::env::current_exe().expect("this binary");
    let binary = options.server.clone().unwrap_or(this);
    let mut settings = Settings::new().with("limits.enabled", false);
    if let Some(url) = &options.postgres {
        settings = settings.with("database.url", url.as_str());
    }
    if let Some(how) = &options.token_issue {
        settings = settings.with("audit.token_issue", how.as_str());
    }
    if let Some(url) = &options.redis {
        settings = settings.with("redis.url", url.as_str());
    }
    let more = if options.is_only(lists::NAME) { seed::RESOURCES } else { "" };
    let (mut server, _) = Server::start(&binary, &settings).await;
    let resources =
        settings.write_file("resources.toml", &format!("{RESOURCES}{more}")).display().to_string();
    run_command(&binary, &settings, &["apply", &resources]).await.expect_success();
    let mut times = Vec::new();
    for _ in 0..options.scale(STARTS as u64) {
        server.stop().await;
        let (next, time) = Server::start(&binary, &settings).await;
        server = next;
        times.push(time.as_secs_f64() * 1e3);
    }
    tokio::time::sleep(SETTLE).await;
    let idle = process::resident(server.pid());
    (server, Start { ready_ms: median(times), idle })
}

impl Server {
    /// Starts one and says how long it took to be ready.
    async fn start(binary: &PathBuf, settings: &Settings) -> (Self, Duration) {
        let mut command = Command::new(binary);
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("SIGNET_") && name != LOG_FILTER)
        {
            command.env_remove(name);
        }
        let errors = settings.path("stderr");
        command.arg("--config").arg(settings.write()).arg("serve").current_dir(settings.folder());
        command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        command.stderr(std::fs::File::create(&errors).expect("a file for its errors"));
        let began = Instant::now();
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
        let mut server = Self { settings: settings.clone(), child };
        while !server.is_ready().await {
            let ended = server.child.try_wait().expect("the process can be asked");
            if ended.is_some() || began.elapsed() > DEADLINE {
                panic!("the server is not ready: {}", std::fs::read_to_string(&errors).unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        (server, began.elapsed())
    }

    /// Asks once, as a load balancer would.
    async fn is_ready(&self) -> bool {
        let address = self.settings.get("server.listen");
        let Ok(mut stream) = TcpStream::connect(&address).await else { return false };
        let probe = format!("GET /health/ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        let mut answer = Vec::new();
        stream.write_all(probe.as_bytes()).await.is_ok()
            && stream.read_to_end(&mut answer).await.is_ok()
            && answer.starts_with(b"HTTP/1.1 200")
    }

    /// The process id.
    pub(super) fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Stops it in an orderly way.
    pub(super) async fn stop(mut self) {
        let pid = self.pid().to_string();
        let kill = Command::new("kill").args(["-TERM", &pid]).status().await.expect("kill runs");
        assert!(kill.success(), "kill: {kill}");
        let ended = self.child.wait().await.expect("it ends");
        assert!(ended.success(), "SIGTERM ended it with {ended}");
    }
}

//! A server as part of another program: the tests start it so, with a clock in their hand.

use crate::boot::boot;
use crate::cli::{self, ApplyMode, Failure, Operations as _, Plan};
use crate::config::Config;
use crate::operations::CommandLine;
use crate::start_error::StartError;
use crate::system_random;
use signet_protocol::environment::Clock;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// A server on a thread of its own.
pub struct RunningServer {
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// Starts a server; it answers when this returns.
pub async fn start(config: Config, clock: Clock) -> Result<RunningServer, StartError> {
    let (stop, stopped) = oneshot::channel();
    let (ready, started) = oneshot::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            match boot(&config, clock, system_random()).await {
                Ok(booted) => {
                    let _ = ready.send(Ok(booted.announcement.address));
                    let _ = stopped.await;
                    booted.stop().await;
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        });
    });
    let address = started.await.map_err(|_| StartError::of("the server's thread ended"))??;
    Ok(RunningServer { address, stop, thread })
}

/// Applies resource files to the deployment that `config` names, as `signet apply` does; a server of it may be running.
pub async fn apply(
    config: Config,
    clock: Clock,
    files: Vec<PathBuf>,
    mode: ApplyMode,
) -> Result<Plan, Failure> {
    let work = move || {
        let declared = cli::read_declared(&files, config.password_policy())
            .map_err(|faults| Failure::Failed(faults.join("\n")))?;
        let plan = CommandLine { clock, random: system_random() }.apply(&config, declared, mode)?;
        match plan.failure {
            None => Ok(plan),
            Some(failure) => Err(Failure::Failed(failure)),
        }
    };
    // The commands block on a runtime of their own.
    tokio::task::spawn_blocking(work).await.map_err(Failure::of)?
}

impl RunningServer {
    /// Stops it in an orderly way.
    pub async fn stop(self) {
        drop(self.stop);
        // Joining blocks; the caller's runtime goes on meanwhile.
        let _ = tokio::task::spawn_blocking(move || self.thread.join()).await;
    }
}

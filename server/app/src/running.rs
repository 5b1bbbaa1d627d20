//! A server as part of another program: the tests start it so, with a clock in their hand.

use crate::boot::{StartError, boot};
use crate::config::Config;
use crate::system_random;
use signet_protocol::environment::Clock;
use std::net::SocketAddr;
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

impl RunningServer {
    /// Stops it in an orderly way.
    pub async fn stop(self) {
        drop(self.stop);
        // Joining blocks; the caller's runtime goes on meanwhile.
        let _ = tokio::task::spawn_blocking(move || self.thread.join()).await;
    }
}

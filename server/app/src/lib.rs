//! The signet binary: HTTP, pages, command line, configuration.

mod boot;
pub mod cli;
pub mod config;
mod demo;
pub mod http;
pub mod logging;
mod operations;
pub mod pages;
mod running;
mod start_error;

pub use running::{RunningServer, apply, start};

use operations::CommandLine;
use signet_protocol::environment::{Clock, Random};
use std::process::ExitCode;
use std::sync::Arc;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    cli::run(std::env::args_os(), &CommandLine { clock: system_clock(), random: system_random() })
}

/// The system's clock: the one place where time is taken from the air.
fn system_clock() -> Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the clock comes from that everyone is handed"
    )]
    Clock::new(chrono::Utc::now)
}

/// The operating system's randomness.
fn system_random() -> Random {
    Random::new(Arc::new(ring::rand::SystemRandom::new()))
}

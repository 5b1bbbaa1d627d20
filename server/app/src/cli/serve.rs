//! `signet serve`

use super::{Failure, Operations};
use crate::config::{Config, Warning};
use crate::logging::{self, LogFormat};

/// Starts logging and runs the server.
pub(super) fn run(
    config: Config,
    warnings: &[Warning],
    (format, filter): (LogFormat, Option<&str>),
    operations: &impl Operations,
) -> Result<(), Failure> {
    let _writes_the_rest = logging::start(format, filter).map_err(Failure::of)?;
    for Warning(text) in warnings {
        tracing::warn!("{text}");
    }
    operations.serve(config)
}

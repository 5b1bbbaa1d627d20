//! Logs: one JSON object a line on stdout, or text for people.

mod lines;

pub use lines::WritesTheRest;

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// The variable that holds the log filter; it is read before the configuration and is no key of it.
pub const FILTER_VARIABLE: &str = "SIGNET_LOG";

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// Lines for people.
    Pretty,
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter is not one.
    #[error("{FILTER_VARIABLE} is not a log filter: {0}; write it like `info` or `info,signet=debug`")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something else writes the logs of this process already.
    #[error("the logs of this process are being written already")]
    Taken(#[from] tracing_subscriber::util::TryInitError),
}

/// The filter for `directives`: `info` unless they say otherwise. Libraries that would log every statement are
/// held at `warn` unless the directives name them.
pub fn filter(directives: Option<&str>) -> Result<EnvFilter, tracing_subscriber::filter::ParseError> {
    let own = directives.map(str::trim).filter(|text| !text.is_empty()).unwrap_or("info");
    let quiet = ["sqlx", "sea_orm", "sea_orm_migration"]
        .iter()
        .filter(|library| !own.split(',').any(|directive| directive.trim().starts_with(**library)))
        .map(|library| format!("{library}=warn"));
    let all: Vec<String> = quiet.chain([own.to_owned()]).collect();
    EnvFilter::try_new(all.join(","))
}

/// Starts logging to stdout, for the rest of the process's life. What is still to be written when the guard is dropped is
/// written then.
pub fn start(format: LogFormat, directives: Option<&str>) -> Result<WritesTheRest, LoggingError> {
    use tracing_subscriber::util::SubscriberInitExt as _;
    let filter = filter(directives)?;
    let (writer, guard) = lines::start(std::io::stdout());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    match format {
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .finish()
            .try_init()?,
        LogFormat::Pretty => {
            builder.with_ansi(std::io::stdout().is_terminal()).compact().finish().try_init()?
        }
    }
    Ok(guard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statement_logs_of_libraries_are_quiet_unless_asked_for() {
        let by_default = filter(None).unwrap().to_string();
        assert!(by_default.contains("sqlx=warn") && by_default.contains("sea_orm=warn"));
        assert!(by_default.split(',').any(|directive| directive == "info"));
        let asked = filter(Some("debug,sqlx=trace")).unwrap().to_string();
        assert!(asked.contains("sqlx=trace") && !asked.contains("sqlx=warn"), "{asked}");
    }

    #[test]
    fn a_broken_filter_is_refused() {
        assert!(filter(Some("signet=loudest")).is_err());
    }
}

//! The command line: what is asked, in which words the answer is given, and the exit code.
//! What the commands do is behind [`Operations`].

mod administer;
mod apply;
mod audit;
mod declared;
mod doctor;
mod invite;
mod keys;
mod migrate;
mod operations;
mod passwords;
mod screen;
mod serve;
#[cfg(test)]
mod tests;

pub use administer::{ClientTask, Remote, Task, UserTask};
pub use apply::{Action, Kind, Plan, Step};
pub use declared::{Declared, read as read_declared};
pub use doctor::of_configuration;
pub use invite::{Invitation, Invited};
pub use keys::{KeyLine, KeyTurn};
pub use migrate::Migration;
pub use operations::{ApplyMode, Failure, Operations};
pub use passwords::FilterBuilt;
pub use screen::in_one_line;
pub use signet_service::doctor::{Condition, Finding};

use crate::config::{Config, ConfigError, Warning};
use crate::logging::LogFormat;
use clap::{Parser, Subcommand};
use screen::Screen;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// An OAuth 2.1 authorization server and OpenID Connect provider.
#[derive(Debug, Parser)]
#[command(name = "signet", version, about, disable_help_subcommand = true)]
struct Cli {
    /// The configuration file [default: signet.toml in the working directory, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How log lines are written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Json)]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server; this is what happens without a command, too
    Serve,
    /// Make users, groups, roles, clients and resources equal to what the files declare
    Apply(apply::Arguments),
    /// Bring the database's schema up to date, or say where it stands
    Migrate {
        #[command(subcommand)]
        what: Option<migrate::What>,
    },
    /// The signing keys; running servers follow within a second
    Keys {
        #[command(subcommand)]
        what: keys::What,
    },
    /// Passwords that nobody may choose
    Passwords {
        #[command(subcommand)]
        what: passwords::What,
    },
    /// The audit log: whether it is what was recorded
    Audit {
        #[command(subcommand)]
        what: audit::What,
    },
    /// Clients: list, show, register, change, remove; of a running server or of its database
    Client(administer::ClientArguments),
    /// People: list, show, invite, disable, unlock; of a running server or of its database
    User(administer::UserArguments),
    /// Why a request was refused, by its request id
    Explain(administer::ExplainArguments),
    /// Offer somebody an account, by mail
    Invite(invite::Arguments),
    /// Check configuration, database, Redis, keys, clock and TLS
    Doctor,
}

/// The configuration file that is read when none is named.
const DEFAULT_FILE: &str = "signet.toml";

/// Runs the command that `arguments` (the program's name first) ask for: 0 done, 1 failed, 2 wrong usage.
pub fn run(arguments: impl IntoIterator<Item = OsString>, operations: &impl Operations) -> ExitCode {
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut screen = Screen { out: &mut out, err: &mut err };
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Asking for help or the version is no error and goes to stdout; clap knows which is which.
            drop(error.print());
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    // A value that is not Unicode is no setting's value either: its replacement characters are refused where it matters.
    let text = |value: OsString| value.to_string_lossy().into_owned();
    let environment = std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    match execute(cli, environment, operations, &mut screen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(text)) => {
            screen.note(format_args!("signet: {text}"));
            ExitCode::from(1)
        }
        Err(Failure::Usage(text)) => {
            screen.note(format_args!("signet: {text}"));
            ExitCode::from(2)
        }
    }
}

fn execute(
    cli: Cli,
    environment: Vec<(String, String)>,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let file = cli.config.or_else(|| Path::new(DEFAULT_FILE).is_file().then(|| DEFAULT_FILE.into()));
    let filter = environment.iter().find(|(name, _)| name == crate::logging::FILTER_VARIABLE);
    let filter = filter.map(|(_, value)| value.clone());
    let loaded = Config::load(file.as_deref(), environment.into_iter());
    match cli.command.unwrap_or(Command::Serve) {
        // It needs no configuration, which may name the file that it is to make.
        Command::Passwords { what } => passwords::run(what, operations, screen),
        Command::Client(arguments) => administer::client(arguments, loaded, operations, screen),
        Command::User(arguments) => administer::user(arguments, loaded, operations, screen),
        Command::Explain(arguments) => administer::explain(arguments, loaded, operations, screen),
        Command::Doctor => doctor::run(file.as_deref(), loaded, operations, screen),
        Command::Serve => {
            let (config, warnings) = loaded.map_err(refused)?;
            serve::run(config, &warnings, (cli.log_format, filter.as_deref()), operations)
        }
        command => {
            let (config, warnings) = loaded.map_err(refused)?;
            warnings.iter().for_each(|Warning(text)| screen.note(format_args!("warning: {text}")));
            match command {
                Command::Apply(arguments) => apply::run(&config, &arguments, operations, screen),
                Command::Migrate { what } => {
                    migrate::run(&config, &what.unwrap_or_default(), operations, screen)
                }
                Command::Invite(arguments) => invite::run(&config, arguments, operations, screen),
                Command::Audit { what } => audit::run(&config, what, operations, screen),
                Command::Keys { what } => keys::run(&config, what, operations, screen),
                Command::Serve
                | Command::Passwords { .. }
                | Command::Doctor
                | Command::Client(_)
                | Command::User(_)
                | Command::Explain(_) => Ok(()),
            }
        }
    }
}

fn refused(error: ConfigError) -> Failure {
    Failure::Failed(format!("the configuration is refused\n{error}"))
}

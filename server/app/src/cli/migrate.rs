//! `signet migrate`

use super::{Failure, Operations, Screen};
use crate::config::Config;

/// What is to be done with the schema.
#[derive(Debug, Default, clap::Subcommand)]
pub(super) enum What {
    /// Apply the migrations that the database lacks (the default)
    #[default]
    Up,
    /// Say which migrations are applied and which are not
    Status,
    /// Undo every migration, and with them everything stored
    Down {
        /// Yes, lose everything
        #[arg(long)]
        yes: bool,
    },
}

/// One migration, and whether it has been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

pub(super) fn run(
    config: &Config,
    what: &What,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    match what {
        What::Up => {
            let applied = operations.migrate_up(config)?;
            for name in &applied {
                screen.say(format_args!("applied  {name}"));
            }
            if applied.is_empty() {
                screen.note("the schema is up to date");
            }
        }
        What::Status => {
            for migration in operations.migrations(config)? {
                let state = if migration.applied { "applied" } else { "pending" };
                screen.say(format_args!("{state}  {}", migration.name));
            }
        }
        What::Down { yes: false } => {
            let text = "`signet migrate down` deletes everything stored: add --yes if that is meant";
            return Err(Failure::Usage(text.to_owned()));
        }
        What::Down { yes: true } => {
            operations.migrate_down(config)?;
            screen.note("every migration is undone");
        }
    }
    Ok(())
}

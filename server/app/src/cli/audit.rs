//! `signet audit`

use super::{Failure, Operations, Screen};
use crate::config::Config;
use chrono::{NaiveDate, NaiveTime, SecondsFormat};
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, UserId};
use signet_service::audit::{EventFilter, ExportFormat, Verified};
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

/// What is to be done with the audit log.
#[derive(Debug, clap::Subcommand)]
pub(super) enum What {
    /// Hold every event against the seals, and name the first that was changed, removed or put there
    Verify {
        /// Seals that were exported earlier: they show whether the end was cut off, or all of it was made anew
        #[arg(long, value_name = "FILE")]
        seals: Option<PathBuf>,
    },
    /// Print the seals, a line of JSON each, to be kept where nobody who can write the database can write
    Seals {
        /// From the seal with this number on
        #[arg(long, value_name = "SEQ", default_value_t = 1)]
        from: i64,
    },
    /// Seal an event whose number is far beyond those before it: after the database's counter was moved on purpose
    Accept {
        /// The event's number, as the error names it
        #[arg(value_name = "NUMBER")]
        number: i64,
    },
    /// Print events, oldest first, a line each
    Export(Wanted),
}

/// Which events, and how they are written.
#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// Since then: 2026-01-31, or 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Moment>,
    /// Before then
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Moment>,
    /// Of this name, such as sign_in_failed; several times: of any of them
    #[arg(long = "event", value_name = "NAME")]
    events: Vec<String>,
    /// About the user with this id
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    user: Option<String>,
    /// About this client
    #[arg(long, value_name = "CLIENT_ID", allow_hyphen_values = true)]
    client: Option<String>,
    /// JSON objects, or the Common Event Format
    #[arg(long, value_enum)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Jsonl,
    Cef,
}

/// A moment, or the beginning of a day in UTC.
fn moment(text: &str) -> Result<Moment, String> {
    let day = || text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    text.parse()
        .or_else(|_| day())
        .map_err(|_| "no time; write it like 2026-01-31 or 2026-01-31T12:00:00Z".to_owned())
}

/// Writes lines to stdout while it can. A reader that has gone away is no failure; a full disk is.
pub(super) struct Lines<'a, 'b> {
    screen: &'a mut Screen<'b>,
    failed: Option<io::Error>,
}

impl<'a, 'b> Lines<'a, 'b> {
    fn to(screen: &'a mut Screen<'b>) -> Self {
        Self { screen, failed: None }
    }

    /// Writes a line; whether there is any use in more of them.
    fn write(&mut self, line: &str) -> bool {
        match writeln!(self.screen.out, "{line}") {
            Ok(()) => true,
            Err(error) => {
                self.failed = Some(error);
                false
            }
        }
    }

    fn end(mut self) -> Result<(), Failure> {
        let flushed = self.screen.out.flush();
        match self.failed.take().or(flushed.err()) {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::Failed(format!("not all of it could be written: {error}")))
            }
            _ => Ok(()),
        }
    }
}

pub(super) fn run(
    config: &Config,
    what: What,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    match what {
        What::Verify { seals } => {
            let exported = seals.as_deref().map(open).transpose()?;
            say_verified(&operations.verify_audit(config, exported)?, screen);
            Ok(())
        }
        What::Seals { from } => {
            let mut lines = Lines::to(screen);
            operations.audit_seals(config, from, &mut |line| lines.write(line))?;
            lines.end()
        }
        What::Accept { number } => {
            operations.accept_audit_number(config, number)?;
            screen.say(format_args!("event {number} is accepted, and whatever follows is sealed"));
            Ok(())
        }
        What::Export(Wanted { from, to, events, user, client, format }) => {
            let (user, client) = (user.map(UserId::from), client.map(ClientId::from));
            let filter = EventFilter { from, to, names: events, user, client, ..EventFilter::default() };
            let format = match format {
                Format::Jsonl => ExportFormat::JsonLines,
                Format::Cef => ExportFormat::Cef,
            };
            let mut lines = Lines::to(screen);
            operations.export_audit(config, (filter, format), &mut |line| lines.write(line))?;
            lines.end()
        }
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    let file = std::fs::File::open(path).map_err(|error| {
        Failure::Failed(format!(
            "cannot read {}: {error}; check the path and its permissions",
            path.display()
        ))
    })?;
    Ok(Box::new(BufReader::new(file)))
}

fn say_verified(verified: &Verified, screen: &mut Screen<'_>) {
    let Verified { rows, unsealed, last, dropped_through, late } = verified;
    match last {
        None => screen.say("nothing was recorded yet"),
        Some((seq, at, hash)) => {
            let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
            screen.say(format_args!("{rows} events are as they were sealed"));
            screen.say(format_args!("the last seal is {seq} of {at}, {hash}"));
        }
    }
    if *dropped_through > 0 {
        screen
            .say(format_args!("the events of the seals up to {dropped_through} were dropped for their age"));
    }
    if let Some((first, seq)) = &late.first {
        let events =
            if late.rows == 1 { "1 event was".to_owned() } else { format!("{} events were", late.rows) };
        screen.say(format_args!(
            "{events} sealed later than ten seconds after they say that they happened: the first is {first}, in seal {seq}; \
             unless no server ran or the database was away then, find out who held the sealing up"
        ));
    }
    if *unsealed > 0 {
        screen.say(format_args!("{unsealed} events are so young that they are not sealed yet"));
    }
}

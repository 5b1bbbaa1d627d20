//! `signet passwords`

use super::{Failure, Operations, Screen};
use std::path::PathBuf;

/// What is to be done about passwords.
#[derive(Debug, clap::Subcommand)]
pub(super) enum What {
    /// Make the list for `passwords.breached_list` from a downloaded list of hashes
    BuildFilter {
        /// The hashes: a SHA-1 in hexadecimal and a count a line (`7C4A8D…:37359195`), in order; `-` is stdin
        #[arg(value_name = "IN")]
        source: PathBuf,
        /// Where the list is written
        #[arg(value_name = "OUT")]
        target: PathBuf,
        /// Leave out what was seen less often
        #[arg(long, value_name = "N", default_value_t = 1)]
        min_count: u64,
    },
}

/// What became of a list of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterBuilt {
    /// Passwords in the list.
    pub entries: u64,
    /// How many were seen too seldom.
    pub left_out: u64,
    /// Length of the file, in bytes.
    pub bytes: u64,
}

pub(super) fn run(what: What, operations: &impl Operations, screen: &mut Screen<'_>) -> Result<(), Failure> {
    let What::BuildFilter { source, target, min_count } = what;
    let FilterBuilt { entries, left_out, bytes } = operations.build_filter(&source, &target, min_count)?;
    let target = target.display();
    let rest = match left_out {
        0 => String::new(),
        left_out => format!("; {left_out} seen less than {min_count} times left out"),
    };
    screen.say(format_args!("{target}: {entries} passwords, {bytes} bytes{rest}"));
    screen.note("name it in `passwords.breached_list`; a running server has to be started anew");
    Ok(())
}

//! What the benchmark was asked to do.

use std::path::PathBuf;

const USAGE: &str = "\
usage: signet-bench [--quick] [--only TEXT] [--postgres URL] [--redis URL] [--server FILE] [--token-issue HOW]

  --quick          short runs: for a first look, not for figures to keep
  --only TEXT      operations whose name contains TEXT; `lists`: the administration API's lists, on a million rows
  --postgres URL   an empty PostgreSQL database in place of SQLite
  --redis URL      with Redis
  --server FILE    a server binary other than this one
  --token-issue HOW  `audit.token_issue` of the server";

/// The command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) quick: bool,
    only: Option<String>,
    pub(super) postgres: Option<String>,
    pub(super) redis: Option<String>,
    pub(super) server: Option<PathBuf>,
    pub(super) token_issue: Option<String>,
}

impl Options {
    /// Reads the arguments; the error is what to print.
    pub(super) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value\n\n{USAGE}"));
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--only" => options.only = Some(value()?),
                "--postgres" => options.postgres = Some(value()?),
                "--redis" => options.redis = Some(value()?),
                "--token-issue" => options.token_issue = Some(value()?),
                "--server" => options.server = Some(value()?.into()),
                _ => return Err(format!("unknown argument {argument}\n\n{USAGE}")),
            }
        }
        Ok(options)
    }

    /// Whether the operation of this name is to be measured.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|text| name.contains(text.as_str()))
    }

    /// Whether nothing else is: such a measurement takes minutes to set up.
    pub(super) fn is_only(&self, name: &str) -> bool {
        self.only.as_deref() == Some(name)
    }

    /// How often each measurement is repeated; the median counts.
    pub(super) fn rounds(&self) -> usize {
        if self.quick { 1 } else { 3 }
    }

    /// How often a quiet phase and a flood take turns: what waits at the far end of the line varies most.
    pub(super) fn flood_rounds(&self) -> usize {
        if self.quick { 1 } else { 7 }
    }

    /// A number of repetitions, cut down for a quick run.
    pub(super) fn scale(&self, count: u64) -> u64 {
        if self.quick { count.div_ceil(4) } else { count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn arguments_are_read() {
        let options = parse("--quick --only refresh --redis redis://localhost/").unwrap();
        assert!(options.quick && options.wants("a refresh") && !options.wants("JWKS"));
        assert_eq!(options.redis.as_deref(), Some("redis://localhost/"));
        assert!(parse("").unwrap().wants("JWKS"));
    }

    #[test]
    fn an_unknown_argument_or_a_missing_value_shows_the_usage() {
        for line in ["--fast", "--only"] {
            assert!(parse(line).unwrap_err().contains("usage: "), "{line}");
        }
    }
}

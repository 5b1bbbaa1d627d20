//! `signet doctor`: one line for each thing that could stop or weaken the server, with the mend.

use super::{Failure, Operations, Screen};
use crate::config::{Config, ConfigError, Warning, master_key, tls};
use signet_service::doctor::{Condition, Finding};
use std::path::Path;

pub(super) fn run(
    file: Option<&Path>,
    loaded: Result<(Config, Vec<Warning>), ConfigError>,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let mut findings = Vec::new();
    match loaded {
        Ok((config, warnings)) => {
            findings.push(match file {
                Some(file) => Finding::good("configuration", file.display()),
                None => Finding::good("configuration", "the embedded default; there is no signet.toml"),
            });
            findings.extend(warnings.iter().map(|warning| Finding::weak("configuration", warning)));
            findings.extend(of_configuration(&config));
            findings.extend(operations.diagnose(&config));
        }
        Err(error) => {
            findings.extend(error.problems.iter().map(|problem| Finding::bad("configuration", problem)))
        }
    }
    for finding in &findings {
        screen.say(finding);
    }
    match findings.iter().filter(|finding| finding.condition != Condition::Good).count() {
        0 => Ok(()),
        1 => Err(Failure::Failed("1 thing to mend".to_owned())),
        count => Err(Failure::Failed(format!("{count} things to mend"))),
    }
}

/// What the files are like that the configuration names.
pub fn of_configuration(config: &Config) -> [Finding; 2] {
    [master_key(config), tls(config)]
}

fn master_key(config: &Config) -> Finding {
    match master_key::load(config) {
        Ok(Some(_)) => Finding::good("master key", "present, and readable by nobody else"),
        Ok(None) => Finding::good("master key", "not there yet; it is made on first start"),
        Err(error) => Finding::bad("master key", error),
    }
}

fn tls(config: &Config) -> Finding {
    let issuer = &config.server.issuer;
    match config.server.tls.as_ref().map(tls::load) {
        Some(Ok(_)) => Finding::good("TLS", "certificate and key belong together"),
        Some(Err(error)) => Finding::bad("TLS", error),
        None if issuer.is_https() => Finding::good("TLS", "left to a proxy"),
        None => Finding::good("TLS", format_args!("none; the issuer {issuer} is this machine")),
    }
}

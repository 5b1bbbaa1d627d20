//! `signet keys`

use super::{Failure, Operations, Screen};
use crate::config::Config;
use chrono::SecondsFormat;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::environment::Moment;
use signet_protocol::id::KeyId;
use signet_protocol::secret::Secret;
use std::path::PathBuf;

/// What is to be done with the keys.
#[derive(Debug, clap::Subcommand)]
pub(super) enum What {
    /// Every key, and what it is doing
    List,
    /// Replace the working signing key, of one algorithm or of all
    Rotate {
        /// Only keys of this algorithm
        #[arg(long, value_name = "ALG", value_parser = algorithm())]
        alg: Option<SigningAlg>,
    },
    /// Take in a private key that was made elsewhere
    Import {
        /// PEM (PKCS#8, SEC1, PKCS#1) or JWK
        file: PathBuf,
        /// The algorithm it is for, if the key does not say
        #[arg(long, value_name = "ALG", value_parser = algorithm())]
        alg: Option<SigningAlg>,
    },
    /// Withdraw a key that someone else may hold: what it signed counts no more
    Revoke {
        /// The key's id, as `signet keys list` shows it
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Seal all keys and secrets with the present master key, so that earlier ones can go
    Reseal,
}

/// A key, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// Its id.
    pub kid: KeyId,
    /// `ES256`, …, or what else it is for.
    pub algorithm: String,
    /// `next`, `current`, `retiring`, `retired` or `revoked`.
    pub state: String,
    /// From when it signs.
    pub activates_at: Moment,
    /// Until when it signs, if that is known.
    pub retires_at: Option<Moment>,
}

/// A change of the key that signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyTurn {
    /// The key that signs then.
    pub kid: KeyId,
    /// Its algorithm.
    pub algorithm: String,
    /// From when: a key is published for a while before it signs.
    pub effective_at: Moment,
}

fn algorithm() -> impl TypedValueParser<Value = SigningAlg> {
    PossibleValuesParser::new(SigningAlg::ALL.map(SigningAlg::as_str)).try_map(|name| {
        SigningAlg::ALL.into_iter().find(|known| known.as_str() == name).ok_or("no such algorithm")
    })
}

pub(super) fn run(
    config: &Config,
    what: What,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    match what {
        What::List => list(&operations.list_keys(config)?, screen),
        What::Rotate { alg } => {
            for turn in operations.rotate_keys(config, alg)? {
                say_turn(&turn, screen);
            }
        }
        What::Import { file, alg } => {
            let material = std::fs::read(&file).map(Secret::new).map_err(|error| {
                let file = file.display();
                Failure::Failed(format!("cannot read {file}: {error}; check the path and its permissions"))
            })?;
            say_turn(&operations.import_key(config, material, alg)?, screen);
        }
        What::Revoke { kid } => {
            operations.revoke_key(config, &KeyId::new(kid.as_str()))?;
            screen.say(format_args!("{kid} is revoked"));
        }
        What::Reseal => {
            let count = operations.reseal_keys(config)?;
            screen.say(format_args!("{count} resealed"));
            screen.note(
                "`keys.previous_master_keys` can go once every server runs with the present master key",
            );
        }
    }
    Ok(())
}

fn say_turn(turn: &KeyTurn, screen: &mut Screen<'_>) {
    screen.say(format_args!("{} {} signs from {}", turn.algorithm, turn.kid, second(turn.effective_at)));
}

fn list(keys: &[KeyLine], screen: &mut Screen<'_>) {
    let row = |kid: &str, algorithm: &str, state: &str, from: &str, until: &str| {
        format!("{kid:<43}  {algorithm:<9}  {state:<8}  {from:<20}  {until}").trim_end().to_owned()
    };
    screen.say(row("KID", "FOR", "STATE", "SIGNS FROM", "UNTIL"));
    for key in keys {
        let until = key.retires_at.map(second).unwrap_or_default();
        screen.say(row(key.kid.as_str(), &key.algorithm, &key.state, &second(key.activates_at), &until));
    }
}

fn second(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

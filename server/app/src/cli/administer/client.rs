//! `signet client`.

use super::fields::Fields;
use super::{Failure, Manner, sure};
use clap::Subcommand;
use serde_json::{Map, Value};

/// What is asked about clients.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientTask {
    /// All that match.
    List {
        /// A text that name or identifier hold.
        search: Option<String>,
    },
    /// One.
    Show(String),
    /// A new one, of these fields.
    Create(Map<String, Value>),
    /// Other values for some fields of one (RFC 7396).
    Change(String, Map<String, Value>),
    /// A new secret.
    RotateSecret {
        /// Whose.
        client_id: String,
        /// For how many seconds the present one goes on.
        overlap: Option<u32>,
    },
    /// One less.
    Remove(String),
}

/// What is to be done with clients.
#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Every client, or those that match
    List {
        /// A text that name or identifier hold
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        manner: Manner,
    },
    /// One client
    Show {
        /// Its identifier
        #[arg(value_name = "CLIENT_ID", allow_hyphen_values = true)]
        client_id: String,
        #[command(flatten)]
        manner: Manner,
    },
    /// Register a client; a secret is made, if it needs one, and printed once
    Create {
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        manner: Manner,
    },
    /// Change fields of a client; null takes one away
    Change {
        /// Its identifier
        #[arg(value_name = "CLIENT_ID", allow_hyphen_values = true)]
        client_id: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        manner: Manner,
    },
    /// Give a client a new secret; the present one goes on for a while
    RotateSecret {
        /// Its identifier
        #[arg(value_name = "CLIENT_ID", allow_hyphen_values = true)]
        client_id: String,
        /// For how many seconds the present secret goes on [default: 86400]
        #[arg(long, value_name = "SECONDS")]
        overlap: Option<u32>,
        #[command(flatten)]
        manner: Manner,
    },
    /// Remove a client; everything that was issued to it ends
    Remove {
        /// Its identifier
        #[arg(value_name = "CLIENT_ID", allow_hyphen_values = true)]
        client_id: String,
        /// It is meant
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        manner: Manner,
    },
}

impl What {
    pub(super) fn read(self) -> Result<(ClientTask, Manner), Failure> {
        Ok(match self {
            Self::List { search, manner } => (ClientTask::List { search }, manner),
            Self::Show { client_id, manner } => (ClientTask::Show(client_id), manner),
            Self::Create { fields, manner } => (ClientTask::Create(fields.read()?), manner),
            Self::Change { client_id, fields, manner } => {
                (ClientTask::Change(client_id, fields.read()?), manner)
            }
            Self::RotateSecret { client_id, overlap, manner } => {
                (ClientTask::RotateSecret { client_id, overlap }, manner)
            }
            Self::Remove { client_id, yes, manner } => {
                sure(
                    yes,
                    &format!("nobody can sign in to {client_id} any more, and its grants and tokens end"),
                )?;
                (ClientTask::Remove(client_id), manner)
            }
        })
    }
}

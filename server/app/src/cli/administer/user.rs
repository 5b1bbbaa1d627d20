//! `signet user`.

use super::{Failure, Manner, sure};
use crate::cli::Invitation;
use clap::Subcommand;

/// What is asked about people. Who is meant is said by user name, email address or identifier.
#[derive(Clone, Debug, PartialEq)]
pub enum UserTask {
    /// All who match.
    List {
        /// A text that user name, address or name hold.
        search: Option<String>,
    },
    /// One.
    Show(String),
    /// Somebody new, by invitation.
    Invite(Invitation),
    /// Nobody can sign in as them any more.
    Disable(String),
    /// They can again.
    Enable(String),
    /// Limits that hold them back forget them.
    Unlock(String),
    /// All their sessions and grants end.
    EndAll(String),
}

/// What is to be done with people.
#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Everybody, or those who match
    List {
        /// A text that user name, address or name hold
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        manner: Manner,
    },
    /// One person
    Show(One),
    /// Offer somebody an account
    Invite {
        /// The email address that the invitation goes to
        #[arg(value_name = "EMAIL")]
        email: String,
        /// Their name, as far as it is known
        #[arg(long)]
        name: Option<String>,
        /// A role that they will have; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// The language of the invitation
        #[arg(long, value_name = "TAG")]
        language: Option<String>,
        #[command(flatten)]
        manner: Manner,
    },
    /// Nobody can sign in as this person any more; their sessions and grants end
    Disable(One),
    /// They can sign in again
    Enable(One),
    /// Limits that hold this person back forget them; only a running server can do that
    Unlock(One),
    /// End every session and grant of this person
    EndAll {
        #[command(flatten)]
        one: One,
        /// It is meant
        #[arg(long)]
        yes: bool,
    },
}

/// Who is meant.
#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// User name, email address or identifier
    #[arg(value_name = "USER", allow_hyphen_values = true)]
    user: String,
    #[command(flatten)]
    manner: Manner,
}

impl What {
    pub(super) fn read(self) -> Result<(UserTask, Manner), Failure> {
        Ok(match self {
            Self::List { search, manner } => (UserTask::List { search }, manner),
            Self::Show(One { user, manner }) => (UserTask::Show(user), manner),
            Self::Invite { email, name, roles, language, manner } => {
                let address = email.trim().to_owned();
                (UserTask::Invite(Invitation { address, name, roles, language }), manner)
            }
            Self::Disable(One { user, manner }) => (UserTask::Disable(user), manner),
            Self::Enable(One { user, manner }) => (UserTask::Enable(user), manner),
            Self::Unlock(One { user, manner }) => (UserTask::Unlock(user), manner),
            Self::EndAll { one: One { user, manner }, yes } => {
                sure(
                    yes,
                    &format!("{user} is signed out everywhere, and every application loses its access"),
                )?;
                (UserTask::EndAll(user), manner)
            }
        })
    }
}

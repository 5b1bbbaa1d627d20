//! `signet invite`: offers somebody an account.

use super::{Failure, Operations, Screen};
use crate::config::Config;
use signet_protocol::secret::Secret;

/// What `invite` is told.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The email address that the invitation goes to, and that the account will have
    #[arg(value_name = "EMAIL")]
    email: String,
    /// Their name, as far as it is known; they can change it
    #[arg(long)]
    name: Option<String>,
    /// A role that they will have; may be given several times
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// The language of the invitation, such as de [default: branding.language]
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
}

/// Whom to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The address that it goes to.
    pub address: String,
    /// What they are called.
    pub name: Option<String>,
    /// Which roles they will have.
    pub roles: Vec<String>,
    /// The language that it is written in.
    pub language: Option<String>,
}

/// What came of an invitation.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Its link, if it was not sent by mail.
    pub link: Option<Secret<String>>,
    /// How many days it is good for.
    pub days: u32,
}

pub(super) fn run(
    config: &Config,
    arguments: Arguments,
    operations: &impl Operations,
    screen: &mut Screen<'_>,
) -> Result<(), Failure> {
    let Arguments { email, name, roles, language } = arguments;
    let address = email.trim().to_owned();
    let invitation = Invitation { address: address.clone(), name, roles, language };
    let Invited { link, days } = operations.invite(config, invitation)?;
    match link {
        None => {
            screen.say(format_args!("an invitation to {address} is on its way; it is good for {days} days"))
        }
        Some(link) => {
            screen.say(link.expose());
            screen.note(format_args!(
                "no mail leaves this server: give {address} this link yourself. It is shown this once, works once, and is \
                 good for {days} days."
            ));
        }
    }
    Ok(())
}

//! Mail, as the commands see it: an invitation, and what `doctor` says.

use super::CommandLine;
use crate::boot;
use crate::cli::{Failure, Finding, Invitation, Invited};
use crate::config::{Config, mail, master_key};
use signet_service::admin::{self, Actor, Invite};
use signet_service::deployment::Deployment;
use signet_service::mail::{Target, Undelivered};
use std::sync::Arc;

/// Invites somebody, and has a running server send it.
pub(super) async fn invite(
    command: &CommandLine,
    config: &Config,
    deployment: &Deployment,
    invitation: Invitation,
) -> Result<Invited, Failure> {
    let master = master_key::load_or_create(config, &command.random).map_err(Failure::of)?;
    let master = Arc::new(boot::master_keys(&master).map_err(Failure::of)?);
    let is_on = !matches!(config.mail.target, Target::None);
    let mails = deployment.mails(master, (command.clock.clone(), command.random.clone()), is_on);
    let Invitation { address, name, roles, language } = invitation;
    let invite = Invite { address, name, roles, language };
    let admin = deployment.admin(command.clock.clone(), command.random.clone(), boot::hashing(config));
    let issuer = config.server.issuer.as_str();
    let invited = admin.invite(invite, (&mails, issuer), &Actor::command_line()).await;
    let admin::Invited { link, days } = invited.map_err(Failure::of)?;
    Ok(Invited { link, days })
}

/// Whether mails can leave.
pub(super) async fn way_out(config: &Config) -> Finding {
    let way = match mail::way(config) {
        Ok(way) => way,
        Err(error) => return Finding::bad("mail", error),
    };
    let (Some((transport, _)), folder) = (way, mail::folder(config)) else {
        return Finding::good(
            "mail",
            "none is sent: mail.url is `none`, so nobody can replace a forgotten password",
        );
    };
    match (transport.check().await, folder) {
        (Ok(()), None) => Finding::good("mail", "the mail server answers and lets this server in"),
        (Ok(()), Some(folder)) => {
            Finding::good("mail", format_args!("none is sent: mails are files in {folder}"))
        }
        (Err(reason), _) => Finding::weak("mail", format_args!("{reason}; check mail.url")),
    }
}

/// What became of the mails so far.
pub(super) async fn queue(deployment: &Deployment) -> Finding {
    let migrations = deployment.migrations().await.unwrap_or_default();
    if migrations.iter().any(|migration| !migration.applied) {
        return Finding::good("mail queue", "not looked at before the schema is up to date");
    }
    match deployment.undelivered_mails().await {
        Ok(Undelivered { failing: 0, waiting, dead: 0 }) => {
            Finding::good("mail queue", format_args!("{waiting} waiting"))
        }
        Ok(Undelivered { failing, dead, .. }) => Finding::weak(
            "mail queue",
            format_args!(
                "{dead} given up within a week, {failing} failed and are tried again: the table `mails` and the log say why"
            ),
        ),
        Err(error) => Finding::bad("mail queue", error),
    }
}

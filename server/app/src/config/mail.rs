//! `[mail]`: where mails go, and in whose name.

use super::reader::Reader;
use super::{Config, Warning};
use signet_service::mail::{Sender, Target, Transport};
use std::path::PathBuf;
use std::time::Duration;

/// `[mail]`
#[derive(Clone, Debug)]
pub struct Mail {
    /// Where mails go.
    pub target: Target,
    /// Whom they are from; none: `no-reply` at the issuer's host.
    pub from: Option<Sender>,
    /// How long the mail server may take for each answer, in seconds.
    pub timeout: u32,
    /// PEM file with certificates to trust for it besides the public ones.
    pub extra_ca: Option<PathBuf>,
}

impl Mail {
    pub(super) fn embedded() -> Self {
        Self { target: Target::Folder(PathBuf::from("data/mail")), from: None, timeout: 20, extra_ca: None }
    }
}

/// Why mails cannot be sent as configured.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The certificates cannot be read.
    #[error("mail.extra_ca: {} cannot be read: {error}; check the path and its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The certificates, or the host of `mail.url`, cannot be used for TLS.
    #[error(
        "mail.url, mail.extra_ca: {0}; the file must hold certificates in PEM, and the host must be a name or address"
    )]
    Authority(#[from] signet_service::mail::InvalidAuthority),
    /// There is no address to send from.
    #[error("mail.from: there is none, and no-reply@{0} is no address; set it")]
    Sender(String),
}

/// The way for mails to leave, and in whose name they do; none if they do not.
pub fn way(config: &Config) -> Result<Option<(Transport, Sender)>, MailError> {
    let Mail { target, from, timeout, extra_ca } = &config.mail;
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|error| MailError::Unreadable { path: path.clone(), error })
    };
    let authority = extra_ca.as_ref().map(read).transpose()?;
    let host = config.server.issuer.mail_domain();
    let timeout = Duration::from_secs((*timeout).into());
    let Some(transport) = Transport::new(target, timeout, authority.as_deref(), &host)? else {
        return Ok(None);
    };
    let own = || Sender::parse(&format!("no-reply@{host}")).map_err(|_| MailError::Sender(host.clone()));
    let sender = from.clone().map_or_else(own, Ok)?;
    Ok(Some((transport, sender.or_called(&config.branding.product_name))))
}

/// The folder that mails are written into, if that is where they go.
pub fn folder(config: &Config) -> Option<String> {
    match &config.mail.target {
        Target::Folder(folder) => Some(folder.display().to_string()),
        Target::None | Target::Smtp(_) => None,
    }
}

pub(super) fn check(reader: &mut Reader, config: &mut Config) {
    match reader.secret("mail.url").map(|url| Target::parse(url.expose())) {
        Some(Ok(target)) => config.mail.target = target,
        Some(Err(invalid)) => reader.refuse("mail.url", invalid.wrong, invalid.mend),
        // A folder is of use to whoever sits at this machine.
        None if !config.server.issuer.is_loopback() => config.mail.target = Target::None,
        None => {}
    }
    reader.parsed("mail.from", &mut config.mail.from, |text| {
        let refused = |_| {
            let mend = "write it like no-reply@example.com or Example <no-reply@example.com>".to_owned();
            (format!("`{text}` is no mail address"), mend)
        };
        Sender::parse(text).map(Some).map_err(refused)
    });
    reader.number("mail.timeout", 1..=60, &mut config.mail.timeout);
    config.mail.extra_ca = reader.existing("mail.extra_ca", false);
}

pub(super) fn advice(config: &Config) -> Option<Warning> {
    let folder = folder(config).filter(|_| !config.server.issuer.is_loopback())?;
    let text =
        format!("`mail.url` is the folder {folder}: people do not get the mails that are written there");
    Some(Warning(text))
}

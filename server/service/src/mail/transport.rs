//! The way out: a mail server, or a folder.

use super::target::{SmtpServer, Target, Tls};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls as SmtpTls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::error::Error as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest that one mail may take, from the connection to the server's last word.
const PATIENCE: Duration = Duration::from_secs(90);

/// A way for mails to leave.
#[derive(Clone, Debug)]
pub struct Transport(Way);

#[derive(Clone, Debug)]
enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// A certificate authority or a server name that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the certificates, or the server's name, cannot be used for TLS")]
pub struct InvalidAuthority;

/// Why a mail did not leave. The texts hold nothing of the mail: a server may repeat a link of it in its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The same mail may get through later.
    ForNow(String),
    /// The server wants no mail for this address.
    ForGood(String),
}

impl Transport {
    /// The way to `target`, if there is one. `timeout` is for each of a server's answers; `authority`: certificates (PEM) to
    /// trust besides the public ones; `name`: what to call this server in its greeting.
    pub fn new(
        target: &Target,
        timeout: Duration,
        authority: Option<&[u8]>,
        name: &str,
    ) -> Result<Option<Self>, InvalidAuthority> {
        Ok(match target {
            Target::None => None,
            Target::Folder(folder) => Some(Self(Way::Folder(folder.clone()))),
            Target::Smtp(server) => Some(Self(Way::Smtp(smtp(server, timeout, authority, name)?))),
        })
    }

    /// Whether it is usable now: the server answers and lets this one in; the folder is one, or not there yet. The error
    /// says why not.
    pub async fn check(&self) -> Result<(), String> {
        match &self.0 {
            Way::Folder(folder) if folder.exists() && !folder.is_dir() => {
                Err(format!("{} is no folder", folder.display()))
            }
            Way::Folder(_) => Ok(()),
            Way::Smtp(server) => match tokio::time::timeout(PATIENCE, server.test_connection()).await {
                Ok(Ok(true)) => Ok(()),
                Ok(Ok(false)) => Err("the mail server hung up".to_owned()),
                Ok(Err(error)) => Err(described(&error)),
                Err(_) => Err("the mail server takes too long to answer".to_owned()),
            },
        }
    }

    /// Hands a message over. `id` names it in a folder.
    pub(super) async fn send(&self, id: &str, message: Message) -> Result<(), Failure> {
        match &self.0 {
            Way::Folder(folder) => {
                let (folder, id, text) = (folder.clone(), id.to_owned(), message.formatted());
                let written = tokio::task::spawn_blocking(move || put(&folder, &id, &text)).await;
                let written = written.unwrap_or_else(|_| Err(io::Error::other("interrupted")));
                written
                    .map_err(|error| Failure::ForNow(format!("the file cannot be written: {}", error.kind())))
            }
            Way::Smtp(server) => match tokio::time::timeout(PATIENCE, server.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(failure(&error)),
                Err(_) => Err(Failure::ForNow("the mail server takes too long to answer".to_owned())),
            },
        }
    }
}

fn smtp(
    SmtpServer { host, port, tls, credentials }: &SmtpServer,
    timeout: Duration,
    authority: Option<&[u8]>,
    name: &str,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, InvalidAuthority> {
    let parameters = || {
        let mut builder = TlsParameters::builder(host.clone());
        if let Some(pem) = authority {
            builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(|_| InvalidAuthority)?);
        }
        builder.build_rustls().map_err(|_| InvalidAuthority)
    };
    let tls = match tls {
        Tls::Implicit => SmtpTls::Wrapper(parameters()?),
        Tls::StartTls => SmtpTls::Required(parameters()?),
        Tls::No => SmtpTls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.clone())
        .port(*port)
        .tls(tls)
        .timeout(Some(timeout))
        .hello_name(ClientId::Domain(name.to_owned()));
    if let Some((user, password)) = credentials {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
    }
    Ok(builder.build())
}

/// RFC 5321 §4.2.2: replies that are about the address itself. Others, permanent as they say they are, can be about this
/// server's configuration, which an operator mends.
fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let about_the_address =
        error.status().is_some_and(|code| matches!(code.to_string().as_str(), "550" | "551" | "553" | "556"));
    let text = described(error);
    if about_the_address { Failure::ForGood(text) } else { Failure::ForNow(text) }
}

fn described(error: &lettre::transport::smtp::Error) -> String {
    if let Some(code) = error.status() {
        let reply = error.source().map(ToString::to_string).unwrap_or_default();
        return match enhanced(&reply) {
            Some(enhanced) => format!("the mail server answered {code} {enhanced}"),
            None => format!("the mail server answered {code}"),
        };
    }
    let what = if error.is_timeout() {
        "the mail server takes too long to answer"
    } else if error.is_tls() || is_handshake(error) {
        "TLS with the mail server failed: check its certificate, and mail.extra_ca"
    } else if error.is_response() {
        "the mail server's answer cannot be understood"
    } else if error.is_client() {
        "the mail server does not offer what is needed: STARTTLS, or a way to give the password"
    } else {
        "the mail server cannot be reached"
    };
    what.to_owned()
}

/// Whether it is the handshake that failed, which counts as one of the connection's errors.
fn is_handshake(error: &lettre::transport::smtp::Error) -> bool {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let mut inner = causes.filter_map(|cause| cause.downcast_ref::<io::Error>()?.get_ref());
    inner.any(|inner| inner.is::<rustls::Error>())
}

/// The enhanced status code that a reply begins with (RFC 3463 §2), such as `5.1.1`.
fn enhanced(reply: &str) -> Option<&str> {
    let first = reply.split_ascii_whitespace().next()?;
    let parts: Vec<&str> = first.split('.').collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (parts.len() == 3 && parts.iter().all(number)).then_some(first)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a file that only this user can read. It appears whole: it is written beside, and renamed.
fn put(folder: &Path, id: &str, text: &[u8]) -> io::Result<()> {
    make_folder(folder)?;
    let beside = folder.join(format!(".{id}.new"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&beside)?.write_all(text)?;
    std::fs::rename(&beside, folder.join(format!("{id}.eml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_reply_only_its_codes_are_kept() {
        assert_eq!(enhanced("5.1.1 no such user: https://id.example.test/reset?token=x"), Some("5.1.1"));
        for reply in ["", "no such user", "5.1 x", "https://a.b.c x", "5.1.1111 x", "5..1 x"] {
            assert_eq!(enhanced(reply), None, "{reply}");
        }
    }
}

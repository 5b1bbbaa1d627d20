//! Where mails go, as an operator writes it: `smtp://`, `smtps://`, `file://` or `none`.

use signet_protocol::secret::Secret;
use std::path::PathBuf;
use url::{Host, Url};

/// Where mails go.
#[derive(Clone, Debug)]
pub enum Target {
    /// Nowhere: no mail is made.
    None,
    /// Into a folder, a file each, for development.
    Folder(PathBuf),
    /// To a mail server.
    Smtp(SmtpServer),
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    /// Its name, or its address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// The user name and password to give, if any.
    pub credentials: Option<(String, Secret<String>)>,
}

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte on (`smtps://`, RFC 8314 §3.3).
    Implicit,
    /// By STARTTLS, without which nothing is said (`smtp://`, RFC 3207).
    StartTls,
    /// Not at all, for a server on this machine.
    No,
}

/// What is wrong with a target, and the mend. Neither holds the value, in which there may be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wrong}; {mend}")]
pub struct InvalidTarget {
    /// What is wrong.
    pub wrong: &'static str,
    /// What to do about it.
    pub mend: &'static str,
}

impl Target {
    /// Reads `smtp://user:password@host:587`, `smtps://host`, `file://folder` (as it is, from the working directory unless
    /// it begins with a slash) or `none`.
    pub fn parse(text: &str) -> Result<Self, InvalidTarget> {
        if text == "none" {
            return Ok(Self::None);
        }
        if let Some(folder) = text.strip_prefix("file://") {
            let refused = InvalidTarget {
                wrong: "names no folder",
                mend: "write it like file:///var/lib/signet/mail or file://data/mail",
            };
            return if folder.is_empty() { Err(refused) } else { Ok(Self::Folder(PathBuf::from(folder))) };
        }
        let refused = InvalidTarget {
            wrong: "is no address of a mail server",
            mend: "write it like smtp://user:password@mail.example.com:587, or file://data/mail, or none",
        };
        let url = Url::parse(text).map_err(|_| refused)?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidTarget { wrong: "has something after the port", mend: "end it there" });
        }
        let (host, is_loopback) = match url.host().ok_or(refused)? {
            // The parser knows no special rules for this scheme: an address is still a domain to it.
            Host::Domain(domain) => match domain.parse::<std::net::Ipv4Addr>() {
                Ok(address) => (address.to_string(), address.is_loopback()),
                Err(_) => (domain.to_owned(), domain.eq_ignore_ascii_case("localhost")),
            },
            Host::Ipv4(address) => (address.to_string(), address.is_loopback()),
            Host::Ipv6(address) => (address.to_string(), address.is_loopback()),
        };
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::Implicit, 465),
            "smtp" if is_loopback => (Tls::No, 25),
            "smtp" => (Tls::StartTls, 587),
            _ => return Err(refused),
        };
        let port = url.port().unwrap_or(port);
        Ok(Self::Smtp(SmtpServer { host, port, tls, credentials: credentials(&url)? }))
    }
}

fn credentials(url: &Url) -> Result<Option<(String, Secret<String>)>, InvalidTarget> {
    let refused = InvalidTarget {
        wrong: "has a user name or a password that cannot be read",
        mend: "give both, with special characters percent-encoded",
    };
    let decoded = |text: &str| percent_decoded(text).ok_or(refused);
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(refused),
        (user, Some(password)) => Ok(Some((decoded(user)?, Secret::new(decoded(password)?)))),
    }
}

/// RFC 3986 §2.1.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(text: &str) -> SmtpServer {
        match Target::parse(text) {
            Ok(Target::Smtp(server)) => server,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn nothing_is_said_without_tls_except_on_this_machine() {
        for (text, tls, port) in [
            ("smtp://mail.example.com", Tls::StartTls, 587),
            ("smtp://mail.example.com:25", Tls::StartTls, 25),
            ("smtp://192.0.2.7", Tls::StartTls, 587),
            ("smtp://localhost.example.com", Tls::StartTls, 587),
            ("smtps://mail.example.com/", Tls::Implicit, 465),
            ("smtps://localhost:4465", Tls::Implicit, 4465),
            ("smtp://localhost", Tls::No, 25),
            ("smtp://127.0.0.1:2525", Tls::No, 2525),
            ("smtp://[::1]:2525", Tls::No, 2525),
        ] {
            let server = smtp(text);
            assert_eq!((server.tls, server.port), (tls, port), "{text}");
        }
        assert_eq!(smtp("smtp://[::1]:2525").host, "::1");
    }

    #[test]
    fn passwords_may_hold_any_character_and_are_not_shown() {
        let server = smtp("smtps://mailer%40example.com:p%40ss%3A%2F%25@mail.example.com");
        let (user, password) = server.credentials.clone().unwrap();
        assert_eq!((user.as_str(), password.expose().as_str()), ("mailer@example.com", "p@ss:/%"));
        assert!(!format!("{server:?}").contains("p@ss"));
    }

    #[test]
    fn folders_are_taken_as_they_are_written() {
        for (text, folder) in [("file://data/mail", "data/mail"), ("file:///var/mail", "/var/mail")] {
            assert!(matches!(Target::parse(text), Ok(Target::Folder(path)) if path.as_os_str() == folder));
        }
        assert!(matches!(Target::parse("none"), Ok(Target::None)));
    }

    #[test]
    fn anything_else_is_refused_without_repeating_it() {
        for text in [
            "",
            "file://",
            "mail.example.com",
            "https://mail.example.com",
            "smtp://",
            "smtp://user@mail.example.com",
            "smtp://:hunter2@mail.example.com",
            "smtp://user:hunter2%@mail.example.com",
            "smtp://user:hunter2%ff@mail.example.com",
            "smtps://user:hunter2@mail.example.com/ehlo",
            "smtps://user:hunter2@mail.example.com?tls=off",
            "smtps://user:hunter2@mail.example.com:99999",
        ] {
            let refused = Target::parse(text).map(drop).unwrap_err().to_string();
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }
}

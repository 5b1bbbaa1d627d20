//! Where seals, and events with them, are sent as they are made: out of reach of whoever can write the database.
//!
//! Each sink has a task of its own, so that one that fails holds up neither the sealing nor the others. How far it got is in
//! the database: after a restart, or on another node, it goes on there, and sends again what was under way.

mod file;
mod https;
mod shipping;
mod syslog;

pub use shipping::Sinks;

use signet_protocol::secret::Secret;
use std::path::PathBuf;
use url::Url;

/// A sink, as the operator set it up.
#[derive(Clone, Debug)]
pub struct SinkSettings {
    /// What names it: how far it got is kept under this name.
    pub name: String,
    /// Whether it gets the events of each seal, too.
    pub events: bool,
    /// What it is.
    pub target: SinkTarget,
}

/// What a sink is.
#[derive(Clone, Debug)]
pub enum SinkTarget {
    /// A file that lines are added to.
    File {
        /// Its path.
        path: PathBuf,
        /// Whether each batch is on the disk before the next.
        fsync: bool,
    },
    /// A syslog server (RFC 5424).
    Syslog {
        /// Its name or address.
        host: String,
        /// Its port.
        port: u16,
        /// How messages get there.
        transport: SyslogTransport,
        /// Certificates (PEM) that are trusted besides the public ones.
        authority: Option<PathBuf>,
    },
    /// An https address that lines of JSON are posted to.
    Https {
        /// The address.
        url: Url,
        /// What is sent as a bearer token.
        token: Option<Secret<String>>,
        /// Whether it may be on a private network.
        private: bool,
        /// Certificates (PEM) that are trusted besides the public ones.
        authority: Option<PathBuf>,
    },
}

/// How syslog messages get to their server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyslogTransport {
    /// A datagram each (RFC 5426). What is lost on the way is not missed by anybody.
    Udp,
    /// A stream (RFC 6587, octet counting).
    Tcp,
    /// The same within TLS (RFC 5425).
    Tls,
}

impl SyslogTransport {
    /// By its scheme in the configuration.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "udp" => Some(Self::Udp),
            "tcp" => Some(Self::Tcp),
            "tls" => Some(Self::Tls),
            _ => None,
        }
    }
}

/// Why something did not reach its sink. It holds no secret.
#[derive(Debug, thiserror::Error)]
enum SinkError {
    /// The file, or the connection.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] signet_store::StoreError),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] crate::outbound::TlsSetup),
    /// The address is refused, or does not answer.
    #[error(transparent)]
    Outbound(#[from] crate::outbound::OutboundError),
    /// A seal in the database is none.
    #[error("seal {0} cannot be read: run `signet audit verify`")]
    Unreadable(i64),
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// `seal`, or the event's name.
    kind: String,
    /// When it was made, RFC 3339.
    at: String,
    /// An object of JSON, without a line break.
    json: String,
}

/// Lines as a file and a request have them.
fn joined(lines: &[Line]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.json.len() + 1).sum());
    for line in lines {
        text.push_str(&line.json);
        text.push('\n');
    }
    text
}

/// The open end of a sink.
enum Out {
    File(file::FileSink),
    Syslog(syslog::SyslogSink),
    Https(Box<https::HttpsSink>),
}

impl Out {
    fn of(target: &SinkTarget, host: &str) -> Result<Self, SinkError> {
        Ok(match target {
            SinkTarget::File { path, fsync } => Self::File(file::FileSink::new(path.clone(), *fsync)),
            SinkTarget::Syslog { host: server, port, transport, authority } => {
                let place = (server.clone(), *port);
                Self::Syslog(syslog::SyslogSink::new(place, *transport, authority.as_deref(), host)?)
            }
            SinkTarget::Https { url, token, private, authority } => {
                let permitted = (*private, authority.as_deref());
                Self::Https(Box::new(https::HttpsSink::new(url.clone(), token.clone(), permitted)?))
            }
        })
    }

    /// Lets go of the sink, so that what was sent arrives.
    async fn close(&mut self) {
        if let Self::Syslog(syslog) = self {
            syslog.close().await;
        }
    }

    async fn send(&mut self, lines: Vec<Line>) -> Result<(), SinkError> {
        match self {
            Self::File(file) => file.send(lines).await,
            Self::Syslog(syslog) => syslog.send(&lines).await,
            Self::Https(https) => https.send(&lines).await,
        }
    }
}

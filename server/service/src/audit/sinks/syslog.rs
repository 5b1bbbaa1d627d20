//! Syslog messages (RFC 5424) by UDP (RFC 5426), TCP (RFC 6587 §3.4.1) or TLS (RFC 5425).

use super::{Line, SinkError, SyslogTransport};
use crate::outbound;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// RFC 5424 §6.2.1: facility 13 (log audit), severity 6 (informational).
const PRIORITY: u8 = 13 * 8 + 6;
/// The longest that a connection, or one message, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the server has to hang up at the end.
const FAREWELL: Duration = Duration::from_secs(2);
/// What a datagram holds of a message, in bytes: UDP carries no more.
const DATAGRAM: usize = 60_000;

pub(super) struct SyslogSink {
    place: (String, u16),
    transport: SyslogTransport,
    tls: Option<Arc<ClientConfig>>,
    /// This server's name, as messages have it.
    host: String,
    stream: Option<Box<dyn Stream>>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

impl SyslogSink {
    pub fn new(
        place: (String, u16),
        transport: SyslogTransport,
        authority: Option<&Path>,
        host: &str,
    ) -> Result<Self, SinkError> {
        let tls = match transport {
            SyslogTransport::Tls => Some(Arc::new(outbound::tls(authority)?)),
            SyslogTransport::Udp | SyslogTransport::Tcp => None,
        };
        Ok(Self { place, transport, tls, host: host.to_owned(), stream: None })
    }

    pub async fn send(&mut self, lines: &[Line]) -> Result<(), SinkError> {
        if self.transport == SyslogTransport::Udp {
            return Ok(self.datagrams(lines).await?);
        }
        let mut stream = self.open().await?;
        for line in lines {
            let message = message(line, &self.host);
            // RFC 6587 §3.4.1: the message's length in octets comes before it.
            let framed = format!("{} {message}", message.len());
            within(stream.write_all(framed.as_bytes())).await?;
        }
        within(stream.flush()).await?;
        // A stream on which something failed is not used again.
        self.stream = Some(stream);
        Ok(())
    }

    async fn datagrams(&self, lines: &[Line]) -> io::Result<()> {
        let place = (self.place.0.as_str(), self.place.1);
        let to = tokio::net::lookup_host(place).await?.next();
        let to = to.ok_or_else(|| io::Error::other("the server's name has no address"))?;
        let from: std::net::SocketAddr =
            if to.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
        let socket = UdpSocket::bind(from).await?;
        for line in lines {
            let message = message(line, &self.host);
            let cut = message.floor_char_boundary(DATAGRAM);
            socket.send_to(&message.as_bytes()[..cut], to).await?;
        }
        Ok(())
    }

    /// Ends the stream so that what was sent arrives: whoever only lets go of it while something is unread (a ticket for the
    /// next TLS session) resets it, and the server may lose what it has not taken yet.
    pub async fn close(&mut self) {
        let Some(mut stream) = self.stream.take() else { return };
        if within(stream.shutdown()).await.is_ok() {
            let mut rest = [0; 1024];
            let to_the_end = async { while stream.read(&mut rest).await.is_ok_and(|length| length > 0) {} };
            // Some servers never hang up.
            let _ = timeout(FAREWELL, to_the_end).await;
        }
    }

    /// The stream that there is, unless the server has hung up meanwhile.
    async fn open(&mut self) -> io::Result<Box<dyn Stream>> {
        if let Some(mut stream) = self.stream.take()
            && !has_ended(&mut *stream).await
        {
            return Ok(stream);
        }
        within(self.connect()).await
    }

    async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect((self.place.0.as_str(), self.place.1)).await?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(self.place.0.clone()).map_err(io::Error::other)?;
        Ok(Box::new(TlsConnector::from(tls.clone()).connect(name, stream).await?))
    }
}

async fn within<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the server takes too long");
    timeout(PATIENCE, work).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}

/// Whether the server has hung up: it has nothing to say otherwise.
async fn has_ended(stream: &mut dyn Stream) -> bool {
    let mut byte = [0];
    timeout(Duration::ZERO, stream.read(&mut byte)).await.is_ok()
}

/// RFC 5424 §6. There is no structured data: the message is an object of JSON.
fn message(line: &Line, host: &str) -> String {
    let Line { kind, at, json } = line;
    format!("<{PRIORITY}>1 {at} {} signet - {} - {json}", field(host, 255), field(kind, 32))
}

/// RFC 5424 §6.2: printable ASCII of a bounded length, or nothing.
fn field(text: &str, longest: usize) -> String {
    let printable: String = text.chars().filter(char::is_ascii_graphic).take(longest).collect();
    if printable.is_empty() { "-".to_owned() } else { printable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_fields_that_the_standard_wants() {
        let line = Line {
            kind: "client_changed".to_owned(),
            at: "2026-01-02T03:04:05.678Z".to_owned(),
            json: "{\"id\":7}".to_owned(),
        };
        let expected = "<110>1 2026-01-02T03:04:05.678Z id.example.test signet - client_changed - {\"id\":7}";
        assert_eq!(message(&line, "id.example.test"), expected);
        let odd = Line { kind: "ä b\n".repeat(40), ..line };
        assert_eq!(
            message(&odd, ""),
            format!("<110>1 2026-01-02T03:04:05.678Z - signet - {} - {{\"id\":7}}", "b".repeat(32))
        );
    }
}

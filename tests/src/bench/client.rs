//! An HTTP/1.1 client that costs next to nothing: one connection, one request at a time.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A whole request as it goes over the wire.
pub(super) fn request(
    method: &str,
    path: &str,
    host: &str,
    headers: &[(&str, &str)],
    form: Option<&str>,
) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(form) = form {
        let length = form.len();
        text.push_str(&format!(
            "content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n"
        ));
    }
    text.push_str("\r\n");
    text.push_str(form.unwrap_or_default());
    text.into_bytes()
}

/// The answer that came last; its memory is used again for the next.
#[derive(Default)]
pub(super) struct Answer {
    bytes: Vec<u8>,
    /// Where the body begins.
    body: usize,
}

impl Answer {
    /// The status code.
    pub(super) fn status(&self) -> u16 {
        let code = self.bytes.get(9..12).and_then(|code| std::str::from_utf8(code).ok());
        code.and_then(|code| code.parse().ok()).expect("a status line")
    }

    /// Every header line.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let head = std::str::from_utf8(&self.bytes[..self.body]).expect("headers in ASCII");
        head.lines().skip(1).filter_map(|line| line.split_once(": "))
    }

    /// The first header of this name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The body.
    pub(super) fn body(&self) -> &str {
        std::str::from_utf8(&self.bytes[self.body..]).expect("a body in UTF-8")
    }

    /// Panics unless the status is this one.
    pub(super) fn expect(&self, status: u16) {
        assert_eq!(self.status(), status, "{}", String::from_utf8_lossy(&self.bytes));
    }
}

/// A connection that stays open.
pub(super) struct Connection {
    stream: TcpStream,
    answer: Answer,
}

impl Connection {
    /// Connects.
    pub(super) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
        stream.set_nodelay(true).expect("no delay");
        Self { stream, answer: Answer::default() }
    }

    /// Sends a request and reads its whole answer, which must say its `content-length`.
    pub(super) async fn exchange(&mut self, request: &[u8]) -> &Answer {
        self.stream.write_all(request).await.expect("the server takes the request");
        let Self { stream, answer } = self;
        answer.bytes.clear();
        answer.body = loop {
            receive(stream, &mut answer.bytes).await;
            if let Some(end) = answer.bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
        let length = length.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&answer.bytes)));
        while answer.bytes.len() < answer.body + length {
            receive(stream, &mut answer.bytes).await;
        }
        answer
    }
}

async fn receive(stream: &mut TcpStream, into: &mut Vec<u8>) {
    let read = stream.read_buf(into).await.expect("the server answers");
    assert!(read > 0, "the server closed the connection");
}

//! What collects logs: an https address or a syslog server, which can be away for a while.

use crate::smtp_server::certified;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// How lines reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogWay {
    /// Posted to https.
    Https,
    /// Syslog in datagrams.
    Udp,
    /// Syslog in a stream.
    Tcp,
    /// Syslog in a stream within TLS.
    Tls,
}

#[derive(Default)]
struct Heard {
    lines: Mutex<Vec<String>>,
    heads: Mutex<Vec<String>>,
    refuses: AtomicBool,
}

/// A receiver on this machine. It ends with the test.
pub struct LogReceiver {
    port: u16,
    authority: String,
    heard: Arc<Heard>,
}

impl LogReceiver {
    /// Starts it on a free port.
    pub fn start(way: LogWay) -> Self {
        crate::install_crypto_provider();
        let (authority, config) = certified();
        let heard = Arc::new(Heard::default());
        let port = match way {
            LogWay::Udp => datagrams(heard.clone()),
            _ => streams(way, config, heard.clone()),
        };
        Self { port, authority, heard }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The PEM of the authority that vouches for it as `127.0.0.1`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// From now on it hangs up, or answers again.
    pub fn refuse(&self, refuses: bool) {
        self.heard.refuses.store(refuses, Ordering::Relaxed);
    }

    /// What it took so far: lines of JSON, or syslog messages.
    pub fn lines(&self) -> Vec<String> {
        self.heard.lines.lock().unwrap().clone()
    }

    /// The headers of each request, without its end.
    pub fn heads(&self) -> Vec<String> {
        self.heard.heads.lock().unwrap().clone()
    }
}

fn datagrams(heard: Arc<Heard>) -> u16 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let port = socket.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let mut bytes = vec![0; 65_536];
        while let Ok(length) = socket.recv(&mut bytes) {
            heard.lines.lock().unwrap().push(String::from_utf8_lossy(&bytes[..length]).into_owned());
        }
    });
    port
}

fn streams(way: LogWay, config: Arc<ServerConfig>, heard: Arc<Heard>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if heard.refuses.load(Ordering::Relaxed) {
                continue;
            }
            let (config, heard) = (config.clone(), heard.clone());
            // Whoever hangs up is no failure.
            std::thread::spawn(move || serve(way, config, stream, &heard));
        }
    });
    port
}

fn serve(way: LogWay, config: Arc<ServerConfig>, stream: TcpStream, heard: &Heard) -> io::Result<()> {
    if way == LogWay::Tcp {
        return frames(BufReader::new(stream), heard);
    }
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let stream = BufReader::new(StreamOwned::new(connection, stream));
    if way == LogWay::Tls { frames(stream, heard) } else { requests(stream, heard) }
}

/// RFC 6587 §3.4.1: a length, a space, a message.
fn frames(mut stream: impl BufRead, heard: &Heard) -> io::Result<()> {
    loop {
        let mut length = Vec::new();
        if stream.read_until(b' ', &mut length)? == 0 || heard.refuses.load(Ordering::Relaxed) {
            return Ok(());
        }
        let length = String::from_utf8_lossy(&length).trim().parse().map_err(io::Error::other)?;
        let mut message = vec![0; length];
        stream.read_exact(&mut message)?;
        heard.lines.lock().unwrap().push(String::from_utf8_lossy(&message).into_owned());
    }
}

fn requests<S: Read + Write>(mut stream: BufReader<S>, heard: &Heard) -> io::Result<()> {
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let status = if heard.refuses.load(Ordering::Relaxed) { "503 Away" } else { "204 Taken" };
        if status.starts_with("204") {
            let text = String::from_utf8_lossy(&body).into_owned();
            heard.lines.lock().unwrap().extend(text.lines().map(str::to_owned));
            heard.heads.lock().unwrap().push(head);
        }
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.get_mut().write_all(answer.as_bytes())?;
    }
}

//! A mail server that takes every mail, with or without TLS, and tells what was said to it before.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How connections to it are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all.
    No,
    /// By STARTTLS (RFC 3207).
    StartTls,
    /// From the first byte on (RFC 8314 §3.3).
    Implicit,
}

/// A mail that was handed over.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// To whom.
    pub recipient: String,
    /// Header and body.
    pub message: String,
    /// What `AUTH PLAIN` gave, in base64.
    pub credentials: Option<String>,
    /// Whether it came by TLS.
    pub protected: bool,
}

#[derive(Default)]
struct Heard {
    delivered: Vec<Delivered>,
    in_clear: Vec<String>,
}

/// A running mail server on all of this machine's addresses. It ends with the test.
#[derive(Clone)]
pub struct SmtpServer {
    port: u16,
    authority: String,
    heard: Arc<Mutex<Heard>>,
}

impl SmtpServer {
    /// Starts it on a free port.
    pub fn start(tls: SmtpTls) -> Self {
        Self::start_at(0, tls)
    }

    /// Starts it on this port.
    pub fn start_at(port: u16, tls: SmtpTls) -> Self {
        crate::install_crypto_provider();
        let listener = TcpListener::bind(("0.0.0.0", port)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (authority, config) = certified();
        let server = Self { port, authority, heard: Arc::default() };
        let heard = server.heard.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, heard) = (config.clone(), heard.clone());
                // Whoever hangs up is no failure: a client may not like the certificate.
                std::thread::spawn(move || converse(stream, tls, config, &heard));
            }
        });
        server
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The PEM of the authority that vouches for it as `127.0.0.1` and `0.0.0.0`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// What was handed over so far.
    pub fn delivered(&self) -> Vec<Delivered> {
        self.heard.lock().unwrap().delivered.clone()
    }

    /// What was said without TLS so far, a line each.
    pub fn in_clear(&self) -> Vec<String> {
        self.heard.lock().unwrap().in_clear.clone()
    }
}

/// An authority, and a server's configuration with a certificate of it.
/// The PEM of an authority, and what it vouches for as `127.0.0.1` and `0.0.0.0`.
pub(crate) fn certified() -> (String, Arc<ServerConfig>) {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&authority_key).expect("a certificate").pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key");
    let names = vec!["127.0.0.1".to_owned(), "0.0.0.0".to_owned()];
    let leaf = CertificateParams::new(names).expect("parameters").signed_by(&key, &issuer);
    let chain = vec![CertificateDer::from(leaf.expect("a certificate"))];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
    (pem, Arc::new(config.expect("a configuration")))
}

fn converse(
    stream: TcpStream,
    tls: SmtpTls,
    config: Arc<ServerConfig>,
    heard: &Mutex<Heard>,
) -> io::Result<()> {
    let protect = |stream| {
        let connection = ServerConnection::new(config).map_err(io::Error::other)?;
        Ok::<_, io::Error>(StreamOwned::new(connection, stream))
    };
    if tls == SmtpTls::Implicit {
        return Session::new(protect(stream)?, heard, (true, false)).run(true).map(drop);
    }
    let offers = tls == SmtpTls::StartTls;
    match Session::new(stream, heard, (false, offers)).run(true)? {
        Some(stream) => Session::new(protect(stream)?, heard, (true, false)).run(false).map(drop),
        None => Ok(()),
    }
}

/// One client's conversation.
struct Session<'a, S> {
    stream: BufReader<S>,
    heard: &'a Mutex<Heard>,
    protected: bool,
    offers_tls: bool,
    credentials: Option<String>,
    recipient: String,
}

impl<'a, S: Read + Write> Session<'a, S> {
    fn new(stream: S, heard: &'a Mutex<Heard>, (protected, offers_tls): (bool, bool)) -> Self {
        let (stream, recipient) = (BufReader::new(stream), String::new());
        Self { stream, heard, protected, offers_tls, credentials: None, recipient }
    }

    /// Converses to the end; gives the stream back if it is to be protected first.
    fn run(mut self, greets: bool) -> io::Result<Option<S>> {
        if greets {
            self.say("220 mail.example.test ESMTP")?;
        }
        loop {
            let Some(line) = self.line()? else { return Ok(None) };
            let (command, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match command.to_ascii_uppercase().as_str() {
                "EHLO" if self.offers_tls => self.say("250-mail.example.test\r\n250 STARTTLS")?,
                "EHLO" => self.say("250-mail.example.test\r\n250 AUTH PLAIN")?,
                "STARTTLS" if self.offers_tls => {
                    self.say("220 go ahead")?;
                    return Ok(Some(self.stream.into_inner()));
                }
                "AUTH" => {
                    self.credentials = rest.strip_prefix("PLAIN ").map(str::to_owned);
                    self.say("235 welcome")?;
                }
                "RCPT" => {
                    let between = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                    self.recipient = between.map(|(address, _)| address.to_owned()).unwrap_or_default();
                    self.say("250 ok")?;
                }
                "DATA" => self.take()?,
                "MAIL" | "RSET" | "NOOP" => self.say("250 ok")?,
                "QUIT" => return self.say("221 bye").map(|()| None),
                _ => self.say("502 what?")?,
            }
        }
    }

    fn take(&mut self) -> io::Result<()> {
        self.say("354 go ahead")?;
        let mut message = String::new();
        while let Some(line) = self.line()?.filter(|line| line != ".") {
            message.push_str(line.strip_prefix('.').unwrap_or(&line));
            message.push_str("\r\n");
        }
        let (recipient, credentials) = (self.recipient.clone(), self.credentials.clone());
        let delivered = Delivered { recipient, message, credentials, protected: self.protected };
        self.heard.lock().unwrap().delivered.push(delivered);
        self.say("250 taken")
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        if !self.protected {
            self.heard.lock().unwrap().in_clear.push(line.clone());
        }
        Ok(Some(line))
    }

    fn say(&mut self, reply: &str) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(format!("{reply}\r\n").as_bytes())?;
        stream.flush()
    }
}

//! Mails of the file transport, read as their addressee would.

use crate::eventually;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long a mail may take from its request to the folder.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder that a server under test writes mails into.
#[derive(Clone, Debug)]
pub struct Mailbox {
    folder: PathBuf,
}

/// A mail.
#[derive(Clone, Debug)]
pub struct ReceivedMail {
    /// Every header, in order.
    pub headers: Vec<(String, String)>,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

impl Mailbox {
    /// The mails in a folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// All mails to an address so far, oldest first.
    pub fn all(&self, address: &str) -> Vec<ReceivedMail> {
        let mut mails: Vec<(SystemTime, ReceivedMail)> = Vec::new();
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "eml") {
                let written = path.metadata().and_then(|data| data.modified()).expect("its time");
                mails.push((written, read(&path)));
            }
        }
        mails.sort_by_key(|(written, _)| *written);
        mails.into_iter().map(|(_, mail)| mail).filter(|mail| mail.header("To") == Some(address)).collect()
    }

    /// The latest mail to an address; waits until there is one.
    pub async fn latest(&self, address: &str) -> ReceivedMail {
        self.after(address, 0).await
    }

    /// The mail to an address that comes after the first `count`; waits for it.
    pub async fn after(&self, address: &str, count: usize) -> ReceivedMail {
        eventually(PATIENCE, async || {
            let mut mails = self.all(address);
            if mails.len() > count { mails.pop().ok_or(count) } else { Err(mails.len()) }
        })
        .await
    }

    /// The latest mail to an address whose subject begins so; waits for it.
    pub async fn about(&self, address: &str, subject: &str) -> ReceivedMail {
        eventually(PATIENCE, async || {
            let mails = self.all(address);
            let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.clone()).collect();
            mails.into_iter().rfind(|mail| mail.subject.starts_with(subject)).ok_or(subjects)
        })
        .await
    }
}

impl ReceivedMail {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The links in its text, in order; the footer's naming of the issuer is the last.
    pub fn links(&self) -> Vec<String> {
        let words = self.text.split_whitespace();
        words
            .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(str::to_owned)
            .collect()
    }

    /// The first link in its text.
    #[track_caller]
    pub fn link(&self) -> String {
        self.links().into_iter().next().unwrap_or_else(|| panic!("no link in {}", self.text))
    }

    /// The code in its text: a line of digits alone.
    #[track_caller]
    pub fn code(&self) -> String {
        let mut lines = self.text.lines().map(str::trim);
        let code = lines.find(|line| line.len() >= 6 && line.bytes().all(|byte| byte.is_ascii_digit()));
        code.unwrap_or_else(|| panic!("no code in {}", self.text)).to_owned()
    }
}

fn read(path: &Path) -> ReceivedMail {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse(&text)
}

/// Reads a message as this server writes it: `multipart/alternative` with a text and an HTML part.
pub fn parse(message: &str) -> ReceivedMail {
    let (headers, body) = split(message);
    let content_type = value(&headers, "Content-Type");
    let boundary = content_type.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next());
    let boundary = format!("--{}", boundary.unwrap_or_else(|| panic!("no boundary in {content_type}")));
    let parts: Vec<_> = body.split(&*boundary).skip(1).filter(|part| !part.starts_with("--")).collect();
    let part = |kind: &str| {
        let found = parts.iter().map(|part| split(part.trim_start_matches("\r\n")));
        let mut found = found.filter(|(headers, _)| value(headers, "Content-Type").starts_with(kind));
        let (headers, body) = found.next().unwrap_or_else(|| panic!("no {kind} in {message}"));
        decode(&value(&headers, "Content-Transfer-Encoding"), body)
    };
    let subject = encoded_words(&value(&headers, "Subject"));
    ReceivedMail { subject, text: part("text/plain"), html: part("text/html"), headers }
}

fn split(message: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = message.split_once("\r\n\r\n").expect("an empty line after the headers");
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("a header: {line}"));
        (name.to_owned(), value.trim().to_owned())
    };
    (unfolded.split("\r\n").map(header).collect(), body)
}

fn value(headers: &[(String, String)], name: &str) -> String {
    let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// RFC 2045 §6.
fn decode(encoding: &str, body: &str) -> String {
    match encoding {
        "7bit" | "8bit" => body.replace("\r\n", "\n"),
        "quoted-printable" => quoted_printable(body).replace("\r\n", "\n"),
        "base64" => base64(&body.replace("\r\n", "")).replace("\r\n", "\n"),
        other => panic!("the encoding {other:?}"),
    }
}

fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'=' && after.len() >= 2 {
            let digits = std::str::from_utf8(&after[..2]).expect("digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

/// RFC 2047, with the one encoding that this server uses.
fn encoded_words(value: &str) -> String {
    let mut text = String::new();
    let mut previous_encoded = false;
    for word in value.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
        let joined = previous_encoded && encoded.is_some();
        if !text.is_empty() && !joined {
            text.push(' ');
        }
        match encoded {
            Some(encoded) => text.push_str(&base64(encoded)),
            None => text.push_str(word),
        }
        previous_encoded = encoded.is_some();
    }
    text
}

//! From a rendered letter to the bytes that travel (RFC 5322, RFC 2046 §5.1.4).

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use signet_protocol::environment::Moment;
use std::fmt;

/// A letter as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For programs that show text.
    pub text: String,
    /// For programs that show HTML.
    pub html: String,
}

/// In whose name mails are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// Not an address, with or without a name before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no mail address")]
pub struct InvalidAddress;

impl Sender {
    /// Reads `Example <no-reply@example.com>` or `no-reply@example.com`.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        if text.chars().any(char::is_control) {
            return Err(InvalidAddress);
        }
        text.parse().map(Self).map_err(|_| InvalidAddress)
    }

    /// The same, called `name` unless it has a name already.
    pub fn or_called(self, name: &str) -> Self {
        let Mailbox { name: own, email } = self.0;
        Self(Mailbox::new(own.or_else(|| Some(name.to_owned())), email))
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Whether a mail could be sent to this address: one mailbox, nothing that could end a header line.
pub fn is_address(text: &str) -> bool {
    address(text).is_some()
}

fn address(text: &str) -> Option<Address> {
    let sound = !text.chars().any(|c| c.is_control() || c.is_whitespace()) && text.len() <= 254;
    text.parse().ok().filter(|_| sound)
}

/// Why a message could not be made of a letter.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsendable {
    #[error("its address is none")]
    Address,
    #[error("it cannot be written")]
    Message,
}

/// A message ready for a transport. Its id is made from `id`, so that a second copy, sent after a failure that came too late
/// to know better, is seen to be one.
pub(super) fn message(
    (id, recipient): (&str, &str),
    sender: &Sender,
    rendered: Rendered,
    date: Moment,
) -> Result<Message, Unsendable> {
    // A name beside the address would be a stranger's words in a header: the address alone says enough.
    let to = Mailbox::new(None, address(recipient).ok_or(Unsendable::Address)?);
    let name = |name| HeaderName::new_from_ascii_str(name);
    Message::builder()
        .from(sender.0.clone())
        .to(to)
        .subject(one_line(&rendered.subject))
        .date(date.into())
        .message_id(Some(format!("<{id}@{}>", sender.domain())))
        // RFC 3834 §5: no vacation notice answers this.
        .raw_header(HeaderValue::new(name("Auto-Submitted"), "auto-generated".to_owned()))
        .raw_header(HeaderValue::new(name("X-Auto-Response-Suppress"), "All".to_owned()))
        .multipart(MultiPart::alternative_plain_html(rendered.text, rendered.html))
        .map_err(|_| Unsendable::Message)
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn rendered(subject: &str) -> Rendered {
        Rendered {
            subject: subject.to_owned(),
            text: "Guten Tag, Ärger".to_owned(),
            html: "<p>ok</p>".to_owned(),
        }
    }

    fn written(recipient: &str, sender: &str, subject: &str) -> Option<String> {
        let sender = Sender::parse(sender).unwrap();
        let date = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let message = message(("abc", recipient), &sender, rendered(subject), date).ok()?;
        Some(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_message_says_when_from_whom_and_that_no_one_need_answer() {
        let text = written("alice@example.test", "Example <no-reply@example.com>", "Hello").unwrap();
        for line in [
            "From: Example <no-reply@example.com>",
            "To: alice@example.test",
            "Subject: Hello",
            "Date: Fri, 15 Jan 2027 08:00:00 +0000",
            "Message-ID: <abc@example.com>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
        }
        assert!(text.contains("multipart/alternative") && text.is_ascii(), "{text}");
    }

    #[test]
    fn subjects_and_names_begin_no_new_header() {
        let subject = "Hello\r\nBcc: mallory@example.test";
        let text = written("alice@example.test", "a@example.com", subject).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
        assert_eq!(Sender::parse("X\r\nBcc: m@example.test <a@example.com>"), Err(InvalidAddress));
    }

    #[test]
    fn an_address_is_one_mailbox() {
        for bad in [
            "",
            "alice",
            "alice@",
            "@example.test",
            "alice@example.test, mallory@example.test",
            "alice@example.test\r\nBcc: mallory@example.test",
            "alice@example.test>\r\nDATA",
            "Alice <alice@example.test>",
            "ali ce@example.test",
            "alice@example.test\0",
        ] {
            assert!(!is_address(bad), "{bad:?}");
            assert_eq!(written(bad, "a@example.com", "x"), None, "{bad:?}");
        }
        assert!(is_address("alice+shop@example.test") && is_address("o'brien@example.test"));
    }
}

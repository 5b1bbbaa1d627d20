//! The queue of mails.

use super::ConsoleFrame;
use crate::pages::{Form, Page, Times, When, Words};
use serde::Serialize;
use signet_service::admin::{MailRecord, MailState};

/// Lists mails of one fate. Each that can be sent again has the button `name="again"`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleMails {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// The ways to the lists of each fate.
    pub fates: Vec<FateLink>,
    /// The mails, latest first.
    pub mails: Vec<MailLine>,
    /// The next page.
    pub next_url: Option<String>,
    /// Holds what ties its buttons to the administrator; none: they may only look.
    pub form: Option<Form>,
}

impl Page for ConsoleMails {
    const TEMPLATE: &'static str = "console/mails.html";
}

/// The way to the mails of one fate.
#[derive(Clone, Debug, Serialize)]
pub struct FateLink {
    /// Where.
    pub url: String,
    /// What it is called.
    pub label: Words,
    /// Whether it is what is shown.
    pub current: bool,
}

/// A mail in the list.
#[derive(Clone, Debug, Serialize)]
pub struct MailLine {
    /// What names it.
    pub id: String,
    /// What it is about.
    pub kind: String,
    /// The address, most of it left out.
    pub to: String,
    /// How it stands.
    pub state: Words,
    /// Whether that is bad.
    pub bad: bool,
    /// When it was queued.
    pub queued: When,
    /// When it is tried next, was sent, or was given up.
    pub at: When,
    /// How often it was tried.
    pub attempts: u64,
    /// Why the latest attempt failed, in a mail server's words.
    pub reason: Option<String>,
    /// Whether it could be sent.
    pub can_be_sent: bool,
    /// Where it is given up.
    pub give_up_url: Option<String>,
}

impl MailLine {
    /// Of a mail.
    pub fn of(mail: MailRecord, times: Times, give_up_url: Option<String>) -> Self {
        let (state, bad, at) = match mail.state {
            MailState::Waiting(at) if mail.reason.is_some() => (Words("mail-state-failing"), true, at),
            MailState::Waiting(at) => (Words("mail-state-waiting"), false, at),
            MailState::Sent(at) => (Words("mail-state-sent"), false, at),
            MailState::Dead(at) => (Words("mail-state-dead"), true, at),
        };
        Self {
            can_be_sent: mail.kept && bad,
            give_up_url: give_up_url.filter(|_| mail.kept),
            id: mail.id,
            kind: mail.kind,
            to: mail.recipient,
            state,
            bad,
            queued: times.show(mail.queued_at),
            at: times.show(at),
            attempts: mail.attempts,
            reason: mail.reason,
        }
    }
}

/// Asks before a mail is given up. Form `#ask`, button `#ask-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleAskMail {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator.
    pub form: Form,
    /// The mail.
    pub mail: MailLine,
    /// The list.
    pub back_url: String,
}

impl Page for ConsoleAskMail {
    const TEMPLATE: &'static str = "console/ask_mail.html";
}

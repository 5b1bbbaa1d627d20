//! Refusals that a person sees: `#error` with `#error-code` and `#error-description`.

use super::{Page, WebLink};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A refusal. Also the page for "too many requests" and "busy": then `next` says when to come back.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// What happened, in a few plain words: "This sign-in link does not work".
    pub title: Cow<'static, str>,
    /// The OAuth error code, or the like (`too_many_requests`).
    pub code: Cow<'static, str>,
    /// What is wrong, for whoever has to mend it.
    pub description: Cow<'static, str>,
    /// What the person can do about it.
    pub next: TryAgain,
    /// By which an operator finds the reason.
    pub request_id: String,
}

impl Page for Refusal {
    const TEMPLATE: &'static str = "refusal.html";
}

/// What a person who was refused can do.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TryAgain {
    /// The application sent something wrong: nothing can be done here.
    TellTheApplication,
    /// Go back to the application and begin anew: the page was too old, or of another browser.
    StartOver {
        /// The application's home page, if it is known.
        client_uri: Option<WebLink>,
    },
    /// Wait, then try the same again. The same wait goes out as `Retry-After`.
    Later {
        /// How long.
        wait: Wait,
    },
    /// The address is wrong: the start page may help.
    StartPage,
}

/// How long to wait, in seconds; shown in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub u32);

impl Wait {
    fn words(self) -> String {
        match self.0 {
            0..=1 => "a second".to_owned(),
            seconds @ 2..=90 => format!("{seconds} seconds"),
            seconds @ 91..=5400 => format!("{} minutes", seconds.div_ceil(60)),
            seconds => format!("{} hours", seconds.div_ceil(3600)),
        }
    }
}

impl Serialize for Wait {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::Wait;

    #[test]
    fn waits_are_never_said_shorter_than_they_are() {
        let words =
            [(0, "a second"), (30, "30 seconds"), (91, "2 minutes"), (5400, "90 minutes"), (5401, "2 hours")];
        for (seconds, expected) in words {
            assert_eq!(Wait(seconds).words(), expected);
        }
    }
}

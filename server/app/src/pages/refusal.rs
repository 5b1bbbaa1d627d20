//! Refusals that a person sees: `#error` with `#error-code` and `#error-description`.

use super::{Page, WebLink, Words};
use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};
use std::borrow::Cow;

/// A refusal. Also the page for "too many requests" and "busy": then `next` says when to come back.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// What happened, in a few plain words: "This page is no longer valid".
    pub title: Words,
    /// The OAuth error code, or the like (`too_many_requests`).
    pub code: Cow<'static, str>,
    /// What is wrong, in English, for whoever has to mend it.
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

/// How long to wait, in seconds. Templates get a `count` and its `unit`, for the message `wait`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub u32);

impl Wait {
    fn in_unit(self) -> (u32, &'static str) {
        match self.0 {
            0..=1 => (1, "seconds"),
            seconds @ 2..=90 => (seconds, "seconds"),
            seconds @ 91..=5400 => (seconds.div_ceil(60), "minutes"),
            seconds => (seconds.div_ceil(3600), "hours"),
        }
    }
}

impl Serialize for Wait {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (count, unit) = self.in_unit();
        let mut fields = serializer.serialize_struct("Wait", 2)?;
        fields.serialize_field("count", &count)?;
        fields.serialize_field("unit", unit)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::Wait;

    #[test]
    fn waits_are_never_said_shorter_than_they_are() {
        let expected = [
            (0, (1, "seconds")),
            (30, (30, "seconds")),
            (91, (2, "minutes")),
            (5400, (90, "minutes")),
            (5401, (2, "hours")),
        ];
        for (seconds, said) in expected {
            assert_eq!(Wait(seconds).in_unit(), said);
        }
    }
}

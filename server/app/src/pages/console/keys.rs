//! Keys: what each is doing, replacing them, and withdrawing one.

use super::{ConsoleFrame, Count, FirstOf};
use crate::pages::{Form, Page, Times, When, Words};
use serde::Serialize;
use signet_service::admin::{KeyPurpose, KeyStatus};

/// Lists keys. Form `#rotate`, field `algorithm`, button `#rotate-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleKeys {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Those that are used, or will be, or are still published.
    pub keys: Vec<KeyLine>,
    /// Those that were.
    pub old: Vec<KeyLine>,
    /// The algorithms that there are signing keys of.
    pub algorithms: Vec<String>,
    /// Holds what ties the form to the administrator and to what they saw; none: they may only look.
    pub form: Option<Form>,
}

impl Page for ConsoleKeys {
    const TEMPLATE: &'static str = "console/keys.html";
}

/// A key in the list.
#[derive(Clone, Debug, Serialize)]
pub struct KeyLine {
    /// What names it.
    pub kid: String,
    /// Its algorithm.
    pub alg: String,
    /// What it is for.
    pub used_for: Words,
    /// `next`, `current`, `retiring`, `retired` or `revoked`.
    pub state: &'static str,
    /// The same in words.
    pub state_words: Words,
    /// When it was made.
    pub made: When,
    /// From when it is used.
    pub from: When,
    /// From when the next one is.
    pub until: Option<When>,
    /// From when it is published no more.
    pub gone: Option<When>,
    /// When it was revoked.
    pub revoked: Option<When>,
    /// Where it is revoked.
    pub revoke_url: Option<String>,
}

impl KeyLine {
    /// Of a key.
    pub fn of(KeyStatus { row, state }: KeyStatus, times: Times, revoke_url: Option<String>) -> Self {
        Self {
            kid: row.kid.to_string(),
            alg: row.alg,
            used_for: match row.purpose {
                KeyPurpose::Jwt => Words("key-signs"),
                KeyPurpose::Refresh => Words("key-proves"),
                KeyPurpose::Form => Words("key-seals"),
            },
            state,
            state_words: match state {
                "next" => Words("key-state-next"),
                "current" => Words("key-state-current"),
                "retiring" => Words("key-state-retiring"),
                "revoked" => Words("key-state-revoked"),
                _ => Words("key-state-retired"),
            },
            made: times.show(row.created_at),
            from: times.show(row.activates_at),
            until: row.retires_at.map(|at| times.show(at)),
            gone: row.unpublish_at.map(|at| times.show(at)),
            revoked: row.revoked_at.map(|at| times.show(at)),
            revoke_url,
        }
    }

    /// Whether it is among those that were.
    pub fn is_old(&self) -> bool {
        matches!(self.state, "retired" | "revoked")
    }
}

/// Asks before a key is withdrawn, and names what that takes along. Form `#ask`, button `#ask-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleAskKey {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator; none: every grant would end, and that is not theirs to do.
    pub form: Option<Form>,
    /// The key.
    pub key: KeyLine,
    /// Whether it signs tokens.
    pub signs: bool,
    /// The clients that get what is signed with its algorithm.
    pub clients: FirstOf<String>,
    /// Every client; none: this administrator may not see them.
    pub clients_url: Option<String>,
    /// The APIs whose access tokens are.
    pub resources: FirstOf<String>,
    /// The grants that lose a token, or end.
    pub grants: Count,
    /// The list.
    pub back_url: String,
}

impl Page for ConsoleAskKey {
    const TEMPLATE: &'static str = "console/ask_key.html";
}

//! The audit log: many events, and one.

use super::ConsoleFrame;
use crate::pages::{Page, When, Words};
use serde::Serialize;
use serde_json::Value;

/// Lists events. Form `#filter` (GET) with the fields `event`, `actor`, `user`, `client`, `address`, `request`, `sid`,
/// `grant`, `from` and `to`; the list is `#events`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleAudit {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the filter is sent.
    pub action: String,
    /// What stands in the filter.
    pub filter: AuditFields,
    /// Every event's name.
    pub names: &'static [&'static str],
    /// What is wrong with the record of events itself.
    pub alarms: Vec<Words>,
    /// Newest first.
    pub events: Vec<AuditLine>,
    /// Where older ones are.
    pub next_url: Option<String>,
}

impl Page for ConsoleAudit {
    const TEMPLATE: &'static str = "console/audit.html";
}

/// What events are looked for by.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs)] // Each is the field of its name.
pub struct AuditFields {
    pub event: String,
    pub actor: String,
    pub user: String,
    pub client: String,
    pub address: String,
    pub request: String,
    pub sid: String,
    pub grant: String,
    pub from: String,
    pub to: String,
    /// Whether anything stands in them.
    pub any: bool,
    /// The fields that hold what they cannot.
    pub faulty: Vec<&'static str>,
}

/// Somebody or something that an event names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Party {
    /// What they are called, in words of the page's language; else `name` says it.
    pub words: Option<Words>,
    /// Their name.
    pub name: String,
    /// Their page, or what else happened around them.
    pub url: Option<String>,
}

/// An event in the list.
#[derive(Clone, Debug, Serialize)]
pub struct AuditLine {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// When.
    pub at: When,
    /// Who did it.
    pub actor: Option<Party>,
    /// Whom it concerns.
    pub user: Option<Party>,
    /// Which client it concerns.
    pub client: Option<Party>,
    /// The address that it came from.
    pub address: Option<String>,
    /// How often.
    pub count: i64,
}

/// One event: `#event`, with `#changes` and `#seal`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleEvent {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Its number.
    pub id: i64,
    /// What the list says of it.
    pub line: AuditLine,
    /// What else happened in the same request.
    pub request: Option<Party>,
    /// What else happened from that address.
    pub address_url: Option<String>,
    /// What else happened in that session.
    pub sid: Option<Party>,
    /// What else happened to that grant.
    pub grant: Option<Party>,
    /// What was changed.
    pub changes: Vec<ChangeLine>,
    /// Its other fields.
    pub fields: Vec<(String, String)>,
    /// What holds it.
    pub seal: Option<SealedBy>,
    /// The list.
    pub back_url: String,
}

impl Page for ConsoleEvent {
    const TEMPLATE: &'static str = "console/event.html";
}

/// The seal that holds an event.
#[derive(Clone, Debug, Serialize)]
pub struct SealedBy {
    /// Its number.
    pub seq: i64,
    /// When it was made.
    pub at: When,
    /// The key that signed it.
    pub kid: String,
    /// Whether the event is as it was then.
    pub unchanged: bool,
}

/// A field that was changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeLine {
    /// Its name.
    pub field: String,
    /// What it was, line by line.
    pub before: Vec<String>,
    /// What it became, line by line.
    pub after: Vec<String>,
    /// Whether that is told at all: secrets, and what belongs to a person, are not.
    pub told: bool,
}

/// What was changed about something, and by whom: the macro `history` of `console/macros.html`, `#history`.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    /// Newest first.
    pub lines: Vec<HistoryLine>,
    /// Everything that happened around it.
    pub all_url: String,
}

/// A change of something.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryLine {
    /// What was done.
    pub what: Words,
    /// Its event's page.
    pub url: String,
    /// When.
    pub at: When,
    /// Who did it.
    pub actor: Option<Party>,
    /// What was changed.
    pub changes: Vec<ChangeLine>,
}

/// What an event of a history is called.
pub fn what_was_done(event: &str) -> Words {
    match event {
        "client_created" => Words("history-client-created"),
        "client_changed" => Words("history-client-changed"),
        "client_removed" => Words("history-client-removed"),
        "user_created" => Words("history-user-created"),
        "user_changed" => Words("history-user-changed"),
        "user_removed" => Words("history-user-removed"),
        "user_invited" => Words("history-user-invited"),
        "password_changed" => Words("history-password-changed"),
        "account_unlocked" => Words("history-account-unlocked"),
        "everything_ended" => Words("history-everything-ended"),
        "group_joined" => Words("history-group-joined"),
        "group_left" => Words("history-group-left"),
        "factor_added" => Words("history-factor-added"),
        "factor_removed" => Words("history-factor-removed"),
        "recovery_codes_made" => Words("history-recovery-codes-made"),
        "email_changed" => Words("history-email-changed"),
        "deletion_scheduled" => Words("history-deletion-scheduled"),
        "deletion_cancelled" => Words("history-deletion-cancelled"),
        _ => Words("history-something"),
    }
}

/// The changes that an event's details tell of.
pub fn changes(details: &Value) -> Vec<ChangeLine> {
    let changes = details["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |change: &Value| ChangeLine {
        field: change["field"].as_str().unwrap_or_default().to_owned(),
        before: lines(&change["before"]),
        after: lines(&change["after"]),
        told: change.get("before").is_some() || change.get("after").is_some(),
    };
    changes.iter().map(line).collect()
}

/// The fields of an event's details that are no changes.
pub fn other_fields(details: &Value) -> Vec<(String, String)> {
    let Some(fields) = details.as_object() else { return Vec::new() };
    let others = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "event" | "changes"));
    others.map(|(name, value)| (name.clone(), lines(value).join(", "))).collect()
}

/// A value as people read it: a list has a line for each of its members.
fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(members) => members.iter().flat_map(lines).collect(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_told_line_by_line_and_a_secret_not_at_all() {
        let details = json!({"event": "client_changed", "count": 2, "changes": [
            {"field": "redirect_uris", "before": ["https://a.test/", "https://b.test/"], "after": []},
            {"field": "client_secret"},
            {"field": "disabled", "before": false, "after": true},
        ]});
        let changes = changes(&details);
        assert_eq!(changes[0].before, ["https://a.test/", "https://b.test/"]);
        assert!(changes[0].after.is_empty() && changes[0].told && !changes[1].told);
        assert_eq!(
            (&changes[2].before, &changes[2].after),
            (&vec!["false".to_owned()], &vec!["true".to_owned()])
        );
        assert_eq!(other_fields(&details), [("count".to_owned(), "2".to_owned())]);
    }

    #[test]
    fn details_of_another_shape_are_no_panic() {
        for details in [json!(null), json!([1]), json!({"changes": 7}), json!({"changes": [7, {"field": 1}]})]
        {
            changes(&details);
            other_fields(&details);
        }
    }
}

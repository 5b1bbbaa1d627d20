//! The audit log with invented values.

use super::{frame, url};
use crate::pages::Words;
use crate::pages::console::{
    AuditFields, AuditLine, ConsoleAudit, ConsoleEvent, History, HistoryLine, Party, SealedBy, changes,
    other_fields, what_was_done,
};
use crate::pages::samples::{Sample, minutes_ago, sample};
use serde_json::json;

pub(super) fn all() -> Vec<Sample> {
    [lists(), events()].into_iter().flatten().collect()
}

fn party() -> Party {
    Party { words: None, name: "alice".to_owned(), url: Some(url()) }
}

fn line(actor: Option<Party>) -> AuditLine {
    AuditLine {
        url: url(),
        name: "client_changed".to_owned(),
        at: minutes_ago(5, None),
        actor,
        user: Some(party()),
        client: Some(Party { url: None, ..party() }),
        address: Some("192.0.2.1".to_owned()),
        count: 3,
    }
}

fn lists() -> Vec<Sample> {
    let itself = |words| Party { words: Some(words), name: String::new(), url: None };
    let actors = [Words("actor-command-line"), Words("actor-first-start"), Words("actor-server")].map(itself);
    let some = ConsoleAudit {
        frame: frame(),
        action: url(),
        filter: AuditFields::default(),
        names: &["client_changed", "token_issued"],
        alarms: vec![Words("audit-unwritten"), Words("audit-unsealed")],
        events: actors.into_iter().map(|actor| line(Some(actor))).chain([line(None)]).collect(),
        next_url: Some(url()),
    };
    let filter = AuditFields {
        event: "token_issued".to_owned(),
        address: "here".to_owned(),
        any: true,
        faulty: vec!["address", "from", "to"],
        ..AuditFields::default()
    };
    let none = ConsoleAudit { filter, alarms: vec![], events: vec![], next_url: None, ..some.clone() };
    vec![sample("console audit", &some), sample("console audit, nothing found", &none)]
}

fn events() -> Vec<Sample> {
    let details = json!({"reason": "x", "changes": [
        {"field": "scope", "before": "openid", "after": ["openid", "email"]},
        {"field": "password"},
    ]});
    let seal = |unchanged| SealedBy { seq: 7, at: minutes_ago(5, None), kid: "k".to_owned(), unchanged };
    let full = ConsoleEvent {
        frame: frame(),
        id: 7,
        line: line(Some(party())),
        request: Some(party()),
        address_url: Some(url()),
        sid: Some(party()),
        grant: Some(party()),
        changes: changes(&details),
        fields: other_fields(&details),
        seal: Some(seal(true)),
        back_url: url(),
    };
    let forged = ConsoleEvent { seal: Some(seal(false)), ..full.clone() };
    let young = ConsoleEvent { seal: None, changes: Vec::new(), ..full.clone() };
    vec![
        sample("console event", &full),
        sample("console event, changed", &forged),
        sample("console event, not sealed yet", &young),
    ]
}

/// Every change that can be told of.
pub(super) fn history() -> History {
    let names = [
        "client_created",
        "client_changed",
        "client_removed",
        "user_created",
        "user_changed",
        "user_removed",
        "user_invited",
        "password_changed",
        "account_unlocked",
        "everything_ended",
        "group_joined",
        "group_left",
        "factor_added",
        "factor_removed",
        "recovery_codes_made",
        "email_changed",
        "deletion_scheduled",
        "deletion_cancelled",
        "something else",
    ];
    let details = json!({"changes": [{"field": "scope", "before": null, "after": ["openid", "email"]}]});
    let line = |name: &&str| HistoryLine {
        what: what_was_done(name),
        url: url(),
        at: minutes_ago(5, None),
        actor: Some(party()),
        changes: changes(&details),
    };
    History { lines: names.iter().map(line).collect(), all_url: url() }
}

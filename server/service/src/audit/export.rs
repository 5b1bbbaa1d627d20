//! Events as they leave this deployment: a line each, as JSON or in the Common Event Format.

use chrono::SecondsFormat;
use serde::Serialize;
use signet_store::RecordedEvent;
use std::fmt::Write as _;
use std::net::IpAddr;

/// How an event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A JSON object.
    JsonLines,
    /// The Common Event Format, version 0.
    Cef,
}

impl ExportFormat {
    /// An event as a line, without its end.
    pub fn line(self, event: &RecordedEvent) -> String {
        match self {
            Self::JsonLines => json(event),
            Self::Cef => cef(event),
        }
    }
}

/// The columns under their own names.
#[derive(Serialize)]
struct Line<'a> {
    id: i64,
    at: String,
    event: &'a str,
    request_id: Option<&'a str>,
    address: Option<&'a str>,
    actor: Option<&'a str>,
    user_id: Option<&'a str>,
    client_id: Option<&'a str>,
    sid: Option<&'a str>,
    grant_id: Option<&'a str>,
    details: &'a serde_json::Value,
}

fn json(event: &RecordedEvent) -> String {
    let line = Line {
        id: event.id,
        at: event.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        event: &event.name,
        request_id: event.request_id.as_deref(),
        address: event.address.as_deref(),
        actor: event.actor.as_deref(),
        user_id: event.user_id.as_deref(),
        client_id: event.client_id.as_deref(),
        sid: event.sid.as_deref(),
        grant_id: event.grant_id.as_deref(),
        details: &event.details,
    };
    // Texts, numbers and a JSON value always have a JSON form.
    serde_json::to_string(&line).unwrap_or_default()
}

fn cef(event: &RecordedEvent) -> String {
    let name = header(&event.name);
    let mut line =
        format!("CEF:0|Signet|Signet|{}|{name}|{name}|{}|", env!("CARGO_PKG_VERSION"), severity(&event.name));
    let (id, at) = (event.id, event.at.timestamp_millis());
    // Writing to a string cannot fail.
    let _ = write!(line, "externalId={id} rt={at}");
    let mut add = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = write!(line, " {key}={}", extension(value));
        }
    };
    let address = event.address.as_deref();
    match address.map(str::parse::<IpAddr>) {
        Some(Ok(IpAddr::V6(_))) => {
            add("c6a2Label", Some("Source IPv6 Address"));
            add("c6a2", address);
        }
        _ => add("src", address),
    }
    add("suid", event.actor.as_deref());
    add("duid", event.user_id.as_deref());
    let custom = [
        ("cs1", "request_id", &event.request_id),
        ("cs2", "client_id", &event.client_id),
        ("cs3", "sid", &event.sid),
        ("cs4", "grant_id", &event.grant_id),
    ];
    for (key, label, value) in custom {
        if value.is_some() {
            add(&format!("{key}Label"), Some(label));
            add(key, value.as_deref());
        }
    }
    add("msg", Some(&event.details.to_string()));
    line
}

/// From 0 to 10: what looks like an attack, what was refused, what changed who may do what, and the rest.
fn severity(name: &str) -> u8 {
    match name {
        "code_replayed" | "refresh_replayed" | "passkey_cloned" => 9,
        "sign_in_failed"
        | "sign_in_limited"
        | "limited"
        | "client_authentication_failed"
        | "factor_refused" => 5,
        name if name.starts_with("token_issued") || name.starts_with("mail_") => 1,
        _ => 3,
    }
}

/// In the header a bar or a backslash has a backslash before it, and there are no line breaks.
fn header(text: &str) -> String {
    escaped(text, &['\\', '|'], |_| " ")
}

/// In a value an equals sign or a backslash has a backslash before it, and line breaks are written as `\n` and `\r`.
fn extension(text: &str) -> String {
    escaped(text, &['\\', '='], |broken| if broken == '\r' { "\\r" } else { "\\n" })
}

fn escaped(text: &str, special: &[char], line_break: impl Fn(char) -> &'static str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' => escaped.push_str(line_break(character)),
            character => {
                if special.contains(&character) {
                    escaped.push('\\');
                }
                escaped.push(character);
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event() -> RecordedEvent {
        RecordedEvent {
            id: 7,
            at: "2026-01-02T03:04:05.678Z".parse().unwrap(),
            name: "client_changed".to_owned(),
            request_id: Some("r=1".to_owned()),
            address: Some("192.0.2.1".to_owned()),
            actor: Some("user:a\\b".to_owned()),
            user_id: None,
            client_id: Some("shop|two\nlines\r".to_owned()),
            sid: None,
            grant_id: None,
            details: json!({"event": "client_changed", "note": "a=b\nc"}),
        }
    }

    #[test]
    fn a_line_of_json_has_every_column_and_no_line_break() {
        let line = ExportFormat::JsonLines.line(&event());
        assert!(!line.contains('\n'), "{line}");
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["at"], "2026-01-02T03:04:05.678Z");
        assert_eq!(read["client_id"], "shop|two\nlines\r");
        assert_eq!((&read["sid"], &read["details"]["note"]), (&json!(null), &json!("a=b\nc")));
    }

    #[test]
    fn nothing_that_a_value_holds_can_end_it_or_begin_another_in_cef() {
        let version = env!("CARGO_PKG_VERSION");
        let expected = format!(
            "CEF:0|Signet|Signet|{version}|client_changed|client_changed|3|externalId=7 rt=1767323045678 \
             src=192.0.2.1 suid=user:a\\\\b cs1Label=request_id cs1=r\\=1 cs2Label=client_id \
             cs2=shop|two\\nlines\\r msg={{\"event\":\"client_changed\",\"note\":\"a\\=b\\\\nc\"}}"
        );
        assert_eq!(ExportFormat::Cef.line(&event()), expected);
        assert_eq!(header("a|b\\c\nd=e"), "a\\|b\\\\c d=e");
        let v6 = RecordedEvent { address: Some("2001:db8::1".to_owned()), ..event() };
        assert!(ExportFormat::Cef.line(&v6).contains(" c6a2Label=Source IPv6 Address c6a2=2001:db8::1 "));
    }
}

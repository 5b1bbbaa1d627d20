//! What happened around a person's sign-in.

use super::Frame;
use crate::pages::{Page, When, Words};
use serde::Serialize;

/// Lists events: `#history`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountHistory {
    /// What is around it.
    pub frame: Frame,
    /// Newest first.
    pub events: Vec<EventLine>,
    /// Where older ones are.
    pub older_url: Option<String>,
}

impl Page for AccountHistory {
    const TEMPLATE: &'static str = "account/history.html";
}

/// An event.
#[derive(Clone, Debug, Serialize)]
pub struct EventLine {
    /// What happened.
    pub what: Words,
    /// Whether it is worth a second look.
    pub warns: bool,
    /// When.
    pub at: When,
    /// The address it came from.
    pub address: Option<String>,
    /// The application concerned.
    pub application: Option<String>,
    /// How often.
    pub count: u32,
}

/// What an event is called, and whether it is worth a second look; none: people are not told of it.
pub fn what_happened(event: &str) -> Option<(Words, bool)> {
    Some(match event {
        "sign_in_succeeded" => (Words("event-signed-in"), false),
        "sign_in_failed" => (Words("event-sign-in-failed"), true),
        "sign_in_limited" => (Words("event-sign-in-limited"), true),
        "session_ended" => (Words("event-session-ended"), false),
        "consent_given" => (Words("event-consent-given"), false),
        "access_withdrawn" => (Words("event-access-withdrawn"), false),
        "password_changed" => (Words("event-password-changed"), true),
        "user_changed" => (Words("event-user-changed"), false),
        "email_verified" => (Words("event-email-verified"), false),
        "email_change_asked" => (Words("event-email-change-asked"), true),
        "email_change_ended" => (Words("event-email-change-ended"), false),
        "email_changed" => (Words("event-email-changed"), true),
        "factor_added" => (Words("event-factor-added"), true),
        "factor_removed" => (Words("event-factor-removed"), true),
        "factor_refused" => (Words("event-factor-refused"), true),
        "recovery_codes_made" => (Words("event-recovery-codes-made"), true),
        "passkey_renamed" => (Words("event-passkey-renamed"), false),
        "passkey_cloned" => (Words("event-passkey-cloned"), true),
        "device_remembered" => (Words("event-device-remembered"), false),
        "device_forgotten" => (Words("event-device-forgotten"), false),
        "deletion_scheduled" => (Words("event-deletion-scheduled"), true),
        "deletion_cancelled" => (Words("event-deletion-cancelled"), false),
        "data_exported" => (Words("event-data-exported"), true),
        _ => return None,
    })
}

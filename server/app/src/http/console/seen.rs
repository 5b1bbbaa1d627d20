//! The state that a page showed. What is changed there is changed only if nobody changed it meanwhile.

use chrono::DateTime;
use signet_protocol::environment::Moment;
use signet_protocol::parameters::Parameters;
use signet_service::admin::Changing;

/// The state that a page shows, for its form's field `seen`.
pub fn shown(at: Moment) -> String {
    at.timestamp_millis().to_string()
}

/// The state that the page showed. One that cannot be read is one that nothing has ever had: it is overtaken.
pub fn seen(fields: &Parameters) -> Moment {
    let millis = fields.get("seen").and_then(|text| text.parse().ok());
    millis.and_then(DateTime::from_timestamp_millis).unwrap_or(DateTime::UNIX_EPOCH)
}

/// A change of what the page showed.
pub fn changing(fields: &Parameters) -> Changing {
    Changing { seen: Some(seen(fields)), dry_run: false }
}

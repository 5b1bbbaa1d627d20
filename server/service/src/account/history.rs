//! What happened around a person's sign-in.

use super::Account;
use crate::authorize::Present;
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;
use signet_store::{RecordedEvent, StoreError};

/// How many events one page shows.
const PAGE: usize = 25;

/// The events that a person is shown. What applications do all day is not among them; the export has everything.
const NAMES: &[&str] = &[
    "sign_in_succeeded",
    "sign_in_failed",
    "sign_in_limited",
    "session_ended",
    "consent_given",
    "access_withdrawn",
    "password_changed",
    "user_changed",
    "email_verified",
    "email_change_asked",
    "email_change_ended",
    "email_changed",
    "factor_added",
    "factor_removed",
    "factor_refused",
    "recovery_codes_made",
    "passkey_renamed",
    "passkey_cloned",
    "device_remembered",
    "device_forgotten",
    "deletion_scheduled",
    "deletion_cancelled",
    "data_exported",
];

/// A page of the history.
#[derive(Debug)]
pub struct HistoryPage {
    /// Newest first.
    pub events: Vec<Told>,
    /// Where the next, older page begins, if there is one.
    pub before: Option<i64>,
}

/// An event as the person is told of it.
#[derive(Debug)]
pub struct Told {
    /// The event's name.
    pub name: String,
    /// When.
    pub at: Moment,
    /// The address it came from.
    pub address: Option<String>,
    /// The name of the application concerned.
    pub application: Option<String>,
    /// How often, where like events were counted together.
    pub count: u32,
}

impl Account {
    /// A page of the history: what is older than the event numbered `before`.
    pub async fn history(&self, present: &Present, before: Option<i64>) -> Result<HistoryPage, StoreError> {
        // One more than is shown tells whether there is more.
        let mut found = self.of(present).history(before, NAMES, PAGE as u64 + 1).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let before = found.last().map(|event| event.id).filter(|_| more);
        let mut events = Vec::with_capacity(found.len());
        for event in found {
            events.push(self.told(event).await?);
        }
        Ok(HistoryPage { events, before })
    }

    async fn told(&self, event: RecordedEvent) -> Result<Told, StoreError> {
        let client = match event.client_id {
            Some(id) => self.directory.client(&ClientId::new(id)).await?,
            None => None,
        };
        let count = event.details["count"].as_u64().and_then(|count| u32::try_from(count).ok());
        Ok(Told {
            name: event.name,
            at: event.at,
            address: event.address,
            application: client.map(|client| client.client.client_name.clone()),
            count: count.unwrap_or(1),
        })
    }
}

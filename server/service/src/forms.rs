//! What a page needs to know again when its form comes back: sealed, and bound to the browser it was made for.
//! That the form opens at all proves that it is ours and that no other site sent it.

use crate::keys::KeyRing;
use crate::settings::Settings;
use serde::Serialize;
use serde::de::DeserializeOwned;
use signet_protocol::environment::Clock;
use std::sync::Arc;

/// A page may stay open for so many seconds.
const PAGE_LIFETIME: i64 = 3600;

/// Seals and opens forms.
#[derive(Clone)]
pub struct Forms {
    pub(crate) keys: KeyRing,
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<Settings>,
}

/// What a form brought back.
pub struct Opened<T> {
    /// The content.
    pub content: T,
    /// Whether the page was made less than an hour ago.
    pub fresh: bool,
}

/// A form that was not made for this browser, or not by this server.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ForeignForm(pub &'static str);

#[derive(serde::Serialize, serde::Deserialize)]
struct Envelope<T> {
    made_at: i64,
    content: T,
}

impl Forms {
    /// Seals `content` for one purpose and one browser.
    pub fn seal<T: Serialize>(
        &self,
        purpose: &str,
        browser: &str,
        content: &T,
    ) -> Result<String, ForeignForm> {
        let now = self.clock.now();
        let envelope = Envelope { made_at: now.timestamp(), content };
        let text = serde_json::to_vec(&envelope).map_err(|_| ForeignForm("the form cannot be written"))?;
        let snapshot = self.keys.snapshot();
        let sealer = snapshot.form_sealer(now).ok_or(ForeignForm("there is no key for forms"))?;
        let sealed = sealer.seal(purpose, &self.settings.issuer, browser.as_bytes(), &text);
        sealed.map_err(|_| ForeignForm("the form cannot be sealed"))
    }

    /// Opens what a form brought back.
    pub fn open<T: DeserializeOwned>(
        &self,
        purpose: &str,
        browser: Option<&str>,
        sealed: &str,
    ) -> Result<Opened<T>, ForeignForm> {
        let browser = browser.ok_or(ForeignForm("the form came without the browser cookie"))?.as_bytes();
        let snapshot = self.keys.snapshot();
        let issuer = &self.settings.issuer;
        let opened = snapshot
            .form_sealers()
            .find_map(|sealer| sealer.open(purpose, issuer, browser, sealed).ok())
            .ok_or(ForeignForm("the form does not open with this browser's cookie"))?;
        let envelope: Envelope<T> = serde_json::from_slice(&opened)
            .map_err(|_| ForeignForm("the form was made by another version"))?;
        let age = self.clock.now().timestamp() - envelope.made_at;
        Ok(Opened { content: envelope.content, fresh: (0..PAGE_LIFETIME).contains(&age) })
    }
}

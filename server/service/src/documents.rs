//! The documents that anyone may fetch, kept as the bytes that are sent.

use crate::Service;
use crate::grants::mint::algorithm;
use crate::keys::Snapshot;
use arc_swap::ArcSwapOption;
use bytes::Bytes;
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::resource::Resource;
use std::sync::Arc;

/// A document and its strong entity tag, quoted (RFC 9110 §8.8.3).
#[derive(Clone, Debug)]
pub struct Document {
    /// The JSON text.
    pub body: Bytes,
    /// The value of `ETag`.
    pub etag: String,
}

impl Document {
    pub(crate) fn new(text: String) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        let digits = digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}"));
        let etag = format!("\"{}\"", digits.collect::<String>());
        Self { body: text.into(), etag }
    }
}

/// The discovery document, with what it was made from: it is made again when that has changed.
#[derive(Default)]
pub(crate) struct Documents(ArcSwapOption<Discovery>);

struct Discovery {
    resources: Arc<Vec<Resource>>,
    keys: Arc<Snapshot>,
    document: Arc<Document>,
}

impl Service {
    /// The JWK Set (RFC 7517 §5).
    pub fn jwks(&self) -> Arc<Document> {
        self.keys.snapshot().jwks().clone()
    }

    /// The discovery document (OpenID Connect Discovery §4, RFC 8414 §3).
    pub fn discovery(&self) -> Arc<Document> {
        let resources = self.directory.resources();
        let keys = self.keys.snapshot();
        if let Some(known) = &*self.documents.0.load()
            && Arc::ptr_eq(&known.resources, &resources)
            && Arc::ptr_eq(&known.keys, &keys)
        {
            return known.document.clone();
        }
        let working = keys.algorithms(self.clock.now());
        let algorithms: Vec<SigningAlg> =
            SigningAlg::ALL.into_iter().filter(|alg| working.contains(&algorithm(*alg))).collect();
        let issuer = &self.settings.issuer;
        let text = signet_protocol::metadata::discovery(issuer, &resources, &algorithms).to_string();
        let document = Arc::new(Document::new(text));
        let keys = Arc::clone(&keys);
        self.documents.0.store(Some(Arc::new(Discovery { resources, keys, document: document.clone() })));
        document
    }
}

//! The discovery document, made once and kept until something in it changes.

use crate::Service;
use crate::document::Document;
use crate::keys::{Snapshot, algorithm};
use arc_swap::ArcSwapOption;
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::metadata::discovery;
use signet_protocol::resource::Resource;
use std::sync::Arc;

/// The discovery document, with what it was made from: it is made again when that has changed.
#[derive(Default)]
pub(crate) struct Discovery(ArcSwapOption<Made>);

struct Made {
    resources: Arc<Vec<Resource>>,
    keys: Arc<Snapshot>,
    document: Arc<Document>,
}

impl Service {
    /// The JWK Set (RFC 7517 §5).
    pub fn jwks(&self) -> Arc<Document> {
        self.keys.snapshot().jwks(self.clock.now())
    }

    /// The discovery document (OpenID Connect Discovery §4, RFC 8414 §3).
    pub fn discovery(&self) -> Arc<Document> {
        let resources = self.directory.resources();
        let keys = self.keys.snapshot();
        if let Some(known) = &*self.discovery.0.load()
            && Arc::ptr_eq(&known.resources, &resources)
            && Arc::ptr_eq(&known.keys, &keys)
        {
            return known.document.clone();
        }
        let working = keys.algorithms(self.clock.now());
        let algorithms: Vec<SigningAlg> =
            SigningAlg::ALL.into_iter().filter(|alg| working.contains(&algorithm(*alg))).collect();
        let issuer = &self.settings.issuer;
        let (acrs, languages) = (self.factors.levels(), &self.languages);
        let document = discovery(issuer, &resources, (&algorithms, &acrs), languages);
        let document = Arc::new(Document::new(document.to_string()));
        let keys = Arc::clone(&keys);
        self.discovery.0.store(Some(Arc::new(Made { resources, keys, document: document.clone() })));
        document
    }
}

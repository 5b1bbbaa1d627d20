//! A document that anyone may fetch, kept as the bytes that are sent.

use bytes::Bytes;

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

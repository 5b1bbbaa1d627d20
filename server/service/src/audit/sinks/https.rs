//! Lines of JSON, posted to an https address.

use super::{Line, SinkError, joined};
use crate::outbound::{Door, OutboundError};
use signet_protocol::secret::Secret;
use std::path::Path;
use url::Url;

/// The most of it that goes into one request, in bytes; one line that is longer goes alone.
const BODY: usize = 1 << 20;

pub(super) struct HttpsSink {
    door: Door,
    url: Url,
    token: Option<Secret<String>>,
}

impl HttpsSink {
    pub fn new(
        url: Url,
        token: Option<Secret<String>>,
        (private, authority): (bool, Option<&Path>),
    ) -> Result<Self, SinkError> {
        Ok(Self { door: Door::new(private, authority)?, url, token })
    }

    pub async fn send(&mut self, lines: &[Line]) -> Result<(), SinkError> {
        let mut rest = lines;
        while !rest.is_empty() {
            let mut size = 0;
            let fits = |line: &&Line| {
                size += line.json.len() + 1;
                size <= BODY
            };
            let (now, later) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            self.post(now).await?;
            rest = later;
        }
        Ok(())
    }

    async fn post(&mut self, lines: &[Line]) -> Result<(), OutboundError> {
        let token = self.token.as_ref().map(Secret::expose).map(String::as_str);
        self.door.post(&self.url, ("application/x-ndjson", joined(lines)), token).await
    }
}

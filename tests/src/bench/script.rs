//! What a connection says, operation after operation.

use super::client::Answer;
use serde_json::Value;

/// One client's conversation. An operation is a fixed number of requests.
pub(super) trait Script: Send {
    /// Requests that make one operation.
    fn steps(&self) -> usize;
    /// Writes the next request.
    fn request(&mut self, into: &mut Vec<u8>);
    /// Takes its answer; panics if that is not a success.
    fn accept(&mut self, answer: &Answer);
}

/// The same requests again and again.
pub(super) struct Repeated {
    steps: Vec<(Vec<u8>, u16)>,
    at: usize,
}

impl Repeated {
    /// Each request with the status that it must be answered with.
    pub(super) fn new(steps: Vec<(Vec<u8>, u16)>) -> Self {
        Self { steps, at: 0 }
    }
}

impl Script for Repeated {
    fn steps(&self) -> usize {
        self.steps.len()
    }

    fn request(&mut self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.steps[self.at].0);
    }

    fn accept(&mut self, answer: &Answer) {
        answer.expect(self.steps[self.at].1);
        self.at = (self.at + 1) % self.steps.len();
    }
}

/// A request whose form ends in a value that changes.
pub(super) type WithLast = Box<dyn Fn(&str) -> Vec<u8> + Send>;

/// A client that refreshes, each time with the token that it got last.
pub(super) struct Refreshing {
    pub(super) request: WithLast,
    pub(super) refresh_token: String,
}

impl Script for Refreshing {
    fn steps(&self) -> usize {
        1
    }

    fn request(&mut self, into: &mut Vec<u8>) {
        into.extend((self.request)(&self.refresh_token));
    }

    fn accept(&mut self, answer: &Answer) {
        answer.expect(200);
        let body: Value = serde_json::from_str(answer.body()).expect("a token response");
        self.refresh_token = body["refresh_token"].as_str().expect("a refresh token").to_owned();
    }
}

/// A signed-in browser that is sent to a client with a code, and the client that redeems it.
pub(super) struct CodeFlow {
    pub(super) authorize: Vec<u8>,
    pub(super) redeem: WithLast,
    pub(super) code: Option<String>,
}

impl Script for CodeFlow {
    fn steps(&self) -> usize {
        2
    }

    fn request(&mut self, into: &mut Vec<u8>) {
        match &self.code {
            None => into.extend_from_slice(&self.authorize),
            Some(code) => into.extend((self.redeem)(code)),
        }
    }

    fn accept(&mut self, answer: &Answer) {
        if self.code.take().is_some() {
            return answer.expect(200);
        }
        answer.expect(303);
        let location = answer.header("location").expect("a redirect");
        let (_, query) = location.split_once('?').expect("an authorization response");
        let code = query.split('&').find_map(|pair| pair.strip_prefix("code="));
        // Codes are base64url: nothing in them is percent-encoded.
        self.code = Some(code.unwrap_or_else(|| panic!("no code in {location}")).to_owned());
    }
}

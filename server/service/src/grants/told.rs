//! What the tokens of an answer say of a person besides the protocol's own claims.

use crate::person::Person;
use signet_protocol::claims::mapping::{ExtraClaim, asks};
use signet_protocol::client::RegisteredClient;
use signet_protocol::scope::Scope;
use signet_protocol::token::audience::Audience;

/// Who asks, and for what.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The client that gets the tokens.
    pub client: &'a RegisteredClient,
    /// What was granted to it.
    pub scope: &'a Scope,
    /// Whom the access token is for.
    pub audience: &'a Audience<'a>,
}

/// The claims, for each token.
#[derive(Default)]
pub(super) struct Told {
    /// For the access token: what its API asks for.
    pub access: Vec<ExtraClaim>,
    /// For the ID token: what the client asks for.
    pub id: Vec<ExtraClaim>,
}

impl Asked<'_> {
    /// Whether anything is said that has to be looked up.
    pub fn of_the_person(&self) -> bool {
        asks(&self.audience.scope, self.audience.claims)
            || (self.scope.contains("openid") && asks(self.scope, &self.client.client.claims))
    }

    /// What is said of this person; of nobody, nothing.
    pub fn told(&self, person: Option<&Person>) -> Told {
        let Some(person) = person else { return Told::default() };
        let client = &self.client.client;
        let made = |scope, mappings| person.claims(&client.client_id, scope, mappings).claims;
        Told {
            access: made(&self.audience.scope, self.audience.claims),
            id: made(self.scope, &client.claims),
        }
    }
}

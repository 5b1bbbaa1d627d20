//! Whom tokens are for, what they may do at this moment, and what is said of them besides the protocol's own claims.

use crate::person::Person;
use signet_protocol::claims::mapping::{ExtraClaims, asks};
use signet_protocol::client::Client;
use signet_protocol::entitlement::depends_on_roles;
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::resource::Resource;
use signet_protocol::scope::Scope;
use signet_protocol::token::audience::Audience;
use std::borrow::Cow;

/// The claims that tokens get besides the protocol's own.
#[derive(Default)]
pub(crate) struct Told {
    /// The access token: what its API asks for.
    pub access: ExtraClaims,
    /// The ID token: what the client asks for.
    pub id: ExtraClaims,
}

/// Whether tokens of this scope depend on what a person holds or is.
pub(crate) fn depends_on_person(client: &Client, scope: &Scope, resources: &[Resource]) -> bool {
    let asks_api =
        |api: &Resource| !api.claims.is_empty() && api.scopes.iter().any(|value| scope.contains(value));
    asks(scope, &client.claims) || depends_on_roles(scope, resources) || resources.iter().any(asks_api)
}

/// What of a scope is granted at this moment; of nobody, all of it.
pub(crate) fn granted_now<'a>(
    scope: &'a Scope,
    client: &Client,
    person: Option<&Person>,
    resources: &[Resource],
) -> Result<Cow<'a, Scope>, TokenRefusal> {
    let Some(person) = person else { return Ok(Cow::Borrowed(scope)) };
    let left = person.grantable(scope, client, resources);
    if left.is_empty() && !scope.is_empty() {
        let told = "the user's roles allow nothing of what was granted any more";
        return Err(TokenRefusal::new(TokenError::InvalidScope, Rule::RolesAllowNothing, told));
    }
    Ok(Cow::Owned(left))
}

/// What is said of a person in the tokens of a client with this scope; of nobody, nothing.
pub(crate) fn told(person: Option<&Person>, client: &Client, scope: &Scope, audience: &Audience<'_>) -> Told {
    let Some(person) = person else { return Told::default() };
    Told {
        access: person.claims(&client.client_id, &audience.scope, audience.claims),
        id: person.claims(&client.client_id, scope, &client.claims),
    }
}

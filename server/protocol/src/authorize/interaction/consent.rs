//! Whether the person has to be asked what a client may do.

use super::{Facts, Next};
use crate::authorize::request::{AuthorizeRequest, Prompt};
use crate::client::Client;
use crate::error::{AuthorizeError, AuthorizeRefusal};
use crate::explanation::Rule;

/// `offline_access` is consented to like any other value (OpenID Connect Core §11), so it needs no rule of its own.
pub(super) fn is_needed(request: &AuthorizeRequest, client: &Client, facts: &Facts<'_>) -> bool {
    if facts.approved {
        return false;
    }
    let remembered = facts.consented.is_some_and(|known| request.scope.is_subset_of(known))
        && is_identity_assured(request, client);
    request.prompts(Prompt::Consent) || !(client.skip_consent || remembered)
}

/// RFC 8252 §8.6: authorization requests of native applications SHOULD NOT be processed "automatically, without user
/// consent or interaction, except when the identity of the client can be assured". Any program on the person's machine
/// can say a public client's name and listen on loopback or for an own scheme; https leads to the client alone.
fn is_identity_assured(request: &AuthorizeRequest, client: &Client) -> bool {
    !client.is_public() || request.redirect_uri.starts_with("https://")
}

/// Asks, or says that it would have to.
pub(super) fn ask(request: &AuthorizeRequest, facts: &Facts<'_>, silent: bool) -> Next {
    if silent {
        let refusal = AuthorizeRefusal::new(
            AuthorizeError::ConsentRequired,
            Rule::ConsentRequired,
            "the user has to give consent",
        );
        return Next::Refuse(refusal);
    }
    let new = request.scope.filtered(|value| !facts.consented.is_some_and(|known| known.contains(value)));
    Next::Approve { scope: request.scope.clone(), new }
}

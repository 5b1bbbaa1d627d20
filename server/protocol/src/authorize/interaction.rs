//! What comes next before a validated request can be answered: a pure function, asked again after every step.

use super::request::{AuthorizeRequest, Prompt};
use crate::client::Client;
use crate::environment::Moment;
use crate::error::{AuthorizeError, AuthorizeRefusal};
use crate::id::{InteractionId, UserId};
use crate::scope::Scope;
use crate::session::Session;

/// What is known, all of it from database rows or from this request's own POST. Sealed data only demands.
pub struct Facts<'a> {
    /// The browser's live session.
    pub session: Option<&'a Session>,
    /// Whether its user may not act.
    pub user_disabled: bool,
    /// Who is expected, from a verified `id_token_hint`.
    pub hinted_user: Option<UserId>,
    /// What this user allowed this client before.
    pub consented: Option<&'a Scope>,
    /// This interaction.
    pub tx: &'a InteractionId,
    /// This request's own POST allowed it.
    pub approved: bool,
    /// This request's own POST confirmed the account.
    pub account_confirmed: bool,
    /// The client.
    pub client: &'a Client,
    /// The present moment.
    pub now: Moment,
}

/// Why someone has to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInReason {
    /// Nobody is signed in, or someone who may not act any more.
    NoSession,
    /// `prompt=login`.
    PromptLogin,
    /// The authentication is older than `max_age`.
    MaxAge,
    /// The `id_token_hint` names someone else.
    OtherUserHinted,
    /// On the account page, the person asked for another account. That is a link's doing and never an answer of [`next`].
    SelectedAnother,
}

/// The next step.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Show the sign-in page.
    SignIn {
        /// Why.
        reason: SignInReason,
    },
    /// Let the person confirm or change the account.
    SelectAccount,
    /// Ask for consent.
    Approve {
        /// All that is asked for.
        scope: Scope,
        /// What this client was not allowed before.
        new: Scope,
    },
    /// Issue the code.
    Proceed,
    /// Answer with an error: `prompt=none`, and something is missing.
    Refuse(AuthorizeRefusal),
}

/// What comes next.
pub fn next(request: &AuthorizeRequest, facts: &Facts<'_>) -> Next {
    let silent = request.prompts(Prompt::None);
    let Some(session) = facts.session.filter(|_| !facts.user_disabled) else {
        return sign_in(SignInReason::NoSession, silent);
    };
    let just_authenticated = session.authenticated_in.as_ref() == Some(facts.tx);
    if let Some(reason) = stale_authentication(request, session, just_authenticated, facts.now) {
        return sign_in(reason, silent);
    }
    if let Some(hinted) = &facts.hinted_user
        && *hinted != session.user_id
    {
        // OpenID Connect Core §3.1.2.1: if someone else is logged in by the request, too, "it MUST return an error, such
        // as login_required."
        return sign_in(SignInReason::OtherUserHinted, silent || just_authenticated);
    }
    // Who signed in for this very request has chosen the account by that.
    if request.prompts(Prompt::SelectAccount) && !facts.account_confirmed && !just_authenticated {
        return Next::SelectAccount;
    }
    if needs_consent(request, facts) {
        return approve(request, facts, silent);
    }
    Next::Proceed
}

/// OpenID Connect Core §3.1.2.1, `prompt` and `max_age`. Only an authentication recorded with this interaction proves
/// that `prompt=login` and `max_age=0` were obeyed; any other `max_age` is the clock's to judge, also when a page stood
/// open for long after signing in.
fn stale_authentication(
    request: &AuthorizeRequest,
    session: &Session,
    just_authenticated: bool,
    now: Moment,
) -> Option<SignInReason> {
    if request.prompts(Prompt::Login) && !just_authenticated {
        return Some(SignInReason::PromptLogin);
    }
    let age = (now - session.authentication.auth_time).num_seconds();
    let too_old = |max_age: u32| match max_age {
        // "max_age=0 … is equivalent to prompt=login": the same second is no proof.
        0 => !just_authenticated,
        _ => age > i64::from(max_age),
    };
    request.max_age.is_some_and(too_old).then_some(SignInReason::MaxAge)
}

/// `offline_access` is consented to like any other value (OpenID Connect Core §11), so it needs no rule of its own.
fn needs_consent(request: &AuthorizeRequest, facts: &Facts<'_>) -> bool {
    if facts.approved {
        return false;
    }
    let remembered = facts.consented.is_some_and(|known| request.scope.is_subset_of(known))
        && is_identity_assured(request, facts.client);
    request.prompts(Prompt::Consent) || !(facts.client.skip_consent || remembered)
}

/// RFC 8252 §8.6: authorization requests of native applications SHOULD NOT be processed "automatically, without user
/// consent or interaction, except when the identity of the client can be assured". Any program on the person's machine
/// can say a public client's name and listen on loopback or for an own scheme; https leads to the client alone.
fn is_identity_assured(request: &AuthorizeRequest, client: &Client) -> bool {
    !client.is_public() || request.redirect_uri.starts_with("https://")
}

fn sign_in(reason: SignInReason, refused: bool) -> Next {
    if !refused {
        return Next::SignIn { reason };
    }
    let reason = match reason {
        SignInReason::NoSession => "nobody is signed in",
        SignInReason::PromptLogin => "prompt=login was not obeyed",
        SignInReason::MaxAge => "the authentication is older than max_age",
        SignInReason::OtherUserHinted => "someone other than the user named by id_token_hint is signed in",
        SignInReason::SelectedAnother => "another account was selected",
    };
    Next::Refuse(
        AuthorizeRefusal::new(AuthorizeError::LoginRequired, "the user has to sign in").because(reason),
    )
}

fn approve(request: &AuthorizeRequest, facts: &Facts<'_>, silent: bool) -> Next {
    if silent {
        let refusal = AuthorizeRefusal::new(AuthorizeError::ConsentRequired, "the user has to give consent");
        return Next::Refuse(refusal);
    }
    let new = request.scope.filtered(|value| !facts.consented.is_some_and(|known| known.contains(value)));
    Next::Approve { scope: request.scope.clone(), new }
}

#[cfg(test)]
mod tests;

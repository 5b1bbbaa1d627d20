//! What comes next before a goal is reached: a pure function, asked again after every step.

mod authentication;
mod consent;

use super::request::{AuthorizeRequest, Prompt};
use crate::client::Client;
use crate::environment::Moment;
use crate::error::{AuthorizeError, AuthorizeRefusal};
use crate::explanation::Rule;
use crate::factor::{Demand, Enrolled, Factor};
use crate::id::{InteractionId, UserId};
use crate::scope::Scope;
use crate::session::{PartialSignIn, Session};

pub use authentication::{FRESH, may_be_remembered, owes_second_step};

/// What the person is on the way to.
#[derive(Clone, Copy)]
pub enum Goal<'a> {
    /// A client's answer.
    Authorize {
        /// What it asked for.
        request: &'a AuthorizeRequest,
        /// The client.
        client: &'a Client,
    },
    /// The person's own account here.
    Account {
        /// Whether they must have signed in a moment ago: factors, password or address are to be changed.
        fresh: bool,
    },
    /// A page of the console, where this server is administered.
    Console {
        /// Whether they must have signed in a moment ago: something is to be changed.
        fresh: bool,
    },
}

impl Goal<'_> {
    fn prompts(self, prompt: Prompt) -> bool {
        matches!(self, Self::Authorize { request, .. } if request.prompts(prompt))
    }

    /// Whether what protects the account, or others, is within reach at the end of the way.
    const fn changes_protection(self) -> bool {
        matches!(self, Self::Account { fresh: true } | Self::Console { fresh: true })
    }

    /// What is asked for on this way, given what policy asks of the person: whoever has a factor proves it before they
    /// change what protects the account, whatever policy says.
    pub fn demand(self, policy: Demand) -> Demand {
        if self.changes_protection() { policy.max(Demand::IfEnrolled) } else { policy }
    }
}

/// What is known, all of it from database rows or from this request's own POST. Sealed data only demands.
pub struct Facts<'a> {
    /// The browser's live session.
    pub session: Option<&'a Session>,
    /// The browser's sign-in that owes a second factor, while it counts: see [`PartialSignIn::counts`].
    pub partial: Option<&'a PartialSignIn>,
    /// Whether the person who is concerned may not act.
    pub user_disabled: bool,
    /// What that person has enrolled.
    pub enrolled: Enrolled,
    /// What can be set up on this server, strongest first.
    pub enrollable: &'a [Factor],
    /// What is asked of them on this way: see [`Goal::demand`].
    pub demand: Demand,
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
    /// What protects the account is to be changed, and the sign-in was a while ago.
    BeforeChange,
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
    /// Ask for another factor.
    SecondFactor {
        /// Those that will do, strongest first; never empty.
        accepted: Vec<Factor>,
    },
    /// Have a factor set up, since the person has none that will do.
    Enrol {
        /// Those that will do, strongest first; never empty.
        allowed: Vec<Factor>,
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
    /// The goal is reached: issue the code, show the account.
    Proceed,
    /// Answer with an error: `prompt=none`, and something is missing; or what is asked for cannot be had.
    Refuse(AuthorizeRefusal),
}

/// What comes next.
pub fn next(goal: Goal<'_>, facts: &Facts<'_>) -> Next {
    let silent = goal.prompts(Prompt::None);
    // Where a sign-in of its own is asked for, or another account, another interaction's half is no answer.
    let anew = goal.prompts(Prompt::Login) || goal.prompts(Prompt::SelectAccount);
    let counts = |partial: &&PartialSignIn| !facts.user_disabled && (!anew || partial.tx == *facts.tx);
    if let Some(partial) = facts.partial.filter(counts) {
        return authentication::owed(goal, partial, facts);
    }
    let Some(session) = facts.session.filter(|_| !facts.user_disabled) else {
        return sign_in(SignInReason::NoSession, silent);
    };
    let just_authenticated = session.authenticated_in.as_ref() == Some(facts.tx);
    if let Some(reason) = authentication::stale(goal, session, just_authenticated, facts.now) {
        return sign_in(reason, silent);
    }
    if let Some(hinted) = &facts.hinted_user
        && *hinted != session.user_id
    {
        // OpenID Connect Core §3.1.2.1: if someone else is logged in by the request, too, "it MUST return an error, such
        // as login_required."
        return sign_in(SignInReason::OtherUserHinted, silent || just_authenticated);
    }
    if let Some(step) = authentication::too_weak(goal, session, facts) {
        return step;
    }
    // Who signed in for this very request has chosen the account by that.
    if goal.prompts(Prompt::SelectAccount) && !facts.account_confirmed && !just_authenticated {
        return Next::SelectAccount;
    }
    match goal {
        Goal::Authorize { request, client } if consent::is_needed(request, client, facts) => {
            consent::ask(request, facts, silent)
        }
        Goal::Authorize { .. } | Goal::Account { .. } | Goal::Console { .. } => Next::Proceed,
    }
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
        SignInReason::BeforeChange => "the sign-in was too long ago to set up a factor",
        SignInReason::SelectedAnother => "another account was selected",
    };
    Next::Refuse(
        AuthorizeRefusal::new(AuthorizeError::LoginRequired, Rule::LoginRequired, "the user has to sign in")
            .because(reason),
    )
}

#[cfg(test)]
mod tests;

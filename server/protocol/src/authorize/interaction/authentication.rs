//! Whether the authentication behind a session suffices: how old it is, and how strong.

use super::{Facts, Goal, Next, SignInReason, sign_in};
use crate::authorize::request::{AuthorizeRequest, Prompt};
use crate::environment::Moment;
use crate::error::{AuthorizeError, AuthorizeRefusal};
use crate::explanation::{Rule, shown_words};
use crate::factor::{Demand, Enrolled, Factor};
use crate::id::InteractionId;
use crate::session::{Acr, PartialSignIn, SecondStep, Session};
use chrono::TimeDelta;

/// A sign-in is fresh for so long: what protects an account is changed, and a first factor set up, within it.
pub const FRESH: TimeDelta = TimeDelta::minutes(10);

impl PartialSignIn {
    /// Whether it counts in an interaction: in its own, and where nobody is signed in. Where somebody is, another tab's
    /// half sign-in is none of this one's business.
    pub fn counts(&self, tx: &InteractionId, signed_in: bool) -> bool {
        !signed_in || self.tx == *tx
    }
}

/// Whether a sign-in, or a session that had no more than this, owes a second step.
pub fn owes_second_step(demand: Demand, enrolled: Enrolled, taken: Option<SecondStep>) -> bool {
    let asked = match demand {
        Demand::Nothing => false,
        Demand::IfEnrolled => enrolled.any(),
        Demand::Always => true,
    };
    asked && taken.is_none()
}

/// OpenID Connect Core §3.1.2.1, `prompt` and `max_age`. Only an authentication recorded with this interaction proves
/// that `prompt=login` and `max_age=0` were obeyed; any other `max_age` is the clock's to judge, also when a page stood
/// open for long after signing in.
pub(super) fn stale(
    goal: Goal<'_>,
    session: &Session,
    just_authenticated: bool,
    now: Moment,
) -> Option<SignInReason> {
    let age = now - session.authentication.auth_time;
    let request = match goal {
        Goal::Authorize { request, .. } => request,
        Goal::Account { fresh } | Goal::Console { fresh } => {
            return (fresh && age > FRESH).then_some(SignInReason::BeforeChange);
        }
    };
    if request.prompts(Prompt::Login) && !just_authenticated {
        return Some(SignInReason::PromptLogin);
    }
    let too_old = |max_age: u32| match max_age {
        // "max_age=0 … is equivalent to prompt=login": the same second is no proof.
        0 => !just_authenticated,
        _ => age.num_seconds() > i64::from(max_age),
    };
    request.max_age.is_some_and(too_old).then_some(SignInReason::MaxAge)
}

/// The weakest level that `acr_values` is content with. RFC 9470 §5 wants an error where none can be met.
fn required(request: &AuthorizeRequest) -> Result<Acr, AuthorizeRefusal> {
    let known = request.acr_values.iter().filter_map(|value| Acr::named(value));
    match known.min() {
        Some(acr) => Ok(acr),
        None if request.acr_values.is_empty() => Ok(Acr::Aal1),
        None => {
            let refusal = unmet("no value of acr_values is known here");
            Err(refusal.expecting(["aal1", "aal2", "phr"]).having(shown_words(&request.acr_values.join(" "))))
        }
    }
}

fn unmet(reason: &'static str) -> AuthorizeRefusal {
    let error = AuthorizeError::UnmetAuthenticationRequirements;
    AuthorizeRefusal::new(error, Rule::AuthenticationUnmet, "the requested authentication cannot be had")
        .because(reason)
}

fn required_for(goal: Goal<'_>, demand: Demand) -> Result<Acr, AuthorizeRefusal> {
    match goal {
        Goal::Authorize { request, .. } => required(request),
        Goal::Account { .. } => Ok(Acr::Aal1),
        Goal::Console { .. } => Ok(demand.to_administer()),
    }
}

/// Whether a browser that is remembered is spared the second step on this way: not where a client asks for what only a
/// factor proves, nor before what protects the account, nor where administrators must have one. Where it would be asked all
/// the same, remembering is not offered.
pub fn may_be_remembered(goal: Goal<'_>, demand: Demand) -> bool {
    !goal.changes_protection() && required_for(goal, demand).is_ok_and(|acr| acr == Acr::Aal1)
}

/// What a sign-in owes after the password was right.
pub(super) fn owed(goal: Goal<'_>, partial: &PartialSignIn, facts: &Facts<'_>) -> Next {
    let acr = match required_for(goal, facts.demand) {
        Ok(acr) => acr,
        Err(refusal) => return Next::Refuse(refusal),
    };
    // OpenID Connect Core §3.1.2.6: nobody is signed in yet.
    if goal.prompts(Prompt::None) {
        return sign_in(SignInReason::NoSession, true);
    }
    // Policy, or what is enrolled, changed while the page was open.
    if !owes_second_step(facts.demand, facts.enrolled, None) {
        return sign_in(SignInReason::NoSession, false);
    }
    step(goal, (acr, None), partial.at, facts)
}

/// The step that a session is short of, by policy or by what the client asks (RFC 9470 §5).
pub(super) fn too_weak(goal: Goal<'_>, session: &Session, facts: &Facts<'_>) -> Option<Next> {
    let acr = match required_for(goal, facts.demand) {
        Ok(acr) => acr,
        Err(refusal) => return Some(Next::Refuse(refusal)),
    };
    let has = session.authentication.acr;
    let short = has < acr;
    if short && facts.demand == Demand::Nothing {
        return Some(Next::Refuse(unmet("second factors are switched off")));
    }
    let taken = taken(goal, session, facts.enrolled);
    let owes = short || owes_second_step(facts.demand, facts.enrolled, taken);
    let proved = matches!(taken, Some(SecondStep::Factor(_))).then_some(has);
    owes.then(|| step(goal, (acr, proved), session.authentication.auth_time, facts))
}

/// The second step that counts. A remembered browser opens nothing that protects the account, and a mailbox stands in for
/// no factor that was set up.
fn taken(goal: Goal<'_>, session: &Session, enrolled: Enrolled) -> Option<SecondStep> {
    session.second_step.filter(|step| match step {
        SecondStep::Remembered => !goal.changes_protection(),
        SecondStep::Factor(Factor::EmailCode) => !enrolled.any(),
        SecondStep::Factor(_) => true,
    })
}

/// Asks for a factor that makes up what is missing; for any other one before a better one is set up, so that nobody adds
/// a factor to an account by its password alone if it had more than that. `proved` is what a factor has come to already.
fn step(
    goal: Goal<'_>,
    (acr, proved): (Acr, Option<Acr>),
    authenticated_at: Moment,
    facts: &Facts<'_>,
) -> Next {
    let silent = goal.prompts(Prompt::None);
    let usable = facts.enrolled.usable();
    let enough: Vec<Factor> = usable.iter().copied().filter(|factor| factor.acr() >= acr).collect();
    let adds = |factor: &Factor| proved.is_none_or(|proved| factor.acr() > proved);
    let own: Vec<Factor> = usable.into_iter().filter(adds).collect();
    let accepted = if enough.is_empty() { own } else { enough };
    if !accepted.is_empty() {
        return if silent { interaction_required() } else { Next::SecondFactor { accepted } };
    }
    if silent {
        return interaction_required();
    }
    if facts.now - authenticated_at > FRESH {
        return Next::SignIn { reason: SignInReason::BeforeChange };
    }
    let allowed: Vec<Factor> =
        facts.enrollable.iter().copied().filter(|factor| factor.acr() >= acr).collect();
    if allowed.is_empty() {
        return Next::Refuse(unmet("no factor of this level can be set up here"));
    }
    Next::Enrol { allowed }
}

fn interaction_required() -> Next {
    let error = AuthorizeError::InteractionRequired;
    Next::Refuse(AuthorizeRefusal::new(
        error,
        Rule::InteractionRequired,
        "the user has to prove another factor",
    ))
}

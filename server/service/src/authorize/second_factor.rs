//! The second step of a sign-in, and the step up from a session that is not strong enough.

use super::journey::bound_browser;
use super::visit::Present;
use super::{
    Authorizations, Cookies, FactorPage, Journey, Outcome, PageKind, PasskeyAsk, Said, Step, Visit, Who,
    internal, unavailable,
};
use crate::factors::{FactorProblem, PasskeyState};
use serde::{Deserialize, Serialize};
use signet_protocol::authorize::interaction::{Next, may_be_remembered};
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::factor::{Factor, Proof};
use signet_protocol::id::InteractionId;
use signet_protocol::secret::Secret;
use signet_protocol::user::User;

/// What a passkey's question is sealed for.
const PASSKEY: &str = "passkey";

/// A passkey's question belongs to one interaction: an answer that was held back proves nothing in a later one.
#[derive(Serialize, Deserialize)]
struct Asked {
    tx: InteractionId,
    state: PasskeyState,
}

/// The second factor's form.
pub struct SecondFactorForm {
    /// The sealed request.
    pub request: String,
    /// What was answered.
    pub answer: FactorAnswer,
    /// Whether this browser need not take the second step for a while.
    pub remember: bool,
}

/// What a person answered when asked for a factor.
pub enum FactorAnswer {
    /// A code.
    Code {
        /// Of which factor.
        factor: Factor,
        /// As typed.
        code: Secret<String>,
    },
    /// A passkey's answer.
    Passkey {
        /// The question, sealed.
        state: String,
        /// The answer, as JSON.
        credential: String,
    },
    /// Another factor, please; for a code by mail, send one.
    Instead(Factor),
}

impl Authorizations {
    /// The second factor's form was sent.
    pub async fn second_factor(&self, form: SecondFactorForm, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_factor(form, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    async fn try_factor(
        &self,
        form: SecondFactorForm,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (journey, who) = self.resume(&form.request, visit).await?;
        let decision = self.decide(&journey, &who, Said::default()).await?.0;
        let (Next::SecondFactor { accepted }, Some(user)) = (decision, who.person().cloned()) else {
            // An old form, or another tab was faster: what comes next does not depend on what was sent.
            return self.advance(journey, who, Said::default(), (visit, cookies)).await;
        };
        // The page was another person's, or its factor does not do: nothing that was typed counts.
        let own = who.is(journey.interaction.shown_to.as_ref());
        let checked = match &form.answer {
            FactorAnswer::Instead(factor) if own && accepted.contains(factor) => {
                Err((Some(*factor), self.prepare(&user, *factor, visit).await?))
            }
            answer if own && accepted.contains(&answer.factor()) => {
                let checked = self.check((&user, &journey), answer, visit).await?;
                checked.map_err(|problem| (Some(answer.factor()), Some(problem)))
            }
            _ => Err((None, None)),
        };
        match checked {
            Ok(proof) => self.proved(journey, who, (proof, form.remember), (visit, cookies)).await,
            Err(again) => {
                let kind = self.ask_factor((&user, &journey), &accepted, again, (visit, cookies)).await?;
                self.page(&journey, Some(&user.id), kind, (visit, cookies))
            }
        }
    }

    /// A factor was proved: the session begins, or is stronger from now on.
    pub(super) async fn proved(
        &self,
        journey: Journey,
        who: Who,
        (proof, remember): (Proof, bool),
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        let stronger = self.strengthen(&journey, who, proof, (visit, cookies)).await?;
        let Some(present) = stronger else {
            // The session ended, or the password changed, while the page was open.
            return self.advance(journey, Who::default(), Said::default(), (visit, cookies)).await;
        };
        let wanted = remember && proof.factor.may_be_remembered();
        if wanted && self.may_remember(&journey, &present.user).await? {
            let agent = visit.user_agent;
            let secret = self.factors.remember_device(&present.user.id, agent, visit.origin).await;
            let lifetime = self.settings.live().remember_days.saturating_mul(86_400);
            cookies.remembered = secret.map_err(failed)?.map(|secret| (secret, lifetime));
        }
        self.advance(journey, present.into(), Said::default(), (visit, cookies)).await
    }

    /// Makes a session of half a sign-in, or raises the one that there is.
    pub(super) async fn strengthen(
        &self,
        journey: &Journey,
        who: Who,
        proof: Proof,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Option<Present>, AuthorizeRefusal> {
        match (who.half, who.present) {
            (Some(half), _) => self.complete(half, proof, journey, (visit, cookies)).await,
            (None, Some(present)) => self.raise(present, proof, journey, (visit, cookies)).await,
            (None, None) => Ok(None),
        }
    }

    /// What has to happen before a factor can be asked for.
    async fn prepare(
        &self,
        user: &User,
        factor: Factor,
        visit: &Visit<'_>,
    ) -> Result<Option<FactorProblem>, AuthorizeRefusal> {
        if factor != Factor::EmailCode {
            return Ok(None);
        }
        match self.factors.send_email_code(user, visit.origin).await {
            Ok(()) => Ok(None),
            Err(problem) => told(problem).map(Some),
        }
    }

    async fn check(
        &self,
        (user, journey): (&User, &Journey),
        answer: &FactorAnswer,
        visit: &Visit<'_>,
    ) -> Result<Result<Proof, FactorProblem>, AuthorizeRefusal> {
        let factors = &self.factors;
        let checked = match answer {
            FactorAnswer::Code { factor: Factor::Totp, code } => {
                factors.check_totp(&user.id, code.expose(), visit.origin).await
            }
            FactorAnswer::Code { factor: Factor::RecoveryCode, code } => {
                factors.check_recovery_code(user, code.expose(), visit.origin).await
            }
            FactorAnswer::Code { factor: Factor::EmailCode, code } => {
                factors.check_email_code(user, code.expose(), visit.origin).await
            }
            FactorAnswer::Passkey { state, credential } => match self.open_passkey(state, journey, visit) {
                Some(state) => {
                    let checked = factors.check_passkey(Some(&user.id), state, credential, visit.origin);
                    checked.await.map(|(_, proof)| proof)
                }
                None => Err(FactorProblem::Expired),
            },
            FactorAnswer::Code { .. } | FactorAnswer::Instead(_) => Err(FactorProblem::Malformed),
        };
        match checked {
            Ok(proof) => Ok(Ok(proof)),
            Err(problem) => told(problem).map(Err),
        }
    }

    /// The page that asks for a factor: a passkey if that will do, and one code. The second pair is what was chosen, and
    /// what was wrong with it.
    pub(super) async fn ask_factor(
        &self,
        (user, journey): (&User, &Journey),
        accepted: &[Factor],
        (chosen, problem): (Option<Factor>, Option<FactorProblem>),
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<PageKind, AuthorizeRefusal> {
        let passkey = match accepted.contains(&Factor::Passkey) {
            true => {
                let asked = self.factors.ask_passkey(&user.id).await.map_err(failed)?;
                Some(self.seal_passkey(asked, journey, (visit, cookies))?)
            }
            false => None,
        };
        let codes = accepted.iter().copied().filter(|factor| *factor != Factor::Passkey);
        // A code by mail is sent when it is asked for, so it is never the first choice but for want of another.
        let code_of = match chosen.filter(|chosen| *chosen != Factor::Passkey) {
            Some(chosen) => Some(chosen),
            None => codes.clone().find(|factor| *factor == Factor::Totp),
        };
        let others = codes.filter(|factor| Some(*factor) != code_of).collect();
        let offered = self.may_remember(journey, user).await?;
        let remember_days = if offered { self.settings.live().remember_days } else { 0 };
        let page = FactorPage { user: user.clone(), code_of, passkey, others, remember_days, problem };
        Ok(PageKind::SecondFactor(Box::new(page)))
    }

    /// Whether this browser may be spared the second step the next time on this way.
    async fn may_remember(&self, journey: &Journey, user: &User) -> Result<bool, AuthorizeRefusal> {
        let demand = self.demand(journey, user).await.map_err(unavailable)?;
        Ok(may_be_remembered(journey.goal()?, demand))
    }

    /// A passkey's question, with what its answer will be checked against sealed for this browser.
    pub(super) fn seal_passkey(
        &self,
        (options, state): (serde_json::Value, PasskeyState),
        journey: &Journey,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<PasskeyAsk, AuthorizeRefusal> {
        let browser = bound_browser(visit, cookies)?;
        let asked = Asked { tx: journey.interaction.tx.clone(), state };
        let state = self.forms.seal(PASSKEY, browser, &asked).map_err(internal)?;
        Ok(PasskeyAsk { options: options.to_string(), state })
    }

    /// The question that a passkey's answer belongs to; none: it is too old, another browser's or another interaction's.
    pub(super) fn open_passkey(
        &self,
        state: &str,
        journey: &Journey,
        visit: &Visit<'_>,
    ) -> Option<PasskeyState> {
        let opened = self.forms.open::<Asked>(PASSKEY, visit.browser, state).ok()?;
        let own = opened.fresh && opened.content.tx == journey.interaction.tx;
        own.then_some(opened.content.state)
    }

    /// Whether this browser need not take the second step as this person.
    pub(super) async fn is_remembered(
        &self,
        user: &User,
        visit: &Visit<'_>,
    ) -> Result<bool, AuthorizeRefusal> {
        match visit.remembered {
            Some(secret) => self.factors.is_remembered(&user.id, secret).await.map_err(unavailable),
            None => Ok(false),
        }
    }
}

impl FactorAnswer {
    const fn factor(&self) -> Factor {
        match self {
            Self::Code { factor, .. } | Self::Instead(factor) => *factor,
            Self::Passkey { .. } => Factor::Passkey,
        }
    }
}

/// A problem that the person can do something about. Anything else is the server's.
pub(super) fn told(problem: FactorProblem) -> Result<FactorProblem, AuthorizeRefusal> {
    if problem.is_the_persons() { Ok(problem) } else { Err(failed(problem)) }
}

/// A problem that is the server's.
pub(super) fn failed(problem: FactorProblem) -> AuthorizeRefusal {
    match problem {
        FactorProblem::Store(error) => unavailable(error),
        problem => internal(problem),
    }
}

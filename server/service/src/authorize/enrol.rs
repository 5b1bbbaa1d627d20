//! A factor is set up: within a sign-in, because policy or the client wants one, or from the account, as a person likes.

mod totp;

use super::second_factor::{failed, told};
use super::{
    AccountPage, Authorizations, Cookies, Destination, Journey, Outcome, PageKind, Present, Said, Step,
    Visit, Who, unavailable,
};
use crate::factors::{FactorProblem, Grounds, Standing, grounds_of};
use crate::limits::{LimitKey, LimitName};
use signet_protocol::authorize::interaction::Next;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::factor::{Enrolled, Factor, Proof};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;

/// A form of the pages on which a factor is set up.
pub struct EnrolForm {
    /// The sealed request.
    pub request: String,
    /// What was sent.
    pub step: EnrolStep,
}

/// What a person did to set a factor up.
pub enum EnrolStep {
    /// Chose one.
    Choose(Factor),
    /// Typed the first code of their authenticator app.
    Totp {
        /// The secret, sealed.
        state: String,
        /// The code.
        code: Secret<String>,
    },
    /// Had a passkey made.
    Passkey {
        /// The question, sealed.
        state: String,
        /// The answer, as JSON.
        credential: String,
        /// What the person calls it.
        name: String,
    },
}

/// What one step of setting up came to.
enum SetUp {
    /// The factor is kept, and proved.
    Done(Proof),
    /// This page goes on with it.
    Page(Box<PageKind>),
    /// The sign-in has ended meanwhile, or the person has a factor by now: nothing was kept.
    Overtaken,
    /// The person has as many as there may be.
    Full,
}

impl Authorizations {
    /// A form of the pages on which a factor is set up was sent.
    pub async fn enrol(&self, form: EnrolForm, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = Box::pin(self.try_enrol(form, visit, &mut cookies)).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    /// Somebody wants to set this factor up in their account: its first page, or what they have to do before.
    pub async fn begin_factor(&self, page: AccountPage, factor: Factor, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let begun = async {
            self.ensure_browser(visit, &mut cookies)?;
            let journey = self.depart(Destination::Account(page), None)?;
            let who = self.who(&journey.interaction.tx, visit).await?;
            self.enrol_step((journey, who), EnrolStep::Choose(factor), (visit, &mut cookies)).await
        };
        let step = begun.await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    async fn try_enrol(
        &self,
        form: EnrolForm,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (journey, who) = self.resume(&form.request, visit).await?;
        if !who.is(journey.interaction.shown_to.as_ref()) {
            return self.advance(journey, who, Said::default(), (visit, cookies)).await;
        }
        self.enrol_step((journey, who), form.step, (visit, cookies)).await
    }

    async fn enrol_step(
        &self,
        (journey, who): (Journey, Who),
        step: EnrolStep,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        let allowed = match Box::pin(self.decide(&journey, &who, Said::default())).await?.0 {
            Next::Enrol { allowed } => allowed,
            Next::Proceed if journey.enrols().is_some() => self.factors.enrollable().to_vec(),
            _ => return self.advance(journey, who, Said::default(), (visit, cookies)).await,
        };
        let (Some(user), Some(grounds)) = (who.person().cloned(), grounds(&who, visit)) else {
            return self.advance(journey, Who::default(), Said::default(), (visit, cookies)).await;
        };
        if !allowed.contains(&step.factor()) {
            let elsewhere = journey.past_enrolment(|onward| &onward.back);
            return self.advance(elsewhere, who, Said::default(), (visit, cookies)).await;
        }
        if let Err(limited) = self.limits.take(LimitName::Enrolment, &LimitKey::account(&user.id)).await {
            let kind = PageKind::ChooseFactor { user: user.clone(), allowed, limited: Some(limited) };
            return self.page(&journey, Some(&user.id), kind, (visit, cookies));
        }
        let enrolled = self.factors.enrolled(&user).await.map_err(unavailable)?;
        match self.set_up((&user, enrolled, &journey), step, &grounds, (visit, cookies)).await? {
            SetUp::Done(proof) => {
                let journey = journey.past_enrolment(|onward| &onward.done);
                self.kept((journey, who), (proof, enrolled), (visit, cookies)).await
            }
            SetUp::Page(kind) => self.page(&journey, Some(&user.id), *kind, (visit, cookies)),
            SetUp::Full => {
                let elsewhere = journey.past_enrolment(|onward| &onward.back);
                self.advance(elsewhere, who, Said::default(), (visit, cookies)).await
            }
            SetUp::Overtaken => {
                let who = self.who(&journey.interaction.tx, visit).await?;
                self.advance(journey, who, Said::default(), (visit, cookies)).await
            }
        }
    }

    /// A factor is kept, and proved by that. Should the sign-in not get the better for it (the database goes away just
    /// then), the person has the factor and proves it at the next step.
    async fn kept(
        &self,
        (journey, who): (Journey, Who),
        (proof, before): (Proof, Enrolled),
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        let Some(present) = self.strengthen(&journey, who, proof, (visit, cookies)).await? else {
            return self.advance(journey, Who::default(), Said::default(), (visit, cookies)).await;
        };
        if let Some(codes) = self.first_recovery_codes(&present, before, (visit, cookies)).await? {
            let kind = PageKind::RecoveryCodes { codes };
            return self.page(&journey, Some(&present.user.id), kind, (visit, cookies));
        }
        self.advance(journey, present.into(), Said::default(), (visit, cookies)).await
    }

    /// Whoever sets up a first factor gets recovery codes with it.
    async fn first_recovery_codes(
        &self,
        present: &Present,
        before: Enrolled,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<Option<Vec<Secret<String>>>, AuthorizeRefusal> {
        let Some(secret) = cookies.session.as_ref().filter(|_| before.recovery_codes == 0) else {
            return Ok(None);
        };
        let grounds = grounds_of(&present.session, secret);
        match self.factors.first_recovery_codes(&present.user, (&grounds, visit.origin)).await {
            Ok(codes) => Ok(Some(codes)),
            Err(FactorProblem::Overtaken) => Ok(None),
            Err(problem) => Err(failed(problem)),
        }
    }

    async fn set_up(
        &self,
        (user, enrolled, journey): (&User, Enrolled, &Journey),
        step: EnrolStep,
        grounds: &Grounds,
        at: (&Visit<'_>, &Cookies),
    ) -> Result<SetUp, AuthorizeRefusal> {
        let by = (grounds, at.0.origin);
        let replaces = enrolled.totp;
        let page = match step {
            EnrolStep::Choose(Factor::Passkey) => {
                return self.enrol_passkey_page((user, journey), None, at).await;
            }
            EnrolStep::Choose(_) => self.enrol_totp_page((user, replaces), None, at)?,
            EnrolStep::Totp { state, code } => {
                match self.confirm_totp(user, &state, &code, (grounds, at.0)).await? {
                    Ok(proof) => return Ok(SetUp::Done(proof)),
                    Err((_, FactorProblem::Overtaken)) => return Ok(SetUp::Overtaken),
                    Err((secret, problem)) => {
                        self.totp_page_again((user, replaces), (secret, state), problem, at)?
                    }
                }
            }
            EnrolStep::Passkey { state, credential, name } => {
                let made = match self.open_passkey(&state, journey, at.0) {
                    Some(state) => self.factors.finish_passkey(user, state, &credential, &name, by).await,
                    None => Err(FactorProblem::Expired),
                };
                match made {
                    Ok(proof) => return Ok(SetUp::Done(proof)),
                    Err(FactorProblem::Overtaken) => return Ok(SetUp::Overtaken),
                    Err(problem) => {
                        let problem = told(problem)?;
                        return self.enrol_passkey_page((user, journey), Some(problem), at).await;
                    }
                }
            }
        };
        Ok(SetUp::Page(Box::new(page)))
    }

    async fn enrol_passkey_page(
        &self,
        (user, journey): (&User, &Journey),
        problem: Option<FactorProblem>,
        at: (&Visit<'_>, &Cookies),
    ) -> Result<SetUp, AuthorizeRefusal> {
        let asked = match self.factors.begin_passkey(user).await {
            Ok(asked) => asked,
            Err(FactorProblem::TooMany) => return Ok(SetUp::Full),
            Err(problem) => return Err(failed(problem)),
        };
        let ask = self.seal_passkey(asked, journey, at)?;
        Ok(SetUp::Page(Box::new(PageKind::EnrolPasskey { ask, problem })))
    }
}

/// What somebody sets a factor up by.
fn grounds(who: &Who, visit: &Visit<'_>) -> Option<Grounds> {
    if who.half.is_some() {
        let hash = SecretHash::of(visit.partial?.expose().as_bytes());
        return Some(Grounds { standing: Standing::Half(hash), first: true });
    }
    Some(grounds_of(&who.present.as_ref()?.session, visit.session?))
}

impl EnrolStep {
    const fn factor(&self) -> Factor {
        match self {
            Self::Choose(factor) => *factor,
            Self::Totp { .. } => Factor::Totp,
            Self::Passkey { .. } => Factor::Passkey,
        }
    }
}

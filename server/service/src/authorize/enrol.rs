//! A first factor is set up within a sign-in, because policy or the client wants one.

use super::journey::bound_browser;
use super::second_factor::{failed, told};
use super::{
    Authorizations, Cookies, Journey, Outcome, PageKind, Said, Step, TotpPage, Visit, Who, internal,
    unavailable,
};
use crate::factors::{FactorProblem, Grounds, Standing, TotpEnrolment, TotpSecret};
use serde::{Deserialize, Serialize};
use signet_protocol::authorize::interaction::Next;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::factor::{Enrolled, Factor, Proof};
use signet_protocol::id::UserId;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::SecondStep;
use signet_protocol::user::User;

/// What a new secret is sealed for.
const TOTP: &str = "enrol-totp";

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
}

/// A secret that no authenticator app has confirmed yet. It belongs to a person: in another's form it does not count.
#[derive(Serialize, Deserialize)]
struct Unconfirmed {
    user_id: UserId,
    secret: TotpSecret,
}

impl Authorizations {
    /// A form of the pages on which a factor is set up was sent.
    pub async fn enrol(&self, form: EnrolForm, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_enrol(form, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    async fn try_enrol(
        &self,
        form: EnrolForm,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (journey, who) = self.resume(&form.request, visit).await?;
        let decision = self.decide(&journey, &who, Said::default()).await?.0;
        let (Next::Enrol { allowed }, Some(user)) = (decision, who.person().cloned()) else {
            return self.advance(journey, who, Said::default(), (visit, cookies)).await;
        };
        let own = who.is(journey.interaction.shown_to.as_ref());
        if !own || !allowed.contains(&form.step.factor()) {
            return self.advance(journey, who, Said::default(), (visit, cookies)).await;
        }
        let enrolled = self.factors.enrolled(&user).await.map_err(unavailable)?;
        let Some(grounds) = grounds(&who, visit) else {
            return self.advance(journey, Who::default(), Said::default(), (visit, cookies)).await;
        };
        let proof = match self.set_up((&user, &journey), form.step, &grounds, (visit, cookies)).await? {
            SetUp::Done(proof) => proof,
            SetUp::Page(kind) => return self.page(&journey, Some(&user.id), *kind, (visit, cookies)),
            SetUp::Overtaken => {
                let who = self.who(&journey.interaction.tx, visit).await?;
                return self.advance(journey, who, Said::default(), (visit, cookies)).await;
            }
        };
        let Some(present) = self.strengthen(&journey, who, proof, (visit, cookies)).await? else {
            return self.advance(journey, Who::default(), Said::default(), (visit, cookies)).await;
        };
        if let Some(codes) = self.first_recovery_codes(&user, enrolled, visit).await? {
            let kind = PageKind::RecoveryCodes { codes };
            return self.page(&journey, Some(&user.id), kind, (visit, cookies));
        }
        self.advance(journey, present.into(), Said::default(), (visit, cookies)).await
    }

    /// Whoever sets up a first factor gets recovery codes with it.
    async fn first_recovery_codes(
        &self,
        user: &User,
        before: Enrolled,
        visit: &Visit<'_>,
    ) -> Result<Option<Vec<Secret<String>>>, AuthorizeRefusal> {
        if before.recovery_codes > 0 {
            return Ok(None);
        }
        let codes = self.factors.new_recovery_codes(user, visit.origin).await;
        codes.map(Some).map_err(failed)
    }

    async fn set_up(
        &self,
        (user, journey): (&User, &Journey),
        step: EnrolStep,
        grounds: &Grounds,
        at: (&Visit<'_>, &Cookies),
    ) -> Result<SetUp, AuthorizeRefusal> {
        let by = (grounds, at.0.origin);
        let page = match step {
            EnrolStep::Choose(Factor::Passkey) => self.enrol_passkey_page((user, journey), None, at).await?,
            EnrolStep::Choose(_) => self.enrol_totp_page(user, None, at)?,
            EnrolStep::Totp { state, code } => {
                match self.confirm_totp(user, &state, &code, (grounds, at.0)).await? {
                    Ok(proof) => return Ok(SetUp::Done(proof)),
                    Err((_, FactorProblem::Overtaken)) => return Ok(SetUp::Overtaken),
                    Err((secret, problem)) => self.totp_page_again(user, (secret, state), problem, at)?,
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
                        self.enrol_passkey_page((user, journey), Some(problem), at).await?
                    }
                }
            }
        };
        Ok(SetUp::Page(Box::new(page)))
    }

    /// Checks the first code of a new secret. If it is wrong the secret stays: it is in the app already.
    async fn confirm_totp(
        &self,
        user: &User,
        state: &str,
        code: &Secret<String>,
        (grounds, visit): (&Grounds, &Visit<'_>),
    ) -> Result<Result<Proof, (Option<TotpSecret>, FactorProblem)>, AuthorizeRefusal> {
        let opened = self.forms.open::<Unconfirmed>(TOTP, visit.browser, state).ok();
        let own = opened.filter(|opened| opened.fresh && opened.content.user_id == user.id);
        let Some(secret) = own.map(|opened| opened.content.secret) else {
            return Ok(Err((None, FactorProblem::Expired)));
        };
        match self.factors.confirm_totp(user, &secret, code.expose(), (grounds, visit.origin)).await {
            Ok(proof) => Ok(Ok(proof)),
            Err(problem) => Ok(Err((Some(secret), told(problem)?))),
        }
    }

    /// The page with a new secret.
    fn enrol_totp_page(
        &self,
        user: &User,
        problem: Option<FactorProblem>,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<PageKind, AuthorizeRefusal> {
        let enrolment = self.factors.begin_totp(user).map_err(internal)?;
        let unconfirmed = Unconfirmed { user_id: user.id.clone(), secret: enrolment.secret.clone() };
        let browser = bound_browser(visit, cookies)?;
        let state = self.forms.seal(TOTP, browser, &unconfirmed).map_err(internal)?;
        Ok(totp_page(enrolment, state, problem))
    }

    fn totp_page_again(
        &self,
        user: &User,
        (secret, state): (Option<TotpSecret>, String),
        problem: FactorProblem,
        at: (&Visit<'_>, &Cookies),
    ) -> Result<PageKind, AuthorizeRefusal> {
        match secret {
            Some(secret) => {
                let enrolment = self.factors.show_totp(user, secret).map_err(internal)?;
                Ok(totp_page(enrolment, state, Some(problem)))
            }
            None => self.enrol_totp_page(user, Some(problem), at),
        }
    }

    async fn enrol_passkey_page(
        &self,
        (user, journey): (&User, &Journey),
        problem: Option<FactorProblem>,
        at: (&Visit<'_>, &Cookies),
    ) -> Result<PageKind, AuthorizeRefusal> {
        let asked = self.factors.begin_passkey(user).await.map_err(failed)?;
        Ok(PageKind::EnrolPasskey { ask: self.seal_passkey(asked, journey, at)?, problem })
    }
}

/// What somebody sets a factor up by. It is their first one, unless they have proved another.
fn grounds(who: &Who, visit: &Visit<'_>) -> Option<Grounds> {
    let hash = |secret: &Secret<String>| SecretHash::of(secret.expose().as_bytes());
    if who.half.is_some() {
        return Some(Grounds { standing: Standing::Half(hash(visit.partial?)), first: true });
    }
    let session = &who.present.as_ref()?.session;
    let proved = matches!(
        session.second_step,
        Some(SecondStep::Factor(Factor::Totp | Factor::Passkey | Factor::RecoveryCode))
    );
    let standing = Standing::Session(session.sid.clone(), hash(visit.session?));
    Some(Grounds { standing, first: !proved })
}

fn totp_page(enrolment: TotpEnrolment, state: String, problem: Option<FactorProblem>) -> PageKind {
    let TotpEnrolment { base32, uri, svg, .. } = enrolment;
    PageKind::EnrolTotp(Box::new(TotpPage { state, base32, uri, qr: svg, problem }))
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

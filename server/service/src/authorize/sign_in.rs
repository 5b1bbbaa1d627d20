//! A person signs in: with user name and password, or with a passkey.

use super::second_factor::failed;
use super::session::SignedIn;
use super::visit::Who;
use super::{
    Authorizations, Cookies, Journey, Outcome, PageKind, Said, SignInProblem, Step, Visit, unavailable,
};
use crate::factors::FactorProblem;
use crate::limits::{LimitKey, LimitName};
use crate::signin::attempts::{Account, Attempt};
use crate::signin::device::Device;
use crate::signin::password::{Place, Verdict};
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::authorize::interaction::{SignInReason, owes_second_step};
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::factor::{Demand, Factor};
use signet_protocol::secret::Secret;
use signet_protocol::session::{Authentication, SecondStep};
use signet_protocol::user::User;

/// The sign-in form.
pub struct Credentials {
    /// The sealed request.
    pub request: String,
    /// User name or email address.
    pub username: String,
    /// The password.
    pub password: Secret<String>,
}

/// The form that a passkey's answer comes in.
pub struct PasskeyCredentials {
    /// The sealed request.
    pub request: String,
    /// The question, sealed.
    pub state: String,
    /// The answer, as JSON.
    pub credential: String,
}

/// How an attempt went.
enum Tried {
    Right { user: User, stronger: Option<String> },
    Wrong { user: Option<User>, reason: &'static str },
    Problem(SignInProblem),
}

impl Authorizations {
    /// The sign-in form was sent.
    pub async fn sign_in(&self, form: Credentials, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_sign_in(form, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    /// A passkey answered.
    pub async fn sign_in_with_passkey(&self, form: PasskeyCredentials, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_passkey(form, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    /// The page that asks who is there. `problem` comes with what was typed as user name.
    pub(super) fn sign_in_page(
        &self,
        journey: &Journey,
        reason: SignInReason,
        (username, problem): (String, Option<SignInProblem>),
        at: (&Visit<'_>, &Cookies),
    ) -> Result<PageKind, AuthorizeRefusal> {
        let passkey = match self.factors.offers_passkeys() {
            true => {
                let asked = self.factors.ask_any_passkey().map_err(failed)?;
                Some(self.seal_passkey(asked, journey, at)?)
            }
            false => None,
        };
        Ok(PageKind::SignIn { reason, username, problem, passkey })
    }

    fn sign_in_again(
        &self,
        journey: &Journey,
        (username, problem): (String, SignInProblem),
        at: (&Visit<'_>, &Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        let kind = self.sign_in_page(journey, SignInReason::NoSession, (username, Some(problem)), at)?;
        self.page(journey, None, kind, at)
    }

    async fn try_sign_in(
        &self,
        form: Credentials,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (journey, fresh) = self.open(&form.request, visit).await?;
        if !fresh {
            let journey = self.depart_again(journey)?;
            let told = (form.username, SignInProblem::PageExpired);
            return self.sign_in_again(&journey, told, (visit, cookies));
        }
        let device = visit.device.and_then(|cookie| self.devices.read(cookie));
        match self.attempt(&form, visit, device.as_ref()).await? {
            Tried::Right { user, stronger } => {
                let Some(who) = self.password_was_right(&user, &journey, (visit, cookies)).await? else {
                    let told = (form.username, SignInProblem::WrongCredentials);
                    return self.sign_in_again(&journey, told, (visit, cookies));
                };
                if let Some(stronger) = stronger {
                    self.rehash(&user, stronger, visit).await;
                }
                self.advance(journey, who, Said::default(), (visit, cookies)).await
            }
            Tried::Wrong { user, reason } => {
                self.failed(&journey, user.as_ref(), Event::SignInFailed { reason, count: 1 }, visit);
                let told = (form.username, SignInProblem::WrongCredentials);
                self.sign_in_again(&journey, told, (visit, cookies))
            }
            Tried::Problem(problem) => {
                if let SignInProblem::Limited(_) = problem {
                    self.failed(&journey, None, Event::SignInLimited { count: 1 }, visit);
                }
                self.sign_in_again(&journey, (form.username, problem), (visit, cookies))
            }
        }
    }

    /// A session, or half a sign-in if a second step is owed; `None` if the person was disabled or got another password
    /// in the meantime.
    async fn password_was_right(
        &self,
        user: &User,
        journey: &Journey,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Option<Who>, AuthorizeRefusal> {
        let demand = self.demand(journey, user).await.map_err(unavailable)?;
        let owes = demand != Demand::Nothing
            && owes_second_step(demand, self.factors.enrolled(user).await.map_err(unavailable)?, None);
        let remembered = owes && self.is_remembered(user, visit).await?;
        if owes && !remembered {
            let half = self.begin_second_step(user, journey, (visit, cookies)).await?;
            return Ok(half.map(|half| Who { half: Some(half), present: None }));
        }
        let signed_in = SignedIn {
            authentication: Authentication::by_password(self.clock.now()),
            second_step: remembered.then_some(SecondStep::Remembered),
            tx: journey.interaction.tx.clone(),
            verified: user.password_hash.clone(),
            completes: None,
        };
        let present = self.establish(user.clone(), signed_in, journey, (visit, cookies)).await?;
        Ok(present.map(Who::from))
    }

    async fn try_passkey(
        &self,
        form: PasskeyCredentials,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (journey, fresh) = self.open(&form.request, visit).await?;
        let journey = if fresh { journey } else { self.depart_again(journey)? };
        let again = |problem| self.sign_in_again(&journey, (String::new(), problem), (visit, &*cookies));
        let Some(state) = self.open_passkey(&form.state, &journey, visit) else {
            return again(SignInProblem::PageExpired);
        };
        let network = LimitKey::network(visit.origin.address);
        if let Err(limited) = self.limits.take(LimitName::SignInNetwork, &network).await {
            self.failed(&journey, None, Event::SignInLimited { count: 1 }, visit);
            return again(SignInProblem::Limited(limited));
        }
        let checked = self.factors.check_passkey(None, state, &form.credential, visit.origin).await;
        let (user_id, proof) = match checked {
            Ok(checked) => {
                self.limits.give_back(LimitName::SignInNetwork, &network).await;
                checked
            }
            Err(FactorProblem::Store(error)) => return Err(unavailable(error)),
            Err(_) => return again(SignInProblem::PasskeyRefused),
        };
        let user = self.store.users().get(&user_id).await.map_err(unavailable)?;
        let Some(user) = user.filter(|user| !user.disabled) else {
            return again(SignInProblem::PasskeyRefused);
        };
        let signed_in = SignedIn {
            authentication: Authentication::by_passkey(proof),
            second_step: Some(SecondStep::Factor(Factor::Passkey)),
            tx: journey.interaction.tx.clone(),
            verified: None,
            completes: None,
        };
        match self.establish(user, signed_in, &journey, (visit, cookies)).await? {
            Some(present) => self.advance(journey, present.into(), Said::default(), (visit, cookies)).await,
            None => {
                self.sign_in_again(&journey, (String::new(), SignInProblem::PasskeyRefused), (visit, cookies))
            }
        }
    }

    /// Compares name and password, within the limits.
    async fn attempt(
        &self,
        form: &Credentials,
        visit: &Visit<'_>,
        device: Option<&Device>,
    ) -> Result<Tried, AuthorizeRefusal> {
        let limited = |refused| Tried::Problem(SignInProblem::Limited(refused));
        let mut attempt = match Attempt::begin(&self.limits, visit.origin.address, device).await {
            Ok(attempt) => attempt,
            Err(refused) => return Ok(limited(refused)),
        };
        // Whoever finds no place is told so before the database is asked: a flood stays here.
        let Ok(place) = self.passwords.place().await else {
            attempt.given_up().await;
            return Ok(Tried::Problem(SignInProblem::Busy));
        };
        // A space that a phone's keyboard added is no part of a name: none has one at its ends.
        let login = form.username.trim();
        let user = match self.store.users().by_login(login).await {
            Ok(user) => user,
            Err(error) => {
                attempt.given_up().await;
                return Err(unavailable(error));
            }
        };
        let account = user.as_ref().map_or(Account::Unknown(login), |user| Account::Known(&user.id));
        if let Err(refused) = attempt.at(account).await {
            return Ok(limited(refused));
        }
        self.compare(form, user, (place, attempt)).await
    }

    async fn compare(
        &self,
        form: &Credentials,
        user: Option<User>,
        (place, attempt): (Place, Attempt<'_>),
    ) -> Result<Tried, AuthorizeRefusal> {
        let hash = user.as_ref().and_then(|user| user.password_hash.as_ref());
        let Ok(verdict) = self.passwords.verify(place, &form.password, hash).await else {
            attempt.given_up().await;
            return Ok(Tried::Problem(SignInProblem::Busy));
        };
        let stronger = match verdict {
            Verdict::Right => None,
            Verdict::RightButWeak(stronger) => Some(stronger),
            Verdict::Wrong => {
                let reason = if user.is_some() { "wrong password" } else { "unknown user" };
                return Ok(Tried::Wrong { user, reason });
            }
        };
        match user {
            Some(user) if !user.disabled => {
                attempt.succeeded().await;
                Ok(Tried::Right { user, stronger })
            }
            user => Ok(Tried::Wrong { user, reason: "disabled user" }),
        }
    }

    async fn rehash(&self, user: &User, stronger: String, visit: &Visit<'_>) {
        let Some(old) = &user.password_hash else { return };
        let subjects = Subjects { user_id: Some(user.id.clone()), ..Subjects::default() };
        let event = self.audit.event(visit.origin, subjects, Event::PasswordRehashed);
        let written =
            self.store.users().rehash(user.id.clone(), old.clone(), Secret::new(stronger), vec![event]).await;
        if let Err(error) = written {
            tracing::warn!(%error, "a password's stronger hash could not be kept; the next sign-in tries again");
        }
    }

    fn failed(&self, journey: &Journey, user: Option<&User>, event: Event, visit: &Visit<'_>) {
        let subjects = Subjects {
            user_id: user.map(|user| user.id.clone()),
            client_id: journey.client_id(),
            ..Subjects::default()
        };
        self.audit.note(visit.origin, subjects, event);
    }
}

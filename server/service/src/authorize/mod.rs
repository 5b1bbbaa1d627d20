//! The authorization endpoint's use cases: from a request, over whatever the person must do, to a code; and the same way
//! to the person's own account.
//!
//! No row is written for a visitor who has not signed in: the request travels sealed in each page's form. Sealed data
//! may only demand; what happened is proven by database rows, and after each step [`next`] says what comes next.

mod code;
mod enrol;
mod journey;
mod page;
mod second_factor;
mod session;
mod sign_in;
mod steps;
mod trial;
mod visit;

pub use enrol::{EnrolForm, EnrolStep};
pub use journey::{AccountPage, Destination, Interaction, Onward};
pub use page::{FactorPage, Page, PageKind, PasskeyAsk, SignInProblem, TotpPage};
pub use second_factor::{FactorAnswer, SecondFactorForm};
pub use session::SECOND_STEP_LIFETIME;
pub use sign_in::{Credentials, PasskeyCredentials};
pub use steps::{AccountChoice, ConsentChoice};
pub use trial::{Trial, TrialRefusal, TrialRequest, Tried, TriedClaims, TriedTokens};
pub use visit::{Cookies, Present, Visit};

use crate::audit::AuditLog;
use crate::directory::Directory;
use crate::factors::Factors;
use crate::forms::Forms;
use crate::grants::Grants;
use crate::hint;
use crate::keys::KeyRing;
use crate::limits::Limits;
use crate::revocation::Feed;
use crate::settings::Settings;
use crate::signin::device::Devices;
use crate::signin::password::Passwords;
use journey::Journey;
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::authorize::interaction::{Facts, Next, next};
use signet_protocol::authorize::response::AuthorizeResponse;
use signet_protocol::authorize::validate::{Refused, validate};
use signet_protocol::environment::{Clock, Random};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::factor::{Demand, Enrolled, Factor, Policies};
use signet_protocol::id::ClientId;
use signet_protocol::parameters::Parameters;
use signet_protocol::scope::Scope;
use signet_protocol::session::SecondStep;
use signet_protocol::user::User;
use signet_store::{Store, StoreError};
use std::sync::Arc;
use trial::tried;
use visit::Who;

/// The parts that authorization needs.
#[derive(Clone)]
pub struct Authorizations {
    pub(crate) directory: Directory,
    pub(crate) store: Store,
    pub(crate) keys: KeyRing,
    pub(crate) forms: Forms,
    pub(crate) limits: Limits,
    pub(crate) devices: Devices,
    pub(crate) passwords: Passwords,
    pub(crate) factors: Factors,
    pub(crate) audit: AuditLog,
    pub(crate) feed: Feed,
    pub(crate) grants: Grants,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Arc<Settings>,
}

/// What the browser gets.
#[derive(Debug)]
pub struct Outcome {
    /// The page or the answer.
    pub step: Step,
    /// Cookies to set along with it.
    pub cookies: Cookies,
}

/// One step of an interaction, as the browser sees it.
#[derive(Debug)]
pub enum Step {
    /// A page of ours, whose form carries on.
    Page(Box<Page>),
    /// The account's page at this path, for whoever has just signed in.
    Account(String),
    /// The answer to the client: a redirect or a form that posts itself (RFC 6749 §4.1.2).
    Answer(Box<AuthorizeResponse>),
    /// A refusal that must not be sent anywhere: it is shown to the person.
    Refusal(AuthorizeRefusal),
    /// What the application would have got, had this not been a trial.
    Tried(Box<Tried>),
}

/// What this request's own form said.
#[derive(Default, Clone, Copy)]
pub(crate) struct Said {
    pub approved: bool,
    pub account_confirmed: bool,
}

impl Authorizations {
    /// An authorization request arrives (RFC 6749 §4.1.1).
    pub async fn begin(&self, parameters: &Parameters, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = match self.begin_interaction(parameters, visit, &mut cookies).await {
            Ok(step) => step,
            Err(refusal) => Step::Refusal(refusal),
        };
        Outcome { step, cookies }
    }

    async fn begin_interaction(
        &self,
        parameters: &Parameters,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let client = match parameters.get("client_id") {
            Some(id) => self.directory.client(&ClientId::from(id)).await.map_err(unavailable)?,
            None => None,
        };
        let resources = self.directory.resources();
        let request = match validate(parameters, client.as_deref(), &resources) {
            Ok(request) => request,
            Err(Refused::Page(refusal)) => return Err(refusal),
            Err(Refused::Redirect { to, refusal }) => {
                tracing::info!(error = refusal.error.code(), reason = %refusal.reason, client_id = ?parameters.get("client_id"), "authorization refused");
                return Ok(answer(AuthorizeResponse::error(to, &refusal, &self.settings.issuer)));
            }
        };
        self.ensure_browser(visit, cookies)?;
        let journey = self.depart(Destination::Client(Box::new(request)), client)?;
        let who = self.who(&journey.interaction.tx, visit).await?;
        self.advance(journey, who, Said::default(), (visit, cookies)).await
    }

    /// Whoever is signed in, if a page of the account may be shown to them; else what they have to do first.
    pub async fn account(&self, page: AccountPage, visit: &Visit<'_>) -> Result<Present, Outcome> {
        let mut cookies = Cookies::default();
        let step = match self.try_account(page, visit, &mut cookies).await {
            Ok(Ok(present)) => return Ok(present),
            Ok(Err(step)) => step,
            Err(refusal) => Step::Refusal(refusal),
        };
        Err(Outcome { step, cookies })
    }

    async fn try_account(
        &self,
        page: AccountPage,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Result<Present, Step>, AuthorizeRefusal> {
        self.ensure_browser(visit, cookies)?;
        let journey = self.depart(Destination::Account(page), None)?;
        let who = self.who(&journey.interaction.tx, visit).await?;
        let step = self.advance(journey, who.clone(), Said::default(), (visit, cookies)).await?;
        // A page's forms are bound to a cookie that the browser has: one that gets it only now comes again with it.
        let bound = cookies.browser.is_none();
        Ok(match (step, who.present) {
            (Step::Account(_), Some(present)) if bound => Ok(present),
            (step, _) => Err(step),
        })
    }

    /// What comes next, by the facts as they are now.
    ///
    /// An interaction that has had its code (the person pressed a button twice) goes on as a new one: what was
    /// recorded still counts, what this very interaction had to prove is asked for again.
    async fn advance(
        &self,
        journey: Journey,
        who: Who,
        said: Said,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        if let Some(step) = self.advance_once(&journey, &who, said, (visit, cookies)).await? {
            return Ok(step);
        }
        let anew = self.depart_again(journey)?;
        let second = self.advance_once(&anew, &who, Said::default(), (visit, cookies)).await?;
        second.ok_or_else(|| internal("a new interaction was overtaken"))
    }

    async fn advance_once(
        &self,
        journey: &Journey,
        who: &Who,
        said: Said,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<Option<Step>, AuthorizeRefusal> {
        let allowed = match Box::pin(self.as_allowed(journey, who)).await {
            Ok(allowed) => allowed,
            Err(refusal) => return Ok(Some(self.refuse(journey, refusal))),
        };
        let (decision, consented) = match Box::pin(self.decide(&allowed, who, said)).await {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Some(self.refuse(journey, refusal))),
        };
        let page = |shown_to: Option<&User>, kind| {
            // What somebody agrees to is what they saw; any other page may lead on to another account.
            let sealed = if matches!(kind, PageKind::Consent { .. }) { &allowed } else { journey };
            self.page(sealed, shown_to.map(|user| &user.id), kind, (visit, cookies)).map(Some)
        };
        match (decision, who.person()) {
            (Next::Proceed, Some(_)) => match (&allowed.interaction.destination, &who.present) {
                (Destination::Account(page), _) => Ok(Some(Step::Account(page.path.clone()))),
                (Destination::Client(request), Some(present)) => {
                    let consent = said.approved.then(|| consented.unwrap_or_default().union(&request.scope));
                    self.proceed(journey, request, present, consent, visit).await
                }
                (Destination::Client(_), None) => Err(internal("a code was due without a session")),
            },
            (Next::Approve { scope, new }, Some(user)) => {
                page(Some(user), PageKind::Consent { user: user.clone(), scope, new })
            }
            (Next::SelectAccount, Some(user)) => {
                page(Some(user), PageKind::SelectAccount { user: user.clone() })
            }
            (Next::SecondFactor { accepted }, Some(user)) => {
                let kind =
                    self.ask_factor((user, journey), &accepted, (None, None), (visit, cookies)).await?;
                page(Some(user), kind)
            }
            (Next::Enrol { allowed }, Some(user)) => {
                page(Some(user), PageKind::ChooseFactor { user: user.clone(), allowed, limited: None })
            }
            (Next::SignIn { reason }, _) => {
                let hint = journey.request().and_then(|request| request.login_hint.clone());
                let username = hint.unwrap_or_default();
                page(None, self.sign_in_page(journey, reason, (username, None), (visit, cookies))?)
            }
            (Next::Refuse(refusal), _) => Ok(Some(self.refuse(journey, refusal))),
            (_, None) => Err(internal("a step that needs a person was reached without one")),
        }
    }

    /// Loads the facts and decides; what was consented to before is needed again for what is remembered.
    async fn decide(
        &self,
        journey: &Journey,
        who: &Who,
        said: Said,
    ) -> Result<(Next, Option<Scope>), AuthorizeRefusal> {
        let hinted_user = self.hinted_user(journey)?;
        let consented = match (&journey.client, &who.present) {
            (Some(client), Some(Present { user, .. })) => {
                self.store.consents().get(&user.id, &client.client.client_id).await.map_err(unavailable)?
            }
            _ => None,
        };
        let goal = journey.goal()?;
        let demand = match who.person() {
            Some(user) => goal.demand(Box::pin(self.demand(journey, user)).await.map_err(unavailable)?),
            None => Demand::Nothing,
        };
        let facts = Facts {
            session: who.present.as_ref().map(|present| &present.session),
            partial: who.half.as_ref().map(|half| &half.partial),
            user_disabled: who.person().is_some_and(|user| user.disabled),
            enrolled: self.enrolled(journey, who, demand).await?,
            enrollable: self.factors.enrollable(),
            demand,
            hinted_user,
            consented: consented.as_ref(),
            tx: &journey.interaction.tx,
            approved: said.approved,
            account_confirmed: said.account_confirmed,
            now: self.clock.now(),
        };
        let decision = next(goal, &facts);
        Ok((decision, consented))
    }

    /// What policy asks of a person on this way.
    async fn demand(&self, journey: &Journey, user: &User) -> Result<Demand, StoreError> {
        let held = self.directory.held(user).await?;
        let client = journey.client.as_ref().and_then(|client| client.client.second_factor);
        let (policy, loopback) = (self.settings.factor_policy, self.settings.loopback);
        Ok(Policies::of((policy, client), &self.directory.roles(), &held, loopback).demand())
    }

    /// What the person has enrolled, where anything depends on it.
    async fn enrolled(
        &self,
        journey: &Journey,
        who: &Who,
        demand: Demand,
    ) -> Result<Enrolled, AuthorizeRefusal> {
        let proved = |present: &Present| matches!(present.session.second_step, Some(SecondStep::Factor(factor)) if factor != Factor::EmailCode);
        let settled = who.half.is_none()
            && journey.request().is_none_or(|request| request.acr_values.is_empty())
            && who.present.as_ref().is_none_or(|present| demand == Demand::Nothing || proved(present));
        match who.person() {
            Some(user) if !settled => self.factors.enrolled(user).await.map_err(unavailable),
            _ => Ok(Enrolled::default()),
        }
    }

    /// An answer with an error, at the client's redirect URI (RFC 6749 §4.1.2.1); a page on the way to the account.
    fn refuse(&self, journey: &Journey, refusal: AuthorizeRefusal) -> Step {
        let Some(request) = journey.request() else { return Step::Refusal(refusal) };
        tracing::info!(error = refusal.error.code(), reason = %refusal.reason, client_id = %request.client_id, "authorization refused");
        let refusal = refusal.of(&request.client_id);
        match (&journey.interaction.trial, &journey.client) {
            (None, _) => answer(AuthorizeResponse::error(request.target(), &refusal, &self.settings.issuer)),
            (Some(_), Some(client)) => {
                let came = Err(TrialRefusal::Authorization(Box::new(refusal)));
                tried(client, request.redirect_uri.clone(), came)
            }
            // Nothing of a trial goes to the application.
            (Some(_), None) => Step::Refusal(refusal),
        }
    }

    fn hinted_user(
        &self,
        journey: &Journey,
    ) -> Result<Option<signet_protocol::id::UserId>, AuthorizeRefusal> {
        let hint = journey.request().and_then(|request| request.id_token_hint.as_ref());
        let Some(token) = hint else { return Ok(None) };
        match hint::read(&self.keys, &self.settings.issuer, token) {
            Some(hint) => Ok(Some(hint.user_id)),
            None => Err(AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                Rule::HintInvalid,
                "id_token_hint is not an ID token of this issuer",
            )),
        }
    }

    /// A person said no.
    fn denied(&self, journey: &Journey, (present, visit): (&Present, &Visit<'_>)) -> Step {
        let subjects = Subjects {
            user_id: Some(present.user.id.clone()),
            client_id: journey.client_id(),
            sid: Some(present.session.sid.clone()),
            grant_id: None,
        };
        let scope = journey.request().map(|request| request.scope.to_string()).unwrap_or_default();
        if journey.interaction.trial.is_none() {
            self.audit.note(visit.origin, subjects, Event::ConsentDenied { scope });
        }
        self.refuse(
            journey,
            AuthorizeRefusal::new(
                AuthorizeError::AccessDenied,
                Rule::UserDenied,
                "the user denied the request",
            ),
        )
    }
}

pub(crate) fn answer(response: AuthorizeResponse) -> Step {
    Step::Answer(Box::new(response))
}

pub(crate) fn unavailable(error: StoreError) -> AuthorizeRefusal {
    AuthorizeRefusal::new(
        AuthorizeError::TemporarilyUnavailable,
        Rule::ServerUnavailable,
        "the server cannot answer right now: please try again",
    )
    .because(error.to_string())
}

pub(crate) fn internal(error: impl ToString) -> AuthorizeRefusal {
    AuthorizeRefusal::new(AuthorizeError::ServerError, Rule::ServerFailed, "the server failed to answer")
        .because(error.to_string())
}

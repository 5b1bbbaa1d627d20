//! The authorization endpoint's use cases: from a request, over whatever the person must do, to a code.
//!
//! No row is written for a visitor who has not signed in: the request travels sealed in each page's form. Sealed data
//! may only demand; what happened is proven by database rows, and after each step [`next`] says what comes next.

mod code;
mod interaction;
mod sign_in;
mod steps;
mod visit;

pub use interaction::Interaction;
pub use sign_in::Credentials;
pub use steps::{AccountChoice, ConsentChoice};
pub use visit::{Cookies, SignedIn, Visit};

use crate::audit::AuditLog;
use crate::directory::Directory;
use crate::forms::Forms;
use crate::hint;
use crate::keys::KeyRing;
use crate::limits::{Limited, Limits};
use crate::revocation::Feed;
use crate::settings::Settings;
use crate::signin::device::Devices;
use crate::signin::password::Passwords;
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::authorize::interaction::{Facts, Next, SignInReason, next};
use signet_protocol::authorize::request::AuthorizeRequest;
use signet_protocol::authorize::response::AuthorizeResponse;
use signet_protocol::authorize::validate::{Refused, validate};
use signet_protocol::client::RegisteredClient;
use signet_protocol::environment::{Clock, Random};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::id::ClientId;
use signet_protocol::parameters::Parameters;
use signet_protocol::scope::Scope;
use signet_protocol::session::Session;
use signet_protocol::user::User;
use signet_store::{Store, StoreError};
use std::sync::Arc;

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
    pub(crate) audit: AuditLog,
    pub(crate) feed: Feed,
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
    /// The answer to the client: a redirect or a form that posts itself (RFC 6749 §4.1.2).
    Answer(Box<AuthorizeResponse>),
    /// A refusal that must not be sent anywhere: it is shown to the person.
    Refusal(AuthorizeRefusal),
}

/// A page of an interaction.
#[derive(Debug)]
pub struct Page {
    /// The sealed request, for the form's hidden field `request`.
    pub request: String,
    /// The client that the person is on the way to.
    pub client: Arc<RegisteredClient>,
    /// Where the client will get its answer.
    pub redirect_uri: String,
    /// What is asked.
    pub kind: PageKind,
}

/// What a page asks.
#[derive(Debug)]
pub enum PageKind {
    /// User name and password.
    SignIn {
        /// Why now.
        reason: SignInReason,
        /// What to put into the user name's field.
        username: String,
        /// What was wrong with the last attempt.
        problem: Option<SignInProblem>,
    },
    /// Go on as this person, or as someone else?
    SelectAccount {
        /// Who is signed in.
        user: User,
    },
    /// May this client do this?
    Consent {
        /// Who is asked.
        user: User,
        /// All that is asked for.
        scope: Scope,
        /// What was not granted before.
        new: Scope,
    },
}

/// Why a sign-in did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// User name or password: it is not told which.
    WrongCredentials,
    /// Too many failures.
    Limited(Limited),
    /// Too many sign-ins at once.
    Busy,
    /// The page was open for too long.
    PageExpired,
}

/// Who is signed in in this browser.
pub(crate) struct Present {
    pub session: Session,
    pub user: User,
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
        let client = client.ok_or_else(|| internal("a request without a client was accepted"))?;
        self.ensure_browser(visit, cookies)?;
        let interaction = self.new_interaction(request)?;
        let present = self.present(visit).await?;
        self.advance(&client, interaction, present, Said::default(), (visit, cookies)).await
    }

    /// What comes next, by the facts as they are now.
    ///
    /// An interaction that has had its code (the person pressed a button twice) goes on as a new one: what was
    /// recorded still counts, what this very interaction had to prove is asked for again.
    pub(crate) async fn advance(
        &self,
        client: &Arc<RegisteredClient>,
        interaction: Interaction,
        present: Option<Present>,
        said: Said,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        let first = self.advance_once(client, &interaction, present.as_ref(), said, (visit, cookies)).await?;
        if let Some(step) = first {
            return Ok(step);
        }
        let anew = self.new_interaction(interaction.request)?;
        let second =
            self.advance_once(client, &anew, present.as_ref(), Said::default(), (visit, cookies)).await?;
        second.ok_or_else(|| internal("a new interaction was overtaken"))
    }

    async fn advance_once(
        &self,
        client: &Arc<RegisteredClient>,
        interaction: &Interaction,
        present: Option<&Present>,
        said: Said,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<Option<Step>, AuthorizeRefusal> {
        let request = &interaction.request;
        let consented = match present {
            Some(Present { user, .. }) => {
                self.store.consents().get(&user.id, &client.client.client_id).await.map_err(unavailable)?
            }
            None => None,
        };
        let hinted_user = match self.hinted_user(request) {
            Ok(hinted) => hinted,
            Err(refusal) => return Ok(Some(self.refuse(request, &refusal))),
        };
        let decision = next(
            request,
            &Facts {
                session: present.map(|present| &present.session),
                user_disabled: present.is_some_and(|present| present.user.disabled),
                hinted_user,
                consented: consented.as_ref(),
                tx: &interaction.tx,
                approved: said.approved,
                account_confirmed: said.account_confirmed,
                client: &client.client,
                now: self.clock.now(),
            },
        );
        let page = |shown_to: &Interaction, kind| {
            self.page(client.clone(), shown_to, kind, (visit, cookies)).map(Some)
        };
        match (decision, present) {
            (Next::Proceed, Some(present)) => {
                let consent = said.approved.then(|| consented.unwrap_or_default().union(&request.scope));
                self.proceed(client, interaction, present, consent, visit).await
            }
            (Next::Approve { scope, new }, Some(Present { user, .. })) => {
                let kind = PageKind::Consent { user: user.clone(), scope, new };
                page(&interaction.clone().shown_to(&user.id), kind)
            }
            (Next::SelectAccount, Some(Present { user, .. })) => {
                let kind = PageKind::SelectAccount { user: user.clone() };
                page(&interaction.clone().shown_to(&user.id), kind)
            }
            (Next::SignIn { reason }, _) => {
                let username = request.login_hint.clone().unwrap_or_default();
                page(interaction, PageKind::SignIn { reason, username, problem: None })
            }
            (Next::Refuse(refusal), _) => Ok(Some(self.refuse(request, &refusal))),
            (Next::Proceed | Next::Approve { .. } | Next::SelectAccount, None) => {
                Err(internal("a step that needs a session was reached without one"))
            }
        }
    }

    /// An answer with an error, at the client's redirect URI (RFC 6749 §4.1.2.1).
    pub(crate) fn refuse(&self, request: &AuthorizeRequest, refusal: &AuthorizeRefusal) -> Step {
        tracing::info!(error = refusal.error.code(), reason = %refusal.reason, client_id = %request.client_id, "authorization refused");
        answer(AuthorizeResponse::error(request.target(), refusal, &self.settings.issuer))
    }

    fn hinted_user(
        &self,
        request: &AuthorizeRequest,
    ) -> Result<Option<signet_protocol::id::UserId>, AuthorizeRefusal> {
        let Some(token) = &request.id_token_hint else { return Ok(None) };
        match hint::read(&self.keys, &self.settings.issuer, token) {
            Some(hint) => Ok(Some(hint.user_id)),
            None => Err(AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                "id_token_hint is not an ID token of this issuer",
            )),
        }
    }

    /// A person said no.
    pub(crate) fn denied(
        &self,
        client: &RegisteredClient,
        request: &AuthorizeRequest,
        (present, visit): (&Present, &Visit<'_>),
    ) -> Step {
        let subjects = Subjects {
            user_id: Some(present.user.id.clone()),
            client_id: Some(client.client.client_id.clone()),
            sid: Some(present.session.sid.clone()),
            grant_id: None,
        };
        self.audit.note(visit.origin, subjects, Event::ConsentDenied { scope: request.scope.to_string() });
        self.refuse(
            request,
            &AuthorizeRefusal::new(AuthorizeError::AccessDenied, "the user denied the request"),
        )
    }
}

pub(crate) fn answer(response: AuthorizeResponse) -> Step {
    Step::Answer(Box::new(response))
}

pub(crate) fn unavailable(error: StoreError) -> AuthorizeRefusal {
    AuthorizeRefusal::new(
        AuthorizeError::TemporarilyUnavailable,
        "the server cannot answer right now: please try again",
    )
    .because(error.to_string())
}

pub(crate) fn internal(error: impl ToString) -> AuthorizeRefusal {
    AuthorizeRefusal::new(AuthorizeError::ServerError, "the server failed to answer")
        .because(error.to_string())
}

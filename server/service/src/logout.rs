//! Sign-out (OpenID Connect RP-Initiated Logout 1.0).

use crate::authorize::{Authorizations, Cookies, Visit, internal, unavailable};
use crate::directory::Directory;
use crate::forms::Forms;
use crate::hint;
use crate::keys::KeyRing;
use crate::revocation::Feed;
use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use signet_protocol::audit::{AuditEvent, Event, Subjects};
use signet_protocol::client::RegisteredClient;
use signet_protocol::environment::{Clock, Random};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::logout::{LogoutDecision, LogoutFacts, LogoutRequest, decide};
use signet_protocol::parameters::Parameters;
use signet_protocol::principal::Principal;
use signet_protocol::secret::SecretHash;
use signet_protocol::session::Session;
use signet_protocol::user::User;
use signet_store::Store;
use std::sync::Arc;

const PURPOSE: &str = "logout";

/// The parts that sign-out needs.
#[derive(Clone)]
pub struct Logout {
    pub(crate) directory: Directory,
    pub(crate) store: Store,
    pub(crate) keys: KeyRing,
    pub(crate) forms: Forms,
    pub(crate) feed: Feed,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Arc<Settings>,
}

/// What the browser gets.
#[derive(Debug)]
pub enum LogoutStep {
    /// The person is asked first.
    Confirm {
        /// The sealed request, for the form's hidden field `request`.
        request: String,
        /// Who would be signed out.
        user: Box<User>,
        /// The application that asks, if it said who it is.
        client: Option<Arc<RegisteredClient>>,
        /// Cookies to set.
        cookies: Cookies,
    },
    /// Signed out: the session cookie is to be removed.
    SignedOut {
        /// Where the browser goes now; none: our own page says that it is done.
        redirect: Option<String>,
    },
    /// Refused, as a page.
    Refusal(AuthorizeRefusal),
}

/// A logout request on its way over the confirmation page.
#[derive(Serialize, Deserialize)]
struct Pending {
    id_token_hint: Option<String>,
    client_id: Option<String>,
    post_logout_redirect_uri: Option<String>,
    state: Option<String>,
}

impl Logout {
    /// Sign-out at the same server as these authorizations.
    pub(crate) fn beside(authorizations: &Authorizations) -> Self {
        let Authorizations { directory, store, keys, forms, feed, clock, random, settings, .. } =
            authorizations.clone();
        Self { directory, store, keys, forms, feed, clock, random, settings }
    }

    /// A sign-out is asked for, by a client or by the person.
    pub async fn begin(&self, parameters: &Parameters, visit: &Visit<'_>) -> LogoutStep {
        let answer = async { self.carry_on(LogoutRequest::parse(parameters)?, false, visit).await };
        answer.await.unwrap_or_else(LogoutStep::Refusal)
    }

    /// The person confirmed it on our page.
    pub async fn confirm(&self, sealed: &str, visit: &Visit<'_>) -> LogoutStep {
        let answer = async {
            let opened = self.forms.open::<Pending>(PURPOSE, visit.browser, sealed).map_err(|foreign| {
                AuthorizeRefusal::new(
                    AuthorizeError::InvalidRequest,
                    Rule::FormForeign,
                    "this form does not belong to this browser: allow cookies and try again",
                )
                .because(foreign.0)
            })?;
            let Pending { id_token_hint, client_id, post_logout_redirect_uri, state } = opened.content;
            let client_id = client_id.map(Into::into);
            let request = LogoutRequest { id_token_hint, client_id, post_logout_redirect_uri, state };
            self.carry_on(request, opened.fresh, visit).await
        };
        answer.await.unwrap_or_else(LogoutStep::Refusal)
    }

    async fn carry_on(
        &self,
        request: LogoutRequest,
        confirmed: bool,
        visit: &Visit<'_>,
    ) -> Result<LogoutStep, AuthorizeRefusal> {
        let issuer = &self.settings.issuer;
        let hint = request.id_token_hint.as_deref().and_then(|token| hint::read(&self.keys, issuer, token));
        let client = match request.client(hint.as_ref()) {
            Some(client_id) => self.directory.client(client_id).await.map_err(unavailable)?,
            None => None,
        };
        let present = self.present(visit).await?;
        let decision = decide(
            &request,
            &LogoutFacts {
                hint: hint.as_ref(),
                session: present.as_ref().map(|(session, _)| session),
                client: client.as_ref().map(|client| &client.client),
                confirmed,
            },
        );
        match (decision, present) {
            (LogoutDecision::Refuse(refusal), _) => Err(refusal),
            (LogoutDecision::Confirm, Some((_, user))) => self.ask(request, user, client, visit),
            (LogoutDecision::SignOut { redirect }, _) => {
                self.end(visit).await?;
                Ok(LogoutStep::SignedOut { redirect })
            }
            (LogoutDecision::Confirm, None) => Ok(LogoutStep::SignedOut { redirect: None }),
        }
    }

    fn ask(
        &self,
        request: LogoutRequest,
        user: User,
        client: Option<Arc<RegisteredClient>>,
        visit: &Visit<'_>,
    ) -> Result<LogoutStep, AuthorizeRefusal> {
        let mut cookies = Cookies::default();
        if visit.browser.is_none() {
            cookies.browser = Some(self.random.secret().map_err(internal)?);
        }
        let browser = visit.browser.or(cookies.browser.as_deref()).unwrap_or_default();
        let pending = Pending {
            id_token_hint: request.id_token_hint,
            client_id: request.client_id.map(|id| id.to_string()),
            post_logout_redirect_uri: request.post_logout_redirect_uri,
            state: request.state,
        };
        let request = self.forms.seal(PURPOSE, browser, &pending).map_err(internal)?;
        Ok(LogoutStep::Confirm { request, user: Box::new(user), client, cookies })
    }

    async fn present(&self, visit: &Visit<'_>) -> Result<Option<(Session, User)>, AuthorizeRefusal> {
        let Some(secret) = visit.session else { return Ok(None) };
        let hash = SecretHash::of(secret.expose().as_bytes());
        self.store.sessions().by_secret(&hash, self.clock.now()).await.map_err(unavailable)
    }

    /// Ends the session and every grant that hangs on it; also one that was idle for too long to count as signed in.
    async fn end(&self, visit: &Visit<'_>) -> Result<(), AuthorizeRefusal> {
        const REASON: &str = "signed out";
        if let Some(half) = visit.partial {
            let hash = SecretHash::of(half.expose().as_bytes());
            self.store.partials().forget(hash).await.map_err(unavailable)?;
        }
        let Some(secret) = visit.session else { return Ok(()) };
        let hash = SecretHash::of(secret.expose().as_bytes());
        let Some((sid, user_id)) = self.store.sessions().unended(&hash).await.map_err(unavailable)? else {
            return Ok(());
        };
        let now = self.clock.now();
        let origin = visit.origin.by(Principal::User(user_id.clone()));
        let subjects = Subjects { user_id: Some(user_id), sid: Some(sid.clone()), ..Subjects::default() };
        let event = Event::SessionEnded { reason: REASON };
        let events = vec![AuditEvent { at: now, origin, subjects, event }];
        let changes = self.store.sessions().end(sid, now, REASON, events).await;
        self.feed.announce(&changes.map_err(unavailable)?).await;
        Ok(())
    }
}

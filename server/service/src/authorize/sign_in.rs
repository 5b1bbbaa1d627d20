//! A person signs in with user name and password.

use super::{
    Authorizations, Cookies, Interaction, Outcome, PageKind, Present, Said, SignInProblem, Step, Visit,
    internal, unavailable,
};
use crate::signin::attempts::{Account, Attempt};
use crate::signin::device::Device;
use crate::signin::password::Verdict;
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Subjects};
use signet_protocol::authorize::interaction::SignInReason;
use signet_protocol::client::RegisteredClient;
use signet_protocol::environment::Moment;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::id::SessionId;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{Acr, Authentication, Session};
use signet_protocol::user::User;
use signet_store::{Committed, NewSession};
use std::time::Duration;

/// The sign-in form.
pub struct Credentials {
    /// The sealed request.
    pub request: String,
    /// User name or email address.
    pub username: String,
    /// The password.
    pub password: Secret<String>,
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

    async fn try_sign_in(
        &self,
        form: Credentials,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (interaction, fresh) = self.open(&form.request, visit)?;
        let client = self.client_of(&interaction).await?;
        let again = |interaction: &Interaction, problem: SignInProblem| {
            let reason = SignInReason::NoSession;
            let kind = PageKind::SignIn { reason, username: form.username.clone(), problem: Some(problem) };
            self.page(client.clone(), interaction, kind, (visit, &Cookies::default()))
        };
        if !fresh {
            return again(&self.new_interaction(interaction.request)?, SignInProblem::PageExpired);
        }
        let device = visit.device.and_then(|cookie| self.devices.read(cookie));
        match self.attempt(&form, visit, device.as_ref()).await? {
            Tried::Right { user, stronger } => {
                let Some(present) = self.authenticated(user, &interaction, visit, cookies).await? else {
                    return again(&interaction, SignInProblem::WrongCredentials);
                };
                let remembered = self.devices.remember(device.as_ref(), &present.user.id);
                cookies.device = Some(remembered.map_err(internal)?);
                if let Some(stronger) = stronger {
                    self.rehash(&present.user, stronger, visit).await;
                }
                self.advance(&client, interaction, Some(present), Said::default(), (visit, cookies)).await
            }
            Tried::Wrong { user, reason } => {
                self.failed(&client, user.as_ref(), Event::SignInFailed { reason, count: 1 }, visit);
                again(&interaction, SignInProblem::WrongCredentials)
            }
            Tried::Problem(problem) => {
                if let SignInProblem::Limited(_) = problem {
                    self.failed(&client, None, Event::SignInLimited { count: 1 }, visit);
                }
                again(&interaction, problem)
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
        self.compare(form, user, attempt).await
    }

    async fn compare(
        &self,
        form: &Credentials,
        user: Option<User>,
        attempt: Attempt<'_>,
    ) -> Result<Tried, AuthorizeRefusal> {
        let hash = user.as_ref().and_then(|user| user.password_hash.as_ref());
        let Ok(verdict) = self.passwords.verify(&form.password, hash).await else {
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

    /// Records the authentication and gives the browser a new session secret; `None` if the person was disabled or got
    /// another password in the meantime.
    async fn authenticated(
        &self,
        user: User,
        interaction: &Interaction,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Option<Present>, AuthorizeRefusal> {
        let now = self.clock.now();
        let secret = Secret::new(self.random.secret().map_err(internal)?);
        let hash = SecretHash::of(secret.expose().as_bytes());
        let authentication = Authentication { auth_time: now, acr: Acr::Aal1, amr: vec!["pwd".to_owned()] };
        let before = self.present(visit).await?.map(|before| before.session);
        let own = before.filter(|before| before.user_id == user.id);
        if let (Some(before), Some(old)) = (&own, visit.session) {
            let session = Session {
                authentication: authentication.clone(),
                authenticated_in: Some(interaction.tx.clone()),
                ..before.clone()
            };
            if self.renew(&session, interaction, (old, hash), (visit, now)).await? {
                cookies.session = Some(secret);
                return Ok(Some(Present { session, user }));
            }
        }
        let session = Session {
            sid: self.random.id().map_err(internal)?.into(),
            user_id: user.id.clone(),
            authentication,
            authenticated_in: Some(interaction.tx.clone()),
            created_at: now,
            last_seen_at: now,
            expires_at: now + TimeDelta::seconds(self.settings.session_lifetime.into()),
        };
        // Another tab may just have renewed the person's own session: that one goes on.
        let ends = if own.is_some() { None } else { self.left_behind(visit).await? };
        let new = NewSession {
            session: session.clone(),
            secret_hash: hash,
            idle_lifetime: Duration::from_secs(self.settings.session_idle_lifetime.into()),
            address: visit.origin.address,
            user_agent: visit.user_agent.map(|agent| agent.chars().take(256).collect()),
            ends,
            verified: user.password_hash.clone(),
        };
        let events = vec![signed_in(&session, interaction, (visit, now))];
        let written = self.store.sessions().begin(new, events).await.map_err(unavailable)?;
        self.feed.announce(&written.changes).await;
        if written.committed != Committed::Yes {
            return Ok(None);
        }
        cookies.session = Some(secret);
        Ok(Some(Present { session, user }))
    }

    /// Records a new authentication in the person's own session; false if that has changed meanwhile.
    async fn renew(
        &self,
        session: &Session,
        interaction: &Interaction,
        (old, new): (&Secret<String>, SecretHash),
        (visit, now): (&Visit<'_>, Moment),
    ) -> Result<bool, AuthorizeRefusal> {
        let Session { sid, authentication, authenticated_in, .. } = session.clone();
        let old = SecretHash::of(old.expose().as_bytes());
        let event = signed_in(session, interaction, (visit, now));
        let sessions = self.store.sessions();
        let written =
            sessions.reauthenticate(sid, old, new, authentication, authenticated_in, vec![event]).await;
        Ok(written.map_err(unavailable)? == Committed::Yes)
    }

    /// The session that this browser had before: someone else's, or one that was idle for too long. It ends.
    async fn left_behind(&self, visit: &Visit<'_>) -> Result<Option<SessionId>, AuthorizeRefusal> {
        let Some(secret) = visit.session else { return Ok(None) };
        let hash = SecretHash::of(secret.expose().as_bytes());
        let unended = self.store.sessions().unended(&hash).await.map_err(unavailable)?;
        Ok(unended.map(|(sid, _)| sid))
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

    fn failed(&self, client: &RegisteredClient, user: Option<&User>, event: Event, visit: &Visit<'_>) {
        let subjects = Subjects {
            user_id: user.map(|user| user.id.clone()),
            client_id: Some(client.client.client_id.clone()),
            ..Subjects::default()
        };
        self.audit.note(visit.origin, subjects, event);
    }
}

fn signed_in(session: &Session, interaction: &Interaction, (visit, at): (&Visit<'_>, Moment)) -> AuditEvent {
    let subjects = Subjects {
        user_id: Some(session.user_id.clone()),
        client_id: Some(interaction.request.client_id.clone()),
        sid: Some(session.sid.clone()),
        grant_id: None,
    };
    let event = Event::SignInSucceeded { amr: session.authentication.amr.clone() };
    AuditEvent { at, origin: visit.origin.clone(), subjects, event }
}

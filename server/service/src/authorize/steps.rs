//! What a person does on our pages: sign in, choose an account, consent.

use super::{
    Authorizations, Cookies, Interaction, Outcome, PageKind, Present, Said, SignInProblem, Step, Visit,
    internal, unavailable,
};
use crate::signin::password::Verdict;
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Subjects};
use signet_protocol::authorize::interaction::SignInReason;
use signet_protocol::client::RegisteredClient;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{Acr, Authentication, Session};
use signet_protocol::user::User;
use signet_store::{Committed, NewSession};
use std::sync::Arc;
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

/// The account form.
pub enum AccountChoice {
    /// Go on as the person who is signed in.
    Continue,
    /// Sign in as someone else.
    Another,
}

/// The consent form.
pub enum ConsentChoice {
    /// The client may.
    Allow,
    /// It may not.
    Deny,
}

impl Authorizations {
    /// The sign-in form was sent.
    pub async fn sign_in(&self, form: Credentials, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_sign_in(form, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    /// The account form was sent.
    pub async fn select_account(&self, request: &str, choice: AccountChoice, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_select(request, choice, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    /// The consent form was sent.
    pub async fn consent(&self, request: &str, choice: ConsentChoice, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_consent(request, choice, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
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
        let address = visit.origin.address;
        let attempt = match self.throttle.begin(&form.username, address).await {
            Ok(attempt) => attempt,
            Err(limited) => {
                self.failed(&client, None, Event::SignInLimited { count: 1 }, visit);
                return again(&interaction, SignInProblem::Limited { retry_after: limited.retry_after });
            }
        };
        // A space that a phone's keyboard added is no part of a name: none has one at its ends.
        let user = self.store.users().by_login(form.username.trim()).await.map_err(unavailable)?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_ref());
        let Ok(verdict) = self.passwords.verify(&form.password, hash).await else {
            return again(&interaction, SignInProblem::Busy);
        };
        match (user, verdict) {
            (Some(user), verdict @ (Verdict::Right | Verdict::RightButWeak(_))) if !user.disabled => {
                attempt.succeeded().await;
                let Some(present) = self.authenticated(user, &interaction, visit, cookies).await? else {
                    return again(&interaction, SignInProblem::WrongCredentials);
                };
                if let Verdict::RightButWeak(stronger) = verdict {
                    self.rehash(&present.user, stronger, visit).await;
                }
                self.advance(&client, interaction, Some(present), Said::default(), (visit, cookies)).await
            }
            (user, verdict) => {
                attempt.failed(address).await;
                let reason = match (&user, verdict) {
                    (None, _) => "unknown user",
                    (Some(_), Verdict::Wrong) => "wrong password",
                    (Some(_), _) => "disabled user",
                };
                self.failed(&client, user.as_ref(), Event::SignInFailed { reason, count: 1 }, visit);
                again(&interaction, SignInProblem::WrongCredentials)
            }
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
        let amr = vec!["pwd".to_owned()];
        let authentication = Authentication { auth_time: now, acr: Acr::Aal1, amr: amr.clone() };
        let event = |session: &Session| AuditEvent {
            at: now,
            origin: visit.origin.clone(),
            subjects: Subjects {
                user_id: Some(user.id.clone()),
                client_id: Some(interaction.request.client_id.clone()),
                sid: Some(session.sid.clone()),
                grant_id: None,
            },
            event: Event::SignInSucceeded { amr: amr.clone() },
        };
        let before = self.present(visit).await?;
        if let (Some(before), Some(old)) = (&before, visit.session)
            && before.user.id == user.id
        {
            let session = Session {
                authentication: authentication.clone(),
                authenticated_in: Some(interaction.tx.clone()),
                ..before.session.clone()
            };
            let old = SecretHash::of(old.expose().as_bytes());
            let events = vec![event(&session)];
            let written = self
                .store
                .sessions()
                .reauthenticate(
                    session.sid.clone(),
                    old,
                    hash,
                    authentication.clone(),
                    Some(interaction.tx.clone()),
                    events,
                )
                .await;
            if written.map_err(unavailable)? == Committed::Yes {
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
        let events = vec![event(&session)];
        let new = NewSession {
            session: session.clone(),
            secret_hash: hash,
            idle_lifetime: Duration::from_secs(self.settings.session_idle_lifetime.into()),
            address: visit.origin.address,
            user_agent: visit.user_agent.map(|agent| agent.chars().take(256).collect()),
            // Signing in as someone else ends the session.
            ends: before.map(|before| before.session.sid),
            verified: user.password_hash.clone(),
        };
        let written = self.store.sessions().begin(new, events).await.map_err(unavailable)?;
        self.feed.announce(&written.changes).await;
        match written.committed {
            Committed::Yes => {
                cookies.session = Some(secret);
                Ok(Some(Present { session, user }))
            }
            Committed::Stale | Committed::SubjectGone => Ok(None),
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

    fn failed(&self, client: &RegisteredClient, user: Option<&User>, event: Event, visit: &Visit<'_>) {
        let subjects = Subjects {
            user_id: user.map(|user| user.id.clone()),
            client_id: Some(client.client.client_id.clone()),
            ..Subjects::default()
        };
        self.audit.note(visit.origin, subjects, event);
    }

    async fn try_select(
        &self,
        request: &str,
        choice: AccountChoice,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (interaction, client, present) = self.resume(request, visit).await?;
        match choice {
            AccountChoice::Continue => {
                let account_confirmed = was_shown_to(&interaction, present.as_ref());
                let said = Said { account_confirmed, ..Said::default() };
                self.advance(&client, interaction, present, said, (visit, cookies)).await
            }
            AccountChoice::Another => {
                let kind = PageKind::SignIn {
                    reason: SignInReason::SelectedAnother,
                    username: String::new(),
                    problem: None,
                };
                self.page(client, &interaction, kind, (visit, cookies))
            }
        }
    }

    async fn try_consent(
        &self,
        request: &str,
        choice: ConsentChoice,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (interaction, client, present) = self.resume(request, visit).await?;
        let own = was_shown_to(&interaction, present.as_ref());
        match (choice, present) {
            (ConsentChoice::Deny, Some(present)) => {
                Ok(self.denied(&client, &interaction.request, (&present, visit)))
            }
            // Whoever agreed on a page that names them has confirmed the account, too.
            (_, present) => {
                let said = Said { approved: own, account_confirmed: own };
                self.advance(&client, interaction, present, said, (visit, cookies)).await
            }
        }
    }

    /// Opens a form's request with the facts of this moment; a page that was open for too long begins anew.
    async fn resume(
        &self,
        request: &str,
        visit: &Visit<'_>,
    ) -> Result<(Interaction, Arc<RegisteredClient>, Option<Present>), AuthorizeRefusal> {
        let (interaction, fresh) = self.open(request, visit)?;
        let client = self.client_of(&interaction).await?;
        let interaction = if fresh { interaction } else { self.new_interaction(interaction.request)? };
        Ok((interaction, client, self.present(visit).await?))
    }
}

/// A page counts only for the person it was made for: another tab may have changed who is signed in.
fn was_shown_to(interaction: &Interaction, present: Option<&Present>) -> bool {
    present.is_some_and(|present| interaction.shown_to.as_ref() == Some(&present.user.id))
}

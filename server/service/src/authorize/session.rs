//! What a proof of identity leaves behind: a session, a stronger session, or half a sign-in.

use super::visit::{Half, Present};
use super::{Authorizations, Cookies, Journey, Visit, internal, unavailable};
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Subjects};
use signet_protocol::environment::Moment;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::factor::Proof;
use signet_protocol::id::{InteractionId, SessionId};
use signet_protocol::principal::Principal;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{Authentication, PartialSignIn, SecondStep, Session};
use signet_protocol::user::User;
use signet_store::{Committed, NewPartial, NewSession, Reauthentication};
use std::time::Duration;

/// How long a second step may take, in seconds.
pub const SECOND_STEP_LIFETIME: u32 = 600;

/// A sign-in that is complete.
pub(super) struct SignedIn {
    pub(super) authentication: Authentication,
    pub(super) second_step: Option<SecondStep>,
    /// The interaction that it was done in.
    pub(super) tx: InteractionId,
    /// The hash that the password was compared with, if it was just now.
    pub(super) verified: Option<Secret<String>>,
    /// The half sign-in that it completes.
    pub(super) completes: Option<SecretHash>,
}

fn hash_of(secret: Option<&Secret<String>>) -> Option<SecretHash> {
    secret.map(|secret| SecretHash::of(secret.expose().as_bytes()))
}

impl Authorizations {
    fn new_secret(&self) -> Result<(Secret<String>, SecretHash), AuthorizeRefusal> {
        let secret = Secret::new(self.random.secret().map_err(internal)?);
        let hash = SecretHash::of(secret.expose().as_bytes());
        Ok((secret, hash))
    }

    /// Keeps that the password was right, for the second step to come; false if the person was disabled or got another
    /// password in the meantime.
    pub(super) async fn begin_second_step(
        &self,
        user: &User,
        journey: &Journey,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Option<Half>, AuthorizeRefusal> {
        let now = self.clock.now();
        let (secret, secret_hash) = self.new_secret()?;
        let partial = PartialSignIn { user_id: user.id.clone(), tx: journey.interaction.tx.clone(), at: now };
        let new = NewPartial {
            partial: partial.clone(),
            secret_hash,
            expires_at: now + TimeDelta::seconds(SECOND_STEP_LIFETIME.into()),
            verified: user.password_hash.clone(),
            replaces: hash_of(visit.partial),
        };
        let subjects = Subjects {
            user_id: Some(user.id.clone()),
            client_id: journey.client_id(),
            ..Subjects::default()
        };
        let event = self.audit.event(visit.origin, subjects, Event::SecondStepOwed);
        match self.store.partials().begin(new, vec![event]).await.map_err(unavailable)? {
            Committed::Yes => {
                cookies.partial = Some(secret);
                Ok(Some(Half { partial, user: user.clone() }))
            }
            Committed::Stale | Committed::SubjectGone => Ok(None),
        }
    }

    /// Completes a half sign-in by a factor.
    pub(super) async fn complete(
        &self,
        half: Half,
        proof: Proof,
        journey: &Journey,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Option<Present>, AuthorizeRefusal> {
        let signed_in = SignedIn {
            authentication: Authentication::by_password(proof.at).raised(proof),
            second_step: Some(SecondStep::Factor(proof.factor)),
            tx: half.partial.tx,
            verified: half.user.password_hash.clone(),
            completes: hash_of(visit.partial),
        };
        self.establish(half.user, signed_in, journey, (visit, cookies)).await
    }

    /// Records the authentication and gives the browser a new session secret; `None` if the person was disabled or got
    /// another password in the meantime, or the second step was taken already.
    pub(super) async fn establish(
        &self,
        user: User,
        signed_in: SignedIn,
        journey: &Journey,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Option<Present>, AuthorizeRefusal> {
        let now = self.clock.now();
        if signed_in.completes.is_none() {
            self.forget_half(visit).await?;
        }
        let before = self.present(visit).await?.map(|before| before.session);
        let own = before.filter(|before| before.user_id == user.id);
        if let Some(before) = &own {
            let session = Session {
                authentication: signed_in.authentication.clone(),
                authenticated_in: Some(signed_in.tx.clone()),
                second_step: signed_in.second_step,
                ..before.clone()
            };
            let proved = (signed_in.verified.clone(), signed_in.completes);
            if self.renew(&session, proved, journey, (visit, cookies)).await? {
                self.remember_browser(&user, (visit, cookies))?;
                return Ok(Some(Present { session, user }));
            }
            if signed_in.completes.is_some() {
                return Ok(None);
            }
        }
        let session = Session {
            sid: self.random.id().map_err(internal)?.into(),
            user_id: user.id.clone(),
            authentication: signed_in.authentication,
            authenticated_in: Some(signed_in.tx),
            second_step: signed_in.second_step,
            created_at: now,
            last_seen_at: now,
            expires_at: now + TimeDelta::seconds(self.settings.live().session_lifetime.into()),
        };
        // Another tab may just have renewed the person's own session: that one goes on.
        let ends = if own.is_some() { None } else { self.left_behind(visit).await? };
        let (secret, secret_hash) = self.new_secret()?;
        let new = NewSession {
            session: session.clone(),
            secret_hash,
            idle_lifetime: Duration::from_secs(self.settings.live().session_idle_lifetime.into()),
            address: visit.origin.address,
            user_agent: visit.user_agent.map(|agent| agent.chars().take(256).collect()),
            ends,
            verified: signed_in.verified,
            completes: signed_in.completes,
        };
        let events = vec![told(&session, journey, (visit, now))];
        let written = self.store.sessions().begin(new, events).await.map_err(unavailable)?;
        self.feed.announce(&written.changes).await;
        if written.committed != Committed::Yes {
            return Ok(None);
        }
        cookies.session = Some(secret);
        self.remember_browser(&user, (visit, cookies))?;
        Ok(Some(Present { session, user }))
    }

    /// Whoever signed in here has attempts of their own in this browser from now on.
    fn remember_browser(
        &self,
        user: &User,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<(), AuthorizeRefusal> {
        let device = visit.device.and_then(|cookie| self.devices.read(cookie));
        cookies.device = Some(self.devices.remember(device.as_ref(), &user.id).map_err(internal)?);
        Ok(())
    }

    /// Raises a session by a factor; `None` if it has changed or ended meanwhile.
    pub(super) async fn raise(
        &self,
        present: Present,
        proof: Proof,
        journey: &Journey,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<Option<Present>, AuthorizeRefusal> {
        let session = Session {
            authentication: present.session.authentication.clone().raised(proof),
            second_step: Some(SecondStep::Factor(proof.factor)),
            ..present.session
        };
        let renewed = self.renew(&session, (None, None), journey, (visit, cookies)).await?;
        Ok(renewed.then_some(Present { session, user: present.user }))
    }

    /// Records a new authentication in the person's own session; false if that has changed meanwhile.
    async fn renew(
        &self,
        session: &Session,
        (verified, completes): (Option<Secret<String>>, Option<SecretHash>),
        journey: &Journey,
        (visit, cookies): (&Visit<'_>, &mut Cookies),
    ) -> Result<bool, AuthorizeRefusal> {
        let Some(old) = hash_of(visit.session) else { return Ok(false) };
        let now = self.clock.now();
        let (secret, new) = self.new_secret()?;
        let change = Reauthentication { session: session.clone(), old, new, verified, completes, now };
        let event = told(session, journey, (visit, now));
        let written = self.store.sessions().reauthenticate(change, vec![event]).await.map_err(unavailable)?;
        if written != Committed::Yes {
            return Ok(false);
        }
        cookies.session = Some(secret);
        Ok(true)
    }

    /// Another way in was taken: what this browser began before proves nothing any more.
    async fn forget_half(&self, visit: &Visit<'_>) -> Result<(), AuthorizeRefusal> {
        match hash_of(visit.partial) {
            Some(hash) => self.store.partials().forget(hash).await.map_err(unavailable),
            None => Ok(()),
        }
    }

    /// The session that this browser had before: someone else's, or one that was idle for too long. It ends.
    async fn left_behind(&self, visit: &Visit<'_>) -> Result<Option<SessionId>, AuthorizeRefusal> {
        let Some(hash) = hash_of(visit.session) else { return Ok(None) };
        let unended = self.store.sessions().unended(&hash).await.map_err(unavailable)?;
        Ok(unended.map(|(sid, _)| sid))
    }
}

fn told(session: &Session, journey: &Journey, (visit, at): (&Visit<'_>, Moment)) -> AuditEvent {
    let subjects = Subjects {
        user_id: Some(session.user_id.clone()),
        client_id: journey.client_id(),
        sid: Some(session.sid.clone()),
        grant_id: None,
    };
    let event = Event::SignInSucceeded { amr: session.authentication.amr.clone() };
    let origin = visit.origin.by(Principal::User(session.user_id.clone()));
    AuditEvent { at, origin, subjects, event }
}

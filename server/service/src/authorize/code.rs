//! Everything is settled: a code is made (RFC 6749 §4.1.2).

use super::{Authorizations, Journey, Present, Step, Visit, answer, internal, trial, unavailable};
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Subjects};
use signet_protocol::authorize::request::{AuthorizeRequest, Prompt};
use signet_protocol::authorize::response::AuthorizeResponse;
use signet_protocol::environment::Moment;
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::grant::{Authorization, AuthorizationCode};
use signet_protocol::principal::Principal;
use signet_protocol::scope::Scope;
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{Committed, NewCode};

/// The account's first page.
const ACCOUNT: &str = "/account";

impl Authorizations {
    async fn is_leaving(&self, present: &Present) -> Result<bool, AuthorizeRefusal> {
        let account = self.store.account(&present.user.id);
        Ok(account.deletion().await.map_err(unavailable)?.is_some())
    }

    /// Makes the code; `None` if this interaction has had one.
    pub(super) async fn proceed(
        &self,
        journey: &Journey,
        request: &AuthorizeRequest,
        present: &Present,
        consent: Option<Scope>,
        visit: &Visit<'_>,
    ) -> Result<Option<Step>, AuthorizeRefusal> {
        let now = self.clock.now();
        let tester = match (&journey.interaction.trial, &journey.client) {
            (Some(trial), Some(client)) => match self.tester(trial, client, visit).await {
                Ok(tester) => Some(tester),
                Err(refusal) => return Ok(Some(self.refuse(journey, refusal))),
            },
            _ => None,
        };
        // What is agreed to in a trial is agreed to for this once.
        let consent = consent.filter(|_| tester.is_none());
        let code = Secret::new(self.random.secret().map_err(internal)?);
        let tx = &journey.interaction.tx;
        let new = NewCode {
            hash: SecretHash::of(code.expose().as_bytes()),
            code: AuthorizationCode {
                tx: tx.clone(),
                authorization: authorization(request, present),
                redirect_uri: request.redirect_uri.clone(),
                code_challenge: request.code_challenge.clone(),
                nonce: request.nonce.clone(),
                expires_at: now + TimeDelta::seconds(self.settings.code_lifetime.into()),
                redeemed_as: None,
            },
            uses_sign_in: present.session.authenticated_in.as_ref() == Some(tx),
        };
        let mut events = events(request, present, consent.as_ref(), (visit, now));
        if let Some(tester) = &tester {
            events.insert(0, tester.event(now, subjects(request, present), trial::event(request)));
        }
        match self.store.codes().issue(new, consent, now, events).await.map_err(unavailable)? {
            Committed::Yes => match &tester {
                Some(tester) => {
                    let whose = (present, tester);
                    Box::pin(self.redeem_trial((journey, request), code, whose)).await.map(Some)
                }
                None => {
                    let issuer = &self.settings.issuer;
                    Ok(Some(answer(AuthorizeResponse::success(request.target(), code.expose(), issuer))))
                }
            },
            Committed::Stale => Ok(None),
            // The account is going to be deleted: its pages tell so, and how it is kept.
            Committed::SubjectGone if self.is_leaving(present).await? => {
                if request.prompts(Prompt::None) {
                    let error = AuthorizeError::InteractionRequired;
                    let refusal = AuthorizeRefusal::new(
                        error,
                        Rule::InteractionRequired,
                        "the user has to decide about the account first",
                    );
                    return Ok(Some(self.refuse(journey, refusal)));
                }
                Ok(Some(Step::Account(ACCOUNT.to_owned())))
            }
            Committed::SubjectGone => {
                let refusal = AuthorizeRefusal::new(
                    AuthorizeError::AccessDenied,
                    Rule::SessionEnded,
                    "the session has ended",
                )
                .because("the user, the client or the session is no longer active");
                Ok(Some(self.refuse(journey, refusal)))
            }
        }
    }
}

fn events(
    request: &AuthorizeRequest,
    present: &Present,
    consent: Option<&Scope>,
    (visit, at): (&Visit<'_>, Moment),
) -> Vec<AuditEvent> {
    let given = consent.map(|scope| Event::ConsentGiven { scope: scope.to_string() });
    let issued = Event::CodeIssued { scope: request.scope.to_string() };
    let origin = visit.origin.by(Principal::User(present.user.id.clone()));
    let event =
        |event| AuditEvent { at, origin: origin.clone(), subjects: subjects(request, present), event };
    given.into_iter().chain([issued]).map(event).collect()
}

fn subjects(request: &AuthorizeRequest, present: &Present) -> Subjects {
    Subjects {
        user_id: Some(present.user.id.clone()),
        client_id: Some(request.client_id.clone()),
        sid: Some(present.session.sid.clone()),
        grant_id: None,
    }
}

fn authorization(request: &AuthorizeRequest, present: &Present) -> Authorization {
    Authorization {
        user_id: present.user.id.clone(),
        client_id: request.client_id.clone(),
        scope: request.scope.clone(),
        resources: request.resources.clone(),
        sid: present.session.sid.clone(),
        offline: request.scope.contains("offline_access"),
        authentication: present.session.authentication.clone(),
        session_expires_at: present.session.expires_at,
    }
}

//! Redeeming an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.6).

use super::told::{depends_on_person, granted_now, told};
use super::{ATTEMPTS, Grants, TokenAnswer, contended, issued};
use crate::client_authentication::unavailable;
use crate::grants::mint::internal;
use crate::network::network;
use crate::person::Person;
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::client::{GrantType, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::grant::{Authorization, AuthorizationCode, Grant};
use signet_protocol::id::{GrantId, ResourceId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::token::audience::audience;
use signet_protocol::token::authorization_code::{RedeemDecision, decide};
use signet_store::Committed;

pub(super) struct Presented<'a> {
    pub code: &'a Secret<String>,
    pub redirect_uri: Option<&'a str>,
    pub code_verifier: Option<&'a Secret<String>>,
    pub resources: &'a [ResourceId],
    /// The server does so itself, in the client's place: nobody gets the tokens, and their grant has ended as it is made.
    pub trial: bool,
}

/// Why the grant of a trial has ended.
const TRIAL: &str = "trial";

impl Grants {
    pub(super) async fn authorization_code(
        &self,
        client: &RegisteredClient,
        presented: Presented<'_>,
        origin: &Origin,
    ) -> Result<TokenAnswer, TokenRefusal> {
        let hash = SecretHash::of(presented.code.expose().as_bytes());
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let code = self.store.codes().find(&hash).await.map_err(unavailable)?;
            let verifier = presented.code_verifier.map(|verifier| verifier.expose().as_str());
            match (decide(code.as_ref(), &client.client, presented.redirect_uri, verifier, now), code) {
                (RedeemDecision::Redeem, Some(code)) => {
                    if let Some(answer) = self.redeem(client, (&hash, &code), &presented, origin).await? {
                        return Ok(answer);
                    }
                }
                (RedeemDecision::Refuse { refusal, revoke: Some(grant_id) }, Some(code)) => {
                    let subjects = subjects(&code.authorization, &grant_id);
                    let event =
                        AuditEvent { at: now, origin: origin.clone(), subjects, event: Event::CodeReplayed };
                    self.revoke(&grant_id, "code_replayed", vec![event], now).await?;
                    return Err(refusal);
                }
                (RedeemDecision::Refuse { refusal, .. }, _) => return Err(refusal),
                (RedeemDecision::Redeem, None) => return Err(internal("an unknown code was accepted")),
            }
        }
        Err(contended())
    }

    /// Signs first, commits then, answers last; `None` if the code was redeemed meanwhile.
    async fn redeem(
        &self,
        client: &RegisteredClient,
        (hash, code): (&SecretHash, &AuthorizationCode),
        presented: &Presented<'_>,
        origin: &Origin,
    ) -> Result<Option<TokenAnswer>, TokenRefusal> {
        let now = self.clock.now();
        let mut grant = self.new_grant(client, &code.authorization, origin, now)?;
        let authorization = &code.authorization;
        let known = self.authentication.directory.resources();
        let issuer = &self.mint.settings.issuer;
        let person = match depends_on_person(&client.client, &authorization.scope, &known) {
            true => Some(self.present_person(&authorization.user_id).await?),
            false => None,
        };
        // The grant keeps what was allowed: a role that comes back brings back what it opens.
        let scope = granted_now(&authorization.scope, &client.client, person.as_ref(), &known)?;
        let audience = audience(&scope, presented.resources, &authorization.resources, &known, issuer)?;
        let told = told(person.as_ref(), &client.client, &scope, &audience);
        let access =
            self.mint.access_token(client, Some(&grant), &audience, &told.access.claims, now).await?;
        grant.access_token_expires_at = access.expires_at;
        let id_token = if scope.contains("openid") {
            let beside = (code.nonce.as_deref(), access.jwt.as_str());
            Some(self.mint.id_token(client, &grant, beside, &told.id.claims, now).await?.into())
        } else {
            None
        };
        let refresh_token = match grant.refreshable {
            true => Some(self.mint.refresh_token(&grant, grant.generation, &grant.refresh_key)?),
            false => None,
        };
        let event = if presented.trial {
            grant.revoked_at = Some(now);
            let subjects = subjects(authorization, &grant.id);
            AuditEvent {
                at: now,
                origin: origin.clone(),
                subjects,
                event: Event::GrantRevoked { reason: TRIAL },
            }
        } else {
            issued((GrantType::AuthorizationCode, client), Some(&grant), &audience, (origin, now))
        };
        match self.store.codes().redeem(*hash, grant, vec![event]).await.map_err(unavailable)? {
            Committed::Yes => Ok(Some(TokenAnswer {
                access_token: access.jwt.into(),
                expires_in: access.expires_in,
                refresh_token,
                id_token,
                scope: audience.scope.into_owned(),
                rate_limit: None,
            })),
            Committed::Stale => Ok(None),
            Committed::SubjectGone => Err(gone()),
        }
    }

    async fn present_person(&self, id: &UserId) -> Result<Person, TokenRefusal> {
        let found = self.authentication.directory.person_by_id(id).await.map_err(unavailable)?;
        found.ok_or_else(gone)
    }

    fn new_grant(
        &self,
        client: &RegisteredClient,
        authorization: &Authorization,
        origin: &Origin,
        now: Moment,
    ) -> Result<Grant, TokenRefusal> {
        let settings = &self.mint.settings;
        let seconds = |own: Option<u32>, default: u32| TimeDelta::seconds(i64::from(own.unwrap_or(default)));
        let absolute = now + seconds(client.client.refresh_token_lifetime, settings.live().refresh_lifetime);
        let idle =
            now + seconds(client.client.refresh_token_idle_lifetime, settings.live().refresh_idle_lifetime);
        // Without offline_access the grant ends with the session it came from.
        let expires_at =
            if authorization.offline { absolute } else { absolute.min(authorization.session_expires_at) };
        Ok(Grant {
            id: self.mint.random.id().map_err(internal)?.into(),
            handle: self.mint.random.bytes().map_err(internal)?,
            authorization: authorization.clone(),
            refreshable: client.client.may_use(GrantType::RefreshToken),
            created_at: now,
            idle_expires_at: idle.min(expires_at),
            expires_at,
            access_token_expires_at: now,
            generation: 1,
            refresh_key: self.mint.refresh_key(now)?,
            rotated_at: now,
            rotated_from: origin.address.map(network),
            revoked_at: None,
        })
    }
}

fn gone() -> TokenRefusal {
    TokenRefusal::new(TokenError::InvalidGrant, Rule::GrantEnded, "the authorization code is not valid")
        .because("the user or the client is no longer active")
}

/// Whom an event about a grant concerns.
pub(super) fn subjects(authorization: &Authorization, grant_id: &GrantId) -> Subjects {
    Subjects {
        user_id: Some(authorization.user_id.clone()),
        client_id: Some(authorization.client_id.clone()),
        sid: Some(authorization.sid.clone()),
        grant_id: Some(grant_id.clone()),
    }
}

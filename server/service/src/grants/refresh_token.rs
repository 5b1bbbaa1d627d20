//! Refreshing (RFC 6749 §6, OAuth 2.1 §4.3): one `UPDATE`, and a successor that a lost answer does not lose.

use super::authorization_code::subjects;
use super::told::{depends_on_person, granted_now, told};
use super::{ATTEMPTS, Grants, TokenAnswer, contended, issued};
use crate::client_authentication::unavailable;
use crate::network::network;
use chrono::TimeDelta;
use signet_jose::OpenedRefresh;
use signet_protocol::audit::{AuditEvent, Event, Origin};
use signet_protocol::client::{GrantType, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::grant::Grant;
use signet_protocol::id::{KeyId, ResourceId};
use signet_protocol::principal::Principal;
use signet_protocol::scope::Scope;
use signet_protocol::secret::Secret;
use signet_protocol::token::audience::audience;
use signet_protocol::token::refresh_token::{RefreshDecision, RefreshFacts, Rotate, decide};
use signet_protocol::user::User;
use signet_store::{Committed, LoadedGrant, Rotation};

pub(super) struct Presented<'a> {
    pub token: &'a Secret<String>,
    pub scope: Option<&'a Scope>,
    pub resources: &'a [ResourceId],
}

/// What the decision allowed: which successor, for which scope.
struct Allowed {
    rotate: Rotate,
    generation: u64,
    scope: Scope,
}

impl Grants {
    pub(super) async fn refresh_token(
        &self,
        client: &RegisteredClient,
        presented: Presented<'_>,
        origin: &Origin,
    ) -> Result<TokenAnswer, TokenRefusal> {
        // A forged token is refused here, without a query.
        let opened = self.open_refresh_token(presented.token).await?;
        let network = origin.address.map(network);
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let loaded = self.store.grants().by_handle(&opened.handle).await.map_err(unavailable)?;
            let decision = decide(&RefreshFacts {
                grant: loaded.as_ref().map(|loaded| &loaded.grant),
                client: &client.client,
                user_active: loaded.as_ref().is_some_and(|loaded| loaded.user_active),
                session_alive: loaded.as_ref().is_some_and(|loaded| loaded.session_alive),
                presented_generation: opened.generation,
                network: network.as_deref(),
                requested_scope: presented.scope,
                now,
            });
            match (decision, loaded) {
                (RefreshDecision::Issue { rotate, successor_generation, scope }, Some(loaded)) => {
                    let allowed = Allowed { rotate, generation: successor_generation, scope };
                    let LoadedGrant { grant, user, .. } = loaded;
                    if let Some(answer) =
                        self.rotate(client, (grant, user), allowed, presented.resources, origin).await?
                    {
                        return Ok(answer);
                    }
                }
                (RefreshDecision::Refuse { refusal, revoke: Some(reason), .. }, Some(loaded)) => {
                    let event = replayed(&loaded, opened.generation, origin, now);
                    self.revoke(&loaded.grant.id, reason, vec![event], now).await?;
                    return Err(refusal);
                }
                (RefreshDecision::Refuse { refusal, .. }, _) => return Err(refusal),
                (RefreshDecision::Issue { .. }, None) => {
                    return Err(unknown(Rule::RefreshUnknown, "no grant has this handle"));
                }
            }
        }
        Err(contended())
    }

    async fn open_refresh_token(&self, token: &Secret<String>) -> Result<OpenedRefresh, TokenRefusal> {
        let (keys, issuer) = (&self.mint.keys, &self.mint.settings.issuer);
        let unknown_key = !keys.snapshot().refresh().holds_key_of(token.expose());
        if unknown_key {
            keys.look_again().await.map_err(unavailable)?;
        }
        let opened = keys.snapshot().refresh().open(token.expose(), issuer);
        opened.map_err(|error| unknown(Rule::RefreshUnknown, error.to_string()))
    }

    /// Signs first, commits then, answers last; `None` if the state was overtaken.
    async fn rotate(
        &self,
        client: &RegisteredClient,
        (mut grant, user): (Grant, User),
        allowed: Allowed,
        resources: &[ResourceId],
        origin: &Origin,
    ) -> Result<Option<TokenAnswer>, TokenRefusal> {
        let now = self.clock.now();
        let known = self.authentication.directory.resources();
        let authorized = &grant.authorization.resources;
        // Roles and groups are those of this moment.
        let person = match depends_on_person(&client.client, &allowed.scope, &known) {
            true => Some(self.authentication.directory.person(user).await.map_err(unavailable)?),
            false => None,
        };
        let scope = granted_now(&allowed.scope, &client.client, person.as_ref(), &known)?;
        let audience = audience(&scope, resources, authorized, &known, &self.mint.settings.issuer)?;
        let told = told(person.as_ref(), &client.client, &scope, &audience);
        let access =
            self.mint.access_token(client, Some(&grant), &audience, &told.access.claims, now).await?;
        let id_token = if scope.contains("openid") {
            Some(
                self.mint
                    .id_token(client, &grant, (None, access.jwt.as_str()), &told.id.claims, now)
                    .await?
                    .into(),
            )
        } else {
            None
        };
        let mut events =
            vec![issued((GrantType::RefreshToken, client), Some(&grant), &audience, (origin, now))];
        let from = grant.generation;
        let key = match allowed.rotate {
            Rotate::Retry => grant.refresh_key.clone(),
            Rotate::Fresh | Rotate::Ahead => self.mint.refresh_key(now)?,
        };
        let refresh_token = self.mint.refresh_token(&grant, allowed.generation, &key)?;
        grant.access_token_expires_at = grant.access_token_expires_at.max(access.expires_at);
        let committed = match allowed.rotate {
            Rotate::Retry => {
                events.push(about(&grant, Event::RefreshRetried { generation: from }, origin, now));
                self.store.grants().retry(grant.id.clone(), from, grant.access_token_expires_at, events).await
            }
            Rotate::Fresh | Rotate::Ahead => {
                if matches!(allowed.rotate, Rotate::Ahead) {
                    let event = Event::RefreshAhead { from, to: allowed.generation };
                    events.push(about(&grant, event, origin, now));
                }
                let rotation = self.rotation(client, &grant, (allowed.generation, key), origin, now);
                self.store.grants().rotate(rotation, events).await
            }
        };
        match committed.map_err(unavailable)? {
            Committed::Yes => Ok(Some(TokenAnswer {
                access_token: access.jwt.into(),
                expires_in: access.expires_in,
                refresh_token: Some(refresh_token),
                id_token,
                scope: audience.scope.into_owned(),
                rate_limit: None,
            })),
            Committed::Stale => Ok(None),
            Committed::SubjectGone => {
                Err(unknown(Rule::GrantEnded, "the user or the client is no longer active"))
            }
        }
    }

    fn rotation(
        &self,
        client: &RegisteredClient,
        grant: &Grant,
        (to_generation, key_id): (u64, KeyId),
        origin: &Origin,
        now: Moment,
    ) -> Rotation {
        let idle = client
            .client
            .refresh_token_idle_lifetime
            .unwrap_or(self.mint.settings.live().refresh_idle_lifetime);
        Rotation {
            grant_id: grant.id.clone(),
            from_generation: grant.generation,
            to_generation,
            key_id,
            rotated_at: now,
            rotated_from: origin.address.map(network),
            idle_expires_at: (now + TimeDelta::seconds(i64::from(idle))).min(grant.expires_at),
            access_token_expires_at: grant.access_token_expires_at,
        }
    }
}

fn about(grant: &Grant, event: Event, origin: &Origin, at: Moment) -> AuditEvent {
    let origin = origin.by(Principal::Client(grant.authorization.client_id.clone()));
    AuditEvent { at, origin, subjects: subjects(&grant.authorization, &grant.id), event }
}

fn replayed(loaded: &LoadedGrant, generation: u64, origin: &Origin, now: Moment) -> AuditEvent {
    let event = Event::RefreshReplayed { generation, current: loaded.grant.generation };
    about(&loaded.grant, event, origin, now)
}

fn unknown(rule: Rule, reason: impl Into<std::borrow::Cow<'static, str>>) -> TokenRefusal {
    TokenRefusal::new(TokenError::InvalidGrant, rule, "the refresh token is not valid").because(reason)
}

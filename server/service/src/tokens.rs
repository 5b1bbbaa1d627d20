//! Tokens that someone presents: introspection (RFC 7662), revocation (RFC 7009) and userinfo (OpenID Connect Core §5.3).

use crate::admin::Actor;
use crate::client_authentication::{ClientAuthentication, unavailable};
use crate::grants::TokenCall;
use crate::grants::mint::{Mint, internal};
use crate::limits::{LimitName, Limited, RateLimit};
use crate::revocation::{Feed, Revocations};
use serde_json::{Map, Value};
use signet_jose::jws::Parsed;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::claims::mapping::asks;
use signet_protocol::claims::{ACCESS_TOKEN_TYP, PresentedAccessToken, sub, user_claims};
use signet_protocol::client::RegisteredClient;
use signet_protocol::environment::{Clock, Moment};
use signet_protocol::error::{BearerError, TokenRefusal};
use signet_protocol::factor::Policies;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::introspection::{
    ActiveToken, Introspection, PresentedToken, check_caller, may_introspect_access, may_introspect_refresh,
};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::{Permissions, administration_api};
use signet_protocol::principal::Principal;
use signet_protocol::revocation::{Found, RevocationDecision, decide};
use signet_protocol::scope::Scope;
use signet_protocol::secret::Secret;
use signet_protocol::session::Acr;
use signet_store::{LoadedGrant, Store, StoreError};
use std::sync::Arc;

/// The parts that presented tokens need.
#[derive(Clone)]
pub struct Tokens {
    pub(crate) authentication: ClientAuthentication,
    pub(crate) mint: Mint,
    pub(crate) store: Store,
    pub(crate) revocations: Revocations,
    pub(crate) feed: Feed,
    pub(crate) clock: Clock,
}

/// An answer, and how the limit that its request was counted by stands, if there is one.
#[derive(Debug)]
pub struct Counted<T> {
    /// The answer.
    pub answer: T,
    /// The limit.
    pub rate_limit: Option<RateLimit>,
}

/// Userinfo, as the client wants it.
#[derive(Debug)]
pub enum UserInfo {
    /// JSON.
    Claims(Map<String, Value>),
    /// A JWT, for clients registered with `userinfo_signed_response_alg`.
    Signed(String),
}

/// Why a presented token does not let do what was asked.
#[derive(Debug)]
pub enum PresentedRefusal {
    /// The token does not suffice.
    Bearer(BearerError),
    /// Too much was asked about this person.
    Limited(Limited),
    /// The database could not be asked.
    Unavailable(StoreError),
}

impl From<StoreError> for PresentedRefusal {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error)
    }
}

impl Tokens {
    /// An authentic access token, still alive or not: signed by a published key of ours and made by this issuer.
    fn authentic(&self, token: &str, now: Moment) -> Option<PresentedAccessToken> {
        let parsed = Parsed::parse(token).ok()?;
        if !parsed.header.is_type(ACCESS_TOKEN_TYP) {
            return None;
        }
        let keys = self.mint.keys.snapshot();
        parsed.verify(keys.verifier(parsed.header.kid.as_deref()?, now)?).ok()?;
        let claims: PresentedAccessToken = serde_json::from_slice(&parsed.payload).ok()?;
        (*claims.iss == *self.mint.settings.issuer).then_some(claims)
    }

    /// Whether an authentic token still counts: not expired, not revoked, its client alive.
    async fn is_alive(&self, token: &PresentedAccessToken, now: Moment) -> Result<bool, StoreError> {
        if token.exp <= now.timestamp() {
            return Ok(false);
        }
        let Some(client) = self.authentication.directory.client(&token.client_id).await? else {
            return Ok(false);
        };
        if client.disabled || token.rev < client.revocation_counter {
            return Ok(false);
        }
        Ok(!self.revocations.is_revoked(&token.jti, token.grant.as_ref()).await?)
    }

    /// An authentic refresh token's grant, and whether the token is the one that counts now.
    async fn refresh_grant(&self, token: &str) -> Result<Option<(LoadedGrant, u64)>, StoreError> {
        let opened = self.mint.keys.snapshot().refresh().open(token, &self.mint.settings.issuer);
        let Ok(opened) = opened else { return Ok(None) };
        let loaded = self.store.grants().by_handle(&opened.handle).await?;
        Ok(loaded.map(|loaded| (loaded, opened.generation)))
    }

    /// What a resource server may know of a token; the answer's JSON text.
    pub async fn introspect(&self, call: TokenCall<'_>) -> Result<Counted<String>, TokenRefusal> {
        let caller =
            self.authentication.authenticate(call.authorization, call.parameters, call.origin).await?;
        check_caller(&caller.client)?;
        let limit = LimitName::IntrospectionClient;
        let rate_limit = self.authentication.take_request(limit, &caller, call.origin).await?;
        let answer = self.introspection(&caller, call.parameters).await?;
        Ok(Counted { answer, rate_limit })
    }

    async fn introspection(
        &self,
        caller: &RegisteredClient,
        parameters: &Parameters,
    ) -> Result<String, TokenRefusal> {
        let presented = PresentedToken::parse(parameters)?;
        let token = presented.token.expose();
        let now = self.clock.now();
        let caller = &caller.client.client_id;
        if let Some(claims) = self.authentic(token, now) {
            let resources = self.authentication.directory.resources();
            let active = may_introspect_access(caller, &claims.client_id, &claims.aud, &resources)
                && self.is_alive(&claims, now).await.map_err(unavailable)?;
            let active = active.then(|| ActiveToken::access(&claims, None));
            return text(active.map_or(Introspection::Inactive, Introspection::Active));
        }
        match self.refresh_grant(token).await.map_err(unavailable)? {
            Some((loaded, generation)) if may_introspect_refresh(caller, &loaded.grant) => {
                self.introspect_refresh(&loaded, generation, now).await
            }
            _ => text(Introspection::Inactive),
        }
    }

    async fn introspect_refresh(
        &self,
        loaded: &LoadedGrant,
        generation: u64,
        now: Moment,
    ) -> Result<String, TokenRefusal> {
        let LoadedGrant { grant, user_active, session_alive, .. } = loaded;
        let authorization = &grant.authorization;
        let alive = grant.refreshable
            && grant.revoked_at.is_none()
            && generation == grant.generation
            && grant.idle_expires_at > now
            && grant.expires_at > now
            && *user_active
            && (authorization.offline || *session_alive);
        if !alive {
            return text(Introspection::Inactive);
        }
        let client =
            self.authentication.directory.client(&authorization.client_id).await.map_err(unavailable)?;
        let Some(client) = client else { return text(Introspection::Inactive) };
        let sub = sub(&authorization.user_id, &client.client);
        text(Introspection::Active(ActiveToken::refresh(grant, &sub, None, &self.mint.settings.issuer)))
    }

    /// Ends what the token stands for, if it is the client's own. Returns only after that is durable.
    pub async fn revoke(&self, call: TokenCall<'_>) -> Result<Counted<()>, TokenRefusal> {
        let client =
            self.authentication.authenticate(call.authorization, call.parameters, call.origin).await?;
        let limit = LimitName::RevocationClient;
        let rate_limit = self.authentication.take_request(limit, &client, call.origin).await?;
        let presented = PresentedToken::parse(call.parameters)?;
        let now = self.clock.now();
        let client_id = &client.client.client_id;
        let token = presented.token.expose();
        let access = self.authentic(token, now);
        let refresh = match access {
            Some(_) => None,
            None => self.refresh_grant(token).await.map_err(unavailable)?,
        };
        let found = match (&access, &refresh) {
            (Some(access), _) => Found::Access(access),
            (None, Some((loaded, _))) => Found::Refresh(Some(&loaded.grant)),
            (None, None) => Found::Nothing,
        };
        let subjects = Subjects {
            user_id: refresh.as_ref().map(|(loaded, _)| loaded.grant.authorization.user_id.clone()),
            client_id: Some(client_id.clone()),
            sid: None,
            grant_id: refresh.as_ref().map(|(loaded, _)| loaded.grant.id.clone()),
        };
        let ended = self.end(decide(client_id, found, now), subjects, (call.origin, now)).await;
        ended.map(|()| Counted { answer: (), rate_limit }).map_err(unavailable)
    }

    async fn end(
        &self,
        decision: RevocationDecision,
        subjects: Subjects,
        (origin, at): (&Origin, Moment),
    ) -> Result<(), StoreError> {
        const REASON: &str = "asked for by its client";
        let origin = match &subjects.client_id {
            Some(client_id) => origin.by(Principal::Client(client_id.clone())),
            None => origin.clone(),
        };
        let event = |event| vec![AuditEvent { at, origin, subjects, event }];
        let change = match decision {
            RevocationDecision::Nothing => None,
            RevocationDecision::EndGrant(grant_id) => {
                let events = event(Event::GrantRevoked { reason: REASON });
                self.store.grants().revoke(grant_id, at, REASON, events).await?
            }
            // It was ended before: whoever asks again and again leaves no more rows.
            RevocationDecision::EndToken { jti, .. } if self.revocations.is_revoked(&jti, None).await? => {
                None
            }
            RevocationDecision::EndToken { jti, expires_at } => {
                let events = event(Event::TokenRevoked { reason: REASON });
                Some(self.store.tokens().revoke(jti, expires_at, at, events).await?)
            }
        };
        self.feed.announce(change.as_slice()).await;
        Ok(())
    }

    /// The claims that a token's scope allows. The client is told, too, so that its origins can be let in.
    pub async fn user_info(
        &self,
        token: &Secret<String>,
        origin: &Origin,
    ) -> (Option<ClientId>, Result<Counted<UserInfo>, PresentedRefusal>) {
        let now = self.clock.now();
        let Some(claims) = self.authentic(token.expose(), now) else {
            return (None, Err(PresentedRefusal::Bearer(BearerError::InvalidToken)));
        };
        (Some(claims.client_id.clone()), self.claims_for(&claims, origin, now).await)
    }

    /// Who administers with this token. A client may do what the token's scope says; a person, of that, what their roles
    /// let them do at this moment.
    pub async fn administrator(
        &self,
        token: &Secret<String>,
        origin: &Origin,
    ) -> Result<Actor, PresentedRefusal> {
        let invalid = || PresentedRefusal::Bearer(BearerError::InvalidToken);
        let now = self.clock.now();
        let token = self.authentic(token.expose(), now).ok_or_else(invalid)?;
        let api = administration_api(&self.mint.settings.issuer);
        if !token.aud.iter().any(|aud| **aud == *api) || !self.is_alive(&token, now).await? {
            return Err(invalid());
        }
        let directory = &self.authentication.directory;
        let client = directory.client(&token.client_id).await?.ok_or_else(invalid)?;
        let person = token.is_of_a_user().then(|| UserId::from(token.sub.as_str()));
        let taken = self.authentication.take_administration(person.as_ref(), &client, origin).await;
        taken.map_err(PresentedRefusal::Limited)?;
        // What was taken from the client counts no more, whatever its tokens say.
        let registered = Permissions::of_scopes(client.client.scope.iter());
        let granted = Permissions::of_scopes(token.scope.iter()).within(registered);
        let Some(person) = person else {
            return Ok(Actor::somebody(Principal::Client(token.client_id), granted, origin));
        };
        let user = self.store.users().get(&person).await?;
        let user = user.filter(|user| !user.disabled).ok_or_else(invalid)?;
        let (held, roles) = (directory.held(&user).await?, directory.roles());
        let settings = &self.mint.settings;
        let policies = (settings.factor_policy, client.client.second_factor);
        let demand = Policies::of(policies, &roles, &held, settings.loopback).demand();
        // The token may be older than the role, or than the policy.
        let needed = demand.to_administer();
        if token.acr.unwrap_or(Acr::Aal1) < needed {
            let error = BearerError::InsufficientUserAuthentication { acr: needed };
            return Err(PresentedRefusal::Bearer(error));
        }
        let permissions = granted.within(roles.permissions(held.names()));
        Ok(Actor::somebody(Principal::User(user.id), permissions, origin).through(token.client_id))
    }

    async fn claims_for(
        &self,
        token: &PresentedAccessToken,
        origin: &Origin,
        now: Moment,
    ) -> Result<Counted<UserInfo>, PresentedRefusal> {
        let invalid = || PresentedRefusal::Bearer(BearerError::InvalidToken);
        let issuer = &self.mint.settings.issuer;
        if !token.aud.iter().any(|aud| **aud == **issuer) || !self.is_alive(token, now).await? {
            return Err(invalid());
        }
        if !token.scope.contains("openid") {
            let scope = Scope::parse("openid").unwrap_or_default();
            return Err(PresentedRefusal::Bearer(BearerError::InsufficientScope { scope }));
        }
        let client = self.authentication.directory.client(&token.client_id).await?.ok_or_else(invalid)?;
        let user_id = UserId::from(token.sub.as_str());
        let taken = self.authentication.take_about(&user_id, &client, origin).await;
        let rate_limit = taken.map_err(PresentedRefusal::Limited)?;
        let user = self.store.users().get(&user_id).await?;
        let user = user.filter(|user| !user.disabled).ok_or_else(invalid)?;
        let (standard, asked) = (user_claims(&user, &token.scope), &client.client.claims);
        let mut claims = Map::new();
        if asks(&token.scope, asked) {
            let person = self.authentication.directory.person(user).await?;
            let extra = person.claims(&client.client.client_id, &token.scope, asked).claims;
            claims.extend(extra.into_iter().map(|claim| (claim.name, claim.value)));
        }
        claims.extend(standard);
        // OpenID Connect Core §5.3.2: "The sub (subject) Claim MUST always be returned".
        claims.insert("sub".to_owned(), sub(&user_id, &client.client).into());
        let answer = self.signed_if_wanted(&client, claims, now).await;
        answer
            .map(|answer| Counted { answer, rate_limit })
            .map_err(|refusal| PresentedRefusal::Unavailable(StoreError::Unavailable(refusal.reason)))
    }

    async fn signed_if_wanted(
        &self,
        client: &Arc<RegisteredClient>,
        mut claims: Map<String, Value>,
        now: Moment,
    ) -> Result<UserInfo, TokenRefusal> {
        let Some(alg) = client.client.userinfo_signed_response_alg else {
            return Ok(UserInfo::Claims(claims));
        };
        // §5.3.2: "If signed, the UserInfo Response MUST contain the Claims iss (issuer) and aud (audience)".
        claims.insert("iss".to_owned(), self.mint.settings.issuer.as_ref().into());
        claims.insert("aud".to_owned(), client.client.client_id.as_str().into());
        self.mint.sign(alg, "JWT", &claims, now).await.map(UserInfo::Signed)
    }
}

fn text(answer: Introspection<'_>) -> Result<String, TokenRefusal> {
    serde_json::to_string(&answer).map_err(internal)
}

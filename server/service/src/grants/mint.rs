//! Making tokens: access tokens (RFC 9068), ID tokens (OpenID Connect Core §2) and refresh tokens.

use crate::keys::{KeyRing, algorithm};
use crate::settings::Settings;
use chrono::TimeDelta;
use serde_json::{Map, Value};
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::claims::mapping::ExtraClaim;
use signet_protocol::claims::{ACCESS_TOKEN_TYP, AccessTokenClaims, IdTokenClaims, at_hash, sub};
use signet_protocol::client::RegisteredClient;
use signet_protocol::environment::{Moment, Random};
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::grant::Grant;
use signet_protocol::id::KeyId;
use signet_protocol::secret::Secret;
use signet_protocol::token::audience::Audience;
use std::sync::Arc;

/// What makes tokens.
#[derive(Clone)]
pub struct Mint {
    /// The keys.
    pub keys: KeyRing,
    /// For `jti`.
    pub random: Random,
    /// Issuer and lifetimes.
    pub settings: Arc<Settings>,
}

/// An access token as made.
pub struct AccessToken {
    /// The JWT.
    pub jwt: String,
    /// Its `exp`.
    pub expires_at: Moment,
    /// `expires_in`, in seconds.
    pub expires_in: i64,
}

impl Mint {
    /// An access token; with a grant it stands for a user and ends no later than the grant, else for the client. `extra` is
    /// what it says besides what the protocol does.
    pub async fn access_token(
        &self,
        client: &RegisteredClient,
        grant: Option<&Grant>,
        audience: &Audience<'_>,
        extra: &[ExtraClaim],
        now: Moment,
    ) -> Result<AccessToken, TokenRefusal> {
        let expires_at = self.access_token_expiry(client, grant, audience, now);
        let jti = self.random.id().map_err(internal)?;
        let authorization = grant.map(|grant| &grant.authorization);
        let authentication = authorization.map(|authorization| &authorization.authentication);
        let client_id = &client.client.client_id;
        let subject = authorization.map(|authorization| sub(&authorization.user_id, &client.client));
        let claims = AccessTokenClaims {
            iss: &self.settings.issuer,
            sub: subject.as_deref().unwrap_or(client_id.as_str()),
            aud: audience.aud,
            exp: expires_at.timestamp(),
            iat: now.timestamp(),
            jti: &jti,
            client_id,
            scope: &audience.scope,
            auth_time: authentication.map(|authentication| authentication.auth_time.timestamp()),
            acr: authentication.map(|authentication| authentication.acr),
            amr: authentication.map(|authentication| authentication.amr.as_slice()),
            sid: authorization.map(|authorization| &authorization.sid),
            grant: grant.map(|grant| &grant.id),
            rev: client.revocation_counter,
        };
        let jwt = self.sign_with(audience.signing_alg, ACCESS_TOKEN_TYP, (&claims, extra), now).await?;
        Ok(AccessToken { jwt, expires_at, expires_in: (expires_at - now).num_seconds() })
    }

    /// When an access token made now expires.
    pub fn access_token_expiry(
        &self,
        client: &RegisteredClient,
        grant: Option<&Grant>,
        audience: &Audience<'_>,
        now: Moment,
    ) -> Moment {
        let lifetime = audience.lifetime_for(&client.client, self.settings.live().access_token_lifetime);
        let expires_at = now + TimeDelta::seconds(i64::from(lifetime));
        grant.map_or(expires_at, |grant| expires_at.min(grant.expires_at))
    }

    /// An ID token beside an access token.
    pub async fn id_token(
        &self,
        client: &RegisteredClient,
        grant: &Grant,
        (nonce, access_token): (Option<&str>, &str),
        extra: &[ExtraClaim],
        now: Moment,
    ) -> Result<String, TokenRefusal> {
        let alg = client.client.id_token_signed_response_alg;
        let hash = at_hash(access_token, alg);
        let authorization = &grant.authorization;
        let claims = IdTokenClaims {
            iss: &self.settings.issuer,
            sub: &sub(&authorization.user_id, &client.client),
            aud: &client.client.client_id,
            exp: now.timestamp() + i64::from(self.settings.live().id_token_lifetime),
            iat: now.timestamp(),
            auth_time: authorization.authentication.auth_time.timestamp(),
            nonce,
            acr: authorization.authentication.acr,
            amr: &authorization.authentication.amr,
            at_hash: Some(&hash),
            sid: Some(&authorization.sid),
        };
        self.sign_with(alg, "JWT", (&claims, extra), now).await
    }

    /// The refresh token of a grant's generation, made with a given key: the same input gives the same token.
    pub fn refresh_token(
        &self,
        grant: &Grant,
        generation: u64,
        key: &KeyId,
    ) -> Result<Secret<String>, TokenRefusal> {
        let snapshot = self.keys.snapshot();
        let token = snapshot.refresh_token(key, &grant.handle, generation, &self.settings.issuer);
        token.map(Secret::new).ok_or_else(|| internal("the refresh token's key is not known here"))
    }

    /// The key that a new generation is made with.
    pub fn refresh_key(&self, now: Moment) -> Result<KeyId, TokenRefusal> {
        self.keys.snapshot().refresh_key(now).cloned().ok_or_else(|| internal("no key for refresh tokens"))
    }

    /// Signs the protocol's claims and others, which can take the place of none of them.
    async fn sign_with(
        &self,
        alg: SigningAlg,
        typ: &str,
        (claims, extra): (&impl serde::Serialize, &[ExtraClaim]),
        now: Moment,
    ) -> Result<String, TokenRefusal> {
        if extra.is_empty() {
            return self.sign(alg, typ, claims, now).await;
        }
        let mut all: Map<_, _> =
            extra.iter().map(|claim| (claim.name.clone(), claim.value.clone())).collect();
        if let Value::Object(own) = serde_json::to_value(claims).map_err(internal)? {
            all.extend(own);
        }
        self.sign(alg, typ, &all, now).await
    }

    /// Signs claims with the key that works now.
    pub async fn sign(
        &self,
        alg: SigningAlg,
        typ: &str,
        claims: &impl serde::Serialize,
        now: Moment,
    ) -> Result<String, TokenRefusal> {
        let payload = serde_json::to_vec(claims).map_err(internal)?;
        if self.keys.snapshot().signer(algorithm(alg), now).is_none() {
            // API or client were registered a moment ago, and the feed has not brought their key yet.
            self.keys.reload().await.map_err(internal)?;
        }
        let snapshot = self.keys.snapshot();
        let key = snapshot.signer(algorithm(alg), now);
        let key = key.ok_or_else(|| internal(format!("no key for {}", alg.as_str())))?;
        key.sign_compact(typ, &payload).map_err(internal)
    }
}

/// Something that ought not to happen did; the client learns only that.
pub(crate) fn internal(error: impl ToString) -> TokenRefusal {
    TokenRefusal::new(TokenError::ServerError, Rule::ServerFailed, "the server failed to answer")
        .because(error.to_string())
}

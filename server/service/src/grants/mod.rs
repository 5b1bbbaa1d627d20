//! The token endpoint's use cases, one file per grant type (RFC 6749 §4.1.3, §4.4.2, §6).

mod authorization_code;
mod client_credentials;
pub mod mint;
mod refresh_token;
pub(crate) mod told;
mod trial;

use crate::audit::AuditLog;
use crate::client_authentication::ClientAuthentication;
use crate::limits::{LimitName, RateLimit};
use crate::revocation::Feed;
use mint::Mint;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::client::{GrantType, RegisteredClient};
use signet_protocol::environment::{Clock, Moment};
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::grant::Grant;
use signet_protocol::id::GrantId;
use signet_protocol::parameters::Parameters;
use signet_protocol::principal::Principal;
use signet_protocol::scope::Scope;
use signet_protocol::secret::Secret;
use signet_protocol::token::audience::Audience;
use signet_protocol::token::request::TokenRequest;
use signet_store::Store;
pub(crate) use trial::Redeemed;

/// The parts that the grants need.
#[derive(Clone)]
pub struct Grants {
    pub(crate) authentication: ClientAuthentication,
    pub(crate) mint: Mint,
    pub(crate) store: Store,
    pub(crate) feed: Feed,
    pub(crate) audit: AuditLog,
    pub(crate) clock: Clock,
}

/// A successful answer (RFC 6749 §5.1).
#[derive(Debug)]
pub struct TokenAnswer {
    /// `access_token`.
    pub access_token: Secret<String>,
    /// `expires_in`, in seconds.
    pub expires_in: i64,
    /// `refresh_token`.
    pub refresh_token: Option<Secret<String>>,
    /// `id_token` (OpenID Connect Core §3.1.3.3).
    pub id_token: Option<Secret<String>>,
    /// `scope` of the access token.
    pub scope: Scope,
    /// How the client's limit stands, if it has one.
    pub rate_limit: Option<RateLimit>,
}

/// A request to the token endpoint, as it came.
pub struct TokenCall<'a> {
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The form.
    pub parameters: &'a Parameters,
    /// Where it came from.
    pub origin: &'a Origin,
}

/// How many times a grant loads and decides: on a stale state once more, over the facts as they are then.
const ATTEMPTS: u32 = 2;

impl Grants {
    pub(crate) fn new(
        (authentication, mint): (&ClientAuthentication, &Mint),
        (store, feed): (&Store, &Feed),
        (audit, clock): (&AuditLog, &Clock),
    ) -> Self {
        Self {
            authentication: authentication.clone(),
            mint: mint.clone(),
            store: store.clone(),
            feed: feed.clone(),
            audit: audit.clone(),
            clock: clock.clone(),
        }
    }

    /// Answers a token request.
    pub async fn token(&self, call: TokenCall<'_>) -> Result<TokenAnswer, TokenRefusal> {
        let request = TokenRequest::parse(call.parameters)?;
        let client =
            self.authentication.authenticate(call.authorization, call.parameters, call.origin).await?;
        let granted = self.counted(&client, request, call.origin).await;
        granted.map_err(|refusal| refusal.of(&client.client.client_id))
    }

    async fn counted(
        &self,
        client: &RegisteredClient,
        request: TokenRequest,
        origin: &Origin,
    ) -> Result<TokenAnswer, TokenRefusal> {
        let grant_type = request.grant_type();
        may_use(client, grant_type)?;
        let rate_limit = self.authentication.take_request(LimitName::TokenClient, client, origin).await?;
        let answer = self.granted(client, request, origin).await?;
        Ok(TokenAnswer { rate_limit, ..answer })
    }

    async fn granted(
        &self,
        client: &RegisteredClient,
        request: TokenRequest,
        origin: &Origin,
    ) -> Result<TokenAnswer, TokenRefusal> {
        match request {
            TokenRequest::ClientCredentials { scope, resources } => {
                self.client_credentials(client, scope, &resources, origin).await
            }
            TokenRequest::AuthorizationCode { code, redirect_uri, code_verifier, resources } => {
                let presented = authorization_code::Presented {
                    code: &code,
                    redirect_uri: redirect_uri.as_deref(),
                    code_verifier: code_verifier.as_ref(),
                    resources: &resources,
                    trial: false,
                };
                self.authorization_code(client, presented, origin).await
            }
            TokenRequest::RefreshToken { refresh_token, scope, resources } => {
                let presented = refresh_token::Presented {
                    token: &refresh_token,
                    scope: scope.as_ref(),
                    resources: &resources,
                };
                self.refresh_token(client, presented, origin).await
            }
        }
    }

    /// Ends a grant and its access tokens, here and on every node.
    pub(crate) async fn revoke(
        &self,
        grant_id: &GrantId,
        reason: &'static str,
        events: Vec<AuditEvent>,
        now: Moment,
    ) -> Result<(), TokenRefusal> {
        let change = self.store.grants().revoke(grant_id.clone(), now, reason, events).await;
        if let Some(change) = change.map_err(crate::client_authentication::unavailable)? {
            self.feed.announce(&[change]).await;
        }
        Ok(())
    }
}

/// RFC 6749 §5.2: `unauthorized_client`.
fn may_use(client: &RegisteredClient, grant_type: GrantType) -> Result<(), TokenRefusal> {
    if client.client.may_use(grant_type) {
        return Ok(());
    }
    let told = "the client is not registered for this grant_type";
    let refusal = TokenRefusal::new(TokenError::UnauthorizedClient, Rule::GrantTypeNotAllowed, told);
    let allowed = client.client.grant_types.iter().map(|allowed| allowed.as_str());
    Err(refusal.expecting(allowed).having(grant_type.as_str()))
}

/// The event of an issued token.
fn issued(
    (grant_type, client): (GrantType, &RegisteredClient),
    grant: Option<&Grant>,
    audience: &Audience<'_>,
    (origin, at): (&Origin, Moment),
) -> AuditEvent {
    let authorization = grant.map(|grant| &grant.authorization);
    AuditEvent {
        at,
        origin: origin.by(Principal::Client(client.client.client_id.clone())),
        subjects: Subjects {
            user_id: authorization.map(|authorization| authorization.user_id.clone()),
            client_id: Some(client.client.client_id.clone()),
            sid: authorization.map(|authorization| authorization.sid.clone()),
            grant_id: grant.map(|grant| grant.id.clone()),
        },
        event: Event::TokenIssued {
            grant_type: grant_type.as_str(),
            scope: audience.scope.to_string(),
            audience: audience.aud.to_vec(),
            count: 1,
        },
    }
}

/// Two states in a row were overtaken: nothing was written.
fn contended() -> TokenRefusal {
    TokenRefusal::new(
        TokenError::ServerError,
        Rule::ServerFailed,
        "the request was overtaken by another one: try again",
    )
}

//! Client credentials (RFC 6749 §4.4): a service asks for itself. With warm caches no query is made.

use super::{Grants, TokenAnswer, issued};
use crate::audit::TokenIssue;
use crate::client_authentication::unavailable;
use signet_protocol::audit::Origin;
use signet_protocol::client::{GrantType, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::id::ResourceId;
use signet_protocol::scope::Scope;
use signet_protocol::token::audience::{Audience, audience};
use signet_protocol::token::client_credentials::decide;

impl Grants {
    pub(super) async fn client_credentials(
        &self,
        client: &RegisteredClient,
        requested: Option<Scope>,
        resources: &[ResourceId],
        origin: &Origin,
    ) -> Result<TokenAnswer, TokenRefusal> {
        let now = self.clock.now();
        let scope = decide(&client.client, requested.as_ref())?;
        let known = self.authentication.directory.resources();
        let audience = audience(&scope, resources, &[], &known, &self.mint.settings.issuer)?;
        let token = self.mint.access_token(client, None, &audience, &[], now).await?;
        self.recorded(client, &audience, (origin, now)).await?;
        Ok(TokenAnswer {
            access_token: token.jwt.into(),
            expires_in: token.expires_in,
            refresh_token: None, // RFC 6749 §4.4.3: "A refresh token SHOULD NOT be included."
            id_token: None,
            scope: audience.scope.into_owned(),
            rate_limit: None,
        })
    }

    /// Sees to it that a token is recorded as the operator wants it, before anybody has it.
    async fn recorded(
        &self,
        client: &RegisteredClient,
        audience: &Audience<'_>,
        (origin, now): (&Origin, Moment),
    ) -> Result<(), TokenRefusal> {
        let event = || issued((GrantType::ClientCredentials, client), None, audience, (origin, now));
        match self.mint.settings.token_issue {
            TokenIssue::Off => Ok(()),
            TokenIssue::Batched => self.audit.record(event()).await.map_err(|error| {
                let told = "the server cannot answer right now: try again";
                let error_code = TokenError::TemporarilyUnavailable;
                TokenRefusal::new(error_code, Rule::ServerUnavailable, told).because(error.to_string())
            }),
            TokenIssue::Durable => self.store.audit().record(vec![event()]).await.map_err(unavailable),
        }
    }
}

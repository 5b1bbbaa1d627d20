//! Client credentials (RFC 6749 §4.4): a service asks for itself. With warm caches no query is made.

use super::{Grants, TokenAnswer, issued};
use signet_protocol::audit::Origin;
use signet_protocol::client::{GrantType, RegisteredClient};
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::id::ResourceId;
use signet_protocol::scope::Scope;
use signet_protocol::token::audience::audience;
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
        let event = issued((GrantType::ClientCredentials, client), None, &audience, (origin, now));
        self.audit.record(event).await.map_err(|error| {
            TokenRefusal::new(
                TokenError::TemporarilyUnavailable,
                Rule::ServerUnavailable,
                "the server cannot answer right now: try again",
            )
            .because(error.to_string())
        })?;
        Ok(TokenAnswer {
            access_token: token.jwt.into(),
            expires_in: token.expires_in,
            refresh_token: None, // RFC 6749 §4.4.3: "A refresh token SHOULD NOT be included."
            id_token: None,
            scope: audience.scope.into_owned(),
            rate_limit: None,
        })
    }
}

//! Redeeming the code of a trial, in the application's place and without its credentials.

use super::authorization_code::Presented;
use super::mint::internal;
use super::{Grants, TokenAnswer, may_use};
use serde_json::{Map, Value};
use signet_jose::Parsed;
use signet_protocol::audit::Origin;
use signet_protocol::authorize::request::AuthorizeRequest;
use signet_protocol::client::{GrantType, RegisteredClient};
use signet_protocol::error::TokenRefusal;
use signet_protocol::secret::Secret;

/// What came of a code that was redeemed for a trial.
pub(crate) struct Redeemed {
    /// What the application would have been answered.
    pub answer: TokenAnswer,
    /// What the access token said.
    pub access_token: Map<String, Value>,
    /// What the ID token said.
    pub id_token: Option<Map<String, Value>>,
}

impl Grants {
    /// Redeems a code as the token endpoint does, for a grant that has ended as it is made. The caller has made the code itself
    /// a moment ago, and given it to nobody: that takes the place of the client's authentication. `origin` names whoever
    /// tries the client out.
    pub(crate) async fn redeem_trial(
        &self,
        client: &RegisteredClient,
        code: &Secret<String>,
        (request, code_verifier): (&AuthorizeRequest, &Secret<String>),
        origin: &Origin,
    ) -> Result<Redeemed, TokenRefusal> {
        may_use(client, GrantType::AuthorizationCode)?;
        let presented = Presented {
            code,
            redirect_uri: Some(&request.redirect_uri),
            code_verifier: Some(code_verifier),
            resources: &request.resources,
            trial: true,
        };
        let answer = self.authorization_code(client, presented, origin).await?;
        let id_token = answer.id_token.as_ref().map(claims).transpose()?;
        Ok(Redeemed { access_token: claims(&answer.access_token)?, id_token, answer })
    }
}

fn claims(token: &Secret<String>) -> Result<Map<String, Value>, TokenRefusal> {
    let parsed = Parsed::parse(token.expose()).map_err(internal)?;
    serde_json::from_slice(&parsed.payload).map_err(internal)
}

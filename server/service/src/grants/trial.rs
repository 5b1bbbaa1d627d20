//! Redeeming the code of a trial, in the application's place and without its credentials.

use super::authorization_code::{Presented, subjects};
use super::mint::internal;
use super::{Grants, TokenAnswer, may_use};
use crate::client_authentication::unavailable;
use serde_json::{Map, Value};
use signet_jose::Parsed;
use signet_protocol::audit::{AuditEvent, Event, Origin};
use signet_protocol::client::{GrantType, RegisteredClient};
use signet_protocol::error::TokenRefusal;
use signet_protocol::secret::{Secret, SecretHash};

/// Why the grant of a trial ended.
const REASON: &str = "trial";

/// What came of a code that was redeemed for a trial; its grant has ended.
pub(crate) struct Redeemed {
    /// What the application would have been answered.
    pub answer: TokenAnswer,
    /// What the access token said.
    pub access_token: Map<String, Value>,
    /// What the ID token said.
    pub id_token: Option<Map<String, Value>>,
}

impl Grants {
    /// Redeems a code as the token endpoint does, and ends the grant at once. The caller has made the code itself a moment
    /// ago, and given it to nobody: that takes the place of the client's authentication.
    pub(crate) async fn redeem_trial(
        &self,
        client: &RegisteredClient,
        code: &Secret<String>,
        (redirect_uri, code_verifier): (&str, &Secret<String>),
        origin: &Origin,
    ) -> Result<Redeemed, TokenRefusal> {
        may_use(client, GrantType::AuthorizationCode)?;
        let presented = Presented {
            code,
            redirect_uri: Some(redirect_uri),
            code_verifier: Some(code_verifier),
            resources: &[],
        };
        let answer = self.authorization_code(client, presented, origin).await?;
        self.end_trial(code, origin).await?;
        let id_token = answer.id_token.as_ref().map(claims).transpose()?;
        Ok(Redeemed { access_token: claims(&answer.access_token)?, id_token, answer })
    }

    async fn end_trial(&self, code: &Secret<String>, origin: &Origin) -> Result<(), TokenRefusal> {
        let hash = SecretHash::of(code.expose().as_bytes());
        let redeemed = self.store.codes().find(&hash).await.map_err(unavailable)?;
        let Some((grant_id, code)) = redeemed.and_then(|code| Some((code.redeemed_as.clone()?, code))) else {
            return Err(internal("the code of a trial was redeemed for no grant"));
        };
        let now = self.clock.now();
        let subjects = subjects(&code.authorization, &grant_id);
        let event = Event::GrantRevoked { reason: REASON };
        let event = AuditEvent { at: now, origin: origin.clone(), subjects, event };
        self.revoke(&grant_id, REASON, vec![event], now).await
    }
}

fn claims(token: &Secret<String>) -> Result<Map<String, Value>, TokenRefusal> {
    let parsed = Parsed::parse(token.expose()).map_err(internal)?;
    serde_json::from_slice(&parsed.payload).map_err(internal)
}

//! An administrator tries a client's code flow out: by the request that the application would send, over the pages that its
//! users see, under every rule that holds for them. But nothing goes to the application. The server redeems the code itself,
//! with the verifier that only it knows, ends at once what came of it, and tells what the application would have got.

use super::{
    Authorizations, Cookies, Destination, Journey, Outcome, Said, Step, Visit, internal, unavailable,
};
use crate::grants::Redeemed;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use signet_protocol::authorize::request::{AuthorizeRequest, Prompt};
use signet_protocol::authorize::validate::{Refused, validate};
use signet_protocol::client::RegisteredClient;
use signet_protocol::error::{AuthorizeRefusal, TokenRefusal};
use signet_protocol::id::{ClientId, ResourceId};
use signet_protocol::parameters::Parameters;
use signet_protocol::pkce;
use signet_protocol::scope::Scope;
use signet_protocol::secret::Secret;
use std::fmt;
use std::sync::Arc;
use url::form_urlencoded;

/// What makes an interaction a trial. It travels sealed, as the interaction does, in forms of the browser that began it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Trial {
    code_verifier: String,
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trial(…)")
    }
}

/// What the application would ask for.
#[derive(Clone, Debug)]
pub struct TrialRequest {
    /// One of the client's redirect URIs. Nothing is sent there.
    pub redirect_uri: String,
    /// `scope`, as it would be sent.
    pub scope: String,
    /// `resource` (RFC 8707 §2.1).
    pub resource: Option<ResourceId>,
    /// `prompt`.
    pub prompt: Option<Prompt>,
}

/// How a trial ended.
#[derive(Debug)]
pub struct Tried {
    /// Whose flow it was.
    pub client: Arc<RegisteredClient>,
    /// Where the answer would have gone.
    pub redirect_uri: String,
    /// What the application would have got.
    pub came: Result<TriedTokens, TrialRefusal>,
}

/// What the token endpoint would have answered. The tokens themselves are gone.
#[derive(Debug)]
pub struct TriedTokens {
    /// What was asked for.
    pub asked: Scope,
    /// The access token's scope.
    pub scope: Scope,
    /// `expires_in`, in seconds.
    pub expires_in: i64,
    /// The access token's claims.
    pub access_token: Map<String, Value>,
    /// The ID token's claims; none: there is none, for `openid` was not asked for or not granted.
    pub id_token: Option<Map<String, Value>>,
    /// Whether there was a refresh token.
    pub refreshable: bool,
}

/// Which endpoint would have refused, and why.
#[derive(Debug)]
pub enum TrialRefusal {
    /// The authorization endpoint (RFC 6749 §4.1.2.1).
    Authorization(Box<AuthorizeRefusal>),
    /// The token endpoint (RFC 6749 §5.2).
    Token(Box<TokenRefusal>),
}

impl Authorizations {
    /// Begins a trial. Whoever calls this has made sure that the person at the browser may try the client out.
    pub async fn try_out(&self, client: &ClientId, trial: TrialRequest, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = Box::pin(self.begin_trial(client, trial, visit, &mut cookies)).await;
        Outcome { step: step.unwrap_or_else(Step::Refusal), cookies }
    }

    async fn begin_trial(
        &self,
        client_id: &ClientId,
        trial: TrialRequest,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let client = self.directory.client(client_id).await.map_err(unavailable)?;
        let client = client.ok_or_else(|| internal("a client that is tried out is not known here yet"))?;
        let code_verifier = self.random.secret().map_err(internal)?;
        let parameters = self.parameters(client_id, &trial, &code_verifier)?;
        let request = match validate(&parameters, Some(&client), &self.directory.resources()) {
            Ok(request) => request,
            Err(Refused::Page(refusal) | Refused::Redirect { refusal, .. }) => {
                let came = Err(TrialRefusal::Authorization(Box::new(refusal)));
                return Ok(tried(&client, trial.redirect_uri, came));
            }
        };
        self.ensure_browser(visit, cookies)?;
        let mut journey = self.depart(Destination::Client(Box::new(request)), Some(client))?;
        journey.interaction.trial = Some(Trial { code_verifier });
        let who = self.who(&journey.interaction.tx, visit).await?;
        self.advance(journey, who, Said::default(), (visit, cookies)).await
    }

    /// The request as the application would send it (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1).
    fn parameters(
        &self,
        client_id: &ClientId,
        trial: &TrialRequest,
        code_verifier: &str,
    ) -> Result<Parameters, AuthorizeRefusal> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("response_type", "code");
        form.append_pair("client_id", client_id.as_str());
        form.append_pair("redirect_uri", &trial.redirect_uri);
        form.append_pair("scope", &trial.scope);
        form.append_pair("state", &self.random.secret().map_err(internal)?);
        form.append_pair("nonce", &self.random.secret().map_err(internal)?);
        form.append_pair("code_challenge", &pkce::challenge(code_verifier));
        form.append_pair("code_challenge_method", "S256");
        if let Some(resource) = &trial.resource {
            form.append_pair("resource", resource.as_str());
        }
        if let Some(prompt) = trial.prompt {
            form.append_pair("prompt", prompt.as_str());
        }
        Parameters::parse(form.finish().as_bytes()).map_err(internal)
    }

    /// Takes the application's place once there is a code.
    pub(super) async fn redeem_trial(
        &self,
        (journey, request): (&Journey, &AuthorizeRequest),
        code: Secret<String>,
        visit: &Visit<'_>,
    ) -> Result<Step, AuthorizeRefusal> {
        let (Some(client), Some(trial)) = (&journey.client, &journey.interaction.trial) else {
            return Err(internal("a code was to be redeemed here that is none of a trial"));
        };
        let verifier = Secret::new(trial.code_verifier.clone());
        let proved = (request.redirect_uri.as_str(), &verifier);
        let redeemed = self.grants.redeem_trial(client, &code, proved, visit.origin).await;
        let came = match redeemed {
            Ok(Redeemed { answer, access_token, id_token }) => Ok(TriedTokens {
                asked: request.scope.clone(),
                scope: answer.scope,
                expires_in: answer.expires_in,
                access_token,
                id_token,
                refreshable: answer.refresh_token.is_some(),
            }),
            Err(refusal) => Err(TrialRefusal::Token(Box::new(refusal.of(&request.client_id)))),
        };
        Ok(tried(client, request.redirect_uri.clone(), came))
    }
}

/// The end of a trial.
pub(super) fn tried(
    client: &Arc<RegisteredClient>,
    redirect_uri: String,
    came: Result<TriedTokens, TrialRefusal>,
) -> Step {
    Step::Tried(Box::new(Tried { client: client.clone(), redirect_uri, came }))
}

//! An administrator tries a client's code flow out: by the request that the application would send, over the pages that its
//! users see, under every rule that holds for them. But nothing goes to the application. The server redeems the code itself,
//! with the verifier that only it knows, for a grant that has ended as it is made, and tells what the application would
//! have got. Whoever may no longer try the client out when there is to be a code gets none.

use super::{
    Authorizations, Cookies, Destination, Journey, Outcome, Present, Said, Step, Visit, internal, unavailable,
};
use crate::admin::{Actor, may_try};
use crate::grants::Redeemed;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use signet_protocol::audit::Event;
use signet_protocol::authorize::request::{AuthorizeRequest, Prompt};
use signet_protocol::authorize::validate::{Refused, validate};
use signet_protocol::client::RegisteredClient;
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::id::{ClientId, ResourceId, UserId};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::pkce;
use signet_protocol::principal::Principal;
use signet_protocol::scope::Scope;
use signet_protocol::secret::Secret;
use std::fmt;
use std::sync::Arc;
use url::form_urlencoded;

/// What makes an interaction a trial. It travels sealed, as the interaction does, in forms of the browser that began it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Trial {
    code_verifier: String,
    /// Who tries the client out.
    by: UserId,
    /// What was asked for, before somebody's roles took from it.
    asked: Scope,
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trial").field("by", &self.by).field("asked", &self.asked).finish_non_exhaustive()
    }
}

/// What the application would ask for.
#[derive(Clone, Debug)]
pub struct TrialRequest {
    /// One of the client's redirect URIs. Nothing is sent there.
    pub redirect_uri: String,
    /// `scope`, as it would be sent.
    pub scope: String,
    /// `resource` (RFC 8707 §2).
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
    /// What the person's roles do not allow of what was asked for.
    pub withheld: Vec<String>,
    /// The access token's scope.
    pub scope: Scope,
    /// `expires_in`, in seconds.
    pub expires_in: i64,
    /// Whether there was a refresh token.
    pub refreshable: bool,
    /// What the tokens said; none: it is about somebody else, and whoever tries the client out may not look at people.
    pub claims: Option<TriedClaims>,
}

/// The claims of tokens.
#[derive(Debug)]
pub struct TriedClaims {
    /// The access token's.
    pub access_token: Map<String, Value>,
    /// The ID token's; none: there is none, for `openid` was not asked for or not granted.
    pub id_token: Option<Map<String, Value>>,
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
    pub async fn try_out(
        &self,
        client: &ClientId,
        trial: TrialRequest,
        (present, visit): (&Present, &Visit<'_>),
    ) -> Outcome {
        let mut cookies = Cookies::default();
        let step = Box::pin(self.begin_trial(client, trial, (present, visit), &mut cookies)).await;
        Outcome { step: step.unwrap_or_else(Step::Refusal), cookies }
    }

    async fn begin_trial(
        &self,
        client_id: &ClientId,
        trial: TrialRequest,
        (present, visit): (&Present, &Visit<'_>),
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let client = self.directory.client(client_id).await.map_err(unavailable)?;
        let code_verifier = self.random.secret().map_err(internal)?;
        let parameters = self.parameters(client_id, &trial, &code_verifier)?;
        let request = match (validate(&parameters, client.as_deref(), &self.directory.resources()), &client) {
            (Ok(request), _) => request,
            (Err(Refused::Page(refusal) | Refused::Redirect { refusal, .. }), Some(client)) => {
                let came = Err(TrialRefusal::Authorization(Box::new(refusal)));
                return Ok(tried(client, trial.redirect_uri, came));
            }
            // It was made a moment ago, elsewhere.
            (Err(Refused::Page(refusal) | Refused::Redirect { refusal, .. }), None) => return Err(refusal),
        };
        self.ensure_browser(visit, cookies)?;
        let asked = request.scope.clone();
        let mut journey = self.depart(Destination::Client(Box::new(request)), client)?;
        journey.interaction.trial = Some(Trial { code_verifier, by: present.user.id.clone(), asked });
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

    /// Whoever tries the client out, if they still may.
    pub(super) async fn tester(
        &self,
        trial: &Trial,
        client: &RegisteredClient,
        visit: &Visit<'_>,
    ) -> Result<Actor, AuthorizeRefusal> {
        let person = self.directory.person_by_id(&trial.by).await.map_err(unavailable)?;
        let actor = person.map(|person| {
            let permissions = person.book.permissions(person.held.names());
            Actor::somebody(Principal::User(trial.by.clone()), permissions, visit.origin)
        });
        actor.filter(|actor| may_try(actor, &client.client).is_ok()).ok_or_else(|| {
            let told = "whoever began this test may no longer test this client";
            AuthorizeRefusal::new(AuthorizeError::AccessDenied, Rule::PermissionMissing, told)
        })
    }

    /// Takes the application's place once there is a code.
    pub(super) async fn redeem_trial(
        &self,
        (journey, request): (&Journey, &AuthorizeRequest),
        code: Secret<String>,
        (present, tester): (&Present, &Actor),
    ) -> Result<Step, AuthorizeRefusal> {
        let (Some(client), Some(trial)) = (&journey.client, &journey.interaction.trial) else {
            return Err(internal("a code was to be redeemed here that is none of a trial"));
        };
        let verifier = Secret::new(trial.code_verifier.clone());
        let redeemed = self.grants.redeem_trial(client, &code, (request, &verifier), tester.origin()).await;
        let came = match redeemed {
            Ok(Redeemed { answer, access_token, id_token }) => {
                let may_see = present.user.id == trial.by || tester.permissions().has(Permission::UsersRead);
                let withheld = trial.asked.iter().filter(|value| !request.scope.contains(value));
                Ok(TriedTokens {
                    withheld: withheld.map(str::to_owned).collect(),
                    scope: answer.scope,
                    expires_in: answer.expires_in,
                    refreshable: answer.refresh_token.is_some(),
                    claims: may_see.then_some(TriedClaims { access_token, id_token }),
                })
            }
            Err(refusal) => Err(TrialRefusal::Token(Box::new(refusal.of(&request.client_id)))),
        };
        Ok(tried(client, request.redirect_uri.clone(), came))
    }
}

/// The event of a trial, as its code is made.
pub(super) fn event(request: &AuthorizeRequest) -> Event {
    Event::ClientTried { scope: request.scope.to_string(), redirect_uri: request.redirect_uri.clone() }
}

/// The end of a trial.
pub(super) fn tried(
    client: &Arc<RegisteredClient>,
    redirect_uri: String,
    came: Result<TriedTokens, TrialRefusal>,
) -> Step {
    Step::Tried(Box::new(Tried { client: client.clone(), redirect_uri, came }))
}

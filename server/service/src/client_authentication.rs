//! Who is asking? Client authentication (RFC 6749 §2.3, RFC 7523 §3, OpenID Connect Core §9).

mod proved;

use crate::audit::AuditLog;
use crate::directory::Directory;
use crate::limits::{LimitKey, LimitName, Limited, Limits, RateLimit};
use crate::settings::Settings;
use proved::Proved;
use signet_jose::{Algorithm, JwkSet, jws};
use signet_protocol::audit::{Event, Origin, Subjects};
use signet_protocol::client::{AuthMethod, RegisteredClient};
use signet_protocol::environment::{Clock, Moment};
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::{Rule, shown};
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::metadata::paths;
use signet_protocol::parameters::Parameters;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::token::client_authentication::{
    AssertionClaims, PresentedClient, check_assertion, check_method, presented,
};
use signet_store::{Store, StoreError};
use std::sync::Arc;

/// Whom failures are counted for.
type Counted = [(LimitName, LimitKey); 2];

/// The parts that client authentication needs.
#[derive(Clone)]
pub struct ClientAuthentication {
    /// Clients.
    pub directory: Directory,
    /// Assertions are spent here.
    pub store: Store,
    /// Failures are noted here.
    pub audit: AuditLog,
    /// Failures are counted here.
    pub limits: Limits,
    /// Time.
    pub clock: Clock,
    /// The issuer.
    pub settings: Arc<Settings>,
    /// Who has proved themselves from where.
    proved: Proved,
}

impl ClientAuthentication {
    /// From its parts.
    pub fn new(
        (directory, store): (&Directory, &Store),
        (audit, limits): (&AuditLog, &Limits),
        (clock, settings): (&Clock, &Arc<Settings>),
    ) -> Self {
        Self {
            directory: directory.clone(),
            store: store.clone(),
            audit: audit.clone(),
            limits: limits.clone(),
            clock: clock.clone(),
            settings: settings.clone(),
            proved: Proved::default(),
        }
    }

    /// The client that a request comes from, proven by its registered method.
    pub async fn authenticate(
        &self,
        authorization: Option<&str>,
        parameters: &Parameters,
        origin: &Origin,
    ) -> Result<Arc<RegisteredClient>, TokenRefusal> {
        let presented = presented(authorization, parameters)?;
        let now = self.clock.now();
        let client_id = claimed_client(&presented)?;
        let network = LimitKey::network(origin.address);
        // Per client and network: a stranger's failures do not lock the client itself out, which asks from elsewhere.
        let counted = [
            (LimitName::ClientAuthentication, LimitKey::client(&client_id).and(&network)),
            (LimitName::ClientAuthenticationNetwork, network),
        ];
        let guesses = !matches!(presented, PresentedClient::None { .. });
        // Who has proved themselves from there is refused for failures of their own alone, not for their neighbours'.
        let at_home = guesses && self.proved.lately(&counted[0].1, now);
        let checked = if at_home { &counted[..1] } else { &counted[..] };
        if guesses {
            self.check_limits(checked, origin)?;
        }
        let known = self.directory.client(&client_id).await.map_err(unavailable)?;
        // Others may have failed while the database was asked. From here to the comparison nothing is waited for.
        // A public client that only names itself guesses nothing: strangers' failures are none of its users' business.
        if guesses || !known.as_deref().is_some_and(is_public) {
            self.check_limits(checked, origin)?;
        }
        let outcome = match &known {
            Some(client) if !client.disabled => {
                self.check(client, &presented, now).await.map(|()| client.clone())
            }
            Some(_) => Err(refused(Rule::ClientDisabled, "the client is disabled")),
            None => {
                let refusal = refused(Rule::ClientUnknown, "no client of that name");
                Err(refusal.having(shown(client_id.as_str())))
            }
        };
        match outcome {
            Err(refusal) if refusal.error == TokenError::InvalidClient => {
                self.failed(&counted, known.as_deref(), origin).await?;
                Err(refusal)
            }
            Ok(client) if guesses => {
                let [(_, pair), _] = counted;
                self.proved.note(pair, now);
                Ok(client)
            }
            outcome => outcome,
        }
        .map_err(|refusal| match &known {
            Some(client) => refusal.of(&client.client.client_id),
            None => refusal,
        })
    }

    fn check_limits(&self, counted: &[(LimitName, LimitKey)], origin: &Origin) -> Result<(), TokenRefusal> {
        for (name, key) in counted {
            let open = self.limits.check_here(*name, key);
            open.map_err(|limited| self.limited(limited, Subjects::default(), origin))?;
        }
        Ok(())
    }

    async fn failed(
        &self,
        counted: &Counted,
        known: Option<&RegisteredClient>,
        origin: &Origin,
    ) -> Result<(), TokenRefusal> {
        let within = self.limits.failed(counted).await;
        within.map_err(|limited| self.limited(limited, Subjects::default(), origin))?;
        // A name that no client has is a stranger's text: it has no place in the audit log.
        let client_id = known.map(|known| known.client.client_id.clone());
        let reason = if client_id.is_some() { "client authentication failed" } else { "unknown client" };
        let event = Event::ClientAuthenticationFailed { reason, count: 1 };
        self.audit.note(origin, Subjects { client_id, ..Subjects::default() }, event);
        Ok(())
    }

    /// A limit let no more through.
    fn limited(&self, limited: Limited, subjects: Subjects, origin: &Origin) -> TokenRefusal {
        self.audit.note(origin, subjects, Event::Limited { limit: limited.limit.policy, count: 1 });
        TokenRefusal::limited(limited)
    }

    /// Takes a request of an authenticated client, where the number of its requests is limited. A public client has proved
    /// nothing: what comes from one network is counted apart, so that no stranger uses up what its users elsewhere may ask.
    pub async fn take_request(
        &self,
        name: LimitName,
        client: &RegisteredClient,
        origin: &Origin,
    ) -> Result<Option<RateLimit>, TokenRefusal> {
        let client_id = &client.client.client_id;
        let key = || {
            let key = LimitKey::client(client_id);
            if is_public(client) { key.and(&LimitKey::network(origin.address)) } else { key }
        };
        let taken = self.limits.take_for(name, &client.client, key).await;
        taken.map_err(|limited| {
            let subjects = Subjects { client_id: Some(client_id.clone()), ..Subjects::default() };
            self.limited(limited, subjects, origin)
        })
    }

    /// Takes a request about a person, made with one of their tokens, where the number of such is limited.
    pub async fn take_about(
        &self,
        user_id: &UserId,
        client: &RegisteredClient,
        origin: &Origin,
    ) -> Result<Option<RateLimit>, Limited> {
        let client_id = &client.client.client_id;
        let key = || LimitKey::account(user_id).and(&LimitKey::client(client_id));
        let taken = self.limits.take_for(LimitName::UserinfoSubject, &client.client, key).await;
        taken.inspect_err(|limited| {
            let subjects = Subjects {
                user_id: Some(user_id.clone()),
                client_id: Some(client_id.clone()),
                ..Subjects::default()
            };
            self.audit.note(origin, subjects, Event::Limited { limit: limited.limit.policy, count: 1 });
        })
    }

    /// Takes a call of the administration API, where the number of such is limited: by a person with one client, or by a
    /// client in its own name.
    pub async fn take_administration(
        &self,
        user_id: Option<&UserId>,
        client: &RegisteredClient,
        origin: &Origin,
    ) -> Result<(), Limited> {
        let client_id = &client.client.client_id;
        let key = || match user_id {
            Some(user_id) => LimitKey::account(user_id).and(&LimitKey::client(client_id)),
            None => LimitKey::client(client_id),
        };
        let taken = self.limits.take_for(LimitName::AdministrationSubject, &client.client, key).await;
        taken.map(drop).inspect_err(|limited| {
            let client_id = Some(client_id.clone());
            let subjects = Subjects { user_id: user_id.cloned(), client_id, ..Subjects::default() };
            self.audit.note(origin, subjects, Event::Limited { limit: limited.limit.policy, count: 1 });
        })
    }

    async fn check(
        &self,
        client: &RegisteredClient,
        presented: &PresentedClient,
        now: Moment,
    ) -> Result<(), TokenRefusal> {
        check_method(client, presented, now)?;
        let PresentedClient::Assertion { assertion, .. } = presented else { return Ok(()) };
        let claims = verified_assertion(client, assertion)?;
        let endpoint = format!("{}{}", self.settings.issuer, paths::TOKEN);
        let id = &client.client.client_id;
        check_assertion(&claims, id, &self.settings.issuer, &endpoint, now)?;
        // RFC 7523 §3 item 7: a jti is accepted once, for as long as the assertion would be valid.
        let (Some(jti), Some(expires_at)) = (&claims.jti, Moment::from_timestamp(claims.exp, 0)) else {
            return Err(bad_assertion("jti or exp is missing"));
        };
        let spent = self.store.assertions().spend(id, SecretHash::of(jti.as_bytes()), expires_at).await;
        if spent.map_err(unavailable)? { Ok(()) } else { Err(bad_assertion("the assertion was used before")) }
    }
}

/// Whether a client only names itself, and proves nothing.
fn is_public(client: &RegisteredClient) -> bool {
    client.client.token_endpoint_auth_method == AuthMethod::None
}

/// The client that the request says it is from. An assertion may name it alone, in its `sub` (RFC 7521 §4.2).
fn claimed_client(presented: &PresentedClient) -> Result<ClientId, TokenRefusal> {
    match presented {
        PresentedClient::Basic { client_id, .. }
        | PresentedClient::Post { client_id, .. }
        | PresentedClient::None { client_id }
        | PresentedClient::Assertion { client_id: Some(client_id), .. } => Ok(client_id.clone()),
        PresentedClient::Assertion { client_id: None, assertion } => {
            let parsed =
                jws::Parsed::parse(assertion.expose()).map_err(|_| bad_assertion("not a signed JWT"))?;
            let claims: AssertionClaims = serde_json::from_slice(&parsed.payload)
                .map_err(|_| bad_assertion("claims missing or malformed"))?;
            Ok(ClientId::from(claims.sub))
        }
    }
}

fn verified_assertion(
    client: &RegisteredClient,
    assertion: &Secret<String>,
) -> Result<AssertionClaims, TokenRefusal> {
    let registered = client.client.jwks.clone().ok_or_else(|| bad_assertion("no keys are registered"))?;
    let keys = JwkSet::registered(&registered)
        .map_err(|error| bad_assertion("the registered keys cannot be read").because(error.to_string()))?;
    let parsed = signet_jose::verify::verify_signed(&keys, assertion.expose(), &Algorithm::ALL)
        .map_err(|error| bad_assertion("the signature does not verify").because(error.to_string()))?;
    AssertionClaims::parse(&parsed.payload)
}

fn bad_assertion(reason: &'static str) -> TokenRefusal {
    TokenRefusal::new(
        TokenError::InvalidClient,
        Rule::ClientAssertionInvalid,
        "the client assertion is not valid",
    )
    .because(reason)
}

fn refused(rule: Rule, reason: &'static str) -> TokenRefusal {
    TokenRefusal::new(TokenError::InvalidClient, rule, "client authentication failed").because(reason)
}

/// The database could not be asked: the request may be tried again as it is.
pub(crate) fn unavailable(error: StoreError) -> TokenRefusal {
    TokenRefusal::new(
        TokenError::TemporarilyUnavailable,
        Rule::ServerUnavailable,
        "the server cannot answer right now: try again",
    )
    .because(error.to_string())
}

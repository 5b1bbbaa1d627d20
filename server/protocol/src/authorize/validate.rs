//! Whether an authorization request may be put before a person at all (RFC 6749 §4.1.1; OpenID Connect Core §3.1.2.2).
//!
//! oxide-auth's state machine leads: nothing is answered to a redirect URI before it has bound client and URI. What it
//! leaves open or gets wrong is decided here: the matching of redirect URIs, repeated and unsupported parameters, the code
//! for a missing `response_type`, PKCE's grammar, `prompt` and `max_age`, scopes and resources.

mod parts;

use super::request::{AuthorizeRequest, ResponseMode, ResponseTarget};
use crate::client::{Client, GrantType, RegisteredClient};
use crate::error::{AuthorizeError, AuthorizeRefusal};
use crate::explanation::{Rule, shown, shown_uri};
use crate::parameters::Parameters;
use crate::redirect_uri::RedirectUri;
use crate::resource::Resource;
use oxide_auth::code_grant::authorization::{Authorization, Input, Output, Request};
use oxide_auth::primitives::grant::Extensions;
use oxide_auth::primitives::registrar::{BoundClient, ExactUrl, PreGrant, RegisteredUrl};
use std::borrow::Cow;

/// A refused request, and where its error may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Client or redirect URI are not good. RFC 6749 §4.1.2.1: the server "MUST NOT automatically redirect the
    /// user-agent to the invalid redirection URI."
    Page(AuthorizeRefusal),
    /// The client is to be told.
    Redirect {
        /// Where.
        to: ResponseTarget,
        /// What.
        refusal: AuthorizeRefusal,
    },
}

impl Refused {
    /// The refusal itself.
    pub fn refusal(&self) -> &AuthorizeRefusal {
        match self {
            Self::Page(refusal) | Self::Redirect { refusal, .. } => refusal,
        }
    }
}

/// Parameters that are understood here, so that a repetition of one is an error; all others are ignored (RFC 6749 §3.1).
const KNOWN: [&str; 21] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "response_mode",
    "nonce",
    "display",
    "prompt",
    "max_age",
    "ui_locales",
    "claims_locales",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "claims",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "registration",
];

/// Checks a request against its client, which the caller has looked up by `client_id`, and all known APIs.
pub fn validate(
    parameters: &Parameters,
    client: Option<&RegisteredClient>,
    resources: &[Resource],
) -> Result<AuthorizeRequest, Refused> {
    let request = Presented(parameters);
    let mut machine = Authorization::new(&request);
    let (client, redirect_uri) = match machine.advance(Input::None) {
        Output::Bind { client_id, redirect_uri } => {
            let client = known_client(client, &client_id).map_err(Refused::Page)?;
            let bound = bind(parameters, client, redirect_uri);
            (client, bound.map_err(|refusal| Refused::Page(refusal.of(&client.client_id)))?)
        }
        _ => return Err(Refused::Page(unbindable(parameters))),
    };
    let mut target = ResponseTarget {
        redirect_uri: redirect_uri.as_str().to_owned(),
        response_mode: ResponseMode::Query,
        state: parameters.get("state").map(str::to_owned),
    };
    // From here on the client is told, and in the response mode that it asked for, if that can be known.
    let mode = parts::response_mode(parameters);
    target.response_mode = mode.clone().unwrap_or_default();
    let answer = mode.and_then(|_| {
        acceptable(parameters, client)?;
        let registered = RegisteredUrl::Exact(redirect_uri);
        advance(machine, &request, registered, client, resources, target.clone())
    });
    answer.map_err(|refusal| Refused::Redirect { to: target, refusal: refusal.of(&client.client_id) })
}

/// The rest of the machine's way, after client and redirect URI have been bound.
fn advance(
    mut machine: Authorization,
    request: &Presented<'_>,
    redirect_uri: RegisteredUrl,
    client: &Client,
    resources: &[Resource],
    target: ResponseTarget,
) -> Result<AuthorizeRequest, AuthorizeRefusal> {
    let parameters = request.0;
    let bound_client = BoundClient {
        client_id: Cow::Owned(client.client_id.as_str().to_owned()),
        redirect_uri: Cow::Owned(redirect_uri.clone()),
    };
    let Output::Extend = machine.advance(Input::Bound { request, bound_client }) else {
        return Err(parts::response_type_or_scope(parameters));
    };
    let code_challenge = crate::pkce::check_challenge(
        parameters.get("code_challenge_method"),
        parameters.get("code_challenge"),
        client.require_pkce || client.is_public(),
    )?;
    let prompt = parts::prompt(parameters)?;
    let max_age = parts::max_age(parameters)?.or(client.default_max_age);
    let Output::Negotiate { .. } = machine.advance(Input::Extended(Extensions::new())) else {
        return Err(out_of_step());
    };
    let scope = parts::scope(parameters, client)?;
    let resources = parts::resources(parameters, client, resources)?;
    let negotiated = PreGrant {
        client_id: client.client_id.as_str().to_owned(),
        redirect_uri,
        scope: scope.to_string().parse().map_err(|_| out_of_step())?,
    };
    let Output::Ok { pre_grant, state, .. } =
        machine.advance(Input::Negotiated { pre_grant: negotiated, state: target.state })
    else {
        return Err(out_of_step());
    };
    let text = |name| parameters.get(name).map(str::to_owned);
    Ok(AuthorizeRequest {
        client_id: client.client_id.clone(),
        redirect_uri: pre_grant.redirect_uri.as_str().to_owned(),
        response_mode: target.response_mode,
        scope,
        state,
        nonce: text("nonce"),
        code_challenge,
        prompt,
        max_age,
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint"),
        resources,
        acr_values: parts::words(parameters.get("acr_values")),
        ui_locales: text("ui_locales"),
    })
}

/// Unknown and disabled clients get one answer, so that nobody learns which identifiers exist.
fn known_client<'a>(
    client: Option<&'a RegisteredClient>,
    client_id: &str,
) -> Result<&'a Client, AuthorizeRefusal> {
    let refuse = |rule, reason: &'static str| {
        let description = "this application is not registered here";
        let refusal = AuthorizeRefusal::new(AuthorizeError::UnauthorizedClient, rule, description);
        refusal.because(reason).having(shown(client_id))
    };
    match client {
        Some(known) if known.client.client_id.as_str() != client_id => {
            Err(refuse(Rule::ClientMismatch, "the client was looked up by another identifier"))
        }
        Some(known) if known.disabled => {
            Err(refuse(Rule::ClientDisabled, "the client is disabled").of(&known.client.client_id))
        }
        Some(known) => Ok(&known.client),
        None => Err(refuse(Rule::ClientUnknown, "the client is unknown")),
    }
}

/// The redirect URI to use (RFC 6749 §3.1.2.3): one of the client's; it may be left out only if there is but one
/// and no ID token is asked for (OpenID Connect Core §3.1.2.1 makes it REQUIRED).
fn bind(
    parameters: &Parameters,
    client: &Client,
    requested: Option<ExactUrl>,
) -> Result<ExactUrl, AuthorizeRefusal> {
    let registered = || client.redirect_uris.iter().map(RedirectUri::as_str);
    let refuse = |rule, description| {
        AuthorizeRefusal::new(AuthorizeError::InvalidRequest, rule, description).expecting(registered())
    };
    let Some(requested) = requested else {
        return match client.redirect_uris.as_slice() {
            [_] if parameters.is_repeated("redirect_uri") => {
                Err(refuse(Rule::ParameterRepeated, "redirect_uri came more than once"))
            }
            [only] if !parts::may_ask_for_openid(parameters, client) => {
                let unread =
                    |_| refuse(Rule::RedirectUriMalformed, "the registered redirect URI cannot be read");
                only.as_str().parse().map_err(unread)
            }
            _ => Err(refuse(Rule::ParameterMissing, "redirect_uri is missing")),
        };
    };
    if client.redirect_uris.iter().any(|registered| registered.matches(requested.as_str())) {
        Ok(requested)
    } else {
        let description = "redirect_uri is not one that is registered for this application";
        let refusal = refuse(Rule::RedirectUriUnregistered, description);
        Err(refusal.having(shown_uri(requested.as_str(), registered())))
    }
}

/// What the machine leaves unsaid when it cannot even name the client and the URI to bind.
fn unbindable(parameters: &Parameters) -> AuthorizeRefusal {
    let (rule, description) = if parameters.is_repeated("client_id") {
        (Rule::ParameterRepeated, "client_id came more than once")
    } else if parameters.get("client_id").is_none() {
        (Rule::ParameterMissing, "client_id is missing")
    } else {
        (Rule::RedirectUriMalformed, "redirect_uri is not an absolute URI")
    };
    AuthorizeRefusal::new(AuthorizeError::InvalidRequest, rule, description)
}

/// What is wrong with the request as such, whatever it asks for.
fn acceptable(parameters: &Parameters, client: &Client) -> Result<(), AuthorizeRefusal> {
    // RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
    if let Some(name) = parameters.repeated().find(|name| KNOWN.contains(name)) {
        let error = AuthorizeError::InvalidRequest;
        let refusal =
            AuthorizeRefusal::new(error, Rule::ParameterRepeated, "a parameter came more than once");
        return Err(refusal.because(format!("{name} came more than once")).having(name));
    }
    // OpenID Connect Core §3.1.2.6, §6.1, §6.2, §7.2.1.
    for (name, error, description) in [
        ("request", AuthorizeError::RequestNotSupported, "request objects are not supported"),
        ("request_uri", AuthorizeError::RequestUriNotSupported, "request_uri is not supported"),
        ("registration", AuthorizeError::RegistrationNotSupported, "registration is not supported"),
    ] {
        if parameters.has(name) {
            return Err(AuthorizeRefusal::new(error, Rule::FeatureUnsupported, description).having(name));
        }
    }
    if !client.may_use(GrantType::AuthorizationCode) {
        let description = "this client may not use the authorization code grant";
        let error = AuthorizeError::UnauthorizedClient;
        let refusal = AuthorizeRefusal::new(error, Rule::GrantTypeNotAllowed, description);
        return Err(refusal
            .expecting(client.grant_types.iter().map(|grant| grant.as_str()))
            .having("authorization_code"));
    }
    Ok(())
}

/// The machine answered what it never should: a fault of ours, not of the request.
fn out_of_step() -> AuthorizeRefusal {
    AuthorizeRefusal::new(
        AuthorizeError::ServerError,
        Rule::ServerFailed,
        "the request could not be processed",
    )
    .because("the authorization state machine went another way than expected")
}

/// The request as the machine wants to see it. Its parameters are well-formed already.
struct Presented<'a>(&'a Parameters);

impl Presented<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0.get(name).map(Cow::Borrowed)
    }
}

impl Request for Presented<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn client_id(&self) -> Option<Cow<'_, str>> {
        self.get("client_id")
    }

    fn scope(&self) -> Option<Cow<'_, str>> {
        self.get("scope")
    }

    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        self.get("redirect_uri")
    }

    fn state(&self) -> Option<Cow<'_, str>> {
        self.get("state")
    }

    fn response_type(&self) -> Option<Cow<'_, str>> {
        self.get("response_type")
    }

    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        self.get(key)
    }
}

#[cfg(test)]
mod tests;

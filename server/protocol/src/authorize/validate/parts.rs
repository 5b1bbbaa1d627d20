//! The single parameters of an authorization request, each with its rule.

use crate::authorize::request::{Prompt, ResponseMode};
use crate::client::{Client, GrantType};
use crate::error::{AuthorizeError, AuthorizeRefusal};
use crate::explanation::{Rule, shown, shown_uri, shown_words};
use crate::id::ResourceId;
use crate::parameters::Parameters;
use crate::resource::{Resource, check_identifier};
use crate::scope::Scope;

fn invalid(rule: Rule, description: &'static str) -> AuthorizeRefusal {
    AuthorizeRefusal::new(AuthorizeError::InvalidRequest, rule, description)
}

/// `response_mode` (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2).
pub(super) fn response_mode(parameters: &Parameters) -> Result<ResponseMode, AuthorizeRefusal> {
    match parameters.get("response_mode") {
        None | Some("query") => Ok(ResponseMode::Query),
        Some("form_post") => Ok(ResponseMode::FormPost),
        Some(other) => Err(invalid(Rule::ParameterMalformed, "response_mode must be query or form_post")
            .expecting(["query", "form_post"])
            .having(shown(other))),
    }
}

/// Why the machine would not go on after binding; it knows no error for a missing `response_type`.
pub(super) fn response_type_or_scope(parameters: &Parameters) -> AuthorizeRefusal {
    match parameters.get("response_type") {
        None => invalid(Rule::ParameterMissing, "response_type is missing"),
        Some("code") => {
            AuthorizeRefusal::new(AuthorizeError::InvalidScope, Rule::ScopeMalformed, "scope is malformed")
        }
        Some(other) => AuthorizeRefusal::new(
            AuthorizeError::UnsupportedResponseType,
            Rule::ResponseTypeUnsupported,
            "response_type must be code",
        )
        .expecting(["code"])
        .having(shown_words(other)),
    }
}

/// `prompt` (OpenID Connect Core §3.1.2.1): unknown values are ignored, but "if this parameter contains none with any
/// other value, an error is returned."
pub(super) fn prompt(parameters: &Parameters) -> Result<Vec<Prompt>, AuthorizeRefusal> {
    let mut prompts = Vec::new();
    let mut others = false;
    for value in parameters.get("prompt").unwrap_or_default().split(' ').filter(|value| !value.is_empty()) {
        others |= value != "none";
        if let Some(prompt) = Prompt::parse(value)
            && !prompts.contains(&prompt)
        {
            prompts.push(prompt);
        }
    }
    if others && prompts.contains(&Prompt::None) {
        let refusal = invalid(Rule::ParameterMalformed, "prompt=none does not go with another value");
        return Err(refusal.having(shown_words(parameters.get("prompt").unwrap_or_default())));
    }
    Ok(prompts)
}

/// `max_age` in seconds (OpenID Connect Core §3.1.2.1); what exceeds the range is as good as endless.
pub(super) fn max_age(parameters: &Parameters) -> Result<Option<u32>, AuthorizeRefusal> {
    match parameters.get("max_age") {
        None => Ok(None),
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Some(text.parse().unwrap_or(u32::MAX)))
        }
        Some(text) => {
            Err(invalid(Rule::ParameterMalformed, "max_age must be a number of seconds").having(shown(text)))
        }
    }
}

/// Whether the request is, or by the client's default could be, an OpenID Connect one. It is asked before the scope's
/// own rules, to decide whether `redirect_uri` may be left out.
pub(super) fn may_ask_for_openid(parameters: &Parameters, client: &Client) -> bool {
    match parameters.get("scope") {
        Some(scope) => scope.split(' ').any(|value| value == "openid"),
        // Left out, or repeated: at most what is registered.
        None => client.scope.contains("openid"),
    }
}

/// `scope` (RFC 6749 §3.3): only what is registered for the client; left out, all of that but `offline_access`.
/// RFC 6749 §3.3: without a default the server MUST "fail the request indicating an invalid scope."
pub(super) fn scope(parameters: &Parameters, client: &Client) -> Result<Scope, AuthorizeRefusal> {
    let refuse = |rule, description| AuthorizeRefusal::new(AuthorizeError::InvalidScope, rule, description);
    let requested = match parameters.get("scope") {
        None => client.scope.filtered(|value| value != "offline_access"),
        Some(text) => match Scope::parse(text) {
            Ok(scope) => scope,
            Err(_) => {
                return Err(refuse(Rule::ScopeMalformed, "scope is malformed").having(shown_words(text)));
            }
        },
    };
    if requested.is_empty() {
        return Err(refuse(Rule::ParameterMissing, "scope is missing").expecting(client.scope.iter()));
    }
    if !requested.is_subset_of(&client.scope) {
        let description = "scope holds a value that is not registered for this client";
        let surplus = requested.filtered(|value| !client.scope.contains(value)).to_string();
        let refusal = refuse(Rule::ScopeNotRegistered, description).expecting(client.scope.iter());
        return Err(refusal.having(shown_words(&surplus)));
    }
    // Dropping it silently would leave a client waiting for a refresh token that never comes.
    if requested.contains("offline_access") && !client.may_use(GrantType::RefreshToken) {
        let description = "offline_access needs the grant type refresh_token";
        return Err(refuse(Rule::ScopeNeedsRefresh, description).having("offline_access"));
    }
    Ok(requested)
}

/// `resource` (RFC 8707 §2.1): absolute URIs of APIs that the client may reach.
pub(super) fn resources(
    parameters: &Parameters,
    client: &Client,
    known: &[Resource],
) -> Result<Vec<ResourceId>, AuthorizeRefusal> {
    let refuse = |rule, text: &str, description| {
        let refusal = AuthorizeRefusal::new(AuthorizeError::InvalidTarget, rule, description);
        Err(refusal.expecting(reachable(client, known)).having(shown_uri(text, [])))
    };
    let mut resources = Vec::new();
    for text in parameters.all("resource") {
        if check_identifier(text).is_err() {
            return refuse(
                Rule::ParameterMalformed,
                text,
                "resource must be an absolute URI without fragment",
            );
        }
        let Some(resource) = known.iter().find(|resource| resource.identifier.as_str() == text) else {
            return refuse(Rule::ResourceUnknown, text, "resource is not known here");
        };
        if !is_reachable(client, resource) {
            return refuse(
                Rule::ResourceNotAllowed,
                text,
                "resource is not one that this client may ask for",
            );
        }
        if !resources.contains(&resource.identifier) {
            resources.push(resource.identifier.clone());
        }
    }
    Ok(resources)
}

/// The APIs that a client may ask for.
fn reachable<'a>(client: &'a Client, known: &'a [Resource]) -> impl Iterator<Item = &'a str> {
    known.iter().filter(|api| is_reachable(client, api)).map(|api| api.identifier.as_str())
}

fn is_reachable(client: &Client, api: &Resource) -> bool {
    api.scopes.iter().any(|value| client.scope.contains(value))
}

/// A list of words, in order (`acr_values`).
pub(super) fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

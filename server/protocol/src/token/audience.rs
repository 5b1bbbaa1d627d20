//! Whom an access token is for, and what it may do there (RFC 8707 §2.2, RFC 9068 §3).
//!
//! An access token serves one API: a token that several APIs accept could be replayed by each of them at the others.

use crate::algorithm::SigningAlg;
use crate::claims::mapping::ClaimMapping;
use crate::claims::{Aud, MAX_TOKEN_LIFETIME, is_user_scope};
use crate::client::Client;
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::{Rule, shown_uri};
use crate::id::ResourceId;
use crate::resource::Resource;
use crate::scope::Scope;
use std::borrow::Cow;

/// An access token's audience and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience<'a> {
    /// The `aud` claim: the API, the issuer, or both.
    pub aud: Aud<'a>,
    /// What the token allows: the scope values of its API and OpenID Connect's own.
    pub scope: Cow<'a, Scope>,
    /// What the token is signed with: the API decides what it can verify.
    pub signing_alg: SigningAlg,
    /// How long the API wants its tokens to live, in seconds.
    pub lifetime: Option<u32>,
    /// What the API wants its tokens to say of people.
    pub claims: &'a [ClaimMapping],
    /// The API; none if the token is for the issuer alone.
    pub resource: Option<&'a ResourceId>,
}

impl Audience<'_> {
    /// How long the token lives, in seconds: as the client says, else as the API says, else `default`.
    pub fn lifetime_for(&self, client: &Client, default: u32) -> u32 {
        client.access_token_lifetime.or(self.lifetime).unwrap_or(default).min(MAX_TOKEN_LIFETIME)
    }
}

/// Finds the audience of a token with the scope `granted`.
///
/// `requested` are the token request's `resource` parameters, `authorized` those that the grant was authorized for (none:
/// those that its scope belongs to), `resources` all that are registered. The only error is `invalid_target`.
pub fn audience<'a>(
    granted: &'a Scope,
    requested: &[ResourceId],
    authorized: &[ResourceId],
    resources: &'a [Resource],
    issuer: &'a str,
) -> Result<Audience<'a>, TokenRefusal> {
    let api = match requested {
        [] if authorized.is_empty() => the_only(resources.iter().filter(|api| holds_scope_of(granted, api)))?,
        [] => of_the_grant(granted, authorized, resources)?,
        [one, others @ ..] if others.iter().all(|other| other == one) => {
            Some(named(one, granted, authorized, resources)?)
        }
        _ => return Err(several()),
    };
    match api {
        Some(api) => Ok(for_api(api, granted, issuer)),
        None => for_issuer(granted, resources, issuer),
    }
}

/// RFC 8707 §2.2: the requested resource must be one that the grant was authorized for.
fn named<'a>(
    requested: &ResourceId,
    granted: &Scope,
    authorized: &[ResourceId],
    resources: &'a [Resource],
) -> Result<&'a Resource, TokenRefusal> {
    let refuse = |rule, description| {
        let refusal = TokenRefusal::new(TokenError::InvalidTarget, rule, description);
        refusal.having(shown_uri(requested.as_str(), []))
    };
    let api = resources
        .iter()
        .find(|api| api.identifier == *requested)
        .ok_or_else(|| refuse(Rule::ResourceUnknown, "the requested resource is unknown"))?;
    if !authorized.is_empty() && !authorized.contains(requested) {
        let description = "the requested resource is not among those that were authorized";
        let refusal = refuse(Rule::ResourceNotAllowed, description);
        return Err(refusal.expecting(authorized.iter().map(ResourceId::as_str)));
    }
    if !holds_scope_of(granted, api) {
        let description = "the scope holds no value of the requested resource";
        return Err(refuse(Rule::ResourceNotAllowed, description));
    }
    Ok(api)
}

/// The API of a grant that named its resources, when the token request names none.
fn of_the_grant<'a>(
    granted: &Scope,
    authorized: &[ResourceId],
    resources: &'a [Resource],
) -> Result<Option<&'a Resource>, TokenRefusal> {
    let known = || resources.iter().filter(|api| authorized.contains(&api.identifier));
    if known().next().is_none() {
        return Err(TokenRefusal::new(
            TokenError::InvalidTarget,
            Rule::ResourceUnknown,
            "the authorized resource is no longer known",
        ));
    }
    the_only(known().filter(|api| holds_scope_of(granted, api)))
}

fn the_only<'a>(
    mut candidates: impl Iterator<Item = &'a Resource>,
) -> Result<Option<&'a Resource>, TokenRefusal> {
    let first = candidates.next();
    if candidates.next().is_some() { Err(several()) } else { Ok(first) }
}

fn several() -> TokenRefusal {
    let description = "an access token is for one resource: name it with resource";
    TokenRefusal::new(TokenError::InvalidTarget, Rule::ResourceAmbiguous, description)
}

fn holds_scope_of(scope: &Scope, api: &Resource) -> bool {
    api.scopes.iter().any(|value| scope.contains(value))
}

fn for_api<'a>(api: &'a Resource, granted: &'a Scope, issuer: &'a str) -> Audience<'a> {
    let identifier = api.identifier.as_str();
    let scope = kept(granted, |value| is_user_scope(value) || api.scopes.iter().any(|own| own == value));
    Audience {
        // Userinfo is a resource, too: it takes tokens that name the issuer (OpenID Connect Core §5.3.1).
        aud: if scope.contains("openid") { Aud::two(identifier, issuer) } else { Aud::one(identifier) },
        scope,
        signing_alg: api.signing_alg,
        lifetime: api.access_token_lifetime,
        claims: &api.claims,
        resource: Some(&api.identifier),
    }
}

fn for_issuer<'a>(
    granted: &'a Scope,
    resources: &[Resource],
    issuer: &'a str,
) -> Result<Audience<'a>, TokenRefusal> {
    // Values of an API that this token is not for would say more than the token can do.
    let scope = kept(granted, |value| !resources.iter().any(|api| api.scopes.iter().any(|own| own == value)));
    if scope.is_empty() && !granted.is_empty() {
        return Err(TokenRefusal::new(
            TokenError::InvalidTarget,
            Rule::ResourceNotAllowed,
            "the scope belongs to no resource that was authorized",
        ));
    }
    Ok(Audience {
        aud: Aud::one(issuer),
        scope,
        signing_alg: SigningAlg::ES256,
        lifetime: None,
        claims: &[],
        resource: None,
    })
}

/// The values that `keep` holds for; without a copy if that is all of them, as it nearly always is.
fn kept(scope: &Scope, keep: impl Fn(&str) -> bool) -> Cow<'_, Scope> {
    if scope.iter().all(&keep) { Cow::Borrowed(scope) } else { Cow::Owned(scope.filtered(keep)) }
}

#[cfg(test)]
mod tests;

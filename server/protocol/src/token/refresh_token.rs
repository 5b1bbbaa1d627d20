//! Refreshing (RFC 6749 §6) with rotation (RFC 9700 §4.14.2): a used refresh token that comes again ends its grant, unless
//! it is the client's own retry of an answer that it did not receive.

use crate::client::{Client, GrantType};
use crate::environment::Moment;
use crate::error::{TokenError, TokenRefusal};
use crate::explanation::{Rule, shown_words};
use crate::grant::Grant;
use crate::scope::Scope;
use chrono::TimeDelta;

/// How long an authenticated client may retry with the previous refresh token.
pub const RETRY_WINDOW: TimeDelta = TimeDelta::seconds(30);
/// How long a public client may, and only from the same network: whoever holds the token can say the client's name.
pub const PUBLIC_RETRY_WINDOW: TimeDelta = TimeDelta::seconds(10);

/// What is known when an authentic refresh token comes.
#[derive(Clone, Debug)]
pub struct RefreshFacts<'a> {
    /// The grant that its handle names.
    pub grant: Option<&'a Grant>,
    /// The client that authenticated.
    pub client: &'a Client,
    /// The grant's user exists and is not disabled.
    pub user_active: bool,
    /// The browser session behind the grant has not ended.
    pub session_alive: bool,
    /// The number of the presented refresh token.
    pub presented_generation: u64,
    /// The network that the request comes from, written as [`Grant::rotated_from`] is.
    pub network: Option<&'a str>,
    /// `scope`, if the request holds one.
    pub requested_scope: Option<&'a Scope>,
    /// The present moment.
    pub now: Moment,
}

/// Which successor a refresh token gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotate {
    /// The next one.
    Fresh,
    /// The same as before: the answer that held it was lost.
    Retry,
    /// One that jumps over what a restored database has forgotten.
    Ahead,
}

/// What becomes of a presented refresh token.
#[derive(Clone, Debug, PartialEq)]
pub enum RefreshDecision {
    /// Tokens may be issued, if the grant still has the generation that this was decided from.
    Issue {
        /// Which successor.
        rotate: Rotate,
        /// Its number.
        successor_generation: u64,
        /// The scope of the access token; the grant keeps its own (RFC 6749 §6).
        scope: Scope,
    },
    /// No tokens.
    Refuse {
        /// The answer.
        refusal: TokenRefusal,
        /// Why the grant is to be revoked, if it is.
        revoke: Option<&'static str>,
        /// A used refresh token came again.
        replayed: bool,
    },
}

/// Decides about an authentic refresh token. Whose it is comes first: otherwise one client could end another's grant.
pub fn decide(facts: &RefreshFacts<'_>) -> RefreshDecision {
    let grant = match usable(facts) {
        Ok(grant) => grant,
        Err(refusal) => return RefreshDecision::Refuse { refusal, revoke: None, replayed: false },
    };
    let Some((rotate, successor_generation)) = successor(grant, facts) else {
        // RFC 9700 §4.14.2: "If a refresh token is compromised and subsequently used by both the attacker and the
        // legitimate client, one of them will present an invalidated refresh token, which will inform the authorization
        // server of the breach."
        return RefreshDecision::Refuse {
            refusal: invalid_grant(Rule::RefreshReplayed, "the refresh token was used before"),
            revoke: Some("refresh token replayed"),
            replayed: true,
        };
    };
    match narrowed(grant, facts.client, facts.requested_scope) {
        Ok(scope) => RefreshDecision::Issue { rotate, successor_generation, scope },
        // The token is not spent on a request that gets nothing.
        Err(refusal) => RefreshDecision::Refuse { refusal, revoke: None, replayed: false },
    }
}

fn usable<'a>(facts: &RefreshFacts<'a>) -> Result<&'a Grant, TokenRefusal> {
    if !facts.client.may_use(GrantType::RefreshToken) {
        return Err(TokenRefusal::new(
            TokenError::UnauthorizedClient,
            Rule::GrantTypeNotAllowed,
            "the client is not registered for this grant_type",
        ));
    }
    let grant = facts.grant.ok_or_else(|| invalid_grant(Rule::RefreshUnknown, "the grant is unknown"))?;
    let authorization = &grant.authorization;
    // RFC 6749 §6: "the authorization server MUST … ensure that the refresh token was issued to the authenticated client".
    if authorization.client_id != facts.client.client_id {
        return Err(invalid_grant(Rule::RefreshForeign, "the refresh token was issued to another client"));
    }
    // RFC 6749 §5.2, `invalid_grant`: "… refresh token is invalid, expired, revoked …".
    let ended = if !grant.refreshable {
        Some("no refresh token is issued for the grant")
    } else if grant.revoked_at.is_some() {
        Some("the grant was revoked")
    } else if grant.expires_at <= facts.now {
        Some("the grant has expired")
    } else if grant.idle_expires_at <= facts.now {
        Some("the grant was unused for too long")
    } else if !facts.user_active {
        Some("the user is disabled or gone")
    } else if !(authorization.offline && facts.client.scope.contains("offline_access"))
        && (!facts.session_alive || authorization.session_expires_at <= facts.now)
    {
        // OpenID Connect Core §11: without `offline_access`, only while the user is present.
        Some("the session behind the grant has ended")
    } else {
        None
    };
    ended.map_or(Ok(grant), |reason| Err(invalid_grant(Rule::GrantEnded, reason)))
}

/// The presented token's successor; none if the token is replayed.
fn successor(grant: &Grant, facts: &RefreshFacts<'_>) -> Option<(Rotate, u64)> {
    let (presented, current) = (facts.presented_generation, grant.generation);
    if presented == current {
        return Some((Rotate::Fresh, presented.checked_add(1)?));
    }
    if presented > current {
        return Some((Rotate::Ahead, presented.checked_add(1)?));
    }
    // The first generation is 1: nothing precedes it. The successor is unused as long as it is the current generation.
    let previous = presented > 0 && presented.checked_add(1) == Some(current);
    (previous && may_retry(grant, facts)).then_some((Rotate::Retry, current))
}

fn may_retry(grant: &Grant, facts: &RefreshFacts<'_>) -> bool {
    let age = facts.now.signed_duration_since(grant.rotated_at);
    if facts.client.is_public() {
        let same_network = facts.network.is_some() && facts.network == grant.rotated_from.as_deref();
        age <= PUBLIC_RETRY_WINDOW && same_network
    } else {
        age <= RETRY_WINDOW
    }
}

/// RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted by the resource owner, and if
/// omitted is treated as equal to the scope originally granted by the resource owner." What was withdrawn from the client
/// since then is granted no more.
fn narrowed(grant: &Grant, client: &Client, requested: Option<&Scope>) -> Result<Scope, TokenRefusal> {
    let refuse = |rule, description| Err(TokenRefusal::new(TokenError::InvalidScope, rule, description));
    let granted = &grant.authorization.scope;
    let left = granted.filtered(|value| client.scope.contains(value));
    match requested {
        None if left.is_empty() && !granted.is_empty() => refuse(
            Rule::ScopeNotRegistered,
            "the client is registered for nothing of what was granted any more",
        ),
        None => Ok(left),
        Some(requested) if requested.is_subset_of(&left) => Ok(requested.clone()),
        Some(requested) if requested.is_subset_of(granted) => refuse(
            Rule::ScopeNotRegistered,
            "the scope holds values that the client is not registered for any more",
        ),
        Some(requested) => refuse(Rule::ScopeExceedsGrant, "the scope exceeds what was granted").map_err(
            |refusal: TokenRefusal| {
                refusal.expecting(granted.iter()).having(shown_words(&requested.to_string()))
            },
        ),
    }
}

/// One description for all that can be wrong with a refresh token.
fn invalid_grant(rule: Rule, reason: &'static str) -> TokenRefusal {
    TokenRefusal::new(TokenError::InvalidGrant, rule, "the refresh token is not valid").because(reason)
}

#[cfg(test)]
mod tests;

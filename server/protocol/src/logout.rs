//! Sign-out asked for by a client (OpenID Connect RP-Initiated Logout 1.0).

use crate::client::Client;
use crate::error::{AuthorizeError, AuthorizeRefusal};
use crate::explanation::{Rule, shown, shown_uri};
use crate::id::{ClientId, SessionId, UserId};
use crate::parameters::Parameters;
use crate::redirect_uri::with_query;
use crate::session::Session;

/// The parameters of a logout request (§2), as far as they count here.
#[derive(Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// An ID token that we issued; not verified yet.
    pub id_token_hint: Option<String>,
    /// Who asks.
    pub client_id: Option<ClientId>,
    /// Where the browser is to go afterwards.
    pub post_logout_redirect_uri: Option<String>,
    /// Returned there.
    pub state: Option<String>,
}

impl LogoutRequest {
    /// Reads a request; unknown parameters are ignored, repeated ones refused.
    pub fn parse(parameters: &Parameters) -> Result<Self, AuthorizeRefusal> {
        const KNOWN: [&str; 4] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];
        if let Some(name) = parameters.repeated().find(|name| KNOWN.contains(name)) {
            let refusal = AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                Rule::ParameterRepeated,
                "a parameter came more than once",
            );
            return Err(refusal.because(format!("{name} came more than once")).having(shown(name)));
        }
        let text = |name| parameters.get(name).map(str::to_owned);
        Ok(Self {
            id_token_hint: text("id_token_hint"),
            client_id: parameters.get("client_id").map(ClientId::from),
            post_logout_redirect_uri: text("post_logout_redirect_uri"),
            state: text("state"),
        })
    }

    /// The client that the redirect URI must belong to. It is to be looked up before [`decide`] is asked.
    pub fn client<'a>(&'a self, hint: Option<&'a HintClaims>) -> Option<&'a ClientId> {
        hint.map(|hint| &hint.client_id).or(self.client_id.as_ref())
    }
}

/// What a verified `id_token_hint` says: our signature and issuer are right; it may have expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HintClaims {
    /// `aud`: whom it was issued to.
    pub client_id: ClientId,
    /// The user that its `sub` stands for.
    pub user_id: UserId,
    /// The session that it was issued in.
    pub sid: Option<SessionId>,
}

/// What is known about a logout request.
pub struct LogoutFacts<'a> {
    /// From the `id_token_hint`, if it could be verified.
    pub hint: Option<&'a HintClaims>,
    /// The browser's live session.
    pub session: Option<&'a Session>,
    /// The client that [`LogoutRequest::client`] names, if it exists.
    pub client: Option<&'a Client>,
    /// The person confirmed it on our own page.
    pub confirmed: bool,
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutDecision {
    /// Ask the person first.
    Confirm,
    /// End the session, if there is one, and go on.
    SignOut {
        /// Where to; none: our own page says that it is done.
        redirect: Option<String>,
    },
    /// Show the error as a page, and do nothing.
    Refuse(AuthorizeRefusal),
}

/// Decides about a logout request.
pub fn decide(request: &LogoutRequest, facts: &LogoutFacts<'_>) -> LogoutDecision {
    let redirect = match redirect(request, facts) {
        Ok(redirect) => redirect,
        Err(refusal) => return LogoutDecision::Refuse(refusal),
    };
    let Some(session) = facts.session else {
        return LogoutDecision::SignOut { redirect };
    };
    // §2: "The OP SHOULD ask the End-User whether to log out of the OP as well" and MUST if no hint was given "or if the
    // supplied ID Token does not belong to the current OP session with the RP and/or currently logged in End-User."
    let hinted = facts.hint.is_some_and(|hint| {
        hint.user_id == session.user_id && hint.sid.as_ref().is_none_or(|sid| *sid == session.sid)
    });
    if facts.confirmed || hinted { LogoutDecision::SignOut { redirect } } else { LogoutDecision::Confirm }
}

/// Where the browser goes afterwards (§3).
fn redirect(request: &LogoutRequest, facts: &LogoutFacts<'_>) -> Result<Option<String>, AuthorizeRefusal> {
    let refuse = |rule, description| AuthorizeRefusal::new(AuthorizeError::InvalidRequest, rule, description);
    // §2: "When both client_id and id_token_hint are present, the OP MUST verify that the Client Identifier matches the
    // one used when issuing the ID Token."
    if let (Some(hint), Some(named)) = (facts.hint, &request.client_id)
        && hint.client_id != *named
    {
        let description = "client_id is not the client that id_token_hint was issued to";
        let refusal = refuse(Rule::ClientMismatch, description).expecting([hint.client_id.as_str()]);
        return Err(refusal.having(shown(named.as_str())));
    }
    let Some(uri) = &request.post_logout_redirect_uri else {
        return Ok(None);
    };
    let Some(client) = facts.client.filter(|client| Some(&client.client_id) == request.client(facts.hint))
    else {
        let description = "post_logout_redirect_uri needs a known client_id or a valid id_token_hint";
        return Err(refuse(Rule::ClientUnknown, description));
    };
    // §3: the value "MUST have been previously registered with the OP"; it is compared as text, without any exception.
    if !client.post_logout_redirect_uris.contains(uri) {
        let description = "post_logout_redirect_uri is not one that is registered for this application";
        let registered = client.post_logout_redirect_uris.iter().map(String::as_str);
        let refusal = refuse(Rule::PostLogoutUriUnregistered, description).expecting(registered.clone());
        return Err(refusal.having(shown_uri(uri, registered)).of(&client.client_id));
    }
    let state = request.state.as_deref().map(|state| ("state", state));
    Ok(Some(with_query(uri, state)))
}

#[cfg(test)]
mod tests;

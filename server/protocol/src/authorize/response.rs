//! The answer of the authorization endpoint (RFC 6749 §4.1.2, §4.1.2.1; RFC 9207).

use super::request::{ResponseMode, ResponseTarget};
use crate::error::AuthorizeRefusal;
use crate::redirect_uri::with_query;
use std::fmt;

/// An answer on its way to the client. For `form_post` its parameters become the fields of a form that is posted to
/// the target's redirect URI.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizeResponse {
    /// Where it goes, and how.
    pub target: ResponseTarget,
    /// What it says.
    pub parameters: Vec<(&'static str, String)>,
    /// Why the request was refused, if it was.
    pub refusal: Option<Box<AuthorizeRefusal>>,
}

impl AuthorizeResponse {
    /// The request was granted (RFC 6749 §4.1.2).
    pub fn success(target: ResponseTarget, code: &str, issuer: &str) -> Self {
        Self::new(target, vec![("code", code.to_owned())], issuer)
    }

    /// The request was refused (RFC 6749 §4.1.2.1).
    pub fn error(target: ResponseTarget, refusal: &AuthorizeRefusal, issuer: &str) -> Self {
        let error = ("error", refusal.error.code().to_owned());
        let description = ("error_description", refusal.description.to_owned());
        let refusal = Some(Box::new(refusal.clone()));
        Self { refusal, ..Self::new(target, vec![error, description], issuer) }
    }

    fn new(target: ResponseTarget, mut parameters: Vec<(&'static str, String)>, issuer: &str) -> Self {
        // RFC 6749 §4.1.2: state is "REQUIRED if the state parameter was present in the client authorization request."
        parameters.extend(target.state.clone().map(|state| ("state", state)));
        // RFC 9207 §2: iss is in every authorization response, "including error responses".
        parameters.push(("iss", issuer.to_owned()));
        Self { target, parameters, refusal: None }
    }

    /// How it travels.
    pub fn mode(&self) -> ResponseMode {
        self.target.response_mode
    }

    /// The URL to redirect the browser to, for the `query` mode.
    pub fn redirect_url(&self) -> String {
        let parameters = self.parameters.iter().map(|(name, value)| (*name, value.as_str()));
        with_query(&self.target.redirect_uri, parameters)
    }
}

/// Without the values: one of them may be a code.
impl fmt::Debug for AuthorizeResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizeResponse")
            .field("redirect_uri", &self.target.redirect_uri)
            .field("parameters", &self.parameters.iter().map(|(name, _)| *name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AuthorizeError;
    use crate::explanation::Rule;

    fn target(state: Option<&str>) -> ResponseTarget {
        ResponseTarget {
            redirect_uri: "https://shop.test/cb?x=y".into(),
            response_mode: ResponseMode::Query,
            state: state.map(str::to_owned),
        }
    }

    #[test]
    fn success_carries_code_state_and_issuer_and_keeps_the_query() {
        let response = AuthorizeResponse::success(target(Some("a b&c")), "the-code", "https://id.test");
        assert_eq!(
            response.redirect_url(),
            "https://shop.test/cb?x=y&code=the-code&state=a+b%26c&iss=https%3A%2F%2Fid.test"
        );
        assert!(!format!("{response:?}").contains("the-code"));
    }

    #[test]
    fn an_error_names_its_issuer_and_no_state_that_was_not_sent() {
        let refusal = AuthorizeRefusal::new(AuthorizeError::AccessDenied, Rule::UserDenied, "no")
            .because("secret reason");
        let response = AuthorizeResponse::error(target(None), &refusal, "https://id.test");
        let names: Vec<_> = response.parameters.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["error", "error_description", "iss"]);
        assert_eq!(
            response.redirect_url(),
            "https://shop.test/cb?x=y&error=access_denied&error_description=no&iss=https%3A%2F%2Fid.test"
        );
    }
}

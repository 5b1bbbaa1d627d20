//! Forms: where they post to, and the hidden fields that tie an answer to its question.

use super::Page;
use serde::Serialize;

/// A form. It is always posted; what a person fills in stands in the template.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Form {
    /// The address it is posted to.
    pub action: String,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Field {
    name: String,
    value: String,
}

impl Form {
    /// A form without hidden fields.
    pub fn to(action: impl Into<String>) -> Self {
        Self { action: action.into(), fields: Vec::new() }
    }

    /// With one more hidden field: the sealed request, a token against cross-site requests, a parameter to pass on.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push(Field { name: name.into(), value: value.into() });
        self
    }
}

/// A link to a page that someone registered: http or https, never `javascript:` or another scheme that acts here.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct WebLink(String);

impl WebLink {
    /// `None` for anything but an http or https address.
    pub fn new(address: &str) -> Option<Self> {
        let parsed = url::Url::parse(address).ok()?;
        matches!(parsed.scheme(), "https" | "http").then(|| Self(parsed.into()))
    }
}

/// A large authorization request that came by a cross-site POST: a button that sends it again from this site, so that
/// the session cookie comes with it. Form `#continue`, button `#continue-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ContinueForm {
    /// Holds the request's parameters.
    pub form: Form,
    /// The application's name, if it is known already.
    pub client_name: Option<String>,
}

impl Page for ContinueForm {
    const TEMPLATE: &'static str = "continue_form.html";
}

/// The answer to a client that asked for `response_mode=form_post` (OAuth 2.0 Form Post Response Mode §2).
/// Form `#form-post`; a script posts it, and its button does where there is none.
#[derive(Clone, Debug, Serialize)]
pub struct FormPost {
    /// Holds the response's parameters and posts to the redirect URI.
    pub form: Form,
    /// The host that it goes to; none if that is an application's own scheme.
    pub client_name: Option<String>,
}

impl Page for FormPost {
    const TEMPLATE: &'static str = "form_post.html";
}

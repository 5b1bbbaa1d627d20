//! The forms of these pages: each works for the browser that it was made for, on a page of its kind.

use super::Links;
use crate::authorize::{Cookies, Visit, internal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;

/// What the seal of a link's page is for.
pub(super) const LINK: &str = "link";

/// A page's sealed form, for its hidden field `request`.
#[derive(Debug)]
pub struct SealedForm {
    /// The sealed content.
    pub request: String,
    /// Cookies to set along with it.
    pub cookies: Cookies,
}

/// What the form of a link's page brings back.
#[derive(Serialize, Deserialize)]
pub(super) struct Carried {
    pub(super) token: String,
}

impl Links {
    pub(super) fn seal<T: Serialize>(
        &self,
        purpose: &str,
        content: &T,
        visit: &Visit<'_>,
    ) -> Result<SealedForm, AuthorizeRefusal> {
        let mut cookies = Cookies::default();
        if visit.browser.is_none() {
            cookies.browser = Some(self.random.secret().map_err(internal)?);
        }
        let browser = visit.browser.or(cookies.browser.as_deref()).unwrap_or_default();
        let request = self.forms.seal(purpose, browser, content).map_err(internal)?;
        Ok(SealedForm { request, cookies })
    }

    pub(super) fn unseal<T: DeserializeOwned>(
        &self,
        purpose: &str,
        sealed: &str,
        visit: &Visit<'_>,
    ) -> Result<T, AuthorizeRefusal> {
        let opened = self.forms.open(purpose, visit.browser, sealed).map_err(|foreign| {
            AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                Rule::FormForeign,
                "this form does not belong to this browser: allow cookies and open the page again",
            )
            .because(foreign.0)
        })?;
        Ok(opened.content)
    }
}

//! An authorization request on its way through our pages.

use super::{Authorizations, Cookies, Page, PageKind, Step, Visit, internal, unavailable};
use serde::{Deserialize, Serialize};
use signet_protocol::authorize::request::AuthorizeRequest;
use signet_protocol::client::RegisteredClient;
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::id::{InteractionId, UserId};
use signet_protocol::parameters::MAX_VALUE_LENGTH;
use std::sync::Arc;

/// What the seal is for: a form of another kind does not open as one of these.
const PURPOSE: &str = "authorize";

/// A request that has been validated, and the interaction that it began.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Interaction {
    /// What the client asked for.
    pub request: AuthorizeRequest,
    /// Names this interaction; at most one code comes of it.
    pub tx: InteractionId,
    /// Whom the page was shown to, where it was made for someone.
    pub shown_to: Option<UserId>,
}

impl Interaction {
    /// Remembers whom the next page is made for.
    pub(super) fn shown_to(self, user_id: &UserId) -> Self {
        Self { shown_to: Some(user_id.clone()), ..self }
    }
}

impl Authorizations {
    /// A new interaction for a validated request.
    pub(super) fn new_interaction(&self, request: AuthorizeRequest) -> Result<Interaction, AuthorizeRefusal> {
        let tx = self.random.id().map_err(internal)?.into();
        Ok(Interaction { request, tx, shown_to: None })
    }

    /// A page with the interaction sealed into it, for this browser alone.
    pub(super) fn page(
        &self,
        client: Arc<RegisteredClient>,
        interaction: &Interaction,
        kind: PageKind,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        let browser =
            visit.browser.or(cookies.browser.as_deref()).ok_or_else(|| internal("no browser cookie"))?;
        let request = self.forms.seal(PURPOSE, browser, interaction).map_err(internal)?;
        // What the form could not bring back is refused before anybody fills it in.
        if request.len() > MAX_VALUE_LENGTH {
            let error = AuthorizeError::InvalidRequest;
            let refusal = AuthorizeRefusal::new(error, "the request's parameters are too long");
            return Ok(self.refuse(&interaction.request, &refusal));
        }
        let redirect_uri = interaction.request.redirect_uri.clone();
        Ok(Step::Page(Box::new(Page { request, client, redirect_uri, kind })))
    }

    /// Languages for the pages, in order of preference, as the request in a form asks for them (OpenID Connect Core
    /// §3.1.2.1).
    pub fn ui_locales(&self, sealed: &str, visit: &Visit<'_>) -> Option<String> {
        self.open(sealed, visit).ok()?.0.request.ui_locales
    }

    /// Opens what a form brought back. The second value tells whether the page was still fresh.
    pub(super) fn open(
        &self,
        sealed: &str,
        visit: &Visit<'_>,
    ) -> Result<(Interaction, bool), AuthorizeRefusal> {
        let opened = self.forms.open::<Interaction>(PURPOSE, visit.browser, sealed).map_err(|foreign| {
            AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                "this form does not belong to this browser: allow cookies, go back to the application and start again",
            )
            .because(foreign.0)
        })?;
        Ok((opened.content, opened.fresh))
    }

    /// The client of an interaction, checked again: it may have changed since the page was made.
    pub(super) async fn client_of(
        &self,
        interaction: &Interaction,
    ) -> Result<Arc<RegisteredClient>, AuthorizeRefusal> {
        let request = &interaction.request;
        let client = self.directory.client(&request.client_id).await.map_err(unavailable)?;
        let known = |client: &Arc<RegisteredClient>| {
            !client.disabled
                && request.scope.is_subset_of(&client.client.scope)
                && client.client.redirect_uris.iter().any(|uri| uri.matches(&request.redirect_uri))
        };
        client.filter(known).ok_or_else(|| {
            AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                "the application you came from was changed or removed meanwhile: go back to it and start again",
            )
        })
    }
}

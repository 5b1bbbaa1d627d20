//! What a person is on the way to, as it travels through our pages.

use super::{Authorizations, Cookies, Page, PageKind, Step, Trial, Visit, Who, internal, unavailable};
use crate::forms::Opened;
use serde::{Deserialize, Serialize};
use signet_protocol::authorize::interaction::Goal;
use signet_protocol::authorize::request::AuthorizeRequest;
use signet_protocol::client::RegisteredClient;
use signet_protocol::entitlement::depends_on_roles;
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::{Rule, shown};
use signet_protocol::id::{ClientId, InteractionId, UserId};
use signet_protocol::parameters::MAX_VALUE_LENGTH;
use std::borrow::Cow;
use std::sync::Arc;

/// What the seal is for: a form of another kind does not open as one of these.
const PURPOSE: &str = "authorize";
/// The same for a trial: what does not know of trials opens none as a request.
const TRIAL: &str = "authorize-trial";

/// Where a person is on the way to, and the interaction that this began.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Interaction {
    /// Where to.
    pub destination: Destination,
    /// Names this interaction; at most one code comes of it.
    pub tx: InteractionId,
    /// Whom the page was shown to, where it was made for someone.
    pub shown_to: Option<UserId>,
    /// Set where an administrator tries the client out: the server itself takes the application's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
}

/// What comes at the end of an interaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Destination {
    /// A client's answer; its request has been validated.
    Client(Box<AuthorizeRequest>),
    /// A page of the person's own account.
    Account(AccountPage),
}

/// A page of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    /// Its path, below the issuer's.
    pub path: String,
    /// Whether a sign-in of a moment ago is needed: something that protects the account is changed there.
    pub fresh: bool,
    /// Whether it is a page of the console: whoever must have a second factor to administer has proved it.
    #[serde(default)]
    pub console: bool,
    /// For a page on which another factor is set up: where to go from there.
    pub enrols: Option<Onward>,
}

/// Where somebody goes who was to set a factor up in their account. Paths below the issuer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    /// It is set up.
    pub done: String,
    /// They think better of it, or it cannot be had.
    pub back: String,
}

impl Interaction {
    /// Remembers whom the next page is made for.
    pub(super) fn shown_to(self, user_id: &UserId) -> Self {
        Self { shown_to: Some(user_id.clone()), ..self }
    }
}

/// An interaction with what it is about, as that is now.
#[derive(Debug, Clone)]
pub(crate) struct Journey {
    pub(super) interaction: Interaction,
    /// The client, if the way leads to one.
    pub(super) client: Option<Arc<RegisteredClient>>,
}

impl Journey {
    /// The client's request, if the way leads to one.
    pub(super) fn request(&self) -> Option<&AuthorizeRequest> {
        match &self.interaction.destination {
            Destination::Client(request) => Some(request),
            Destination::Account(_) => None,
        }
    }

    /// Where to go from a page of the account on which a factor is set up.
    pub(super) fn enrols(&self) -> Option<&Onward> {
        match &self.interaction.destination {
            Destination::Account(page) => page.enrols.as_ref(),
            Destination::Client(_) => None,
        }
    }

    /// The same way without setting a factor up at its end: it leads elsewhere in the account, or on to the client.
    pub(super) fn past_enrolment(mut self, to: impl FnOnce(&Onward) -> &String) -> Self {
        if let Some(path) = self.enrols().map(to).cloned() {
            let page = AccountPage { path, fresh: false, console: false, enrols: None };
            self.interaction.destination = Destination::Account(page);
        }
        self
    }

    /// The client's identifier, for events.
    pub(super) fn client_id(&self) -> Option<ClientId> {
        self.request().map(|request| request.client_id.clone())
    }

    /// As the decision takes it.
    pub(super) fn goal(&self) -> Result<Goal<'_>, AuthorizeRefusal> {
        match (&self.interaction.destination, &self.client) {
            (Destination::Client(request), Some(client)) => {
                Ok(Goal::Authorize { request, client: &client.client })
            }
            (Destination::Account(page), _) if page.console => Ok(Goal::Console { fresh: page.fresh }),
            (Destination::Account(page), _) => Ok(Goal::Account { fresh: page.fresh }),
            (Destination::Client(_), None) => Err(internal("a request lost its client")),
        }
    }
}

impl Authorizations {
    /// A new interaction on the way to a destination.
    pub(super) fn depart(
        &self,
        destination: Destination,
        client: Option<Arc<RegisteredClient>>,
    ) -> Result<Journey, AuthorizeRefusal> {
        let tx = self.random.id().map_err(internal)?.into();
        Ok(Journey { interaction: Interaction { destination, tx, shown_to: None, trial: None }, client })
    }

    /// The same way once more, as a new interaction.
    pub(super) fn depart_again(&self, journey: Journey) -> Result<Journey, AuthorizeRefusal> {
        let Interaction { destination, trial, .. } = journey.interaction;
        let mut anew = self.depart(destination, journey.client)?;
        anew.interaction.trial = trial;
        Ok(anew)
    }

    /// The way without those scope values that the person's roles do not allow them: as if they had not been asked for
    /// (RFC 6749 §3.3). Until somebody is signed in, it stays as it is.
    pub(super) async fn as_allowed<'a>(
        &self,
        journey: &'a Journey,
        who: &Who,
    ) -> Result<Cow<'a, Journey>, AuthorizeRefusal> {
        let (Destination::Client(request), Some(client), Some(present)) =
            (&journey.interaction.destination, &journey.client, &who.present)
        else {
            return Ok(Cow::Borrowed(journey));
        };
        let resources = self.directory.resources();
        if !depends_on_roles(&request.scope, &resources) {
            return Ok(Cow::Borrowed(journey));
        }
        let person = self.directory.person(present.user.clone()).await.map_err(unavailable)?;
        let scope = person.grantable(&request.scope, &client.client, &resources);
        if scope.is_empty() {
            let told = "nothing of what is asked for is allowed to this user";
            return Err(AuthorizeRefusal::new(AuthorizeError::AccessDenied, Rule::RolesAllowNothing, told));
        }
        let mut allowed = journey.clone();
        allowed.interaction.destination =
            Destination::Client(Box::new(AuthorizeRequest { scope, ..(**request).clone() }));
        Ok(Cow::Owned(allowed))
    }

    /// A page with the interaction sealed into it, for this browser alone. It is made for `shown_to`, if for anyone.
    pub(super) fn page(
        &self,
        journey: &Journey,
        shown_to: Option<&UserId>,
        kind: PageKind,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<Step, AuthorizeRefusal> {
        let browser = bound_browser(visit, cookies)?;
        let interaction = match shown_to {
            Some(user_id) => journey.interaction.clone().shown_to(user_id),
            None => journey.interaction.clone(),
        };
        let purpose = if interaction.trial.is_some() { TRIAL } else { PURPOSE };
        let request = self.forms.seal(purpose, browser, &interaction).map_err(internal)?;
        // What the form could not bring back is refused before anybody fills it in.
        if request.len() > MAX_VALUE_LENGTH {
            let error = AuthorizeError::InvalidRequest;
            let refusal = AuthorizeRefusal::new(
                error,
                Rule::ParametersTooLong,
                "the request's parameters are too long",
            );
            return Ok(self.refuse(journey, refusal));
        }
        let redirect_uri = journey.request().map(|request| request.redirect_uri.clone());
        let back = journey.enrols().map(|onward| onward.back.clone());
        Ok(Step::Page(Box::new(Page { request, client: journey.client.clone(), redirect_uri, back, kind })))
    }

    /// Languages for the pages, in order of preference, as the request in a form asks for them (OpenID Connect Core
    /// §3.1.2.1).
    pub fn ui_locales(&self, sealed: &str, visit: &Visit<'_>) -> Option<String> {
        match self.unseal(sealed, visit).ok()?.content.destination {
            Destination::Client(request) => request.ui_locales,
            Destination::Account(_) => None,
        }
    }

    fn unseal(&self, sealed: &str, visit: &Visit<'_>) -> Result<Opened<Interaction>, AuthorizeRefusal> {
        let open = |purpose| self.forms.open(purpose, visit.browser, sealed);
        open(PURPOSE).or_else(|_| open(TRIAL)).map_err(|foreign| {
            AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                Rule::FormForeign,
                "this form does not belong to this browser: allow cookies, go back to the application and start again",
            )
            .because(foreign.0)
        })
    }

    /// Opens what a form brought back, with its client as that is now. The second value tells whether the page was still
    /// fresh.
    pub(super) async fn open(
        &self,
        sealed: &str,
        visit: &Visit<'_>,
    ) -> Result<(Journey, bool), AuthorizeRefusal> {
        let Opened { content, fresh } = self.unseal(sealed, visit)?;
        let client = match &content.destination {
            Destination::Client(request) => Some(self.client_of(request).await?),
            Destination::Account(_) => None,
        };
        Ok((Journey { interaction: content, client }, fresh))
    }

    /// The client of a request, checked again: it may have changed since the page was made.
    async fn client_of(&self, request: &AuthorizeRequest) -> Result<Arc<RegisteredClient>, AuthorizeRefusal> {
        let client = self.directory.client(&request.client_id).await.map_err(unavailable)?;
        let known = |client: &Arc<RegisteredClient>| {
            !client.disabled
                && request.scope.is_subset_of(&client.client.scope)
                && client.client.redirect_uris.iter().any(|uri| uri.matches(&request.redirect_uri))
        };
        client.filter(known).ok_or_else(|| {
            AuthorizeRefusal::new(
                AuthorizeError::InvalidRequest,
                Rule::ClientChanged,
                "the application you came from was changed or removed meanwhile: go back to it and start again",
            )
            .having(shown(request.client_id.as_str()))
        })
    }
}

/// The cookie that this browser's forms are bound to.
pub(super) fn bound_browser<'a>(
    visit: &Visit<'a>,
    cookies: &'a Cookies,
) -> Result<&'a str, AuthorizeRefusal> {
    visit.browser.or(cookies.browser.as_deref()).ok_or_else(|| internal("no browser cookie"))
}

//! Somebody who is signed in, on a page of ours: whether a form was theirs, and how they are answered.

use super::extract::{Browser, Form, query};
use super::outcome::{self, Arrival};
use super::{State, page};
use crate::pages::{self, Times, TryAgain};
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::parameters::Parameters;
use signet_service::StoreError;
use signet_service::account::{AccountForm, FormProblem};
use signet_service::authorize::{AccountPage, Present};

/// Somebody who is signed in, on a page of ours.
pub struct Visitor<'a> {
    pub state: &'a State,
    pub browser: Browser,
    pub present: Present,
    /// The page, below the issuer's path.
    pub path: String,
    /// What its address asks for.
    pub query: Parameters,
}

/// A form that was the visitor's own.
pub struct Sent {
    /// What was filled in.
    pub fields: Parameters,
    /// What the page knew.
    pub form: AccountForm,
}

/// An answer, or the one that takes its place because something is in the way.
pub type Answered = Result<HttpResponse, HttpResponse>;

/// Lets a person in, or gives what they have to do first.
pub async fn enter<'a>(
    request: &HttpRequest,
    state: &'a State,
    page: AccountPage,
) -> Result<Visitor<'a>, HttpResponse> {
    let browser = Browser::of(request, state);
    let path = page.path.clone();
    match state.service.authorizations.account(page, &browser.visit()).await {
        Ok(present) => {
            let browser = browser.preferring_locale(state, present.user.profile.locale.as_deref());
            // A query that cannot be read asks for nothing.
            let query = query(request).unwrap_or_default();
            Ok(Visitor { state, browser, present, path, query })
        }
        Err(outcome) => Err(outcome::show(state, browser.viewer(), outcome, Arrival::Form)),
    }
}

impl Visitor<'_> {
    /// How moments are told to this person.
    pub fn times(&self) -> Times {
        Times::of(self.present.user.profile.zoneinfo.as_deref(), self.state.service.now())
    }

    /// A parameter of the page's address.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// A form of this page.
    #[expect(clippy::result_large_err, reason = "it is answered with at once, and rarely")]
    pub fn form(&self) -> Result<pages::Form, HttpResponse> {
        let sealed = self.state.service.account.form(&self.present, &self.path, &self.browser.visit());
        let sealed = sealed.map_err(|problem| self.refused(&problem))?;
        Ok(pages::Form::to(self.state.path(&self.path)).with("request", sealed))
    }

    /// Reads what a form of this page sent.
    pub async fn sent(&self, request: &HttpRequest, payload: Payload) -> Result<Sent, HttpResponse> {
        let fields = match Form::read(request, payload).await {
            Ok(form) => form.parameters,
            Err(unreadable) => return Err(page::unreadable(self.state, self.browser.viewer(), unreadable)),
        };
        let sealed = fields.get("request").unwrap_or_default();
        let visit = self.browser.visit();
        match self.state.service.account.open_form(&self.present, &self.path, sealed, &visit) {
            Ok(form) => Ok(Sent { fields, form }),
            Err(FormProblem::Old) => Err(self.redirect(&format!("{}?done=old", self.path))),
            Err(problem) => Err(self.refused(&problem)),
        }
    }

    /// To another page of ours; `to` is below the issuer's path.
    pub fn redirect(&self, to: &str) -> HttpResponse {
        page::redirect(self.state, self.browser.viewer(), &self.state.path(to))
    }

    /// Shows the page.
    pub fn show<P: pages::Page>(&self, page: &P) -> HttpResponse {
        self.show_with(page, StatusCode::OK)
    }

    /// Shows the page with a status of its own.
    pub fn show_with<P: pages::Page>(&self, page: &P, status: StatusCode) -> HttpResponse {
        page::show_with(self.state, self.browser.viewer(), page, page::Posts::Here, status)
    }

    /// The database could not be asked.
    pub fn unavailable(&self, error: &StoreError) -> HttpResponse {
        let refusal = AuthorizeRefusal::new(
            AuthorizeError::TemporarilyUnavailable,
            Rule::ServerUnavailable,
            "the server cannot answer right now: please try again",
        );
        self.refuse(&refusal.because(error.to_string()))
    }

    /// Nothing that a page could be shown with.
    pub fn refuse(&self, refusal: &AuthorizeRefusal) -> HttpResponse {
        page::refuse(self.state, self.browser.viewer(), refusal, TryAgain::StartPage)
    }

    /// The form says nothing that can be done.
    pub fn no_choice(&self) -> HttpResponse {
        outcome::no_choice(self.state, self.browser.viewer())
    }

    fn refused(&self, problem: &FormProblem) -> HttpResponse {
        let refusal = AuthorizeRefusal::new(
            AuthorizeError::InvalidRequest,
            Rule::FormForeign,
            "this form does not belong to this browser and person: open the page again",
        );
        let refusal = refusal.because(problem.to_string());
        page::refuse(self.state, self.browser.viewer(), &refusal, TryAgain::StartOver { client_uri: None })
    }
}

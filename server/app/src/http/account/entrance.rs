//! The way into each page: who is there, whether they may see it, and whether a form was theirs.

use super::{DONE, KEEP, PAGES, Place};
use crate::http::extract::{Browser, Form, query};
use crate::http::outcome::{self, Arrival, display_name};
use crate::http::{State, page};
use crate::pages::account::{AccountLeaving, AccountLink, Frame};
use crate::pages::{self, Times, TryAgain};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::metadata::paths;
use signet_protocol::parameters::Parameters;
use signet_service::StoreError;
use signet_service::account::{AccountForm, FormProblem};
use signet_service::authorize::Present;
use signet_service::factors::FactorProblem;

/// Someone on a page of their account.
pub struct Visitor<'a> {
    pub state: &'a State,
    pub browser: Browser,
    pub present: Present,
    place: &'static Place,
    query: Parameters,
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

/// Lets a person in, or gives what they have to do first; to whoever is leaving, that they may stay.
pub async fn enter<'a>(
    request: &HttpRequest,
    state: &'a State,
    place: &'static Place,
) -> Result<Visitor<'a>, HttpResponse> {
    let visitor = enter_leaving(request, state, place).await?;
    let deletion = state.service.account.deletion(&visitor.present).await;
    match deletion.map_err(|error| visitor.unavailable(&error))? {
        None => Ok(visitor),
        Some(at) => {
            let visitor = Visitor { place: &KEEP, ..visitor };
            let (form, url) = (Some(visitor.form()?), state.path(paths::LOGOUT));
            let at = visitor.times().show(at);
            Err(visitor.show(&AccountLeaving { at, form, url }))
        }
    }
}

/// The same for a page that is there for those whose account is going to be deleted.
pub async fn enter_leaving<'a>(
    request: &HttpRequest,
    state: &'a State,
    place: &'static Place,
) -> Result<Visitor<'a>, HttpResponse> {
    let browser = Browser::of(request, state);
    match state.service.authorizations.account(place.page(), &browser.visit()).await {
        Ok(present) => {
            let browser = browser.preferring_locale(state, present.user.profile.locale.as_deref());
            // A query that cannot be read asks for nothing.
            let query = query(request).unwrap_or_default();
            Ok(Visitor { state, browser, present, place, query })
        }
        Err(outcome) => Err(outcome::show(state, browser.viewer(), outcome, Arrival::Form)),
    }
}

impl Visitor<'_> {
    /// What surrounds the page.
    pub fn frame(&self) -> Frame {
        let link = |(place, label): &(&Place, _)| AccountLink {
            url: self.state.path(place.path),
            label: *label,
            current: place.path == self.place.path,
        };
        let done = self.query.get("done").and_then(|word| DONE.iter().find(|(done, _)| *done == word));
        Frame {
            links: PAGES.iter().map(link).collect(),
            name: display_name(&self.present.user).to_owned(),
            sign_out_url: self.state.path(paths::LOGOUT),
            done: done.map(|(_, words)| *words),
        }
    }

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
        let sealed = self.state.service.account.form(&self.present, self.place.path, &self.browser.visit());
        let sealed = sealed.map_err(|problem| self.refused(&problem))?;
        Ok(pages::Form::to(self.state.path(self.place.path)).with("request", sealed))
    }

    /// Reads what a form of this page sent.
    pub async fn sent(&self, request: &HttpRequest, payload: Payload) -> Result<Sent, HttpResponse> {
        let fields = match Form::read(request, payload).await {
            Ok(form) => form.parameters,
            Err(unreadable) => return Err(page::unreadable(self.state, self.browser.viewer(), unreadable)),
        };
        let sealed = fields.get("request").unwrap_or_default();
        let visit = self.browser.visit();
        match self.state.service.account.open_form(&self.present, self.place.path, sealed, &visit) {
            Ok(form) => Ok(Sent { fields, form }),
            Err(FormProblem::Old) => Err(self.done("old")),
            Err(problem) => Err(self.refused(&problem)),
        }
    }

    /// Back to the page, which then says what was done.
    pub fn done(&self, word: &'static str) -> HttpResponse {
        self.done_at(self.place, word)
    }

    /// To a page that says what was done.
    pub fn done_at(&self, place: &Place, word: &'static str) -> HttpResponse {
        let to = format!("{}?done={word}", self.state.path(place.path));
        page::redirect(self.state, self.browser.viewer(), &to)
    }

    /// Shows the page.
    pub fn show<P: pages::Page>(&self, page: &P) -> HttpResponse {
        page::show(self.state, self.browser.viewer(), page, page::Posts::Here)
    }

    /// The database could not be asked.
    pub fn unavailable(&self, error: &StoreError) -> HttpResponse {
        let refusal = AuthorizeRefusal::new(
            AuthorizeError::TemporarilyUnavailable,
            "the server cannot answer right now: please try again",
        );
        self.refuse(&refusal.because(error.to_string()))
    }

    /// Nothing that a page could be shown with.
    pub fn refuse(&self, refusal: &AuthorizeRefusal) -> HttpResponse {
        page::refuse(self.state, self.browser.viewer(), refusal, TryAgain::StartPage)
    }

    /// Something about a factor went wrong that is none of the person's doing.
    pub fn failed(&self, problem: &FactorProblem) -> HttpResponse {
        if let FactorProblem::Store(error) = problem {
            return self.unavailable(error);
        }
        let refusal = AuthorizeRefusal::new(AuthorizeError::ServerError, "the server failed to answer");
        let refusal = refusal.because(problem.to_string());
        page::refuse(self.state, self.browser.viewer(), &refusal, TryAgain::StartPage)
    }

    /// The form says nothing that can be done.
    pub fn no_choice(&self) -> HttpResponse {
        outcome::no_choice(self.state, self.browser.viewer())
    }

    fn refused(&self, problem: &FormProblem) -> HttpResponse {
        let refusal = AuthorizeRefusal::new(
            AuthorizeError::InvalidRequest,
            "this form does not belong to this browser and person: open the page again",
        );
        let refusal = refusal.because(problem.to_string());
        page::refuse(self.state, self.browser.viewer(), &refusal, TryAgain::StartOver { client_uri: None })
    }
}

//! What the pages of links have in common.

use super::account::OVERVIEW;
use super::answer::{limited, retry_after};
use super::extract::{Browser, Form, query};
use super::page::{self, Posts};
use super::{State, unknown};
use crate::pages::{self, AskProblem, ChoiceProblem, LinkResult, Page, TryAgain, Wait};
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::parameters::Parameters;
use signet_service::links::{NotAsked, NotChosen, SealedForm};

/// When to try again while as much is done as can be, in seconds.
pub const BUSY: u32 = 5;

/// A visitor of one of these pages.
pub struct Visitor<'a> {
    pub state: &'a State,
    pub browser: Browser,
    /// The page's path.
    pub path: &'static str,
}

impl<'a> Visitor<'a> {
    pub fn of(request: &HttpRequest, state: &'a State, path: &'static str) -> Self {
        Self { state, browser: Browser::of(request, state), path }
    }

    /// Reads the form that the page posted.
    pub async fn form(&self, request: &HttpRequest, payload: Payload) -> Result<Parameters, HttpResponse> {
        let form = Form::read(request, payload).await;
        form.map(|form| form.parameters)
            .map_err(|unreadable| page::unreadable(self.state, self.browser.viewer(), unreadable))
    }

    /// The token in the address that a link opened.
    #[expect(clippy::result_large_err, reason = "it is answered with at once, and rarely")]
    pub fn token(&self, request: &HttpRequest) -> Result<String, HttpResponse> {
        let query = query(request)
            .map_err(|unreadable| page::unreadable(self.state, self.browser.viewer(), unreadable))?;
        Ok(query.get("token").unwrap_or_default().to_owned())
    }

    /// A form that is posted to the page's own path.
    pub fn own_form(&self, request: impl Into<String>) -> pages::Form {
        pages::Form::to(self.state.path(self.path)).with("request", request)
    }

    /// The page with the form that it is made for; or a refusal, if the form cannot be made.
    pub fn show_form<P: Page>(
        &self,
        form: Result<SealedForm, AuthorizeRefusal>,
        page: impl FnOnce(pages::Form) -> P,
    ) -> HttpResponse {
        let SealedForm { request, cookies } = match form {
            Ok(form) => form,
            Err(refusal) => return self.refuse(&refusal),
        };
        let mut response = self.show(&page(self.own_form(request)), StatusCode::OK, None);
        self.state.cookie_names().set(&mut response, &cookies);
        response
    }

    /// A page, and when to come again.
    pub fn show<P: Page>(&self, page: &P, status: StatusCode, wait: Option<u32>) -> HttpResponse {
        let mut response = page::show_with(self.state, self.browser.viewer(), page, Posts::Here, status);
        if let Some(wait) = wait {
            retry_after(&mut response, wait);
        }
        response
    }

    /// What came of a link.
    pub fn result(&self, result: &LinkResult) -> HttpResponse {
        let account_url = Some(self.state.path(OVERVIEW.path));
        self.show(&LinkResult { account_url, ..result.clone() }, StatusCode::OK, None)
    }

    /// A link that is good for nothing; `again`: the path where a new one is asked for.
    pub fn gone(&self, again: Option<&str>) -> HttpResponse {
        let page = LinkResult::gone(again.map(|path| self.state.path(path)));
        self.show(&page, StatusCode::BAD_REQUEST, None)
    }

    /// Why no link was made: `page` says it.
    pub fn not_asked<P: Page>(
        &self,
        not_asked: NotAsked,
        page: impl FnOnce(AskProblem) -> P,
    ) -> HttpResponse {
        match not_asked {
            NotAsked::Limited(reached) => {
                let problem = AskProblem::Limited { wait: Wait(reached.retry_after) };
                let mut response = self.show(&page(problem), StatusCode::TOO_MANY_REQUESTS, None);
                limited(&mut response, &reached);
                response
            }
            NotAsked::Busy => {
                let problem = AskProblem::Busy { wait: Wait(BUSY) };
                self.show(&page(problem), StatusCode::SERVICE_UNAVAILABLE, Some(BUSY))
            }
            NotAsked::Address => self.show(&page(AskProblem::Unfit), StatusCode::BAD_REQUEST, None),
            NotAsked::Refused(refusal) => self.refuse(&refusal),
        }
    }

    /// What was wrong with what somebody chose: `page` says it.
    pub fn not_chosen<P: Page>(
        &self,
        not_chosen: NotChosen,
        page: impl FnOnce(ChoiceProblem) -> P,
    ) -> HttpResponse {
        let none = ChoiceProblem::default();
        match not_chosen {
            NotChosen::Unfit(faults) => {
                let faults = faults.into_iter().map(Into::into).collect();
                self.show(&page(ChoiceProblem { faults, ..none }), StatusCode::BAD_REQUEST, None)
            }
            NotChosen::Busy => {
                let page = page(ChoiceProblem { wait: Some(Wait(BUSY)), ..none });
                self.show(&page, StatusCode::SERVICE_UNAVAILABLE, Some(BUSY))
            }
            NotChosen::Limited(reached) => {
                let page = page(ChoiceProblem { limited: Some(Wait(reached.retry_after)), ..none });
                let mut response = self.show(&page, StatusCode::TOO_MANY_REQUESTS, None);
                limited(&mut response, &reached);
                response
            }
        }
    }

    pub fn refuse(&self, refusal: &AuthorizeRefusal) -> HttpResponse {
        page::refuse(self.state, self.browser.viewer(), refusal, TryAgain::StartPage)
    }
}

/// What this server does not offer is not there.
pub async fn not_offered(request: HttpRequest) -> HttpResponse {
    unknown::path(request).await
}

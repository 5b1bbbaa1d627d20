//! The way into each page of the account, and what surrounds it.

use super::{DONE, KEEP, PAGES, Place};
use crate::http::outcome::display_name;
use crate::http::visitor::{self, Visitor};
use crate::http::{State, page};
use crate::pages::TryAgain;
use crate::pages::account::{AccountLeaving, AccountLink, Frame};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::metadata::paths;
use signet_protocol::rate_limit::Limited;
use signet_service::account::NotDone;
use signet_service::factors::FactorProblem;

pub use crate::http::visitor::{Answered, Sent};

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
            let visitor = Visitor { path: KEEP.path.to_owned(), ..visitor };
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
    visitor::enter(request, state, place.page()).await
}

impl Visitor<'_> {
    /// What surrounds the page.
    pub fn frame(&self) -> Frame {
        let link = |(place, label): &(&Place, _)| AccountLink {
            url: self.state.path(place.path),
            label: *label,
            current: place.path == self.path,
        };
        let done = self.asked("done").and_then(|word| DONE.iter().find(|(done, _)| *done == word));
        Frame {
            links: PAGES.iter().map(link).collect(),
            name: display_name(&self.present.user).to_owned(),
            sign_out_url: self.state.path(paths::LOGOUT),
            done: done.map(|(_, words)| *words),
        }
    }

    /// Back to the page, which then says what was done.
    pub fn done(&self, word: &'static str) -> HttpResponse {
        self.redirect(&format!("{}?done={word}", self.path))
    }

    /// To a page that says what was done.
    pub fn done_at(&self, place: &Place, word: &'static str) -> HttpResponse {
        self.redirect(&format!("{}?done={word}", place.path))
    }

    /// Nothing was done.
    pub fn not_done(&self, why: &NotDone) -> HttpResponse {
        match why {
            NotDone::Limited(limited) => self.too_often(limited),
            NotDone::Store(error) => self.unavailable(error),
        }
    }

    /// It was done too often.
    pub fn too_often(&self, limited: &Limited) -> HttpResponse {
        page::too_often(self.state, self.browser.viewer(), limited)
    }

    /// Something about a factor went wrong that is none of the person's doing.
    pub fn failed(&self, problem: &FactorProblem) -> HttpResponse {
        if let FactorProblem::Store(error) = problem {
            return self.unavailable(error);
        }
        let refusal = page::server_failed().because(problem.to_string());
        page::refuse(self.state, self.browser.viewer(), &refusal, TryAgain::StartPage)
    }
}

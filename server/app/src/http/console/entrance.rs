//! The way into each page of the console, and what surrounds it.

use super::{CLIENTS, DONE, areas};
use crate::http::State;
use crate::http::outcome::display_name;
use crate::http::page;
use crate::http::refused::{Refused, note};
use crate::http::visitor::{self, Answered, Visitor};
use crate::pages::console::ConsoleFrame;
use crate::pages::{self, Refusal, TryAgain, Words};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::id::ClientId;
use signet_protocol::metadata::paths;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::{Actor, AdminError};
use signet_service::authorize::AccountPage;
use std::ops::Deref;
use url::{Url, form_urlencoded};

/// What ends an address whose page is going to be changed.
const TO_CHANGE: &str = "to=change";
/// The longest query that is kept while somebody signs in, in bytes.
const LONGEST_QUERY: usize = 512;

/// Somebody who administers, on a page of the console.
pub struct Administrator<'a> {
    visitor: Visitor<'a>,
    /// The page's path with what its address asks for.
    here: String,
    /// What they may do.
    pub actor: Actor,
}

impl<'a> Deref for Administrator<'a> {
    type Target = Visitor<'a>;

    fn deref(&self) -> &Visitor<'a> {
        &self.visitor
    }
}

/// Lets an administrator in. `fresh`: only after a sign-in of a moment ago, as where the page's address says that they are
/// going to change something.
pub async fn enter<'a>(
    request: &HttpRequest,
    state: &'a State,
    (path, fresh): (String, bool),
) -> Result<Administrator<'a>, HttpResponse> {
    let here = returning(request, &path);
    let fresh = fresh || here.ends_with(TO_CHANGE);
    let page = AccountPage { path: here.clone(), fresh, console: true, enrols: None };
    let visitor = Visitor { path, ..visitor::enter(request, state, page).await? };
    let actor = state.service.administrator(&visitor.present, &visitor.browser.viewer().origin).await;
    let actor = actor.map_err(|error| visitor.unavailable(&error))?;
    if actor.permissions().is_empty() {
        return Err(visitor.refuse(&AuthorizeRefusal::new(
            AuthorizeError::AccessDenied,
            Rule::PermissionMissing,
            "your account has no role that lets administer this server",
        )));
    }
    Ok(Administrator { visitor, here, actor })
}

/// Where to come back to after signing in: to what was asked for there, too, but not to what was done before. What a form
/// sent is gone by then, and told to be.
fn returning(request: &HttpRequest, path: &str) -> String {
    let asked = request.query_string();
    if request.method() == Method::POST {
        return format!("{path}?done=old");
    }
    if asked.len() > LONGEST_QUERY {
        return path.to_owned();
    }
    let asked = form_urlencoded::parse(asked.as_bytes()).filter(|(name, _)| name != "done");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

impl Administrator<'_> {
    /// What surrounds the page.
    pub fn frame(&self) -> ConsoleFrame {
        let done = self.asked("done").and_then(|word| DONE.iter().find(|(done, _)| *done == word));
        ConsoleFrame {
            links: areas::links(self),
            name: display_name(&self.present.user).to_owned(),
            account_url: self.state.path("/account"),
            sign_out_url: self.state.path(paths::LOGOUT),
            done: done.map(|(_, words)| *words),
            again_url: None,
        }
    }

    /// What surrounds a page that can be changed with this permission, and its form. Whoever signed in too long ago for that
    /// hears it before they type anything, and comes back here.
    pub async fn to_change(
        &self,
        permission: Permission,
    ) -> Result<(ConsoleFrame, Option<pages::Form>), HttpResponse> {
        let frame = self.frame();
        if !self.actor.permissions().has(permission) {
            return Ok((frame, None));
        }
        let may = self.state.service.authorizations.may_change(&self.present).await;
        if may.map_err(|refusal| self.refuse(&refusal))? {
            return Ok((frame, Some(self.form()?)));
        }
        let mark = if self.here.contains('?') { '&' } else { '?' };
        let again_url = Some(self.state.path(&format!("{}{mark}{TO_CHANGE}", self.here)));
        Ok((ConsoleFrame { again_url, ..frame }, None))
    }

    /// Why administration refused, as a page.
    pub fn refused(&self, error: AdminError) -> HttpResponse {
        let (status, title) = match &error {
            AdminError::Forbidden(_) => (StatusCode::FORBIDDEN, Words("refusal-access-denied")),
            AdminError::NotFound(_) => (StatusCode::NOT_FOUND, Words("refusal-not-found")),
            AdminError::Store(error) => return self.unavailable(error),
            AdminError::Internal(reason) => {
                return self.refuse(&page::server_failed().because(reason.clone()));
            }
            AdminError::Overtaken => (StatusCode::CONFLICT, Words("refusal-stale")),
            AdminError::Invalid(_) | AdminError::Conflict(_) | AdminError::KeyReused => {
                (StatusCode::CONFLICT, Words("refusal-invalid-request"))
            }
        };
        let code = if status == StatusCode::FORBIDDEN { "access_denied" } else { "invalid_request" };
        let origin = &self.browser.viewer().origin;
        let refusal = Refusal {
            title,
            code: code.into(),
            description: error.to_string().into(),
            next: TryAgain::StartPage,
            request_id: page::request_id(origin),
        };
        let mut response = self.show_with(&refusal, status);
        note(&mut response, Refused::administration(code, &error), origin);
        response
    }

    /// What was wrong with a form, to be told at its fields: a conflict at `taken`. Anything else is answered with a page.
    #[expect(clippy::result_large_err, reason = "it is answered with at once, and rarely")]
    pub fn faults(
        &self,
        error: AdminError,
        taken: &str,
    ) -> Result<(Vec<FieldError>, StatusCode), HttpResponse> {
        let told = |field: &str, message: String| vec![FieldError { field: field.to_owned(), message }];
        match error {
            AdminError::Invalid(faults) => Ok((faults, StatusCode::BAD_REQUEST)),
            AdminError::Conflict(message) => Ok((told(taken, message), StatusCode::CONFLICT)),
            AdminError::Overtaken => Ok((told("overtaken", error.to_string()), StatusCode::CONFLICT)),
            error => Err(self.refused(error)),
        }
    }

    /// Takes over what administration answered.
    #[expect(clippy::result_large_err, reason = "it is answered with at once, and rarely")]
    pub fn taken<T>(&self, outcome: Result<T, AdminError>) -> Result<T, HttpResponse> {
        outcome.map_err(|error| self.refused(error))
    }
}

/// The path of a client's page, or of one below it.
pub fn path_of(client: &ClientId, page: Option<&str>) -> String {
    below(CLIENTS, std::iter::once(client.as_str()).chain(page))
}

/// A path below another one, whatever stands in its segments.
pub fn below<'a>(path: &str, segments: impl IntoIterator<Item = &'a str>) -> String {
    // Any base will do: its path is what is wanted.
    match Url::parse(&format!("http://localhost{path}")) {
        Ok(mut url) => {
            if let Ok(mut path) = url.path_segments_mut() {
                path.extend(segments);
            }
            url.path().to_owned()
        }
        Err(_) => path.to_owned(),
    }
}

/// A path with a query that is not empty.
pub fn next_page(path: &str, query: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("{path}?{query}")
}

/// A handler's answer, whichever it was.
pub fn either(answered: Answered) -> HttpResponse {
    answered.unwrap_or_else(|instead| instead)
}

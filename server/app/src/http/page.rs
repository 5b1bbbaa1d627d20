//! Answers for people: pages with the policy that keeps everything foreign out of them.

use super::State;
use super::answer::{RETRY, fresh, limited, no_store, retry_after};
use super::extract::{Unreadable, Viewer};
use super::refused::{Refused, note};
use crate::pages::{Page, Refusal, TryAgain, Wait, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, HeaderValue, LOCATION, VARY};
use signet_protocol::audit::Origin;
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::rate_limit::Limited;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// Own files only, and in no frame.
macro_rules! own_files_only {
    () => {
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    };
}

/// Where a page's forms may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posts {
    /// On this server.
    Here,
    /// Possibly at a client, or wherever that one sends the browser next. Browsers hold `form-action` against every
    /// redirect that follows a form, so no list could be right.
    ToClient,
}

impl Posts {
    /// The page's `Content-Security-Policy`.
    const fn policy(self) -> &'static str {
        match self {
            Self::Here => concat!(own_files_only!(), "; form-action 'self'"),
            Self::ToClient => own_files_only!(),
        }
    }
}

/// A page with status 200.
pub fn show<P: Page>(state: &State, viewer: &Viewer, page: &P, posts: Posts) -> HttpResponse {
    show_with(state, viewer, page, posts, StatusCode::OK)
}

/// A page.
pub fn show_with<P: Page>(
    state: &State,
    viewer: &Viewer,
    page: &P,
    posts: Posts,
    status: StatusCode,
) -> HttpResponse {
    let mut response = match state.pages.render(page, &viewer.language) {
        Ok(html) => fresh(status, HTML, html),
        Err(error) => {
            let mut response = fresh(StatusCode::INTERNAL_SERVER_ERROR, HTML, plain(&viewer.origin));
            let refused = Refused::new("server_error", Rule::ServerFailed, error.to_string());
            note(&mut response, refused, &viewer.origin);
            response
        }
    };
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(posts.policy()));
    if let Ok(language) = HeaderValue::from_str(viewer.language.tag()) {
        response.headers_mut().insert(CONTENT_LANGUAGE, language);
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-language"));
    response
}

/// What is shown if a template fails at a visitor after all.
fn plain(origin: &Origin) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><title>Error</title><main id=\"error\"><p id=\"error-code\">server_error</p>\
         <p id=\"error-description\">the page could not be made</p><p>{}</p></main></html>",
        request_id(origin)
    )
}

/// The request's id for the page; made by this server, so it needs no escaping.
pub fn request_id(origin: &Origin) -> String {
    origin.request_id.as_ref().map(|id| id.to_string()).unwrap_or_default()
}

/// Sends the browser on with a GET, whatever the method was (RFC 9110 §15.4.4; RFC 9700 §4.12 on why not 307).
pub fn redirect(state: &State, viewer: &Viewer, to: &str) -> HttpResponse {
    let Ok(location) = HeaderValue::from_str(to) else {
        let refusal = server_failed().because("the address to redirect to cannot stand in a header");
        return refuse(state, viewer, &refusal, TryAgain::TellTheApplication);
    };
    let mut response = HttpResponse::new(StatusCode::SEE_OTHER);
    response.headers_mut().insert(LOCATION, location);
    no_store(&mut response);
    response
}

/// The server failed: a refusal that tells the caller nothing.
pub fn server_failed() -> AuthorizeRefusal {
    AuthorizeRefusal::new(AuthorizeError::ServerError, Rule::ServerFailed, "the server failed to answer")
}

/// A refusal that may not be sent to a client (RFC 6749 §4.1.2.1). `next` is what the person can do unless it is up to
/// this server.
pub fn refuse(state: &State, viewer: &Viewer, refusal: &AuthorizeRefusal, next: TryAgain) -> HttpResponse {
    let status =
        StatusCode::from_u16(refusal.error.page_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let busy = status.is_server_error();
    let next = if busy { TryAgain::Later { wait: Wait(RETRY) } } else { next };
    let page = Refusal {
        title: title(refusal.error, &next),
        code: refusal.error.code().into(),
        description: refusal.description.into(),
        next,
        request_id: request_id(&viewer.origin),
    };
    let mut response = show_with(state, viewer, &page, Posts::Here, status);
    note(&mut response, Refused::authorization(refusal), &viewer.origin);
    if busy {
        retry_after(&mut response, RETRY);
    }
    response
}

/// A limit lets no more through.
pub fn too_often(state: &State, viewer: &Viewer, reached: &Limited) -> HttpResponse {
    let status = StatusCode::TOO_MANY_REQUESTS;
    let page = Refusal {
        title: Words("refusal-too-often"),
        code: "too_many_requests".into(),
        description: "this was done too often in a short time".into(),
        next: TryAgain::Later { wait: Wait(reached.retry_after) },
        request_id: request_id(&viewer.origin),
    };
    let mut response = show_with(state, viewer, &page, Posts::Here, status);
    note(&mut response, Refused::limited("too_many_requests", reached), &viewer.origin);
    limited(&mut response, reached);
    response
}

/// A request whose parameters cannot be read.
pub fn unreadable(state: &State, viewer: &Viewer, unreadable: Unreadable) -> HttpResponse {
    let (code, description) = ("invalid_request", unreadable.description());
    let page = Refusal {
        title: Words("refusal-unreadable"),
        code: code.into(),
        description: description.into(),
        next: TryAgain::TellTheApplication,
        request_id: request_id(&viewer.origin),
    };
    let mut response = show_with(state, viewer, &page, Posts::Here, unreadable.status());
    note(&mut response, Refused::new(code, Rule::RequestUnreadable, description), &viewer.origin);
    response
}

const fn title(error: AuthorizeError, next: &TryAgain) -> Words {
    match (error, next) {
        (AuthorizeError::ServerError, _) => Words("refusal-server-error"),
        (AuthorizeError::TemporarilyUnavailable, _) => Words("refusal-unavailable"),
        (AuthorizeError::AccessDenied, _) => Words("refusal-access-denied"),
        (_, TryAgain::StartOver { .. }) => Words("refusal-stale"),
        _ => Words("refusal-invalid-request"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_takes_nothing_foreign_and_stands_in_no_frame() {
        for posts in [Posts::Here, Posts::ToClient] {
            let policy = posts.policy();
            for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
                assert!(policy.split("; ").any(|part| part == directive), "{directive} in {policy}");
            }
            assert!(
                !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"),
                "{policy}"
            );
        }
    }

    #[test]
    fn only_forms_that_can_end_at_a_client_are_unrestricted() {
        assert!(Posts::Here.policy().ends_with("; form-action 'self'"));
        assert!(!Posts::ToClient.policy().contains("form-action"));
    }
}

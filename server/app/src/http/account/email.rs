//! A person wants another email address, or shows that the one they have is theirs.

use super::entrance::{Answered, enter};
use super::{EMAIL, OVERVIEW, overview};
use crate::http::answer::{limited, retry_after};
use crate::http::links::BUSY;
use crate::http::visitor::Visitor;
use crate::http::{State, page};
use crate::pages::account::{AccountEmail, EmailProblem, PendingChange};
use crate::pages::{AskProblem, Wait};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::rate_limit::Limited;
use signet_service::links::{Asked, NoChange, NotAsked, PendingEmailChange};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let visitor = enter(&request, &state, &EMAIL).await?;
        show(&visitor, String::new(), None).await
    };
    page.await.unwrap_or_else(|instead| instead)
}

/// `POST`: asks for a change, for its links once more, or gives it up.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    change(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn change(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &EMAIL).await?;
    let sent = visitor.sent(request, payload).await?;
    let (links, present, visit) = (&state.service.links, &visitor.present, visitor.browser.visit());
    if sent.fields.has("cancel") {
        let cancelled = links.cancel_change(present, visit.origin).await;
        cancelled.map_err(|error| visitor.unavailable(&error))?;
        return Ok(visitor.done("email-cancelled"));
    }
    let address = sent.fields.get("email").unwrap_or_default();
    let (asked, done) = if sent.fields.has("again") {
        (links.send_change_again(present, &visit).await, "email-again")
    } else {
        (links.ask_change(present, address, &visit).await, "email-asked")
    };
    let problem = match asked {
        Ok(()) => return Ok(visitor.done(done)),
        Err(NoChange::Overtaken) => return Ok(visitor.done("overtaken")),
        Err(NoChange::Store(error)) => return Err(visitor.unavailable(&error)),
        Err(NoChange::Same) => (EmailProblem::Same, StatusCode::BAD_REQUEST, None),
        Err(NoChange::NameStays) => (EmailProblem::NameStays, StatusCode::BAD_REQUEST, None),
        Err(NoChange::Domain) => (domain(state), StatusCode::BAD_REQUEST, None),
        Err(NoChange::NotAsked(not_asked)) => {
            let (problem, status, reached) = told(&visitor, not_asked)?;
            (EmailProblem::NotAsked { problem }, status, reached)
        }
    };
    show(&visitor, address.to_owned(), Some(problem)).await
}

fn domain(state: &State) -> EmailProblem {
    EmailProblem::Domain { domains: state.service.settings.live().registration_domains.join(", ") }
}

/// `POST` of the first page: sends a link by which the present address is verified.
pub async fn verify(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    send_link(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn send_link(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &OVERVIEW).await?;
    visitor.sent(request, payload).await?;
    let user = &visitor.present.user;
    if user.email_verified {
        return Ok(visitor.done("email-verified"));
    }
    match state.service.links.send_verification(user, &visitor.browser.visit()).await {
        Ok(Asked) => Ok(visitor.done("verify-sent")),
        Err(not_asked) => {
            let (problem, status, reached) = told(&visitor, not_asked)?;
            let page = overview::page(&visitor, Some(problem)).await?;
            Ok(answer(&visitor, &page, (status, reached)))
        }
    }
}

/// Why no link was sent, as the page says it.
#[expect(clippy::result_large_err, reason = "an answer either way")]
fn told(
    visitor: &Visitor<'_>,
    not_asked: NotAsked,
) -> Result<(AskProblem, StatusCode, Option<Limited>), HttpResponse> {
    Ok(match not_asked {
        NotAsked::Address => (AskProblem::Unfit, StatusCode::BAD_REQUEST, None),
        NotAsked::Busy => (AskProblem::Busy { wait: Wait(BUSY) }, StatusCode::SERVICE_UNAVAILABLE, None),
        NotAsked::Limited(reached) => {
            let wait = Wait(reached.retry_after);
            (AskProblem::Limited { wait }, StatusCode::TOO_MANY_REQUESTS, Some(reached))
        }
        NotAsked::Refused(refusal) => return Err(visitor.refuse(&refusal)),
    })
}

async fn show(
    visitor: &Visitor<'_>,
    typed: String,
    problem: Option<(EmailProblem, StatusCode, Option<Limited>)>,
) -> Answered {
    let links = &visitor.state.service.links;
    let found = links.pending_change(&visitor.present).await;
    let found = found.map_err(|error| visitor.unavailable(&error))?;
    let user = &visitor.present.user;
    let (problem, answered) = match problem {
        Some((problem, status, reached)) => (Some(problem), (status, reached)),
        None => (None, (StatusCode::OK, None)),
    };
    let page = AccountEmail {
        frame: visitor.frame(),
        form: visitor.form()?,
        email: user.email.clone(),
        email_verified: user.email_verified,
        offered: links.offers_reset(),
        typed,
        pending: found.map(|found| pending(visitor, found)),
        problem,
    };
    Ok(answer(visitor, &page, answered))
}

fn pending(visitor: &Visitor<'_>, found: PendingEmailChange) -> PendingChange {
    let PendingEmailChange { address, confirmed, approved, expires_at, .. } = found;
    PendingChange { address, confirmed, approved, until: visitor.times().show(expires_at) }
}

fn answer<P: crate::pages::Page>(
    visitor: &Visitor<'_>,
    page: &P,
    (status, reached): (StatusCode, Option<Limited>),
) -> HttpResponse {
    let viewer = visitor.browser.viewer();
    let mut response = page::show_with(visitor.state, viewer, page, page::Posts::Here, status);
    match &reached {
        Some(reached) => limited(&mut response, reached),
        None if status == StatusCode::SERVICE_UNAVAILABLE => retry_after(&mut response, BUSY),
        None => {}
    }
    response
}

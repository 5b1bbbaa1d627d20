//! A person changes their password.

use super::PASSWORD;
use super::entrance::{Answered, enter};
use crate::http::answer::retry_after;
use crate::http::visitor::Visitor;
use crate::http::{State, page};
use crate::pages::account::{AccountPassword, CurrentProblem};
use crate::pages::{ChoiceProblem, Wait};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::secret::Secret;
use signet_service::account::{PasswordForm, PasswordOutcome};
use signet_service::authorize::Cookies;

/// When to try again while passwords are looked at as fast as they can be, in seconds.
const BUSY: u32 = 5;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let visitor = enter(&request, &state, &PASSWORD).await?;
        show(&visitor, (None, None), (StatusCode::OK, None))
    };
    page.await.unwrap_or_else(|instead| instead)
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    change(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn change(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &PASSWORD).await?;
    let sent = visitor.sent(request, payload).await?;
    let field = |name| Secret::new(sent.fields.get(name).unwrap_or_default().to_owned());
    let form = PasswordForm { current: field("current"), new: field("password") };
    let changed =
        state.service.account.change_password(&visitor.present, form, &visitor.browser.visit()).await;
    let refused = (StatusCode::BAD_REQUEST, None);
    match changed.map_err(|why| visitor.not_done(&why))? {
        PasswordOutcome::Done { session } => {
            let mut response = visitor.done("password");
            let cookies = Cookies { session: Some(session), ..Cookies::default() };
            state.cookie_names().set(&mut response, &cookies);
            Ok(response)
        }
        PasswordOutcome::WrongCurrent => show(&visitor, (Some(CurrentProblem::Wrong), None), refused),
        PasswordOutcome::Faulty(faults) => {
            let faults = faults.into_iter().map(Into::into).collect();
            show(&visitor, (None, Some(ChoiceProblem { faults, ..ChoiceProblem::default() })), refused)
        }
        PasswordOutcome::Limited { retry_after: seconds } => {
            let limited = CurrentProblem::Limited { wait: Wait(seconds) };
            show(&visitor, (Some(limited), None), (StatusCode::TOO_MANY_REQUESTS, Some(seconds)))
        }
        PasswordOutcome::Busy => {
            let busy = ChoiceProblem { wait: Some(Wait(BUSY)), ..ChoiceProblem::default() };
            show(&visitor, (None, Some(busy)), (StatusCode::SERVICE_UNAVAILABLE, Some(BUSY)))
        }
        PasswordOutcome::Overtaken => Ok(visitor.done("overtaken")),
    }
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(
    visitor: &Visitor<'_>,
    (current, problem): (Option<CurrentProblem>, Option<ChoiceProblem>),
    (status, wait): (StatusCode, Option<u32>),
) -> Answered {
    let user = &visitor.present.user;
    let password = AccountPassword {
        frame: visitor.frame(),
        form: visitor.form()?,
        username: user.username.clone(),
        has_password: user.password_hash.is_some(),
        min_length: visitor.state.service.account.password_policy().min_length,
        current,
        problem,
    };
    let mut response =
        page::show_with(visitor.state, visitor.browser.viewer(), &password, page::Posts::Here, status);
    if let Some(seconds) = wait {
        retry_after(&mut response, seconds);
    }
    Ok(response)
}

//! Behind the glass: everything ends at once.

use super::entrance::{Administrator, either, enter};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleEmergency, ConsoleEverythingEnded, Count, problems};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::registration::FieldError;

pub const EMERGENCY: &str = "/console/emergency";

/// `GET`: asks, and says how much would end.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (EMERGENCY.to_owned(), true)).await?;
        show(&administrator, "", (&[], StatusCode::OK)).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    reason: &str,
    (faults, status): (&[FieldError], StatusCode),
) -> Answered {
    let state = administrator.state;
    let there = administrator.taken(state.service.admin.everything(&administrator.actor).await)?;
    let page = ConsoleEmergency {
        frame: administrator.frame(),
        form: administrator.form()?,
        sessions: Count::of(there.sessions),
        grants: Count::of(there.grants),
        word: word(state),
        reason: reason.to_owned(),
        problems: problems(faults),
    };
    Ok(administrator.show_with(&page, status))
}

/// What has to be typed: where this server is, so that nobody breaks another one's glass.
fn word(state: &State) -> String {
    let issuer = state.issuer.as_str();
    issuer.split_once("://").map_or(issuer, |(_, rest)| rest).to_owned()
}

/// `POST`: ends it.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(end(&request, payload, &state).await)
}

async fn end(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (EMERGENCY.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let reason = sent.fields.get("reason").unwrap_or_default().trim();
    if sent.fields.get("word").map(str::trim) != Some(&word(state)) {
        let message = "is not what was to be typed: nothing has ended".to_owned();
        let fault = FieldError { field: "word".to_owned(), message };
        return show(&administrator, reason, (&[fault], StatusCode::BAD_REQUEST)).await;
    }
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    match admin.end_everything(actor, reason.to_owned(), false).await {
        Ok(ended) => Ok(administrator.show(&ConsoleEverythingEnded {
            sessions: ended.sessions,
            grants: ended.grants,
            console_url: state.path(super::CONSOLE),
        })),
        Err(error) => {
            let (faults, status) = administrator.faults(error, "reason")?;
            show(&administrator, reason, (&faults, status)).await
        }
    }
}

//! Where a person is signed in.

use super::SESSIONS;
use super::entrance::{Answered, enter};
use crate::http::State;
use crate::http::visitor::Visitor;
use crate::pages::account::{AccountSessions, SessionLine};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::SessionId;
use signet_protocol::user_agent::Device;
use signet_service::account::OwnSession;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    list(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let visitor = enter(request, state, &SESSIONS).await?;
    let found = state.service.account.sessions(&visitor.present).await;
    let sessions = found.map_err(|error| visitor.unavailable(&error))?;
    let sessions = sessions.into_iter().map(|own| line(&visitor, own)).collect();
    Ok(visitor.show(&AccountSessions { frame: visitor.frame(), form: visitor.form()?, sessions }))
}

fn line(visitor: &Visitor<'_>, own: OwnSession) -> SessionLine {
    let device = own.user_agent.as_deref().map(Device::of).unwrap_or_default();
    SessionLine {
        here: own.session.sid == visitor.present.session.sid,
        sid: own.session.sid.to_string(),
        browser: device.browser,
        system: device.system,
        address: own.address,
        since: visitor.times().show(own.session.created_at),
        seen: visitor.times().show(own.session.last_seen_at),
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    end(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn end(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &SESSIONS).await?;
    let sent = visitor.sent(request, payload).await?;
    let (account, present) = (&state.service.account, &visitor.present);
    let origin = &visitor.browser.viewer().origin;
    if sent.fields.has("end_others") {
        let ended = account.end_other_sessions(present, origin).await;
        ended.map_err(|error| visitor.unavailable(&error))?;
        return Ok(visitor.done("sessions"));
    }
    let Some(sid) = sent.fields.get("end") else { return Err(visitor.no_choice()) };
    // Whether there was such a session or not: now there is none.
    let ended = account.end_session(present, SessionId::from(sid), origin).await;
    ended.map_err(|error| visitor.unavailable(&error))?;
    Ok(visitor.done("session"))
}

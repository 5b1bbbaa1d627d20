//! One event of the audit log: who, when, from where, what it changed, and the seal that holds it.

use super::AUDIT;
use super::entrance::{either, enter};
use super::parties::{Known, beside, event_line};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleEvent, Party, SealedBy, changes, other_fields};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use signet_service::admin::AdminError;
use std::slice;

/// `GET`.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    either(show(&request, &id, &state).await)
}

async fn show(request: &HttpRequest, id: &str, state: &State) -> Answered {
    let number: Option<i64> = id.parse().ok();
    // What is no number is no part of a path, either.
    let path = number.map_or_else(|| AUDIT.to_owned(), |number| format!("{AUDIT}/{number}"));
    let administrator = enter(request, state, (path, false)).await?;
    let number = administrator.taken(number.ok_or(AdminError::NotFound("event")))?;
    let found = administrator.taken(state.service.admin.event(&administrator.actor, number).await)?;
    let event = found.event;
    let known = Known::of(&administrator, slice::from_ref(&event)).await?;
    let around = |field, value: &Option<String>| {
        let url = |value: &String| Some(state.path(&beside(field, value)));
        value.as_ref().map(|value| Party { words: None, name: value.clone(), url: url(value) })
    };
    Ok(administrator.show(&ConsoleEvent {
        frame: administrator.frame(),
        id: event.id,
        line: event_line(&administrator, &event, &known),
        request: around("request", &event.request_id),
        address_url: event.address.as_ref().map(|address| state.path(&beside("address", address))),
        sid: around("sid", &event.sid),
        grant: around("grant", &event.grant_id),
        changes: changes(&event.details),
        fields: other_fields(&event.details),
        seal: found.seal.map(|seal| SealedBy {
            seq: seal.seq,
            at: administrator.times().show(seal.at),
            kid: seal.kid,
            unchanged: seal.unchanged,
        }),
        back_url: state.path(AUDIT),
    }))
}

//! What happened around a person's sign-in.

use super::HISTORY;
use super::entrance::{Answered, enter};
use crate::http::State;
use crate::pages::Times;
use crate::pages::account::{AccountHistory, EventLine, what_happened};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_service::account::Told;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    list(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let visitor = enter(request, state, &HISTORY).await?;
    let before = visitor.asked("before").and_then(|number| number.parse().ok());
    let found = state.service.account.history(&visitor.present, before).await;
    let page = found.map_err(|error| visitor.unavailable(&error))?;
    Ok(visitor.show(&AccountHistory {
        frame: visitor.frame(),
        events: page.events.into_iter().filter_map(|told| line(visitor.times(), told)).collect(),
        older_url: page.before.map(|before| format!("{}?before={before}", state.path(HISTORY.path))),
    }))
}

fn line(times: Times, told: Told) -> Option<EventLine> {
    let (what, warns) = what_happened(&told.name)?;
    let Told { at, address, application, count, .. } = told;
    Some(EventLine { what, warns, at: times.show(at), address, application, count })
}

//! The applications that a person let in.

use super::APPLICATIONS;
use super::entrance::{Answered, enter};
use crate::http::State;
use crate::http::visitor::Visitor;
use crate::pages::account::{AccountApplications, ApplicationLine};
use crate::pages::{WebLink, scope_lines};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::ClientId;
use signet_protocol::scope::Scope;
use signet_service::account::Connected;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    list(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let visitor = enter(request, state, &APPLICATIONS).await?;
    let found = state.service.account.applications(&visitor.present).await;
    let applications = found.map_err(|error| visitor.unavailable(&error))?;
    let applications = applications.into_iter().map(|connected| line(&visitor, connected)).collect();
    Ok(visitor.show(&AccountApplications { frame: visitor.frame(), form: visitor.form()?, applications }))
}

fn line(visitor: &Visitor<'_>, connected: Connected) -> ApplicationLine {
    let times = visitor.times();
    let client = &connected.client.client;
    ApplicationLine {
        client_id: client.client_id.to_string(),
        name: client.client_name.clone(),
        uri: client.client_uri.as_deref().and_then(WebLink::new),
        scopes: scope_lines(&connected.scope, &Scope::default(), &visitor.state.service.resources()),
        since: times.show(connected.since),
        last_used: connected.last_used.map(|at| times.show(at)),
        offline: connected.offline,
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    withdraw(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn withdraw(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &APPLICATIONS).await?;
    let sent = visitor.sent(request, payload).await?;
    let Some(client_id) = sent.fields.get("withdraw") else { return Err(visitor.no_choice()) };
    let origin = &visitor.browser.viewer().origin;
    let withdrawn = state.service.account.withdraw(&visitor.present, ClientId::from(client_id), origin).await;
    withdrawn.map_err(|error| visitor.unavailable(&error))?;
    Ok(visitor.done("withdrawn"))
}

//! A client's code flow, tried out in the administrator's own browser.

use super::entrance::{Administrator, either, enter, path_of};
use super::preview::{apis, ticked};
use crate::http::State;
use crate::http::outcome::{self, Arrival};
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleTrial, PreviewScope};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::authorize::request::Prompt;
use signet_protocol::client::Client;
use signet_protocol::id::{ClientId, ResourceId};
use signet_protocol::parameters::Parameters;
use signet_service::authorize::TrialRequest;

/// `GET`: asks for what.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let id = ClientId::new(id.into_inner());
    let page = async {
        let administrator = enter(&request, &state, (path_of(&id, Some("try")), false)).await?;
        let record = state.service.admin.triable_client(&administrator.actor, &id).await;
        show(&administrator, &administrator.taken(record)?.item.client)
    };
    either(page.await)
}

#[expect(clippy::result_large_err, reason = "it is answered with at once, and rarely")]
fn show(administrator: &Administrator<'_>, client: &Client) -> Answered {
    let state = administrator.state;
    let scope = |value: &str| PreviewScope { value: value.to_owned(), ticked: true };
    Ok(administrator.show(&ConsoleTrial {
        frame: administrator.frame(),
        form: administrator.form()?,
        name: client.client_name.clone(),
        redirect_uris: client.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
        scopes: client.scope.iter().map(scope).collect(),
        resources: apis(state, client),
        back_url: state.path(&path_of(&client.client_id, None)),
    }))
}

/// `POST`: the request as the application would send it.
pub async fn post(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    either(try_out(&request, &ClientId::new(id.into_inner()), payload, &state).await)
}

async fn try_out(request: &HttpRequest, id: &ClientId, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(id, Some("try")), false)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let client = administrator.taken(admin.triable_client(actor, id).await)?.item.client;
    let trial = asked(&sent.fields, &client);
    let browser = &administrator.browser;
    let whose = (&administrator.present, &browser.visit());
    let outcome = state.service.authorizations.try_out(id, trial, whose).await;
    Ok(outcome::show(state, browser.viewer(), outcome, Arrival::Request))
}

fn asked(fields: &Parameters, client: &Client) -> TrialRequest {
    TrialRequest {
        redirect_uri: fields.get("redirect_uri").unwrap_or_default().to_owned(),
        scope: ticked(client, |name| fields.has(name)).map(|scope| scope.to_string()).unwrap_or_default(),
        resource: fields.get("resource").map(ResourceId::new),
        prompt: fields.has("anew").then_some(Prompt::Login),
    }
}

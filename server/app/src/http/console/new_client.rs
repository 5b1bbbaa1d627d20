//! Registering a client: what it is, what it is called, and where it is.

use super::NEW_CLIENT;
use super::entrance::{Administrator, either, enter, path_of};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{
    ClientForm, ClientKind, ConsoleClientMade, ConsoleKinds, ConsoleNewClient, snippets,
};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::AdminError;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (NEW_CLIENT.to_owned(), true)).await?;
        let may = administrator.actor.must_have(Permission::ClientsWrite);
        administrator.taken(may.map_err(AdminError::from))?;
        let Some(kind) = administrator.asked("kind").and_then(ClientKind::named) else {
            let address = |kind: &ClientKind| format!("{}?kind={}", state.path(NEW_CLIENT), kind.as_str());
            let kinds = ClientKind::ALL.iter().map(|kind| kind.choice(address(kind))).collect();
            return Ok(administrator.show(&ConsoleKinds { frame: administrator.frame(), kinds }));
        };
        let form = ClientForm::empty(kind, &state.service.resources());
        show(&administrator, (kind, form), StatusCode::OK)
    };
    either(page.await)
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(
    administrator: &Administrator<'_>,
    (kind, fields): (ClientKind, ClientForm),
    status: StatusCode,
) -> Answered {
    let form = administrator.form()?.with("kind", kind.as_str());
    let page = ConsoleNewClient { frame: administrator.frame(), form, kind: kind.words(), fields };
    Ok(administrator.show_with(&page, status))
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(create(&request, payload, &state).await)
}

async fn create(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (NEW_CLIENT.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let Some(kind) = sent.fields.get("kind").and_then(ClientKind::named) else {
        return Err(administrator.no_choice());
    };
    let metadata = metadata(kind, &sent.fields);
    let made = state.service.admin.create_client(&administrator.actor, metadata, (None, false)).await;
    let made = match made {
        Ok(made) => made,
        Err(AdminError::Invalid(faults)) => {
            let fields = ClientForm::again(kind, &sent.fields, &faults, &state.service.resources());
            return show(&administrator, (kind, fields), StatusCode::BAD_REQUEST);
        }
        Err(AdminError::Conflict(message)) => {
            let taken = FieldError { field: "client_id".to_owned(), message };
            let fields = ClientForm::again(kind, &sent.fields, &[taken], &state.service.resources());
            return show(&administrator, (kind, fields), StatusCode::CONFLICT);
        }
        Err(error) => return Err(administrator.refused(error)),
    };
    let client = &made.record.item.client;
    Ok(administrator.show(&ConsoleClientMade {
        frame: administrator.frame(),
        name: client.client_name.clone(),
        client_id: client.client_id.to_string(),
        secret: made.secret.as_ref().map(|secret| secret.expose().clone()),
        url: state.path(&path_of(&client.client_id, None)),
        snippets: snippets(state.issuer.as_str(), client, &state.service.resources()),
    }))
}

/// What the form says, as the client's metadata, with what is safe for its kind.
fn metadata(kind: ClientKind, fields: &Parameters) -> Map<String, Value> {
    let mut metadata = kind.defaults();
    for name in ["client_id", "client_name"] {
        if let Some(value) = fields.get(name).map(str::trim).filter(|value| !value.is_empty()) {
            metadata.insert(name.to_owned(), json!(value));
        }
    }
    metadata.extend(lists(fields));
    metadata
}

/// The lists of a client's form: addresses a line each, and the scopes that are ticked.
pub fn lists(fields: &Parameters) -> Map<String, Value> {
    let mut lists = Map::new();
    for name in ["redirect_uris", "post_logout_redirect_uris"] {
        if let Some(text) = fields.get(name) {
            lists.insert(name.to_owned(), text.split_whitespace().collect());
        }
    }
    let scopes = fields.names().filter_map(|name| name.strip_prefix("scope:")).collect::<Vec<_>>();
    lists.insert("scope".to_owned(), json!(scopes.join(" ")));
    lists
}

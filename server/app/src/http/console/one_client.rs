//! One client: how it stands, what is to be said about it, and what can be done with it.

use super::CLIENTS;
use super::api_fields::claims;
use super::entrance::{Administrator, either, enter, path_of};
use super::new_client::lists;
use super::parties::history;
use super::seen::{changing, shown};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{
    Asked, ClientForm, ConsoleAsk, ConsoleClient, ConsoleSecret, SecretLine, Settings, lint_lines,
    mapping_lines, snippets,
};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use signet_protocol::client::GrantType;
use signet_protocol::id::ClientId;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_protocol::registration::lint::{lint, unknown_scopes};
use signet_service::admin::{AdminError, ClientRecord, Subject};

/// `GET`.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let id = ClientId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, None), false)).await?;
        let record = administrator.taken(state.service.admin.client(&administrator.actor, &id).await)?;
        let fields = ClientForm::of(&record.item.client, &state.service.resources(), trusts(&administrator));
        show(&administrator, &record, fields, StatusCode::OK).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    record: &ClientRecord,
    fields: ClientForm,
    status: StatusCode,
) -> Answered {
    let (state, times) = (administrator.state, administrator.times());
    let client = &record.item.client;
    let resources = state.service.resources();
    let writes = administrator.actor.permissions().has(Permission::ClientsWrite);
    let (frame, form) = administrator.to_change(Permission::ClientsWrite).await?;
    let below = |action| state.path(&path_of(&client.client_id, Some(action)));
    let secrets = record.item.secrets.iter().map(|secret| SecretLine {
        made: times.show(secret.created_at),
        expires: secret.expires_at.map(|at| times.show(at)),
        over: secret.expires_at.is_some_and(|at| at <= state.service.now()),
    });
    let form = form.map(|form| form.with("seen", shown(record.updated_at)));
    let only_seen = form.is_none() || fields.claims.is_none();
    let page = ConsoleClient {
        frame,
        name: client.client_name.clone(),
        client_id: client.client_id.to_string(),
        disabled: record.item.disabled,
        managed: record.managed_by.is_some(),
        settings: Settings::of(client),
        lints: lint_lines(
            &lint(&record.item, &resources, state.service.now()),
            &unknown_scopes(client, &resources),
        ),
        secrets: secrets.collect(),
        snippets: snippets(state.issuer.as_str(), client, &resources),
        form,
        fields,
        preview_url: below("preview"),
        try_url: (writes && client.may_use(GrantType::AuthorizationCode)).then(|| below("try")),
        secret_url: below("secret"),
        state_url: below("state"),
        remove_url: below("remove"),
        claims: (only_seen && !client.claims.is_empty()).then(|| mapping_lines(&client.claims)),
        history: history(administrator, &Subject::Client(client.client_id.clone())).await?,
    };
    Ok(administrator.show_with(&page, status))
}

/// `POST`: changes what the form on the page shows.
pub async fn post(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    either(change(&request, &ClientId::new(id.into_inner()), payload, &state).await)
}

async fn change(request: &HttpRequest, id: &ClientId, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(id, None), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let changed = match patch(&sent.fields, trusts(&administrator)) {
        Ok(patch) => admin.change_client(actor, id, patch, changing(&sent.fields)).await,
        Err(fault) => Err(AdminError::Invalid(vec![fault])),
    };
    let (faults, status) = match changed {
        Ok(_) => return Ok(administrator.redirect(&format!("{}?done=changed", path_of(id, None)))),
        Err(error) => administrator.faults(error, "overtaken")?,
    };
    let record = administrator.taken(admin.client(actor, id).await)?;
    let resources = state.service.resources();
    let around = (resources.as_slice(), trusts(&administrator));
    let fields = ClientForm::changed(&record.item.client, &sent.fields, &faults, around);
    show(&administrator, &record, fields, status).await
}

/// Whether this administrator may decide that people are not asked for consent, and what tokens say of them.
pub fn trusts(administrator: &Administrator<'_>) -> bool {
    administrator.actor.permissions().has(Permission::SettingsWrite)
}

fn patch(fields: &Parameters, trusts: bool) -> Result<Map<String, Value>, FieldError> {
    let mut patch = lists(fields);
    patch.insert("client_name".to_owned(), json!(fields.get("client_name").unwrap_or_default().trim()));
    if trusts {
        patch.insert("skip_consent".to_owned(), json!(fields.has("skip_consent")));
        patch.insert("claims".to_owned(), claims(fields)?);
    }
    Ok(patch)
}

/// `GET`: asks before something is done that cannot be undone, and names what is lost.
pub async fn ask(request: HttpRequest, path: Path<(String, String)>, state: Data<State>) -> HttpResponse {
    let page = async {
        let (id, action) = path.into_inner();
        let id = ClientId::new(id);
        let administrator = enter(&request, &state, (path_of(&id, Some(&action)), true)).await?;
        let may = administrator.actor.must_have(Permission::ClientsWrite);
        administrator.taken(may.map_err(AdminError::from))?;
        let record = administrator.taken(state.service.admin.client(&administrator.actor, &id).await)?;
        let seen = shown(record.updated_at);
        let asked =
            Asked::of_client(&action, record.item.disabled).ok_or_else(|| administrator.no_choice())?;
        Ok(administrator.show(&ConsoleAsk {
            frame: administrator.frame(),
            form: administrator.form()?.with("seen", seen),
            name: record.item.client.client_name,
            id: Some(id.to_string()),
            asked,
            back_url: state.path(&path_of(&id, None)),
        }))
    };
    either(page.await)
}

/// `POST`: does it.
pub async fn act(
    request: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let (id, action) = path.into_inner();
    either(do_it(&request, (&ClientId::new(id), &action), payload, &state).await)
}

async fn do_it(
    request: &HttpRequest,
    (id, action): (&ClientId, &str),
    payload: Payload,
    state: &State,
) -> Answered {
    let administrator = enter(request, state, (path_of(id, Some(action)), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let how = changing(&sent.fields);
    match action {
        "secret" => {
            let overlap = sent.fields.get("overlap").and_then(|text| text.parse().ok());
            let overlap = overlap.ok_or_else(|| administrator.no_choice())?;
            let shown = administrator.taken(admin.rotate_client_secret(actor, id, overlap).await)?;
            Ok(administrator.show(&ConsoleSecret {
                frame: administrator.frame(),
                name: shown.record.item.client.client_name.clone(),
                secret: shown.secret.expose().clone(),
                others_until: (overlap > 0).then(|| administrator.times().show(shown.others_expire_at)),
                url: state.path(&path_of(id, None)),
            }))
        }
        "remove" => {
            administrator.taken(admin.remove_client(actor, id, how).await)?;
            Ok(administrator.redirect(&format!("{CLIENTS}?done=removed")))
        }
        _ => {
            let disable = sent.fields.get("do") == Some("disable");
            let patch = Map::from_iter([("disabled".to_owned(), json!(disable))]);
            administrator.taken(admin.change_client(actor, id, patch, how).await)?;
            let word = if disable { "disabled" } else { "enabled" };
            Ok(administrator.redirect(&format!("{}?done={word}", path_of(id, None))))
        }
    }
}

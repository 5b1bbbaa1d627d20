//! One API: how it stands, what it becomes, and its end.

use super::APIS;
use super::api_fields::patch;
use super::entrance::{Administrator, below, either, enter};
use super::one_client::trusts;
use super::seen::{changing, shown};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ApiForm, ConsoleApi, ConsoleAskApi, FirstOf, LosingLine, mapping_lines};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value};
use signet_protocol::id::ResourceId;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, Changing, LosingClient, ResourceRecord};

/// `GET`.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let id = ResourceId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, None), false)).await?;
        let record = administrator.taken(state.service.admin.resource(&administrator.actor, &id).await)?;
        let fields = ApiForm::of(&record.item, trusts(&administrator));
        show(&administrator, &record, (fields, FirstOf::default()), StatusCode::OK).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    record: &ResourceRecord,
    (fields, losing): (ApiForm, FirstOf<LosingLine>),
    status: StatusCode,
) -> Answered {
    let (state, api) = (administrator.state, &record.item);
    let (frame, form) = administrator.to_change(Permission::ResourcesWrite).await?;
    let form = form.map(|form| form.with("seen", shown(record.updated_at)));
    let only_seen = form.is_none() || fields.claims.is_none();
    let page = ConsoleApi {
        frame,
        identifier: api.identifier.to_string(),
        managed: record.managed_by.is_some(),
        claims: (only_seen && !api.claims.is_empty()).then(|| mapping_lines(&api.claims)),
        form,
        fields,
        losing,
        remove_url: state.path(&path_of(&api.identifier, Some("remove"))),
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
    either(change(&request, &ResourceId::new(id.into_inner()), payload, &state).await)
}

/// Whoever would take scopes away from clients is told first, and agrees.
async fn change(request: &HttpRequest, id: &ResourceId, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(id, None), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let record = administrator.taken(admin.resource(actor, id).await)?;
    let outcome = match patch(&sent.fields, &record.item, trusts(&administrator)) {
        Ok(wanted) => change_as_agreed(&administrator, id, wanted, &sent.fields).await,
        Err(fault) => Err(AdminError::Invalid(vec![fault])),
    };
    let (faults, losing, status) = match outcome {
        Ok(losing) if losing.is_empty() => {
            return Ok(administrator.redirect(&format!("{}?done=changed", path_of(id, None))));
        }
        Ok(losing) => (Vec::new(), losing, StatusCode::OK),
        Err(error) => {
            let (faults, status) = administrator.faults(error, "overtaken")?;
            (faults, Vec::new(), status)
        }
    };
    let losing = FirstOf::of(losing, LosingLine::from);
    let fields = ApiForm::again(&sent.fields, &faults, trusts(&administrator));
    show(&administrator, &record, (fields, losing), status).await
}

/// Changes it, unless clients would lose scopes by that and nobody agreed: then it tells who they are.
async fn change_as_agreed(
    administrator: &Administrator<'_>,
    id: &ResourceId,
    wanted: Map<String, Value>,
    fields: &Parameters,
) -> Result<Vec<LosingClient>, AdminError> {
    let (admin, actor) = (&administrator.state.service.admin, &administrator.actor);
    let how = changing(fields);
    if !fields.has("agreed") {
        let trial = Changing { dry_run: true, ..how };
        let (_, losing) = admin.change_resource(actor, id, wanted.clone(), trial).await?;
        if !losing.is_empty() {
            return Ok(losing);
        }
    }
    admin.change_resource(actor, id, wanted, how).await.map(|_| Vec::new())
}

/// `GET`: asks before an API is removed.
pub async fn ask(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let id = ResourceId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, Some("remove")), true)).await?;
        let (admin, actor) = (&state.service.admin, &administrator.actor);
        let record = administrator.taken(admin.resource(actor, &id).await)?;
        let trial = Changing { seen: None, dry_run: true };
        let losing = administrator.taken(admin.delete_resource(actor, &id, trial).await)?;
        Ok(administrator.show(&ConsoleAskApi {
            frame: administrator.frame(),
            form: administrator.form()?.with("seen", shown(record.updated_at)),
            identifier: id.to_string(),
            losing: FirstOf::of(losing, LosingLine::from),
            back_url: state.path(&path_of(&id, None)),
        }))
    };
    either(page.await)
}

/// `POST`: removes it.
pub async fn remove(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let page = async {
        let id = ResourceId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, Some("remove")), true)).await?;
        let sent = administrator.sent(&request, payload).await?;
        let how = changing(&sent.fields);
        let removed = state.service.admin.delete_resource(&administrator.actor, &id, how).await;
        administrator.taken(removed)?;
        Ok(administrator.redirect(&format!("{APIS}?done=api-removed")))
    };
    either(page.await)
}

fn path_of(id: &ResourceId, page: Option<&str>) -> String {
    below(APIS, std::iter::once(id.as_str()).chain(page))
}

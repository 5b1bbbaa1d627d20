//! One API: how it stands, what it becomes, and its end.

use super::APIS;
use super::api_fields::patch;
use super::entrance::{Administrator, below, either, enter};
use super::one_client::seen;
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ApiForm, ConsoleApi, ConsoleAskApi, LosingLine};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::ResourceId;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::{AdminError, Changing, ResourceRecord};

/// `GET`.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let id = ResourceId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, None), false)).await?;
        let record = administrator.taken(state.service.admin.resource(&administrator.actor, &id).await)?;
        let fields = ApiForm::of(&record.item);
        show(&administrator, &record, (fields, Vec::new()), StatusCode::OK).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    record: &ResourceRecord,
    (fields, losing): (ApiForm, Vec<LosingLine>),
    status: StatusCode,
) -> Answered {
    let (state, api) = (administrator.state, &record.item);
    let (frame, form) = administrator.to_change(Permission::ResourcesWrite).await?;
    let form = form.map(|form| form.with("seen", record.updated_at.timestamp_millis().to_string()));
    let claims = (!api.claims.is_empty()).then(|| serde_json::to_string_pretty(&api.claims));
    let page = ConsoleApi {
        frame,
        identifier: api.identifier.to_string(),
        managed: record.managed_by.is_some(),
        claims: claims.and_then(Result::ok),
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
    let wanted = patch(&sent.fields, &record.item);
    let how = Changing { seen: Some(seen(&sent.fields)), dry_run: !sent.fields.has("agreed") };
    let outcome = match admin.change_resource(actor, id, wanted.clone(), how).await {
        Ok((_, losing)) if how.dry_run && losing.is_empty() => {
            let how = Changing { dry_run: false, ..how };
            admin.change_resource(actor, id, wanted, how).await.map(|_| Vec::new())
        }
        Ok((_, losing)) if how.dry_run => Ok(losing),
        other => other.map(|_| Vec::new()),
    };
    let (faults, losing, status) = match outcome {
        Ok(losing) if losing.is_empty() => {
            return Ok(administrator.redirect(&format!("{}?done=changed", path_of(id, None))));
        }
        Ok(losing) => (Vec::new(), losing, StatusCode::OK),
        Err(AdminError::Invalid(faults)) => (faults, Vec::new(), StatusCode::BAD_REQUEST),
        Err(AdminError::Overtaken) => {
            let message = AdminError::Overtaken.to_string();
            let overtaken = FieldError { field: "overtaken".to_owned(), message };
            (vec![overtaken], Vec::new(), StatusCode::CONFLICT)
        }
        Err(error) => return Err(administrator.refused(error)),
    };
    let losing = losing.into_iter().map(LosingLine::from).collect();
    let fields = ApiForm::again(&sent.fields, &faults);
    show(&administrator, &record, (fields, losing), status).await
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
            form: administrator.form()?.with("seen", record.updated_at.timestamp_millis().to_string()),
            identifier: id.to_string(),
            losing: losing.into_iter().map(LosingLine::from).collect(),
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
        let how = Changing { seen: Some(seen(&sent.fields)), dry_run: false };
        let removed = state.service.admin.delete_resource(&administrator.actor, &id, how).await;
        administrator.taken(removed)?;
        Ok(administrator.redirect(&format!("{APIS}?done=api-removed")))
    };
    either(page.await)
}

fn path_of(id: &ResourceId, page: Option<&str>) -> String {
    below(APIS, std::iter::once(id.as_str()).chain(page))
}

//! The list of APIs, and making one.

use super::api_fields::metadata;
use super::entrance::{Administrator, below, either, enter};
use super::{APIS, NEW_API};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ApiForm, ApiLine, ConsoleApis, ConsoleNewApi};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::{AdminError, ByName, PageRequest, ResourceRecord};
use url::form_urlencoded;

/// How many APIs one page shows.
const ROWS: u64 = 50;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (APIS.to_owned(), false)).await?;
    let wanted = PageRequest {
        sort: ByName::Name,
        descending: false,
        cursor: administrator.asked("cursor").map(str::to_owned),
        limit: Some(ROWS),
    };
    let page = administrator.taken(state.service.admin.resources(&administrator.actor, &wanted).await)?;
    let writes = administrator.actor.permissions().has(Permission::ResourcesWrite);
    let further = |cursor: String| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("cursor", &cursor).finish();
        state.path(&format!("{APIS}?{query}"))
    };
    Ok(administrator.show(&ConsoleApis {
        frame: administrator.frame(),
        apis: page.items.iter().map(|record| line(&administrator, record)).collect(),
        next_url: page.next_cursor.map(further),
        new_url: writes.then(|| state.path(NEW_API)),
    }))
}

fn line(administrator: &Administrator<'_>, record: &ResourceRecord) -> ApiLine {
    let api = &record.item;
    ApiLine {
        url: administrator.state.path(&below(APIS, [api.identifier.as_str()])),
        identifier: api.identifier.to_string(),
        scopes: api.scopes.clone(),
        alg: api.signing_alg.as_str(),
        changed: administrator.times().show(record.updated_at),
    }
}

/// `GET`: asks what the API is.
pub async fn begin(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (NEW_API.to_owned(), true)).await?;
        let may = administrator.actor.must_have(Permission::ResourcesWrite);
        administrator.taken(may.map_err(AdminError::from))?;
        show(&administrator, ApiForm::empty(), StatusCode::OK)
    };
    either(page.await)
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(administrator: &Administrator<'_>, fields: ApiForm, status: StatusCode) -> Answered {
    let page = ConsoleNewApi { frame: administrator.frame(), form: administrator.form()?, fields };
    Ok(administrator.show_with(&page, status))
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(create(&request, payload, &state).await)
}

async fn create(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (NEW_API.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let mut metadata = metadata(&sent.fields);
    let identifier = sent.fields.get("identifier").unwrap_or_default().trim();
    metadata.insert("identifier".to_owned(), identifier.into());
    let made = state.service.admin.create_resource(&administrator.actor, metadata, (None, false)).await;
    let (faults, status) = match made {
        Ok(record) => {
            let page = below(APIS, [record.item.identifier.as_str()]);
            return Ok(administrator.redirect(&format!("{page}?done=changed")));
        }
        Err(AdminError::Invalid(faults)) => (faults, StatusCode::BAD_REQUEST),
        Err(AdminError::Conflict(message)) => {
            (vec![FieldError { field: "identifier".to_owned(), message }], StatusCode::CONFLICT)
        }
        Err(error) => return Err(administrator.refused(error)),
    };
    show(&administrator, ApiForm::again(&sent.fields, &faults, false), status)
}

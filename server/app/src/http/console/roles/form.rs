//! Making a role, and changing what it lets do.

use super::{NEW_ROLE, ROLES, changeable, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::console::seen::{changing, shown};
use crate::http::console::users::text;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleRoleForm, PermissionChoice, RoleFields, problems};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::{AdminError, RoleRecord};

/// `GET` for a new one.
pub async fn get_new(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (NEW_ROLE.to_owned(), true)).await?;
        let may = administrator.actor.must_have(Permission::RolesWrite);
        administrator.taken(may.map_err(AdminError::from))?;
        show(&administrator, (&Parameters::default(), None), (&[], StatusCode::OK))
    };
    either(page.await)
}

/// `POST` for a new one.
pub async fn post_new(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(make(&request, payload, &state).await)
}

async fn make(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (NEW_ROLE.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let mut role = patch(&sent.fields);
    role.insert("name".to_owned(), json!(sent.fields.get("name").unwrap_or_default().trim()));
    match state.service.admin.create_role(&administrator.actor, role, (None, false)).await {
        Ok(made) => Ok(administrator.redirect(&format!("{}?done=changed", path_of(&made.item.name, None)))),
        Err(error) => {
            let (faults, status) = administrator.faults(error, "name")?;
            show(&administrator, (&sent.fields, None), (&faults, status))
        }
    }
}

/// `GET` for one that there is.
pub async fn get(request: HttpRequest, name: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (path_of(&name, Some("edit")), true)).await?;
        let role = changeable(&administrator, &name).await?;
        show(&administrator, (&Parameters::default(), Some(role)), (&[], StatusCode::OK))
    };
    either(page.await)
}

/// `POST` for one that there is.
pub async fn post(
    request: HttpRequest,
    name: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    either(change(&request, &name, payload, &state).await)
}

async fn change(request: &HttpRequest, name: &str, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(name, Some("edit")), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let how = changing(&sent.fields);
    let changed = state.service.admin.change_role(&administrator.actor, name, patch(&sent.fields), how).await;
    match changed {
        Ok(_) => Ok(administrator.redirect(&format!("{}?done=changed", path_of(name, None)))),
        Err(error) => {
            let (faults, status) = administrator.faults(error, "permissions")?;
            let role = changeable(&administrator, name).await?;
            show(&administrator, (&sent.fields, Some(role)), (&faults, status))
        }
    }
}

/// The form: as it was sent where something was wrong, else as the role is.
#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(
    administrator: &Administrator<'_>,
    (sent, role): (&Parameters, Option<RoleRecord>),
    (faults, status): (&[FieldError], StatusCode),
) -> Answered {
    let state = administrator.state;
    let form = administrator.form()?;
    let (form, back_url) = match &role {
        Some(role) => {
            (form.with("seen", shown(role.updated_at)), state.path(&path_of(&role.item.name, None)))
        }
        None => (form, state.path(ROLES)),
    };
    let is_new = role.is_none();
    let fields = match role {
        Some(role) if faults.is_empty() => RoleFields::of(role.item),
        Some(role) => RoleFields { name: role.item.name, ..RoleFields::again(sent) },
        None => RoleFields::again(sent),
    };
    let page = ConsoleRoleForm {
        frame: administrator.frame(),
        form,
        is_new,
        permissions: PermissionChoice::all(administrator.actor.permissions(), &fields.permissions),
        fields,
        problems: problems(faults),
        back_url,
    };
    Ok(administrator.show_with(&page, status))
}

fn patch(fields: &Parameters) -> Map<String, Value> {
    let permissions: Vec<_> = fields.names().filter_map(|name| name.strip_prefix("permission:")).collect();
    let second_factor = if fields.has("second_factor") { json!("required") } else { Value::Null };
    [
        ("description", text(fields, "description")),
        ("client_id", text(fields, "client_id")),
        ("second_factor", second_factor),
        ("permissions", json!(permissions)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

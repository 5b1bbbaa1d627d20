//! Making a group, and changing what it gives.

use super::{NEW_GROUP, changeable, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::console::seen::{changing, shown};
use crate::http::console::users::{text, ticked};
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleGroupForm, RoleChoice, problems};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::{AdminError, GroupRecord, OfferedRole};

/// `GET` for a new one.
pub async fn get_new(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (NEW_GROUP.to_owned(), true)).await?;
        let may = administrator.actor.must_have(Permission::GroupsWrite);
        administrator.taken(may.map_err(AdminError::from))?;
        blank(&administrator, &Parameters::default(), (&[], StatusCode::OK)).await
    };
    either(page.await)
}

/// `POST` for a new one.
pub async fn post_new(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(make(&request, payload, &state).await)
}

async fn make(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (NEW_GROUP.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let mut group = fields(&sent.fields, &[], &[]);
    group.insert("name".to_owned(), json!(sent.fields.get("name").unwrap_or_default().trim()));
    match state.service.admin.create_group(&administrator.actor, group, (None, false)).await {
        Ok(made) => Ok(administrator.redirect(&format!("{}?done=changed", path_of(&made.item.name, None)))),
        Err(error) => {
            let (faults, status) = administrator.faults(error, "name")?;
            blank(&administrator, &sent.fields, (&faults, status)).await
        }
    }
}

async fn blank(
    administrator: &Administrator<'_>,
    sent: &Parameters,
    (faults, status): (&[FieldError], StatusCode),
) -> Answered {
    let offered = administrator.state.service.admin.offered_roles(&administrator.actor).await;
    let page = ConsoleGroupForm {
        frame: administrator.frame(),
        form: administrator.form()?,
        is_new: true,
        name: sent.get("name").unwrap_or_default().to_owned(),
        description: sent.get("description").unwrap_or_default().to_owned(),
        roles: RoleChoice::all(administrator.taken(offered)?, |name| sent.has(&format!("role:{name}"))),
        problems: problems(faults),
        back_url: administrator.state.path(super::GROUPS),
    };
    Ok(administrator.show_with(&page, status))
}

/// `GET` for one that there is.
pub async fn get(request: HttpRequest, name: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (path_of(&name, Some("edit")), true)).await?;
        let known = changeable(&administrator, &name).await?;
        show(&administrator, known, (&[], StatusCode::OK))
    };
    either(page.await)
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(
    administrator: &Administrator<'_>,
    (record, offered): (GroupRecord, Vec<OfferedRole>),
    (faults, status): (&[FieldError], StatusCode),
) -> Answered {
    let group = record.item;
    let page = ConsoleGroupForm {
        frame: administrator.frame(),
        form: administrator.form()?.with("seen", shown(record.updated_at)),
        is_new: false,
        description: group.description.unwrap_or_default(),
        roles: RoleChoice::all(offered, |name| group.roles.iter().any(|given| given == name)),
        problems: problems(faults),
        back_url: administrator.state.path(&path_of(&group.name, None)),
        name: group.name,
    };
    Ok(administrator.show_with(&page, status))
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
    let (record, offered) = changeable(&administrator, name).await?;
    let patch = fields(&sent.fields, &record.item.roles, &offered);
    let how = changing(&sent.fields);
    match state.service.admin.change_group(&administrator.actor, name, patch, how).await {
        Ok(_) => Ok(administrator.redirect(&format!("{}?done=changed", path_of(name, None)))),
        Err(error) => {
            let (faults, status) = administrator.faults(error, "roles")?;
            show(&administrator, changeable(&administrator, name).await?, (&faults, status))
        }
    }
}

fn fields(sent: &Parameters, held: &[String], offered: &[OfferedRole]) -> Map<String, Value> {
    let description = ("description".to_owned(), text(sent, "description"));
    Map::from_iter([description, ("roles".to_owned(), json!(ticked(sent, held, offered)))])
}

//! The roles that are somebody's own.

use super::{changeable, path_of, ticked};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::console::seen::{changing, shown};
use crate::http::outcome::display_name;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleUserRoles, problems};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, json};
use signet_protocol::id::UserId;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::UserRecord;

/// `GET`.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let id = UserId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, Some("roles")), true)).await?;
        let record = changeable(&administrator, &id, Permission::UsersWrite).await?.record;
        show(&administrator, &record, (&[], StatusCode::OK)).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    record: &UserRecord,
    (faults, status): (&[FieldError], StatusCode),
) -> Answered {
    let user = &record.item.user;
    let page = ConsoleUserRoles {
        frame: administrator.frame(),
        form: administrator.form()?.with("seen", shown(record.updated_at)),
        name: display_name(user).to_owned(),
        roles: super::role_choices(administrator, |name| user.roles.iter().any(|own| own == name)).await?,
        problems: problems(faults),
        back_url: administrator.state.path(&path_of(&user.id, None)),
    };
    Ok(administrator.show_with(&page, status))
}

/// `POST`.
pub async fn post(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    either(change(&request, &UserId::new(id.into_inner()), payload, &state).await)
}

async fn change(request: &HttpRequest, id: &UserId, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(id, Some("roles")), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let record = changeable(&administrator, id, Permission::UsersWrite).await?.record;
    let offered = administrator.taken(admin.offered_roles(actor).await)?;
    let roles = ticked(&sent.fields, &record.item.user.roles, &offered);
    let patch = Map::from_iter([("roles".to_owned(), json!(roles))]);
    let how = changing(&sent.fields);
    let (faults, status) = match admin.edit_user(actor, id, patch, how).await {
        Ok(_) => return Ok(administrator.redirect(&format!("{}?done=changed", path_of(id, None)))),
        Err(error) => administrator.faults(error, "roles")?,
    };
    let record = changeable(&administrator, id, Permission::UsersWrite).await?.record;
    show(&administrator, &record, (&faults, status)).await
}

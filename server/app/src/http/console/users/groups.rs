//! The groups that somebody is in.

use super::{changeable, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::outcome::display_name;
use crate::http::visitor::Answered;
use crate::pages::console::ConsoleUserGroups;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::UserId;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, PageRequest};

/// So many groups are suggested; a name can be typed, too.
const SUGGESTED: u64 = 200;

/// `GET`.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let id = UserId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, Some("groups")), true)).await?;
        show(&administrator, &id, (false, StatusCode::OK)).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    id: &UserId,
    (unknown, status): (bool, StatusCode),
) -> Answered {
    let standing = changeable(administrator, id, Permission::GroupsWrite).await?;
    let groups = standing.held.groups;
    let wanted = PageRequest { limit: Some(SUGGESTED), ..PageRequest::default() };
    let page = administrator.state.service.admin.groups(&administrator.actor, &wanted).await;
    let all = administrator.taken(page)?.items.into_iter().map(|record| record.item.name);
    let page = ConsoleUserGroups {
        frame: administrator.frame(),
        form: administrator.form()?,
        name: display_name(&standing.record.item.user).to_owned(),
        others: all.filter(|name| !groups.contains(name)).collect(),
        groups,
        unknown,
        back_url: administrator.state.path(&path_of(id, None)),
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
    let administrator = enter(request, state, (path_of(id, Some("groups")), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let moved = match (sent.fields.get("leave"), sent.fields.get("join")) {
        // Who is not in it any more has left it.
        (Some(name), _) => match admin.leave_group(actor, name, id).await {
            Err(AdminError::NotFound("member")) => Ok(()),
            moved => moved,
        },
        (None, Some(name)) => admin.join_group(actor, name.trim(), id).await,
        (None, None) => return Err(administrator.no_choice()),
    };
    match moved {
        Ok(()) => Ok(administrator.redirect(&format!("{}?done=changed", path_of(id, Some("groups"))))),
        Err(AdminError::NotFound("group")) => show(&administrator, id, (true, StatusCode::NOT_FOUND)).await,
        Err(error) => Err(administrator.refused(error)),
    }
}

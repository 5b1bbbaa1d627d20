//! Removing a role.

use super::{ROLES, changeable, path_of};
use crate::http::State;
use crate::http::console::entrance::{either, enter};
use crate::http::console::seen::{changing, shown};
use crate::http::visitor::Answered;
use crate::pages::console::{Asked, ConsoleAsk};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

/// `GET`: asks.
pub async fn get(request: HttpRequest, name: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (path_of(&name, Some("remove")), true)).await?;
        let role = changeable(&administrator, &name).await?;
        Ok(administrator.show(&ConsoleAsk {
            frame: administrator.frame(),
            form: administrator.form()?.with("seen", shown(role.updated_at)),
            name: role.item.name,
            id: None,
            asked: Asked::REMOVE_ROLE,
            back_url: state.path(&path_of(&name, None)),
        }))
    };
    either(page.await)
}

/// `POST`: does it.
pub async fn post(
    request: HttpRequest,
    name: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    either(act(&request, &name, payload, &state).await)
}

async fn act(request: &HttpRequest, name: &str, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(name, Some("remove")), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let how = changing(&sent.fields);
    administrator.taken(state.service.admin.delete_role(&administrator.actor, name, how).await)?;
    Ok(administrator.redirect(&format!("{ROLES}?done=role-removed")))
}

//! Putting somebody into a group, and taking somebody out.

use super::{changeable, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::visitor::Answered;
use crate::pages::console::ConsoleMembers;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::UserId;
use signet_service::admin::AdminError;

/// `GET`. `who` names somebody to be taken out; without it, the page asks who is to come in.
pub async fn get(request: HttpRequest, name: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (path_of(&name, Some("members")), true)).await?;
        changeable(&administrator, &name).await?;
        show(&administrator, &name, (false, StatusCode::OK)).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    name: &str,
    (unknown, status): (bool, StatusCode),
) -> Answered {
    let (state, actor) = (administrator.state, &administrator.actor);
    let leaving = match administrator.asked("who") {
        Some(id) => Some(administrator.taken(state.service.admin.user(actor, &UserId::new(id)).await)?),
        None => None,
    };
    let form = administrator.form()?;
    let (form, leaving) = match leaving {
        Some(record) => {
            (form.with("leave", record.item.user.id.to_string()), Some(record.item.user.username))
        }
        None => (form, None),
    };
    let page = ConsoleMembers {
        frame: administrator.frame(),
        form,
        name: name.to_owned(),
        leaving,
        unknown,
        back_url: state.path(&path_of(name, None)),
    };
    Ok(administrator.show_with(&page, status))
}

/// `POST`.
pub async fn post(
    request: HttpRequest,
    name: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    either(change(&request, &name, payload, &state).await)
}

async fn change(request: &HttpRequest, name: &str, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(name, Some("members")), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let moved = if let Some(id) = sent.fields.get("leave") {
        match admin.leave_group(actor, name, &UserId::new(id)).await {
            // Who is not in it any more has left it.
            Err(AdminError::NotFound("member")) => Ok(()),
            moved => moved,
        }
    } else if let Some(login) = sent.fields.get("join") {
        match admin.user_by_login(actor, login.trim()).await {
            Ok(record) => admin.join_group(actor, name, &record.item.user.id).await,
            Err(AdminError::NotFound("user")) => {
                return show(&administrator, name, (true, StatusCode::NOT_FOUND)).await;
            }
            Err(error) => Err(error),
        }
    } else {
        return Err(administrator.no_choice());
    };
    administrator.taken(moved)?;
    Ok(administrator.redirect(&format!("{}?done=changed", path_of(name, None))))
}

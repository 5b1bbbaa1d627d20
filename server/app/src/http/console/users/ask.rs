//! What is done to somebody after asking once.

use super::{changeable, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::console::seen::{changing, seen, shown};
use crate::http::outcome::display_name;
use crate::http::visitor::Answered;
use crate::pages::Words;
use crate::pages::console::{Asked, ConsoleAsk, ConsoleLink};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, json};
use signet_protocol::id::{GrantId, PasskeyId, SessionId, UserId};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, Standing, TakenAway};

/// The authenticator app among the factors; any other name is a passkey's.
const APP: &str = "totp";

/// `GET`: asks, and names what is lost. `which` names one factor, session or grant; without it all are meant.
pub async fn get(request: HttpRequest, path: Path<(String, String)>, state: Data<State>) -> HttpResponse {
    let page = async {
        let (id, action) = path.into_inner();
        let id = UserId::new(id);
        let administrator = enter(&request, &state, (path_of(&id, Some(&action)), true)).await?;
        let record = permitted(&administrator, &id, &action).await?.record;
        let which = administrator.asked("which");
        administrator.taken(theirs(&administrator, (&id, &action), which, Gone::Missing).await)?;
        let asked = Asked::of_user(&action, record.item.user.disabled, which.is_none());
        let form = administrator.form()?.with("seen", shown(record.updated_at));
        let form = match which {
            Some(which) => form.with("which", which),
            None => form,
        };
        Ok(administrator.show(&ConsoleAsk {
            frame: administrator.frame(),
            form,
            name: display_name(&record.item.user).to_owned(),
            id: Some(record.item.user.username),
            asked: asked.ok_or_else(|| administrator.no_choice())?,
            back_url: state.path(&path_of(&id, None)),
        }))
    };
    either(page.await)
}

/// Asks nobody who may not do it anyway.
async fn permitted(
    administrator: &Administrator<'_>,
    id: &UserId,
    action: &str,
) -> Result<Standing, HttpResponse> {
    let needed: &[Permission] = match action {
        "unlock" => &[Permission::LimitsWrite],
        "sessions" => &[Permission::SessionsWrite],
        "grants" => &[Permission::GrantsWrite],
        "end-all" => &[Permission::SessionsWrite, Permission::GrantsWrite],
        _ => return changeable(administrator, id, Permission::UsersWrite).await,
    };
    for permission in needed {
        administrator.taken(administrator.actor.must_have(*permission).map_err(AdminError::from))?;
    }
    administrator.taken(administrator.state.service.admin.standing(&administrator.actor, id).await)
}

/// `POST`: does it.
pub async fn post(
    request: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let (id, action) = path.into_inner();
    either(act(&request, (&UserId::new(id), &action), payload, &state).await)
}

async fn act(
    request: &HttpRequest,
    (id, action): (&UserId, &str),
    payload: Payload,
    state: &State,
) -> Answered {
    let administrator = enter(request, state, (path_of(id, Some(action)), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let done = match action {
        "password" => return reset(&administrator, id, &sent.fields).await,
        "unlock" => state.service.admin.unlock_user(&administrator.actor, id).await.map(|()| "unlocked"),
        "state" => able(&administrator, id, &sent.fields).await,
        "end-all" => state.service.admin.end_everything_of(&administrator.actor, id).await.map(|()| "ended"),
        "remove" => {
            let how = changing(&sent.fields);
            administrator.taken(state.service.admin.erase_user(&administrator.actor, id, how).await)?;
            return Ok(administrator.redirect(&format!("{}?done=user-removed", super::USERS)));
        }
        _ => end(&administrator, (id, action), sent.fields.get("which")).await,
    };
    let word = administrator.taken(done)?;
    Ok(administrator.redirect(&format!("{}?done={word}", path_of(id, None))))
}

async fn reset(administrator: &Administrator<'_>, id: &UserId, fields: &Parameters) -> Answered {
    let (state, actor) = (administrator.state, &administrator.actor);
    let reset = state.service.admin.reset_password(actor, id, Some(seen(fields))).await;
    let reset = administrator.taken(reset)?;
    let Some(link) = reset.link else {
        return Ok(administrator.redirect(&format!("{}?done=reset", path_of(id, None))));
    };
    let record = administrator.taken(state.service.admin.user(actor, id).await)?;
    Ok(administrator.show(&ConsoleLink {
        frame: administrator.frame(),
        heading: Words("link-password"),
        name: display_name(&record.item.user).to_owned(),
        link: link.expose().clone(),
        count: reset.minutes,
        unit: "minutes",
        url: state.path(&path_of(id, None)),
    }))
}

async fn able(
    administrator: &Administrator<'_>,
    id: &UserId,
    fields: &Parameters,
) -> Result<&'static str, AdminError> {
    let disable = fields.get("do") == Some("disable");
    let patch = Map::from_iter([("disabled".to_owned(), json!(disable))]);
    let how = changing(fields);
    administrator.state.service.admin.edit_user(&administrator.actor, id, patch, how).await?;
    Ok(if disable { "user-disabled" } else { "user-enabled" })
}

/// Ends or takes away one thing of somebody's, or all of its kind.
async fn end(
    administrator: &Administrator<'_>,
    (id, action): (&UserId, &str),
    which: Option<&str>,
) -> Result<&'static str, AdminError> {
    theirs(administrator, (id, action), which, Gone::Fine).await?;
    let (admin, actor) = (&administrator.state.service.admin, &administrator.actor);
    match (action, which) {
        ("factors", which) => {
            let what = match which {
                None => TakenAway::All,
                Some(APP) => TakenAway::App,
                Some(passkey) => TakenAway::Passkey(PasskeyId::new(passkey)),
            };
            gone(admin.take_factors(actor, id, what).await, "factor").map(|()| "factor")
        }
        ("sessions", Some(sid)) => {
            gone(admin.end_session(actor, SessionId::new(sid)).await, "session").map(|()| "session")
        }
        ("sessions", None) => admin.end_sessions_of(actor, id).await.map(|_| "sessions"),
        (_, Some(grant)) => {
            gone(admin.end_grant(actor, GrantId::new(grant)).await, "grant").map(|()| "grant")
        }
        (_, None) => admin.end_grants_of(actor, id).await.map(|_| "grants"),
    }
}

/// What is to be said of a session or grant that is there no more.
#[derive(PartialEq)]
enum Gone {
    /// There is nothing to ask about.
    Missing,
    /// It is as it was to become.
    Fine,
}

/// Refuses a session or grant that is somebody else's: at this person's address there is none such.
async fn theirs(
    administrator: &Administrator<'_>,
    (id, action): (&UserId, &str),
    which: Option<&str>,
    gone: Gone,
) -> Result<(), AdminError> {
    let (admin, actor) = (&administrator.state.service.admin, &administrator.actor);
    let (owner, what) = match (action, which) {
        ("sessions", Some(sid)) => (admin.session_owner(actor, &SessionId::new(sid)).await?, "session"),
        ("grants", Some(grant)) => (admin.grant_owner(actor, &GrantId::new(grant)).await?, "grant"),
        _ => return Ok(()),
    };
    let fits = owner.map_or(gone == Gone::Fine, |owner| owner == *id);
    fits.then_some(()).ok_or(AdminError::NotFound(what))
}

/// Whether it was there or not: now it is gone.
fn gone(ended: Result<(), AdminError>, what: &str) -> Result<(), AdminError> {
    match ended {
        Err(AdminError::NotFound(missing)) if missing == what => Ok(()),
        ended => ended,
    }
}

//! Everybody's sessions.

use super::entrance::{Administrator, either, enter, next_page};
use super::users;
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleSessions, SessionOf};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, OwnSession, PageRequest, SessionFilter, SessionSort};
use std::collections::BTreeMap;

pub const SESSIONS: &str = "/console/sessions";

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (SESSIONS.to_owned(), false)).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    administrator.taken(actor.must_have(Permission::SessionsRead).map_err(AdminError::from))?;
    let asked = |name: &str| administrator.asked(name).unwrap_or_default().trim().to_owned();
    let [user, client] = ["user", "client"].map(asked);
    let user_id = match user.is_empty() {
        true => None,
        // Nobody of this name is signed in anywhere.
        false => match admin.user_by_login(actor, &user).await {
            Err(AdminError::NotFound(_)) => Some(UserId::new("")),
            known => Some(administrator.taken(known)?.item.user.id),
        },
    };
    let client_id = Some(client.as_str()).filter(|client| !client.is_empty()).map(ClientId::new);
    let filter = SessionFilter { user_id, client_id };
    let cursor = administrator.asked("cursor").map(str::to_owned);
    let wanted = PageRequest { sort: SessionSort, descending: true, cursor, limit: None };
    let page = administrator.taken(admin.sessions(actor, &filter, &wanted).await)?;
    let people = page.items.iter().map(|own| own.session.user_id.clone());
    let names = users::names(&administrator, people.collect()).await?;
    let further = |cursor: String| {
        let query = [("user", user.as_str()), ("client", &client), ("cursor", &cursor)];
        state.path(&next_page(SESSIONS, &query))
    };
    let next_url = page.next_cursor.map(further);
    let has = |permission| actor.permissions().has(permission);
    Ok(administrator.show(&ConsoleSessions {
        frame: administrator.frame(),
        action: state.path(SESSIONS),
        by_user: has(Permission::UsersRead),
        by_client: has(Permission::GrantsRead),
        may_end: has(Permission::SessionsWrite) && has(Permission::UsersRead),
        sessions: page.items.into_iter().map(|own| line(&administrator, own, &names)).collect(),
        next_url,
        user,
        client,
    }))
}

fn line(administrator: &Administrator<'_>, own: OwnSession, names: &BTreeMap<UserId, String>) -> SessionOf {
    let id = own.session.user_id.clone();
    SessionOf {
        base: administrator.state.path(&users::path_of(&id, None)),
        username: names.get(&id).cloned(),
        user_id: id.to_string(),
        session: users::session_line(administrator, own),
    }
}

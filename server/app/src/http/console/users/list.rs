//! The list of people.

use super::{NEW_USER, USERS, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter, next_page};
use crate::http::outcome::display_name;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleUsers, UserLine};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::Permission;
use signet_service::admin::{PageRequest, UserFilter, UserRecord, UserSort};

/// How many people one page shows.
const ROWS: u64 = 50;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (USERS.to_owned(), false)).await?;
    let asked = |name: &str| administrator.asked(name).unwrap_or_default().trim().to_owned();
    let [search, role, account] = ["search", "role", "state"].map(asked);
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let disabled = match account.as_str() {
        "active" => Some(false),
        "disabled" => Some(true),
        _ => None,
    };
    let filter = UserFilter { search: given(&search), disabled, role: given(&role) };
    let wanted = PageRequest {
        sort: UserSort::Username,
        descending: false,
        cursor: administrator.asked("cursor").map(str::to_owned),
        limit: Some(ROWS),
    };
    let admin = &state.service.admin;
    let page = administrator.taken(admin.users(&administrator.actor, &filter, &wanted).await)?;
    let roles = administrator.taken(admin.offered_roles(&administrator.actor).await)?;
    let writes = administrator.actor.permissions().has(Permission::UsersWrite);
    let further = |cursor: String| {
        let pairs = [("search", search.as_str()), ("role", &role), ("state", &account), ("cursor", &cursor)];
        state.path(&next_page(USERS, &pairs))
    };
    Ok(administrator.show(&ConsoleUsers {
        frame: administrator.frame(),
        action: state.path(USERS),
        users: page.items.iter().map(|record| line(&administrator, record)).collect(),
        next_url: page.next_cursor.map(further),
        new_url: writes.then(|| state.path(NEW_USER)),
        roles: roles.into_iter().map(|role| role.name).collect(),
        state: account,
        search,
        role,
    }))
}

fn line(administrator: &Administrator<'_>, record: &UserRecord) -> UserLine {
    let user = &record.item.user;
    UserLine {
        url: administrator.state.path(&path_of(&user.id, None)),
        name: display_name(user).to_owned(),
        username: user.username.clone(),
        email: user.email.clone(),
        roles: user.roles.clone(),
        disabled: user.disabled,
        leaving: record.item.deletes_at.is_some(),
        changed: administrator.times().show(record.updated_at),
    }
}

//! The list of groups.

use super::{GROUPS, NEW_GROUP, path_of};
use crate::http::State;
use crate::http::console::entrance::{either, enter, next_page};
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleGroups, GroupLine};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::Permission;
use signet_service::admin::{GroupRecord, PageRequest};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (GROUPS.to_owned(), false)).await?;
    let wanted =
        PageRequest { cursor: administrator.asked("cursor").map(str::to_owned), ..PageRequest::default() };
    let page = administrator.taken(state.service.admin.groups(&administrator.actor, &wanted).await)?;
    let line = |record: GroupRecord| GroupLine {
        url: state.path(&path_of(&record.item.name, None)),
        name: record.item.name,
        description: record.item.description,
        roles: record.item.roles,
    };
    let writes = administrator.actor.permissions().has(Permission::GroupsWrite);
    Ok(administrator.show(&ConsoleGroups {
        frame: administrator.frame(),
        groups: page.items.into_iter().map(line).collect(),
        next_url: page.next_cursor.map(|cursor| state.path(&next_page(GROUPS, &[("cursor", &cursor)]))),
        new_url: writes.then(|| state.path(NEW_GROUP)),
    }))
}

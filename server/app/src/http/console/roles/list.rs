//! The list of roles.

use super::{NEW_ROLE, ROLES, path_of};
use crate::http::State;
use crate::http::console::entrance::{either, enter, next_page};
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleRoles, RoleLine, role_title};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::{BuiltIn, Permission};
use signet_service::admin::{PageRequest, RoleRecord};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (ROLES.to_owned(), false)).await?;
    let cursor = administrator.asked("cursor").map(str::to_owned);
    // Those that are built in stand before the first page of the others.
    let built_in = if cursor.is_none() { BuiltIn::ALL.as_slice() } else { &[] };
    let wanted = PageRequest { cursor, ..PageRequest::default() };
    let page = administrator.taken(state.service.admin.roles(&administrator.actor, &wanted).await)?;
    let url = |name: &str| state.path(&path_of(name, None));
    let line = |record: RoleRecord| RoleLine {
        url: url(&record.item.name),
        title: None,
        client_id: record.item.client_id.as_ref().map(ToString::to_string),
        administers: !record.item.permissions.is_empty(),
        second_factor: record.item.demands_a_second_factor(),
        name: record.item.name,
        description: record.item.description,
    };
    let mut roles: Vec<_> = built_in
        .iter()
        .map(|role| RoleLine {
            url: url(role.name()),
            name: role.name().to_owned(),
            title: role_title(role.name()),
            description: None,
            client_id: None,
            administers: true,
            second_factor: false,
        })
        .collect();
    roles.extend(page.items.into_iter().map(line));
    let writes = administrator.actor.permissions().has(Permission::RolesWrite);
    Ok(administrator.show(&ConsoleRoles {
        frame: administrator.frame(),
        roles,
        next_url: page.next_cursor.map(|cursor| state.path(&next_page(ROLES, &[("cursor", &cursor)]))),
        new_url: writes.then(|| state.path(NEW_ROLE)),
    }))
}

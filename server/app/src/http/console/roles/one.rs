//! One role, in words.

use super::{forbidden, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter, next_page};
use crate::http::console::users::USERS;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleRole, permission_words, role_title};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::{BuiltIn, Permission};
use signet_service::admin::{AdminError, Forbidden, RoleRecord};

/// `GET`.
pub async fn get(request: HttpRequest, name: Path<String>, state: Data<State>) -> HttpResponse {
    either(show(&request, &name, &state).await)
}

async fn show(request: &HttpRequest, name: &str, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(name, None), false)).await?;
    let page = match BuiltIn::named(name) {
        Some(role) => {
            let may = administrator.actor.must_have(Permission::RolesRead);
            administrator.taken(may.map_err(AdminError::from))?;
            built_in(&administrator, role)
        }
        None => {
            let role = state.service.admin.role(&administrator.actor, name).await;
            declared(&administrator, administrator.taken(role)?)
        }
    };
    Ok(administrator.show(&page))
}

fn built_in(administrator: &Administrator<'_>, role: BuiltIn) -> ConsoleRole {
    ConsoleRole {
        frame: administrator.frame(),
        base: administrator.state.path(&path_of(role.name(), None)),
        name: role.name().to_owned(),
        title: role_title(role.name()),
        description: None,
        built_in: true,
        managed: false,
        client_id: None,
        second_factor: false,
        permissions: role.permissions().iter().map(permission_words).collect(),
        may_change: false,
        above: None,
        holders_url: holders(administrator, role.name()),
    }
}

fn declared(administrator: &Administrator<'_>, record: RoleRecord) -> ConsoleRole {
    let forbidden = forbidden(administrator, &record);
    let second_factor = record.item.demands_a_second_factor();
    let role = record.item;
    ConsoleRole {
        frame: administrator.frame(),
        base: administrator.state.path(&path_of(&role.name, None)),
        title: None,
        built_in: false,
        managed: record.managed_by.is_some(),
        client_id: role.client_id.map(|id| id.to_string()),
        second_factor,
        permissions: role.permissions.into_iter().map(permission_words).collect(),
        may_change: forbidden.is_none(),
        above: match forbidden {
            Some(Forbidden::Above(permission)) => Some(permission_words(permission)),
            _ => None,
        },
        holders_url: holders(administrator, &role.name),
        name: role.name,
        description: role.description,
    }
}

/// Where those are listed who hold it themselves.
fn holders(administrator: &Administrator<'_>, role: &str) -> Option<String> {
    let sees = administrator.actor.permissions().has(Permission::UsersRead);
    sees.then(|| administrator.state.path(&next_page(USERS, &[("role", role)])))
}

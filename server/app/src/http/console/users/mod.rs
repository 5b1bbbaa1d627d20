//! People.

mod ask;
mod edit;
mod groups;
mod list;
mod new;
mod one;
mod roles;

pub use one::session_line;

use super::entrance::{Administrator, below};
use crate::http::routes::{get, get_only, resource};
use crate::pages::console::{MayDo, RoleChoice};
use actix_web::HttpResponse;
use actix_web::web;
use serde_json::{Map, Value, json};
use signet_protocol::id::UserId;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, Forbidden, OfferedRole, Standing};
use std::collections::{BTreeMap, BTreeSet};

pub const USERS: &str = "/console/users";
pub const NEW_USER: &str = "/console/new-user";

/// The routes; `at` puts the issuer's path before them.
pub fn configure(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    let both = "GET, HEAD, POST";
    let page = |path: &str| resource(at(path), both);
    config
        .service(get_only(at(USERS)).route(get().to(list::get)))
        .service(page(NEW_USER).route(get().to(new::get)).route(web::post().to(new::post)))
        .service(get_only(at("/console/users/{user_id}")).route(get().to(one::get)))
        .service(
            page("/console/users/{user_id}/edit")
                .route(get().to(edit::get))
                .route(web::post().to(edit::post)),
        )
        .service(
            page("/console/users/{user_id}/roles")
                .route(get().to(roles::get))
                .route(web::post().to(roles::post)),
        )
        .service(
            page("/console/users/{user_id}/groups")
                .route(get().to(groups::get))
                .route(web::post().to(groups::post)),
        )
        .service(
            page("/console/users/{user_id}/{action:password|unlock|state|end-all|remove|factors|sessions|grants}")
                .route(get().to(ask::get))
                .route(web::post().to(ask::post)),
        );
}

/// The path of somebody's page, or of one below it.
pub fn path_of(id: &UserId, page: Option<&str>) -> String {
    below(USERS, std::iter::once(id.as_str()).chain(page))
}

/// What an administrator may do with somebody.
fn may_do(administrator: &Administrator<'_>, standing: &Standing) -> MayDo {
    let has = |permission| administrator.actor.permissions().has(permission);
    let reaches = standing.above.is_none();
    MayDo {
        change: has(Permission::UsersWrite) && reaches,
        group: has(Permission::GroupsWrite) && reaches,
        unlock: has(Permission::LimitsWrite),
        end_sessions: has(Permission::SessionsWrite),
        end_grants: has(Permission::GrantsWrite),
    }
}

/// Somebody whom this administrator may change, and has the permission for it.
async fn changeable(
    administrator: &Administrator<'_>,
    id: &UserId,
    permission: Permission,
) -> Result<Standing, HttpResponse> {
    administrator.taken(administrator.actor.must_have(permission).map_err(AdminError::from))?;
    let standing = administrator.state.service.admin.standing(&administrator.actor, id).await;
    let standing = administrator.taken(standing)?;
    match standing.above {
        None => Ok(standing),
        Some(above) => Err(administrator.refused(Forbidden::Above(above).into())),
    }
}

/// What these people sign in with; nothing, if this administrator may not see people.
pub async fn names(
    administrator: &Administrator<'_>,
    ids: BTreeSet<UserId>,
) -> Result<BTreeMap<UserId, String>, HttpResponse> {
    if !administrator.actor.permissions().has(Permission::UsersRead) {
        return Ok(BTreeMap::new());
    }
    administrator.taken(administrator.state.service.admin.usernames(&administrator.actor, ids).await)
}

/// The roles to tick.
async fn role_choices(
    administrator: &Administrator<'_>,
    ticked: impl Fn(&str) -> bool,
) -> Result<Vec<RoleChoice>, HttpResponse> {
    let roles =
        administrator.taken(administrator.state.service.admin.offered_roles(&administrator.actor).await)?;
    Ok(RoleChoice::all(roles, ticked))
}

/// The roles that are ticked, and those of `held` that this administrator could not have taken away.
pub fn ticked(fields: &Parameters, held: &[String], offered: &[OfferedRole]) -> Vec<String> {
    let could = |name: &String| offered.iter().any(|role| role.name == *name && role.givable);
    let mut roles: Vec<String> = held.iter().filter(|name| !could(name)).cloned().collect();
    for name in fields.names().filter_map(|name| name.strip_prefix("role:")) {
        if !roles.iter().any(|known| known == name) {
            roles.push(name.to_owned());
        }
    }
    roles
}

/// A field of a form, without space around it; empty: null.
pub fn text(fields: &Parameters, name: &str) -> Value {
    match fields.get(name).map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => json!(text),
        None => Value::Null,
    }
}

/// Fields of a form under their names.
fn texts<'a>(fields: &Parameters, names: impl IntoIterator<Item = &'a str>) -> Map<String, Value> {
    names.into_iter().map(|name| (name.to_owned(), text(fields, name))).collect()
}

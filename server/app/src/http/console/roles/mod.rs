//! Roles: those that are built in, and those that are made here or declared.

mod form;
mod list;
mod one;
mod remove;

use super::entrance::{Administrator, below};
use crate::http::routes::{get, get_only, resource};
use actix_web::HttpResponse;
use actix_web::web;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, Forbidden, RoleRecord};

pub const ROLES: &str = "/console/roles";
pub const NEW_ROLE: &str = "/console/new-role";

/// The routes; `at` puts the issuer's path before them.
pub fn configure(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    let page = |path: &str| resource(at(path), "GET, HEAD, POST");
    config
        .service(get_only(at(ROLES)).route(get().to(list::get)))
        .service(page(NEW_ROLE).route(get().to(form::get_new)).route(web::post().to(form::post_new)))
        .service(get_only(at("/console/roles/{name}")).route(get().to(one::get)))
        .service(
            page("/console/roles/{name}/edit").route(get().to(form::get)).route(web::post().to(form::post)),
        )
        .service(
            page("/console/roles/{name}/remove")
                .route(get().to(remove::get))
                .route(web::post().to(remove::post)),
        );
}

/// The path of a role's page, or of one below it.
pub fn path_of(name: &str, page: Option<&str>) -> String {
    below(ROLES, std::iter::once(name).chain(page))
}

/// Why an administrator may not change a role; none: they may.
fn forbidden(administrator: &Administrator<'_>, role: &RoleRecord) -> Option<Forbidden> {
    let actor = &administrator.actor;
    let covered = actor
        .must_have(Permission::RolesWrite)
        .and_then(|()| actor.must_cover(role.item.permissions.iter().copied().collect()));
    covered.err()
}

/// A role that this administrator may change.
async fn changeable(administrator: &Administrator<'_>, name: &str) -> Result<RoleRecord, HttpResponse> {
    let (admin, actor) = (&administrator.state.service.admin, &administrator.actor);
    administrator.taken(actor.must_have(Permission::RolesWrite).map_err(AdminError::from))?;
    let role = administrator.taken(admin.role(actor, name).await)?;
    match forbidden(administrator, &role) {
        None => Ok(role),
        Some(why) => Err(administrator.refused(why.into())),
    }
}

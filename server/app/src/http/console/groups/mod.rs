//! Groups, and who is in them.

mod form;
mod list;
mod members;
mod one;
mod remove;

use super::entrance::{Administrator, below};
use crate::http::routes::{get, get_only, resource};
use actix_web::HttpResponse;
use actix_web::web;
use signet_protocol::permission::{Permission, Permissions};
use signet_service::admin::{AdminError, GroupRecord, OfferedRole};

pub const GROUPS: &str = "/console/groups";
pub const NEW_GROUP: &str = "/console/new-group";

/// The routes; `at` puts the issuer's path before them.
pub fn configure(config: &mut web::ServiceConfig, at: &impl Fn(&str) -> String) {
    let page = |path: &str| resource(at(path), "GET, HEAD, POST");
    config
        .service(get_only(at(GROUPS)).route(get().to(list::get)))
        .service(page(NEW_GROUP).route(get().to(form::get_new)).route(web::post().to(form::post_new)))
        .service(get_only(at("/console/groups/{name}")).route(get().to(one::get)))
        .service(
            page("/console/groups/{name}/edit").route(get().to(form::get)).route(web::post().to(form::post)),
        )
        .service(
            page("/console/groups/{name}/members")
                .route(get().to(members::get))
                .route(web::post().to(members::post)),
        )
        .service(
            page("/console/groups/{name}/remove")
                .route(get().to(remove::get))
                .route(web::post().to(remove::post)),
        );
}

/// The path of a group's page, or of one below it.
pub fn path_of(name: &str, page: Option<&str>) -> String {
    below(GROUPS, std::iter::once(name).chain(page))
}

/// What whoever is in a group may do by it, and this administrator may not.
fn above(
    administrator: &Administrator<'_>,
    group: &GroupRecord,
    offered: &[OfferedRole],
) -> Option<Permission> {
    let given = offered.iter().filter(|role| group.item.roles.contains(&role.name));
    let reach = given.fold(Permissions::NONE, |all, role| all.and(role.permissions));
    reach.iter().find(|permission| !administrator.actor.permissions().has(*permission))
}

/// A group that this administrator may change.
async fn changeable(
    administrator: &Administrator<'_>,
    name: &str,
) -> Result<(GroupRecord, Vec<OfferedRole>), HttpResponse> {
    let (admin, actor) = (&administrator.state.service.admin, &administrator.actor);
    administrator.taken(actor.must_have(Permission::GroupsWrite).map_err(AdminError::from))?;
    let group = administrator.taken(admin.group(actor, name).await)?;
    let offered = administrator.taken(admin.offered_roles(actor).await)?;
    match above(administrator, &group, &offered) {
        None => Ok((group, offered)),
        Some(above) => Err(administrator.refused(signet_service::admin::Forbidden::Above(above).into())),
    }
}

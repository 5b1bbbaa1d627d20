//! One group: what it gives, and who is in it.

use super::{above, path_of};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter, next_page};
use crate::http::console::users;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleGroup, HeldRole, MemberLine, permission_words, role_title};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::Permission;
use signet_service::admin::{GroupMember, PageRequest};

/// `GET`.
pub async fn get(request: HttpRequest, name: Path<String>, state: Data<State>) -> HttpResponse {
    either(show(&request, &name, &state).await)
}

async fn show(request: &HttpRequest, name: &str, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(name, None), false)).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let group = administrator.taken(admin.group(actor, name).await)?;
    let offered = administrator.taken(admin.offered_roles(actor).await)?;
    let above = above(&administrator, &group, &offered);
    let (members, next_url) = members(&administrator, name).await?;
    let role = |name: &String| HeldRole { title: role_title(name), name: name.clone(), group: None };
    Ok(administrator.show(&ConsoleGroup {
        frame: administrator.frame(),
        base: state.path(&path_of(name, None)),
        name: name.to_owned(),
        may_change: actor.permissions().has(Permission::GroupsWrite) && above.is_none(),
        above: above.map(permission_words),
        managed: group.managed_by.is_some(),
        roles: group.item.roles.iter().map(role).collect(),
        description: group.item.description,
        members,
        next_url,
    }))
}

/// A page of those who are in it, and where the next one is; none: this administrator may not see people.
async fn members(
    administrator: &Administrator<'_>,
    name: &str,
) -> Result<(Option<Vec<MemberLine>>, Option<String>), HttpResponse> {
    if !administrator.actor.permissions().has(Permission::UsersRead) {
        return Ok((None, None));
    }
    let state = administrator.state;
    let cursor = administrator.asked("cursor").map(str::to_owned);
    let wanted = PageRequest { cursor, ..PageRequest::default() };
    let page = state.service.admin.group_members(&administrator.actor, name, &wanted).await;
    let page = administrator.taken(page)?;
    let line = |member: GroupMember| MemberLine {
        url: state.path(&users::path_of(&member.id, None)),
        id: member.id.to_string(),
        username: member.username,
    };
    let next =
        page.next_cursor.map(|cursor| state.path(&next_page(&path_of(name, None), &[("cursor", &cursor)])));
    Ok((Some(page.items.into_iter().map(line).collect()), next))
}

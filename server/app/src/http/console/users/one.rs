//! One person: how their account stands, what they hold, and where they are signed in.

use super::{may_do, path_of};
use crate::http::State;
use crate::http::console::entrance::{self, Administrator, either, enter};
use crate::http::console::parties::history;
use crate::http::outcome::display_name;
use crate::http::visitor::Answered;
use crate::pages::account::{AppLine, PasskeyLine, SessionLine};
use crate::pages::console::{
    ConsoleUser, FactorLines, GrantLine, GroupLink, HeldRole, UserFacts, attribute_lines, permission_words,
    role_title,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::grant::Grant;
use signet_protocol::id::UserId;
use signet_protocol::permission::Permission;
use signet_protocol::role::Through;
use signet_protocol::user_agent::Device;
use signet_service::admin::{
    GrantFilter, GrantSort, KnownFactors, OwnSession, PageRequest, SessionFilter, SessionSort, Standing,
    Subject, UserRecord,
};

/// How many sessions and how many grants the page shows, the latest first; the lists of all have the rest.
const ROWS: u64 = 50;

/// `GET`.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    either(show(&request, &UserId::new(id.into_inner()), &state).await)
}

async fn show(request: &HttpRequest, id: &UserId, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(id, None), false)).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let standing = administrator.taken(admin.standing(actor, id).await)?;
    let factors = administrator.taken(admin.user_factors(actor, id).await)?;
    let page = ConsoleUser {
        frame: administrator.frame(),
        base: state.path(&path_of(id, None)),
        name: display_name(&standing.record.item.user).to_owned(),
        facts: facts(&administrator, &standing.record),
        may: may_do(&administrator, &standing),
        above: standing.above.map(permission_words),
        roles: held(&standing),
        groups: groups(&administrator, &standing),
        factors: factor_lines(&administrator, factors),
        sessions: sessions(&administrator, id).await?,
        grants: grants(&administrator, id).await?,
        history: history(&administrator, &Subject::User(id.clone())).await?,
    };
    Ok(administrator.show(&page))
}

fn facts(administrator: &Administrator<'_>, record: &UserRecord) -> UserFacts {
    let (times, user) = (administrator.times(), &record.item.user);
    UserFacts {
        id: user.id.to_string(),
        username: user.username.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified,
        has_password: user.password_hash.is_some(),
        disabled: user.disabled,
        managed: record.managed_by.is_some(),
        deletes: record.item.deletes_at.map(|at| times.show(at)),
        created: times.show(record.created_at),
        changed: times.show(record.updated_at),
        attributes: attribute_lines(&user.profile.attributes),
    }
}

fn held(standing: &Standing) -> Vec<HeldRole> {
    let role = |(name, through): (&String, &Through)| HeldRole {
        name: name.clone(),
        title: role_title(name),
        group: match through {
            Through::Own => None,
            Through::Group(group) => Some(group.clone()),
        },
    };
    standing.held.roles.iter().map(role).collect()
}

fn groups(administrator: &Administrator<'_>, standing: &Standing) -> Vec<GroupLink> {
    let sees = administrator.actor.permissions().has(Permission::GroupsRead);
    let link = |name: &String| GroupLink {
        name: name.clone(),
        url: sees.then(|| administrator.state.path(&crate::http::console::groups::path_of(name, None))),
    };
    standing.held.groups.iter().map(link).collect()
}

fn factor_lines(administrator: &Administrator<'_>, known: KnownFactors) -> FactorLines {
    let times = administrator.times();
    let passkeys = known.passkeys.into_iter().map(|passkey| PasskeyLine {
        id: passkey.id.to_string(),
        name: Some(passkey.name).filter(|name| !name.is_empty()),
        synchronised: passkey.synchronised,
        since: times.show(passkey.created_at),
        last_used: passkey.last_used_at.map(|at| times.show(at)),
    });
    FactorLines {
        app: known.app.map(|(since, used)| AppLine {
            since: times.show(since),
            last_used: used.map(|at| times.show(at)),
        }),
        passkeys: passkeys.collect(),
        recovery_codes: known.recovery_codes,
        remembered: known.remembered_browsers,
    }
}

async fn sessions(
    administrator: &Administrator<'_>,
    id: &UserId,
) -> Result<Option<Vec<SessionLine>>, HttpResponse> {
    if !administrator.actor.permissions().has(Permission::SessionsRead) {
        return Ok(None);
    }
    let filter = SessionFilter { user_id: Some(id.clone()), client_id: None };
    let wanted = PageRequest { sort: SessionSort, descending: true, cursor: None, limit: Some(ROWS) };
    let page = administrator.state.service.admin.sessions(&administrator.actor, &filter, &wanted).await;
    let page = administrator.taken(page)?;
    Ok(Some(page.items.into_iter().map(|own| session_line(administrator, own)).collect()))
}

/// A session as it is listed.
pub fn session_line(administrator: &Administrator<'_>, own: OwnSession) -> SessionLine {
    let device = own.user_agent.as_deref().map(Device::of).unwrap_or_default();
    let times = administrator.times();
    SessionLine {
        here: own.session.sid == administrator.present.session.sid,
        sid: own.session.sid.to_string(),
        browser: device.browser,
        system: device.system,
        address: own.address,
        since: times.show(own.session.created_at),
        seen: times.show(own.session.last_seen_at),
    }
}

async fn grants(
    administrator: &Administrator<'_>,
    id: &UserId,
) -> Result<Option<Vec<GrantLine>>, HttpResponse> {
    if !administrator.actor.permissions().has(Permission::GrantsRead) {
        return Ok(None);
    }
    let filter = GrantFilter { user_id: Some(id.clone()), client_id: None };
    let wanted = PageRequest { sort: GrantSort, descending: false, cursor: None, limit: Some(ROWS) };
    let page = administrator.state.service.admin.grants(&administrator.actor, &filter, &wanted).await;
    let page = administrator.taken(page)?;
    Ok(Some(page.items.into_iter().map(|grant| grant_line(administrator, grant)).collect()))
}

fn grant_line(administrator: &Administrator<'_>, grant: Grant) -> GrantLine {
    let client = &grant.authorization.client_id;
    let sees = administrator.actor.permissions().has(Permission::ClientsRead);
    GrantLine {
        client_url: sees.then(|| administrator.state.path(&entrance::path_of(client, None))),
        client_id: client.to_string(),
        scope: grant.authorization.scope.to_string(),
        offline: grant.authorization.offline,
        since: administrator.times().show(grant.created_at),
        id: grant.id.to_string(),
    }
}

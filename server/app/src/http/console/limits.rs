//! Limits.

use super::entrance::{Administrator, either, enter};
use super::{LIMITS, users};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleLimits, HeldLine, LimitLine, redis_words};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, Counting, HeldBackSeen, Release};
use signet_service::limits::Whom;
use std::collections::BTreeSet;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (LIMITS.to_owned(), false)).await?;
        show(&administrator, false, StatusCode::OK).await
    };
    either(page.await)
}

async fn show(administrator: &Administrator<'_>, no_address: bool, status: StatusCode) -> Answered {
    let (admin, actor) = (&administrator.state.service.admin, &administrator.actor);
    let limits = administrator.taken(admin.limits(actor).await)?;
    let held = administrator.taken(admin.held_back(actor).await)?;
    let (frame, form) = administrator.to_change(Permission::LimitsWrite).await?;
    let names = users::names(administrator, people(&held)).await?;
    let known = |id: &UserId| {
        let page = || administrator.state.path(&users::path_of(id, None));
        names.get(id).map(|name| (name.clone(), page()))
    };
    let page = ConsoleLimits {
        frame,
        counted: redis_words(limits.counting).0,
        alone: limits.counting == Counting::WithoutRedis,
        held: HeldLine::all(held, administrator.times(), known),
        limits: LimitLine::all(&limits.table),
        form,
        no_address,
    };
    Ok(administrator.show_with(&page, status))
}

/// The people who are held back.
fn people(seen: &HeldBackSeen) -> BTreeSet<UserId> {
    let person = |whom: &Whom| match whom {
        Whom::User(id) => Some(id.clone()),
        _ => None,
    };
    seen.held.iter().flat_map(|held| &held.whom).filter_map(person).collect()
}

/// `POST`: lets somebody go.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(release(&request, payload, &state).await)
}

async fn release(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (LIMITS.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    administrator.taken(administrator.actor.must_have(Permission::LimitsWrite).map_err(AdminError::from))?;
    let typed = sent.fields.get("address").map(|address| format!("address:{}", address.trim()));
    let wanted = sent.fields.get("release").map(str::to_owned).or(typed);
    let who = match wanted.as_deref().and_then(|wanted| wanted.split_once(':')) {
        Some(("user", id)) => Release::User(UserId::from(id)),
        Some(("client", id)) => Release::Client(ClientId::from(id)),
        Some(("address", address)) => match address.parse() {
            Ok(address) => Release::Address(address),
            Err(_) => return show(&administrator, true, StatusCode::BAD_REQUEST).await,
        },
        _ => return Err(administrator.no_choice()),
    };
    administrator.taken(state.service.admin.release(&administrator.actor, who).await)?;
    Ok(administrator.redirect(&format!("{LIMITS}?done=released")))
}

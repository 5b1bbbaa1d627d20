//! A person's claims.

use super::PROFILE;
use super::entrance::{Answered, enter};
use crate::http::visitor::Visitor;
use crate::http::{State, page};
use crate::pages::Times;
use crate::pages::account::{AccountProfile, ClaimField, claim_fields};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::own_profile::{ClaimFault, own_claims};
use signet_service::account::ProfileOutcome;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let visitor = enter(&request, &state, &PROFILE).await?;
        let fields = claim_fields(own_claims(&visitor.present.user.profile), &[]);
        show(&visitor, (fields, false), StatusCode::OK)
    };
    page.await.unwrap_or_else(|instead| instead)
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    change(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn change(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &PROFILE).await?;
    let sent = visitor.sent(request, payload).await?;
    let given = |name: &str| sent.fields.get(name);
    let origin = &visitor.browser.viewer().origin;
    let profile = &visitor.present.user.profile;
    let outcome = if is_zone(given("zoneinfo"), profile.zoneinfo.as_deref()) {
        let changed = state.service.account.change_profile(&visitor.present, &sent.form, given, origin).await;
        changed.map_err(|why| visitor.not_done(&why))?
    } else {
        ProfileOutcome::Faulty(vec![("zoneinfo", ClaimFault::TimeZone)])
    };
    let kept = own_claims(profile);
    match outcome {
        ProfileOutcome::Done => Ok(visitor.done("profile")),
        ProfileOutcome::Faulty(faults) => {
            let typed =
                kept.into_iter().map(|(name, value)| (name, given(name).map(str::to_owned).or(value)));
            show(&visitor, (claim_fields(typed.collect(), &faults), false), StatusCode::BAD_REQUEST)
        }
        ProfileOutcome::Overtaken => show(&visitor, (claim_fields(kept, &[]), true), StatusCode::CONFLICT),
    }
}

/// Whether dates can be told in this zone. What stands there already was accepted by someone else, and may stay.
fn is_zone(given: Option<&str>, kept: Option<&str>) -> bool {
    let zone = given.map(str::trim).unwrap_or_default();
    zone.is_empty() || Some(zone) == kept || Times::knows(zone)
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(visitor: &Visitor<'_>, (fields, overtaken): (Vec<ClaimField>, bool), status: StatusCode) -> Answered {
    let profile = AccountProfile {
        frame: visitor.frame(),
        form: visitor.form()?,
        username: visitor.present.user.username.clone(),
        fields,
        overtaken,
    };
    Ok(page::show_with(visitor.state, visitor.browser.viewer(), &profile, page::Posts::Here, status))
}

//! What a person proves themselves with besides the password, and the browsers in which they need not.

use super::entrance::{Answered, Sent, enter};
use super::{ADD_APP, ADD_PASSKEY, Place, SECURITY};
use crate::http::outcome::{self, Arrival};
use crate::http::visitor::Visitor;
use crate::http::{State, page};
use crate::pages::account::{
    AccountRecoveryCodes, AccountSecurity, AppLine, BrowserLine, PasskeyLine, SecurityProblem,
};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::factor::Factor;
use signet_protocol::id::{DeviceId, PasskeyId};
use signet_protocol::user_agent::Device;
use signet_service::factors::{FactorProblem, Passkey, RememberedDevice, Removed};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let visitor = enter(&request, &state, &SECURITY).await?;
        show(&visitor, None, StatusCode::OK).await
    };
    page.await.unwrap_or_else(|instead| instead)
}

/// `GET` of the page on which an authenticator app is set up.
pub async fn add_app(request: HttpRequest, state: Data<State>) -> HttpResponse {
    add(&request, &state, &ADD_APP, Factor::Totp).await.unwrap_or_else(|instead| instead)
}

/// `GET` of the page on which a passkey is made.
pub async fn add_passkey(request: HttpRequest, state: Data<State>) -> HttpResponse {
    add(&request, &state, &ADD_PASSKEY, Factor::Passkey).await.unwrap_or_else(|instead| instead)
}

async fn add(request: &HttpRequest, state: &State, place: &'static Place, factor: Factor) -> Answered {
    let visitor = enter(request, state, place).await?;
    let visit = visitor.browser.visit();
    let outcome = Box::pin(state.service.authorizations.begin_factor(place.page(), factor, &visit)).await;
    Ok(outcome::show(state, visitor.browser.viewer(), outcome, Arrival::Form))
}

async fn show(visitor: &Visitor<'_>, problem: Option<SecurityProblem>, status: StatusCode) -> Answered {
    let (account, present) = (&visitor.state.service.account, &visitor.present);
    let own = account.own_factors(present).await.map_err(|error| visitor.unavailable(&error))?;
    let protection = account.protection(present).await.map_err(|error| visitor.unavailable(&error))?;
    let times = visitor.times();
    let used = |used: Option<_>| used.map(|used| times.show(used));
    let app = own.app.map(|(since, last)| AppLine { since: times.show(since), last_used: used(last) });
    let page = AccountSecurity {
        frame: visitor.frame(),
        form: visitor.form()?,
        required: protection.required,
        any: own.any(),
        app,
        passkeys: own.passkeys.into_iter().map(|passkey| passkey_line(visitor, passkey)).collect(),
        recovery_codes: own.recovery_codes,
        browsers: own.remembered.into_iter().map(|device| browser_line(visitor, device)).collect(),
        add_app_url: visitor.state.path(ADD_APP.path),
        add_passkey_url: own.may_add_passkey.then(|| visitor.state.path(ADD_PASSKEY.path)),
        problem,
    };
    Ok(page::show_with(visitor.state, visitor.browser.viewer(), &page, page::Posts::Here, status))
}

fn passkey_line(visitor: &Visitor<'_>, passkey: Passkey) -> PasskeyLine {
    PasskeyLine {
        id: passkey.id.to_string(),
        name: Some(passkey.name).filter(|name| !name.is_empty()),
        synchronised: passkey.synchronised,
        since: visitor.times().show(passkey.created_at),
        last_used: passkey.last_used_at.map(|at| visitor.times().show(at)),
    }
}

fn browser_line(visitor: &Visitor<'_>, remembered: RememberedDevice) -> BrowserLine {
    let device = remembered.user_agent.as_deref().map(Device::of).unwrap_or_default();
    BrowserLine {
        id: remembered.id.to_string(),
        browser: device.browser,
        system: device.system,
        address: remembered.address.map(|address| address.to_string()),
        since: visitor.times().show(remembered.created_at),
        until: visitor.times().show(remembered.expires_at),
    }
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    change(&request, payload, &state).await.unwrap_or_else(|instead| instead)
}

async fn change(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let visitor = enter(request, state, &SECURITY).await?;
    let sent = visitor.sent(request, payload).await?;
    let (account, present) = (&state.service.account, &visitor.present);
    let visit = visitor.browser.visit();
    let field = |name| sent.fields.get(name);
    if field("remove_app").is_some() {
        let removed = account.remove_app(present, &visit).await;
        return removed_to(&visitor, removed.map_err(|error| visitor.unavailable(&error))?, "app-removed")
            .await;
    }
    if let Some(id) = field("remove_passkey") {
        let removed = account.remove_passkey(present, &PasskeyId::from(id), &visit).await;
        let removed = removed.map_err(|error| visitor.unavailable(&error))?;
        return removed_to(&visitor, removed, "passkey-removed").await;
    }
    if let Some(id) = field("rename_passkey") {
        return rename(&visitor, &sent, &PasskeyId::from(id)).await;
    }
    if field("new_codes").is_some() {
        return new_codes(&visitor).await;
    }
    let (which, word) = match field("forget") {
        Some(id) => (Some(DeviceId::from(id)), "forgotten"),
        None if field("forget_all").is_some() => (None, "all-forgotten"),
        None => return Err(visitor.no_choice()),
    };
    // Whether there was such a browser or not: now there is none.
    let forgotten = account.forget_browsers(present, which, visit.origin).await;
    forgotten.map_err(|error| visitor.unavailable(&error))?;
    Ok(visitor.done(word))
}

async fn removed_to(visitor: &Visitor<'_>, removed: Removed, word: &'static str) -> Answered {
    match removed {
        Removed::Yes => Ok(visitor.done(word)),
        Removed::Last => show(visitor, Some(SecurityProblem::Last), StatusCode::CONFLICT).await,
        Removed::Unknown | Removed::Overtaken => Ok(visitor.done("overtaken")),
    }
}

async fn rename(visitor: &Visitor<'_>, sent: &Sent, id: &PasskeyId) -> Answered {
    let name = sent.fields.get("name").unwrap_or_default();
    let origin = &visitor.browser.viewer().origin;
    match visitor.state.service.account.rename_passkey(&visitor.present, (id, name), origin).await {
        Ok(()) => Ok(visitor.done("passkey-renamed")),
        Err(FactorProblem::Malformed) => {
            show(visitor, Some(SecurityProblem::Name), StatusCode::BAD_REQUEST).await
        }
        Err(problem) => refused(visitor, &problem),
    }
}

async fn new_codes(visitor: &Visitor<'_>) -> Answered {
    let made =
        visitor.state.service.account.new_recovery_codes(&visitor.present, &visitor.browser.visit()).await;
    match made {
        Ok(codes) => Ok(visitor.show(&AccountRecoveryCodes {
            frame: visitor.frame(),
            codes: codes.iter().map(|code| code.expose().clone()).collect(),
            back_url: visitor.state.path(SECURITY.path),
        })),
        Err(problem) => refused(visitor, &problem),
    }
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn refused(visitor: &Visitor<'_>, problem: &FactorProblem) -> Answered {
    match problem {
        FactorProblem::Limited(limited) => Err(visitor.too_often(limited)),
        problem if problem.is_the_persons() => Ok(visitor.done("overtaken")),
        problem => Err(visitor.failed(problem)),
    }
}

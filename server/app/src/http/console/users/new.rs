//! Making somebody an account: by an invitation, or with a user name and a password.

use super::{NEW_USER, path_of, role_choices, texts, ticked};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::visitor::Answered;
use crate::pages::Words;
use crate::pages::console::{ConsoleLink, ConsoleNewUser, NewUserFields, problems};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, Invite};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (NEW_USER.to_owned(), true)).await?;
        let may = administrator.actor.must_have(Permission::UsersWrite);
        administrator.taken(may.map_err(AdminError::from))?;
        let invites = administrator.asked("how") != Some("password");
        let nothing = Parameters::default();
        show(&administrator, (invites, &nothing), (NewUserFields::default(), StatusCode::OK)).await
    };
    either(page.await)
}

async fn show(
    administrator: &Administrator<'_>,
    (invites, sent): (bool, &Parameters),
    (fields, status): (NewUserFields, StatusCode),
) -> Answered {
    let (how, other) = if invites { ("invitation", "password") } else { ("password", "invitation") };
    let page = ConsoleNewUser {
        frame: administrator.frame(),
        form: administrator.form()?.with("how", how),
        invites,
        other_url: administrator.state.path(&format!("{NEW_USER}?how={other}")),
        fields,
        roles: role_choices(administrator, |name| sent.has(&format!("role:{name}"))).await?,
    };
    Ok(administrator.show_with(&page, status))
}

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(make(&request, payload, &state).await)
}

async fn make(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (NEW_USER.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let invites = sent.fields.get("how") != Some("password");
    let made = match invites {
        true => invite(&administrator, &sent.fields).await,
        false => add(&administrator, &sent.fields).await,
    };
    let (faults, status) = match made {
        Ok(answer) => return Ok(answer),
        Err(error) => administrator.faults(error, if invites { "email" } else { "username" })?,
    };
    let fields = NewUserFields::again(&sent.fields, problems(&faults));
    show(&administrator, (invites, &sent.fields), (fields, status)).await
}

async fn invite(administrator: &Administrator<'_>, fields: &Parameters) -> Result<HttpResponse, AdminError> {
    let state = administrator.state;
    let given =
        |name: &str| fields.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let invite = Invite {
        address: given("email").unwrap_or_default(),
        name: given("name"),
        roles: ticked(fields, &[], &[]),
        language: given("locale"),
    };
    let address = invite.address.clone();
    let invited = state.service.admin.invite_user(&administrator.actor, invite).await?;
    Ok(match invited.link {
        None => administrator.redirect(&format!("{}?done=invited", super::USERS)),
        Some(link) => administrator.show(&ConsoleLink {
            frame: administrator.frame(),
            heading: Words("link-invitation"),
            name: address,
            link: link.expose().clone(),
            count: invited.days,
            unit: "days",
            url: state.path(super::USERS),
        }),
    })
}

async fn add(administrator: &Administrator<'_>, fields: &Parameters) -> Result<HttpResponse, AdminError> {
    let mut sent = texts(fields, ["username", "email", "name"]);
    sent.insert("username".to_owned(), json!(fields.get("username").unwrap_or_default().trim()));
    // A password is what was typed, space included.
    if let Some(password) = fields.get("password").filter(|password| !password.is_empty()) {
        sent.insert("password".to_owned(), json!(password));
    }
    sent.insert("roles".to_owned(), json!(ticked(fields, &[], &[])));
    let made = administrator.state.service.admin.add_user(&administrator.actor, sent, (None, false)).await?;
    Ok(administrator.redirect(&format!("{}?done=made", path_of(&made.item.user.id, None))))
}

//! Keys.

use super::entrance::{Administrator, below, either, enter};
use super::{CLIENTS, KEYS};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleAskKey, ConsoleKeys, Count, FirstOf, KeyLine};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::id::KeyId;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, KeyList, KeyPurpose, KeyStatus, Rotating};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (KEYS.to_owned(), false)).await?;
    let KeyList { keys, picture } =
        administrator.taken(state.service.admin.keys(&administrator.actor).await)?;
    let writes = administrator.actor.permissions().has(Permission::KeysWrite);
    let mut algorithms: Vec<String> =
        keys.iter().filter(|key| key.row.purpose == KeyPurpose::Jwt).map(|key| key.row.alg.clone()).collect();
    algorithms.dedup();
    let (frame, form) = administrator.to_change(Permission::KeysWrite).await?;
    let form = form.map(|form| form.with("seen", picture));
    let line = |key: KeyStatus| {
        let url = (writes && key.row.revoked_at.is_none()).then(|| state.path(&path_of(&key.row.kid)));
        KeyLine::of(key, administrator.times(), url)
    };
    let (old, keys) = keys.into_iter().map(line).partition(KeyLine::is_old);
    Ok(administrator.show(&ConsoleKeys { frame, keys, old, algorithms, form }))
}

/// `POST`: has the next keys sign.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(rotate(&request, payload, &state).await)
}

async fn rotate(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (KEYS.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    administrator.taken(administrator.actor.must_have(Permission::KeysWrite).map_err(AdminError::from))?;
    let algorithm = match sent.fields.get("algorithm") {
        Some("all") => None,
        Some(name) => match SigningAlg::ALL.into_iter().find(|known| known.as_str() == name) {
            Some(known) => Some(known),
            None => return Err(administrator.no_choice()),
        },
        None => return Err(administrator.no_choice()),
    };
    let seen = Some(sent.fields.get("seen").unwrap_or_default().to_owned());
    let how = Rotating { algorithm, seen, dry_run: false };
    administrator.taken(state.service.admin.rotate_keys(&administrator.actor, how).await)?;
    Ok(administrator.redirect(&format!("{KEYS}?done=rotated")))
}

/// `GET`: asks before a key is withdrawn.
pub async fn ask(request: HttpRequest, kid: Path<String>, state: Data<State>) -> HttpResponse {
    either(
        async { question(&enter_for(&request, &kid, &state).await?, &KeyId::new(kid.into_inner())).await }
            .await,
    )
}

async fn enter_for<'a>(
    request: &HttpRequest,
    kid: &str,
    state: &'a State,
) -> Result<Administrator<'a>, HttpResponse> {
    enter(request, state, (path_of(&KeyId::new(kid.to_owned())), true)).await
}

async fn question(administrator: &Administrator<'_>, kid: &KeyId) -> Answered {
    let admin = &administrator.state.service.admin;
    let withdrawal = administrator.taken(admin.revoke_key(&administrator.actor, kid, true).await)?;
    let permissions = administrator.actor.permissions();
    Ok(administrator.show(&ConsoleAskKey {
        frame: administrator.frame(),
        form: match !withdrawal.ends_grants() || permissions.has(Permission::EmergencyWrite) {
            true => Some(administrator.form()?),
            false => None,
        },
        signs: withdrawal.key.row.purpose == KeyPurpose::Jwt,
        key: KeyLine::of(withdrawal.key, administrator.times(), None),
        clients: FirstOf::of(withdrawal.clients, |client| client.to_string()),
        clients_url: permissions.has(Permission::ClientsRead).then(|| administrator.state.path(CLIENTS)),
        resources: FirstOf::of(withdrawal.resources, |api| api.to_string()),
        grants: Count::of(withdrawal.grants),
        back_url: administrator.state.path(KEYS),
    }))
}

/// `POST`: withdraws it.
pub async fn revoke(
    request: HttpRequest,
    kid: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let page = async {
        let administrator = enter_for(&request, &kid, &state).await?;
        administrator.sent(&request, payload).await?;
        let kid = KeyId::new(kid.into_inner());
        administrator.taken(state.service.admin.revoke_key(&administrator.actor, &kid, false).await)?;
        Ok(administrator.redirect(&format!("{KEYS}?done=key-revoked")))
    };
    either(page.await)
}

/// The path of the page that asks before a key is withdrawn.
fn path_of(kid: &KeyId) -> String {
    below(KEYS, [kid.as_str(), "revoke"])
}

//! Settings.

use super::SETTINGS;
use super::entrance::{Administrator, either, enter};
use super::seen::{changing, shown};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleSettings, setting_groups, setting_kind, setting_problems, setting_text};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_service::admin::{AdminError, SettingsSeen};
use signet_service::configuration::ConfiguredKey;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter_to_change(&request, &state).await?;
        let seen = administrator.taken(state.service.admin.settings(&administrator.actor).await)?;
        show(&administrator, seen, (None, &[]), StatusCode::OK)
    };
    either(page.await)
}

/// Whoever may change something signs in again before they type it, not after: nothing of it is lost.
async fn enter_to_change<'a>(
    request: &HttpRequest,
    state: &'a State,
) -> Result<Administrator<'a>, HttpResponse> {
    let administrator = enter(request, state, (SETTINGS.to_owned(), false)).await?;
    match administrator.actor.permissions().has(Permission::SettingsWrite) {
        true => enter(request, state, (SETTINGS.to_owned(), true)).await,
        false => Ok(administrator),
    }
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(
    administrator: &Administrator<'_>,
    seen: SettingsSeen,
    (sent, faults): (Option<&Parameters>, &[FieldError]),
    status: StatusCode,
) -> Answered {
    let writes = administrator.actor.permissions().has(Permission::SettingsWrite);
    let form = match writes {
        true => Some(administrator.form()?.with("seen", shown(seen.updated_at))),
        false => None,
    };
    let page = ConsoleSettings {
        frame: administrator.frame(),
        groups: setting_groups(seen.keys, sent, writes),
        form,
        problems: setting_problems(faults),
    };
    Ok(administrator.show_with(&page, status))
}

/// `POST`: changes what is different from what the page showed.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    either(change(&request, payload, &state).await)
}

async fn change(request: &HttpRequest, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (SETTINGS.to_owned(), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let now = administrator.taken(admin.settings(actor).await)?;
    let how = changing(&sent.fields);
    let (faults, status) = match admin.change_settings(actor, patch(&now.keys, &sent.fields), how).await {
        Ok(_) => return Ok(administrator.redirect(&format!("{SETTINGS}?done=changed"))),
        Err(AdminError::Invalid(faults)) => (faults, StatusCode::BAD_REQUEST),
        Err(AdminError::Overtaken) => {
            let message = AdminError::Overtaken.to_string();
            (vec![FieldError { field: "overtaken".to_owned(), message }], StatusCode::CONFLICT)
        }
        Err(error) => return Err(administrator.refused(error)),
    };
    show(&administrator, now, (Some(&sent.fields), &faults), status)
}

fn patch(keys: &[ConfiguredKey], sent: &Parameters) -> Map<String, Value> {
    let mut patch = Map::new();
    for ConfiguredKey { key, value, .. } in keys.iter().filter(|key| key.changeable) {
        if sent.has(&format!("back:{key}")) {
            patch.insert(key.clone(), Value::Null);
            continue;
        }
        let Some(typed) = sent.get(&format!("set:{key}")).map(str::trim) else { continue };
        let same = typed.lines().map(str::trim).eq(setting_text(value, false).lines());
        if !same {
            patch.insert(key.clone(), typed_value(setting_kind(key, value), typed));
        }
    }
    patch
}

/// What is none of its kind stays a text, and is told at its field. A field that was emptied takes back what it held.
fn typed_value(kind: &str, typed: &str) -> Value {
    match kind {
        "list" => typed.split_whitespace().collect(),
        _ if typed.is_empty() => Value::Null,
        "flag" => typed.parse::<bool>().map_or_else(|_| json!(typed), Value::from),
        "number" => typed.parse::<u32>().map_or_else(|_| json!(typed), Value::from),
        _ => json!(typed),
    }
}

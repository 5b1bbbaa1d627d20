//! Changing what is known of somebody.

use super::{changeable, path_of, texts};
use crate::http::State;
use crate::http::console::entrance::{Administrator, either, enter};
use crate::http::console::seen::{changing, shown};
use crate::http::outcome::display_name;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsoleUserEdit, UserForm, read_attributes};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use signet_protocol::attributes::Attributes;
use signet_protocol::id::UserId;
use signet_protocol::own_profile::own_claims;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_protocol::user::Profile;
use signet_service::admin::{AdminError, UserRecord};

/// `GET`. A new address lets in whoever reads its mails: only after a sign-in of a moment ago.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let id = UserId::new(id.into_inner());
        let administrator = enter(&request, &state, (path_of(&id, Some("edit")), true)).await?;
        let record = changeable(&administrator, &id, Permission::UsersWrite).await?.record;
        let fields = UserForm::of(&record.item.user);
        show(&administrator, &record, (fields, StatusCode::OK))
    };
    either(page.await)
}

#[expect(clippy::result_large_err, reason = "an answer either way")]
fn show(
    administrator: &Administrator<'_>,
    record: &UserRecord,
    (fields, status): (UserForm, StatusCode),
) -> Answered {
    let page = ConsoleUserEdit {
        frame: administrator.frame(),
        form: administrator.form()?.with("seen", shown(record.updated_at)),
        name: display_name(&record.item.user).to_owned(),
        managed: record.managed_by.is_some(),
        fields,
        back_url: administrator.state.path(&path_of(&record.item.user.id, None)),
    };
    Ok(administrator.show_with(&page, status))
}

/// `POST`.
pub async fn post(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    either(change(&request, &UserId::new(id.into_inner()), payload, &state).await)
}

async fn change(request: &HttpRequest, id: &UserId, payload: Payload, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(id, Some("edit")), true)).await?;
    let sent = administrator.sent(request, payload).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let before = administrator.taken(admin.user(actor, id).await)?.item.user.profile.attributes;
    let changed = match patch(&sent.fields, &before) {
        Ok(patch) => admin.edit_user(actor, id, patch, changing(&sent.fields)).await,
        Err(fault) => Err(AdminError::Invalid(vec![fault])),
    };
    let (faults, status) = match changed {
        Ok(_) => return Ok(administrator.redirect(&format!("{}?done=changed", path_of(id, None)))),
        Err(error) => administrator.faults(error, "username")?,
    };
    let record = changeable(&administrator, id, Permission::UsersWrite).await?.record;
    let fields = UserForm::again(&record.item.user, &sent.fields, &faults);
    show(&administrator, &record, (fields, status))
}

/// What the form says. Of attributes, what is not named stays (RFC 7396), so that those that are gone are named.
fn patch(fields: &Parameters, before: &Attributes) -> Result<Map<String, Value>, FieldError> {
    let claims = own_claims(&Profile::default());
    let names = claims.iter().map(|(name, _)| *name);
    let mut patch = texts(fields, names.chain(["username", "email"]));
    patch.insert("email_verified".to_owned(), json!(fields.has("email_verified")));
    let faulty = |message| FieldError { field: "attributes".to_owned(), message };
    let mut attributes = read_attributes(fields.get("attributes").unwrap_or_default()).map_err(faulty)?;
    for name in before.keys() {
        attributes.entry(name).or_insert(Value::Null);
    }
    patch.insert("attributes".to_owned(), attributes.into());
    Ok(patch)
}

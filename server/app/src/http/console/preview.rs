//! What somebody's tokens for a client would hold, or its own token, and why.

use super::entrance::{Administrator, either, enter, path_of};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ConsolePreview, PreviewScope, Previewed, problems};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::client::{Client, GrantType};
use signet_protocol::id::{ClientId, ResourceId};
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_protocol::scope::Scope;
use signet_service::admin::{AdminError, PreviewRequest};

/// `GET`. It changes nothing and issues nothing, so the question stands in the address.
pub async fn get(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    either(look(&request, &ClientId::new(id.into_inner()), &state).await)
}

async fn look(request: &HttpRequest, id: &ClientId, state: &State) -> Answered {
    let administrator = enter(request, state, (path_of(id, Some("preview")), false)).await?;
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let client = administrator.taken(admin.client(actor, id).await)?.item.client;
    let login = administrator.asked("user").unwrap_or_default().trim();
    let (seen, faults, status) = match administrator.asked("look") {
        None => (None, Vec::new(), StatusCode::OK),
        Some(_) => match previewed(&administrator, &client, login).await {
            Ok(seen) => (Some(seen), Vec::new(), StatusCode::OK),
            Err(AdminError::NotFound("user")) => {
                let nobody = FieldError { field: "user".to_owned(), message: "is nobody's name".to_owned() };
                (None, vec![nobody], StatusCode::NOT_FOUND)
            }
            Err(error) => {
                let (faults, status) = administrator.faults(error, "user")?;
                (None, faults, status)
            }
        },
    };
    let asked = scopes(&administrator, &client);
    let ticked = |value: &str| asked.as_ref().is_none_or(|asked| asked.contains(value));
    let scope = |value: &str| PreviewScope { value: value.to_owned(), ticked: ticked(value) };
    let page = ConsolePreview {
        frame: administrator.frame(),
        action: state.path(&path_of(id, Some("preview"))),
        name: client.client_name.clone(),
        client_id: id.to_string(),
        user: login.to_owned(),
        by_user: actor.permissions().has(Permission::UsersRead),
        own: client.may_use(GrantType::ClientCredentials),
        resource: administrator.asked("resource").unwrap_or_default().to_owned(),
        resources: apis(state, &client),
        scopes: client.scope.iter().map(scope).collect(),
        problems: problems(&faults),
        seen,
        back_url: state.path(&path_of(id, None)),
    };
    Ok(administrator.show_with(&page, status))
}

async fn previewed(
    administrator: &Administrator<'_>,
    client: &Client,
    login: &str,
) -> Result<Previewed, AdminError> {
    let (admin, actor) = (&administrator.state.service.admin, &administrator.actor);
    let user_id = match login.is_empty() {
        true => None,
        false => Some(admin.user_by_login(actor, login).await?.item.user.id),
    };
    let request = PreviewRequest {
        user_id,
        scope: scopes(administrator, client),
        resource: administrator.asked("resource").map(ResourceId::new),
    };
    Ok(Previewed::of(admin.preview_tokens(actor, &client.client_id, request).await?))
}

fn scopes(administrator: &Administrator<'_>, client: &Client) -> Option<Scope> {
    ticked(client, |name| administrator.asked(name).is_some())
}

/// What is ticked; none: nothing was said, so all that the client is registered for.
pub fn ticked(client: &Client, has: impl Fn(&str) -> bool) -> Option<Scope> {
    let values: Vec<_> = client.scope.iter().filter(|value| has(&format!("scope:{value}"))).collect();
    if values.is_empty() { None } else { Scope::parse(&values.join(" ")).ok() }
}

/// The APIs that the client may call.
pub fn apis(state: &State, client: &Client) -> Vec<String> {
    let resources = state.service.resources();
    let calls = resources.iter().filter(|api| api.scopes.iter().any(|value| client.scope.contains(value)));
    calls.map(|api| api.identifier.to_string()).collect()
}

//! The list of clients.

use super::entrance::{Administrator, either, enter, path_of};
use super::{CLIENTS, NEW_CLIENT};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{ClientLine, ConsoleClients};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::Permission;
use signet_service::admin::{ClientFilter, ClientRecord, ClientSort, PageRequest};
use url::form_urlencoded;

/// How many clients one page shows.
const ROWS: u64 = 50;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (CLIENTS.to_owned(), false)).await?;
    let search = administrator.asked("search").unwrap_or_default().trim().to_owned();
    let filter = ClientFilter { search: (!search.is_empty()).then(|| search.clone()), disabled: None };
    let wanted = PageRequest {
        sort: ClientSort::Name,
        descending: false,
        cursor: administrator.asked("cursor").map(str::to_owned),
        limit: Some(ROWS),
    };
    let page = state.service.admin.clients(&administrator.actor, &filter, &wanted).await;
    let page = administrator.taken(page)?;
    let writes = administrator.actor.permissions().has(Permission::ClientsWrite);
    Ok(administrator.show(&ConsoleClients {
        frame: administrator.frame(),
        action: state.path(CLIENTS),
        clients: page.items.into_iter().map(|record| line(&administrator, &record)).collect(),
        next_url: page.next_cursor.map(|cursor| state.path(&further(&search, &cursor))),
        new_url: writes.then(|| state.path(NEW_CLIENT)),
        search,
    }))
}

fn further(search: &str, cursor: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("search", search), ("cursor", cursor)])
        .finish();
    format!("{CLIENTS}?{query}")
}

fn line(administrator: &Administrator<'_>, record: &ClientRecord) -> ClientLine {
    let client = &record.item.client;
    ClientLine {
        url: administrator.state.path(&path_of(&client.client_id, None)),
        name: client.client_name.clone(),
        client_id: client.client_id.to_string(),
        public: client.is_public(),
        disabled: record.item.disabled,
        changed: administrator.times().show(record.updated_at),
    }
}

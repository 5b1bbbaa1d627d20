//! Why was this refused?

use super::REFUSALS;
use super::entrance::{Administrator, either, enter, path_of};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::Words;
use crate::pages::console::{ConsoleRefusals, Differing, Explained, RefusalLine};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::{ClientId, RequestId};
use signet_protocol::metadata::paths::ADMINISTRATION;
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, KeptRefusal, PageRequest, RefusalSort};
use url::form_urlencoded;

/// How many refusals one page shows.
const ROWS: u64 = 25;
/// The longest id that is looked for, in bytes.
const LONGEST_ID: usize = 64;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(show(&request, &state).await)
}

async fn show(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (REFUSALS.to_owned(), false)).await?;
    let asked = |name| administrator.asked(name).unwrap_or_default().trim();
    let client = Some(asked("client_id")).filter(|client| !client.is_empty() && !client.contains('\0'));
    let client = client.map(ClientId::from);
    let wanted = PageRequest {
        sort: RefusalSort::Id,
        descending: true,
        cursor: administrator.asked("cursor").map(str::to_owned),
        limit: Some(ROWS),
    };
    let admin = &state.service.admin;
    let page = admin.refusals(&administrator.actor, client.as_ref(), &wanted).await;
    let page = administrator.taken(page)?;
    let id = asked("id").to_owned();
    let found = administrator.taken(find(&administrator, &id).await)?;
    Ok(administrator.show(&ConsoleRefusals {
        frame: administrator.frame(),
        action: state.path(REFUSALS),
        kept: state.service.refusals.is_some(),
        explained: found.map(|kept| explained(&administrator, kept)),
        id,
        next_url: page.next_cursor.map(|cursor| further(&administrator, client.as_ref(), &cursor)),
        client_id: client.map(|client| client.to_string()),
        latest: page.items.into_iter().map(|kept| line(&administrator, kept)).collect(),
    }))
}

async fn find(administrator: &Administrator<'_>, id: &str) -> Result<Option<KeptRefusal>, AdminError> {
    if id.is_empty() || id.len() > LONGEST_ID || id.contains('\0') {
        return Ok(None);
    }
    let found = administrator.state.service.admin.refusal(&administrator.actor, &RequestId::from(id)).await;
    match found {
        Err(AdminError::NotFound(_)) => Ok(None),
        found => found.map(Some),
    }
}

fn further(administrator: &Administrator<'_>, client: Option<&ClientId>, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(client.map(|client| ("client_id", client.as_str())));
    let query = query.append_pair("cursor", cursor).finish();
    administrator.state.path(&format!("{REFUSALS}?{query}"))
}

fn explained(administrator: &Administrator<'_>, kept: KeptRefusal) -> Explained {
    let KeptRefusal { refused, alike, .. } = kept;
    let (rule, evidence) = (refused.rule, refused.evidence);
    let difference = evidence.difference().filter(|_| rule.compares()).map(|difference| Differing {
        same: difference.same.to_owned(),
        expected: difference.expected.to_owned(),
        came: difference.came.to_owned(),
    });
    let sees_clients = administrator.actor.permissions().has(Permission::ClientsRead);
    let client = evidence.client_id.as_ref().filter(|_| sees_clients);
    Explained {
        rule: rule.name().to_owned(),
        about: Words(rule.about()),
        clause: rule.clause(),
        rule_url: administrator.state.path(&format!("{ADMINISTRATION}/docs#{}", rule.about())),
        mend: Words(rule.mend()),
        difference,
        client_url: client.map(|client| administrator.state.path(&path_of(client, None))),
        client_id: evidence.client_id.as_ref().map(ToString::to_string),
        expected: evidence.expected,
        came: evidence.came,
        code: refused.code,
        status: refused.status,
        reason: refused.reason,
        endpoint: refused.endpoint,
        at: administrator.times().show(refused.at),
        address: refused.address.map(|address| address.to_string()),
        alike,
    }
}

fn line(administrator: &Administrator<'_>, kept: KeptRefusal) -> RefusalLine {
    let KeptRefusal { refused, alike, .. } = kept;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("id", refused.request_id.as_str())
        .finish();
    RefusalLine {
        url: administrator.state.path(&format!("{REFUSALS}?{query}")),
        about: Words(refused.rule.about()),
        rule: refused.rule.name().to_owned(),
        endpoint: refused.endpoint,
        client_id: refused.evidence.client_id.as_ref().map(ToString::to_string),
        at: administrator.times().show(refused.at),
        alike,
    }
}

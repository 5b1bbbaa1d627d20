//! The audit log: its list, with a filter.

use super::AUDIT;
use super::entrance::{Administrator, either, enter};
use super::parties::{Known, event_line};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::Words;
use crate::pages::console::{AuditFields, ConsoleAudit};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::audit::Event;
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, GrantId, RequestId, SessionId, UserId};
use signet_service::admin::{PageRequest, SealsState};
use signet_service::audit::{EventFilter, EventSort};
use std::net::IpAddr;
use url::form_urlencoded;

/// How many events one page shows.
const ROWS: u64 = 50;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (AUDIT.to_owned(), false)).await?;
    let (filter, fields) = asked(&administrator);
    let wanted = PageRequest {
        sort: EventSort,
        descending: true,
        cursor: administrator.asked("cursor").map(str::to_owned),
        limit: Some(ROWS),
    };
    let (admin, actor) = (&state.service.admin, &administrator.actor);
    let page = administrator.taken(admin.events(actor, &filter, &wanted).await)?;
    let seals = administrator.taken(admin.seals(actor).await)?;
    let known = Known::of(&administrator, &page.items).await?;
    Ok(administrator.show(&ConsoleAudit {
        frame: administrator.frame(),
        action: state.path(AUDIT),
        names: Event::NAMES,
        alarms: alarms(&seals),
        events: page.items.iter().map(|event| event_line(&administrator, event, &known)).collect(),
        next_url: page.next_cursor.map(|cursor| state.path(&further(&fields, &cursor))),
        filter: fields,
    }))
}

fn alarms(seals: &SealsState) -> Vec<Words> {
    let unsealed = seals.progress.late || seals.health.sealing.is_some();
    let unwritten = seals.health.writing.is_some();
    let alarms = [(unwritten, Words("audit-unwritten")), (unsealed, Words("audit-unsealed"))];
    alarms.into_iter().filter(|(rings, _)| *rings).map(|(_, words)| words).collect()
}

/// What is looked for, as the store takes it and as the form shows it. What cannot be read looks for nothing, and is marked.
fn asked(administrator: &Administrator<'_>) -> (EventFilter, AuditFields) {
    let text = |name| administrator.asked(name).unwrap_or_default().trim().to_owned();
    let mut fields = AuditFields {
        event: text("event"),
        actor: text("actor"),
        user: text("user"),
        client: text("client"),
        address: text("address"),
        request: text("request"),
        sid: text("sid"),
        grant: text("grant"),
        from: text("from"),
        to: text("to"),
        ..AuditFields::default()
    };
    let some = |text: &String| (!text.is_empty() && !text.contains('\0')).then(|| text.clone());
    let mut faulty = Vec::new();
    let mut moment = |name, text: &String| {
        let moment: Option<Moment> = administrator.times().read(text);
        faulty.extend((moment.is_none() && !text.is_empty()).then_some(name));
        moment
    };
    let (from, to) = (moment("from", &fields.from), moment("to", &fields.to));
    let address: Option<IpAddr> = fields.address.parse().ok();
    faulty.extend((address.is_none() && !fields.address.is_empty()).then_some("address"));
    let filter = EventFilter {
        from,
        to,
        names: some(&fields.event).into_iter().collect(),
        actor: some(&fields.actor),
        user: some(&fields.user).map(UserId::new),
        client: some(&fields.client).map(ClientId::new),
        sid: some(&fields.sid).map(SessionId::new),
        grant: some(&fields.grant).map(GrantId::new),
        request: some(&fields.request).map(RequestId::new),
        address: address.map(|address| address.to_string()),
    };
    // A browser's field for a time takes nothing else.
    for (name, field) in [("from", &mut fields.from), ("to", &mut fields.to)] {
        if faulty.contains(&name) {
            field.clear();
        }
    }
    fields.any = filter != EventFilter::default() || !faulty.is_empty();
    fields.faulty = faulty;
    (filter, fields)
}

/// The same list after a cursor.
fn further(fields: &AuditFields, cursor: &str) -> String {
    let asked = [
        ("event", &fields.event),
        ("actor", &fields.actor),
        ("user", &fields.user),
        ("client", &fields.client),
        ("address", &fields.address),
        ("request", &fields.request),
        ("sid", &fields.sid),
        ("grant", &fields.grant),
        ("from", &fields.from),
        ("to", &fields.to),
    ];
    let asked = asked.into_iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(asked)
        .append_pair("cursor", cursor)
        .finish();
    format!("{AUDIT}?{query}")
}

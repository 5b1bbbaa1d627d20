//! The audit log by what an auditor looks for.

use crate::fixture::{Fixture, after};
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::id::{ClientId, GrantId, RequestId, SessionId, UserId};
use signet_protocol::principal::Principal;
use signet_store::{EventFilter, EventSort, Paging, RecordedEvent};

const PAGE: u64 = 7;

fn what(n: usize) -> Event {
    let audience = vec!["https://api.example.test".to_owned()];
    match n % 5 {
        0 => Event::SignInFailed { reason: "password", count: 1 },
        1 => Event::ClientChanged { changes: vec![] },
        2 => Event::ServerStopped,
        _ => Event::TokenIssued {
            grant_type: "client_credentials",
            scope: "orders:read".to_owned(),
            audience,
            count: 1,
        },
    }
}

/// Events of every kind that may meet. Their times neither rise nor are each there once.
fn happened(n: usize) -> AuditEvent {
    let client = ClientId::new(format!("client-{}", n % 4));
    let event = what(n);
    let actor = match (&event, n % 3) {
        (Event::TokenIssued { .. }, _) => Some(Principal::Client(client.clone())),
        (_, 0) => Some(Principal::User(UserId::new(format!("user-{}", n % 2)))),
        (_, 1) => Some(Principal::Client("client-1".into())),
        _ => None,
    };
    AuditEvent {
        at: after(i64::try_from(n * 7 % 40).unwrap()),
        origin: Origin {
            actor,
            request_id: (!n.is_multiple_of(7)).then(|| RequestId::new(format!("request-{}", n / 3))),
            address: (!n.is_multiple_of(6)).then(|| format!("192.0.2.{}", n % 3).parse().unwrap()),
        },
        subjects: Subjects {
            user_id: n.is_multiple_of(3).then(|| UserId::new(format!("user-{}", n % 5))),
            // A token's client is its actor.
            client_id: (n % 8 != 1 || matches!(event, Event::TokenIssued { .. })).then_some(client),
            sid: n.is_multiple_of(4).then(|| SessionId::new(format!("sid-{}", n % 9))),
            grant_id: (n % 5 == 3).then(|| GrantId::new(format!("grant-{}", n % 10))),
        },
        event,
    }
}

fn is(column: Option<&String>, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| column.map(String::as_str) == Some(wanted))
}

fn matches(filter: &EventFilter, event: &RecordedEvent) -> bool {
    filter.from.is_none_or(|from| event.at >= from)
        && filter.to.is_none_or(|to| event.at < to)
        && (filter.names.is_empty() || filter.names.contains(&event.name))
        && is(event.actor.as_ref(), filter.actor.as_deref())
        && is(event.user_id.as_ref(), filter.user.as_ref().map(UserId::as_str))
        && is(event.client_id.as_ref(), filter.client.as_ref().map(ClientId::as_str))
        && is(event.sid.as_ref(), filter.sid.as_ref().map(SessionId::as_str))
        && is(event.grant_id.as_ref(), filter.grant.as_ref().map(GrantId::as_str))
        && is(event.request_id.as_ref(), filter.request.as_ref().map(RequestId::as_str))
        && is(event.address.as_ref(), filter.address.as_deref())
}

/// Every filter by one thing, by pairs of things, and with times.
fn filters() -> Vec<EventFilter> {
    let none = EventFilter::default;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let single = [
        none(),
        EventFilter { names: names(&["token_issued"]), ..none() },
        EventFilter { names: names(&["sign_in_failed", "client_changed", "sign_in_failed"]), ..none() },
        EventFilter { names: names(&["server_stopped", "token_issued"]), ..none() },
        EventFilter { actor: Some("client:client-1".to_owned()), ..none() },
        EventFilter { actor: Some("user:user-0".to_owned()), ..none() },
        EventFilter { user: Some("user-3".into()), ..none() },
        EventFilter { client: Some("client-2".into()), ..none() },
        EventFilter { client: Some("client-1".into()), ..none() },
        EventFilter { sid: Some("sid-4".into()), ..none() },
        EventFilter { grant: Some("grant-3".into()), ..none() },
        EventFilter { request: Some("request-5".into()), ..none() },
        EventFilter { address: Some("192.0.2.1".to_owned()), ..none() },
        EventFilter { from: Some(after(12)), to: Some(after(25)), ..none() },
        EventFilter { client: Some("nobody".into()), ..none() },
    ];
    let both = |one: &EventFilter, other: &EventFilter| EventFilter {
        from: one.from.or(other.from),
        to: one.to.or(other.to),
        names: if one.names.is_empty() { other.names.clone() } else { one.names.clone() },
        actor: one.actor.clone().or(other.actor.clone()),
        user: one.user.clone().or(other.user.clone()),
        client: one.client.clone().or(other.client.clone()),
        sid: one.sid.clone().or(other.sid.clone()),
        grant: one.grant.clone().or(other.grant.clone()),
        request: one.request.clone().or(other.request.clone()),
        address: one.address.clone().or(other.address.clone()),
    };
    single.iter().flat_map(|one| single.iter().map(|other| both(one, other))).collect()
}

/// All pages, put together.
async fn paged(db: &Fixture, filter: &EventFilter, descending: bool) -> Vec<RecordedEvent> {
    let mut all: Vec<RecordedEvent> = Vec::new();
    loop {
        let after = all.last().map(|event| EventSort.position(event));
        let paging = Paging { sort: EventSort, descending, after, limit: PAGE };
        let page = db.store.audit().page(filter, paging).await.unwrap();
        let last = (page.len() as u64) < PAGE;
        all.extend(page);
        if last {
            return all;
        }
    }
}

pub async fn events_are_found_by_whatever_is_told_of_them(db: &Fixture) {
    db.store.audit().record((0..200).map(happened).collect()).await.unwrap();
    let mut all = db.store.audit().recent(500).await.unwrap();
    all.sort_by_key(|event| (event.at, event.id));
    for filter in filters() {
        let mut expected: Vec<_> = all.iter().filter(|event| matches(&filter, event)).cloned().collect();
        assert_eq!(paged(db, &filter, false).await, expected, "{filter:?}");
        let exported = db.store.audit().matching_after(&filter, 0, 500).await.unwrap();
        expected.reverse();
        assert_eq!(paged(db, &filter, true).await, expected, "{filter:?}");
        expected.sort_by_key(|event| event.id);
        assert_eq!(exported, expected, "{filter:?}");
    }
}

pub async fn an_event_is_read_by_its_number(db: &Fixture) {
    db.store.audit().record(vec![happened(1)]).await.unwrap();
    let event = db.store.audit().event(1).await.unwrap().unwrap();
    assert_eq!((event.name.as_str(), event.client_id.as_deref()), ("client_changed", None));
    assert_eq!(db.store.audit().event(2).await, Ok(None));
}

//! Whom events of the audit log name, and what was changed about somebody or something.

use super::entrance::{Administrator, path_of};
use super::{AUDIT, users};
use crate::pages::Words;
use crate::pages::console::{AuditLine, History, HistoryLine, Party, changes, what_was_done};
use actix_web::HttpResponse;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::Permission;
use signet_service::admin::Subject;
use signet_service::audit::RecordedEvent;
use std::collections::{BTreeMap, BTreeSet};
use url::form_urlencoded;

/// How many changes a history shows.
const CHANGES: u64 = 10;

/// The names of the people that events name, as far as the administrator may see people.
pub struct Known(BTreeMap<UserId, String>);

impl Known {
    /// Of these events.
    pub async fn of(
        administrator: &Administrator<'_>,
        events: &[RecordedEvent],
    ) -> Result<Self, HttpResponse> {
        let named = |event: &RecordedEvent| {
            let actor = event.actor.as_deref().and_then(|actor| actor.strip_prefix("user:"));
            [actor.map(UserId::from), event.user_id.as_deref().map(UserId::from)]
        };
        let ids: BTreeSet<UserId> = events.iter().flat_map(named).flatten().collect();
        users::names(administrator, ids).await.map(Self)
    }

    fn user(&self, administrator: &Administrator<'_>, id: &str) -> Party {
        let id = UserId::from(id);
        let (name, path) = match self.0.get(&id) {
            Some(name) => (name.clone(), users::path_of(&id, None)),
            None => (id.to_string(), beside("user", id.as_str())),
        };
        Party { words: None, name, url: Some(administrator.state.path(&path)) }
    }

    /// Whoever did it.
    fn actor(&self, administrator: &Administrator<'_>, actor: &str) -> Party {
        let itself = |words| Party { words: Some(words), name: String::new(), url: None };
        match actor.split_once(':') {
            Some(("user", id)) => self.user(administrator, id),
            Some(("client", id)) => client(administrator, id),
            _ => match actor {
                "command line" => itself(Words("actor-command-line")),
                "first start" => itself(Words("actor-first-start")),
                "server" => itself(Words("actor-server")),
                other => Party { words: None, name: other.to_owned(), url: None },
            },
        }
    }
}

fn client(administrator: &Administrator<'_>, id: &str) -> Party {
    let path = match administrator.actor.permissions().has(Permission::ClientsRead) {
        true => path_of(&ClientId::from(id), None),
        false => beside("client", id),
    };
    Party { words: None, name: id.to_owned(), url: Some(administrator.state.path(&path)) }
}

/// The events that a field of the filter finds.
pub fn beside(field: &str, value: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair(field, value).finish();
    format!("{AUDIT}?{query}")
}

/// An event as the list shows it.
pub fn event_line(administrator: &Administrator<'_>, event: &RecordedEvent, known: &Known) -> AuditLine {
    AuditLine {
        url: url_of(administrator, event),
        name: event.name.clone(),
        at: administrator.times().show(event.at),
        actor: event.actor.as_deref().map(|actor| known.actor(administrator, actor)),
        user: event.user_id.as_deref().map(|id| known.user(administrator, id)),
        client: event.client_id.as_deref().map(|id| client(administrator, id)),
        address: event.address.clone(),
        count: event.details["count"].as_i64().unwrap_or(1),
    }
}

fn url_of(administrator: &Administrator<'_>, event: &RecordedEvent) -> String {
    administrator.state.path(&format!("{AUDIT}/{}", event.id))
}

/// What was changed about something, and by whom; none for whoever may not read the audit log.
pub async fn history(
    administrator: &Administrator<'_>,
    subject: &Subject,
) -> Result<Option<History>, HttpResponse> {
    if !administrator.actor.permissions().has(Permission::AuditRead) {
        return Ok(None);
    }
    let admin = &administrator.state.service.admin;
    let events = administrator.taken(admin.history(&administrator.actor, subject, CHANGES).await)?;
    let known = Known::of(administrator, &events).await?;
    let line = |event: &RecordedEvent| HistoryLine {
        what: what_was_done(&event.name),
        url: url_of(administrator, event),
        at: administrator.times().show(event.at),
        actor: event.actor.as_deref().map(|actor| known.actor(administrator, actor)),
        changes: changes(&event.details),
    };
    let all = match subject {
        Subject::Client(id) => beside("client", id.as_str()),
        Subject::User(id) => beside("user", id.as_str()),
    };
    let all_url = administrator.state.path(&all);
    Ok(Some(History { lines: events.iter().map(line).collect(), all_url }))
}

//! The queue of mails.

use super::MAILS;
use super::entrance::{Administrator, below, either, enter};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::Words;
use crate::pages::console::{ConsoleAskMail, ConsoleMails, FateLink, MailLine};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::permission::Permission;
use signet_service::admin::{AdminError, MailFate, MailRecord, MailSort, PageRequest};
use url::form_urlencoded;

/// How many mails one page shows.
const ROWS: u64 = 50;
/// The lists that there are, the one that is shown first in front.
const FATES: [(&str, MailFate, Words); 3] = [
    ("waiting", MailFate::Waiting, Words("mails-waiting")),
    ("dead", MailFate::Dead, Words("mails-dead")),
    ("sent", MailFate::Sent, Words("mails-sent")),
];

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(list(&request, &state).await)
}

async fn list(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (MAILS.to_owned(), false)).await?;
    let asked = administrator.asked("state");
    let wanted = FATES.into_iter().find(|(name, ..)| asked == Some(name)).unwrap_or(FATES[0]);
    let request = PageRequest {
        sort: MailSort::QueuedAt,
        descending: true,
        cursor: administrator.asked("cursor").map(str::to_owned),
        limit: Some(ROWS),
    };
    let page = state.service.admin.mails(&administrator.actor, Some(wanted.1), &request).await;
    let page = administrator.taken(page)?;
    let writes = administrator.actor.permissions().has(Permission::MailsWrite);
    let link = |(name, fate, label): (&str, MailFate, Words)| FateLink {
        url: state.path(&address(&[("state", name)])),
        label,
        current: fate == wanted.1,
    };
    let further = |cursor: String| state.path(&address(&[("state", wanted.0), ("cursor", &cursor)]));
    let (frame, form) = administrator.to_change(Permission::MailsWrite).await?;
    Ok(administrator.show(&ConsoleMails {
        frame,
        fates: FATES.into_iter().map(link).collect(),
        mails: page.items.into_iter().map(|mail| line(&administrator, mail, writes)).collect(),
        next_url: page.next_cursor.map(further),
        form,
    }))
}

fn line(administrator: &Administrator<'_>, mail: MailRecord, writes: bool) -> MailLine {
    let url = writes.then(|| administrator.state.path(&path_of(&mail.id)));
    MailLine::of(mail, administrator.times(), url)
}

/// `POST`: has a mail sent again.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (MAILS.to_owned(), true)).await?;
        let sent = administrator.sent(&request, payload).await?;
        administrator
            .taken(administrator.actor.must_have(Permission::MailsWrite).map_err(AdminError::from))?;
        let Some(id) = sent.fields.get("again") else { return Err(administrator.no_choice()) };
        administrator.taken(state.service.admin.send_mail_again(&administrator.actor, id).await)?;
        Ok(administrator.redirect(&address(&[("done", "mail-again")])))
    };
    either(page.await)
}

/// `GET`: asks before a mail is given up.
pub async fn ask(request: HttpRequest, id: Path<String>, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (path_of(&id), true)).await?;
        let may = administrator.actor.must_have(Permission::MailsWrite);
        administrator.taken(may.map_err(AdminError::from))?;
        let mail = administrator.taken(state.service.admin.mail(&administrator.actor, &id).await)?;
        Ok(administrator.show(&ConsoleAskMail {
            frame: administrator.frame(),
            form: administrator.form()?,
            mail: MailLine::of(mail, administrator.times(), None),
            back_url: state.path(MAILS),
        }))
    };
    either(page.await)
}

/// `POST`: gives it up.
pub async fn give_up(
    request: HttpRequest,
    id: Path<String>,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (path_of(&id), true)).await?;
        administrator.sent(&request, payload).await?;
        administrator.taken(state.service.admin.give_up_mail(&administrator.actor, &id).await)?;
        Ok(administrator.redirect(&address(&[("state", "dead"), ("done", "mail-given-up")])))
    };
    either(page.await)
}

fn address(query: &[(&str, &str)]) -> String {
    format!("{MAILS}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish())
}

/// The path of the page that asks before a mail is given up.
fn path_of(id: &str) -> String {
    below(MAILS, [id, "give-up"])
}

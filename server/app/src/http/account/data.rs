//! A person takes their data along.

use super::entrance::{Answered, enter};
use super::{DATA, DELETE, EXPORT};
use crate::http::State;
use crate::http::answer::{JSON, no_store};
use crate::pages::account::AccountData;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::{self, Stream};
use serde_json::{Map, Value};
use signet_service::StoreError;
use signet_service::authorize::Present;

const FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"account.json\"");

/// `GET` of the page.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    show(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn show(request: &HttpRequest, state: &State) -> Answered {
    let visitor = enter(request, state, &DATA).await?;
    Ok(visitor.show(&AccountData {
        frame: visitor.frame(),
        export_url: state.path(EXPORT.path),
        delete_url: state.path(DELETE.path),
        grace_days: state.service.account.grace_days(),
    }))
}

/// `GET` of the data.
pub async fn export(request: HttpRequest, state: Data<State>) -> HttpResponse {
    download(&request, &state).await.unwrap_or_else(|instead| instead)
}

async fn download(request: &HttpRequest, state: &Data<State>) -> Answered {
    let visitor = enter(request, state, &EXPORT).await?;
    let origin = &visitor.browser.viewer().origin;
    let found = state.service.account.export(&visitor.present, origin).await;
    let data = found.map_err(|why| visitor.not_done(&why))?;
    let written = written(data, state.clone(), visitor.present);
    let mut response = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, JSON))
        .insert_header((CONTENT_DISPOSITION, FILE))
        .streaming(written);
    no_store(&mut response);
    Ok(response)
}

/// How far the file is written.
enum Written {
    /// Not at all.
    Nothing(Map<String, Value>),
    /// Up to the event with this number.
    Events(Option<i64>),
    /// To its end.
    All,
}

/// The file, read as fast as it is taken: the events may be many.
fn written(
    data: Map<String, Value>,
    state: Data<State>,
    present: Present,
) -> impl Stream<Item = Result<Bytes, StoreError>> {
    stream::try_unfold((Written::Nothing(data), state, present), async |(so_far, state, present)| {
        let (text, next) = match so_far {
            Written::Nothing(data) => {
                let text = Value::Object(data).to_string();
                let open = text.strip_suffix('}').unwrap_or(&text);
                (format!("{open},\"events\":["), Written::Events(None))
            }
            Written::Events(before) => {
                let (events, last) = state.service.account.exported_events(&present, before).await?;
                match last {
                    Some(_) => (list(&events, before.is_none()), Written::Events(last)),
                    None => ("]}\n".to_owned(), Written::All),
                }
            }
            Written::All => return Ok(None),
        };
        Ok(Some((Bytes::from(text), (next, state, present))))
    })
}

fn list(events: &[Value], first: bool) -> String {
    let text = events.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
    if first { text } else { format!(",\n{text}") }
}

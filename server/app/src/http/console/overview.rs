//! The overview.

use super::OVERVIEW;
use super::entrance::{either, enter};
use crate::http::State;
use crate::http::visitor::Answered;
use crate::pages::console::{
    Chart, ConsoleOverview, FateLink, KeyLine, NodeLine, back_words, redis_words, warnings,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_service::admin::Back;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    either(show(&request, &state).await)
}

async fn show(request: &HttpRequest, state: &State) -> Answered {
    let administrator = enter(request, state, (OVERVIEW.to_owned(), false)).await?;
    let back = administrator.asked("back").and_then(Back::named).unwrap_or_default();
    let overview = administrator.taken(state.service.admin.overview(&administrator.actor, back).await)?;
    let times = administrator.times();
    let link = |other: Back| FateLink {
        url: state.path(&format!("{OVERVIEW}?back={}", other.as_str())),
        label: back_words(other),
        current: other == back,
    };
    let (redis, redis_away) = redis_words(overview.counting);
    Ok(administrator.show(&ConsoleOverview {
        frame: administrator.frame(),
        examined: overview.examined.as_ref().map(|examined| times.show(examined.at)),
        warnings: overview.examined.map(|examined| warnings(examined.findings)).unwrap_or_default(),
        backs: Back::ALL.into_iter().map(link).collect(),
        charts: overview
            .courses
            .iter()
            .map(|course| Chart::of(course, overview.token_issue, times))
            .collect(),
        keys: overview.keys.into_iter().map(|key| KeyLine::of(key, times, None)).collect(),
        nodes: overview.nodes.into_iter().map(|node| NodeLine::of(node, times)).collect(),
        database_millis: overview.database_millis,
        redis,
        redis_away,
    }))
}

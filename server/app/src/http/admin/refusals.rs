//! `/refusals`: why requests were refused.

use super::caller::{Caller, named};
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use crate::http::State;
use crate::pages::{Pages, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;
use signet_protocol::id::{ClientId, RequestId};
use signet_service::admin::{KeptRefusal, Page, RefusalSort};
use utoipa::ToSchema;

const SORTS: [(&str, RefusalSort); 1] = [("at", RefusalSort::Id)];

/// Why a request was refused.
#[derive(Serialize, ToSchema)]
pub struct RefusalAnswer {
    /// The request's name, as its answer showed it.
    request_id: String,
    /// When it came (RFC 3339).
    at: String,
    /// Its method, and the route that answered it.
    endpoint: String,
    /// The HTTP status of the answer.
    status: u16,
    /// What the caller was told: the standard's code.
    error: String,
    /// What the log says beside it.
    reason: String,
    /// The rule that was broken. A node of a later version may name one that this one does not know.
    rule: String,
    /// What this rule wants.
    about: String,
    /// The clause of the standard; null: the rule is not known to this version.
    clause: Option<&'static str>,
    /// How it can be mended.
    mend: String,
    /// What would have been right: any of these.
    expected: Vec<String>,
    /// What came, without what may be a secret.
    came: Option<String>,
    /// Where an address that came first differs from the nearest of the expected ones.
    difference: Option<DifferenceAnswer>,
    /// The client, if it was one of this server's.
    client_id: Option<String>,
    /// The network address that it came from.
    address: Option<String>,
    /// How many more like it came within the same minute and are not kept one by one.
    alike: u64,
}

/// Where what came and what was expected begin to differ.
#[derive(Serialize, ToSchema)]
pub struct DifferenceAnswer {
    /// What both begin with.
    same: String,
    /// How the expected one goes on.
    expected: String,
    /// How the one that came goes on.
    came: String,
}

/// A page of the refusals.
#[derive(Serialize, ToSchema)]
pub struct RefusalPage {
    /// The refusals.
    items: Vec<RefusalAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

/// A refusal as the API tells it.
pub fn explained(pages: &Pages, kept: KeptRefusal) -> RefusalAnswer {
    let KeptRefusal { refused, alike, .. } = kept;
    let rule = refused.rule;
    let difference = refused.evidence.difference().filter(|_| rule.compares());
    RefusalAnswer {
        request_id: refused.request_id.to_string(),
        at: told(refused.at),
        endpoint: refused.endpoint,
        status: refused.status,
        error: refused.code,
        reason: refused.reason,
        rule: rule.name().to_owned(),
        about: pages.said(Words(rule.about())),
        clause: rule.clause(),
        mend: pages.said(Words(rule.mend())),
        difference: difference.map(|difference| DifferenceAnswer {
            same: difference.same.to_owned(),
            expected: difference.expected.to_owned(),
            came: difference.came.to_owned(),
        }),
        client_id: refused.evidence.client_id.as_ref().map(ToString::to_string),
        expected: refused.evidence.expected,
        came: refused.evidence.came,
        address: refused.address.map(|address| address.to_string()),
        alike,
    }
}

/// List refusals
///
/// Requests that were refused in the last days, as far as they are kept. Addresses and methods that nothing answers are
/// explained by their requests and not listed.
#[utoipa::path(
    get,
    path = "/refusals",
    tag = "refusals",
    operation_id = "listRefusals",
    params(
        ("client_id" = Option<String>, Query, description = "Only this client's."),
        ("sort" = Option<String>, Query, description = "at (the default); with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = RefusalPage)),
    security(("signet" = ["signet:audit:read"])),
)]
pub async fn list(caller: Caller, state: Data<State>) -> Result<HttpResponse, Problem> {
    let query = caller.query(&["client_id", "sort", "limit", "cursor"])?;
    let client = query.filter("client_id")?.map(ClientId::new);
    let request = query.page(&SORTS)?;
    let page = caller.admin().refusals(&caller.actor, client.as_ref(), &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(|kept| explained(&state.pages, kept)).collect();
    Ok(answer(StatusCode::OK, &RefusalPage { items, next_cursor }))
}

/// Explain a refusal
///
/// By the `request_id` that every error page and every error answer shows.
#[utoipa::path(
    get,
    path = "/refusals/{request_id}",
    tag = "refusals",
    operation_id = "explainRefusal",
    params(("request_id" = String, Path, description = "The request's name.")),
    responses(
        (status = 200, description = "Why.", body = RefusalAnswer),
        (status = 404, description = "Nothing is kept of a request of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:audit:read"])),
)]
pub async fn read(
    caller: Caller,
    state: Data<State>,
    request_id: Path<String>,
) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let request_id = RequestId::new(named(&caller, request_id.into_inner(), "refusal")?);
    let kept = caller.admin().refusal(&caller.actor, &request_id).await;
    Ok(answer(StatusCode::OK, &explained(&state.pages, kept.map_err(|error| caller.refuse(error))?)))
}

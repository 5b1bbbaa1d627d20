//! `/overview`: how the deployment is, at one look.

use super::caller::Caller;
use super::keys::KeyAnswer;
use super::problem::Problem;
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use signet_service::admin::{Back, Course, Node};
use signet_service::doctor::Finding;
use utoipa::ToSchema;

/// How the deployment is.
#[derive(Serialize, ToSchema)]
pub struct OverviewAnswer {
    /// `sign_ins`, `tokens`, `failures` and `limited`: what happened how often.
    courses: Vec<CourseAnswer>,
    /// The signing keys that are used now, and those that come next; none without `signet:keys:read`.
    keys: Vec<KeyAnswer>,
    /// The processes that serve.
    nodes: Vec<NodeAnswer>,
    /// How long the database took to answer, in milliseconds.
    database_millis: i64,
    /// Where limits are counted: `redis`, `in-process`, `in-process, redis is away`, or `off`.
    limits: &'static str,
    /// How tokens are recorded that clients get for themselves: `durable`, `batched` or `off`. With `off` the course `tokens`
    /// does not count them.
    token_issue: &'static str,
    /// When everything was looked at (RFC 3339), at most a minute ago unless that takes long; null: it is under way for the
    /// first time.
    examined_at: Option<String>,
    /// What was found.
    findings: Vec<FindingAnswer>,
}

/// What happened how often.
#[derive(Serialize, ToSchema)]
pub struct CourseAnswer {
    /// What.
    what: &'static str,
    /// How often altogether.
    total: u64,
    /// In each minute, hour or day, the oldest first.
    counts: Vec<CountAnswer>,
}

/// How often, since when.
#[derive(Serialize, ToSchema)]
pub struct CountAnswer {
    /// When the minute, hour or day began (RFC 3339).
    begins_at: String,
    /// How often.
    count: u64,
}

/// A process that serves.
#[derive(Serialize, ToSchema)]
pub struct NodeAnswer {
    /// What names it, made anew with each start.
    id: String,
    /// Where it listens.
    address: String,
    /// The version of the server.
    version: String,
    /// When it was started (RFC 3339).
    started_at: String,
    /// When it last said that it is there (RFC 3339).
    seen_at: String,
    /// How many events it holds in its memory because it cannot write them.
    unwritten: u64,
}

/// Something that was looked at.
#[derive(Serialize, ToSchema)]
pub struct FindingAnswer {
    /// What, in a word.
    subject: String,
    /// `ok`, `weak` or `bad`.
    condition: &'static str,
    /// What was found, and how to mend it.
    text: String,
}

impl From<Course> for CourseAnswer {
    fn from(course: Course) -> Self {
        let count = |(begins_at, count)| CountAnswer { begins_at: told(begins_at), count };
        Self {
            what: course.what.as_str(),
            total: course.total(),
            counts: course.counts.into_iter().map(count).collect(),
        }
    }
}

impl From<Node> for NodeAnswer {
    fn from(node: Node) -> Self {
        let Node { id, address, version, started_at, seen_at, unwritten } = node;
        Self { id, address, version, started_at: told(started_at), seen_at: told(seen_at), unwritten }
    }
}

impl From<Finding> for FindingAnswer {
    fn from(Finding { subject, condition, text }: Finding) -> Self {
        Self { subject, condition: condition.as_str(), text }
    }
}

/// Look at the deployment
///
/// What happens how often, the keys, the processes that serve, and what should be mended.
#[utoipa::path(
    get,
    path = "/overview",
    tag = "overview",
    operation_id = "overview",
    params(("back" = Option<String>, Query, description = "hour (by the minute), day (by the hour; the default) or month (thirty days).")),
    responses((status = 200, description = "How it is.", body = OverviewAnswer)),
    security(("signet" = ["signet:settings:read"])),
)]
pub async fn read(caller: Caller) -> Result<HttpResponse, Problem> {
    let back = match caller.query(&["back"])?.text("back")? {
        None => Back::default(),
        Some(name) => Back::named(name).ok_or_else(|| caller.fault("back", "must be hour, day or month"))?,
    };
    let overview = caller.admin().overview(&caller.actor, back).await;
    let overview = overview.map_err(|error| caller.refuse(error))?;
    let examined_at = overview.examined.as_ref().map(|examined| told(examined.at));
    let findings = overview.examined.map(|examined| examined.findings).unwrap_or_default();
    Ok(answer(
        StatusCode::OK,
        &OverviewAnswer {
            courses: overview.courses.into_iter().map(CourseAnswer::from).collect(),
            keys: overview.keys.into_iter().map(KeyAnswer::from).collect(),
            nodes: overview.nodes.into_iter().map(NodeAnswer::from).collect(),
            database_millis: overview.database_millis,
            limits: overview.counting.as_str(),
            token_issue: overview.token_issue.as_str(),
            examined_at,
            findings: findings.into_iter().map(FindingAnswer::from).collect(),
        },
    ))
}

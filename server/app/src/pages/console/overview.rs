//! The overview: what happens how often, and what should be mended.

use super::{ConsoleFrame, FateLink, KeyLine};
use crate::pages::{Page, Times, When, Words};
use serde::Serialize;
use signet_service::admin::{Back, Counted, Counting, Course, Node};
use signet_service::audit::TokenIssue;
use signet_service::doctor::{Condition, Finding};

/// How wide a chart is, in units of its own.
const WIDTH: u64 = 600;
/// How high its highest bar is.
const HEIGHT: u64 = 100;

/// Shows how the deployment is: charts `#chart-NAME`, each with its numbers as a table.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleOverview {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// What should be mended.
    pub warnings: Vec<FindingLine>,
    /// When everything was looked at; none: that is under way for the first time.
    pub examined: Option<When>,
    /// The ways to other stretches of time.
    pub backs: Vec<FateLink>,
    /// What happens how often.
    pub charts: Vec<Chart>,
    /// The signing keys that are used now, and those that come next.
    pub keys: Vec<KeyLine>,
    /// The processes that serve.
    pub nodes: Vec<NodeLine>,
    /// How long the database took to answer, in milliseconds.
    pub database_millis: i64,
    /// What Redis does.
    pub redis: Words,
    /// Whether that is bad.
    pub redis_away: bool,
}

impl Page for ConsoleOverview {
    const TEMPLATE: &'static str = "console/overview.html";
}

/// Something that should be mended.
#[derive(Clone, Debug, Serialize)]
pub struct FindingLine {
    /// What was looked at.
    pub subject: String,
    /// What was found, and how to mend it, in the doctor's words.
    pub text: String,
    /// Whether the server does not run with it.
    pub bad: bool,
}

/// Those that are not as they should be.
pub fn warnings(findings: Vec<Finding>) -> Vec<FindingLine> {
    let wrong = findings.into_iter().filter(|finding| finding.condition != Condition::Good);
    wrong
        .map(|Finding { subject, condition, text }| FindingLine {
            subject,
            text,
            bad: condition == Condition::Bad,
        })
        .collect()
}

/// A process that serves.
#[derive(Clone, Debug, Serialize)]
pub struct NodeLine {
    /// Where it listens.
    pub address: String,
    /// Its version.
    pub version: String,
    /// Since when.
    pub since: When,
    /// How many events it holds in its memory because it cannot write them.
    pub unwritten: u64,
}

impl NodeLine {
    /// Of a process.
    pub fn of(node: Node, times: Times) -> Self {
        let Node { address, version, started_at, unwritten, .. } = node;
        Self { address, version, since: times.show(started_at), unwritten }
    }
}

/// What the way to a stretch of time is called.
pub const fn back_words(back: Back) -> Words {
    match back {
        Back::Hour => Words("back-hour"),
        Back::Day => Words("back-day"),
        Back::Month => Words("back-month"),
    }
}

/// What Redis does, and whether it ought to do more.
pub const fn redis_words(counting: Counting) -> (Words, bool) {
    match counting {
        Counting::Off => (Words("redis-off"), true),
        Counting::InProcess => (Words("redis-none"), false),
        Counting::InRedis => (Words("redis-answers"), false),
        Counting::WithoutRedis => (Words("redis-away"), true),
    }
}

/// How often something happened, as bars.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// Its name.
    pub name: &'static str,
    /// What happened.
    pub title: Words,
    /// What is not counted in it.
    pub without: Option<Words>,
    /// How often altogether.
    pub total: u64,
    /// How often in the span with most of it.
    pub most: u64,
    /// A bar for each span.
    pub bars: Vec<Bar>,
}

/// A bar, in the chart's own units.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    /// Where it begins.
    pub x: u64,
    /// Where its top is.
    pub y: u64,
    /// How wide it is.
    pub width: u64,
    /// How high it is.
    pub height: u64,
    /// When its span began.
    pub at: When,
    /// How often.
    pub count: u64,
}

impl Chart {
    /// Of a course.
    pub fn of(course: &Course, token_issue: TokenIssue, times: Times) -> Self {
        let many = u64::try_from(course.counts.len()).unwrap_or(1).max(1);
        let most = course.counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let step = WIDTH / many;
        let bar = |(place, (at, count)): (u64, &(_, u64))| {
            // What happened at all is seen.
            let height = if *count == 0 { 0 } else { (count.saturating_mul(HEIGHT) / most.max(1)).max(2) };
            let width = step.saturating_sub(2).max(1);
            Bar { x: place * step, y: HEIGHT - height, width, height, at: times.show(*at), count: *count }
        };
        Self {
            name: course.what.as_str(),
            title: match course.what {
                Counted::SignIns => Words("chart-sign-ins"),
                Counted::Tokens => Words("chart-tokens"),
                Counted::Failures => Words("chart-failures"),
                Counted::Limited => Words("chart-limited"),
            },
            without: (course.what == Counted::Tokens && token_issue == TokenIssue::Off)
                .then_some(Words("chart-without-own-tokens")),
            total: course.total(),
            most,
            bars: (0..).zip(&course.counts).map(bar).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_protocol::environment::Moment;

    #[test]
    fn the_highest_bar_fills_the_chart_and_what_happened_at_all_is_seen() {
        let at = Moment::UNIX_EPOCH;
        let course = Course { what: Counted::Tokens, counts: vec![(at, 0), (at, 1), (at, 1_000_000)] };
        let chart = Chart::of(&course, TokenIssue::Batched, Times::of(None, at));
        let heights: Vec<_> = chart.bars.iter().map(|bar| (bar.x, bar.y, bar.height)).collect();
        assert_eq!(heights, [(0, 100, 0), (200, 98, 2), (400, 0, 100)]);
        assert_eq!((chart.total, chart.most), (1_000_001, 1_000_000));
    }
}

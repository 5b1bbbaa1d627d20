//! How the deployment is, at one look: what happens how often, the keys, the processes that serve, what they stand on, and what
//! should be mended. Nothing of it is counted when it is looked at.

use super::{Actor, Admin, AdminError};
use crate::audit::TokenIssue;
use crate::doctor::Examined;
use crate::keys::KeyStatus;
use crate::limits::Counting;
use crate::nodes::present;
use chrono::TimeDelta;
use signet_protocol::environment::Moment;
use signet_protocol::permission::Permission;
use signet_store::{Counted, KeyPurpose, Node, Span};

/// How far back somebody looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Back {
    /// An hour, by the minute.
    Hour,
    /// A day, by the hour.
    #[default]
    Day,
    /// Thirty days, by the day.
    Month,
}

impl Back {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Month];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|back| back.as_str() == name)
    }

    /// How many spans of which length it is looked at in.
    const fn spans(self) -> (Span, usize) {
        match self {
            Self::Hour => (Span::Minute, 60),
            Self::Day => (Span::Hour, 24),
            Self::Month => (Span::Day, 30),
        }
    }
}

/// How often something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// What.
    pub what: Counted,
    /// In each span, the oldest first: when it began, and how often.
    pub counts: Vec<(Moment, u64)>,
}

impl Course {
    /// How often altogether.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// How the deployment is.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What happened how often.
    pub courses: Vec<Course>,
    /// The signing keys that are used now, and those that come next.
    pub keys: Vec<KeyStatus>,
    /// The processes that serve.
    pub nodes: Vec<Node>,
    /// How long the database took to answer, in milliseconds.
    pub database_millis: i64,
    /// Where limits are counted: in Redis, or without it.
    pub counting: Counting,
    /// How tokens are recorded, and with that counted, that clients get for themselves.
    pub token_issue: TokenIssue,
    /// What was looked at; none: that is under way for the first time.
    pub examined: Option<Examined>,
}

impl Admin {
    /// How the deployment is. Whoever may not see keys sees none here.
    pub async fn overview(&self, actor: &Actor, back: Back) -> Result<Overview, AdminError> {
        actor.must_have(Permission::SettingsRead)?;
        let (server, now) = (self.server()?, self.clock.now());
        let asked = std::time::Instant::now();
        self.store.clock().await?;
        let database_millis = i64::try_from(asked.elapsed().as_millis()).unwrap_or(i64::MAX);
        let (courses, nodes, keys, examined) = tokio::join!(
            self.courses(back, now),
            present(&self.store, now),
            server.keys.list(),
            server.doctor.findings(&self.clock)
        );
        let mut keys: Vec<KeyStatus> = match actor.permissions().has(Permission::KeysRead) {
            true => keys?,
            false => Vec::new(),
        };
        keys.retain(|key| key.row.purpose == KeyPurpose::Jwt && matches!(key.state, "current" | "next"));
        keys.sort_by(|a, b| (&a.row.alg, a.row.activates_at).cmp(&(&b.row.alg, b.row.activates_at)));
        Ok(Overview {
            courses: courses?,
            keys,
            nodes: nodes?,
            database_millis,
            counting: server.limits.counting(),
            token_issue: server.settings.token_issue,
            examined,
        })
    }

    async fn courses(&self, back: Back, now: Moment) -> Result<Vec<Course>, AdminError> {
        let (span, many) = back.spans();
        let length = span.millis();
        let present = now.timestamp_millis() - now.timestamp_millis().rem_euclid(length);
        let last = Moment::from_timestamp_millis(present).unwrap_or(now);
        let begins: Vec<Moment> = (0..many)
            .rev()
            .map(|spans| last - TimeDelta::milliseconds(length * i64::try_from(spans).unwrap_or(0)))
            .collect();
        let found = self.store.event_counts().since(span, *begins.first().unwrap_or(&last)).await?;
        let course = |what: Counted| {
            let of = |begins_at: &Moment| {
                let counted = found.iter().find(|count| count.what == what && count.begins_at == *begins_at);
                (*begins_at, counted.map_or(0, |count| count.count))
            };
            Course { what, counts: begins.iter().map(of).collect() }
        };
        Ok(Counted::ALL.into_iter().map(course).collect())
    }
}

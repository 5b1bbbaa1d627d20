//! How often things happen: counted by the minute, the hour and the day, together with the seal over the events that are
//! counted, so that each counts once, whatever node recorded it.

use crate::Store;
use crate::column::{count, millis, moment};
use crate::entity::event_count::{Column, Entity};
use crate::error::StoreError;
use sea_orm::sea_query::IntoCondition;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, Statement,
};
use serde::Deserialize;
use signet_protocol::environment::Moment;
use std::collections::BTreeMap;

/// How long is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// A minute; kept for two hours.
    Minute,
    /// An hour; kept for two days.
    Hour,
    /// A day (UTC); kept for forty.
    Day,
}

impl Span {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// How long it is, in milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    /// For how long it is kept, in milliseconds.
    const fn kept(self) -> i64 {
        match self {
            Self::Minute => 2 * Self::Hour.millis(),
            Self::Hour => 2 * Self::Day.millis(),
            Self::Day => 40 * Self::Day.millis(),
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// Sign-ins that succeeded.
    SignIns,
    /// Tokens that were issued.
    Tokens,
    /// Sign-ins, second factors and client authentication that failed.
    Failures,
    /// What a limit held back.
    Limited,
}

impl Counted {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::SignIns, Self::Tokens, Self::Failures, Self::Limited];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign_ins",
            Self::Tokens => "tokens",
            Self::Failures => "failures",
            Self::Limited => "limited",
        }
    }

    /// What an event of this name counts for, if for anything.
    fn of(event: &str) -> Option<Self> {
        match event {
            "sign_in_succeeded" => Some(Self::SignIns),
            "token_issued" => Some(Self::Tokens),
            "sign_in_failed" | "factor_refused" | "client_authentication_failed" => Some(Self::Failures),
            "limited" | "sign_in_limited" => Some(Self::Limited),
            _ => None,
        }
    }
}

/// What one event counts for, and for how many it stands.
pub(crate) fn counted(event: &str, details: &str) -> Option<(Counted, u32)> {
    #[derive(Deserialize)]
    struct Many {
        count: Option<u32>,
    }
    let what = Counted::of(event)?;
    // What is not readable happened all the same.
    let many = serde_json::from_str::<Many>(details).ok().and_then(|many| many.count);
    Some((what, many.unwrap_or(1)))
}

/// So many of something, at a moment in milliseconds since 1970.
pub type Tally = (i64, Counted, u32);

/// What was counted.
#[derive(Clone, Copy, Debug)]
pub struct EventCounts<'a>(pub(crate) &'a Store);

/// How often something happened in a span that began at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCount {
    /// When the span began.
    pub begins_at: Moment,
    /// What happened.
    pub what: Counted,
    /// How often.
    pub count: u64,
}

impl EventCounts<'_> {
    /// What was counted in spans of one length that began at a moment or later, in their order.
    pub async fn since(self, span: Span, from: Moment) -> Result<Vec<EventCount>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Span.eq(span.millis()))
            .filter(Column::BeginsAt.gte(millis(from)))
            .order_by_asc(Column::BeginsAt)
            .all(self.0.reads())
            .await?;
        let known = rows.into_iter().filter_map(|row| {
            let what = Counted::ALL.into_iter().find(|what| what.as_str() == row.kind)?;
            Some((row, what))
        });
        let told = known.map(|(row, what)| {
            Ok(EventCount { begins_at: moment(row.begins_at)?, what, count: count(row.count)? })
        });
        told.collect()
    }
}

/// What these tallies add, by span, beginning and kind.
pub(crate) fn sums(tallies: &[Tally]) -> BTreeMap<(i64, i64, &'static str), i64> {
    let mut sums = BTreeMap::new();
    for (at, what, many) in tallies {
        for span in Span::ALL {
            let begins_at = at - at.rem_euclid(span.millis());
            *sums.entry((span.millis(), begins_at, what.as_str())).or_insert(0) += i64::from(*many);
        }
    }
    sums
}

/// Adds to what was counted, within a transaction.
pub(crate) async fn add(transaction: &DatabaseTransaction, tallies: &[Tally]) -> Result<(), StoreError> {
    const ADD: &str = "INSERT INTO event_counts (span, begins_at, kind, count) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (span, begins_at, kind) DO UPDATE SET count = event_counts.count + excluded.count";
    for ((span, begins_at, kind), many) in sums(tallies) {
        let values = [span.into(), begins_at.into(), kind.into(), many.into()];
        let backend = transaction.get_database_backend();
        transaction.execute_raw(Statement::from_sql_and_values(backend, ADD, values)).await?;
    }
    Ok(())
}

impl Store {
    /// Forgets spans that are over for long.
    pub(crate) async fn forget_counts(&self, now: Moment) -> Result<u64, StoreError> {
        let old = |span: Span| {
            let over = Column::BeginsAt.lt(millis(now) - span.kept());
            Column::Span.eq(span.millis()).into_condition().add(over)
        };
        let over = Span::ALL.into_iter().fold(Condition::any(), |any, span| any.add(old(span)));
        if Entity::find().filter(over.clone()).count(self.reads()).await? == 0 {
            return Ok(0);
        }
        self.write(over, |over, transaction| {
            Box::pin(async move {
                Ok(Entity::delete_many().filter(over.clone()).exec(transaction).await?.rows_affected)
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_counts_in_its_minute_its_hour_and_its_day() {
        let minute = Span::Minute.millis();
        let sums = sums(&[(1, Counted::Tokens, 2), (minute, Counted::Tokens, 3), (2, Counted::SignIns, 1)]);
        let of = |span: Span, begins_at, what: Counted| sums.get(&(span.millis(), begins_at, what.as_str()));
        assert_eq!(of(Span::Minute, 0, Counted::Tokens), Some(&2));
        assert_eq!(of(Span::Minute, minute, Counted::Tokens), Some(&3));
        assert_eq!(of(Span::Hour, 0, Counted::Tokens), Some(&5));
        assert_eq!(of(Span::Day, 0, Counted::SignIns), Some(&1));
    }

    #[test]
    fn an_event_stands_for_as_many_as_it_says() {
        assert_eq!(
            counted("token_issued", r#"{"event":"token_issued","count":7}"#),
            Some((Counted::Tokens, 7))
        );
        assert_eq!(counted("sign_in_succeeded", r#"{"amr":["pwd"]}"#), Some((Counted::SignIns, 1)));
        assert_eq!(counted("limited", "nonsense"), Some((Counted::Limited, 1)));
        assert_eq!(counted("key_created", "{}"), None);
    }
}

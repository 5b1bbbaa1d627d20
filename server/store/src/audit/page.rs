//! Reading the audit log by what an auditor looks for.
//!
//! Issued tokens are nearly all of it, and are kept apart in the indexes: a page is put together from theirs and from all
//! others. Of several things that are looked for, the rarest decides which rows are walked; the others only sort them out.

use super::{Audit, RecordedEvent, recorded};
use crate::column::millis;
use crate::entity::audit::{Column, Entity};
use crate::error::StoreError;
use crate::page::{Paging, Position, SortBy, SortKey};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, GrantId, RequestId, SessionId, UserId};
use std::collections::BTreeSet;

/// The name that most events have. The indexes are made for it.
const TOKENS: &str = "token_issued";
/// How a client is written as an actor.
const CLIENT: &str = "client:";
/// Rows of one thing are counted so far to find the rarest.
const COUNTED: u64 = 5_000;
/// So many ranges of row numbers are asked for in one statement.
const RANGES: usize = 64;

/// Which events are wanted; what is not told does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventFilter {
    /// Since then.
    pub from: Option<Moment>,
    /// Before then.
    pub to: Option<Moment>,
    /// With one of these names; none: with any.
    pub names: Vec<String>,
    /// By whom, as the log names them (`user:…`, `client:…`).
    pub actor: Option<String>,
    /// About this user.
    pub user: Option<UserId>,
    /// About this client.
    pub client: Option<ClientId>,
    /// About this session.
    pub sid: Option<SessionId>,
    /// About this grant.
    pub grant: Option<GrantId>,
    /// In this request.
    pub request: Option<RequestId>,
    /// From this address.
    pub address: Option<String>,
}

/// What events are sorted by: when they happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventSort;

impl EventSort {
    /// Where an event stands in the list.
    pub fn position(self, event: &RecordedEvent) -> Position {
        Position { key: SortKey::Number(event.at.timestamp_millis()), id: event.id.to_string() }
    }
}

impl SortBy for EventSort {
    fn is_text(self) -> bool {
        false
    }
}

/// One half of the log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Tokens,
    Others,
}

/// Something that rows are looked for by.
struct Sought {
    column: Column,
    value: String,
    /// Whether an index finds by it.
    indexed: bool,
}

impl Half {
    /// Written as the indexes are, so that they serve.
    fn condition(self) -> Expr {
        Expr::cust(match self {
            Self::Tokens => "event = 'token_issued'",
            Self::Others => "event <> 'token_issued'",
        })
    }

    /// Whether such rows may be wanted. Tokens are issued by nobody's doing but a client's.
    fn is_wanted(self, filter: &EventFilter) -> bool {
        let tokens = self == Self::Tokens;
        let named = filter.names.is_empty() || filter.names.iter().any(|name| (name == TOKENS) == tokens);
        let by_client = filter.actor.as_ref().is_none_or(|actor| actor.starts_with(CLIENT));
        named && (by_client || !tokens)
    }
}

impl Sought {
    fn condition(&self, served: bool) -> Expr {
        if served {
            self.column.eq(self.value.as_str())
        } else {
            unserved(self.column).eq(self.value.as_str())
        }
    }
}

/// A column that no index finds anything by.
fn unserved(column: Column) -> Expr {
    Func::coalesce([Expr::col(column), Expr::val("")]).into()
}

impl EventFilter {
    /// What is looked for in one half besides names and times, what is rare by itself first.
    fn sought(&self, half: Half) -> Vec<Sought> {
        let all = [
            (Column::RequestId, self.request.as_ref().map(RequestId::as_str)),
            (Column::GrantId, self.grant.as_ref().map(GrantId::as_str)),
            (Column::Sid, self.sid.as_ref().map(SessionId::as_str)),
            (Column::UserId, self.user.as_ref().map(UserId::as_str)),
            (Column::Actor, self.actor.as_deref()),
            (Column::ClientId, self.client_in(half)),
            (Column::Address, self.address.as_deref()),
        ];
        let sought = |(column, value): (Column, Option<&str>)| Sought {
            column,
            value: value.unwrap_or_default().to_owned(),
            indexed: half == Half::Others || !matches!(column, Column::Actor),
        };
        all.into_iter().filter(|(_, value)| value.is_some()).map(sought).collect()
    }

    /// A token is issued by the doing of the client that gets it: whoever looks for that actor looks for that client.
    fn client_in(&self, half: Half) -> Option<&str> {
        let actor = self.actor.as_deref().filter(|_| half == Half::Tokens);
        let own = actor.and_then(|actor| actor.strip_prefix(CLIENT));
        self.client.as_ref().map(ClientId::as_str).or(own)
    }

    fn times(&self) -> Condition {
        Condition::all()
            .add_option(self.from.map(|from| Column::At.gte(millis(from))))
            .add_option(self.to.map(|to| Column::At.lt(millis(to))))
    }

    /// Everything, in a way that no index serves: for reading the log from end to end.
    fn checked(&self) -> Condition {
        let at = || Expr::col(Column::At).add(0);
        let mut all = Condition::all()
            .add_option(self.from.map(|from| at().gte(millis(from))))
            .add_option(self.to.map(|to| at().lt(millis(to))))
            .add_option(self.named());
        for sought in self.sought(Half::Others) {
            all = all.add(sought.condition(false));
        }
        all
    }

    fn named(&self) -> Option<Expr> {
        (!self.names.is_empty()).then(|| unserved(Column::Event).is_in(self.names.clone()))
    }
}

impl Audit<'_> {
    /// A page of such events, by when they happened.
    pub async fn page(
        self,
        filter: &EventFilter,
        paging: Paging<EventSort>,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut found = Vec::new();
        for half in [Half::Tokens, Half::Others].into_iter().filter(|half| half.is_wanted(filter)) {
            found.extend(self.half(half, filter, &paging).await?);
        }
        found.sort_unstable_by_key(|event: &RecordedEvent| (event.at, event.id));
        if paging.descending {
            found.reverse();
        }
        found.truncate(usize::try_from(paging.limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// One event.
    pub async fn event(self, id: i64) -> Result<Option<RecordedEvent>, StoreError> {
        Entity::find_by_id(id).one(self.0.reads()).await?.map(recorded).transpose()
    }

    async fn half(
        self,
        half: Half,
        filter: &EventFilter,
        paging: &Paging<EventSort>,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let sought = filter.sought(half);
        let mut rows = Entity::find().filter(half.condition()).filter(filter.times());
        let names = match half {
            Half::Tokens => &[][..],
            Half::Others => &filter.names,
        };
        let way = self.rarest(&rows, &sought, names).await?;
        for (place, sought) in sought.iter().enumerate() {
            rows = rows.filter(sought.condition(matches!(way, Way::By(by) if by == place)));
        }
        if matches!(way, Way::Names) {
            let mut found = Vec::new();
            for name in names.iter().collect::<BTreeSet<_>>() {
                found
                    .extend(self.walked(rows.clone().filter(Column::Event.eq(name.as_str())), paging).await?);
            }
            return Ok(found);
        }
        let named = filter.named().filter(|_| !names.is_empty());
        self.walked(rows.filter(Condition::all().add_option(named)), paging).await
    }

    /// By which of the things that are looked for the fewest rows are to be walked.
    async fn rarest(
        self,
        rows: &Select<Entity>,
        sought: &[Sought],
        names: &[String],
    ) -> Result<Way, StoreError> {
        let indexed = || sought.iter().enumerate().filter(|(_, sought)| sought.indexed);
        let mut ways: Vec<_> = indexed().map(|(place, _)| Way::By(place)).collect();
        ways.extend((!names.is_empty()).then_some(Way::Names));
        if let [] | [_] = *ways {
            return Ok(ways.pop().unwrap_or(Way::Times));
        }
        let mut best = (u64::MAX, Way::Times);
        for way in ways {
            let count = match way {
                Way::Times => continue,
                Way::By(place) => self.counted(rows.clone().filter(sought[place].condition(true))).await?,
                Way::Names => self.counted(rows.clone().filter(Column::Event.is_in(names))).await?,
            };
            if count < best.0 {
                best = (count, way);
            }
        }
        Ok(best.1)
    }

    /// How many rows there are, as far as they are counted.
    async fn counted(self, rows: Select<Entity>) -> Result<u64, StoreError> {
        let rows = rows.select_only().column(Column::Id).limit(COUNTED);
        Ok(rows.into_tuple::<i64>().all(self.0.reads()).await?.len() as u64)
    }

    async fn walked(
        self,
        rows: Select<Entity>,
        paging: &Paging<EventSort>,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let rows = match &paging.after {
            Some(place) => rows.filter(after(place, paging.descending)),
            None => rows,
        };
        let rows = if paging.descending {
            rows.order_by_desc(Column::At).order_by_desc(Column::Id)
        } else {
            rows.order_by_asc(Column::At).order_by_asc(Column::Id)
        };
        rows.limit(paging.limit).all(self.0.reads()).await?.into_iter().map(recorded).collect()
    }

    /// The events with numbers in these rising ranges, both ends included, in their order.
    pub async fn within(self, ranges: &[(i64, i64)]) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut events = Vec::new();
        for ranges in ranges.chunks(RANGES) {
            let within = ranges.iter().fold(Condition::any(), |condition, (first, last)| {
                condition.add(Column::Id.between(*first, *last))
            });
            let rows = Entity::find().filter(within).order_by_asc(Column::Id).all(self.0.reads()).await?;
            events.extend(rows.into_iter().map(recorded).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(events)
    }

    /// Such events after the one with this number, oldest first, so many at most.
    pub async fn matching_after(
        self,
        filter: &EventFilter,
        id: i64,
        limit: u64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let rows = Entity::find()
            .filter(filter.checked())
            .filter(Column::Id.gt(id))
            .order_by_asc(Column::Id)
            .limit(limit);
        rows.all(self.0.reads()).await?.into_iter().map(recorded).collect()
    }
}

/// How rows are come by.
#[derive(Clone, Copy)]
enum Way {
    /// As they follow each other in time.
    Times,
    /// By their names.
    Names,
    /// By the thing at this place.
    By(usize),
}

/// What comes after a row. A place that is none is before everything.
fn after(place: &Position, descending: bool) -> Condition {
    let at = match place.key {
        SortKey::Number(at) => at,
        SortKey::Text(_) => 0,
    };
    beyond((at, place.id.parse().unwrap_or_default()), descending)
}

/// What comes after the row of this time and number.
pub(crate) fn beyond((at, id): (i64, i64), descending: bool) -> Condition {
    // An index finds by the first condition where the page begins.
    let (from, further, next) = if descending {
        (Column::At.lte(at), Column::At.lt(at), Column::Id.lt(id))
    } else {
        (Column::At.gte(at), Column::At.gt(at), Column::Id.gt(id))
    };
    Condition::all().add(from).add(Condition::any().add(further).add(next))
}

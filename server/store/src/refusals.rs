//! Why requests were refused. What is lost of it is lost: nothing depends on it.

use crate::Store;
use crate::column::{count, from_json, json, millis, moment, stored_count};
use crate::entity::refusal::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::page::{Paging, Position, SortBy, SortKey};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use signet_protocol::environment::Moment;
use signet_protocol::explanation::{Evidence, KeptRule, Rule};
use signet_protocol::id::{ClientId, RequestId};
use std::net::IpAddr;

/// A refused request.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedRequest {
    /// The request's name.
    pub request_id: RequestId,
    /// When.
    pub at: Moment,
    /// Method and route: never a path that was sent.
    pub endpoint: String,
    /// The HTTP status.
    pub status: u16,
    /// What the caller was told: the standard's code.
    pub code: String,
    /// The reason as the log has it.
    pub reason: String,
    /// The rule that was broken.
    pub rule: KeptRule,
    /// The network address that it came from.
    pub address: Option<IpAddr>,
    /// What was expected and what came.
    pub evidence: Evidence,
}

/// A refused request that was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRefusal {
    /// Rises with each one.
    pub id: i64,
    /// The request.
    pub refused: RefusedRequest,
    /// How many more like it came within the same minute and were not kept one by one.
    pub alike: u64,
}

/// What a list of them is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefusalSort {
    /// When they came.
    #[default]
    Id,
}

impl SortBy for RefusalSort {
    fn is_text(self) -> bool {
        false
    }
}

impl RefusalSort {
    /// Where one stands in a list.
    pub fn position(self, kept: &KeptRefusal) -> Position {
        Position { key: SortKey::Number(kept.id), id: kept.id.to_string() }
    }
}

/// Refused requests.
#[derive(Clone, Copy, Debug)]
pub struct Refusals<'a>(pub(crate) &'a Store);

impl Refusals<'_> {
    /// Keeps requests, and counts more that were like one that is kept.
    pub async fn keep(
        self,
        refused: Vec<RefusedRequest>,
        alike: Vec<(RequestId, u64)>,
    ) -> Result<(), StoreError> {
        self.0
            .write((refused, alike), |(refused, alike), transaction| {
                Box::pin(async move {
                    for refused in refused {
                        let twice = OnConflict::column(Column::RequestId).do_nothing().to_owned();
                        Entity::insert(row(refused)?)
                            .on_conflict(twice)
                            .exec_without_returning(transaction)
                            .await?;
                    }
                    for (request_id, more) in alike {
                        Entity::update_many()
                            .col_expr(Column::Alike, Expr::col(Column::Alike).add(stored_count(*more)?))
                            .filter(Column::RequestId.eq(request_id.as_str()))
                            .exec(transaction)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// The one of this request.
    pub async fn find(self, request_id: &RequestId) -> Result<Option<KeptRefusal>, StoreError> {
        let found = Entity::find().filter(Column::RequestId.eq(request_id.as_str()));
        found.one(self.0.reads()).await?.map(kept).transpose()
    }

    /// A page of them, newest last unless descending: a client's, or all but those of strays, which are found by their
    /// requests alone.
    pub async fn page(
        self,
        client_id: Option<&ClientId>,
        paging: Paging<RefusalSort>,
    ) -> Result<Vec<KeptRefusal>, StoreError> {
        let Paging { descending, after, limit, .. } = paging;
        // The number is its own tie-breaker, and a number on both sides.
        let beyond = after.and_then(|position| match position.key {
            SortKey::Number(id) if descending => Some(Column::Id.lt(id)),
            SortKey::Number(id) => Some(Column::Id.gt(id)),
            SortKey::Text(_) => None,
        });
        let mut found = Entity::find().limit(limit);
        if let Some(beyond) = beyond {
            found = found.filter(beyond);
        }
        found = match client_id {
            Some(client_id) => found.filter(Column::ClientId.eq(client_id.as_str())),
            None => found.filter(Column::Rule.is_not_in(strays())),
        };
        found = if descending { found.order_by_desc(Column::Id) } else { found.order_by_asc(Column::Id) };
        found.all(self.0.reads()).await?.into_iter().map(kept).collect()
    }

    /// Drops those that are older than `before`, and the oldest beyond the newest `most`; so many at a time at most. Gives
    /// how many went.
    pub async fn drop_old(self, before: Moment, most: u64, limit: u64) -> Result<u64, StoreError> {
        let newest_surplus = Entity::find()
            .select_only()
            .column(Column::Id)
            .order_by_desc(Column::Id)
            .offset(most)
            .limit(1)
            .into_tuple::<i64>()
            .one(self.0.reads())
            .await?;
        let over = Column::At.lt(millis(before)).or(Column::Id.lte(newest_surplus.unwrap_or(i64::MIN)));
        let oldest = Entity::find().select_only().column(Column::Id).filter(over).limit(limit);
        let ids: Vec<i64> = oldest.into_tuple().all(self.0.reads()).await?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.0
            .write(ids, |ids, transaction| {
                Box::pin(async move {
                    let these = Entity::delete_many().filter(Column::Id.is_in(ids.clone()));
                    Ok(these.exec(transaction).await?.rows_affected)
                })
            })
            .await
    }
}

/// The names of the rules that strays break.
fn strays() -> impl Iterator<Item = &'static str> {
    Rule::ALL.iter().filter(|rule| rule.is_of_strays()).map(|rule| rule.name())
}

fn row(refused: &RefusedRequest) -> Result<ActiveModel, StoreError> {
    Ok(ActiveModel {
        id: NotSet,
        request_id: Set(refused.request_id.as_str().to_owned()),
        at: Set(millis(refused.at)),
        endpoint: Set(refused.endpoint.clone()),
        status: Set(refused.status.into()),
        code: Set(refused.code.clone()),
        reason: Set(refused.reason.clone()),
        rule: Set(refused.rule.name().to_owned()),
        client_id: Set(refused.evidence.client_id.as_ref().map(ToString::to_string)),
        address: Set(refused.address.map(|address| address.to_string())),
        evidence: Set(json(&refused.evidence)?),
        alike: Set(0),
    })
}

fn kept(row: Model) -> Result<KeptRefusal, StoreError> {
    let corrupt = |what: &'static str| StoreError::Corrupt(what.into());
    Ok(KeptRefusal {
        id: row.id,
        alike: count(row.alike)?,
        refused: RefusedRequest {
            request_id: row.request_id.into(),
            at: moment(row.at)?,
            endpoint: row.endpoint,
            status: row.status.try_into().map_err(|_| corrupt("a refusal's status is none"))?,
            code: row.code,
            reason: row.reason,
            rule: KeptRule::named(row.rule),
            address: row.address.and_then(|address| address.parse().ok()),
            evidence: from_json(&row.evidence, "a refusal's evidence")?,
        },
    })
}

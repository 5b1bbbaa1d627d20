//! The processes that serve: each says from time to time that it is there.

use crate::Store;
use crate::column::{millis, moment};
use crate::entity::node::{Column, Entity, Model};
use crate::error::StoreError;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use signet_protocol::environment::Moment;

/// The processes that serve.
#[derive(Clone, Copy, Debug)]
pub struct Nodes<'a>(pub(crate) &'a Store);

/// A process that serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What names it, made anew with each start.
    pub id: String,
    /// Where it listens.
    pub address: String,
    /// The version of the server.
    pub version: String,
    /// When it was started.
    pub started_at: Moment,
    /// When it last said that it is there.
    pub seen_at: Moment,
    /// How many events it holds in its memory because it cannot write them.
    pub unwritten: u64,
}

impl Nodes<'_> {
    /// Those that said since a moment that they are there, in the order of their start.
    pub async fn since(self, moment: Moment) -> Result<Vec<Node>, StoreError> {
        let rows = Entity::find().filter(Column::SeenAt.gte(millis(moment)));
        let rows = rows.order_by_asc(Column::StartedAt).order_by_asc(Column::Id).all(self.0.reads()).await?;
        rows.into_iter().map(node).collect()
    }

    /// This one is there; those that did not say so since a moment are forgotten.
    pub async fn beat(self, node: &Node, gone: Moment) -> Result<(), StoreError> {
        let row = Model {
            id: node.id.clone(),
            address: node.address.clone(),
            version: node.version.clone(),
            started_at: millis(node.started_at),
            seen_at: millis(node.seen_at),
            unwritten: i64::try_from(node.unwritten).unwrap_or(i64::MAX),
        };
        self.0
            .write((row, gone), |(row, gone), transaction| {
                Box::pin(async move {
                    let said = [Column::SeenAt, Column::Unwritten];
                    let seen = OnConflict::column(Column::Id).update_columns(said).to_owned();
                    let beat = Entity::insert(row.clone().into_active_model()).on_conflict(seen);
                    beat.exec_without_returning(transaction).await?;
                    let others = Entity::delete_many().filter(Column::SeenAt.lt(millis(*gone)));
                    others.exec(transaction).await?;
                    Ok(())
                })
            })
            .await
    }

    /// This one goes.
    pub async fn leave(self, id: &str) -> Result<(), StoreError> {
        self.0
            .write(id.to_owned(), |id, transaction| {
                Box::pin(async move {
                    Entity::delete_by_id(id.as_str()).exec(transaction).await?;
                    Ok(())
                })
            })
            .await
    }
}

fn node(row: Model) -> Result<Node, StoreError> {
    Ok(Node {
        id: row.id,
        address: row.address,
        version: row.version,
        started_at: moment(row.started_at)?,
        seen_at: moment(row.seen_at)?,
        unwritten: u64::try_from(row.unwritten).unwrap_or_default(),
    })
}

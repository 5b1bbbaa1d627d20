//! A refused request.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refusals")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub request_id: String,
    pub at: i64,
    pub endpoint: String,
    pub status: i32,
    pub code: String,
    pub reason: String,
    pub rule: String,
    pub client_id: Option<String>,
    pub address: Option<String>,
    pub evidence: String,
    pub alike: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

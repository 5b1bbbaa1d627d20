//! A grant.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub handle: Vec<u8>,
    pub user_id: String,
    pub client_id: String,
    pub sid: String,
    pub offline: bool,
    pub authorization: String,
    pub refreshable: bool,
    pub created_at: i64,
    pub idle_expires_at: i64,
    pub expires_at: i64,
    pub access_token_expires_at: i64,
    pub generation: i64,
    pub refresh_key: String,
    pub rotated_at: i64,
    pub rotated_from: Option<String>,
    pub revoked_at: Option<i64>,
    pub revoked_because: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! A change of an email address that was asked for.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    pub sid: String,
    pub old_key: Option<String>,
    pub address_key: String,
    pub address: String,
    pub confirm_hash: Vec<u8>,
    pub confirmed_at: Option<i64>,
    pub approve_hash: Option<Vec<u8>>,
    pub approved_at: Option<i64>,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

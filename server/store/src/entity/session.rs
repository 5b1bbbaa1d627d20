//! A browser session.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sid: String,
    pub user_id: String,
    pub secret_hash: Vec<u8>,
    pub auth_time: i64,
    pub acr: String,
    pub amr: String,
    pub authenticated_in: Option<String>,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub idle_lifetime: i64,
    pub expires_at: i64,
    pub ended_at: Option<i64>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub second_step: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

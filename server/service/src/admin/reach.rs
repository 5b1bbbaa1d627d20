//! How far somebody reaches who is not there themselves: nobody may touch whoever may do more than they, or make anybody so.

use super::Admin;
use signet_protocol::permission::Permissions;
use signet_protocol::user::User;
use signet_store::StoreError;

impl Admin {
    /// What somebody may do, by the roles that they hold themselves and by their groups.
    pub(super) async fn reach_of(&self, user: &User) -> Result<Permissions, StoreError> {
        let book = self.store.roles().book().await?;
        let groups = self.store.groups().of(&user.id).await?;
        Ok(book.permissions(book.held(&user.roles, &groups).names()))
    }

    /// What roles let do.
    pub(super) async fn reach_of_roles(&self, roles: &[String]) -> Result<Permissions, StoreError> {
        let book = self.store.roles().book().await?;
        Ok(book.permissions(book.held(roles, &[]).names()))
    }
}

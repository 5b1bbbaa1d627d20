//! Whom a declaration means. It names people by what they sign in with, and whoever could make an account could have made one
//! of that name, with factors of their own: a file gives such an account nothing by which it could administer.

use super::plan::{Declared, MANAGED_BY};
use super::{Admin, ApplyError};
use signet_protocol::login::login_key;
use signet_protocol::permission::Permissions;
use signet_protocol::role::RoleBook;
use signet_store::StoreError;
use std::collections::BTreeMap;

impl Admin {
    /// Refuses a declaration by which an account that `apply` did not make would come to administer more than it does.
    pub(super) async fn check_adoption(&self, declared: &Declared) -> Result<(), ApplyError> {
        let book = self.book_with(declared).await?;
        for (key, (name, permissions)) in reaching(declared, &book) {
            let found = self.store.users().by_login(&name).await?;
            let Some(user) = found.filter(|user| login_key(&user.username) == key) else { continue };
            let record = self.store.users().record(&user.id).await?;
            if record.is_none_or(|record| record.managed_by.as_deref() == Some(MANAGED_BY)) {
                continue;
            }
            let present = self.reach_of(&user).await?;
            if let Some(gained) = permissions.iter().find(|permission| !present.has(*permission)) {
                return Err(ApplyError::Declaration(format!(
                    "user {name}: the account of this name was not made by `signet apply`, and would come to administer \
                     ({gained}): look whose it is, and give it its roles in the console or by the administration API first"
                )));
            }
        }
        Ok(())
    }

    /// Roles and groups as they will be.
    async fn book_with(&self, declared: &Declared) -> Result<RoleBook, StoreError> {
        let roles = self.store.roles().all().await?.into_iter().map(|known| known.item);
        let groups = self.store.groups().all().await?.into_iter().map(|known| known.item);
        let declared_groups = declared.groups.iter().map(|declared| declared.group.clone());
        Ok(RoleBook::new(roles.chain(declared.roles.iter().cloned()), groups.chain(declared_groups)))
    }
}

/// The people to whom the declaration gives something that lets administer: by the keys of their names, the names and what
/// they would be able to do.
fn reaching(declared: &Declared, book: &RoleBook) -> BTreeMap<String, (String, Permissions)> {
    let own = declared.users.iter().map(|user| (&user.username, &user.roles));
    let by_groups = declared
        .groups
        .iter()
        .flat_map(|declared| declared.members.iter().flatten().map(|member| (member, &declared.group.roles)));
    let mut all: BTreeMap<String, (String, Permissions)> = BTreeMap::new();
    for (name, roles) in own.chain(by_groups) {
        let permissions = book.permissions(roles);
        if !permissions.is_empty() {
            let entry = all.entry(login_key(name)).or_insert_with(|| (name.clone(), Permissions::NONE));
            entry.1 = entry.1.and(permissions);
        }
    }
    all
}

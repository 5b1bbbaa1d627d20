//! Whom a declaration means. It names people by what they sign in with, and whoever could make an account could have made one
//! of that name, with factors of their own; whoever could make a group or a role could have gone into it before a file makes
//! more of it. By a file only those come to administer whom a file made.

use super::plan::{Declared, MANAGED_BY};
use super::{Admin, ApplyError};
use signet_protocol::id::UserId;
use signet_protocol::login::login_key;
use signet_protocol::permission::Permissions;
use signet_protocol::role::RoleBook;
use signet_store::{Paging, StoreError, UserFilter, UserSort};
use std::collections::BTreeMap;

/// So many people are read at once.
const PEOPLE: u64 = 200;

/// People and what they would be able to do, by what the declaration gives.
type Reaching = BTreeMap<UserId, Permissions>;

impl Admin {
    /// Refuses a declaration by which an account that `apply` did not make would come to administer more than it does.
    pub(super) async fn check_adoption(&self, declared: &Declared) -> Result<(), ApplyError> {
        let book = self.book_with(declared).await?;
        let mut reaching = self.reaching_by_name(declared, &book).await?;
        self.add_present_members(declared, &book, &mut reaching).await?;
        self.add_present_holders(declared, &mut reaching).await?;
        for (id, permissions) in reaching {
            let Some(record) = self.store.users().record(&id).await? else { continue };
            if record.managed_by.as_deref() == Some(MANAGED_BY) {
                continue;
            }
            let present = self.reach_of(&record.item.user).await?;
            if let Some(gained) = permissions.iter().find(|permission| !present.has(*permission)) {
                return Err(ApplyError::Declaration(format!(
                    "user {}: the account of this name was not made by `signet apply`, and would come to administer \
                     ({gained}): look whose it is, and give it its roles in the console or by the administration API first",
                    record.item.user.username
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

    /// Those whom the declaration names.
    async fn reaching_by_name(&self, declared: &Declared, book: &RoleBook) -> Result<Reaching, StoreError> {
        let own = declared.users.iter().map(|user| (&user.username, &user.roles));
        let by_groups = declared.groups.iter().flat_map(|declared| {
            declared.members.iter().flatten().map(|member| (member, &declared.group.roles))
        });
        let mut reaching = Reaching::new();
        for (name, roles) in own.chain(by_groups) {
            let permissions = book.permissions(roles);
            if permissions.is_empty() {
                continue;
            }
            let found = self.store.users().by_login(name).await?;
            if let Some(user) = found.filter(|user| login_key(&user.username) == login_key(name)) {
                add(&mut reaching, user.id, permissions);
            }
        }
        Ok(reaching)
    }

    /// Those who are in a group already whose members the declaration leaves alone.
    async fn add_present_members(
        &self,
        declared: &Declared,
        book: &RoleBook,
        reaching: &mut Reaching,
    ) -> Result<(), StoreError> {
        for declared in declared.groups.iter().filter(|declared| declared.members.is_none()) {
            let permissions = book.permissions(&declared.group.roles);
            if permissions.is_empty() {
                continue;
            }
            for (id, _) in self.store.groups().members(&declared.group.name).await? {
                add(reaching, id, permissions);
            }
        }
        Ok(())
    }

    /// Those who hold a role already that the declaration makes more of.
    async fn add_present_holders(
        &self,
        declared: &Declared,
        reaching: &mut Reaching,
    ) -> Result<(), StoreError> {
        let present = self.store.roles().book().await?;
        let groups = self.store.groups().all().await?;
        for role in &declared.roles {
            let permissions: Permissions = role.permissions.iter().copied().collect();
            let before = present.role(&role.name).map(|role| &role.permissions);
            let gains = role.permissions.iter().any(|one| !before.is_some_and(|before| before.contains(one)));
            if !gains {
                continue;
            }
            for group in groups.iter().filter(|known| known.item.roles.contains(&role.name)) {
                for (id, _) in self.store.groups().members(&group.item.name).await? {
                    add(reaching, id, permissions);
                }
            }
            let filter = UserFilter { role: Some(role.name.clone()), ..UserFilter::default() };
            let mut after = None;
            loop {
                let paging = Paging { sort: UserSort::CreatedAt, descending: false, after, limit: PEOPLE };
                let people = self.store.users().page(&filter, paging).await?;
                let Some(last) = people.last() else { break };
                after = Some(UserSort::CreatedAt.position(last));
                people.into_iter().for_each(|person| add(reaching, person.item.user.id, permissions));
            }
        }
        Ok(())
    }
}

fn add(reaching: &mut Reaching, id: UserId, permissions: Permissions) {
    let entry = reaching.entry(id).or_insert(Permissions::NONE);
    *entry = entry.and(permissions);
}

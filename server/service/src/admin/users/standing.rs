//! How somebody stands before whoever administers: what they hold, and whether they may be changed.

use super::super::{Actor, Admin, AdminError};
use super::UserRecord;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::{BuiltIn, Permission, Permissions};
use signet_protocol::role::Held;

/// How somebody stands before whoever administers.
#[derive(Debug)]
pub struct Standing {
    /// The person.
    pub record: UserRecord,
    /// What they hold, and through what.
    pub held: Held,
    /// What they may do and the administrator may not: for its sake that one changes nothing about them. None: they may.
    pub above: Option<Permission>,
}

/// A role that there is.
#[derive(Clone, Debug)]
pub struct OfferedRole {
    /// Its name.
    pub name: String,
    /// What it is for, if that is said.
    pub description: Option<String>,
    /// The client that it belongs to; none: it is for all.
    pub client_id: Option<ClientId>,
    /// What it lets do here.
    pub permissions: Permissions,
    /// Whether it is there without being declared.
    pub built_in: bool,
    /// Whether the administrator may give it: nobody gives what reaches further than they do.
    pub givable: bool,
}

impl Admin {
    /// How somebody stands before this administrator.
    pub async fn standing(&self, actor: &Actor, id: &UserId) -> Result<Standing, AdminError> {
        let record = self.user(actor, id).await?;
        let book = self.store.roles().book().await?;
        let held = book.held(&record.item.user.roles, &self.store.groups().of(id).await?);
        let reach = book.permissions(held.names());
        let above = reach.iter().find(|permission| !actor.permissions().has(*permission));
        Ok(Standing { record, held, above })
    }

    /// Every role that there is, from the most powerful built-in one, then by name. Whoever sees people or groups sees the names
    /// of their roles with them.
    pub async fn offered_roles(&self, actor: &Actor) -> Result<Vec<OfferedRole>, AdminError> {
        let sees =
            [Permission::UsersRead, Permission::GroupsRead].map(|permission| actor.must_have(permission));
        if sees.iter().all(Result::is_err) {
            actor.must_have(Permission::RolesRead)?;
        }
        let book = self.store.roles().book().await?;
        let mut roles: Vec<_> = BuiltIn::ALL.into_iter().map(|role| built_in(actor, role)).collect();
        roles.extend(book.roles().map(|role| {
            let permissions = role.permissions.iter().copied().collect();
            OfferedRole {
                name: role.name.clone(),
                description: role.description.clone(),
                client_id: role.client_id.clone(),
                permissions,
                built_in: false,
                givable: actor.permissions().covers(permissions),
            }
        }));
        Ok(roles)
    }
}

fn built_in(actor: &Actor, role: BuiltIn) -> OfferedRole {
    OfferedRole {
        name: role.name().to_owned(),
        description: None,
        client_id: None,
        permissions: role.permissions(),
        built_in: true,
        givable: actor.permissions().covers(role.permissions()),
    }
}

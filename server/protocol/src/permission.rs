//! What administrators may do, and the roles that are made of it.

use crate::algorithm::SigningAlg;
use crate::id::ResourceId;
use crate::metadata::paths::ADMINISTRATION;
use crate::resource::Resource;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

macro_rules! permissions {
    ($(#[doc = $about:literal] $name:ident = $text:literal,)*) => {
        /// One thing that an administrator may do. As a scope value of the administration API it has the prefix
        /// [`PREFIX`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $(#[doc = $about] $name,)*
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The permission as a scope value.
            pub const fn scope(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("signet:", $text),)*
                }
            }

            /// What it is, in a sentence.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$name => $about,)*
                }
            }
        }
    };
}

/// What the names of built-in roles (all but `admin`) and the scope values of permissions begin with: nothing that is
/// declared has such a name, so that no role of an application ever lets administer.
pub const PREFIX: &str = "signet:";

permissions! {
    /// See users, their factors' kinds and their groups.
    UsersRead = "users:read",
    /// Make, change, disable and remove users.
    UsersWrite = "users:write",
    /// See groups.
    GroupsRead = "groups:read",
    /// Make, change and remove groups, and say who is in them.
    GroupsWrite = "groups:write",
    /// See roles.
    RolesRead = "roles:read",
    /// Make, change and remove roles.
    RolesWrite = "roles:write",
    /// See clients; never a secret.
    ClientsRead = "clients:read",
    /// Register, change and remove clients, and replace their secrets.
    ClientsWrite = "clients:write",
    /// See APIs and their scopes.
    ResourcesRead = "resources:read",
    /// Make, change and remove APIs and their scopes.
    ResourcesWrite = "resources:write",
    /// See who is signed in where.
    SessionsRead = "sessions:read",
    /// End sessions.
    SessionsWrite = "sessions:write",
    /// See which client may act for whom.
    GrantsRead = "grants:read",
    /// End grants and their tokens.
    GrantsWrite = "grants:write",
    /// See signing keys; never a private one.
    KeysRead = "keys:read",
    /// Rotate and revoke signing keys.
    KeysWrite = "keys:write",
    /// See limits, and who is held back by them.
    LimitsRead = "limits:read",
    /// Let somebody go on whom a limit holds back.
    LimitsWrite = "limits:write",
    /// See the mail queue; never what a mail says.
    MailsRead = "mails:read",
    /// Send mails again, or give them up.
    MailsWrite = "mails:write",
    /// See settings.
    SettingsRead = "settings:read",
    /// Change those settings that may change while the server runs.
    SettingsWrite = "settings:write",
    /// Read the audit log, and why something was refused.
    AuditRead = "audit:read",
    /// End every session and grant there is, in an emergency.
    EmergencyWrite = "emergency:write",
}

impl Permission {
    /// The permission of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == name)
    }

    /// The permission that a scope value stands for.
    pub fn of_scope(value: &str) -> Option<Self> {
        value.strip_prefix(PREFIX).and_then(Self::named)
    }

    /// Whether it only lets see.
    pub fn is_read(self) -> bool {
        self.as_str().ends_with(":read")
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| D::Error::custom(format!("there is no permission {name:?}")))
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u32);

impl Permissions {
    /// None at all.
    pub const NONE: Self = Self(0);
    /// Every one.
    pub const ALL: Self = Self((1 << Permission::ALL.len()) - 1);

    /// Whether this one is among them.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether all of `others` are among them.
    pub const fn covers(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in either.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are in both.
    #[must_use]
    pub const fn within(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }

    /// What the values of a scope let do; those that are no permissions do not count.
    pub fn of_scopes<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        values.into_iter().filter_map(Permission::of_scope).collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::as_str)).finish()
    }
}

/// A role that exists without being declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// May do everything.
    Owner,
    /// May do everything but end all there is at once; so can make no owners.
    Administrator,
    /// Looks after clients and APIs.
    ClientManager,
    /// Looks after people: their accounts, groups, sessions and grants.
    UserManager,
    /// Sees everything and changes nothing.
    Auditor,
}

impl BuiltIn {
    /// All of them, from the most powerful one.
    pub const ALL: [Self; 5] =
        [Self::Owner, Self::Administrator, Self::ClientManager, Self::UserManager, Self::Auditor];

    /// The role's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "signet:owner",
            Self::Administrator => crate::role::ADMIN,
            Self::ClientManager => "signet:client_manager",
            Self::UserManager => "signet:user_manager",
            Self::Auditor => "signet:auditor",
        }
    }

    /// The built-in role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// What it lets do.
    pub fn permissions(self) -> Permissions {
        use Permission as P;
        match self {
            Self::Owner => Permissions::ALL,
            Self::Administrator => {
                Permissions::ALL.iter().filter(|permission| *permission != P::EmergencyWrite).collect()
            }
            Self::ClientManager => {
                [P::ClientsRead, P::ClientsWrite, P::ResourcesRead, P::ResourcesWrite, P::RolesRead]
                    .into_iter()
                    .collect()
            }
            Self::UserManager => [
                P::UsersRead,
                P::UsersWrite,
                P::GroupsRead,
                P::GroupsWrite,
                P::RolesRead,
                P::SessionsRead,
                P::SessionsWrite,
                P::GrantsRead,
                P::GrantsWrite,
                P::LimitsRead,
                P::LimitsWrite,
            ]
            .into_iter()
            .collect(),
            Self::Auditor => Permissions::ALL.iter().filter(|permission| permission.is_read()).collect(),
        }
    }
}

/// The administration API's identifier as a resource (RFC 8707): an address, since it is served there.
pub fn administration_api(issuer: &str) -> String {
    format!("{issuer}{ADMINISTRATION}")
}

/// The administration API as a resource: its scope values are the permissions. Nobody declares it.
pub fn administration(issuer: &str) -> Resource {
    Resource {
        identifier: ResourceId::new(administration_api(issuer)),
        scopes: Permission::ALL.iter().map(|permission| permission.scope().to_owned()).collect(),
        signing_alg: SigningAlg::ES256,
        introspection_clients: Vec::new(),
        access_token_lifetime: None,
        claims: Vec::new(),
        scope_roles: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_a_name_and_a_scope_of_its_own() {
        for permission in Permission::ALL.iter().copied() {
            assert_eq!(Permission::named(permission.as_str()), Some(permission));
            assert_eq!(Permission::of_scope(permission.scope()), Some(permission));
            assert_eq!(permission.scope(), format!("{PREFIX}{permission}"));
        }
        assert_eq!(Permission::of_scope("users:read"), None);
        assert_eq!(Permission::of_scope("signet:everything"), None);
    }

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        assert_eq!(Permissions::ALL.iter().count(), Permission::ALL.len());
        assert!(Permissions::NONE.is_empty());
        let some: Permissions = [Permission::UsersRead, Permission::AuditRead].into_iter().collect();
        assert!(some.has(Permission::AuditRead) && !some.has(Permission::UsersWrite));
        assert!(Permissions::ALL.covers(some) && some.covers(Permissions::NONE));
        assert!(!some.covers(Permissions::ALL));
        assert_eq!(Permissions::of_scopes(["openid", "signet:users:read", "signet:audit:read"]), some);
        assert_eq!(
            some.within(BuiltIn::UserManager.permissions()),
            [Permission::UsersRead].into_iter().collect()
        );
    }

    #[test]
    fn no_built_in_role_but_the_owners_covers_the_owner() {
        for role in BuiltIn::ALL {
            assert_eq!(role.permissions().covers(BuiltIn::Owner.permissions()), role == BuiltIn::Owner);
            assert!(BuiltIn::Owner.permissions().covers(role.permissions()));
            assert_eq!(BuiltIn::named(role.name()), Some(role));
        }
    }

    #[test]
    fn an_auditor_changes_nothing_and_sees_everything() {
        let auditor = BuiltIn::Auditor.permissions();
        assert!(auditor.iter().all(Permission::is_read));
        assert!(Permission::ALL.iter().filter(|permission| permission.is_read()).all(|p| auditor.has(*p)));
    }
}

//! What lets administer, in words.

use crate::pages::Words;
use serde::Serialize;
use signet_protocol::permission::{BuiltIn, Permission};
use signet_service::admin::OfferedRole;

/// A role to give.
#[derive(Clone, Debug, Serialize)]
pub struct RoleChoice {
    /// Its name.
    pub name: String,
    /// What it is, where there are words for it.
    pub title: Option<Words>,
    /// What its declaration says it is for.
    pub description: Option<String>,
    /// The client that it belongs to; none: it is for all.
    pub client_id: Option<String>,
    /// Whether it lets administer.
    pub administers: bool,
    /// Whether it is held.
    pub ticked: bool,
    /// Whether this administrator may give or take it.
    pub givable: bool,
}

impl RoleChoice {
    /// The roles that there are, `ticked` those that are held.
    pub fn all(roles: Vec<OfferedRole>, ticked: impl Fn(&str) -> bool) -> Vec<Self> {
        let choice = |role: OfferedRole| Self {
            title: role_title(&role.name),
            ticked: ticked(&role.name),
            description: role.description,
            client_id: role.client_id.map(|id| id.to_string()),
            administers: !role.permissions.is_empty(),
            givable: role.givable,
            name: role.name,
        };
        roles.into_iter().map(choice).collect()
    }
}

/// What a built-in role is.
pub fn role_title(name: &str) -> Option<Words> {
    BuiltIn::named(name).map(|role| match role {
        BuiltIn::Owner => Words("role-owner"),
        BuiltIn::Administrator => Words("role-administrator"),
        BuiltIn::ClientManager => Words("role-client-manager"),
        BuiltIn::UserManager => Words("role-user-manager"),
        BuiltIn::Auditor => Words("role-auditor"),
    })
}

/// What a permission lets do.
pub const fn permission_words(permission: Permission) -> Words {
    match permission {
        Permission::UsersRead => Words("permission-users-read"),
        Permission::UsersWrite => Words("permission-users-write"),
        Permission::GroupsRead => Words("permission-groups-read"),
        Permission::GroupsWrite => Words("permission-groups-write"),
        Permission::RolesRead => Words("permission-roles-read"),
        Permission::RolesWrite => Words("permission-roles-write"),
        Permission::ClientsRead => Words("permission-clients-read"),
        Permission::ClientsWrite => Words("permission-clients-write"),
        Permission::ResourcesRead => Words("permission-resources-read"),
        Permission::ResourcesWrite => Words("permission-resources-write"),
        Permission::SessionsRead => Words("permission-sessions-read"),
        Permission::SessionsWrite => Words("permission-sessions-write"),
        Permission::GrantsRead => Words("permission-grants-read"),
        Permission::GrantsWrite => Words("permission-grants-write"),
        Permission::KeysRead => Words("permission-keys-read"),
        Permission::KeysWrite => Words("permission-keys-write"),
        Permission::LimitsRead => Words("permission-limits-read"),
        Permission::LimitsWrite => Words("permission-limits-write"),
        Permission::MailsRead => Words("permission-mails-read"),
        Permission::MailsWrite => Words("permission-mails-write"),
        Permission::SettingsRead => Words("permission-settings-read"),
        Permission::SettingsWrite => Words("permission-settings-write"),
        Permission::AuditRead => Words("permission-audit-read"),
        Permission::EmergencyWrite => Words("permission-emergency-write"),
    }
}

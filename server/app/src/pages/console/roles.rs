//! Roles.

use super::form::Problem;
use super::{Asked, ConsoleFrame, permission_words};
use crate::pages::{Form, Page, Words};
use serde::Serialize;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::{Permission, Permissions};
use signet_protocol::role::Role;

/// Lists the roles: `#roles`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleRoles {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Built-in ones first, then by name.
    pub roles: Vec<RoleLine>,
    /// The next page.
    pub next_url: Option<String>,
    /// Where one is made; none: this administrator may not.
    pub new_url: Option<String>,
}

impl Page for ConsoleRoles {
    const TEMPLATE: &'static str = "console/roles.html";
}

/// A role in the list.
#[derive(Clone, Debug, Serialize)]
pub struct RoleLine {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// What it is, if it is built in.
    pub title: Option<Words>,
    /// What it is for.
    pub description: Option<String>,
    /// The client that it belongs to.
    pub client_id: Option<String>,
    /// Whether it lets administer.
    pub administers: bool,
    /// Whether whoever holds it must have a second factor.
    pub second_factor: bool,
}

/// Shows a role: `#role`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleRole {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the pages below this one are.
    pub base: String,
    /// Its name.
    pub name: String,
    /// What it is, if it is built in.
    pub title: Option<Words>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is there without being declared.
    pub built_in: bool,
    /// Whether a resource file declares it.
    pub managed: bool,
    /// The client that it belongs to.
    pub client_id: Option<String>,
    /// Whether whoever holds it must have a second factor.
    pub second_factor: bool,
    /// What it lets do here.
    pub permissions: Vec<Words>,
    /// Whether this administrator may change it.
    pub may_change: bool,
    /// Why they may not: what it lets do and they may not.
    pub above: Option<Words>,
    /// Where those are listed who hold it themselves; none: this administrator may not see people.
    pub holders_url: Option<String>,
}

impl Page for ConsoleRole {
    const TEMPLATE: &'static str = "console/role.html";
}

/// Asks what a role is called and lets do: form `#role`, fields `name`, `description`, `client_id`, `second_factor`,
/// `permission:NAME`, button `#role-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleRoleForm {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator, and the state that was seen.
    pub form: Form,
    /// Whether there is none yet.
    pub is_new: bool,
    /// What stands in it.
    pub fields: RoleFields,
    /// What it may let do.
    pub permissions: Vec<PermissionChoice>,
    /// What was wrong, by field.
    pub problems: Vec<Problem>,
    /// Where whoever leaves it goes.
    pub back_url: String,
}

impl Page for ConsoleRoleForm {
    const TEMPLATE: &'static str = "console/role_form.html";
}

/// What stands in the form of a role.
#[derive(Clone, Debug, Serialize)]
pub struct RoleFields {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The client that it belongs to; empty: it is for all.
    pub client_id: String,
    /// Whether whoever holds it must have a second factor.
    pub second_factor: bool,
    /// What it lets do.
    pub permissions: Vec<Permission>,
}

impl RoleFields {
    /// As it is.
    pub fn of(role: Role) -> Self {
        Self {
            second_factor: role.demands_a_second_factor(),
            name: role.name,
            description: role.description.unwrap_or_default(),
            client_id: role.client_id.map(|id| id.to_string()).unwrap_or_default(),
            permissions: role.permissions,
        }
    }

    /// As it was sent.
    pub fn again(sent: &Parameters) -> Self {
        let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
        let ticked = |permission: &Permission| sent.has(&format!("permission:{permission}"));
        Self {
            name: text("name"),
            description: text("description"),
            client_id: text("client_id"),
            second_factor: sent.has("second_factor"),
            permissions: Permission::ALL.iter().copied().filter(ticked).collect(),
        }
    }
}

/// A permission to tick.
#[derive(Clone, Debug, Serialize)]
pub struct PermissionChoice {
    /// Its name.
    pub name: &'static str,
    /// What it lets do.
    pub words: Words,
    /// Whether it is ticked.
    pub ticked: bool,
    /// Whether this administrator may give it.
    pub givable: bool,
}

impl PermissionChoice {
    /// Every permission; `own` are the administrator's.
    pub fn all(own: Permissions, ticked: &[Permission]) -> Vec<Self> {
        let choice = |permission: &Permission| Self {
            name: permission.as_str(),
            words: permission_words(*permission),
            ticked: ticked.contains(permission),
            givable: own.has(*permission),
        };
        Permission::ALL.iter().map(choice).collect()
    }
}

impl Asked {
    /// Whether a role is to go.
    pub const REMOVE_ROLE: Self = Self {
        name: "remove",
        heading: Words("ask-role-remove"),
        loss: Words("ask-role-remove-loss"),
        button: Words("ask-remove-do"),
        danger: true,
    };
}

//! The areas of the console: what its navigation holds, and who sees which.

use super::emergency::EMERGENCY;
use super::entrance::Administrator;
use super::groups::{GROUPS, NEW_GROUP};
use super::roles::{NEW_ROLE, ROLES};
use super::sessions::SESSIONS;
use super::users::{NEW_USER, USERS};
use super::{APIS, AUDIT, CLIENTS, KEYS, LIMITS, MAILS, NEW_API, NEW_CLIENT, OVERVIEW, REFUSALS, SETTINGS};
use crate::pages::Words;
use crate::pages::account::AccountLink;
use signet_protocol::permission::{Permission, Permissions};

/// An area of the console.
pub struct Area {
    /// Where it begins.
    path: &'static str,
    /// What it is called.
    label: Words,
    /// What lets somebody see it.
    permission: Permission,
    /// Its pages that are not below its beginning.
    beside: &'static [&'static str],
}

/// Every area, in the navigation's order.
const AREAS: &[Area] = &[
    Area {
        path: OVERVIEW,
        label: Words("console-overview"),
        permission: Permission::SettingsRead,
        beside: &[],
    },
    Area {
        path: CLIENTS,
        label: Words("console-clients"),
        permission: Permission::ClientsRead,
        beside: &[NEW_CLIENT],
    },
    Area {
        path: USERS,
        label: Words("console-users"),
        permission: Permission::UsersRead,
        beside: &[NEW_USER],
    },
    Area {
        path: GROUPS,
        label: Words("console-groups"),
        permission: Permission::GroupsRead,
        beside: &[NEW_GROUP],
    },
    Area {
        path: ROLES,
        label: Words("console-roles"),
        permission: Permission::RolesRead,
        beside: &[NEW_ROLE],
    },
    Area { path: REFUSALS, label: Words("console-refusals"), permission: Permission::AuditRead, beside: &[] },
    Area {
        path: APIS,
        label: Words("console-apis"),
        permission: Permission::ResourcesRead,
        beside: &[NEW_API],
    },
    Area { path: KEYS, label: Words("console-keys"), permission: Permission::KeysRead, beside: &[] },
    Area { path: LIMITS, label: Words("console-limits"), permission: Permission::LimitsRead, beside: &[] },
    Area { path: MAILS, label: Words("console-mails"), permission: Permission::MailsRead, beside: &[] },
    Area {
        path: SETTINGS,
        label: Words("console-settings"),
        permission: Permission::SettingsRead,
        beside: &[],
    },
    Area { path: AUDIT, label: Words("console-audit"), permission: Permission::AuditRead, beside: &[] },
    Area {
        path: SESSIONS,
        label: Words("console-sessions"),
        permission: Permission::SessionsRead,
        beside: &[],
    },
    Area {
        path: EMERGENCY,
        label: Words("console-emergency"),
        permission: Permission::EmergencyWrite,
        beside: &[],
    },
];

impl Area {
    /// Whether a page is one of this area's.
    fn holds(&self, page: &str) -> bool {
        let below = page.strip_prefix(self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        below || self.beside.contains(&page)
    }

    fn is_open_to(&self, permissions: Permissions) -> bool {
        permissions.has(self.permission)
    }
}

/// Where the console begins for whoever may do this: at the first area that they may see.
pub fn first(permissions: Permissions) -> Option<&'static str> {
    AREAS.iter().find(|area| area.is_open_to(permissions)).map(|area| area.path)
}

/// The way to each area that an administrator may see.
pub fn links(administrator: &Administrator<'_>) -> Vec<AccountLink> {
    let permissions = administrator.actor.permissions();
    let link = |area: &Area| AccountLink {
        url: administrator.state.path(area.path),
        label: area.label,
        current: area.holds(&administrator.path),
    };
    AREAS.iter().filter(|area| area.is_open_to(permissions)).map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_one_area_only() {
        for area in AREAS {
            for page in [area.path].iter().chain(area.beside) {
                assert_eq!(AREAS.iter().filter(|other| other.holds(page)).count(), 1, "{page}");
            }
            assert!(area.holds(&format!("{}/x", area.path)) && !area.holds(&format!("{}x", area.path)));
        }
    }

    #[test]
    fn the_console_begins_where_somebody_may_go() {
        assert_eq!(first(Permissions::ALL), Some(AREAS[0].path));
        assert_eq!(first(Permissions::NONE), None);
    }
}

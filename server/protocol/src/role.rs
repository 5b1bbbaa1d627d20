//! Roles that people may hold, and the groups that give them.

use crate::factor::FactorPolicy;
use crate::group::Group;
use crate::id::ClientId;
use crate::permission::{BuiltIn, PREFIX, Permission, Permissions};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The role that exists without being declared: administrators hold it.
pub const ADMIN: &str = "admin";

/// A declared role.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name: printable ASCII without space.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether whoever holds it must have a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<FactorPolicy>,
    /// What it lets do here, by name (`users:read`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub permissions: Vec<Permission>,
    /// The client that it belongs to: no token of another one tells of it. None: it is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub client_id: Option<ClientId>,
}

impl Role {
    /// Whether whoever holds it must have a second factor, whatever operator and client say.
    pub fn demands_a_second_factor(&self) -> bool {
        self.second_factor == Some(FactorPolicy::Required)
    }
}

/// Every declared role and every group.
#[derive(Clone, Debug, Default)]
pub struct RoleBook {
    roles: BTreeMap<String, Role>,
    groups: BTreeMap<String, Group>,
}

/// By what somebody holds a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// It was given to them.
    Own,
    /// It was given to this group, which they are in.
    Group(String),
}

/// What somebody holds: roles that there are, each once, and the groups that they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The roles with what they come through, sorted by name. What a person has themselves comes before what a group gives.
    pub roles: BTreeMap<String, Through>,
    /// The groups, sorted.
    pub groups: Vec<String>,
}

impl RoleBook {
    /// A book of these.
    pub fn new(roles: impl IntoIterator<Item = Role>, groups: impl IntoIterator<Item = Group>) -> Self {
        Self {
            roles: roles.into_iter().map(|role| (role.name.clone(), role)).collect(),
            groups: groups.into_iter().map(|group| (group.name.clone(), group)).collect(),
        }
    }

    /// Whether there is such a role, built in or declared.
    pub fn knows(&self, role: &str) -> bool {
        BuiltIn::named(role).is_some() || self.roles.contains_key(role)
    }

    /// A group by its name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.get(name)
    }

    /// A declared role by its name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.get(name)
    }

    /// Every declared role, by name.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// Whether there is any group: if not, nobody is in one.
    pub fn has_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    /// What somebody holds to whom `own` roles were given and who is in `groups`. Names that stand for nothing (any more)
    /// give nothing.
    pub fn held(&self, own: &[String], groups: &[String]) -> Held {
        let groups: BTreeMap<_, _> =
            groups.iter().filter_map(|name| self.groups.get_key_value(name)).collect();
        let given = groups
            .iter()
            .flat_map(|(name, group)| group.roles.iter().map(|role| (role, Through::Group((*name).clone()))));
        let mut roles = BTreeMap::new();
        for (role, through) in own.iter().map(|role| (role, Through::Own)).chain(given) {
            if self.knows(role) {
                roles.entry(role.clone()).or_insert(through);
            }
        }
        Held { roles, groups: groups.into_keys().cloned().collect() }
    }

    /// Of the roles that somebody holds, those that a client may be told of: what is another client's, or lets administer
    /// this server and is built in for that alone, is none of its business.
    pub fn shown_to(&self, client: &ClientId, held: &Held) -> Vec<String> {
        let is_told = |name: &&String| !name.starts_with(PREFIX) && self.counts_for(name, client);
        held.names().filter(is_told).cloned().collect()
    }

    /// Whether a role is this client's or of all.
    pub fn counts_for(&self, role: &str, client: &ClientId) -> bool {
        let owner = self.roles.get(role).and_then(|role| role.client_id.as_ref());
        owner.is_none_or(|owner| owner == client)
    }

    /// What these roles together let do.
    pub fn permissions<'a>(&self, roles: impl IntoIterator<Item = &'a String>) -> Permissions {
        roles.into_iter().fold(Permissions::NONE, |all, name| all.and(self.permissions_of(name)))
    }

    fn permissions_of(&self, role: &str) -> Permissions {
        match (BuiltIn::named(role), self.roles.get(role)) {
            (Some(built_in), _) => built_in.permissions(),
            (None, Some(role)) => role.permissions.iter().copied().collect(),
            (None, None) => Permissions::NONE,
        }
    }

    /// Whether one of these roles wants whoever holds it to have a second factor.
    pub fn demand_a_second_factor<'a>(&self, roles: impl IntoIterator<Item = &'a String>) -> bool {
        roles.into_iter().any(|name| self.roles.get(name).is_some_and(Role::demands_a_second_factor))
    }
}

impl Held {
    /// The roles' names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.roles.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str, permissions: &[Permission]) -> Role {
        Role {
            name: name.to_owned(),
            description: None,
            second_factor: None,
            permissions: permissions.to_vec(),
            client_id: None,
        }
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn book() -> RoleBook {
        let payroll = Role { second_factor: Some(FactorPolicy::Required), ..role("payroll", &[]) };
        let group = |name: &str, roles: &[&str]| Group {
            name: name.to_owned(),
            description: None,
            roles: texts(roles),
        };
        RoleBook::new(
            [role("helpdesk", &[Permission::UsersRead, Permission::SessionsWrite]), payroll],
            [group("support", &["helpdesk", "gone"]), group("finance", &["payroll", "helpdesk"])],
        )
    }

    #[test]
    fn a_role_lets_do_what_it_is_made_of_and_an_unknown_one_nothing() {
        let book = book();
        let can = |roles: &[&str]| book.permissions(&texts(roles));
        assert_eq!(
            can(&["helpdesk"]),
            [Permission::UsersRead, Permission::SessionsWrite].into_iter().collect()
        );
        assert_eq!(can(&["signet:auditor"]), BuiltIn::Auditor.permissions());
        assert!(can(&["payroll", "nobody", "signet:everything"]).is_empty());
        assert!(can(&["helpdesk", "admin"]).covers(BuiltIn::Administrator.permissions()));
    }

    #[test]
    fn a_person_holds_their_own_roles_and_those_of_their_groups() {
        let held = book().held(&texts(&["payroll", "admin"]), &texts(&["finance", "support", "dissolved"]));
        assert_eq!(held.groups, ["finance", "support"]);
        let roles: Vec<_> =
            held.roles.iter().map(|(name, through)| (name.as_str(), through.clone())).collect();
        let expected = [
            ("admin", Through::Own),
            ("helpdesk", Through::Group("finance".to_owned())),
            ("payroll", Through::Own),
        ];
        assert_eq!(roles, expected);
    }

    #[test]
    fn a_client_is_told_of_its_own_roles_and_of_those_of_all() {
        let own = Role { client_id: Some("shop".into()), ..role("manager", &[]) };
        let book = RoleBook::new([own, role("clerk", &[])], []);
        let held = book.held(&texts(&["manager", "clerk", "admin", "signet:owner"]), &[]);
        assert_eq!(book.shown_to(&"shop".into(), &held), ["admin", "clerk", "manager"]);
        assert_eq!(book.shown_to(&"other".into(), &held), ["admin", "clerk"]);
    }

    #[test]
    fn a_second_factor_is_demanded_by_a_role_that_a_group_gives() {
        let book = book();
        assert!(book.demand_a_second_factor(book.held(&[], &texts(&["finance"])).names()));
        assert!(!book.demand_a_second_factor(book.held(&[], &texts(&["support"])).names()));
    }
}

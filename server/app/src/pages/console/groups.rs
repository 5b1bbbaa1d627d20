//! Groups.

use super::form::Problem;
use super::{Asked, ConsoleFrame, HeldRole, RoleChoice};
use crate::pages::{Form, Page, Words};
use serde::Serialize;

/// Lists the groups: `#groups`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleGroups {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// By name.
    pub groups: Vec<GroupLine>,
    /// The next page.
    pub next_url: Option<String>,
    /// Where one is made; none: this administrator may not.
    pub new_url: Option<String>,
}

impl Page for ConsoleGroups {
    const TEMPLATE: &'static str = "console/groups.html";
}

/// A group in the list.
#[derive(Clone, Debug, Serialize)]
pub struct GroupLine {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The roles that it gives.
    pub roles: Vec<String>,
}

/// Shows a group: `#group`, and who is in it.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleGroup {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the pages below this one are.
    pub base: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether a resource file declares it.
    pub managed: bool,
    /// Whether this administrator may change it.
    pub may_change: bool,
    /// Why they may not: what it gives and they may not do.
    pub above: Option<Words>,
    /// The roles that it gives.
    pub roles: Vec<HeldRole>,
    /// Who is in it; none: this administrator may not see people.
    pub members: Option<Vec<MemberLine>>,
    /// The next page of them.
    pub next_url: Option<String>,
}

impl Page for ConsoleGroup {
    const TEMPLATE: &'static str = "console/group.html";
}

/// Somebody who is in a group.
#[derive(Clone, Debug, Serialize)]
pub struct MemberLine {
    /// Their page.
    pub url: String,
    /// What names them.
    pub id: String,
    /// What they sign in with.
    pub username: String,
}

/// Asks what a group is called and gives: form `#group`, fields `name`, `description`, `role:NAME`, button `#group-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleGroupForm {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator, and the state that was seen.
    pub form: Form,
    /// Whether there is none yet.
    pub is_new: bool,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The roles to give.
    pub roles: Vec<RoleChoice>,
    /// What was wrong, by field.
    pub problems: Vec<Problem>,
    /// Where whoever leaves it goes.
    pub back_url: String,
}

impl Page for ConsoleGroupForm {
    const TEMPLATE: &'static str = "console/group_form.html";
}

/// Asks who is to come into a group (form `#join`, field `join`, button `#join-submit`), or whether somebody is to be taken out
/// (form `#ask`, button `#ask-submit`).
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleMembers {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator.
    pub form: Form,
    /// The group.
    pub name: String,
    /// Who is to be taken out.
    pub leaving: Option<String>,
    /// Whether there is nobody of the name that was sent.
    pub unknown: bool,
    /// The group's page.
    pub back_url: String,
}

impl Page for ConsoleMembers {
    const TEMPLATE: &'static str = "console/members.html";
}

impl Asked {
    /// Whether a group is to go.
    pub const REMOVE_GROUP: Self = Self {
        name: "remove",
        heading: Words("ask-group-remove"),
        loss: Words("ask-group-remove-loss"),
        button: Words("ask-remove-do"),
        danger: true,
    };
}

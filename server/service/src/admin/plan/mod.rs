//! What `apply` would do: the difference between what is declared and what there is.

mod clients;
mod groups;
mod resources;
mod roles;
mod users;

pub(in crate::admin) use users::TOLD_OF_PEOPLE;

use super::{Admin, ApplyError};
use serde_json::{Map, Value};
use signet_protocol::audit::FieldChange;
use signet_protocol::client::Client;
use signet_protocol::group::Group;
use signet_protocol::login::login_key;
use signet_protocol::permission::BuiltIn;
use signet_protocol::registration::{DeclaredGroup, NewUser};
use signet_protocol::resource::Resource;
use signet_protocol::role::Role;
use signet_protocol::secret::Secret;
use signet_protocol::user::User;
use signet_store::Managed;
use std::collections::HashSet;
use std::fmt;

/// The mark on everything that `apply` made.
pub(in crate::admin) const MANAGED_BY: &str = "apply";
/// The mark on people whom it found and looks after since. Whose accounts they are nobody has looked at: they are given
/// nothing that lets administer, and stay when the files name them no more.
pub(in crate::admin) const ADOPTED: &str = "apply, adopted";

/// What the resource files declare.
#[derive(Debug, Default)]
pub struct Declared {
    /// APIs.
    pub resources: Vec<Resource>,
    /// People.
    pub users: Vec<NewUser>,
    /// Clients.
    pub clients: Vec<DeclaredClient>,
    /// Roles, besides the built-in one.
    pub roles: Vec<Role>,
    /// Groups.
    pub groups: Vec<DeclaredGroup>,
}

/// A client as declared.
#[derive(Debug)]
pub struct DeclaredClient {
    /// Its metadata.
    pub client: Client,
    /// Its secret; none: one is made, if it needs one.
    pub secret: Option<Secret<String>>,
}

/// What is done to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `+`
    Create,
    /// `~`
    Change,
    /// `-`
    Remove,
}

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Kind {
    Resource,
    Role,
    Group,
    User,
    Client,
}

/// One line of the plan.
#[derive(Debug)]
pub struct PlannedStep {
    /// What is done.
    pub action: Action,
    /// To what kind of thing.
    pub kind: Kind,
    /// To which one.
    pub name: String,
    /// What becomes of its fields.
    pub changes: Vec<FieldChange>,
    pub(in crate::admin) work: Work,
}

/// All that is to be done, in order.
#[derive(Debug, Default)]
pub struct Plan {
    /// The lines.
    pub steps: Vec<PlannedStep>,
    /// The user names of those who have another password than the declared one, or none, and keep it so.
    pub kept_passwords: Vec<String>,
}

/// How far a plan goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Planning {
    /// It removes what an earlier apply made and is declared no more.
    pub prune: bool,
    /// It gives people who have an account the passwords that are declared for them.
    pub set_passwords: bool,
}

/// What carries a step out.
#[derive(Debug)]
pub(in crate::admin) enum Work {
    PutResource(Resource),
    RemoveResource(Resource),
    PutRole(Role),
    RemoveRole(Role),
    PutGroup(DeclaredGroup),
    RemoveGroup(Group),
    CreateUser(Box<NewUser>),
    ChangeUser { before: Box<User>, after: Box<NewUser>, password: bool, managed_by: &'static str },
    RemoveUser(Box<User>),
    PutClient { client: Box<Client>, secret: SecretChange, exists: bool },
    RemoveClient(Box<Client>),
}

/// What becomes of a client's secrets.
#[derive(Debug)]
pub(in crate::admin) enum SecretChange {
    Keep,
    Set(Secret<String>),
    Make,
}

impl fmt::Display for PlannedStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, verb) = match self.action {
            Action::Create => ('+', "create"),
            Action::Change => ('~', "change"),
            Action::Remove => ('-', "remove"),
        };
        let kind = match self.kind {
            Kind::Resource => "resource",
            Kind::Role => "role",
            Kind::Group => "group",
            Kind::User => "user",
            Kind::Client => "client",
        };
        write!(f, "{sign} {verb} {kind} {}", self.name)?;
        if self.action == Action::Change {
            write!(f, ": {}", self.fields().join(", "))?;
        }
        Ok(())
    }
}

impl PlannedStep {
    /// Which of its fields change.
    pub fn fields(&self) -> Vec<&str> {
        self.changes.iter().map(|change| change.field.as_str()).collect()
    }
}

impl Admin {
    /// Compares what is declared with what there is.
    pub async fn plan(
        &self,
        declared: Declared,
        Planning { prune, set_passwords }: Planning,
    ) -> Result<Plan, ApplyError> {
        check_references(&declared)?;
        self.check_owners(&declared).await?;
        self.check_adoption(&declared).await?;
        let users: HashSet<_> = declared.users.iter().map(|user| login_key(&user.username)).collect();
        let (mut removals, mut kept_passwords) = (Vec::new(), Vec::new());
        let mut steps = self.plan_resources(declared.resources, &mut removals, prune).await?;
        steps.extend(self.plan_roles(declared.roles, &mut removals).await?);
        let passwords = (set_passwords, &mut kept_passwords);
        steps.extend(self.plan_users(declared.users, passwords, &mut removals).await?);
        steps.extend(self.plan_groups(declared.groups, &users, &mut removals).await?);
        steps.extend(self.plan_clients(declared.clients, &mut removals).await?);
        if prune {
            // What depends on something goes before it.
            steps.extend(removals.into_iter().rev());
        }
        Ok(Plan { steps, kept_passwords })
    }
}

pub(in crate::admin) fn step(action: Action, kind: Kind, name: String, work: Work) -> PlannedStep {
    PlannedStep { action, kind, name, changes: Vec::new(), work }
}

/// A creation, a change, or nothing where what exists differs in no field.
pub(in crate::admin) fn put(
    kind: Kind,
    name: String,
    (exists, changes): (bool, Vec<FieldChange>),
    work: Work,
) -> Option<PlannedStep> {
    let action = if exists { Action::Change } else { Action::Create };
    let differs = !exists || !changes.is_empty();
    differs.then(|| PlannedStep { changes, ..step(action, kind, name, work) })
}

pub(in crate::admin) fn is_orphan<T>(known: &Managed<T>, declared: impl Fn(&T) -> bool) -> bool {
    known.managed_by.as_deref() == Some(MANAGED_BY) && !declared(&known.item)
}

/// In what something differs from what is known of it. Something made by hand becomes one of `apply`'s own.
pub(in crate::admin) fn changes<T>(
    known: Option<&Managed<T>>,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Vec<FieldChange> {
    let mut changes = FieldChange::between(before, after);
    let looked_after = |mark: &str| mark == MANAGED_BY || mark == ADOPTED;
    let adopted = known.is_some_and(|known| !known.managed_by.as_deref().is_some_and(looked_after));
    changes.extend(adopted.then(|| FieldChange::untold("managed by apply")));
    changes
}

pub(in crate::admin) fn fields_of(item: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(item) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Nothing twice, no role that nobody declared.
fn check_references(declared: &Declared) -> Result<(), ApplyError> {
    let mut seen = HashSet::new();
    let resources = declared.resources.iter().map(|resource| format!("resource {}", resource.identifier));
    let users = declared.users.iter().map(|user| format!("user {}", login_key(&user.username)));
    let clients = declared.clients.iter().map(|declared| format!("client {}", declared.client.client_id));
    let groups = declared.groups.iter().map(|declared| format!("group {}", declared.group.name));
    for name in resources.chain(users).chain(clients).chain(groups) {
        if let Some(twice) = seen.replace(name) {
            return Err(ApplyError::Declaration(format!("{twice} is declared twice")));
        }
    }
    let users = declared.users.iter().map(|user| ("user", user.username.as_str(), &user.roles));
    let groups =
        declared.groups.iter().map(|declared| ("group", declared.group.name.as_str(), &declared.group.roles));
    let scopes = declared.resources.iter().flat_map(|resource| {
        resource.scope_roles.values().map(|roles| ("resource", resource.identifier.as_str(), roles))
    });
    for (kind, name, roles) in users.chain(groups).chain(scopes) {
        let known = |role: &&String| {
            BuiltIn::named(role).is_some() || declared.roles.iter().any(|known| known.name == **role)
        };
        if let Some(role) = roles.iter().find(|role| !known(role)) {
            return Err(ApplyError::Declaration(format!(
                "{kind} {name}: role {role} is not declared: add [[roles]] with name = \"{role}\""
            )));
        }
    }
    Ok(())
}

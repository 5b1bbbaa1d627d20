//! What `apply` would do: the difference between what is declared and what there is.

use super::{Admin, ApplyError};
use crate::signin::password::{Hashing, verifies};
use serde_json::{Map, Value};
use signet_protocol::audit::FieldChange;
use signet_protocol::client::{AuthMethod, Client, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::group::Group;
use signet_protocol::login::login_key;
use signet_protocol::password::PasswordHash;
use signet_protocol::permission::BuiltIn;
use signet_protocol::registration::{DeclaredGroup, NewUser};
use signet_protocol::resource::Resource;
use signet_protocol::role::Role;
use signet_protocol::secret::Secret;
use signet_protocol::user::User;
use signet_store::Managed;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// The fields of a person whose values the audit log tells: those that say what they may do.
pub(super) const TOLD_OF_PEOPLE: [&str; 4] = ["roles", "groups", "disabled", "email_verified"];
/// The mark on everything that `apply` made.
pub(super) const MANAGED_BY: &str = "apply";
/// The mark on people whom it found and looks after since. Whose accounts they are nobody has looked at: they are given
/// nothing that lets administer, and stay when the files name them no more.
pub(super) const ADOPTED: &str = "apply, adopted";

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
    pub(super) work: Work,
}

/// All that is to be done, in order.
#[derive(Debug, Default)]
pub struct Plan {
    /// The lines.
    pub steps: Vec<PlannedStep>,
}

/// What carries a step out.
#[derive(Debug)]
pub(super) enum Work {
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
pub(super) enum SecretChange {
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
    /// Compares what is declared with what there is. `prune` removes what an earlier apply made and is declared no more.
    pub async fn plan(&self, declared: Declared, prune: bool) -> Result<Plan, ApplyError> {
        check_references(&declared)?;
        self.check_owners(&declared).await?;
        self.check_adoption(&declared).await?;
        let users: HashSet<_> = declared.users.iter().map(|user| login_key(&user.username)).collect();
        let mut removals = Vec::new();
        let mut steps = self.plan_resources(declared.resources, &mut removals, prune).await?;
        steps.extend(self.plan_roles(declared.roles, &mut removals).await?);
        steps.extend(self.plan_users(declared.users, &mut removals).await?);
        steps.extend(self.plan_groups(declared.groups, &users, &mut removals).await?);
        steps.extend(self.plan_clients(declared.clients, &mut removals).await?);
        if prune {
            // What depends on something goes before it.
            steps.extend(removals.into_iter().rev());
        }
        Ok(Plan { steps })
    }

    async fn plan_resources(
        &self,
        declared: Vec<Resource>,
        removals: &mut Vec<PlannedStep>,
        prune: bool,
    ) -> Result<Vec<PlannedStep>, ApplyError> {
        let existing = self.store.resources().all().await?;
        let names: HashSet<_> = declared.iter().map(|resource| resource.identifier.clone()).collect();
        let stays = |known: &&Managed<Resource>| {
            let declared = |api: &Resource| names.contains(&api.identifier);
            !(declared(&known.item) || prune && is_orphan(known, declared))
        };
        check_scopes(declared.iter().chain(existing.iter().filter(stays).map(|known| &known.item)))?;
        for orphan in existing.iter().filter(|known| is_orphan(known, |r| names.contains(&r.identifier))) {
            let name = orphan.item.identifier.to_string();
            removals.push(step(
                Action::Remove,
                Kind::Resource,
                name,
                Work::RemoveResource(orphan.item.clone()),
            ));
        }
        let mut steps = Vec::new();
        for resource in declared {
            let name = resource.identifier.to_string();
            let before = existing.iter().find(|known| known.item.identifier == resource.identifier);
            let changes =
                changes(before, &fields_of(&before.map(|known| &known.item)), &fields_of(&resource));
            steps.extend(put(Kind::Resource, name, (before.is_some(), changes), Work::PutResource(resource)));
        }
        Ok(steps)
    }

    async fn plan_roles(
        &self,
        declared: Vec<Role>,
        removals: &mut Vec<PlannedStep>,
    ) -> Result<Vec<PlannedStep>, ApplyError> {
        let existing = self.store.roles().all().await?;
        let names: HashSet<_> = declared.iter().map(|role| role.name.clone()).collect();
        for orphan in existing.iter().filter(|known| is_orphan(known, |role| names.contains(&role.name))) {
            let name = orphan.item.name.clone();
            removals.push(step(Action::Remove, Kind::Role, name, Work::RemoveRole(orphan.item.clone())));
        }
        let mut steps = Vec::new();
        for role in declared {
            let known = existing.iter().find(|known| known.item.name == role.name);
            let changes = changes(known, &fields_of(&known.map(|known| &known.item)), &fields_of(&role));
            steps.extend(put(Kind::Role, role.name.clone(), (known.is_some(), changes), Work::PutRole(role)));
        }
        Ok(steps)
    }

    async fn plan_users(
        &self,
        declared: Vec<NewUser>,
        removals: &mut Vec<PlannedStep>,
    ) -> Result<Vec<PlannedStep>, ApplyError> {
        let existing = self.store.users().list().await?;
        let names: HashSet<_> = declared.iter().map(|user| login_key(&user.username)).collect();
        let kept = |user: &User| names.contains(&login_key(&user.username));
        for orphan in existing.iter().filter(|known| is_orphan(known, kept)) {
            let work = Work::RemoveUser(Box::new(orphan.item.clone()));
            removals.push(step(Action::Remove, Kind::User, orphan.item.username.clone(), work));
        }
        let mut steps = Vec::new();
        for user in declared {
            let name = user.username.clone();
            let same = |known: &&Managed<User>| login_key(&known.item.username) == login_key(&name);
            let Some(known) = existing.iter().find(same) else {
                let changes = FieldChange::between(&Map::new(), &declared_user_fields(&user));
                let changes = FieldChange::without_values(changes, &TOLD_OF_PEOPLE);
                let work = Work::CreateUser(Box::new(user));
                steps.extend(put(Kind::User, name, (false, changes), work));
                continue;
            };
            // Whoever was disabled since stays so, unless the file says otherwise.
            let user = NewUser { disabled: user.disabled.or(Some(known.item.disabled)), ..user };
            let password = password_differs(&user, &known.item, self.hashing);
            let mut changes =
                changes(Some(known), &user_fields_of(&known.item), &declared_user_fields(&user));
            changes = FieldChange::without_values(changes, &TOLD_OF_PEOPLE);
            changes.extend(password.then(|| FieldChange::untold("password")));
            let before = Box::new(known.item.clone());
            let is_ours = known.managed_by.as_deref() == Some(MANAGED_BY);
            let managed_by = if is_ours { MANAGED_BY } else { ADOPTED };
            let work = Work::ChangeUser { before, after: Box::new(user), password, managed_by };
            steps.extend(put(Kind::User, name, (true, changes), work));
        }
        Ok(steps)
    }

    async fn plan_clients(
        &self,
        declared: Vec<DeclaredClient>,
        removals: &mut Vec<PlannedStep>,
    ) -> Result<Vec<PlannedStep>, ApplyError> {
        let existing = self.store.clients().list().await?;
        let names: HashSet<_> = declared.iter().map(|declared| declared.client.client_id.clone()).collect();
        let kept = |known: &RegisteredClient| names.contains(&known.client.client_id);
        for orphan in existing.iter().filter(|known| is_orphan(known, kept)) {
            let client = orphan.item.client.clone();
            let name = client.client_id.to_string();
            removals.push(step(Action::Remove, Kind::Client, name, Work::RemoveClient(Box::new(client))));
        }
        let now = self.clock.now();
        let mut steps = Vec::new();
        for DeclaredClient { client, secret } in declared {
            let name = client.client_id.to_string();
            let before = existing.iter().find(|known| known.item.client.client_id == client.client_id);
            let secret = secret_change(&client, secret, before.map(|known| &known.item), now);
            let known = fields_of(&before.map(|known| &known.item.client));
            let mut changes = changes(before, &known, &fields_of(&client));
            let new_secret = !matches!(secret, SecretChange::Keep);
            changes.extend(new_secret.then(|| FieldChange::untold("client_secret")));
            let work = Work::PutClient { client: Box::new(client), secret, exists: before.is_some() };
            steps.extend(put(Kind::Client, name, (before.is_some(), changes), work));
        }
        Ok(steps)
    }
}

pub(super) fn step(action: Action, kind: Kind, name: String, work: Work) -> PlannedStep {
    PlannedStep { action, kind, name, changes: Vec::new(), work }
}

/// A creation, a change, or nothing where what exists differs in no field.
pub(super) fn put(
    kind: Kind,
    name: String,
    (exists, changes): (bool, Vec<FieldChange>),
    work: Work,
) -> Option<PlannedStep> {
    let action = if exists { Action::Change } else { Action::Create };
    let differs = !exists || !changes.is_empty();
    differs.then(|| PlannedStep { changes, ..step(action, kind, name, work) })
}

pub(super) fn is_orphan<T>(known: &Managed<T>, declared: impl Fn(&T) -> bool) -> bool {
    known.managed_by.as_deref() == Some(MANAGED_BY) && !declared(&known.item)
}

/// In what something differs from what is known of it. Something made by hand becomes one of `apply`'s own.
pub(super) fn changes<T>(
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

pub(super) fn fields_of(item: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(item) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn user_fields_of(user: &User) -> Map<String, Value> {
    let mut fields = fields_of(&user.profile);
    fields.insert("email".into(), user.email.clone().into());
    fields.insert("email_verified".into(), user.email_verified.into());
    fields.insert("roles".into(), user.roles.clone().into());
    fields.insert("disabled".into(), user.disabled.into());
    fields
}

fn declared_user_fields(user: &NewUser) -> Map<String, Value> {
    let mut fields = fields_of(&user.profile);
    fields.insert("email".into(), user.email.clone().into());
    fields.insert("email_verified".into(), user.email_verified.into());
    fields.insert("roles".into(), user.roles.clone().into());
    fields.insert("disabled".into(), user.disabled.unwrap_or(false).into());
    fields
}

/// A declared password is compared with the kept hash. A declared hash that is weaker than the server's own is replaced
/// at the first sign-in; it counts only until then.
fn password_differs(declared: &NewUser, known: &User, hashing: Hashing) -> bool {
    let is_own = |hash: &str| PasswordHash::parse(hash).is_ok_and(|hash| hashing.is_met_by(&hash));
    match (&declared.password, &declared.password_hash, &known.password_hash) {
        (Some(password), _, Some(hash)) => !verifies(password, hash),
        (None, Some(declared), Some(hash)) => {
            let (declared, hash) = (declared.expose(), hash.expose());
            declared != hash && (is_own(declared) || !is_own(hash))
        }
        (Some(_), _, None) | (None, Some(_), None) => true,
        (None, None, _) => false,
    }
}

fn secret_change(
    client: &Client,
    declared: Option<Secret<String>>,
    known: Option<&RegisteredClient>,
    now: Moment,
) -> SecretChange {
    let needs_one = matches!(
        client.token_endpoint_auth_method,
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost
    );
    match declared {
        Some(secret) if known.is_some_and(|known| known.accepts_secret(&secret, now)) => SecretChange::Keep,
        Some(secret) => SecretChange::Set(secret),
        None if needs_one && known.is_none_or(|known| known.secrets.is_empty()) => SecretChange::Make,
        None => SecretChange::Keep,
    }
}

/// A scope value says which API a token is for: it belongs to one.
fn check_scopes<'a>(apis: impl Iterator<Item = &'a Resource>) -> Result<(), ApplyError> {
    let mut owners = HashMap::new();
    for api in apis {
        for scope in &api.scopes {
            if let Some(owner) = owners.insert(scope, &api.identifier) {
                return Err(ApplyError::Declaration(format!(
                    "resource {}: the scope {scope} belongs to resource {owner}, too; a scope belongs to one: rename one of them",
                    api.identifier
                )));
            }
        }
    }
    Ok(())
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

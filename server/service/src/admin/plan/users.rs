//! What `apply` would do to people.

use super::{ADOPTED, Action, Kind, MANAGED_BY, PlannedStep, Work, changes, fields_of, is_orphan, put, step};
use crate::admin::{Admin, ApplyError};
use crate::signin::password::{Hashing, verifies};
use serde_json::{Map, Value};
use signet_protocol::audit::FieldChange;
use signet_protocol::login::login_key;
use signet_protocol::password::PasswordHash;
use signet_protocol::registration::NewUser;
use signet_protocol::user::User;
use signet_store::Managed;
use std::collections::HashSet;

/// The fields of a person whose values the audit log tells: those that say what they may do.
pub(in crate::admin) const TOLD_OF_PEOPLE: [&str; 4] = ["roles", "groups", "disabled", "email_verified"];
impl Admin {
    pub(super) async fn plan_users(
        &self,
        declared: Vec<NewUser>,
        (set_passwords, kept_passwords): (bool, &mut Vec<String>),
        removals: &mut Vec<PlannedStep>,
    ) -> Result<Vec<PlannedStep>, ApplyError> {
        let existing = self.store.users().list().await?;
        let still_declared = self.store.users().with_declared_passwords().await?;
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
            // A password that somebody changed is theirs, and what an administrator took away stays away.
            let differs = password_differs(&user, &known.item, (self.hashing, set_passwords));
            let password = differs && (set_passwords || still_declared.contains(&known.item.id));
            kept_passwords.extend((differs && !password).then(|| name.clone()));
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

/// Whether somebody has another password than the declared one, or none. A declared hash that is weaker than the server's
/// own is replaced at the first sign-in, and what took its place is no other password, unless it is looked at `strictly`.
fn password_differs(declared: &NewUser, known: &User, (hashing, strictly): (Hashing, bool)) -> bool {
    let is_own = |hash: &str| PasswordHash::parse(hash).is_ok_and(|hash| hashing.is_met_by(&hash));
    match (&declared.password, &declared.password_hash, &known.password_hash) {
        (Some(password), _, Some(hash)) => !verifies(password, hash),
        (None, Some(declared), Some(hash)) => {
            let (declared, hash) = (declared.expose(), hash.expose());
            declared != hash && (strictly || is_own(declared) || !is_own(hash))
        }
        (Some(_), _, None) | (None, Some(_), None) => true,
        (None, None, _) => false,
    }
}

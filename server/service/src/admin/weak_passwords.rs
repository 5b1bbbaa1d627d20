//! Declared passwords that their owners could not choose. They are the operator's responsibility: told, and taken.

use super::plan::{Plan, Work};
use crate::signin::password::PasswordRules;
use crate::signin::password::breached::UnfitList;
use signet_protocol::password::{OwnWords, PasswordFault, Person};
use signet_protocol::registration::NewUser;

impl Plan {
    /// The users who would get such a password, each with what is wrong with it.
    pub fn weak_passwords(
        &self,
        rules: &PasswordRules,
    ) -> Result<Vec<(String, Vec<PasswordFault>)>, UnfitList> {
        let users = self.steps.iter().filter_map(|step| match &step.work {
            Work::CreateUser(user) => Some(user),
            Work::ChangeUser { after, password: true, .. } => Some(after),
            _ => None,
        });
        let mut weak = Vec::new();
        for user in users {
            let Some(password) = &user.password else { continue };
            let faults = rules.faults(password, &OwnWords::new(person(user), &rules.product_name))?;
            if !faults.is_empty() {
                weak.push((user.username.clone(), faults));
            }
        }
        Ok(weak)
    }
}

fn person(user: &NewUser) -> Person<'_> {
    Person { username: &user.username, email: user.email.as_deref(), names: Person::names_of(&user.profile) }
}

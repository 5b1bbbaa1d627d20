//! What `apply` would do to roles.

use super::{Action, Kind, PlannedStep, Work, changes, fields_of, is_orphan, put, step};
use crate::admin::{Admin, ApplyError};
use signet_protocol::role::Role;
use std::collections::HashSet;

impl Admin {
    pub(super) async fn plan_roles(
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
}

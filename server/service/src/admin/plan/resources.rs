//! What `apply` would do to APIs.

use super::{Action, Kind, PlannedStep, Work, changes, fields_of, is_orphan, put, step};
use crate::admin::{Admin, ApplyError};
use signet_protocol::resource::Resource;
use signet_store::Managed;
use std::collections::{HashMap, HashSet};

impl Admin {
    pub(super) async fn plan_resources(
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

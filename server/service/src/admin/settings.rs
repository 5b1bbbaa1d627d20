//! Settings: what holds and where it comes from, and changing those that may change while the server runs.

use super::clients::Changing;
use super::{Actor, Admin, AdminError};
use crate::configuration::{Configuration, ConfiguredKey, Decided, Source};
use serde_json::{Map, Value};
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::environment::Moment;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_store::{ChangedSettings, Committed};
use std::collections::BTreeMap;

/// Every setting, and the state that they are seen in.
#[derive(Clone, Debug)]
pub struct SettingsSeen {
    /// The settings, by key.
    pub keys: Vec<ConfiguredKey>,
    /// When one was last changed at run time; it names this state.
    pub updated_at: Moment,
}

impl Admin {
    /// Every setting with its source; never a secret.
    pub async fn settings(&self, actor: &Actor) -> Result<SettingsSeen, AdminError> {
        actor.must_have(Permission::SettingsRead)?;
        let changed = self.store.settings().all().await?;
        Ok(SettingsSeen { keys: self.decided(&changed.values)?.keys, updated_at: changed.updated_at })
    }

    /// Changes settings by their keys, or takes a change back where the value is null. Every node goes by it within a second.
    /// What the file or the environment sets cannot be changed here.
    pub async fn change_settings(
        &self,
        actor: &Actor,
        patch: Map<String, Value>,
        how: Changing,
    ) -> Result<SettingsSeen, AdminError> {
        actor.must_have(Permission::SettingsWrite)?;
        let ChangedSettings { values: before, updated_at } = self.store.settings().all().await?;
        if how.seen.is_some_and(|seen| seen != updated_at) {
            return Err(AdminError::Overtaken);
        }
        let known = self.decided(&before)?.keys;
        let faults: Vec<FieldError> = patch.keys().filter_map(|key| fault(&known, key)).collect();
        if !faults.is_empty() {
            return Err(AdminError::Invalid(faults));
        }
        let mut after = before.clone();
        for (key, value) in &patch {
            match value {
                Value::Null => after.remove(key),
                value => after.insert(key.clone(), value.clone()),
            };
        }
        let decided = self.configuration()?.with(&after).map_err(AdminError::Invalid)?;
        let changes = differences(&known, &decided.keys);
        if how.dry_run || after == before {
            return Ok(SettingsSeen { keys: decided.keys, updated_at });
        }
        let now = self.clock.now();
        let event = actor.event(now, Subjects::default(), Event::SettingsChanged { changes });
        let changed =
            patch.into_iter().map(|(key, value)| (key, Some(value).filter(|value| !value.is_null())));
        // Decided over what was read: whatever else was changed since has to be looked at first.
        let times = (Some(updated_at), now);
        let written = self.store.settings().change(changed.collect(), times, vec![event]).await?;
        match written.committed {
            Committed::Yes => {
                self.announce(&written).await;
                let ChangedSettings { updated_at, .. } = self.store.settings().all().await?;
                Ok(SettingsSeen { keys: decided.keys, updated_at })
            }
            Committed::Stale | Committed::SubjectGone => Err(AdminError::Overtaken),
        }
    }

    fn configuration(&self) -> Result<&Configuration, AdminError> {
        Ok(&self.server()?.configuration)
    }

    /// What holds with these changes; if another version of the server made them, without.
    fn decided(&self, changed: &BTreeMap<String, Value>) -> Result<Decided, AdminError> {
        let configuration = self.configuration()?;
        let decided = configuration.with(changed).or_else(|_| configuration.with(&BTreeMap::new()));
        decided.map_err(AdminError::Invalid)
    }
}

fn fault(known: &[ConfiguredKey], key: &str) -> Option<FieldError> {
    let message = match known.iter().find(|known| known.key == key) {
        None => "there is no such setting",
        Some(known) if known.changeable => return None,
        Some(known) => match known.source {
            Source::File => "is set in the configuration file, which holds: change or remove it there",
            Source::Environment => "is set in the environment, which holds: change or remove it there",
            Source::Default | Source::RunTime => {
                "changes with a restart only: set it in the configuration file"
            }
        },
    };
    Some(FieldError { field: key.to_owned(), message: message.to_owned() })
}

fn differences(before: &[ConfiguredKey], after: &[ConfiguredKey]) -> Vec<FieldChange> {
    let fields = |keys: &[ConfiguredKey]| {
        keys.iter().map(|key| (key.key.clone(), key.value.clone())).collect::<Map<String, Value>>()
    };
    FieldChange::between(&fields(before), &fields(after))
}

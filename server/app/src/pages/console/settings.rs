//! Settings: what holds, where it comes from, and what may change.

use super::ConsoleFrame;
use super::form::{Problem, problems};
use crate::pages::{Form, Page, Words};
use serde::Serialize;
use serde_json::Value;
use signet_protocol::parameters::Parameters;
use signet_protocol::registration::FieldError;
use signet_service::configuration::{ConfiguredKey, Source};

/// Lists settings, table by table. Form `#settings-TABLE` where one may change (of `limits.x` it is `#settings-limits-x`), a
/// field `set:KEY` for each that may, `back:KEY` to take a change back; button `#settings-TABLE-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleSettings {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// The settings, by the table of the configuration file that they stand in.
    pub groups: Vec<SettingGroup>,
    /// Holds what ties the form to the administrator and to what they saw; none: they may only look.
    pub form: Option<Form>,
    /// What was wrong, by key.
    pub problems: Vec<Problem>,
}

impl Page for ConsoleSettings {
    const TEMPLATE: &'static str = "console/settings.html";
}

/// The settings of one table.
#[derive(Clone, Debug, Serialize)]
pub struct SettingGroup {
    /// The table's name.
    pub name: String,
    /// What its form is called.
    pub id: String,
    /// Whether it is one of many alike, and folded up.
    pub folded: bool,
    /// Whether any of its settings may be changed by this administrator now.
    pub changeable: bool,
    /// Its settings.
    pub settings: Vec<SettingLine>,
}

/// A setting.
#[derive(Clone, Debug, Serialize)]
pub struct SettingLine {
    /// Its key.
    pub key: String,
    /// What holds, or was typed; of a secret nothing.
    pub value: String,
    /// Of a secret: whether there is one.
    pub is_set: bool,
    /// Whether it is a secret.
    pub secret: bool,
    /// What is typed into its field: `flag`, `list`, `number` or `text`.
    pub kind: &'static str,
    /// Where it comes from.
    pub source: Words,
    /// Whether it was changed at run time, so that the change can be taken back.
    pub changed: bool,
    /// Whether this administrator may change it now.
    pub changeable: bool,
}

/// The settings in groups. `sent`: as they were typed. `writes`: whether they may be changed.
pub fn groups(keys: Vec<ConfiguredKey>, sent: Option<&Parameters>, writes: bool) -> Vec<SettingGroup> {
    let mut groups: Vec<SettingGroup> = Vec::new();
    for configured in keys {
        let name = configured.key.rsplit_once('.').map_or("", |(table, _)| table).to_owned();
        let line = line(configured, sent, writes);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => {
                group.changeable |= line.changeable;
                group.settings.push(line);
            }
            None => groups.push(SettingGroup {
                id: format!("settings-{}", name.replace('.', "-")),
                folded: name.starts_with("limits."),
                changeable: line.changeable,
                name,
                settings: vec![line],
            }),
        }
    }
    groups
}

fn line(configured: ConfiguredKey, sent: Option<&Parameters>, writes: bool) -> SettingLine {
    let ConfiguredKey { key, value, secret, source, changeable } = configured;
    let typed = sent.and_then(|sent| sent.get(&format!("set:{key}"))).map(str::to_owned);
    SettingLine {
        value: typed.filter(|_| changeable).unwrap_or_else(|| text(&value, secret)),
        is_set: value == Value::Bool(true),
        kind: kind(&key, &value),
        key,
        secret,
        source: match source {
            Source::Default => Words("setting-default"),
            Source::File => Words("setting-file"),
            Source::Environment => Words("setting-environment"),
            Source::RunTime => Words("setting-run-time"),
        },
        changed: source == Source::RunTime,
        changeable: changeable && writes,
    }
}

/// What is typed for a value.
pub fn text(value: &Value, secret: bool) -> String {
    match value {
        _ if secret => String::new(),
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        value => value.to_string(),
    }
}

/// What kind of value a key has; a number that is not set has none to tell by.
pub fn kind(key: &str, value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "flag",
        Value::Array(_) => "list",
        Value::Number(_) => "number",
        _ if key.ends_with(".number") || key.ends_with(".burst") => "number",
        _ => "text",
    }
}

/// What was wrong, by key.
pub fn setting_problems(faults: &[FieldError]) -> Vec<Problem> {
    problems(faults)
}

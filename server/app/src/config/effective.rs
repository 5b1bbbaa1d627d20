//! What holds, key by key, and where it comes from; and what may be decided anew while the server runs.

use super::check::check;
use super::error::{Place, Problem};
use super::key::{Kind, LIMIT_FIELDS, keys};
use super::reader::Reader;
use super::source::{Raw, Setting, Settings};
use super::{Config, MasterKeySource};
use serde_json::{Map, Value, json};
use signet_protocol::id::TierName;
use signet_protocol::registration::FieldError;
use signet_service::configuration::{Configuration, ConfiguredKey, Decided, Source};
use signet_service::limits::{LimitName, LimitSettings};
use signet_service::mail::Target;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What the sources of the configuration say. It may hold secrets, and is shown to nobody.
#[derive(Clone, Default)]
pub struct Given(Arc<Settings>);

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given(..)")
    }
}

impl Given {
    pub(super) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }
}

/// The keys besides those of the limits that may be changed while the server runs: what only decides what becomes of later
/// requests, and puts nobody in danger whom the operator's files protect.
const CHANGEABLE: [&str; 10] = [
    "accounts.self_registration",
    "accounts.mail_domains",
    "accounts.deletion_grace_days",
    "factors.remember_days",
    "tokens.access_token_lifetime",
    "tokens.id_token_lifetime",
    "tokens.refresh_idle_lifetime",
    "tokens.refresh_lifetime",
    "sessions.idle_lifetime",
    "sessions.lifetime",
];

fn may_change(key: &str) -> bool {
    let of_limit = |(field, _): &(&str, Kind)| key.ends_with(&format!(".{field}"));
    let limit = key.strip_prefix("limits.").and_then(|rest| rest.split_once('.'));
    let limit = limit.is_some_and(|(name, _)| LimitName::named(name).is_some());
    CHANGEABLE.contains(&key) || limit && !key.contains(".tiers.") && LIMIT_FIELDS.iter().any(of_limit)
}

/// The whole configuration, for whoever administers a running server.
pub fn configuration(
    config: &Config,
    decided: impl Fn(&Config) -> Decided + Send + Sync + 'static,
) -> Configuration {
    let given = config.given.clone();
    let first = config.clone();
    Configuration::new(move |changed| {
        let mut settings = (*given.0).clone();
        let mut faults = Vec::new();
        for (key, value) in changed {
            let kind = keys().find(|(known, _)| known == key).map(|(_, kind)| kind);
            let Some(kind) = kind.filter(|_| may_change(key) && !given.0.contains_key(key.as_str())) else {
                continue;
            };
            match raw(kind, value) {
                Some(raw) => {
                    settings.insert(key.clone().into(), Setting { raw, place: Place::RunTime });
                }
                None => faults.push(FieldError { field: key.clone(), message: wanted(kind).to_owned() }),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        if changed.is_empty() {
            return Ok(decided(&first));
        }
        let config = check(Reader::new(settings.clone(), Vec::new()), &mut Vec::new());
        let config = config.map_err(|error| error.problems.into_iter().map(fault).collect::<Vec<_>>())?;
        Ok(decided(&Config { given: Given::new(settings), ..config }))
    })
}

fn fault(Problem { key, wrong, mend, .. }: Problem) -> FieldError {
    FieldError { field: key, message: format!("{wrong}: {mend}") }
}

fn raw(kind: Kind, value: &Value) -> Option<Raw> {
    match (kind, value) {
        (Kind::Text, Value::String(text)) if !text.is_empty() => Some(Raw::Text(text.clone())),
        (Kind::Flag, Value::Bool(flag)) => Some(Raw::Flag(*flag)),
        (Kind::Number, Value::Number(number)) => number.as_i64().filter(|n| *n >= 0).map(Raw::Number),
        (Kind::List, Value::Array(items)) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().map(Raw::List)
        }
        _ => None,
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Secret => "must be a text that is not empty",
        Kind::Number => "must be a whole number, not negative",
        Kind::Flag => "must be true or false",
        Kind::List | Kind::SecretList => "must be a list of texts",
    }
}

/// Every key with what holds and where that comes from; of secrets only whether there is one.
pub fn effective(config: &Config) -> Vec<ConfiguredKey> {
    let values = values(config);
    let mut all: Vec<ConfiguredKey> = keys().map(|(key, kind)| of(config, &values, key, kind)).collect();
    all.extend(tiers(config));
    all.sort_by(|a, b| a.key.cmp(&b.key));
    all
}

fn of(config: &Config, values: &BTreeMap<String, Value>, key: &str, kind: Kind) -> ConfiguredKey {
    let source = match config.given.0.get(key).map(|setting| &setting.place) {
        None | Some(Place::Default) => Source::Default,
        Some(Place::File { .. }) => Source::File,
        Some(Place::Variable(_)) => Source::Environment,
        Some(Place::RunTime) => Source::RunTime,
    };
    let secret = matches!(kind, Kind::Secret | Kind::SecretList);
    let value = values.get(key).cloned().unwrap_or(Value::Null);
    let changeable = may_change(key) && matches!(source, Source::Default | Source::RunTime);
    ConfiguredKey { key: key.to_owned(), value, secret, source, changeable }
}

/// What the tiers' limits are, where they are others.
fn tiers(config: &Config) -> Vec<ConfiguredKey> {
    let told = |key: &str| {
        let rest = key.strip_prefix("limits.")?;
        let (name, below) = rest.split_once(".tiers.")?;
        let (tier, field) = below.split_once('.')?;
        let limit = config.limits.get_for(LimitName::named(name)?, &TierName::from(tier));
        let value = limit_fields(limit).remove(field)?;
        Some(of(config, &BTreeMap::from([(key.to_owned(), value)]), key, Kind::Number))
    };
    config.given.0.keys().filter_map(|key| told(key)).collect()
}

fn limit_fields(limit: LimitSettings) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("strategy".to_owned(), json!(limit.strategy.as_str()));
    fields.insert("number".to_owned(), json!(limit.number));
    fields.insert("period".to_owned(), json!(limit.period));
    fields.insert("burst".to_owned(), json!(limit.burst));
    fields
}

/// What holds; a secret is only said to be there.
fn values(config: &Config) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    let mut tell = |key: &str, value: Value| {
        values.insert(key.to_owned(), value);
    };
    let (server, branding) = (&config.server, &config.branding);
    tell("server.listen", json!(server.listen));
    tell("server.issuer", json!(server.issuer.as_str()));
    tell("server.tls.certificate", json!(server.tls.as_ref().map(|tls| &tls.certificate)));
    tell("server.tls.key", json!(server.tls.as_ref().map(|tls| &tls.key)));
    tell("server.trusted_proxies", server.trusted_proxies.iter().map(ToString::to_string).collect());
    tell("database.url", json!(true));
    tell("redis.url", json!(config.redis.is_some()));
    tell("keys.master_key", json!(matches!(config.keys.master_key, MasterKeySource::Value(_))));
    tell("keys.previous_master_keys", json!(!config.keys.previous_master_keys.is_empty()));
    tell("keys.rotation_days", json!(config.keys.rotation_days));
    tell("keys.publish_ahead", json!(config.keys.publish_ahead));
    tell("mail.url", json!(!matches!(config.mail.target, Target::None)));
    tell("mail.from", json!(config.mail.from.as_ref().map(ToString::to_string)));
    tell("mail.timeout", json!(config.mail.timeout));
    tell("mail.extra_ca", json!(config.mail.extra_ca));
    tell("accounts.self_registration", json!(config.accounts.self_registration));
    tell("accounts.mail_domains", json!(config.accounts.mail_domains));
    tell("accounts.deletion_grace_days", json!(config.accounts.deletion_grace_days));
    tell("audit.retention_days", json!(config.audit.retention_days));
    tell("audit.token_issue", json!(config.audit.token_issue.as_str()));
    tell("refusals.days", json!(config.refusals.days));
    tell("refusals.max_rows", json!(config.refusals.max_rows));
    tell("limits.enabled", json!(config.limits.enabled));
    tell("limits.tiers", config.limits.tiers().map(ToString::to_string).collect());
    tell("factors.policy", json!(config.factors.policy.as_str()));
    tell("factors.email_code", json!(config.factors.email_code));
    tell("factors.remember_days", json!(config.factors.remember_days));
    tell("branding.product_name", json!(branding.product_name));
    tell("branding.language", json!(branding.language));
    tell("branding.logo", json!(branding.logo));
    tell("branding.accent", json!(branding.accent.as_ref().map(ToString::to_string)));
    tell("branding.accent_dark", json!(branding.accent_dark.as_ref().map(ToString::to_string)));
    tell("templates.directory", json!(config.templates));
    tell("tokens.access_token_lifetime", json!(config.tokens.access_token_lifetime));
    tell("tokens.id_token_lifetime", json!(config.tokens.id_token_lifetime));
    tell("tokens.code_lifetime", json!(config.tokens.code_lifetime));
    tell("tokens.refresh_idle_lifetime", json!(config.tokens.refresh_idle_lifetime));
    tell("tokens.refresh_lifetime", json!(config.tokens.refresh_lifetime));
    tell("sessions.idle_lifetime", json!(config.sessions.idle_lifetime));
    tell("sessions.lifetime", json!(config.sessions.lifetime));
    tell("passwords.min_length", json!(config.passwords.min_length));
    tell("passwords.breached_list", json!(config.passwords.breached_list));
    tell("passwords.memory_kib", json!(config.passwords.memory_kib));
    tell("passwords.iterations", json!(config.passwords.iterations));
    tell("passwords.parallelism", json!(config.passwords.parallelism));
    tell("demo.enabled", json!(config.demo.enabled));
    tell("demo.listen", json!(config.demo.listen));
    for name in LimitName::ALL {
        for (field, value) in limit_fields(config.limits.get(name)) {
            tell(&format!("limits.{}.{field}", name.as_str()), value);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_key_is_told_and_no_other() {
        let told: BTreeSet<String> = values(&Config::embedded()).into_keys().collect();
        let known: BTreeSet<String> = keys().map(|(key, _)| key.to_owned()).collect();
        assert_eq!(told, known);
    }

    #[test]
    fn of_secrets_only_whether_there_is_one_is_told() {
        for key in effective(&Config::embedded()).into_iter().filter(|key| key.secret) {
            assert!(key.value.is_boolean() && !key.changeable, "{key:?}");
        }
    }

    #[test]
    fn what_protects_people_is_changed_in_the_operators_files_alone() {
        for key in ["factors.policy", "limits.enabled", "passwords.min_length", "server.issuer", "mail.url"] {
            assert!(!may_change(key), "{key}");
        }
        assert!(may_change("limits.token_client.number") && !may_change("limits.unknown.number"));
    }
}

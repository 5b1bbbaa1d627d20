//! Every key there is, and which one was probably meant.

use Kind::{Flag, List, Number, Secret, SecretList, Text};
use signet_service::limits::LimitName;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string; paths, addresses and colours, too.
    Text,
    /// A whole number, not negative.
    Number,
    /// `true` or `false`.
    Flag,
    /// Strings; comma-separated in a variable.
    List,
    /// A string that is never shown and may be read from a file: the key with `_file` names it.
    Secret,
    /// Several of these; one a line in a file.
    SecretList,
}

impl Kind {
    /// Whether the key has a twin, with `_file` after its name, that says where to read it from.
    pub(super) fn may_come_from_a_file(self) -> bool {
        matches!(self, Secret | SecretList)
    }
}

/// The keys besides those of the limits, each with what it holds.
pub(super) const KEYS: &[(&str, Kind)] = &[
    ("server.listen", Text),
    ("server.issuer", Text),
    ("server.tls.certificate", Text),
    ("server.tls.key", Text),
    ("server.trusted_proxies", List),
    ("database.url", Secret),
    ("redis.url", Secret),
    ("keys.master_key", Secret),
    ("keys.previous_master_keys", SecretList),
    ("keys.rotation_days", Number),
    ("keys.publish_ahead", Number),
    ("mail.url", Secret),
    ("mail.from", Text),
    ("mail.timeout", Number),
    ("mail.extra_ca", Text),
    ("accounts.self_registration", Flag),
    ("accounts.mail_domains", List),
    ("limits.enabled", Flag),
    ("limits.tiers", List),
    ("factors.policy", Text),
    ("factors.email_code", Flag),
    ("factors.remember_days", Number),
    ("branding.product_name", Text),
    ("branding.language", Text),
    ("branding.logo", Text),
    ("branding.accent", Text),
    ("branding.accent_dark", Text),
    ("templates.directory", Text),
    ("tokens.access_token_lifetime", Number),
    ("tokens.id_token_lifetime", Number),
    ("tokens.code_lifetime", Number),
    ("tokens.refresh_idle_lifetime", Number),
    ("tokens.refresh_lifetime", Number),
    ("sessions.idle_lifetime", Number),
    ("sessions.lifetime", Number),
    ("passwords.min_length", Number),
    ("passwords.breached_list", Text),
    ("passwords.memory_kib", Number),
    ("passwords.iterations", Number),
    ("passwords.parallelism", Number),
    ("accounts.deletion_grace_days", Number),
    ("audit.retention_days", Number),
    ("refusals.days", Number),
    ("refusals.max_rows", Number),
    ("audit.token_issue", Text),
    ("demo.enabled", Flag),
    ("demo.listen", Text),
];

/// What is set of each limit.
pub(super) const LIMIT_FIELDS: [(&str, Kind); 4] =
    [("strategy", Text), ("number", Number), ("period", Number), ("burst", Number)];

/// The keys of the limits: each field of each of them.
static LIMIT_KEYS: LazyLock<Vec<(String, Kind)>> = LazyLock::new(|| {
    let fields = |name: LimitName| {
        LIMIT_FIELDS.map(|(field, kind)| (format!("limits.{}.{field}", name.as_str()), kind))
    };
    LimitName::ALL.into_iter().flat_map(fields).collect()
});

/// Every key.
pub(super) fn keys() -> impl Iterator<Item = (&'static str, Kind)> {
    KEYS.iter().copied().chain(LIMIT_KEYS.iter().map(|(key, kind)| (key.as_str(), *kind)))
}

/// Names that people and orchestrators reach for, and the key that does it.
const ALIASES: &[(&str, &str)] = &[
    ("port", "server.listen"),
    ("host", "server.listen"),
    ("bind", "server.listen"),
    ("address", "server.listen"),
    ("base_url", "server.issuer"),
    ("public_url", "server.issuer"),
    ("url", "server.issuer"),
    ("db_url", "database.url"),
    ("dsn", "database.url"),
    ("smtp_url", "mail.url"),
    ("smtp_host", "mail.url"),
    ("mail_from", "mail.from"),
];

/// A name that was resolved against [`KEYS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A key itself.
    Key(Cow<'static, str>, Kind),
    /// The `_file` form of a key.
    FileOf(Cow<'static, str>, Kind),
    /// A table that holds keys.
    Table,
    /// Nothing of ours.
    Unknown,
}

/// What a dotted name stands for.
pub(super) fn named(name: &str) -> Named {
    if let Some((key, kind)) = keys().find(|(key, _)| *key == name) {
        return Named::Key(key.into(), kind);
    }
    if let Some(stem) = name.strip_suffix("_file")
        && let Some((key, kind)) = keys().find(|(key, kind)| *key == stem && kind.may_come_from_a_file())
    {
        return Named::FileOf(key.into(), kind);
    }
    let is_table = |(key, _): (&str, Kind)| key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    match keys().any(is_table) {
        true => Named::Table,
        false => of_tier(name).or_else(|| of_sink(name)).unwrap_or(Named::Unknown),
    }
}

/// What is set of each sink of the audit log: `audit.sinks.NAME.FIELD`.
pub(super) const SINK_FIELDS: [(&str, Kind); 8] = [
    ("kind", Text),
    ("path", Text),
    ("fsync", Flag),
    ("url", Text),
    ("token", Secret),
    ("extra_ca", Text),
    ("private", Flag),
    ("events", Flag),
];

fn of_sink(name: &str) -> Option<Named> {
    let below = name.strip_prefix("audit.sinks")?;
    match *below.split('.').collect::<Vec<_>>() {
        [""] | ["", _] => Some(Named::Table),
        ["", _, field] => {
            if let Some((_, kind)) = SINK_FIELDS.into_iter().find(|(known, _)| *known == field) {
                return Some(Named::Key(name.to_owned().into(), kind));
            }
            let stem = name.strip_suffix("_file")?;
            (field == "token_file").then(|| Named::FileOf(stem.to_owned().into(), Secret))
        }
        _ => None,
    }
}

/// The fields of some limits are there once more for each tier: `limits.NAME.tiers.TIER.FIELD`. Whether there is such a
/// tier is not seen here.
fn of_tier(name: &str) -> Option<Named> {
    let (limit, below) = name.strip_prefix("limits.")?.split_once('.')?;
    LimitName::named(limit).filter(|limit| limit.has_tiers())?;
    match *below.split('.').collect::<Vec<_>>() {
        ["tiers"] | ["tiers", _] => Some(Named::Table),
        ["tiers", _, field] => {
            let (_, kind) = LIMIT_FIELDS.into_iter().find(|(known, _)| *known == field)?;
            Some(Named::Key(name.to_owned().into(), kind))
        }
        _ => None,
    }
}

/// The key that an unknown name (dotted, or with underscores only) was probably meant to be.
pub(super) fn likely(name: &str) -> Option<&'static str> {
    let flat = name.to_ascii_lowercase().replace('.', "_");
    if let Some((_, key)) = ALIASES.iter().find(|(alias, _)| *alias == flat) {
        return Some(key);
    }
    let starts_with = |key: &str| flat.starts_with(&format!("{}_", key.replace('.', "_")));
    if let Some((key, _)) = keys().find(|(key, _)| starts_with(key)) {
        return Some(key);
    }
    let last = |key: &str| key.rsplit('.').next().is_some_and(|last| last == flat);
    let mut by_last_segment = keys().filter(|(key, _)| last(key));
    if let (Some((key, _)), None) = (by_last_segment.next(), by_last_segment.next()) {
        return Some(key);
    }
    keys()
        .map(|(key, _)| (distance(&flat, &key.replace('.', "_")), key))
        .filter(|(distance, key)| *distance <= 2.max(key.len() / 6))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, key)| key)
}

/// The variable that sets a key.
pub(super) fn variable_of(key: &str) -> String {
    format!("SIGNET_{}", key.replace('.', "__").to_ascii_uppercase())
}

/// How many characters must be added, dropped or replaced to turn one name into the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let above = *cell;
            left = (above + 1).min(left + 1).min(diagonal + usize::from(a != *b));
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

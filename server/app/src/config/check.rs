//! From settings to a [`Config`]: each value by itself, then the combinations that would be unsafe.

use super::reader::{Reader, Unfit};
use super::{
    Colour, Config, ConfigError, DAY, Issuer, MIN_PUBLISH_AHEAD, MasterKeySource, Redis, Tls, Warning,
    accounts, limits, mail, master_key, sinks,
};
use ipnet::IpNet;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::language::Language;
use signet_protocol::password::stored::MAX_MEMORY_KIB;
use signet_protocol::password::{LONGEST_MINIMUM, SHORTEST_MINIMUM};
use signet_protocol::secret::Secret;
use signet_service::audit::TokenIssue;
use signet_service::mail::Target;
use signet_service::signin::password::Hashing;
use std::net::SocketAddr;
use std::path::Path;

/// The longest that a grant or a session may live, in seconds.
const YEAR: u32 = 365 * DAY;

/// Fills a configuration, beginning with the embedded default.
pub(super) fn check(mut reader: Reader, warnings: &mut Vec<Warning>) -> Result<Config, ConfigError> {
    let mut config = Config::embedded();
    server(&mut reader, &mut config);
    storage(&mut reader, &mut config);
    keys(&mut reader, &mut config);
    mail::check(&mut reader, &mut config);
    accounts::check(&mut reader, &mut config);
    reader.number("refusals.days", 0..=365, &mut config.refusals.days);
    reader.number("refusals.max_rows", 100..=10_000_000, &mut config.refusals.max_rows);
    audit(&mut reader, &mut config);
    limits::read(&mut reader, &mut config.limits);
    factors(&mut reader, &mut config);
    appearance(&mut reader, &mut config);
    lifetimes(&mut reader, &mut config);
    passwords(&mut reader, &mut config);
    // What is wrong by itself was replaced by the default here: to judge that beside the rest would mislead.
    if reader.is_clean() {
        exposure(&mut reader, &config);
    }
    warnings.extend(advice(&config));
    let problems = reader.into_problems();
    if problems.is_empty() { Ok(config) } else { Err(ConfigError { problems }) }
}

fn server(reader: &mut Reader, config: &mut Config) {
    reader.parsed("server.listen", &mut config.server.listen, address);
    reader.parsed("server.issuer", &mut config.server.issuer, |text| {
        Issuer::parse(text).map_err(|invalid| (invalid.wrong, invalid.mend))
    });
    reader.flag("demo.enabled", &mut config.demo.enabled);
    reader.parsed("demo.listen", &mut config.demo.listen, address);
    for text in reader.list("server.trusted_proxies") {
        match network(&text) {
            Ok(network) => config.server.trusted_proxies.push(network),
            Err((wrong, mend)) => reader.refuse("server.trusted_proxies", wrong, mend),
        }
    }
    tls(reader, config);
}

fn tls(reader: &mut Reader, config: &mut Config) {
    let (certificate, key) = ("server.tls.certificate", "server.tls.key");
    match (reader.existing(certificate, false), reader.existing(key, false)) {
        (Some(certificate), Some(key)) => config.server.tls = Some(Tls { certificate, key }),
        (Some(_), None) => reader.refuse(key, "is not set, but the certificate is", "set both or neither"),
        (None, Some(_)) => reader.refuse(certificate, "is not set, but the key is", "set both or neither"),
        (None, None) => {}
    }
}

fn storage(reader: &mut Reader, config: &mut Config) {
    if let Some(url) = reader.secret("database.url") {
        if !has_scheme(&url, &["sqlite:", "postgres:", "postgresql:"]) {
            let mend = "begin it with sqlite:// or postgres://";
            reader.refuse("database.url", "is neither an SQLite nor a PostgreSQL URL", mend);
        }
        config.database.url = url;
    }
    if let Some(url) = reader.secret("redis.url") {
        if !has_scheme(&url, &["redis:", "rediss:"]) {
            reader.refuse("redis.url", "is not a Redis URL", "begin it with redis:// or rediss://");
        }
        config.redis = Some(Redis { url });
    }
}

fn keys(reader: &mut Reader, config: &mut Config) {
    if let Some(path) = reader.path("keys.master_key_file") {
        config.keys.master_key = MasterKeySource::File(path);
    }
    if let Some(value) = reader.secret("keys.master_key") {
        if let Err(invalid) = master_key::decode(value.expose()) {
            reader.refuse("keys.master_key", invalid.to_string(), master_key::MAKE_ONE);
        }
        config.keys.master_key = MasterKeySource::Value(value);
    }
    for value in reader.list("keys.previous_master_keys").into_iter().map(Secret::new) {
        if let Err(invalid) = master_key::decode(value.expose()) {
            reader.refuse("keys.previous_master_keys", invalid.to_string(), "give each old key as it was");
        }
        config.keys.previous_master_keys.push(value);
    }
    reader.number("keys.rotation_days", 1..=3650, &mut config.keys.rotation_days);
    reader.number("keys.publish_ahead", MIN_PUBLISH_AHEAD..=30 * DAY, &mut config.keys.publish_ahead);
    if u64::from(config.keys.publish_ahead) >= u64::from(config.keys.rotation_days) * u64::from(DAY) {
        let wrong = "a key would be replaced before it signs";
        reader.refuse("keys.publish_ahead", wrong, "make it shorter than `keys.rotation_days`");
    }
}

fn audit(reader: &mut Reader, config: &mut Config) {
    reader.number("audit.retention_days", 0..=36_500, &mut config.audit.retention_days);
    reader.parsed("audit.token_issue", &mut config.audit.token_issue, |text| {
        let refused =
            || (format!("`{text}` is no way to record tokens"), "write durable, batched or off".to_owned());
        TokenIssue::named(text).ok_or_else(refused)
    });
    config.audit.sinks = sinks::read(reader);
}

fn factors(reader: &mut Reader, config: &mut Config) {
    reader.parsed("factors.policy", &mut config.factors.policy, |text| {
        let refused = || {
            let mend = "write off, optional, required or required_for_administrators";
            (format!("`{text}` is no policy"), mend.to_owned())
        };
        FactorPolicy::named(text).ok_or_else(refused)
    });
    reader.flag("factors.email_code", &mut config.factors.email_code);
    if config.factors.email_code && matches!(config.mail.target, Target::None) {
        let mend = "set `mail.url`, or leave codes by mail off";
        reader.refuse("factors.email_code", "is true, but no mail leaves this server", mend);
    }
    reader.number("factors.remember_days", 0..=365, &mut config.factors.remember_days);
}

fn appearance(reader: &mut Reader, config: &mut Config) {
    reader.parsed("branding.product_name", &mut config.branding.product_name, |text| {
        let name = text.trim();
        let fits = !name.is_empty() && name.chars().count() <= 60 && !name.chars().any(char::is_control);
        let refused =
            || ("is no name for a page's head".to_owned(), "write 1 to 60 visible characters".to_owned());
        fits.then(|| name.to_owned()).ok_or_else(refused)
    });
    // Whether there are messages in it shows when the pages are loaded: an operator may have added them.
    reader.parsed("branding.language", &mut config.branding.language, |text| {
        let refused = || ("is no language tag".to_owned(), "write one like en, de or pt-BR".to_owned());
        Language::parse(text).map(|language| language.tag().to_owned()).ok_or_else(refused)
    });
    config.branding.logo = reader.existing("branding.logo", false);
    let is_image = |path: &Path| {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        matches!(ending.as_deref(), Some("svg" | "png" | "webp" | "jpg" | "jpeg"))
    };
    if config.branding.logo.as_deref().is_some_and(|path| !is_image(path)) {
        reader.refuse("branding.logo", "is no image that browsers show", "use .svg, .png, .webp or .jpg");
    }
    reader.parsed("branding.accent", &mut config.branding.accent, colour);
    reader.parsed("branding.accent_dark", &mut config.branding.accent_dark, colour);
    config.templates = reader.existing("templates.directory", true);
}

fn lifetimes(reader: &mut Reader, config: &mut Config) {
    let tokens = &mut config.tokens;
    reader.number("tokens.access_token_lifetime", 60..=DAY, &mut tokens.access_token_lifetime);
    reader.number("tokens.id_token_lifetime", 60..=DAY, &mut tokens.id_token_lifetime);
    reader.number("tokens.code_lifetime", 10..=600, &mut tokens.code_lifetime);
    reader.number("tokens.refresh_idle_lifetime", 60..=YEAR, &mut tokens.refresh_idle_lifetime);
    reader.number("tokens.refresh_lifetime", 60..=YEAR, &mut tokens.refresh_lifetime);
    reader.number("sessions.idle_lifetime", 60..=YEAR, &mut config.sessions.idle_lifetime);
    reader.number("sessions.lifetime", 60..=YEAR, &mut config.sessions.lifetime);
    for (idle, whole, fits) in [
        (
            "tokens.refresh_idle_lifetime",
            "tokens.refresh_lifetime",
            config.tokens.refresh_idle_lifetime <= config.tokens.refresh_lifetime,
        ),
        (
            "sessions.idle_lifetime",
            "sessions.lifetime",
            config.sessions.idle_lifetime <= config.sessions.lifetime,
        ),
    ] {
        // Blame the key that was set: the other may be the default.
        let key = if reader.is_set(idle) || !reader.is_set(whole) { idle } else { whole };
        if !fits {
            let wrong = format!("`{idle}` is longer than `{whole}`");
            reader.refuse(key, wrong, "make the idle lifetime the shorter one");
        }
    }
}

fn passwords(reader: &mut Reader, config: &mut Config) {
    let passwords = &mut config.passwords;
    reader.number("passwords.min_length", SHORTEST_MINIMUM..=LONGEST_MINIMUM, &mut passwords.min_length);
    passwords.breached_list = reader.existing("passwords.breached_list", false);
    let floor = Hashing::FLOOR;
    reader.number("passwords.memory_kib", floor.memory_kib..=MAX_MEMORY_KIB, &mut passwords.memory_kib);
    reader.number("passwords.iterations", floor.iterations..=16, &mut passwords.iterations);
    reader.number("passwords.parallelism", floor.parallelism..=16, &mut passwords.parallelism);
}

/// Combinations that would put something on a network that is meant for this machine, or believe what a stranger says.
fn exposure(reader: &mut Reader, config: &Config) {
    let server = &config.server;
    if server.issuer.is_loopback() && !server.listen.ip().is_loopback() {
        let wrong = format!(
            "{} is open to the network, but the issuer {} is this machine",
            server.listen, server.issuer
        );
        let mend = "set `server.issuer` to the https address that people use, or listen on 127.0.0.1";
        reader.refuse("server.listen", wrong, mend);
    }
    if server.tls.is_some() && !server.issuer.is_https() {
        let wrong = format!("TLS is served, but the issuer {} says http", server.issuer);
        reader.refuse("server.tls.certificate", wrong, "make `server.issuer` https");
    }
    if !config.limits.enabled && !server.issuer.is_loopback() {
        let wrong = format!("limits cannot be switched off for the issuer {}", server.issuer);
        reader.refuse("limits.enabled", wrong, "remove it: it is for load tests on localhost");
    }
    if !config.demo.listen.ip().is_loopback() {
        let wrong = format!("{} is open to the network", config.demo.listen);
        reader.refuse("demo.listen", wrong, "the demo is for this machine: use 127.0.0.1 and a port");
    }
    let same = |port| port != 0 && port == config.demo.listen.port();
    if config.demo().is_some() && same(server.listen.port()) {
        let wrong = format!("port {} is the server's own", config.demo.listen.port());
        reader.refuse("demo.listen", wrong, "choose another port, or set `demo.enabled = false`");
    }
}

/// What is allowed, and probably not meant.
pub(super) fn advice(config: &Config) -> Vec<Warning> {
    let server = &config.server;
    let mut warnings = Vec::new();
    if server.issuer.is_https() && server.tls.is_none() && server.trusted_proxies.is_empty() {
        let text = "the issuer is https, but neither `server.tls` nor `server.trusted_proxies` is set: behind a proxy \
                    every visitor then has the proxy's address, and limits per address hit them all";
        warnings.push(Warning(text.to_owned()));
    }
    if !config.limits.enabled {
        warnings.push(Warning(
            "`limits.enabled` is false: nothing slows down whoever guesses passwords".to_owned(),
        ));
    }
    warnings.extend(mail::advice(config));
    warnings
}

fn address(text: &str) -> Result<SocketAddr, Unfit> {
    let refused = |_| {
        (format!("`{text}` is no address with a port"), "write it like 127.0.0.1:8080 or [::]:8080".into())
    };
    text.parse().map_err(refused)
}

fn colour(text: &str) -> Result<Option<Colour>, Unfit> {
    let refused = || (format!("`{text}` is no colour"), "write it like #3366cc".to_owned());
    Colour::parse(text).map(Some).ok_or_else(refused)
}

/// A network in CIDR form, or a single address. Everybody is not a proxy.
fn network(text: &str) -> Result<IpNet, Unfit> {
    let single = |_| text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    let parsed: Result<IpNet, _> = text.parse::<IpNet>().or_else(single);
    match parsed {
        Ok(network) if network.prefix_len() == 0 => {
            let wrong = format!("`{text}` believes everybody's X-Forwarded-For");
            Err((wrong, "name the networks of your proxies".to_owned()))
        }
        Ok(network) => Ok(network),
        Err(_) => {
            Err((format!("`{text}` is no network"), "write it like 10.0.0.0/8 or 192.0.2.7".to_owned()))
        }
    }
}

fn has_scheme(url: &Secret<String>, schemes: &[&str]) -> bool {
    schemes.iter().any(|scheme| url.expose().starts_with(scheme))
}

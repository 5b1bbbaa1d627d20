//! The rules of configuration, as tables.

mod environment;
mod factors;
mod issuers;
mod readme;
mod refusals;

use super::*;
use signet_service::limits::{LimitName, LimitSettings, Strategy};
use std::io::Write as _;

/// A configuration file with this text, and these variables.
fn load(text: &str, variables: &[(&str, &str)]) -> Result<(Config, Vec<Warning>), ConfigError> {
    let mut file = tempfile::Builder::new().prefix("signet-").suffix(".toml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Config::load(Some(file.path()), owned(variables).into_iter())
}

fn owned(variables: &[(&str, &str)]) -> Vec<(String, String)> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn config(text: &str) -> Config {
    load(text, &[]).unwrap().0
}

/// The only problem of a refused configuration.
fn problem(text: &str, variables: &[(&str, &str)]) -> Problem {
    let error = load(text, variables).expect_err(text);
    assert_eq!(error.problems.len(), 1, "{text} {variables:?}\n{error}");
    error.problems.into_iter().next().unwrap()
}

fn folder_with(name: &str, content: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path.display().to_string())
}

#[test]
fn nothing_configured_is_the_embedded_default() {
    let (config, warnings) = Config::load(None, std::iter::empty()).unwrap();
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::embedded()));
    assert_eq!(warnings, []);
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.issuer.as_str(), "http://localhost:8080");
    assert_eq!(config.server.issuer, Issuer::parse("http://localhost:8080").unwrap());
    assert_eq!(config.database.url.expose(), "sqlite://data/signet.db?mode=rwc");
    assert_eq!(config.demo().unwrap().to_string(), "127.0.0.1:8081");
}

#[test]
fn every_key_is_taken_from_the_file() {
    let (_folder, path) = folder_with("some.svg", "<svg/>");
    let folder = Path::new(&path).parent().unwrap().display().to_string();
    let config = config(&format!(
        r##"
        [server]
        listen = "0.0.0.0:9000"
        issuer = "https://id.example.test"
        trusted_proxies = ["10.0.0.0/8", "2001:db8::1"]
        [server.tls]
        certificate = "{path}"
        key = "{path}"
        [database]
        url = "postgres://signet:secret@db/signet"
        [redis]
        url = "rediss://cache"
        [keys]
        master_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
        previous_master_keys = ["ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"]
        rotation_days = 30
        publish_ahead = 360
        [branding]
        product_name = "Example ID"
        language = "de"
        logo = "{path}"
        accent = "#3366CC"
        accent_dark = "#99bbff"
        [templates]
        directory = "{folder}"
        [tokens]
        access_token_lifetime = 300
        id_token_lifetime = 301
        code_lifetime = 30
        refresh_idle_lifetime = 1000
        refresh_lifetime = 2000
        [sessions]
        idle_lifetime = 3000
        lifetime = 4000
        [passwords]
        min_length = 15
        breached_list = "{path}"
        memory_kib = 65536
        iterations = 3
        parallelism = 4
        [demo]
        enabled = false
        listen = "127.0.0.1:9001"
        "##
    ));
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:9000");
    assert_eq!(config.server.issuer.origin(), "https://id.example.test");
    let proxies: Vec<String> = config.server.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "2001:db8::1/128"]);
    assert_eq!(config.server.tls.unwrap().key, PathBuf::from(&path));
    assert_eq!(config.database.url.expose(), "postgres://signet:secret@db/signet");
    assert_eq!(config.redis.unwrap().url.expose(), "rediss://cache");
    assert!(
        matches!(&config.keys.master_key, MasterKeySource::Value(key) if key.expose().starts_with("AAEC"))
    );
    assert_eq!(config.keys.previous_master_keys.len(), 1);
    assert_eq!((config.keys.rotation_days, config.keys.publish_ahead), (30, 360));
    assert_eq!(config.branding.language, "de");
    assert_eq!(config.branding.product_name, "Example ID");
    assert_eq!(config.branding.accent.unwrap().as_str(), "#3366cc");
    assert_eq!(config.branding.accent_dark.unwrap().as_str(), "#99bbff");
    assert_eq!(config.templates.unwrap().display().to_string(), folder);
    let tokens = &config.tokens;
    assert_eq!(
        (tokens.access_token_lifetime, tokens.id_token_lifetime, tokens.code_lifetime),
        (300, 301, 30)
    );
    assert_eq!((tokens.refresh_idle_lifetime, tokens.refresh_lifetime), (1000, 2000));
    assert_eq!((config.sessions.idle_lifetime, config.sessions.lifetime), (3000, 4000));
    let passwords = &config.passwords;
    assert_eq!(passwords.min_length, 15);
    assert_eq!(passwords.breached_list.as_deref(), Some(Path::new(&path)));
    assert_eq!((passwords.memory_kib, passwords.iterations, passwords.parallelism), (65536, 3, 4));
    assert!(!config.demo.enabled);
    assert_eq!(config.demo.listen.port(), 9001);
}

#[test]
fn each_limit_is_taken_from_its_table_and_the_others_stay() {
    let config = config(
        r#"
        [limits.sign_in_account]
        number = 3
        period = 60
        [limits.sign_in_network]
        strategy = "leaky_bucket"
        number = 4
        period = 61
        burst = 2
        [limits.token_client]
        number = 100
        "#,
    );
    let limit = |name| config.limits.get(name);
    let fixed = LimitSettings { strategy: Strategy::FixedWindow, number: Some(3), period: 60, burst: None };
    assert_eq!(limit(LimitName::SignInAccount), fixed);
    let leaky =
        LimitSettings { strategy: Strategy::LeakyBucket, number: Some(4), period: 61, burst: Some(2) };
    assert_eq!(limit(LimitName::SignInNetwork), leaky);
    assert_eq!(limit(LimitName::TokenClient).number, Some(100));
    assert_eq!(limit(LimitName::SignInPair), LimitName::SignInPair.default_settings());
}

#[test]
fn a_tiers_limits_are_the_limits_own_but_for_what_its_table_says() {
    let config = config(
        r#"
        [limits]
        tiers = ["gold", "partner"]
        [limits.token_client]
        number = 60
        [limits.token_client.tiers.gold]
        number = 6000
        burst = 100
        "#,
    );
    let limit = |tier: &str| config.limits.get_for(LimitName::TokenClient, &tier.into());
    let base = LimitSettings { number: Some(60), ..LimitName::TokenClient.default_settings() };
    assert_eq!(limit("gold"), LimitSettings { number: Some(6000), burst: Some(100), ..base });
    assert_eq!(limit("partner"), base);
    let variables = [("SIGNET_LIMITS__TOKEN_CLIENT__TIERS__GOLD__NUMBER", "7")];
    let (config, _) = load("[limits]\ntiers = [\"gold\"]", &variables).unwrap();
    assert_eq!(config.limits.get_for(LimitName::TokenClient, &"gold".into()).number, Some(7));
}

#[test]
fn the_demo_is_served_only_while_the_issuer_is_this_machine() {
    assert!(config("[server]\nissuer = \"http://[::1]:8080\"").demo().is_some());
    assert!(config("[server]\nissuer = \"https://id.example.test\"").demo().is_none());
    assert!(config("[demo]\nenabled = false").demo().is_none());
}

#[test]
fn an_issuer_behind_an_unnamed_proxy_warns() {
    let warns =
        |text: &str| load(text, &[]).unwrap().1.iter().any(|warning| warning.0.contains("trusted_proxies"));
    assert!(warns("[server]\nissuer = \"https://id.example.test\""));
    assert!(!warns("[server]\nissuer = \"https://id.example.test\"\ntrusted_proxies = [\"10.0.0.1\"]"));
}

#[test]
fn the_fingerprint_tells_settings_apart_but_no_secrets() {
    let of = |text: &str| config(text).fingerprint();
    let one = of("redis.url = \"redis://:one@localhost/\"");
    assert_eq!(one, of("redis.url = \"redis://:other@localhost/\""));
    assert_ne!(one, of(""));
    assert_ne!(one, of("redis.url = \"redis://:one@localhost/\"\n[audit]\nretention_days = 30"));
    assert_eq!(one.len(), 32);
}

#[test]
fn a_sink_takes_what_its_kind_takes_and_nothing_else() {
    let text = "[audit.sinks.kept]\nkind = \"file\"\npath = \"seals\"\n[audit.sinks.log]\nkind = \"syslog\"\nurl = \"tls://[::1]\"";
    let (config, _) = load(text, &[("SIGNET_AUDIT__SINKS__KEPT__EVENTS", "true")]).unwrap();
    let sinks: Vec<_> = config.audit.sinks.iter().map(|sink| (sink.name.as_str(), sink.events)).collect();
    assert_eq!(sinks, [("kept", true), ("log", false)]);
    assert!(format!("{:?}", config.audit.sinks[1].target).contains("\"::1\", port: 6514, transport: Tls"));
    for (wrong, key) in [
        ("[audit.sinks.kept]\nkind = \"pipe\"", "audit.sinks.kept.kind"),
        ("[audit.sinks.Kept]\nkind = \"file\"\npath = \"x\"", "audit.sinks.Kept.kind"),
        ("[audit.sinks.kept]\nkind = \"file\"", "audit.sinks.kept.path"),
        ("[audit.sinks.kept]\nkind = \"file\"\npath = \"x\"\nurl = \"udp://x\"", "audit.sinks.kept.url"),
        ("[audit.sinks.kept]\nkind = \"syslog\"\nurl = \"http://x\"", "audit.sinks.kept.url"),
        ("[audit.sinks.kept]\nkind = \"https\"\nurl = \"http://x\"", "audit.sinks.kept.url"),
        ("[audit.sinks.kept]\nkind = \"https\"\nurl = \"https://a:b@x\"", "audit.sinks.kept.url"),
        ("[audit.sinks.kept]\ncolour = 1", "audit.sinks.kept.colour"),
        ("audit.sinks = 1", "audit.sinks"),
    ] {
        let problems = load(wrong, &[]).unwrap_err().problems;
        assert!(problems.iter().any(|problem| problem.key == key), "{wrong}: {problems:?}");
    }
}

use super::*;
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
        publish_ahead = 600
        [limits.sign_in_account]
        number = 3
        period = 60
        [limits.sign_in_address]
        number = 4
        period = 61
        [branding]
        product_name = "Example ID"
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
    assert!(matches!(&config.keys.master_key, MasterKeySource::Value(key) if key.expose().starts_with("AAEC")));
    assert_eq!(config.keys.previous_master_keys.len(), 1);
    assert_eq!((config.keys.rotation_days, config.keys.publish_ahead), (30, 600));
    assert_eq!(config.limits.sign_in_account, Limit { number: 3, period: 60 });
    assert_eq!(config.limits.sign_in_address, Limit { number: 4, period: 61 });
    assert_eq!(config.branding.product_name, "Example ID");
    assert_eq!(config.branding.accent.unwrap().as_str(), "#3366cc");
    assert_eq!(config.branding.accent_dark.unwrap().as_str(), "#99bbff");
    assert_eq!(config.templates.unwrap().display().to_string(), folder);
    let tokens = &config.tokens;
    assert_eq!((tokens.access_token_lifetime, tokens.id_token_lifetime, tokens.code_lifetime), (300, 301, 30));
    assert_eq!((tokens.refresh_idle_lifetime, tokens.refresh_lifetime), (1000, 2000));
    assert_eq!((config.sessions.idle_lifetime, config.sessions.lifetime), (3000, 4000));
    assert!(!config.demo.enabled);
    assert_eq!(config.demo.listen.port(), 9001);
}

#[test]
fn every_key_can_be_overridden_by_its_variable() {
    for (key, kind) in key::KEYS {
        let value = match kind {
            key::Kind::Number => "123456789",
            key::Kind::Flag => "maybe",
            key::Kind::Secret => "no such secret",
            key::Kind::Text | key::Kind::List | key::Kind::SecretList => "\u{7}no such thing",
        };
        let variable = key::variable_of(key);
        let Problem { key: named, place, .. } = problem("", &[(&variable, value)]);
        assert_eq!((named.as_str(), place), (*key, Place::Variable(variable)));
    }
}

#[test]
fn variables_override_the_file_and_their_lists_are_comma_separated() {
    let text = "[server]\nlisten = \"127.0.0.1:1\"\ntrusted_proxies = [\"192.0.2.0/24\"]\n[limits]\nenabled = true";
    let variables = [
        ("SIGNET_SERVER__LISTEN", "127.0.0.1:2"),
        ("SIGNET_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 172.16.0.0/12"),
        ("SIGNET_LIMITS__ENABLED", "false"),
        ("SIGNET_LIMITS__SIGN_IN_ACCOUNT__NUMBER", "7"),
    ];
    let (config, _) = load(text, &variables).unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert!(!config.limits.enabled);
    assert_eq!(config.limits.sign_in_account.number, 7);
}

#[test]
fn numbers_in_a_secret_stay_as_they_are_written() {
    let (config, _) = load("", &[("SIGNET_DATABASE__URL", "postgres:1e5")]).unwrap();
    assert_eq!(config.database.url.expose(), "postgres:1e5");
}

#[test]
fn variables_that_are_no_configuration_only_warn_with_the_likely_key() {
    for (variable, hint) in [
        ("SIGNET_PORT", Some("SIGNET_SERVER__LISTEN")),
        ("SIGNET_SERVER_LISTEN", Some("SIGNET_SERVER__LISTEN")),
        ("SIGNET_DATABASE_URL", Some("SIGNET_DATABASE__URL")),
        ("SIGNET_ISSUER", Some("SIGNET_SERVER__ISSUER")),
        ("SIGNET_SOMETHING_ELSE_ENTIRELY", None),
    ] {
        let (config, warnings) = load("", &[(variable, "s3cret")]).unwrap();
        assert_eq!(format!("{config:?}"), format!("{:?}", Config::embedded()));
        let [warning] = warnings.as_slice() else { panic!("{variable}: {warnings:?}") };
        assert!(warning.0.contains(variable) && !warning.0.contains("s3cret"), "{warning}");
        assert_eq!(hint.is_some(), warning.0.contains("SIGNET_S") && warning.0.contains("for `") || warning.0.contains("SIGNET_DATABASE__URL"));
        assert!(hint.is_none_or(|hint| warning.0.contains(hint)), "{warning}");
    }
    assert_eq!(load("", &[("SIGNET_LOG", "debug"), ("PATH", "/bin"), ("OTHER__KEY", "x")]).unwrap().1, []);
}

#[test]
fn an_unknown_key_is_refused_by_name_and_place_with_the_likely_one() {
    for (text, variables, key, hint) in [
        ("[server]\nlisten = \"127.0.0.1:1\"\nlissten = \"x\"", &[][..], "server.lissten", "`server.listen`"),
        ("issuer = \"x\"", &[], "issuer", "`server.issuer`"),
        ("[demo]\ncolour = 1", &[], "demo.colour", "remove it"),
        ("[serve]\nlisten = 1", &[], "serve", "remove it"),
        ("[database]\nurls = 1", &[], "database.urls", "`database.url`"),
        ("[limits.tokens]\nnumber = 1", &[], "limits.tokens", "remove it"),
        ("[limits.sign_in_account]\nburst = 1", &[], "limits.sign_in_account.burst", "remove it"),
        ("[server]\nlisten_file = \"x\"", &[], "server.listen_file", "`server.listen`"),
        ("", &[("SIGNET_SERVER__LISSTEN", "x")], "server.lissten", "SIGNET_SERVER__LISTEN"),
        ("", &[("SIGNET_SERVER__LISTEN__PORT", "1")], "server.listen.port", "unset"),
        ("", &[("SIGNET_SERVER__TLS", "1")], "server.tls", ""),
    ] {
        let problem = problem(text, variables);
        assert_eq!(problem.key, key);
        assert!(problem.mend.contains(hint) || key == "server.listen.port", "{problem}");
    }
    let Place::File { line, .. } = problem("[server]\n\nlissten = 1", &[]).place else { panic!("no line") };
    assert_eq!(line, 3);
}

#[test]
fn keys_that_this_version_does_not_act_on_are_refused() {
    for text in ["[registration]\nmode = \"open\"", "[outbound]\nextra_ca = \"x\"", "[server.tls]\nclient_ca = \"x\""] {
        assert!(problem(text, &[]).wrong.contains("not supported"), "{text}");
    }
    assert!(problem("", &[("SIGNET_REGISTRATION__MODE", "open")]).wrong.contains("not supported"));
}

#[test]
fn a_wrong_type_is_refused_and_not_converted() {
    for (text, key) in [
        ("[server]\nlisten = 8080", "server.listen"),
        ("[server]\ntrusted_proxies = \"10.0.0.0/8\"", "server.trusted_proxies"),
        ("[server]\ntrusted_proxies = [1]", "server.trusted_proxies"),
        ("[limits]\nenabled = \"no\"", "limits.enabled"),
        ("[limits]\nenabled = 0", "limits.enabled"),
        ("[tokens]\ncode_lifetime = \"60\"", "tokens.code_lifetime"),
        ("[tokens]\ncode_lifetime = 60.0", "tokens.code_lifetime"),
        ("[tokens]\ncode_lifetime = -60", "tokens.code_lifetime"),
        ("[tokens]\ncode_lifetime = true", "tokens.code_lifetime"),
        ("[database.url]\nx = 1", "database.url"),
        ("[keys]\nmaster_key_file = 1", "keys.master_key_file"),
        ("server = 1", "server"),
        ("[[server]]\nlisten = \"x\"", "server"),
        ("[server]\nlisten = \"\"", "server.listen"),
    ] {
        assert_eq!(problem(text, &[]).key, key, "{text}");
    }
}

#[test]
fn values_out_of_range_or_out_of_form_are_refused() {
    for (text, key) in [
        ("[server]\nlisten = \"localhost\"", "server.listen"),
        ("[server]\nlisten = \"127.0.0.1\"", "server.listen"),
        ("[server]\ntrusted_proxies = [\"10.0.0.0/99\"]", "server.trusted_proxies"),
        ("[server]\ntrusted_proxies = [\"0.0.0.0/0\"]", "server.trusted_proxies"),
        ("[server]\ntrusted_proxies = [\"::/0\"]", "server.trusted_proxies"),
        ("[database]\nurl = \"mysql://db\"", "database.url"),
        ("[redis]\nurl = \"http://cache\"", "redis.url"),
        ("[keys]\nmaster_key = \"c2hvcnQ\"", "keys.master_key"),
        ("[keys]\nprevious_master_keys = [\"§\"]", "keys.previous_master_keys"),
        ("[keys]\nrotation_days = 0", "keys.rotation_days"),
        ("[keys]\nrotation_days = 1\npublish_ahead = 86400", "keys.publish_ahead"),
        ("[limits.sign_in_account]\nnumber = 0", "limits.sign_in_account.number"),
        ("[tokens]\ncode_lifetime = 601", "tokens.code_lifetime"),
        ("[tokens]\naccess_token_lifetime = 86401", "tokens.access_token_lifetime"),
        ("[tokens]\naccess_token_lifetime = 9223372036854775807", "tokens.access_token_lifetime"),
        ("[tokens]\nrefresh_lifetime = 100", "tokens.refresh_lifetime"),
        ("[sessions]\nidle_lifetime = 9999999", "sessions.idle_lifetime"),
        ("[branding]\nproduct_name = \" \"", "branding.product_name"),
        ("[branding]\naccent = \"red\"", "branding.accent"),
        ("[branding]\naccent = \"#12345g\"", "branding.accent"),
        ("[branding]\nlogo = \"/nowhere/logo.svg\"", "branding.logo"),
        ("[templates]\ndirectory = \"/nowhere\"", "templates.directory"),
    ] {
        assert_eq!(problem(text, &[]).key, key, "{text}");
    }
}

#[test]
fn unsafe_combinations_are_refused() {
    let (_folder, file) = folder_with("file.pem", "x");
    let public = "[server]\nissuer = \"https://id.example.test\"\n";
    for (text, key) in [
        ("[server]\nlisten = \"0.0.0.0:8080\"".to_owned(), "server.listen"),
        ("[server]\nlisten = \"[::]:8080\"\nissuer = \"https://localhost\"".to_owned(), "server.listen"),
        (format!("{public}[limits]\nenabled = false"), "limits.enabled"),
        (format!("{public}[server.tls]\ncertificate = \"{file}\""), "server.tls.certificate"),
        (format!("{public}[server.tls]\nkey = \"{file}\""), "server.tls.key"),
        (format!("[server.tls]\nkey = \"{file}\"\ncertificate = \"{file}\""), "server.tls.certificate"),
        ("[demo]\nlisten = \"0.0.0.0:8081\"".to_owned(), "demo.listen"),
        ("[demo]\nlisten = \"127.0.0.1:8080\"".to_owned(), "demo.listen"),
        ("[server]\nissuer = \"http://id.example.test\"".to_owned(), "server.issuer"),
    ] {
        assert_eq!(problem(&text, &[]).key, key, "{text}");
    }
    assert!(!config("[limits]\nenabled = false").limits.enabled);
}

#[test]
fn the_demo_is_served_only_while_the_issuer_is_this_machine() {
    assert!(config("[server]\nissuer = \"http://[::1]:8080\"").demo().is_some());
    assert!(config("[server]\nissuer = \"https://id.example.test\"").demo().is_none());
    assert!(config("[demo]\nenabled = false").demo().is_none());
}

#[test]
fn an_issuer_behind_an_unnamed_proxy_warns() {
    let warns = |text: &str| load(text, &[]).unwrap().1.iter().any(|warning| warning.0.contains("trusted_proxies"));
    assert!(warns("[server]\nissuer = \"https://id.example.test\""));
    assert!(!warns("[server]\nissuer = \"https://id.example.test\"\ntrusted_proxies = [\"10.0.0.1\"]"));
}

#[test]
fn issuers_are_origins_or_paths_in_normal_form() {
    for (text, origin, path, loopback) in [
        ("https://id.example.test", "https://id.example.test", "", false),
        ("https://id.example.test:8443/realm", "https://id.example.test:8443", "/realm", false),
        ("http://localhost:8080", "http://localhost:8080", "", true),
        ("http://127.0.0.1", "http://127.0.0.1", "", true),
        ("http://[::1]:1", "http://[::1]:1", "", true),
        ("https://localhost", "https://localhost", "", true),
    ] {
        let issuer = Issuer::parse(text).expect(text);
        assert_eq!((issuer.as_str(), issuer.origin(), issuer.path()), (text, origin, path));
        assert_eq!((issuer.is_loopback(), issuer.is_https()), (loopback, text.starts_with("https")));
    }
    for text in [
        "http://id.example.test",
        "http://127.0.0.2",
        "http://localhost.example.test",
        "https://id.example.test/",
        "https://id.example.test/realm/",
        "https://id.example.test?x=1",
        "https://id.example.test#x",
        "https://id.example.test?",
        "https://user@id.example.test",
        "https://user:secret@id.example.test",
        "https://ID.example.test",
        "https://id.example.test:443",
        "https://id.example.test/a/../b",
        "ftp://id.example.test",
        "id.example.test",
        "",
    ] {
        let invalid = Issuer::parse(text).expect_err(text);
        assert!(!invalid.wrong.contains("secret"), "{invalid:?}");
    }
}

#[test]
fn secrets_are_read_from_files_without_one_newline() {
    let (_folder, path) = folder_with("url", "postgres://db/with-newline\n\n");
    let variables = [("SIGNET_DATABASE__URL_FILE", path.as_str())];
    let (config, _) = load("[database]\nurl = \"sqlite://other\"", &variables).unwrap();
    assert_eq!(config.database.url.expose(), "postgres://db/with-newline\n");
    let (config, _) = load(&format!("[redis]\nurl_file = '{path}'"), &[("SIGNET_REDIS__URL", "redis://x")]).unwrap();
    assert_eq!(config.redis.unwrap().url.expose(), "redis://x");
}

#[test]
fn several_old_master_keys_stand_one_a_line_in_their_file() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let (_folder, path) = folder_with("previous", &format!("{key}\n{key}\n"));
    let config = config(&format!("[keys]\nprevious_master_keys_file = '{path}'"));
    assert_eq!(config.keys.previous_master_keys.len(), 2);
}

#[test]
fn both_forms_of_a_secret_at_once_are_refused() {
    let (_folder, path) = folder_with("url", "redis://x");
    let variables = [("SIGNET_REDIS__URL", "redis://y"), ("SIGNET_REDIS__URL_FILE", path.as_str())];
    assert!(problem("", &variables).wrong.contains("both"));
    assert!(problem(&format!("[redis]\nurl = \"redis://y\"\nurl_file = '{path}'"), &[]).wrong.contains("both"));
    let both = "[keys]\nmaster_key = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"\nmaster_key_file = \"x\"";
    assert!(problem(both, &[]).wrong.contains("both"));
}

#[test]
fn a_variable_replaces_the_master_key_of_the_file_in_either_form() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let text = format!("[keys]\nmaster_key = \"{key}\"");
    let (config, _) = load(&text, &[("SIGNET_KEYS__MASTER_KEY_FILE", "elsewhere.key")]).unwrap();
    assert!(matches!(&config.keys.master_key, MasterKeySource::File(path) if path == Path::new("elsewhere.key")));
    let (config, _) = load("[keys]\nmaster_key_file = \"a\"", &[("SIGNET_KEYS__MASTER_KEY", key)]).unwrap();
    assert!(matches!(config.keys.master_key, MasterKeySource::Value(_)));
}

#[test]
fn a_missing_or_empty_secret_file_is_refused() {
    assert_eq!(problem("", &[("SIGNET_REDIS__URL_FILE", "/nowhere/url")]).key, "redis.url_file");
    let (_folder, path) = folder_with("url", "\n");
    let error = load("", &[("SIGNET_REDIS__URL_FILE", &path)]).unwrap_err();
    assert!(error.to_string().contains("redis.url"), "{error}");
}

#[test]
fn no_refusal_shows_a_secret() {
    for text in [
        "[database]\nurl = \"mysql://root:hunter2@db\"",
        "[redis]\nurl = \"hunter2\"",
        "[keys]\nmaster_key = \"hunter2\"",
        "[keys]\nprevious_master_keys = [\"hunter2\"]",
        "[keys]\nmaster_key = \"hunter2",
        "[keys]\nmaster_key = hunter2",
    ] {
        let error = load(text, &[]).expect_err(text);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    let shown = format!("{:?}", config("[database]\nurl = \"postgres://signet:hunter2@db\""));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn broken_files_are_refused_with_their_line() {
    let Place::File { line, .. } = problem("[server]\nlisten = = 1", &[]).place else { panic!("no line") };
    assert_eq!(line, 2);
    let error = Config::load(Some(Path::new("/nowhere/signet.toml")), std::iter::empty()).unwrap_err();
    assert!(error.to_string().contains("/nowhere/signet.toml"), "{error}");
}

#[test]
fn everything_wrong_is_told_at_once() {
    let error = load("[server]\nlisten = 1\nissuer = \"x\"\n[demo]\ncolour = 1", &[]).unwrap_err();
    let keys: Vec<&str> = error.problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, ["demo.colour", "server.listen", "server.issuer"]);
    assert_eq!(error.to_string().lines().count(), 3);
}

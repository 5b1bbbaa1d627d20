use super::*;
use signet_service::limits::LimitName;

#[test]
fn every_key_can_be_overridden_by_its_variable() {
    for (key, kind) in key::keys() {
        let value = match kind {
            key::Kind::Number => "123456789",
            key::Kind::Flag => "maybe",
            key::Kind::Secret => "no such secret",
            key::Kind::Text | key::Kind::List | key::Kind::SecretList => "\u{7}no such thing",
        };
        let variable = key::variable_of(key);
        let error = load("", &[(&variable, value)]).expect_err(key);
        let told = error.problems.iter().find(|problem| problem.key == key).expect(key);
        assert_eq!(told.place, Place::Variable(variable));
    }
}

#[test]
fn variables_override_the_file_and_their_lists_are_comma_separated() {
    let text =
        "[server]\nlisten = \"127.0.0.1:1\"\ntrusted_proxies = [\"192.0.2.0/24\"]\n[limits]\nenabled = true";
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
    assert_eq!(config.limits.get(LimitName::SignInAccount).number, Some(7));
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
        assert_eq!(hint.is_some(), warning.0.contains("for `"), "{warning}");
        assert!(hint.is_none_or(|hint| warning.0.contains(hint)), "{warning}");
    }
    assert_eq!(load("", &[("SIGNET_LOG", "debug"), ("PATH", "/bin"), ("OTHER__KEY", "x")]).unwrap().1, []);
}

#[test]
fn secrets_are_read_from_files_without_one_newline() {
    let (_folder, path) = folder_with("url", "postgres://db/with-newline\n\n");
    let variables = [("SIGNET_DATABASE__URL_FILE", path.as_str())];
    let (config, _) = load("[database]\nurl = \"sqlite://other\"", &variables).unwrap();
    assert_eq!(config.database.url.expose(), "postgres://db/with-newline\n");
    let (config, _) =
        load(&format!("[redis]\nurl_file = '{path}'"), &[("SIGNET_REDIS__URL", "redis://x")]).unwrap();
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
    assert!(
        problem(&format!("[redis]\nurl = \"redis://y\"\nurl_file = '{path}'"), &[]).wrong.contains("both")
    );
    let both =
        "[keys]\nmaster_key = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"\nmaster_key_file = \"x\"";
    assert!(problem(both, &[]).wrong.contains("both"));
}

#[test]
fn a_variable_replaces_the_master_key_of_the_file_in_either_form() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let text = format!("[keys]\nmaster_key = \"{key}\"");
    let (config, _) = load(&text, &[("SIGNET_KEYS__MASTER_KEY_FILE", "elsewhere.key")]).unwrap();
    assert!(
        matches!(&config.keys.master_key, MasterKeySource::File(path) if path == Path::new("elsewhere.key"))
    );
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

use super::*;

#[test]
fn an_unknown_key_is_refused_by_name_and_place_with_the_likely_one() {
    for (text, variables, key, hint) in [
        ("[server]\nlisten = \"127.0.0.1:1\"\nlissten = \"x\"", &[][..], "server.lissten", "`server.listen`"),
        ("issuer = \"x\"", &[], "issuer", "`server.issuer`"),
        ("[demo]\ncolour = 1", &[], "demo.colour", "remove it"),
        ("[serve]\nlisten = 1", &[], "serve", "remove it"),
        ("[database]\nurls = 1", &[], "database.urls", "`database.url`"),
        ("[limits.tokens]\nnumber = 1", &[], "limits.tokens", "remove it"),
        (
            "[limits.sign_in_account]\nbursts = 1",
            &[],
            "limits.sign_in_account.bursts",
            "sign_in_account.burst`",
        ),
        ("[server]\nlisten_file = \"x\"", &[], "server.listen_file", "`server.listen`"),
        ("", &[("SIGNET_SERVER__LISSTEN", "x")], "server.lissten", "SIGNET_SERVER__LISTEN"),
        ("", &[("SIGNET_WHATEVER__ELSE", "1")], "whatever.else", "unset it"),
        ("", &[("SIGNET_SERVER__LISTEN__PORT", "1")], "server.listen.port", "SIGNET_SERVER__LISTEN"),
    ] {
        let problem = problem(text, variables);
        assert_eq!(problem.key, key);
        assert!(problem.mend.contains(hint), "{problem}");
    }
    let Place::File { line, .. } = problem("[server]\n\nlissten = 1", &[]).place else { panic!("no line") };
    assert_eq!(line, 3);
}

#[test]
fn keys_that_this_version_does_not_act_on_are_refused() {
    for text in
        ["[registration]\nmode = \"open\"", "[outbound]\nextra_ca = \"x\"", "[server.tls]\nclient_ca = \"x\""]
    {
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
fn a_secret_of_the_wrong_kind_is_not_shown() {
    for text in [
        "[database]\nurl = 12345678",
        "[database]\nurl = 12345678.5",
        "[database]\nurl = postgres://signet:12345678@db/signet",
        "[database]\nurl = \"postgres://signet:12345678@db/signet",
        "[redis]\nurl = [\"12345678\"]",
        "[keys]\nmaster_key = 12345678",
        "[keys]\nmaster_key = 12345678-correct horse",
        "[keys]\nprevious_master_keys = [12345678]",
        "[keys]\nprevious_master_keys = \"12345678\"",
    ] {
        let told = problem(text, &[]).to_string();
        assert!(told.contains("line 2") && !told.contains("12345678"), "{text}: {told}");
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
        ("[keys]\npublish_ahead = 359", "keys.publish_ahead"),
        ("[limits.sign_in_account]\nnumber = 0", "limits.sign_in_account.number"),
        ("[limits.sign_in_account]\nstrategy = \"leaky\"", "limits.sign_in_account.strategy"),
        ("[limits.sign_in_account]\nburst = 1", "limits.sign_in_account.burst"),
        ("[limits.token_client]\nnumber = 1\nperiod = 86400\nburst = 8", "limits.token_client.burst"),
        ("[tokens]\ncode_lifetime = 601", "tokens.code_lifetime"),
        ("[tokens]\naccess_token_lifetime = 86401", "tokens.access_token_lifetime"),
        ("[tokens]\naccess_token_lifetime = 9223372036854775807", "tokens.access_token_lifetime"),
        ("[tokens]\nrefresh_lifetime = 100", "tokens.refresh_lifetime"),
        ("[sessions]\nidle_lifetime = 9999999", "sessions.idle_lifetime"),
        ("[passwords]\nmin_length = 7", "passwords.min_length"),
        ("[passwords]\nmin_length = 65", "passwords.min_length"),
        ("[passwords]\nbreached_list = \"/nowhere/list\"", "passwords.breached_list"),
        ("[passwords]\nmemory_kib = 19455", "passwords.memory_kib"),
        ("[passwords]\nmemory_kib = 262145", "passwords.memory_kib"),
        ("[passwords]\niterations = 1", "passwords.iterations"),
        ("[passwords]\nparallelism = 0", "passwords.parallelism"),
        ("[branding]\nproduct_name = \" \"", "branding.product_name"),
        ("[branding]\nlanguage = \"german!\"", "branding.language"),
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
        (format!("{public}[server.tls]\ncertificate = \"{file}\""), "server.tls.key"),
        (format!("{public}[server.tls]\nkey = \"{file}\""), "server.tls.certificate"),
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

#[test]
fn a_tier_that_is_not_named_or_has_no_name_is_refused() {
    let refused = problem("[limits.token_client.tiers.gold]\nnumber = 1", &[]);
    assert_eq!(refused.key, "limits.token_client.tiers.gold.number");
    assert!(refused.wrong.contains("no tier \"gold\""), "{refused}");
    for name in ["Gold", "", "a__b", "a-b", "1a"] {
        assert_eq!(problem(&format!("[limits]\ntiers = [\"{name}\"]"), &[]).key, "limits.tiers", "{name}");
    }
    // Where clients are not who is counted, there is none.
    let refused = problem("[limits]\ntiers = [\"gold\"]\n[limits.link.tiers.gold]\nnumber = 1", &[]);
    assert_eq!(refused.key, "limits.link.tiers");
}

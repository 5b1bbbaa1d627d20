//! `signet apply`: the plan, and what it does to the database.

use crate::BINARY;
use crate::shop::{SHOP, SOON, Shop, expect_error, resources, start};
use sea_orm::{ConnectionTrait as _, Database, Statement};
use signet_tests::{Browser, Exit, ServerProcess, Settings, eventually, run_command};

async fn apply(settings: &Settings, text: &str, switches: &[&str]) -> Exit {
    let file = settings.write_file("resources.toml", text).display().to_string();
    let arguments: Vec<&str> = ["apply", &file].into_iter().chain(switches.iter().copied()).collect();
    run_command(BINARY, settings, &arguments).await
}

fn lines(exit: Exit) -> Vec<String> {
    exit.expect_success().stdout.lines().map(str::to_owned).collect()
}

const CREATED: [&str; 3] =
    ["+ create resource https://api.example.test", "+ create user alice", "+ create client shop"];

#[tokio::test]
async fn the_plan_is_carried_out_once() {
    let settings = Settings::new();
    assert_eq!(lines(apply(&settings, &resources(), &[]).await), CREATED);
    let again = apply(&settings, &resources(), &[]).await;
    assert!(again.stderr.contains("nothing to change"), "{}", again.stderr);
    assert!(lines(again).is_empty());
}

#[tokio::test]
async fn a_change_names_what_changes_and_nothing_else() {
    let settings = Settings::new();
    apply(&settings, &resources(), &[]).await.expect_success();
    let renamed = resources().replace("client_name = \"Shop\"", "client_name = \"The Shop\"");
    assert_eq!(lines(apply(&settings, &renamed, &[]).await), ["~ change client shop (client_name)"]);
    let moved = renamed.replace("alice@example.test", "alice@example.org");
    assert_eq!(lines(apply(&settings, &moved, &[]).await), ["~ change user alice (email)"]);
    let secret = moved.replace(SHOP.1, "another secret of the shop, 36 characters");
    let exit = apply(&settings, &secret, &[]).await;
    assert!(!format!("{exit:?}").contains("another secret"), "{exit:?}");
    assert_eq!(lines(exit), ["~ change client shop (client_secret)"]);
}

#[tokio::test]
async fn a_dry_run_shows_the_plan_and_changes_nothing() {
    let settings = Settings::new();
    for _ in 0..2 {
        let exit = apply(&settings, &resources(), &["--dry-run"]).await;
        assert!(exit.stderr.contains("nothing was changed"), "{}", exit.stderr);
        assert_eq!(lines(exit), CREATED);
    }
    apply(&settings, &resources(), &[]).await.expect_success();
    for _ in 0..2 {
        let plan = lines(apply(&settings, "", &["--dry-run", "--prune"]).await);
        assert_eq!(plan.len(), 3, "{plan:?}");
        assert!(plan.iter().all(|line| line.starts_with("- remove ")), "{plan:?}");
    }
}

#[tokio::test]
async fn prune_removes_only_what_apply_made() {
    let server = start(Settings::new()).await;
    let settings = server.settings();
    // Without --prune what the file no longer holds stays.
    assert!(lines(apply(settings, "", &[]).await).is_empty());
    let removed = lines(apply(settings, "", &["--prune"]).await);
    assert_eq!(
        removed,
        ["- remove client shop", "- remove user alice", "- remove resource https://api.example.test"]
    );
    // The administrator of the first start is nobody's to prune: the next start makes no other.
    let server = server.restart().await;
    assert!(!server.stderr().contains("Password"), "{}", server.stderr());
    assert!(lines(apply(server.settings(), "", &["--prune"]).await).is_empty());
}

#[tokio::test]
async fn a_group_says_who_is_in_it_or_leaves_that_alone() {
    let settings = Settings::new();
    let people =
        "[[users]]\nusername = \"ann\"\n[[users]]\nusername = \"ben\"\n[[roles]]\nname = \"clerk\"\n";
    let staff =
        |members: &str| format!("{people}[[groups]]\nname = \"staff\"\nroles = [\"clerk\"]\n{members}");
    let applied = async |text: &str, switches: &[&str]| lines(apply(&settings, text, switches).await);
    let created = ["+ create role clerk", "+ create user ann", "+ create user ben", "+ create group staff"];
    assert_eq!(applied(&staff("members = [\"ann\"]"), &[]).await, created);
    assert!(applied(&staff("members = [\"Ann\"]"), &[]).await.is_empty());
    assert!(applied(&staff(""), &[]).await.is_empty());
    assert_eq!(applied(&staff("members = [\"ben\"]"), &[]).await, ["~ change group staff (members)"]);
    assert!(applied(&staff("members = [\"ben\"]"), &[]).await.is_empty());
    let exit = apply(&settings, &staff("members = [\"nobody\"]"), &[]).await;
    assert!(exit.code == Some(1) && exit.stderr.contains("there is no user nobody"), "{}", exit.stderr);
    let exit = apply(&settings, "[[roles]]\nname = \"a\"\nclient_id = \"nowhere\"", &[]).await;
    assert!(exit.code == Some(1) && exit.stderr.contains("there is no client nowhere"), "{}", exit.stderr);
    assert_eq!(applied(people, &["--prune"]).await, ["- remove group staff"]);
}

/// Whoever may make accounts could make one of the name that a file is going to declare.
#[tokio::test]
async fn an_account_that_apply_did_not_make_does_not_come_to_administer_by_its_name() {
    let settings = Settings::new();
    let ann = "[[users]]\nusername = \"ann\"\n";
    apply(&settings, ann, &[]).await.expect_success();
    let database = Database::connect(settings.get("database.url")).await.unwrap();
    database.execute_unprepared("UPDATE users SET managed_by = NULL").await.unwrap();
    let by_role = format!("{ann}roles = [\"signet:user_manager\"]\n");
    let by_group =
        "[[groups]]\nname = \"desk\"\nroles = [\"signet:auditor\"]\nmembers = [\"Ann\"]\n".to_owned();
    for text in [&by_role, &by_group] {
        let exit = apply(&settings, text, &[]).await;
        assert!(
            exit.code == Some(1) && exit.stderr.contains("not made by `signet apply`"),
            "{}",
            exit.stderr
        );
    }
    // What lets nobody administer is no matter; but looking after her since is not having looked whose account it is.
    assert_eq!(lines(apply(&settings, ann, &[]).await), ["~ change user ann (managed by apply)"]);
    assert!(lines(apply(&settings, ann, &[]).await).is_empty());
    let exit = apply(&settings, &by_role, &[]).await;
    assert!(exit.code == Some(1) && exit.stderr.contains("not made by `signet apply`"), "{}", exit.stderr);
    assert!(lines(apply(&settings, "", &["--prune"]).await).is_empty());
}

/// Whoever may make groups or roles could have gone into one before a file makes more of it.
#[tokio::test]
async fn nobody_comes_to_administer_by_a_group_or_a_role_that_a_file_makes_more_of() {
    let settings = Settings::new();
    let before = "[[users]]\nusername = \"ann\"\nroles = [\"clerk\"]\n[[roles]]\nname = \"clerk\"\n\
                  [[groups]]\nname = \"desk\"\nmembers = [\"ann\"]\n";
    apply(&settings, before, &[]).await.expect_success();
    let database = Database::connect(settings.get("database.url")).await.unwrap();
    for table in ["users", "roles", "groups"] {
        database.execute_unprepared(&format!("UPDATE {table} SET managed_by = NULL")).await.unwrap();
    }
    for more in [
        "[[groups]]\nname = \"desk\"\nroles = [\"signet:auditor\"]\n",
        "[[roles]]\nname = \"clerk\"\npermissions = [\"users:read\"]\n",
    ] {
        let exit = apply(&settings, more, &[]).await;
        assert!(exit.code == Some(1) && exit.stderr.contains("user ann"), "{}", exit.stderr);
    }
    database.execute_unprepared("UPDATE users SET managed_by = 'apply'").await.unwrap();
    apply(&settings, "[[groups]]\nname = \"desk\"\nroles = [\"signet:auditor\"]\n", &[])
        .await
        .expect_success();
}

#[tokio::test]
async fn whoever_was_disabled_stays_so_unless_the_file_says_otherwise() {
    let settings = Settings::new();
    let ann = "[[users]]\nusername = \"ann\"\n";
    apply(&settings, ann, &[]).await.expect_success();
    let database = Database::connect(settings.get("database.url")).await.unwrap();
    database.execute_unprepared("UPDATE users SET disabled = TRUE").await.unwrap();
    assert!(lines(apply(&settings, ann, &[]).await).is_empty());
    let enabled = format!("{ann}disabled = false\n");
    assert_eq!(lines(apply(&settings, &enabled, &[]).await), ["~ change user ann (disabled)"]);
}

#[tokio::test]
async fn a_file_replaces_the_password_that_it_declared_before() {
    let server = start(Settings::new()).await;
    let ann = |password: &str| {
        format!("{}\n[[users]]\nusername = \"ann\"\npassword = \"{password}\"\n", resources())
    };
    server.apply(&ann("correct horse battery staple")).await.expect_success();
    let signs_in = async |password: &str| {
        let page =
            Browser::new(&server.issuer()).get("/account").await.form("#login").fill("username", "ann");
        !page.fill("password", password).press("#login-submit").await.has("#login")
    };
    assert!(signs_in("correct horse battery staple").await);
    let exit = server.apply(&ann("another horse, another staple")).await;
    assert!(exit.stdout.contains("~ change user ann (password)"), "{exit:?}");
    assert!(signs_in("another horse, another staple").await);
    assert!(!signs_in("correct horse battery staple").await);
}

/// Whatever became of the password since: its owner changed it, or an administrator took it away.
#[tokio::test]
async fn a_declared_password_begins_an_account_and_does_not_come_back() {
    let settings = Settings::new();
    let ann = |password: &str| format!("[[users]]\nusername = \"ann\"\npassword = \"{password}\"\n");
    let first = ann("correct horse battery staple");
    apply(&settings, &first, &[]).await.expect_success();
    let database = Database::connect(settings.get("database.url")).await.unwrap();
    let kept = async || {
        let query =
            Statement::from_string(database.get_database_backend(), "SELECT password_hash FROM users");
        database
            .query_one_raw(query)
            .await
            .unwrap()
            .unwrap()
            .try_get::<Option<String>>("", "password_hash")
            .unwrap()
    };
    let begun = kept().await.unwrap();
    let told = apply(&settings, &first, &[]).await;
    assert!(!told.stderr.contains("not theirs"), "{}", told.stderr);
    for (sql, text) in [
        ("UPDATE users SET password_hash = NULL", &first),
        (&*format!("UPDATE users SET password_hash = '{begun}'"), &ann("another horse, another staple")),
    ] {
        database.execute_unprepared(sql).await.unwrap();
        let before = kept().await;
        let exit = apply(&settings, text, &[]).await;
        assert!(exit.stderr.contains("user \"ann\": the declared password is not theirs"), "{}", exit.stderr);
        assert!(lines(exit).is_empty());
        assert_eq!(kept().await, before, "{sql}");
        assert_eq!(
            lines(apply(&settings, text, &["--set-passwords"]).await),
            ["~ change user ann (password)"]
        );
        assert!(kept().await.is_some_and(|now| Some(now) != before));
        assert!(!apply(&settings, text, &[]).await.stderr.contains("not theirs"));
    }
}

#[tokio::test]
async fn a_made_secret_is_printed_once_and_works() {
    let server = start(Settings::new()).await;
    let till = "[[clients]]\nclient_id = \"till\"\ngrant_types = [\"client_credentials\"]\nscope = \"orders:read\"\n";
    let resources = format!("{}\n{till}", resources());
    let exit = server.apply(&resources).await;
    let secret = exit.stdout.lines().find_map(|line| line.strip_prefix("client till: client_secret = \""));
    let secret = secret.unwrap_or_else(|| panic!("{}", exit.stdout)).trim_end_matches('"').to_owned();
    assert!(secret.len() >= 32, "{secret}");
    let again = server.apply(&resources).await;
    assert!(!format!("{again:?}").contains(&secret));

    let shop = Shop::at(&server).await;
    let ask = async |secret: &str| {
        let call = shop.http.post(shop.discovery.token_endpoint()).basic("till", secret);
        call.form(&[("grant_type", "client_credentials")]).send().await
    };
    eventually(SOON, async || ask(&secret).await.status == 200).await;
    expect_error(&ask("not the secret that was printed above").await, 401, "invalid_client");
}

/// Nobody can read it again, and another apply makes no other.
#[tokio::test]
async fn a_secret_made_before_a_failure_is_printed() {
    let settings = Settings::new();
    apply(&settings, "", &[]).await.expect_success();
    let database = Database::connect(settings.get("database.url")).await.unwrap();
    let fails = "CREATE TRIGGER fails BEFORE INSERT ON clients WHEN NEW.client_id = 'second' \
         BEGIN SELECT RAISE(ABORT, 'not today'); END";
    database.execute_unprepared(fails).await.unwrap();
    let client = |id| {
        format!(
            "[[clients]]\nclient_id = \"{id}\"\ngrant_types = [\"client_credentials\"]\nscope = \"orders:read\"\n"
        )
    };
    let clients = ["first", "second", "third"].map(client).concat();
    let exit = apply(&settings, &clients, &[]).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stdout);
    let told: Vec<_> = exit.stdout.lines().collect();
    assert_eq!(told[0], "+ create client first", "{told:?}");
    assert!(told[1].starts_with("client first: client_secret = \""), "{told:?}");
    assert!(!exit.stdout.contains("create client second") && !exit.stdout.contains("third"), "{told:?}");
    assert!(exit.stderr.contains("run apply again"), "{}", exit.stderr);

    database.execute_unprepared("DROP TRIGGER fails").await.unwrap();
    let told = lines(apply(&settings, &clients, &[]).await);
    assert_eq!(told[..2], ["+ create client second", "+ create client third"]);
    assert!(!told.concat().contains("client first"), "{told:?}");
}

/// A scope says which API a token is for.
#[tokio::test]
async fn a_scope_belongs_to_one_api() {
    let settings = Settings::new();
    let api = |name: &str, scopes: &str| {
        format!("[[resources]]\nidentifier = \"https://{name}.example.test\"\nscopes = [{scopes}]\n")
    };
    let refused = async |text: &str, switches: &[&str]| {
        let exit = apply(&settings, text, switches).await;
        assert_eq!((exit.code, exit.stdout.as_str()), (Some(1), ""), "{}", exit.stderr);
        for word in ["shared", "https://one.example.test", "https://two.example.test"] {
            assert!(exit.stderr.contains(word), "{word}: {}", exit.stderr);
        }
    };
    let one = api("one", "\"own\", \"shared\"");
    let two = api("two", "\"shared\"");
    refused(&format!("{one}{two}"), &[]).await;
    apply(&settings, &one, &[]).await.expect_success();
    refused(&two, &[]).await;
    // It may move, from one that gives it up or is removed.
    let moved = format!("{}{two}", api("one", "\"own\""));
    apply(&settings, &moved, &[]).await.expect_success();
    refused(&one, &[]).await;
    apply(&settings, &one, &["--prune"]).await.expect_success();
}

#[tokio::test]
async fn a_bad_file_names_file_line_and_field() {
    let settings = Settings::new();
    for (text, told) in [
        ("[[users]]\nusername = \"bob\"\nemail = \"nonsense\"", "line 1: user \"bob\": email"),
        ("\n[[clients]]\nclient_id = \"a\"\nredirect_uri = \"x\"", "line 4: unknown field `redirect_uri`"),
        ("[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"http://a.test/\"]", "redirect_uris"),
        ("[[clients]\n", "line 1"),
        ("[[resources]]\nidentifier = \"https://a.test\"", "resource \"https://a.test\": scopes"),
    ] {
        let exit = apply(&settings, text, &[]).await;
        assert_eq!((exit.code, exit.stdout.as_str()), (Some(1), ""), "{}", exit.stderr);
        assert!(exit.stderr.contains("resources.toml") && exit.stderr.contains(told), "{}", exit.stderr);
    }
    let exit = run_command(BINARY, &settings, &["apply", "nowhere.toml"]).await;
    assert_eq!(exit.code, Some(1));
    assert!(exit.stderr.contains("nowhere.toml"), "{}", exit.stderr);
}

#[tokio::test]
async fn one_bad_entry_changes_nothing_at_all() {
    let settings = Settings::new();
    let exit = apply(&settings, &format!("{}\n[[users]]\nusername = \"\"\n", resources()), &[]).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stdout);
    assert_eq!(lines(apply(&settings, &resources(), &["--dry-run"]).await), CREATED);
}

#[tokio::test]
async fn a_tier_that_the_configuration_does_not_name_is_refused_and_at_a_start_told() {
    let golden =
        "[[clients]]\nclient_id = \"golden\"\ngrant_types = [\"client_credentials\"]\ntier = \"gold\"\n";
    let settings = Settings::new();
    let exit = apply(&settings, golden, &[]).await;
    assert_eq!(exit.code, Some(1));
    assert!(exit.stderr.contains("client \"golden\": tier: there is no tier \"gold\""), "{}", exit.stderr);
    let with_gold = settings.clone().with("limits.tiers", vec!["gold".to_owned()]);
    apply(&with_gold, golden, &[]).await.expect_success();
    // The operator takes the tier out of the configuration again.
    let server = ServerProcess::start(BINARY, settings).await;
    let told = |line: &str| line.contains("WARN") && line.contains("golden") && line.contains("limits.tiers");
    assert!(server.stdout().lines().any(told), "{}", server.stdout());
}

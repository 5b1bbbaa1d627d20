//! `signet apply`: the plan, and what it does to the database.

use crate::BINARY;
use crate::shop::{SHOP, SOON, Shop, expect_error, resources, start};
use signet_tests::{Exit, Settings, eventually, run_command};

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

#[tokio::test]
async fn a_bad_file_names_file_line_and_field() {
    let settings = Settings::new();
    for (text, told) in [
        ("[[users]]\nusername = \"bob\"\nemail = \"nonsense\"", "line 1: user \"bob\": email"),
        ("\n[[clients]]\nclient_id = \"a\"\nredirect_uri = \"x\"", "line 4: unknown field `redirect_uri`"),
        ("[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"http://a.test/\"]", "redirect_uris"),
        ("[[clients]\n", "line 1"),
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

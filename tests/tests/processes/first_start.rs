//! What a newcomer sees.

use crate::BINARY;
use signet_tests::{Browser, Discovery, Http, ServerProcess, Services, Settings};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// The password in what the first start wrote.
fn password(stderr: &str) -> String {
    let line = stderr.lines().find_map(|line| line.trim().strip_prefix("Password:"));
    let line = line.unwrap_or_else(|| panic!("no password in {stderr:?}"));
    line.split_whitespace().next().expect("a password").to_owned()
}

async fn shows_the_administrator_once(settings: Settings) {
    let server = ServerProcess::start(BINARY, settings).await;
    let told = server.stderr();
    assert!(told.contains(&server.issuer()) && told.contains("Administrator: admin"), "{told}");
    assert!(told.contains(&format!("{}/console", server.issuer())), "{told}");
    assert!(told.lines().count() <= 6, "a handful of lines: {told}");
    let password = password(&told);
    assert!(password.len() >= 16, "{password}");
    assert!(!server.stdout().contains(&password), "the log holds the password");

    let server = server.restart().await;
    let told = server.stderr();
    assert!(told.contains(&server.issuer()), "{told}");
    assert!(!told.contains("Password") && !told.contains(&password), "{told}");

    // The password is the administrator's.
    server.apply(&crate::shop::resources()).await;
    let issuer = server.issuer();
    let discovery = Discovery::fetch(&Http::new(), &issuer).await;
    let request = discovery.authorization(crate::shop::SHOP.0, crate::shop::CALLBACK);
    let page = Browser::new(&issuer).get(request.url()).await;
    let form = page.form("#login").fill("username", "admin").fill("password", &password);
    form.press("#login-submit").await.callback().checked_code(&request, &issuer);
}

#[tokio::test]
async fn the_first_start_shows_the_administrator_once_on_sqlite() {
    shows_the_administrator_once(Settings::new()).await;
}

#[tokio::test]
async fn the_first_start_shows_the_administrator_once_on_postgres() {
    shows_the_administrator_once(Settings::new().with_postgres(&Services::from_environment()).await).await;
}

#[tokio::test]
async fn a_database_with_users_gets_no_administrator() {
    let settings = Settings::new();
    let file = settings.write_file("resources.toml", &crate::shop::resources());
    let file = file.display().to_string();
    signet_tests::run_command(BINARY, &settings, &["apply", &file]).await.expect_success();
    let server = ServerProcess::start(BINARY, settings).await;
    assert!(!server.stderr().contains("Password"), "{}", server.stderr());
}

/// A start that fails must not use up the one time at which the password is shown.
#[tokio::test]
async fn a_first_start_that_could_not_bind_leaves_the_administrator_to_the_next() {
    let settings = Settings::new();
    let taken = std::net::TcpListener::bind(settings.get("server.listen")).unwrap();
    let exit = signet_tests::run_command(BINARY, &settings, &["serve"]).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stderr);
    assert!(exit.stderr.contains("cannot listen on") && !exit.stderr.contains("Password"), "{}", exit.stderr);
    drop(taken);
    let no_such_logo = settings.clone().with("branding.logo", "no-such-logo.svg");
    let exit = signet_tests::run_command(BINARY, &no_such_logo, &["serve"]).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stderr);
    let server = ServerProcess::start(BINARY, settings).await;
    assert!(password(&server.stderr()).len() >= 16);
}

fn mode(file: &Path) -> u32 {
    std::fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn what_is_made_is_its_owners_alone() {
    let server = ServerProcess::start(BINARY, Settings::new()).await;
    let key = server.settings().path("keys/master.key");
    assert!(server.stderr().contains(&key.display().to_string()), "{}", server.stderr());
    for file in [key, server.settings().path("signet.db"), server.settings().path("signet.db-wal")] {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_server_that_was_stopped_leaves_its_whole_database_in_one_file() {
    let mut server = crate::shop::start(Settings::new()).await;
    server.sigterm().await;
    assert!(server.ended().await.success());
    // A copy of the file is a backup.
    let copied = Settings::new();
    for file in ["signet.db", "keys/master.key"] {
        std::fs::create_dir_all(copied.path("keys")).unwrap();
        std::fs::copy(server.settings().path(file), copied.path(file)).unwrap();
    }
    let copy = ServerProcess::start(BINARY, copied).await;
    assert!(!copy.stderr().contains("Password"), "{}", copy.stderr());
    crate::shop::Shop::at(&copy).await.own_token().await.expect_status(200);
}

#[tokio::test]
async fn the_demo_is_served_and_announced() {
    let server = ServerProcess::start(BINARY, Settings::new().with_demo()).await;
    let demo = format!("http://{}/", server.settings().get("demo.listen"));
    assert!(server.stderr().contains(&demo), "{}", server.stderr());
    Http::new().get(&demo).await.expect_status(200);
}

/// What the demo may do, any program on this machine may: its client is there only as long as the demo is.
#[tokio::test]
async fn the_demos_client_is_disabled_when_the_demo_is_not_served() {
    let with_demo = Settings::new().with_demo();
    let callback = format!("http://{}/callback", with_demo.get("demo.listen"));
    let without = with_demo.clone().with("demo.enabled", false);
    for (settings, served) in [(with_demo.clone(), true), (without, false), (with_demo, true)] {
        let mut server = ServerProcess::start(BINARY, settings).await;
        let issuer = server.issuer();
        let discovery = Discovery::fetch(&Http::new(), &issuer).await;
        let request = discovery.authorization("signet-demo", &callback);
        let page = Browser::new(&issuer).get(request.url()).await;
        assert_eq!(page.has("#login"), served, "{}", page.html());
        server.sigterm().await;
        assert!(server.ended().await.success());
    }
}

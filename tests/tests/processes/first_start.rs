//! What a newcomer sees.

use crate::BINARY;
use signet_tests::{Browser, Discovery, Http, ServerProcess, Services, Settings};

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

#[tokio::test]
async fn the_master_key_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = ServerProcess::start(BINARY, Settings::new()).await;
    let file = server.settings().path("keys/master.key");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(server.stderr().contains(&file.display().to_string()), "{}", server.stderr());
}

//! A bad configuration refuses to start, and names the key and the mend; wrong usage is told from failure.

use crate::BINARY;
use signet_tests::{Exit, Settings, run_command};
use std::process::Command;

async fn refused(settings: &Settings, told: &[&str]) {
    // Whoever would start, or would work on the wrong deployment, is refused alike.
    for command in [&["serve"][..], &[], &["keys", "list"], &["migrate"]] {
        let exit = run_command(BINARY, settings, command).await;
        assert_eq!(exit.code, Some(1), "{command:?}");
        for word in told {
            assert!(exit.stderr.contains(word), "{word:?} is not in {}", exit.stderr);
        }
    }
    assert!(!settings.path("signet.db").exists(), "something was opened");
}

/// Runs `doctor` with variables.
fn with_environment(settings: &Settings, variables: &[(&str, &str)]) -> Exit {
    let mut command = Command::new(BINARY);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SIGNET_")) {
        command.env_remove(name);
    }
    command.arg("--config").arg(settings.write()).arg("doctor").current_dir(settings.folder());
    let output = command.envs(variables.iter().copied()).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Exit { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

#[tokio::test]
async fn an_unknown_key_is_refused_by_name() {
    let settings = Settings::new().with("server.isuer", "http://localhost");
    refused(&settings, &["server.isuer", "server.issuer", ".toml, line "]).await;
}

#[tokio::test]
async fn a_wrong_type_is_refused_by_name() {
    refused(&Settings::new().with("tokens.code_lifetime", "60"), &["tokens.code_lifetime"]).await;
}

#[tokio::test]
async fn http_on_any_other_host_is_refused() {
    let settings = Settings::new().with("server.issuer", "http://id.example.test");
    refused(&settings, &["server.issuer", "use https"]).await;
}

#[tokio::test]
async fn limits_are_not_switched_off_in_public() {
    let settings = Settings::new().with("server.issuer", "https://id.example.test");
    refused(&settings.with("limits.enabled", false), &["limits.enabled"]).await;
}

#[tokio::test]
async fn a_variable_overrides_the_file() {
    let settings = Settings::new();
    let exit = with_environment(&settings, &[("SIGNET_DATABASE__URL", "sqlite://other.db?mode=rwc")]);
    assert_eq!(exit.code, Some(0), "{}", exit.stdout);
    assert!(settings.path("other.db").exists() && !settings.path("signet.db").exists());
}

#[tokio::test]
async fn a_secret_may_come_from_a_file_but_not_from_two_places() {
    let settings = Settings::new();
    let file = settings.write_file("url", "sqlite://from-file.db?mode=rwc\n").display().to_string();
    let both = with_environment(
        &settings,
        &[("SIGNET_DATABASE__URL", "sqlite://other.db?mode=rwc"), ("SIGNET_DATABASE__URL_FILE", &file)],
    );
    assert_eq!(both.code, Some(1), "{}", both.stdout);
    assert!(both.stdout.contains("`database.url` and `database.url_file`"), "{}", both.stdout);
    // A variable takes the place of what the file says, in either form.
    let one = with_environment(&settings, &[("SIGNET_DATABASE__URL_FILE", &file)]);
    assert_eq!(one.code, Some(0), "{}", one.stdout);
    assert!(settings.path("from-file.db").exists());
}

#[tokio::test]
async fn a_variable_without_a_section_only_warns() {
    let exit = with_environment(&Settings::new(), &[("SIGNET_PORT", "tcp://10.0.0.1:80")]);
    assert!(exit.stdout.contains("SIGNET_PORT") && exit.stdout.contains("SIGNET_SERVER__LISTEN"), "{exit:?}");
    assert!(!exit.stdout.contains("bad "), "{}", exit.stdout);
}

#[tokio::test]
async fn wrong_usage_is_told_from_failure() {
    let settings = Settings::new();
    for (arguments, code) in [
        (&["frobnicate"][..], 2),
        (&["apply"], 2),
        (&["keys"], 2),
        (&["keys", "rotate", "--alg", "HS256"], 2),
        (&["serve", "--port", "1"], 2),
        (&["keys", "import", "nowhere.pem"], 1),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["keys", "list"], 0),
    ] {
        let exit = run_command(BINARY, &settings, arguments).await;
        assert_eq!(exit.code, Some(code), "{arguments:?}: {}", exit.stderr);
        assert_eq!(code == 0, exit.stderr.is_empty(), "{arguments:?}: {}", exit.stderr);
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_its_key() {
    let settings = Settings::new();
    let _taken = std::net::TcpListener::bind(settings.get("server.listen")).unwrap();
    let exit = run_command(BINARY, &settings, &["serve"]).await;
    assert_eq!(exit.code, Some(1));
    assert!(exit.stderr.contains("server.listen"), "{}", exit.stderr);
}

#[tokio::test]
async fn a_missing_configuration_file_is_refused() {
    let mut command = Command::new(BINARY);
    let output = command.args(["--config", "/nowhere/signet.toml", "doctor"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("/nowhere/signet.toml"));
}

//! `signet client`, `signet user` and `signet explain`: of a running server, and of its database.

use crate::BINARY;
use crate::shop::{SOON, start};
use crate::tls::{certificates, settings as with_tls};
use serde_json::{Value, json};
use signet_tests::{Exit, Http, ServerProcess, Settings, eventually, run_command_with};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

const ROBOT: &str = r#"
    [[clients]]
    client_id = "robot"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:clients:read signet:clients:write signet:users:read signet:users:write signet:sessions:write signet:grants:write signet:limits:write signet:audit:read"
"#;
const SECRET: &str = "a secret of thirty-two characters";

/// Where commands go.
struct Desk<'a> {
    server: &'a ServerProcess,
    remote: bool,
}

impl Desk<'_> {
    async fn run(&self, arguments: &[&str]) -> Exit {
        let issuer = self.server.issuer();
        let remote: &[&str] = if self.remote { &["--server", &issuer] } else { &[] };
        let secret = self.server.settings().write_file("robot.secret", &format!("{SECRET}\n"));
        let secret = secret.display().to_string();
        let variables = [("SIGNET_CLIENT_ID", "robot"), ("SIGNET_CLIENT_SECRET_FILE", &secret)];
        run_command_with(BINARY, self.server.settings(), &variables, &[arguments, remote].concat()).await
    }

    async fn json(&self, arguments: &[&str]) -> Value {
        let exit = self.run(&[arguments, &["--json"]].concat()).await.expect_success();
        serde_json::from_str(&exit.stdout).unwrap_or_else(|error| panic!("{error}: {}", exit.stdout))
    }

    async fn refused(&self, arguments: &[&str], code: i32, told: &str) {
        let exit = self.run(arguments).await;
        assert_eq!(exit.code, Some(code), "{arguments:?}: {} {}", exit.stdout, exit.stderr);
        assert!(exit.stderr.contains(told), "{arguments:?}: {}", exit.stderr);
    }
}

async fn with_robot() -> ServerProcess {
    let server = start(Settings::new()).await;
    server.apply(ROBOT).await;
    // A running server hears of it within a second.
    let desk = Desk { server: &server, remote: true };
    eventually(SOON * 10, async || desk.run(&["client", "list"]).await.code == Some(0)).await;
    server
}

/// A client's whole life, by the same commands wherever they go.
async fn a_clients_life(desk: Desk<'_>) {
    let callback = "redirect_uris[]=https://till.example.test/callback";
    let made = desk.json(&["client", "create", "client_id=till", "client_name=The Till", callback]).await;
    assert_eq!(
        (&made["client_id"], &made["redirect_uris"]),
        (&json!("till"), &json!(["https://till.example.test/callback"]))
    );
    assert_eq!(made["client_secret"].as_str().unwrap().len(), 43);
    let table = desk.run(&["client", "list", "--search", "till"]).await.expect_success().stdout;
    let lines: Vec<_> = table.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("CLIENT_ID") && lines[1].contains("The Till"),
        "{table}"
    );
    let changed =
        desk.json(&["client", "change", "till", "client_name=Till 2", "access_token_lifetime=300"]).await;
    assert_eq!((&changed["client_name"], &changed["access_token_lifetime"]), (&json!("Till 2"), &json!(300)));
    let rotated = desk.run(&["client", "rotate-secret", "till", "--overlap", "60"]).await.expect_success();
    assert!(
        rotated.stdout.contains("client_secret: ") && rotated.stderr.contains("not shown again"),
        "{rotated:?}"
    );
    let shown = desk.json(&["client", "show", "till"]).await;
    assert_eq!(shown["client_secrets"].as_array().unwrap().len(), 2);
    assert!(shown.get("client_secret").is_none());
    desk.refused(
        &["client", "change", "till", "redirect_uris[]=http://till.example.test/"],
        1,
        "redirect_uris",
    )
    .await;
    desk.refused(&["client", "create", "client_secret=hunter2-hunter2-hunter2-hunter2-hunter2"], 2, "--file")
        .await;
    desk.refused(&["client", "remove", "till"], 2, "--yes").await;
    assert_eq!(desk.run(&["client", "remove", "till", "--yes"]).await.expect_success().stdout, "done\n");
    desk.refused(&["client", "show", "till"], 1, "there is no such client").await;
}

#[tokio::test]
async fn a_client_is_looked_after_from_a_terminal_at_a_running_server() {
    let server = with_robot().await;
    a_clients_life(Desk { server: &server, remote: true }).await;
}

#[tokio::test]
async fn a_client_is_looked_after_from_a_terminal_on_the_database() {
    let server = with_robot().await;
    a_clients_life(Desk { server: &server, remote: false }).await;
}

#[tokio::test]
async fn people_are_looked_after_from_a_terminal() {
    let server = with_robot().await;
    for remote in [true, false] {
        let desk = Desk { server: &server, remote };
        let alice = desk.json(&["user", "show", "ALICE"]).await;
        assert_eq!(desk.json(&["user", "show", alice["id"].as_str().unwrap()]).await, alice);
        assert_eq!(desk.json(&["user", "disable", "alice"]).await["disabled"], true);
        assert_eq!(desk.json(&["user", "enable", "alice"]).await["disabled"], false);
        let table = desk.run(&["user", "list"]).await.expect_success().stdout;
        assert!(table.starts_with("USERNAME") && table.contains("alice"), "{table}");
        let address = format!("bob-{remote}@example.test");
        desk.run(&["user", "invite", &address]).await.expect_success();
        server.settings().mailbox().latest(&address).await;
        desk.refused(&["user", "end-all", "alice"], 2, "--yes").await;
        desk.run(&["user", "end-all", "alice", "--yes"]).await.expect_success();
        desk.refused(&["user", "show", "nobody"], 1, "there is nobody").await;
    }
    Desk { server: &server, remote: true }.run(&["user", "unlock", "alice"]).await.expect_success();
    Desk { server: &server, remote: false }.refused(&["user", "unlock", "alice"], 2, "--server").await;
}

#[tokio::test]
async fn a_refusal_is_explained_at_a_terminal() {
    let server = with_robot().await;
    let address = format!("{}/oauth/token", server.issuer());
    let refused = Http::new()
        .post(address)
        .basic("nobody", "x")
        .form(&[("grant_type", "client_credentials")])
        .send()
        .await;
    let id = refused.header("x-request-id").unwrap();
    for remote in [true, false] {
        let desk = Desk { server: &server, remote };
        let told = eventually(SOON * 10, async || {
            let exit = desk.run(&["explain", &id]).await;
            (exit.code == Some(0)).then_some(exit.stdout)
        })
        .await;
        for expected in ["rule: client-unknown", "came: nobody", "mend: Compare the client_id", "RFC 6749"] {
            assert!(told.contains(expected), "{expected}: {told}");
        }
    }
}

#[tokio::test]
async fn a_secret_goes_to_no_server_that_is_not_sure_to_be_the_right_one() {
    let server = with_robot().await;
    let settings = server.settings();
    let variables = [("SIGNET_CLIENT_ID", "robot"), ("SIGNET_CLIENT_SECRET", SECRET)];
    let elsewhere = settings.address();
    for (url, told, code) in [
        ("http://id.example.test", "https", 2),
        ("not an address", "--server", 2),
        (&*elsewhere, "says that it is", 1),
        ("http://localhost:1", "cannot be reached", 1),
    ] {
        let exit = run_command_with(BINARY, settings, &variables, &["client", "list", "--server", url]).await;
        assert_eq!(exit.code, Some(code), "{url}: {}", exit.stderr);
        assert!(exit.stderr.contains(told) && !exit.stderr.contains(SECRET), "{url}: {}", exit.stderr);
    }
    let wrong = [("SIGNET_CLIENT_ID", "robot"), ("SIGNET_CLIENT_SECRET", "hunter2")];
    let issuer = server.issuer();
    let exit = run_command_with(BINARY, settings, &wrong, &["client", "list", "--server", &issuer]).await;
    assert_eq!(exit.code, Some(1));
    assert!(exit.stderr.contains("invalid_client") && !exit.stderr.contains("hunter2"), "{}", exit.stderr);
    let exit = run_command_with(BINARY, settings, &[], &["client", "list", "--server", &issuer]).await;
    assert_eq!((exit.code, exit.stderr.contains("SIGNET_CLIENT_ID")), (Some(2), true), "{}", exit.stderr);
}

/// As with the master key's file; editors on other systems end a line in two characters.
#[tokio::test]
async fn a_secret_in_a_file_is_taken_without_its_newline_and_told_to_be_open_to_others() {
    let server = with_robot().await;
    let settings = server.settings();
    let issuer = server.issuer();
    for (ending, mode, open) in [("", 0o600, false), ("\n", 0o640, false), ("\r\n", 0o644, true)] {
        let file = settings.write_file("robot.secret", &format!("{SECRET}{ending}"));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let file = file.display().to_string();
        let variables = [("SIGNET_CLIENT_ID", "robot"), ("SIGNET_CLIENT_SECRET_FILE", &*file)];
        let list = ["client", "list", "--server", &issuer];
        let exit = run_command_with(BINARY, settings, &variables, &list).await.expect_success();
        assert_eq!(exit.stderr.contains("chmod 600"), open, "{mode:o}: {}", exit.stderr);
        assert!(!exit.stderr.contains(SECRET), "{}", exit.stderr);
    }
}

/// A person names themselves, and an administrator reads the name at a terminal.
#[tokio::test]
async fn a_hostile_name_commands_no_terminal() {
    let server = with_robot().await;
    server.apply("[[users]]\nusername = \"mallory\"\nname = \"M\\u001b[2J\\u009b2J\\u202e\"").await;
    for remote in [true, false] {
        let desk = Desk { server: &server, remote };
        for arguments in [&["user", "list"][..], &["user", "show", "mallory"], &["user", "list", "--json"]] {
            let told = desk.run(arguments).await.expect_success().stdout;
            assert!(told.contains("[2J"), "{arguments:?}: {told}");
            assert!(!told.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{arguments:?}: {told:?}");
        }
        let shown = desk.json(&["user", "show", "mallory"]).await;
        assert_eq!(shown["name"], "M\u{1b}[2J\u{9b}2J\u{202e}");
    }
}

#[tokio::test]
async fn a_server_with_a_certificate_of_its_own_authority_is_trusted_by_name() {
    let pems = certificates();
    let settings = with_tls(&pems);
    let server = ServerProcess::spawn(BINARY, settings.clone());
    let (http, ready) = (Http::trusting(&pems[0]), format!("{}/health/ready", server.issuer()));
    eventually(Duration::from_secs(60), async || {
        http.call(reqwest::Method::GET, &ready).try_send().await.is_ok_and(|answer| answer.status == 200)
    })
    .await;
    server.apply(ROBOT).await;
    let ca = settings.write_file("ca.pem", &pems[0]).display().to_string();
    let variables = [("SIGNET_CLIENT_ID", "robot"), ("SIGNET_CLIENT_SECRET", SECRET)];
    let issuer = server.issuer();
    let list = ["client", "list", "--server", &issuer];
    let exit = run_command_with(BINARY, &settings, &variables, &list).await;
    assert_eq!((exit.code, exit.stderr.contains("cannot be reached")), (Some(1), true), "{}", exit.stderr);
    let exit = run_command_with(BINARY, &settings, &variables, &[&list[..], &["--ca", &ca]].concat()).await;
    assert!(exit.expect_success().stdout.contains("robot"));
}

//! The administration API held against its own description, by requests that nobody here thought of.

use serde_json::Value;
use signet_tests::{FakeClock, Settings, TestServer, eventually, required};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

const SECRET: &str = "a-secret-of-more-than-thirty-two-characters";
/// What is looked at in each answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,ignored_auth,unsupported_method";
/// Ends everything that other calls are made about.
const LEFT_OUT: &str = "endEverything";
/// For how long requests are made up, in seconds.
const BUDGET: &str = "60";
/// What hangs is ended.
const PATIENCE: Duration = Duration::from_secs(300);

fn declared(scope: &str) -> String {
    format!(
        "[[resources]]\nidentifier = \"https://api.example.test\"\nscopes = [\"orders:read\"]\n\
         [[users]]\nusername = \"alice\"\npassword = \"correct horse battery staple\"\nroles = [\"admin\"]\n\
         [[groups]]\nname = \"support\"\n\
         [[clients]]\nclient_id = \"shop\"\nclient_secret = \"{SECRET}\"\nredirect_uris = [\"https://shop.example.test/cb\"]\n\
         [[clients]]\nclient_id = \"robot\"\nclient_secret = \"{SECRET}\"\n\
         grant_types = [\"client_credentials\"]\nscope = \"{scope}\"\n"
    )
}

async fn every_scope(server: &TestServer) -> String {
    let document = server.http.get(described(server)).await.expect_status(200).json();
    let scopes: Value =
        document["components"]["securitySchemes"]["signet"]["flows"]["clientCredentials"]["scopes"].clone();
    scopes.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
}

fn described(server: &TestServer) -> String {
    format!("{}/api/v1/admin/openapi.json", server.issuer())
}

#[tokio::test]
async fn whatever_is_sent_to_the_administration_api_is_answered_as_its_description_says() {
    let settings = Settings::new().with("limits.enabled", false);
    let server = TestServer::start_with(settings, FakeClock::running(), &declared("")).await;
    let scope = every_scope(&server).await;
    server.apply(&declared(&scope)).await;
    let form = [("grant_type", "client_credentials"), ("scope", scope.as_str())];
    eventually(Duration::from_secs(20), async || server.token(("robot", SECRET), &form).await.status == 200)
        .await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis");
    let mut schemathesis = Command::new(required("SIGNET_TEST_SCHEMATHESIS"));
    schemathesis.args(["--config-file", "schemathesis.toml", "run", &described(&server)]);
    schemathesis.args(["--checks", CHECKS, "--exclude-operation-id", LEFT_OUT, "--max-time", BUDGET]);
    schemathesis.args(["--seed", "1", "--phases", "examples,coverage,fuzzing"]);
    schemathesis.args(["--max-examples", "25", "--suppress-health-check", "all", "--no-color"]);
    schemathesis.env("SIGNET_CLIENT_ID", "robot").env("SIGNET_CLIENT_SECRET", SECRET);
    schemathesis.env("SIGNET_TOKEN_ENDPOINT", server.discovery.token_endpoint()).env("NO_PROXY", "*");
    schemathesis.current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    let ended = tokio::time::timeout(PATIENCE, schemathesis.output()).await.expect("it ends").unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
}

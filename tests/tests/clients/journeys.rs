//! From the console into an application: what the console offers to paste is pasted, word for word, and signs in.

use serde_json::{Value, json};
use signet_tests::{
    Browser, FakeClock, NodeClient, Page, Settings, TestServer, claims_unchecked, free_port, required,
};
use std::path::Path;
use tokio::process::Command;

const PASSWORD: &str = "correct horse battery staple";
const CALLBACK: &str = "https://mine.example.test/callback";
const DECLARED: &str = r#"
    [[resources]]
    identifier = "https://api.example.test"
    scopes = ["orders:read"]

    [[users]]
    username = "alice"
    password = "correct horse battery staple"

    [[users]]
    username = "carol"
    password = "correct horse battery staple"
    roles = ["signet:client_manager"]
"#;
/// Where the snippet says that the browser comes back.
const COMES_BACK: &str = "// At the redirect URI:";

async fn sign_in(page: Page, name: &str) -> Page {
    page.form("#login").fill("username", name).fill("password", PASSWORD).press("#login-submit").await
}

/// Registers a client in the console, and gives the page that tells of it.
async fn registered(server: &TestServer, kind: &str) -> Page {
    let browser = server.browser();
    let page = browser.get("/console/new-client").await;
    let page = sign_in(page, "carol").await.follow(&format!("#kind-{kind}")).await;
    let form = page.form("#client").fill("client_name", &format!("My {kind}"));
    let form = match kind {
        "service" => form.tamper("scope:orders:read", "on"),
        _ => form.fill("redirect_uris", CALLBACK),
    };
    form.press("#client-submit").await
}

/// An application around the snippet: the test is its browser, and what is pasted is not changed.
fn application(snippet: &str) -> String {
    let (before, after) =
        snippet.split_once(COMES_BACK).expect("the snippet says where the browser comes back");
    format!(
        "import {{ listen, report }} from './conversation.mjs'
await listen()
{before}
report('to', {{ url: to.href }})
const url = new URL((await listen()).callback)
{COMES_BACK}{after}
report('tokens', {{ claims: tokens.claims() }})
process.stdin.destroy()
"
    )
    .replace("console.log(", "console.error(")
}

/// Runs it as a file beside the libraries, and signs Alice in.
async fn signs_in(server: &TestServer, kind: &str) {
    let made = registered(server, kind).await;
    let (snippet, secret) =
        (made.lines("pre"), made.has("#client-secret").then(|| made.text("#client-secret")));
    let name = format!("pasted-{kind}-{}.mjs", std::process::id());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(&name);
    std::fs::write(&file, application(&snippet)).unwrap();
    let options = json!({});
    let mut script =
        NodeClient::start_with(&name, &options, secret.as_deref().map(|secret| ("CLIENT_SECRET", secret)))
            .await;
    let to = script.step("to").await["url"].as_str().unwrap().to_owned();
    std::fs::remove_file(&file).unwrap();
    let browser: Browser = server.browser();
    let page = sign_in(browser.get(&to).await, "alice").await;
    let page = if page.has("#consent") { page.form("#consent").press("#consent-allow").await } else { page };
    let callback = page.left_for().unwrap_or_else(|| panic!("{}", page.html())).clone();
    script.tell(&json!({ "callback": callback })).await;
    let tokens: Value = script.step("tokens").await;
    assert_eq!(tokens["claims"]["iss"], server.issuer(), "{tokens}");
    script.finish().await;
}

/// YAML, read by a library that has nothing to do with this server.
async fn read_yaml(text: &str) -> Value {
    const READ: &str = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.argv[1])))";
    let python = Path::new(&required("SIGNET_TEST_SCHEMATHESIS")).with_file_name("python");
    let ended = Command::new(python).args(["-c", READ, text]).output().await.unwrap();
    serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{text}: {ended:?}"))
}

/// An MCP server beside the application: it serves what is to be pasted there.
fn mcp_server(metadata: &str, port: u16) -> String {
    format!(
        "import {{ createServer }} from 'node:http'
const metadata = {}
createServer((request, response) => {{
  if (request.url !== '/.well-known/oauth-protected-resource/mcp') return response.writeHead(404).end()
  response.writeHead(200, {{ 'content-type': 'application/json' }}).end(metadata)
}}).listen({port}, '127.0.0.1').unref()
",
        Value::from(metadata)
    )
}

#[tokio::test]
async fn what_the_console_offers_for_an_agent_gets_a_token_for_its_mcp_server_alone() {
    let port = free_port();
    let api = format!("http://127.0.0.1:{port}/mcp");
    let mcp = format!("[[resources]]\nidentifier = \"{api}\"\nscopes = [\"tools:call\", \"tools:admin\"]\n");
    let server =
        TestServer::start_with(Settings::new(), FakeClock::running(), &format!("{DECLARED}{mcp}")).await;
    let browser = server.browser();
    let page = browser.get("/console/new-client").await;
    let page = sign_in(page, "carol").await.follow("#kind-agent").await;
    let form = page.form("#client").fill("client_name", "My agent").fill("redirect_uris", CALLBACK);
    let made = form.fill("scope:tools:call", "on").press("#client-submit").await;
    assert!(!made.has("#client-secret"));
    let [at_client, at_server] = made.texts("pre").try_into().expect("both sides of it");
    let metadata = &at_server[at_server.find('{').unwrap()..];
    let name = format!("pasted-agent-{}.mjs", std::process::id());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(&name);
    let pasted = application(&at_client).replace("{ claims: tokens.claims() }", "tokens");
    std::fs::write(&file, format!("{}{pasted}", mcp_server(metadata, port))).unwrap();
    let mut script = NodeClient::start_with(&name, &json!({}), None).await;
    let to = script.step("to").await["url"].as_str().unwrap().to_owned();
    std::fs::remove_file(&file).unwrap();
    // What its server has besides is not asked for; that it may stay connected is.
    assert!(to.contains("offline_access") && !to.contains("admin"), "{to}");
    let page = sign_in(server.browser().get(&to).await, "alice").await;
    let page = page.form("#consent").press("#consent-allow").await;
    script.tell(&json!({ "callback": page.left_for().unwrap().clone() })).await;
    let tokens: Value = script.step("tokens").await;
    assert!(tokens["refresh_token"].is_string(), "{tokens}");
    let claims = claims_unchecked(tokens["access_token"].as_str().unwrap());
    assert_eq!(
        (claims["aud"].as_str(), claims["scope"].as_str()),
        (Some(api.as_str()), Some("offline_access tools:call"))
    );
    script.finish().await;
}

async fn start() -> TestServer {
    TestServer::start_with(Settings::new(), FakeClock::running(), DECLARED).await
}

#[tokio::test]
async fn what_the_console_offers_for_a_web_application_signs_in() {
    signs_in(&start().await, "web").await;
}

#[tokio::test]
async fn what_the_console_offers_for_a_native_application_signs_in() {
    signs_in(&start().await, "native").await;
}

#[tokio::test]
async fn what_the_console_offers_for_a_service_fetches_a_token() {
    let server = start().await;
    let made = registered(&server, "service").await;
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &made.lines("pre")])
        .env("CLIENT_SECRET", made.text("#client-secret"))
        .env("NO_PROXY", "*");
    let ended = shell.output().await.unwrap();
    let told: Value = serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{ended:?}"));
    let token = told["access_token"].as_str().unwrap_or_else(|| panic!("{told}"));
    assert_eq!(claims_unchecked(token)["aud"], "https://api.example.test");
}

/// There is no Java here to run it with: it is read as Spring reads it, and says what the client is registered with.
#[tokio::test]
async fn what_the_console_offers_for_spring_is_yaml_with_this_servers_and_the_clients_own_values() {
    let server = start().await;
    let made = registered(&server, "web").await;
    // It is the second of two, and closed at first.
    let text = made.lines("details:not([open]) pre");
    let oauth2 = &read_yaml(&text).await["spring"]["security"]["oauth2"]["client"];
    let provider = json!({ "signet": { "issuer-uri": server.issuer() } });
    assert_eq!(oauth2["provider"], provider);
    let registration = &oauth2["registration"]["signet"];
    assert_eq!(registration["client-id"], made.text("#client-id"));
    assert_eq!(registration["client-secret"], "${CLIENT_SECRET}");
    assert_eq!(registration["redirect-uri"], CALLBACK);
    // Whatever stands there is known to this server: it is where its libraries begin, too.
    let document = server.http.get(format!("{}/.well-known/openid-configuration", server.issuer())).await;
    let document = document.expect_status(200).json();
    assert_eq!(document["issuer"], provider["signet"]["issuer-uri"]);
    let is_among = |known: &Value, value: &str| known.as_array().unwrap().contains(&json!(value));
    let method = registration["client-authentication-method"].as_str().unwrap();
    assert!(is_among(&document["token_endpoint_auth_methods_supported"], method), "{method}");
    let scope = registration["scope"].as_str().unwrap();
    assert!(scope.split(',').any(|value| value == "openid"), "{scope}");
    assert!(scope.split(',').all(|value| is_among(&document["scopes_supported"], value)), "{scope}");
}

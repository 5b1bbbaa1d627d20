//! Logs are JSON lines that an operator can follow by `request_id`, and no secret is in them or in the database.

use crate::shop::{CALLBACK, PASSWORD, SHOP, Shop, Tokens, start};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use signet_tests::{ServerProcess, Settings};

/// Everything secret that passed through the server, with its name.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, name: &'static str, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() >= 8, "{name} is too short to be told from other text: {secret:?}");
        self.0.push((name, secret));
    }

    fn absent_from(&self, place: &str, content: &[u8]) {
        for (name, secret) in &self.0 {
            let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "the {name} is in {place}");
        }
    }
}

/// All that a person and a client do, right and wrong; returns what must not be found anywhere.
async fn a_day_of_work(server: &ServerProcess) -> Secrets {
    let shop = Shop::at(server).await;
    let mut secrets = Secrets::default();
    secrets.add("password", PASSWORD);
    secrets.add("wrong password", "a wrong password, or a right one elsewhere");
    secrets.add("password typed as a name", "my-password-in-the-wrong-field");
    secrets.add("client secret", SHOP.1);
    secrets.add("Basic credentials", &STANDARD.encode(format!("{}:{}", SHOP.0, SHOP.1))[8..]);
    let browser = shop.browser();
    shop.try_sign_in(&browser, "alice", &secrets.0[1].1).await;
    shop.try_sign_in(&browser, &secrets.0[2].1, "x").await;
    shop.try_sign_in(&browser, "alice", PASSWORD).await.callback().code();
    let cookie = browser.cookie_names().into_iter().find(|name| name.contains("session")).expect("a session");
    secrets.add("session cookie", browser.cookie(&cookie).unwrap());
    let code = shop.code(&browser).await;
    let first = Tokens::of(&shop.redeem(&code).send().await.expect_status(200));
    let answer = shop.refresh(&first.refresh).send().await.expect_status(200);
    secrets.add("ID token", answer.field("id_token"));
    let second = Tokens::of(&answer);
    shop.introspect(&second.access).await;
    shop.introspect(&second.refresh).await;
    let userinfo = shop.discovery.get("userinfo_endpoint");
    shop.http.call(reqwest::Method::GET, userinfo).bearer(&second.access).send().await.expect_status(200);
    // Refusals, too: a used code, a wrong verifier, a replayed token, a token where none belongs.
    let wrong = crate::shop::Code { verifier: "w".repeat(43), ..shop.code(&browser).await };
    shop.redeem(&wrong).send().await.expect_status(400);
    shop.refresh(&format!("{}x", second.refresh)).send().await.expect_status(400);
    shop.http.call(reqwest::Method::GET, format!("{userinfo}?access_token={}", second.access)).send().await;
    shop.revoke(&second.refresh).send().await.expect_status(200);
    shop.redeem(&code).send().await.expect_status(400);
    let logout = shop.discovery.get("end_session_endpoint");
    let page = browser.get(format!("{logout}?id_token_hint={}", answer.field("id_token"))).await;
    assert!(page.status() < 500);
    for (name, secret) in [
        ("code", &code.code),
        ("code verifier", &code.verifier),
        ("other code", &wrong.code),
        ("first access token", &first.access),
        ("first refresh token", &first.refresh),
        ("second access token", &second.access),
        ("second refresh token", &second.refresh),
    ] {
        secrets.add(name, secret);
    }
    let master = std::fs::read_to_string(server.settings().path("keys/master.key")).unwrap();
    secrets.add("master key", master.trim());
    let password =
        server.stderr().lines().find_map(|line| line.trim().strip_prefix("Password:").map(str::to_owned));
    secrets.add("administrator's password", password.unwrap().split_whitespace().next().unwrap());
    secrets
}

#[tokio::test]
async fn no_secret_is_in_the_log_or_in_the_database() {
    let mut server = start(Settings::new()).await;
    let secrets = a_day_of_work(&server).await;
    server.sigterm().await;
    assert!(server.ended().await.success());
    // Marks of a private JWK, which is sealed.
    let marks = [&b"\"d\":\""[..], b"\"p\":\"", b"PRIVATE KEY"];
    let mut files = Vec::new();
    for entry in std::fs::read_dir(server.settings().folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("signet.db") {
            let content = std::fs::read(&path).unwrap();
            secrets.absent_from(&name, &content);
            for mark in marks {
                assert!(!content.windows(mark.len()).any(|window| window == mark), "a private key in {name}");
            }
            files.push(name);
        }
    }
    assert!(files.contains(&"signet.db".to_owned()), "{files:?}");
    secrets.absent_from("stdout", server.stdout().as_bytes());
    let stderr = server.stderr();
    let (_, last) = secrets.0.split_last().expect("secrets");
    // The administrator's password is shown there, once, on the first start.
    Secrets(last.to_vec()).absent_from("stderr", stderr.as_bytes());
}

#[tokio::test]
async fn every_line_is_json_and_every_request_can_be_found() {
    let mut server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    let good = shop.own_token().await.expect_status(200);
    let code = crate::shop::Code { code: "unknown".to_owned(), verifier: "v".repeat(43) };
    let bad = shop.redeem(&code).send().await.expect_status(400);
    let page = shop.browser().get(shop.discovery.authorization("nobody", CALLBACK).url()).await;
    server.sigterm().await;
    assert!(server.ended().await.success());

    let log = server.stdout();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for line in &lines {
        assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        if line["message"] == "answered" {
            for field in ["request_id", "method", "path"] {
                assert!(line[field].is_string(), "{field}: {line}");
            }
            assert!(line["status"].is_u64(), "{line}");
        }
    }
    for answer in [&good, &bad, page.answer()] {
        let id = answer.header("x-request-id").expect("a request id");
        let found: Vec<_> = lines.iter().filter(|line| line.to_string().contains(&id)).collect();
        assert!(found.iter().any(|line| line["status"] == answer.status), "{id}: {found:?}");
        if answer.status >= 400 {
            // By the id that the client was given the operator finds the reason.
            assert!(found.iter().any(|line| line["reason"].is_string()), "{id}: {found:?}");
        }
    }
    assert!(!log.contains('?'), "a query was logged: {log}");
}

//! What the README tells people to do works as it stands there.

mod deploy;
mod document;
mod guide;
mod orders_api;

use document::{README, block, blocks};
use guide::Guide;
use serde_json::Value;
use signet_tests::{Browser, Http, Jwks, Page, eventually};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

const ISSUER: &str = "http://localhost:8080";

/// A reader who has applied `shop.toml`, and knows the secrets that were printed.
async fn registered() -> (Guide, BTreeMap<String, String>) {
    let guide = Guide::begin().await;
    guide.write("shop.toml");
    let printed = guide.run("apply").await;
    assert!(printed.contains("+ create client shop\n"), "{printed}");
    let secret = |line: &str| {
        let (client, rest) = line.strip_prefix("client ")?.split_once(": client_secret = \"")?;
        Some((client.to_owned(), rest.strip_suffix('"')?.to_owned()))
    };
    let secrets: BTreeMap<_, _> = printed.lines().filter_map(secret).collect();
    assert_eq!(secrets.keys().collect::<Vec<_>>(), ["nightly-report", "orders-api", "shop"]);
    let again = guide.run("apply").await;
    assert_eq!(again, "", "a second apply changes nothing");
    // "Running servers follow within a second."
    let (http, url) = (Http::new(), format!("{}/oauth/token", guide.issuer()));
    eventually(Duration::from_secs(30), async || {
        let call = http.post(&url).basic("nightly-report", &secrets["nightly-report"]);
        call.form(&[("grant_type", "client_credentials")]).send().await.status == 200
    })
    .await;
    (guide, secrets)
}

#[tokio::test]
async fn the_application_of_the_guide_signs_people_in() {
    let (mut guide, secrets) = registered().await;
    guide.variables.insert("SHOP_SECRET", secrets["shop"].clone());
    let _running = guide.start_node("app.mjs", "3000").await;
    let app = Browser::new(&guide.with_ports("http://localhost:3000"));
    let browser = Browser::new(&guide.issuer());

    assert!(app.get("/").await.html().starts_with("Not signed in."));
    let sign_in = app.get("/sign-in").await;
    let page = browser.get(sign_in.left_for().expect("the issuer")).await;
    let form = page.form("#login").fill("username", "alice").fill("password", "correct horse battery staple");
    let page = form.press("#login-submit").await;
    let page = page.form("#consent").press("#consent-allow").await;
    let back = page.left_for().expect("the application").clone();
    let home = app.get(&back).await;
    assert!(home.html().starts_with("Hello, Alice Example."), "{}", home.html());

    let refreshed = app.get("/refresh").await;
    assert!(refreshed.html().starts_with("Hello, Alice Example."), "{}", refreshed.html());

    let sign_out = app.get("/sign-out").await;
    let page = browser.get(sign_out.left_for().expect("the issuer")).await;
    assert_eq!(
        page.left_for().expect("the application").as_str(),
        guide.with_ports("http://localhost:3000/")
    );
    assert!(app.get("/").await.html().starts_with("Not signed in."));
    let asked_again: Page = browser.get(app.get("/sign-in").await.left_for().unwrap()).await;
    assert!(asked_again.has("#login"), "{}", asked_again.html());
}

#[tokio::test]
async fn the_apis_of_the_guide_check_tokens() {
    let (mut guide, secrets) = registered().await;
    guide.variables.insert("REPORT_SECRET", secrets["nightly-report"].clone());
    guide.variables.insert("ORDERS_SECRET", secrets["orders-api"].clone());
    let answer = json(&guide.run("token").await);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&"Bearer".into(), &600.into()), "{answer}");
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    guide.variables.insert("TOKEN", token.clone());

    let _running = guide.start_node("api.mjs", "3001").await;
    assert_eq!(json(&guide.run("call").await)["for"], "nightly-report");
    let (http, orders) = (Http::new(), guide.with_ports("http://localhost:3001/orders"));
    assert_eq!(http.get(&orders).await.status, 401);
    let forged = http.call(reqwest::Method::GET, &orders).bearer(&forged(&token)).send().await;
    assert_eq!(forged.status, 401);

    let jwks = Jwks::fetch(&http, &format!("{}/oauth/jwks", guide.issuer())).await;
    let keys = serde_json::from_value(jwks.document).unwrap();
    let claims = orders_api::validate(&token, &keys, &guide.issuer()).expect("a good token");
    assert_eq!((claims.sub.as_str(), claims.client_id.as_str()), ("nightly-report", "nightly-report"));
    assert!(claims.allow("orders:read") && !claims.allow("orders:write"));
    assert!(orders_api::validate(&token, &keys, ISSUER).is_none(), "another issuer");
    assert!(orders_api::validate(&self::forged(&token), &keys, &guide.issuer()).is_none());

    assert_eq!(json(&guide.run("introspect").await)["active"], true);
    guide.run("revoke").await;
    assert_eq!(json(&guide.run("introspect").await), serde_json::json!({ "active": false }));
}

/// The token with one character of its signature changed.
fn forged(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{first}{}", &signature[1..])
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_rust_of_the_guide_is_the_rust_that_is_tested() {
    assert_eq!(block("file", "orders_api.rs"), include_str!("orders_api.rs"));
}

#[test]
fn the_first_screen_holds_the_two_commands() {
    let before_contents = README.split_once("**Contents:**").expect("a list of contents").0;
    let commands: Vec<_> = before_contents.split("```sh\n").skip(1).collect();
    assert_eq!(commands.len(), 2);
    assert!(commands[0].starts_with("cargo run --release\n```") && commands[1].starts_with("tests/run\n```"));
    assert!(before_contents.lines().count() <= 40, "that is more than a screen");
}

#[test]
fn every_marked_block_is_one_that_a_test_uses() {
    let marked: Vec<_> = blocks().into_iter().filter_map(|block| block.purpose).collect();
    let used = [
        ("file", "shop.toml"),
        ("run", "apply"),
        ("file", "app.mjs"),
        ("run", "token"),
        ("file", "api.mjs"),
        ("run", "call"),
        ("file", "orders_api.rs"),
        ("run", "introspect"),
        ("run", "revoke"),
    ];
    assert_eq!(marked, used);
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |page: &Path| {
        std::fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()))
    };
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "deploy/README.md", "keys/README.md"] {
        let page = root.join(name);
        let text = read(&page);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.starts_with("http")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            assert!(target.exists(), "{name}: {link}");
            assert!(anchor.is_empty() || anchors(&read(&target)).any(|own| own == anchor), "{name}: {link}");
        }
    }
}

/// What headings can be linked by.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let headings = text
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with("##")));
    headings.map(|heading| heading.to_lowercase().replace(' ', "-"))
}

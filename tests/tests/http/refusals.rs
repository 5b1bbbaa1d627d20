//! Why was this refused? Told to whoever may read it, without a secret that was sent.

use crate::api::{Api, problem};
use crate::world::{SECRET, World};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::Value;
use signet_tests::{Answer, FakeClock, Settings, eventually};
use std::time::Duration;

const READER: &str = r#"
    [[clients]]
    client_id = "auditor"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:audit:read"
"#;

async fn api() -> Api {
    Api::of(READER, "auditor").await
}

impl Api {
    /// Why a request was refused, by what its answer shows.
    async fn why(&self, answer: &Answer) -> Value {
        let id = answer.header("x-request-id").unwrap();
        let path = format!("/refusals/{id}");
        eventually(Duration::from_secs(10), async || {
            let answer = self.get(&path).await;
            (answer.status == 200).then(|| answer.json())
        })
        .await
    }

    async fn refused(&self, client: &str, form: &[(&str, &str)]) -> Value {
        let answer = self.world.token(client, form).await;
        assert!(answer.status >= 400, "{}", answer.text());
        self.why(&answer).await
    }
}

#[tokio::test]
async fn a_refused_token_request_names_its_rule_what_was_expected_and_what_came() {
    let api = api().await;
    let why = api.refused("post", &[("grant_type", "client_credentials")]).await;
    assert_eq!(why["rule"], "client-authentication-method", "{why}");
    assert_eq!(
        (&why["expected"][0], &why["came"]),
        (&"client_secret_post".into(), &"client_secret_basic".into())
    );
    assert_eq!((&why["client_id"], &why["endpoint"]), (&"post".into(), &"POST /oauth/token".into()));
    assert!(
        why["mend"].as_str().unwrap().contains("method") && why["clause"].as_str().unwrap().contains('§')
    );

    let why =
        api.refused("web", &[("grant_type", "client_credentials"), ("scope", "orders:read nonsense")]).await;
    assert_eq!((&why["rule"], &why["came"]), (&"scope-not-registered".into(), &"nonsense".into()));
    let why = api.refused("other", &[("grant_type", "client_credentials")]).await;
    assert_eq!((&why["rule"], &why["client_id"]), (&"grant-type-not-allowed".into(), &"other".into()));
    let why = api.refused("nobody", &[("grant_type", "client_credentials")]).await;
    assert_eq!((&why["rule"], &why["came"]), (&"client-unknown".into(), &"nobody".into()));
    assert_eq!(why["client_id"], Value::Null);
    let why = api.refused("web", &[("grant_type", "refresh_token"), ("refresh_token", "made up")]).await;
    assert_eq!(why["rule"], "refresh-unknown");
}

#[tokio::test]
async fn each_way_in_which_a_code_can_be_refused_has_a_rule_of_its_own() {
    let api = api().await;
    let code = api.world.code("web", "openid").await;
    let form = code.form_with("redirect_uri", "https://web.example.test/other");
    let why = api.refused("web", &form).await;
    assert_eq!(why["rule"], "redirect-uri-differs");
    assert_eq!(why["difference"]["expected"], "callback");
    assert_eq!(why["difference"]["came"], "other");
    assert_eq!(api.refused("other", &code.form()).await["rule"], "code-foreign");
    let form = code.form_with("code_verifier", "a-verifier-that-is-long-enough-but-another-one");
    assert_eq!(api.refused("web", &form).await["rule"], "pkce-mismatch");
    api.world.token("web", &code.form()).await.expect_status(200);
    assert_eq!(api.refused("web", &code.form()).await["rule"], "code-used");
    let code = api.world.code("web", "openid").await;
    api.world.advance(120);
    assert_eq!(api.refused("web", &code.form()).await["rule"], "code-expired");
}

#[tokio::test]
async fn an_error_that_went_to_the_client_is_found_by_the_redirects_request_id() {
    let api = api().await;
    let request = api.world.request("web", "openid unheard-of");
    let answer = api.world.server.http.get(request.url()).await;
    assert!(answer.header("location").unwrap().contains("error=invalid_scope"));
    let why = api.why(&answer).await;
    assert_eq!((&why["rule"], &why["came"]), (&"scope-not-registered".into(), &"unheard-of".into()));
    assert_eq!(why["client_id"], "web");
    let listed = api.get("/refusals?client_id=web&sort=-at").await.expect_status(200).json();
    assert_eq!(listed["items"][0], why);
}

#[tokio::test]
async fn a_refused_administrator_reads_which_permission_was_missing() {
    let api = api().await;
    let why = api.why(&api.get("/users").await.expect_status(403)).await;
    assert_eq!((&why["rule"], &why["expected"][0]), (&"permission-missing".into(), &"users:read".into()));
    let without = api.world.server.http.get(api.at("/users")).await;
    assert_eq!(api.why(&without).await["rule"], "token-missing");
}

#[tokio::test]
async fn a_refusal_is_read_with_its_permission_alone() {
    let api = Api::of(&READER.replace("audit:read", "users:read"), "auditor").await;
    let refused = api.world.token("nobody", &[]).await;
    let path = format!("/refusals/{}", refused.header("x-request-id").unwrap());
    problem(&api.get(&path).await, 403, "forbidden");
    problem(&api.get("/refusals").await, 403, "forbidden");
}

/// A secret in place of everything that a request can say.
async fn send_a_secret_everywhere(world: &World) {
    let form = [("grant_type", "client_credentials")];
    for name in ["resource", "scope", "grant_type", "client_id", "redirect_uri"] {
        for secret in [SECRET, &SECRETS[1][..33]] {
            let sent = [&form[..], &[(name, secret)]].concat();
            let sent: Vec<_> =
                sent.into_iter().rev().take(if name == "grant_type" { 1 } else { 2 }).collect();
            world.token("web", &sent).await;
        }
    }
    for name in [
        "resource",
        "scope",
        "redirect_uri",
        "response_type",
        "response_mode",
        "prompt",
        "max_age",
        "acr_values",
        "client_id",
    ] {
        for secret in [SECRET, &SECRETS[1][..33]] {
            let mut url = url::Url::parse(&world.request("web", "openid").url()).unwrap();
            let others: Vec<_> = url
                .query_pairs()
                .filter(|(other, _)| other != name)
                .map(|(n, v)| (n.into_owned(), v.into_owned()))
                .collect();
            url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, secret);
            assert!(world.server.http.get(url.as_str()).await.status < 500);
        }
    }
    let swapped = world.server.http.post(world.endpoint("token_endpoint")).basic(SECRET, "web").form(&form);
    swapped.send().await.expect_status(401);
    for secret in [SECRET, &SECRETS[1][..33]] {
        let mut url = url::Url::parse(world.endpoint("end_session_endpoint")).unwrap();
        url.query_pairs_mut().append_pair("client_id", "web").append_pair("post_logout_redirect_uri", secret);
        world.server.http.get(url.as_str()).await.expect_status(400);
    }
}

const SECRETS: [&str; 8] = [
    "code-hunter2",
    "verifier-hunter2-verifier-hunter2-verifier-hunter2",
    "client-hunter2",
    "password-hunter2",
    "assertion-hunter2",
    "refresh-hunter2",
    "token-hunter2",
    "hint-hunter2",
];

/// Requests that send each secret where secrets go, and are refused.
async fn send_secrets(world: &World) {
    let [code, verifier, secret, password, assertion, refresh, token, hint] = SECRETS;
    let (jwt, url) =
        ("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", world.endpoint("token_endpoint"));
    let http = &world.server.http;
    let code_form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", verifier),
        ("password", password),
    ];
    world.token("web", &code_form).await.expect_status(400);
    let twice = [code_form.as_slice(), &[("code", code), (secret, secret), (secret, secret)]].concat();
    world.token("web", &twice).await.expect_status(400);
    http.post(url).basic("web", secret).form(&code_form).send().await.expect_status(401);
    let posted = [("grant_type", "password"), ("client_id", "post"), ("client_secret", secret)];
    http.post(url).form(&[&posted[..], &[("password", password)]].concat()).send().await.expect_status(400);
    let asserted =
        [("grant_type", "refresh_token"), ("client_assertion", assertion), ("client_assertion_type", jwt)];
    http.post(url)
        .form(&[&asserted[..], &[("refresh_token", refresh)]].concat())
        .send()
        .await
        .expect_status(401);
    world.refresh("web", refresh).await.expect_status(400);
    for endpoint in ["introspection_endpoint", "revocation_endpoint"] {
        let hinted = [("token", token), ("token_type_hint", hint), ("client_secret", secret)];
        world.post(endpoint, "web", &hinted).await.expect_status(400);
    }
    world.userinfo(token).await.expect_status(401);
    let hinted =
        format!("{}&id_token_hint={hint}&code_challenge={verifier}", world.request("web", "openid").url());
    assert!(http.get(hinted).await.status < 500);
    let uri = format!("https%3A%2F%2Fme%3A{password}%40web.example.test%2Fcb%3Ftoken%3D{token}%23{code}");
    let asked =
        world.request("web", "openid").url().replace("https%3A%2F%2Fweb.example.test%2Fcallback", &uri);
    http.get(asked).await.expect_status(400);
}

#[tokio::test]
async fn no_secret_that_was_sent_is_kept() {
    let api = api().await;
    send_secrets(&api.world).await;
    send_a_secret_everywhere(&api.world).await;
    let last = api.world.token("nobody", &[("grant_type", SECRETS[5])]).await;
    api.why(&last).await;
    let kept = api.get("/refusals?limit=200").await.expect_status(200);
    assert!(kept.json()["items"].as_array().unwrap().len() >= 10, "{}", kept.text());
    let folder = std::fs::read_dir(api.world.server.settings().folder()).unwrap();
    let files = folder.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let mut database = kept.text().into_bytes();
    for file in files.filter(|path| path.to_string_lossy().contains("signet.db")) {
        database.extend(std::fs::read(file).unwrap());
    }
    // A grant type is no place for a secret: it is shown as it came.
    for secret in SECRETS.iter().filter(|secret| **secret != SECRETS[5]).chain([&SECRET, &&SECRETS[1][..33]])
    {
        let found = database.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
        assert!(!found, "{secret}");
    }
}

#[tokio::test]
async fn a_flood_of_like_refusals_is_counted_and_not_kept_one_by_one() {
    let api = api().await;
    let mut first = None;
    for _ in 0..60 {
        let answer = api.world.token("other", &[("grant_type", "client_credentials")]).await;
        first.get_or_insert(answer);
    }
    assert_eq!(api.why(&first.unwrap()).await["rule"], "grant-type-not-allowed");
    let counted = async || {
        let kept = api.get("/refusals?client_id=other").await.json();
        let kept = kept["items"].as_array().unwrap().clone();
        let alike: u64 = kept.iter().map(|one| one["alike"].as_u64().unwrap()).sum();
        (kept.len() == 20 && alike == 40).then_some(())
    };
    eventually(Duration::from_secs(10), counted).await;
}

#[tokio::test]
async fn an_address_or_a_method_that_is_none_is_explained_by_its_request_and_not_listed() {
    let api = api().await;
    let (http, issuer) = (&api.world.server.http, api.world.server.issuer());
    let secret = "s3cr3t-".repeat(6);
    let nowhere = http.get(format!("{issuer}/oauth2/token/{secret}?code={secret}")).await.expect_status(404);
    let why = api.why(&nowhere).await;
    assert_eq!((&why["rule"], &why["endpoint"]), (&"path-unknown".into(), &"GET elsewhere".into()));
    let came = why["came"].as_str().unwrap();
    assert!(came.starts_with("/oauth2/token/") && !came.contains(&secret), "{why}");
    let asked = http.get(api.world.endpoint("token_endpoint")).await.expect_status(405);
    let why = api.why(&asked).await;
    assert_eq!((&why["rule"], &why["came"]), (&"method-not-allowed".into(), &"GET".into()));
    assert_eq!((&why["expected"][0], &why["endpoint"]), (&"POST".into(), &"GET /oauth/token".into()));
    let listed = api.get("/refusals?limit=200").await.expect_status(200).text();
    assert!(!listed.contains("path-unknown") && !listed.contains("method-not-allowed"), "{listed}");
}

#[tokio::test]
async fn a_refusal_by_a_rule_of_another_version_is_told_by_the_rules_name() {
    let api = api().await;
    let refused = api.world.token("nobody", &[("grant_type", "client_credentials")]).await;
    api.why(&refused).await;
    let database = Database::connect(api.world.server.settings().get("database.url")).await.unwrap();
    database.execute_unprepared("UPDATE refusals SET rule = 'rule-of-tomorrow'").await.unwrap();
    let why = api.why(&refused).await;
    assert_eq!((&why["rule"], &why["came"]), (&"rule-of-tomorrow".into(), &"nobody".into()));
    assert_eq!(why["clause"], Value::Null);
    assert!(why["about"].as_str().unwrap().contains("does not know"), "{why}");
    assert_eq!(api.get("/refusals").await.expect_status(200).json()["items"][0], why);
}

#[tokio::test]
async fn nothing_is_kept_where_the_operator_wants_nothing_kept() {
    let settings = Settings::new().with("refusals.days", 0);
    let world = World::of(settings, FakeClock::running(), READER).await;
    let token = world.client_token("auditor", &[]).await;
    let api = Api { world, token };
    let answer = api.world.token("nobody", &[]).await;
    let path = format!("/refusals/{}", answer.header("x-request-id").unwrap());
    problem(&api.ask(Method::GET, &path, &[]).await, 404, "not-found");
}

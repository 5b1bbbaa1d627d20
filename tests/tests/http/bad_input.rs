//! Input that no honest client sends: the standard's own error, at once, and the server works on.

use crate::world::{OFFLINE, SECRET, World, refused};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Method;
use signet_tests::{Answer, Call, Http};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Far more than an answer takes even on a busy machine, and far less than any time-out.
const AT_ONCE: Duration = Duration::from_secs(2);
const FORM: &str = "application/x-www-form-urlencoded";
const ENDPOINTS: [&str; 3] = ["token_endpoint", "introspection_endpoint", "revocation_endpoint"];

/// Sends, and checks that the answer is no failure of the server and comes at once.
async fn send(call: Call) -> Answer {
    let began = Instant::now();
    let answer = call.send().await;
    assert!(began.elapsed() < AT_ONCE, "{} took {:?}", answer.url, began.elapsed());
    assert!((400..500).contains(&answer.status), "{}: {} {}", answer.url, answer.status, answer.text());
    answer
}

fn post(world: &World, endpoint: &str) -> Call {
    world.server.http.post(world.endpoint(endpoint)).basic("web", SECRET)
}

/// The server still does its work.
async fn works(world: &World) {
    world.client_token("web", &[("scope", "orders:read")]).await;
    world.server.http.get(format!("{}/health/ready", world.server.issuer())).await.expect_status(200);
}

#[tokio::test]
async fn an_oversized_body_is_refused() {
    let world = World::start().await;
    for endpoint in ENDPOINTS {
        for size in [65 * 1024, 1024 * 1024] {
            let body = format!("grant_type={}", "x".repeat(size));
            let answer = send(post(&world, endpoint).body(FORM, body)).await;
            refused(&answer, 413, "invalid_request");
        }
    }
    works(&world).await;
}

#[tokio::test]
async fn an_oversized_parameter_or_too_many_are_refused() {
    let world = World::start().await;
    let long = format!("token=x&grant_type={}", "x".repeat(9000));
    let named = format!("token=x&{}=x", "x".repeat(300));
    let many: String = (0..100).map(|index| format!("p{index}=x&")).collect();
    for endpoint in ENDPOINTS {
        for body in [&long, &named, &many] {
            refused(&send(post(&world, endpoint).body(FORM, body.clone())).await, 400, "invalid_request");
        }
    }
    works(&world).await;
}

#[tokio::test]
async fn broken_encoding_and_nul_are_refused() {
    let world = World::start().await;
    let bodies: [&[u8]; 7] = [
        b"grant_type=%zz",
        b"grant_type=%",
        b"grant_type=%f",
        b"grant_type=%ff%fe",
        b"grant_type=\xff\xfe",
        b"grant_type=client_credentials%00",
        b"\x00\x01\x02",
    ];
    for endpoint in ENDPOINTS {
        for body in bodies {
            refused(&send(post(&world, endpoint).body(FORM, body.to_vec())).await, 400, "invalid_request");
        }
    }
    works(&world).await;
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let world = World::start().await;
    let json = r#"{"grant_type":"client_credentials","token":"x"}"#;
    for endpoint in ENDPOINTS {
        for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", "x", ""] {
            refused(&send(post(&world, endpoint).body(kind, json)).await, 400, "invalid_request");
        }
        refused(&send(post(&world, endpoint)).await, 400, "invalid_request");
    }
    works(&world).await;
}

/// Tokens that are almost JWTs, where one may come.
#[tokio::test]
async fn malformed_tokens_are_only_not_valid() {
    let world = World::start().await;
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let deep = format!("{}{}", "[".repeat(4000), "]".repeat(4000));
    let header = part(r#"{"alg":"ES256","typ":"at+jwt","kid":"x"}"#);
    let tokens = [
        ".".to_owned(),
        "..".to_owned(),
        "....".to_owned(),
        "a.b.c".to_owned(),
        format!("{header}.{}.AAAA", part(&deep)),
        format!("{}.{}.AAAA", part(&format!(r#"{{"alg":"ES256","typ":"at+jwt","x":{deep}}}"#)), part("{}")),
        format!("{header}.{}.AAAA", part("null")),
        format!("{header}.{}.AAAA", part(r#"{"iss":1}"#)),
        format!("{header}.{}.{}", part("{}"), "A".repeat(20_000)),
        format!("{}.{}.", part(r#"{"alg":"none"}"#), part(r#"{"sub":"x"}"#)),
        format!("{header}=.e30=.AAAA="),
    ];
    for token in tokens.iter().filter(|token| token.len() < 8000) {
        let inactive = post(&world, "introspection_endpoint").form(&[("token", token)]).send().await;
        assert_eq!(inactive.expect_status(200).text(), r#"{"active":false}"#);
        post(&world, "revocation_endpoint").form(&[("token", token)]).send().await.expect_status(200);
        refused(&world.refresh("web", token).await, 400, "invalid_grant");
    }
    for token in &tokens {
        let userinfo = world.server.http.call(Method::GET, world.endpoint("userinfo_endpoint"));
        let answer = send(userinfo.bearer(token)).await;
        assert!(answer.header("www-authenticate").unwrap().contains("invalid_"), "{}", answer.status);
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", token.as_str()),
        ];
        let call = world.server.http.post(world.endpoint("token_endpoint")).form(&form);
        let answer = send(call).await;
        let error = if token.len() > 8000 { (400, "invalid_request") } else { (401, "invalid_client") };
        refused(&answer, error.0, error.1);
    }
    works(&world).await;
}

#[tokio::test]
async fn broken_authorization_headers_are_refused() {
    let world = World::start().await;
    let invalid = |bytes: &[u8]| format!("Basic {}", STANDARD.encode(bytes));
    for header in [
        invalid(b"\xff\xfe:\xff"),
        invalid(b"web:\x00"),
        invalid(&[b'a'; 12_000]),
        "Basic \u{e9}".to_owned(),
        "Basic".to_owned(),
        " ".to_owned(),
        "Basic a Basic b".to_owned(),
    ] {
        for endpoint in ENDPOINTS {
            let call = world.server.http.post(world.endpoint(endpoint)).header("authorization", &header);
            let answer = send(call.form(&[("grant_type", "client_credentials"), ("token", "x")])).await;
            refused(&answer, 401, "invalid_client");
        }
    }
    works(&world).await;
}

#[tokio::test]
async fn huge_headers_and_urls_are_refused() {
    let world = World::start().await;
    let huge = "x".repeat(300_000);
    let call = world.server.http.post(world.endpoint("token_endpoint")).header("x-huge", &huge);
    // The connection may be closed while the header is still on its way.
    if let Ok(answer) = call.form(&[]).try_send().await {
        assert!((400..500).contains(&answer.status), "{}", answer.status);
    }
    // On connections of their own: that one is being closed.
    let url = format!("{}?x={}", world.endpoint("userinfo_endpoint"), "x".repeat(20_000));
    send(Http::new().call(Method::GET, url)).await;
    let url = format!("{}?x=%zz", world.endpoint("userinfo_endpoint"));
    send(Http::new().call(Method::GET, url)).await;
    works(&world).await;
}

/// Bytes on the wire that are no HTTP, or stop in the middle.
#[tokio::test]
async fn broken_http_harms_nobody() {
    let world = World::start().await;
    let address = world.server.settings().address().replace("http://", "");
    let path = world
        .endpoint("token_endpoint")
        .rsplit_once("localhost")
        .unwrap()
        .1
        .split_once('/')
        .unwrap()
        .1
        .to_owned();
    let form = format!("POST /{path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {FORM}\r\n");
    for (request, status) in [
        ("nonsense\r\n\r\n".to_owned(), Some("400")),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), Some("400")),
        (format!("{form}content-length: minus\r\n\r\n"), Some("400")),
        (format!("{form}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd"), Some("400")),
        (format!("{form}transfer-encoding: chunked\r\n\r\nzz\r\n"), Some("400")),
        (format!("{form}content-length: 100\r\n\r\ngrant_type=x"), None),
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        tokio::time::timeout(AT_ONCE, stream.read_to_end(&mut answer)).await.expect("an end").ok();
        let answer = String::from_utf8_lossy(&answer);
        if let Some(status) = status {
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request:?}: {answer}");
        }
        assert!(!answer.contains(" 500 "), "{request:?}: {answer}");
    }
    works(&world).await;
}

#[tokio::test]
async fn nothing_is_lost_under_a_mixture_of_bad_requests() {
    let world = World::start().await;
    let mut token = world.sign_in("web", OFFLINE).await.field("refresh_token");
    for round in 0..5 {
        let bad = (0..20).map(|index| {
            let body =
                ["grant_type=%zz", "x", "grant_type=refresh_token&refresh_token=AAAA", "\0"][index % 4];
            send(
                post(&world, ENDPOINTS[(index + round) % 3])
                    .body(if index % 5 == 0 { "x" } else { FORM }, body),
            )
        });
        let good = world.refresh("web", &token);
        let (_, good) = futures_util::future::join(futures_util::future::join_all(bad), good).await;
        token = good.expect_status(200).field("refresh_token");
    }
    works(&world).await;
}

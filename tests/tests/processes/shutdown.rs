//! SIGTERM: no new connections, an end to what is in flight, exit 0.

use crate::BINARY;
use crate::shop::{SHOP, Shop, start};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signet_tests::{ServerProcess, Settings, eventually};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Orchestrators kill after ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// A token request of which half has been sent.
async fn half_a_request(server: &ServerProcess, shop: &Shop) -> (TcpStream, &'static str) {
    let body = "grant_type=client_credentials&scope=orders%3Aread";
    let (begin, rest) = body.split_at(20);
    let endpoint = url::Url::parse(shop.discovery.token_endpoint()).unwrap();
    // Form-encoded, as RFC 6749 §2.3.1 asks.
    let secret: String = url::form_urlencoded::byte_serialize(SHOP.1.as_bytes()).collect();
    let credentials = STANDARD.encode(format!("{}:{secret}", SHOP.0));
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Authorization: Basic {credentials}\r\nContent-Length: {}\r\n\r\n{begin}",
        endpoint.path(),
        body.len()
    );
    let mut stream = TcpStream::connect(server.settings().get("server.listen")).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    (stream, rest)
}

#[tokio::test]
async fn a_request_in_flight_is_answered() {
    let mut server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    let (mut stream, rest) = half_a_request(&server, &shop).await;
    // Answered on a later connection: the server has accepted the earlier one.
    shop.own_token().await.expect_status(200);
    server.sigterm().await;
    let listen = server.settings().get("server.listen");
    eventually(PATIENCE, async || TcpStream::connect(&listen).await.is_err()).await;
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("access_token"), "{answer}");
    assert_eq!(server.ended().await.code(), Some(0), "{}", server.stderr());
}

#[tokio::test]
async fn idle_connections_do_not_hold_it_up() {
    let mut server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    // The client keeps its connection, and another one has never asked for anything.
    shop.own_token().await.expect_status(200);
    let _silent = TcpStream::connect(server.settings().get("server.listen")).await.unwrap();
    let began = Instant::now();
    server.sigterm().await;
    assert_eq!(server.ended().await.code(), Some(0), "{}", server.stderr());
    assert!(began.elapsed() < PATIENCE, "it took {:?}", began.elapsed());
}

#[tokio::test]
async fn a_stop_that_comes_at_the_first_moment_is_orderly_too() {
    let settings = Settings::new();
    // A first start says more and takes longer: that one is not meant.
    let mut earlier = ServerProcess::start(BINARY, settings.clone()).await.restart().await;
    earlier.kill9().await;
    let mut server = ServerProcess::spawn(BINARY, settings.clone());
    eventually(PATIENCE, async || !server.stderr().is_empty()).await;
    server.sigterm().await;
    assert_eq!(server.ended().await.code(), Some(0), "{}", server.stderr());
    ServerProcess::start(BINARY, settings).await;
}

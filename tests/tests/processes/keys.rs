//! `signet keys`, against a server that runs.

use crate::BINARY;
use crate::enrolment::{enrolled, half, next_code};
use crate::shop::{SOON, Shop, Tokens, start};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use signet_tests::{Settings, eventually, header_unchecked, let_keys_be_seen, run_command};

/// Key id, algorithm and state of every key.
async fn list(settings: &Settings) -> Vec<(String, String, String)> {
    let exit = run_command(BINARY, settings, &["keys", "list"]).await.expect_success();
    let words = |line: &str| line.split_whitespace().take(3).map(str::to_owned).collect::<Vec<_>>();
    let rows = exit.stdout.lines().skip(1).map(words);
    rows.map(|row| <[String; 3]>::try_from(row).expect("three columns").into()).collect()
}

async fn kid_of(shop: &Shop) -> String {
    let token = shop.own_token().await.field("access_token");
    header_unchecked(&token)["kid"].as_str().unwrap().to_owned()
}

async fn signs_with(shop: &Shop, kid: &str) {
    eventually(SOON, async || kid_of(shop).await == kid).await;
}

/// A P-256 key as PEM.
fn pem() -> String {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(key.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

#[tokio::test]
async fn a_list_shows_what_each_key_does_and_no_private_half() {
    let server = start(Settings::new()).await;
    let keys = list(server.settings()).await;
    for algorithm in ["ES256", "RS256", "HS256", "A256GCM"] {
        let at_work = keys.iter().filter(|(_, of, state)| of == algorithm && state == "current").count();
        assert_eq!(at_work, 1, "{algorithm}: {keys:?}");
    }
    let jwks = Shop::at(&server).await.jwks().await;
    for (kid, algorithm, _) in &keys {
        let signs = algorithm.starts_with("ES") || algorithm.starts_with("RS");
        assert_eq!(jwks.kids().contains(kid), signs, "{kid} {algorithm}");
    }
}

#[tokio::test]
async fn a_key_is_published_before_it_signs() {
    let server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    let before = kid_of(&shop).await;
    let exit = server.command(&["keys", "rotate", "--alg", "ES256"]).await.expect_success();
    // Ten minutes from now by default, so that every verifier has fetched it by then.
    let next = exit.stdout.split_whitespace().nth(1).unwrap().to_owned();
    assert!(exit.stdout.starts_with("ES256 ") && exit.stdout.contains("signs from"), "{}", exit.stdout);
    eventually(SOON, async || shop.jwks().await.kids().contains(&next)).await;
    assert_eq!(kid_of(&shop).await, before);
}

#[tokio::test]
async fn a_rotation_of_every_key_disturbs_nobody() {
    let server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    let browser = shop.signed_in().await;
    let (tokens, code, old) = (shop.tokens(&browser).await, shop.code(&browser).await, kid_of(&shop).await);
    let_keys_be_seen(server.settings()).await;
    server.command(&["keys", "rotate"]).await.expect_success();
    eventually(SOON, async || kid_of(&shop).await != old).await;
    assert!(shop.is_active(&tokens.access).await);
    let next = Tokens::of(&shop.refresh(&tokens.refresh).send().await.expect_status(200));
    shop.refresh(&next.refresh).send().await.expect_status(200);
    shop.redeem(&code).send().await.expect_status(200);
    shop.tokens(&browser).await;
}

#[tokio::test]
async fn an_imported_key_signs() {
    let server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    let file = server.settings().write_file("own.pem", &pem()).display().to_string();
    let exit = server.command(&["keys", "import", &file, "--alg", "ES256"]).await.expect_success();
    let kid = exit.stdout.split_whitespace().nth(1).unwrap().to_owned();
    let_keys_be_seen(server.settings()).await;
    signs_with(&shop, &kid).await;
    assert!(shop.jwks().await.kids().contains(&kid));
    let exit = server.command(&["keys", "import", &file, "--alg", "ES256"]).await;
    assert_eq!(exit.code, Some(1));
    assert!(exit.stderr.contains("known already"), "{}", exit.stderr);
    let bad = server.settings().write_file("bad.pem", "no key").display().to_string();
    assert_eq!(server.command(&["keys", "import", &bad]).await.code, Some(1));
}

#[tokio::test]
async fn what_a_revoked_key_signed_counts_no_more() {
    let server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    let token = shop.own_token().await.field("access_token");
    let kid = header_unchecked(&token)["kid"].as_str().unwrap().to_owned();
    assert!(shop.is_active(&token).await);
    server.command(&["keys", "revoke", &kid]).await.expect_success();
    eventually(SOON, async || !shop.jwks().await.kids().contains(&kid)).await;
    eventually(SOON, async || !shop.is_active(&token).await).await;
    assert_ne!(kid_of(&shop).await, kid);
    let exit = server.command(&["keys", "revoke", &kid]).await;
    assert_eq!(exit.code, Some(1));
    assert!(exit.stderr.contains("signet keys list"), "{}", exit.stderr);
}

#[tokio::test]
async fn a_new_master_key_takes_over_with_reseal() {
    let key = |byte: u8| URL_SAFE_NO_PAD.encode([byte; 32]);
    let settings = Settings::new();
    let file = settings.path("keys/master.key");
    let mut server = start(settings.clone()).await;
    let shop = Shop::at(&server).await;
    let tokens = shop.tokens(&shop.signed_in().await).await;
    server.sigterm().await;
    server.ended().await;
    let old = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    std::fs::write(&file, key(7)).unwrap();

    // Alone the new one opens nothing, and the refusal says what would.
    for command in [&["serve"][..], &["keys", "list"], &["keys", "rotate"]] {
        let exit = run_command(BINARY, &settings, command).await;
        assert_eq!(exit.code, Some(1), "{command:?}: {}", exit.stdout);
        assert!(exit.stderr.contains("keys.previous_master_keys"), "{}", exit.stderr);
        assert!(!exit.stderr.contains(&old), "{}", exit.stderr);
    }

    let both = settings.clone().with("keys.previous_master_keys", vec![old]);
    let exit = run_command(BINARY, &both, &["keys", "reseal"]).await.expect_success();
    let count: usize = exit.stdout.split_whitespace().next().unwrap().parse().unwrap();
    assert_eq!(count, list(&both).await.len() + 1, "the key of the audit log's seals is one more");
    let again = run_command(BINARY, &both, &["keys", "reseal"]).await.expect_success();
    assert_eq!(again.stdout.trim(), "0 resealed");

    run_command(BINARY, &settings, &["audit", "verify"]).await.expect_success();

    // From here the old one is not needed, and nobody was signed out.
    let _server = signet_tests::ServerProcess::start(BINARY, settings).await;
    shop.refresh(&tokens.refresh).send().await.expect_status(200);
    assert!(shop.is_active(&tokens.access).await);
}

#[tokio::test]
async fn an_authenticator_app_is_moved_to_a_new_master_key_too() {
    let settings = Settings::new().with("factors.policy", "required");
    let file = settings.path("keys/master.key");
    let mut server = start(settings.clone()).await;
    let app = enrolled(&Shop::at(&server).await).await;
    server.sigterm().await;
    server.ended().await;
    let old = std::fs::read_to_string(&file).unwrap().trim().to_owned();
    std::fs::write(&file, URL_SAFE_NO_PAD.encode([8; 32])).unwrap();
    let both = settings.clone().with("keys.previous_master_keys", vec![old]);
    let keys = list(&both).await.len();
    let exit = run_command(BINARY, &both, &["keys", "reseal"]).await.expect_success();
    let count: usize = exit.stdout.split_whitespace().next().unwrap().parse().unwrap();
    assert_eq!(
        count,
        keys + 2,
        "the app's secret and the key of the audit log's seals are two more than the keys"
    );

    // The old one is gone, and the app is still hers.
    let server = signet_tests::ServerProcess::start(BINARY, settings).await;
    let shop = Shop::at(&server).await;
    let page = half(&shop, &shop.browser()).await;
    page.form("#mfa").fill("code", &next_code(&app)).press("#mfa-submit").await.callback().code();
}

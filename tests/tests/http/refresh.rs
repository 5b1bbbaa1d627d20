//! Rotation of refresh tokens (RFC 6749 §6, RFC 9700 §4.14.2, OAuth 2.1 §4.3).

use crate::world::{OFFLINE, REACHES, SECRET, World, refused, scope_of};
use signet_tests::{Answer, FakeClock, Settings, eventually};
use std::cell::RefCell;

async fn successor(world: &World, client: &str, token: &str) -> String {
    world.refresh(client, token).await.expect_status(200).field("refresh_token")
}

/// Expects that the grant of these tokens has ended with all that it gave.
async fn ended(world: &World, client: &str, answers: &[&Answer]) {
    for answer in answers {
        let (access, refresh) = (answer.field("access_token"), answer.field("refresh_token"));
        assert_eq!(world.userinfo(&access).await.status, 401);
        if client != "spa" {
            assert_eq!(world.introspect(client, &access).await, serde_json::json!({ "active": false }));
        }
        refused(&world.refresh(client, &refresh).await, 400, "invalid_grant");
    }
}

#[tokio::test]
async fn every_refresh_gives_a_new_refresh_token_and_the_newest_works_on() {
    let world = World::start().await;
    for client in ["web", "spa"] {
        let mut seen = vec![world.sign_in(client, OFFLINE).await.field("refresh_token")];
        for _ in 0..4 {
            let next = successor(&world, client, seen.last().unwrap()).await;
            assert!(!seen.contains(&next));
            seen.push(next);
        }
    }
}

#[tokio::test]
async fn a_retry_gives_the_same_successor() {
    let world = World::still().await;
    for client in ["web", "spa"] {
        let first = world.sign_in(client, OFFLINE).await.field("refresh_token");
        let second = successor(&world, client, &first).await;
        world.advance(9);
        assert_eq!(successor(&world, client, &first).await, second);
        assert_eq!(successor(&world, client, &first).await, second);
        successor(&world, client, &second).await;
    }
}

/// A refresh that comes through the proxy from an address.
async fn refresh_from(world: &World, address: &str, client: &str, token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client)];
    let call = world.server.http.post(world.endpoint("token_endpoint")).header("x-forwarded-for", address);
    if client == "spa" {
        call.form(&form).send().await
    } else {
        call.basic(client, SECRET).form(&form).send().await
    }
}

/// Whoever holds a public client's token can say its name: only its network speaks for a retry.
#[tokio::test]
async fn a_public_clients_retry_from_another_network_is_a_replay() {
    let settings =
        Settings::new().with("server.trusted_proxies", vec!["127.0.0.1/32".to_owned(), "::1/128".to_owned()]);
    let world = World::of(settings, FakeClock::still(), "").await;
    for (client, elsewhere, retries) in
        [("spa", "192.0.2.77", true), ("spa", "198.51.100.1", false), ("web", "198.51.100.1", true)]
    {
        let first = world.sign_in(client, OFFLINE).await.field("refresh_token");
        let second = refresh_from(&world, "192.0.2.1", client, &first).await.expect_status(200);
        let again = refresh_from(&world, elsewhere, client, &first).await;
        if retries {
            assert_eq!(again.expect_status(200).field("refresh_token"), second.field("refresh_token"));
        } else {
            refused(&again, 400, "invalid_grant");
            ended(&world, client, &[&second]).await;
        }
    }
}

#[tokio::test]
async fn twenty_parallel_refreshes_give_the_same_successor_and_the_grant_lives_on() {
    let world = World::start().await;
    let first = world.sign_in("web", OFFLINE).await.field("refresh_token");
    let answers = futures_util::future::join_all((0..20).map(|_| world.refresh("web", &first))).await;
    let mut successors: Vec<_> =
        answers.into_iter().map(|answer| answer.expect_status(200).field("refresh_token")).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    successor(&world, "web", &successors[0]).await;
}

#[tokio::test]
async fn a_retry_after_the_window_is_a_replay() {
    for (client, window) in [("web", 30), ("spa", 10)] {
        let world = World::still().await;
        let first = world.sign_in(client, OFFLINE).await;
        let second = world.refresh(client, &first.field("refresh_token")).await.expect_status(200);
        world.advance(window);
        assert_eq!(
            successor(&world, client, &first.field("refresh_token")).await,
            second.field("refresh_token")
        );
        world.advance(1);
        refused(&world.refresh(client, &first.field("refresh_token")).await, 400, "invalid_grant");
        ended(&world, client, &[&first, &second]).await;
    }
}

/// RFC 9700 §4.14.2: a used refresh token that comes again "will inform the authorization server of the breach".
#[tokio::test]
async fn a_replay_ends_the_grant_and_its_access_tokens() {
    let world = World::start().await;
    for client in ["web", "spa"] {
        let first = world.sign_in(client, OFFLINE).await;
        let second = world.refresh(client, &first.field("refresh_token")).await.expect_status(200);
        let third = world.refresh(client, &second.field("refresh_token")).await.expect_status(200);
        world.userinfo(&third.field("access_token")).await.expect_status(200);
        // Its successor was used: within the window or not, this is no retry.
        refused(&world.refresh(client, &first.field("refresh_token")).await, 400, "invalid_grant");
        ended(&world, client, &[&first, &second, &third]).await;
    }
}

/// RFC 6749 §6: the token is "bound to the client to which it was issued"; who is not that client has no effect on it.
#[tokio::test]
async fn another_clients_refresh_token_is_refused_without_effect() {
    let world = World::start().await;
    let first = world.sign_in("web", OFFLINE).await.field("refresh_token");
    let second = successor(&world, "web", &first).await;
    let third = successor(&world, "web", &second).await;
    for stranger in ["other", "spa"] {
        for token in [&first, &second, &third] {
            refused(&world.refresh(stranger, token).await, 400, "invalid_grant");
        }
    }
    successor(&world, "web", &third).await;
}

#[tokio::test]
async fn a_forged_refresh_token_is_refused_without_effect() {
    let world = World::start().await;
    let token = world.sign_in("web", OFFLINE).await.field("refresh_token");
    for at in [0, token.len() / 3, token.len() / 2, token.len() - 2] {
        let mut forged = token.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        refused(&world.refresh("web", &forged).await, 400, "invalid_grant");
    }
    refused(&world.refresh("web", &token[..token.len() - 1]).await, 400, "invalid_grant");
    refused(&world.refresh("web", &format!("{token}A")).await, 400, "invalid_grant");
    successor(&world, "web", &token).await;
}

/// RFC 6749 §6: "if omitted is treated as equal to the scope originally granted by the resource owner".
#[tokio::test]
async fn a_narrowed_scope_is_for_one_access_token_only() {
    let world = World::start().await;
    let first =
        world.sign_in("web", "openid profile offline_access orders:read").await.field("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &first), ("scope", "orders:read")];
    let narrow = world.token("web", &form).await.expect_status(200);
    assert_eq!(scope_of(&narrow.field("access_token")), ["orders:read"]);
    assert_eq!(narrow.field("scope"), "orders:read");
    assert!(narrow.json().get("id_token").is_none());
    let wide = world.refresh("web", &narrow.field("refresh_token")).await.expect_status(200);
    assert_eq!(scope_of(&wide.field("access_token")), ["offline_access", "openid", "orders:read", "profile"]);
}

/// RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted by the resource owner".
#[tokio::test]
async fn a_wider_scope_is_invalid_scope_and_does_not_rotate() {
    let world = World::start().await;
    let token = world.sign_in("web", OFFLINE).await.field("refresh_token");
    for scope in ["openid email", "orders:read", "a\"b"] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("scope", scope)];
        refused(&world.token("web", &form).await, 400, "invalid_scope");
    }
    let next = successor(&world, "web", &token).await;
    successor(&world, "web", &next).await;
}

/// A database that was restored from a backup knows an earlier generation than the client holds: no one is signed out.
#[tokio::test]
async fn a_generation_ahead_of_a_restored_database_is_accepted() {
    let world = World::start().await;
    let first = world.sign_in("web", OFFLINE).await.field("refresh_token");
    let settings = world.server.settings().clone();
    world.server.stop().await;
    let files = ["signet.db", "signet.db-wal"].map(|name| settings.path(name));
    let backup: Vec<_> = files.iter().map(|file| std::fs::read(file).ok()).collect();
    let world = World { server: signet_tests::TestServer::start(settings.clone()).await };
    let mut token = first;
    for _ in 0..3 {
        token = successor(&world, "web", &token).await;
    }
    world.server.stop().await;
    for (file, content) in files.iter().zip(backup) {
        match content {
            Some(content) => std::fs::write(file, content).unwrap(),
            None => drop(std::fs::remove_file(file)),
        }
    }
    drop(std::fs::remove_file(settings.path("signet.db-shm")));
    let world = World { server: signet_tests::TestServer::start(settings).await };
    let next = successor(&world, "web", &token).await;
    successor(&world, "web", &next).await;
    refused(&world.refresh("web", &token).await, 400, "invalid_grant");
}

/// What a client is no longer registered for is granted no more, by grants from before either.
#[tokio::test]
async fn a_scope_withdrawn_from_the_client_is_refreshed_no_more() {
    let client = |scope: &str| {
        format!(
            "[[clients]]\nclient_id = \"other\"\nclient_secret = \"{SECRET}\"\nskip_consent = true\n\
             redirect_uris = [\"https://other.example.test/callback\"]\n\
             grant_types = [\"authorization_code\", \"refresh_token\"]\nscope = \"{scope}\"\n"
        )
    };
    let world = World::start().await;
    world.server.apply(&client("openid email offline_access orders:read")).await;
    let request = || world.request("other", "openid email offline_access orders:read");
    let browser = world.server.browser();
    let registered = async || browser.get(request().url()).await.left_for().is_none();
    eventually(REACHES, registered).await;
    let code = world.authorize(&browser, request()).await;
    let waiting = world.authorize(&browser, request()).await;
    let tokens = world.token("other", &code.form()).await.expect_status(200);
    assert!(scope_of(&tokens.field("access_token")).contains(&"orders:read".to_owned()));

    world.server.apply(&client("openid offline_access")).await;
    let held = RefCell::new(tokens.field("refresh_token"));
    let access = eventually(REACHES, async || {
        let presented = held.borrow().clone();
        let answer = world.refresh("other", &presented).await.expect_status(200);
        *held.borrow_mut() = answer.field("refresh_token");
        let token = answer.field("access_token");
        (!scope_of(&token).contains(&"orders:read".to_owned())).then_some(token)
    })
    .await;
    assert_eq!(scope_of(&access), ["offline_access", "openid"]);
    let token = held.borrow().clone();
    let form = [("grant_type", "refresh_token"), ("refresh_token", &*token), ("scope", "orders:read")];
    refused(&world.token("other", &form).await, 400, "invalid_scope");
    refused(&world.token("other", &waiting.form()).await, 400, "invalid_scope");
}

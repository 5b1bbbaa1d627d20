//! Limits on failed client authentication, on a client's requests, and on what is asked about a person.

use crate::world::{SECRET, World, refused};
use signet_tests::{Answer, FakeClock, Settings};

const FORM: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// Asks for a token as a proxy at this machine would pass it on.
async fn ask(world: &World, (client, secret): (&str, &str), address: &str) -> Answer {
    let call = world.server.http.post(world.endpoint("token_endpoint")).basic(client, secret);
    call.header("x-forwarded-for", address).form(&FORM).send().await
}

async fn world(settings: Settings) -> World {
    let settings = settings.with("server.trusted_proxies", vec!["127.0.0.1".to_owned()]);
    World::of(settings, FakeClock::still(), "").await
}

/// RFC 6585 §4, and what draft-ietf-httpapi-ratelimit-headers adds.
#[track_caller]
fn limited(answer: &Answer, policy: &str) -> i64 {
    refused(answer, 429, "temporarily_unavailable");
    let wait: i64 = answer.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert_eq!(answer.header("ratelimit"), Some(format!("\"{policy}\";r=0;t={wait}")));
    assert!(answer.header("ratelimit-policy").unwrap().starts_with(&format!("\"{policy}\";q=")));
    assert_eq!(answer.header("www-authenticate"), None);
    wait
}

#[tokio::test]
async fn a_strangers_guesses_at_a_secret_lock_the_stranger_out_and_not_the_client() {
    let world = world(Settings::new()).await;
    for _ in 0..20 {
        refused(&ask(&world, ("orders-api", "wrong"), "198.51.100.1").await, 401, "invalid_client");
    }
    // Even the right one is not heard from there any more.
    limited(&ask(&world, ("orders-api", "wrong"), "198.51.100.1").await, "client_authentication");
    let wait = limited(&ask(&world, ("orders-api", SECRET), "198.51.100.1").await, "client_authentication");
    ask(&world, ("orders-api", SECRET), "203.0.113.1").await.expect_status(200);
    // Nor are other clients there concerned.
    ask(&world, ("stranger", SECRET), "198.51.100.1").await.expect_status(200);
    world.advance(wait);
    ask(&world, ("orders-api", SECRET), "198.51.100.1").await.expect_status(200);
}

#[tokio::test]
async fn guesses_at_many_clients_close_the_network() {
    let world = world(Settings::new().with("limits.client_authentication_network.number", 5)).await;
    for n in 0..5 {
        let client = format!("nobody-{n}");
        refused(&ask(&world, (&client, "wrong"), "2001:db8::1").await, 401, "invalid_client");
    }
    // An IPv6 subscriber has many addresses and one network.
    let answer = ask(&world, ("orders-api", SECRET), "2001:db8::2").await;
    limited(&answer, "client_authentication_network");
    ask(&world, ("orders-api", SECRET), "2001:db8:0:1::1").await.expect_status(200);
}

#[tokio::test]
async fn a_client_that_proved_itself_from_a_network_is_not_refused_for_its_neighbours_there() {
    let world = world(Settings::new().with("limits.client_authentication_network.number", 5)).await;
    ask(&world, ("orders-api", SECRET), "198.51.100.1").await.expect_status(200);
    for n in 0..5 {
        let client = format!("nobody-{n}");
        refused(&ask(&world, (&client, "wrong"), "198.51.100.1").await, 401, "invalid_client");
    }
    limited(&ask(&world, ("stranger", SECRET), "198.51.100.1").await, "client_authentication_network");
    ask(&world, ("orders-api", SECRET), "198.51.100.1").await.expect_status(200);
    // Guesses at its own secret still are its own matter.
    for _ in 0..20 {
        limited(&ask(&world, ("orders-api", "wrong"), "198.51.100.1").await, "client_authentication_network");
    }
    limited(&ask(&world, ("orders-api", SECRET), "198.51.100.1").await, "client_authentication");
}

#[tokio::test]
async fn a_client_that_goes_on_proving_itself_is_never_a_stranger_there_again() {
    let world = world(Settings::new().with("limits.client_authentication_network.number", 1)).await;
    for hour in 0..3 {
        for _ in 0..2 {
            ask(&world, ("orders-api", SECRET), "198.51.100.1").await.expect_status(200);
            world.advance(50 * 60);
        }
        let neighbour = ask(&world, (&format!("nobody-{hour}"), "wrong"), "198.51.100.1").await;
        refused(&neighbour, 401, "invalid_client");
    }
}

#[tokio::test]
async fn right_secrets_are_never_counted() {
    let world = world(Settings::new().with("limits.client_authentication.number", 1)).await;
    for _ in 0..50 {
        ask(&world, ("orders-api", SECRET), "198.51.100.1").await.expect_status(200);
    }
}

#[tokio::test]
async fn a_clients_limit_is_told_with_each_answer_and_holds_for_it_alone() {
    let settings = Settings::new()
        .with("limits.token_client.strategy", "token_bucket")
        .with("limits.token_client.number", 60)
        .with("limits.token_client.period", 60)
        .with("limits.token_client.burst", 3);
    let world = world(settings).await;
    for remaining in [2, 1, 0] {
        let answer = ask(&world, ("orders-api", SECRET), "198.51.100.1").await.expect_status(200);
        assert_eq!(answer.header("ratelimit-policy").as_deref(), Some("\"token_client\";q=60;w=60"));
        let limit = answer.header("ratelimit").unwrap();
        assert!(limit.starts_with(&format!("\"token_client\";r={remaining};t=")), "{limit}");
    }
    assert_eq!(limited(&ask(&world, ("orders-api", SECRET), "203.0.113.1").await, "token_client"), 1);
    ask(&world, ("stranger", SECRET), "198.51.100.1").await.expect_status(200);
    world.advance(1);
    ask(&world, ("orders-api", SECRET), "203.0.113.1").await.expect_status(200);
}

#[tokio::test]
async fn without_a_limit_nothing_is_told() {
    let world = world(Settings::new()).await;
    let answer = ask(&world, ("orders-api", SECRET), "198.51.100.1").await.expect_status(200);
    assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), (None, None));
}

/// A request as the public client makes it that users everywhere share. Its refresh token is nobody's.
async fn ask_publicly(world: &World, address: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", "spa")];
    let call = world.server.http.post(world.endpoint("token_endpoint"));
    call.header("x-forwarded-for", address).form(&form).send().await
}

#[tokio::test]
async fn a_neighbours_guesses_do_not_lock_the_users_of_a_public_client_out() {
    let settings = Settings::new().with("limits.client_authentication_network.number", 30);
    let world = world(settings).await;
    for _ in 0..20 {
        refused(&ask(&world, ("spa", "wrong"), "198.51.100.1").await, 401, "invalid_client");
    }
    limited(&ask(&world, ("spa", "wrong"), "198.51.100.1").await, "client_authentication");
    // It only names itself, so nothing is guessed.
    refused(&ask_publicly(&world, "198.51.100.1").await, 400, "invalid_grant");
    for n in 0..10 {
        let client = format!("nobody-{n}");
        refused(&ask(&world, (&client, "wrong"), "198.51.100.1").await, 401, "invalid_client");
    }
    let answer = ask(&world, ("orders-api", SECRET), "198.51.100.1").await;
    limited(&answer, "client_authentication_network");
    refused(&ask_publicly(&world, "198.51.100.1").await, 400, "invalid_grant");
}

#[tokio::test]
async fn naming_clients_that_do_not_exist_or_have_a_secret_counts_as_failing() {
    let world = world(Settings::new().with("limits.client_authentication_network.number", 2)).await;
    let name_only = async |client: &str| {
        let form = [("grant_type", "client_credentials"), ("client_id", client)];
        let call = world.server.http.post(world.endpoint("token_endpoint"));
        call.header("x-forwarded-for", "198.51.100.1").form(&form).send().await
    };
    for client in ["nobody", "orders-api"] {
        refused(&name_only(client).await, 401, "invalid_client");
    }
    for client in ["nobody", "orders-api"] {
        limited(&name_only(client).await, "client_authentication_network");
    }
}

#[tokio::test]
async fn a_stranger_who_names_a_public_client_does_not_use_up_what_its_users_may_ask() {
    let world = world(two_of(&["token_client", "revocation_client"])).await;
    let revoke = async |address: &str| {
        let call = world.server.http.post(world.endpoint("revocation_endpoint"));
        let form = [("token", "x"), ("client_id", "spa")];
        call.header("x-forwarded-for", address).form(&form).send().await
    };
    for _ in 0..2 {
        refused(&ask_publicly(&world, "198.51.100.1").await, 400, "invalid_grant");
        revoke("198.51.100.1").await.expect_status(200);
    }
    limited(&ask_publicly(&world, "198.51.100.1").await, "token_client");
    limited(&revoke("198.51.100.1").await, "revocation_client");
    refused(&ask_publicly(&world, "203.0.113.1").await, 400, "invalid_grant");
    revoke("203.0.113.1").await.expect_status(200);
    // Who proves to be the client has its one quota, wherever it asks from.
    for address in ["198.51.100.1", "203.0.113.1"] {
        ask(&world, ("orders-api", SECRET), address).await.expect_status(200);
    }
    limited(&ask(&world, ("orders-api", SECRET), "192.0.2.1").await, "token_client");
}

/// Two of each, on a clock that stands still.
fn two_of(limits: &[&str]) -> Settings {
    limits.iter().fold(Settings::new(), |settings, limit| settings.with(&format!("limits.{limit}.number"), 2))
}

#[tokio::test]
async fn a_clients_introspection_and_revocation_requests_are_limited_each_for_itself() {
    let world = world(two_of(&["introspection_client", "revocation_client"])).await;
    for (endpoint, limit) in
        [("introspection_endpoint", "introspection_client"), ("revocation_endpoint", "revocation_client")]
    {
        for remaining in [1, 0] {
            let answer = world.post(endpoint, "orders-api", &[("token", "x")]).await.expect_status(200);
            let told = answer.header("ratelimit").unwrap();
            assert!(told.starts_with(&format!("\"{limit}\";r={remaining};t=")), "{told}");
            assert_eq!(answer.header("ratelimit-policy"), Some(format!("\"{limit}\";q=2;w=60")));
        }
        let wait = limited(&world.post(endpoint, "orders-api", &[("token", "x")]).await, limit);
        world.post(endpoint, "stranger", &[("token", "x")]).await.expect_status(200);
        world.advance(wait);
        world.post(endpoint, "orders-api", &[("token", "x")]).await.expect_status(200);
    }
}

#[tokio::test]
async fn what_is_asked_about_one_person_with_whichever_of_their_tokens_is_limited() {
    let world = world(two_of(&["userinfo_subject"])).await;
    let first = world.sign_in("web", "openid").await.field("access_token");
    let second = world.sign_in("web", "openid").await.field("access_token");
    for token in [&first, &second] {
        let answer = world.userinfo(token).await.expect_status(200);
        assert_eq!(answer.header("ratelimit-policy").as_deref(), Some("\"userinfo_subject\";q=2;w=60"));
    }
    let wait = limited(&world.userinfo(&first).await, "userinfo_subject");
    // Another client of the same person is not concerned.
    let others = world.sign_in("other", "openid").await.field("access_token");
    world.userinfo(&others).await.expect_status(200);
    world.advance(wait);
    world.userinfo(&second).await.expect_status(200);
}

const TIERS: &str = r#"
    [[clients]]
    client_id = "golden"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "orders:read"
    tier = "gold"
"#;

#[tokio::test]
async fn the_clients_of_a_tier_have_its_limits_and_each_its_own_counter() {
    let settings = two_of(&["token_client", "introspection_client"])
        .with("limits.tiers", vec!["gold".to_owned()])
        .with("limits.token_client.tiers.gold.number", 5);
    let world = World::of(settings, FakeClock::still(), TIERS).await;
    for remaining in (0..5).rev() {
        let answer = world.token("golden", &FORM).await.expect_status(200);
        let told = answer.header("ratelimit").unwrap();
        assert!(told.starts_with(&format!("\"token_client\";r={remaining};t=")), "{told}");
    }
    limited(&world.token("golden", &FORM).await, "token_client");
    for _ in 0..2 {
        world.token("orders-api", &FORM).await.expect_status(200);
        // What its tier says nothing of is as it is for all.
        world.post("introspection_endpoint", "golden", &[("token", "x")]).await.expect_status(200);
    }
    limited(&world.token("orders-api", &FORM).await, "token_client");
    limited(&world.post("introspection_endpoint", "golden", &[("token", "x")]).await, "introspection_client");
}

//! `openid-client` (npm) goes through everything with each way of client authentication.

use crate::site::{
    self, ALGORITHMS, BASIC, CALLBACK, CLIENT_KEY, CLIENT_KEY_ID, Client, POST, PUBLIC, SCOPE,
};
use crate::site::{SECRET, SIGNED, SIGNED_OUT};
use serde_json::json;
use signet_tests::{Expected, NodeClient, header_unchecked};

async fn goes_through_everything(client: Client) {
    let server = site::start().await;
    let options = json!({
        "issuer": server.issuer(),
        "redirect_uri": CALLBACK,
        "post_logout_redirect_uri": SIGNED_OUT,
        "scope": SCOPE,
        "resource": site::api(ALGORITHMS[0]),
        "client": {
            "client_id": client.id,
            "metadata": {
                "id_token_signed_response_alg": client.id_token,
                "userinfo_signed_response_alg": client.userinfo,
            },
            "method": client.method,
            "secret": SECRET,
            "key": *CLIENT_KEY,
            "kid": CLIENT_KEY_ID,
        },
        "service": { "scope": "es384:read", "resource": site::api("ES384") },
    });
    let mut script = NodeClient::start("openid-client.mjs", &options).await;
    assert_eq!(script.step("discovery").await["metadata"]["issuer"], server.issuer());

    let browser = server.browser();
    let url = script.step("authorization_url").await["url"].as_str().unwrap().to_owned();
    let callback = site::visit(&browser, &url).await;
    script.tell(&json!({ "callback": callback })).await;

    let tokens = script.step("tokens").await;
    assert_eq!(header_unchecked(tokens["id_token"].as_str().unwrap())["alg"], client.id_token);
    assert_eq!(tokens["claims"]["acr"], "aal1");
    assert_eq!(tokens["claims"]["amr"], json!(["pwd"]));
    assert_eq!(tokens["scope"], SCOPE);
    let userinfo = script.step("userinfo").await;
    assert_eq!(userinfo["claims"]["email"], "alice@example.test");
    assert_eq!(userinfo["claims"]["sub"], tokens["claims"]["sub"]);
    script.step("refresh").await;
    let introspected = script.step("introspection").await;
    script.step("revocation").await;
    let own = script.step("client_credentials").await;
    if client.method != "none" {
        assert_eq!(introspected["answer"]["client_id"], client.id);
        assert_eq!(introspected["answer"]["sub"], tokens["claims"]["sub"]);
        let audience = site::api("ES384");
        let issuer = server.issuer();
        let expected = Expected { issuer: &issuer, audience: &audience, typ: Some("at+jwt"), at: None };
        let claims = server.jwks().await.verify(own["access_token"].as_str().unwrap(), &expected).unwrap();
        assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(client.id), &json!(client.id)));
    }
    let end = script.step("end_session").await["url"].as_str().unwrap().to_owned();
    site::sign_out(&browser, &end, &url).await;
    script.finish().await;
    server.stop().await;
}

#[tokio::test]
async fn openid_client_with_client_secret_basic_goes_through_everything() {
    goes_through_everything(BASIC).await;
}

#[tokio::test]
async fn openid_client_with_client_secret_post_goes_through_everything() {
    goes_through_everything(POST).await;
}

#[tokio::test]
async fn openid_client_with_private_key_jwt_goes_through_everything() {
    goes_through_everything(SIGNED).await;
}

#[tokio::test]
async fn openid_client_as_a_public_client_goes_through_everything_that_is_open_to_it() {
    goes_through_everything(PUBLIC).await;
}

//! The administration API as a program calls it.

use crate::world::{World, not_stored};
use reqwest::Method;
use serde_json::Value;
use signet_tests::Answer;

/// The API, called with one token.
pub struct Api {
    pub world: World,
    pub token: String,
}

impl Api {
    /// As a client may call it, with more declared than there is anyway.
    pub async fn of(more: &str, client: &str) -> Self {
        let world = World::with(more).await;
        let token = world.client_token(client, &[]).await;
        Self { world, token }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}/api/v1/admin{path}", self.world.server.issuer())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.world.server.http.call(Method::GET, self.at(path)).bearer(&self.token).send().await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut call = self.world.server.http.call(method, self.at(path)).bearer(&self.token);
        for (name, value) in headers {
            call = call.header(name, value);
        }
        call.body("application/json", body.to_string()).send().await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body, &[]).await
    }

    /// Without a body.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut call = self.world.server.http.call(method, self.at(path)).bearer(&self.token);
        for (name, value) in headers {
            call = call.header(name, value);
        }
        call.send().await
    }

    /// The identifier of somebody with this user name.
    pub async fn user(&self, username: &str) -> String {
        let page = self.get(&format!("/users?search={username}")).await.expect_status(200).json();
        let found = page["items"].as_array().unwrap().iter().find(|user| user["username"] == username);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    }

    pub async fn patch(&self, path: &str, tag: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, body, &[("if-match", tag)]).await
    }
}

/// Checks that the answer is a problem (RFC 9457) of one kind, with what every one of them has.
#[track_caller]
pub fn problem(answer: &Answer, status: u16, kind: &str) -> Value {
    let body = answer.text();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(answer.header("content-type").as_deref(), Some("application/problem+json"));
    not_stored(answer);
    let json = answer.json();
    assert!(json["type"].as_str().unwrap().ends_with(&format!("/api/v1/admin/docs#{kind}")), "{body}");
    assert_eq!(json["status"], status, "{body}");
    assert_eq!(json["request_id"], answer.header("x-request-id").unwrap(), "{body}");
    json
}

#[track_caller]
pub fn fields(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect()
}

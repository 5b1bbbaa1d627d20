//! The administration API: reading the audit log.

use crate::api::{Api, problem};
use crate::world::REACHES;
use serde_json::{Value, json};
use signet_tests::eventually;

const AUDITOR: &str = r#"
    [[clients]]
    client_id = "auditor"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:audit:read signet:clients:write signet:clients:read"

    [[clients]]
    client_id = "outsider"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:clients:read"
"#;

async fn api() -> Api {
    Api::of(AUDITOR, "auditor").await
}

impl Api {
    async fn events(&self, query: &str) -> Vec<Value> {
        let page = self.get(&format!("/audit?{query}")).await.expect_status(200).json();
        page["items"].as_array().unwrap().clone()
    }

    /// Events that a batch is still to write.
    async fn expect_events(&self, query: &str, count: usize) -> Vec<Value> {
        eventually(REACHES, async || self.events(query).await.len() >= count).await;
        self.events(query).await
    }
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn who_changed_a_client_is_found_with_what_it_was_and_became() {
    let api = api().await;
    let read = api.get("/clients/web").await.expect_status(200);
    let tag = read.header("etag").unwrap();
    api.patch("/clients/web", &tag, &json!({"client_name": "New name"})).await.expect_status(200);
    let events = api.events("event=client_changed&client_id=web&actor=client:auditor").await;
    assert_eq!(events.len(), 1, "{events:?}");
    let change = &events[0]["details"]["changes"][0];
    assert_eq!((&change["field"], &change["after"]), (&json!("client_name"), &json!("New name")));
    let request = events[0]["request_id"].as_str().unwrap();
    assert_eq!(names(&api.events(&format!("request_id={request}")).await), ["client_changed"]);
    let id = events[0]["id"].as_i64().unwrap();
    let sealed = async || api.get(&format!("/audit/{id}")).await.expect_status(200).json();
    eventually(REACHES, async || sealed().await["seal"] != Value::Null).await;
    let read = sealed().await;
    assert_eq!((&read["seal"]["unchanged"], &read["event"]), (&json!(true), &json!("client_changed")));
    for path in ["/audit/0", "/audit/99999999999999999999", "/audit/none"] {
        problem(&api.get(path).await, 404, "not-found");
    }
}

#[tokio::test]
async fn events_come_newest_first_page_by_page_and_each_once() {
    let api = api().await;
    for _ in 0..5 {
        api.world.token("web", &[("grant_type", "client_credentials"), ("scope", "orders:read")]).await;
    }
    let all = api.expect_events("event=token_issued&client_id=web&limit=200", 5).await;
    let mut paged: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/audit?event=token_issued&client_id=web&limit=2{cursor}");
        let page = api.get(&path).await.expect_status(200).json();
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, all);
    let ids: Vec<_> = all.iter().map(|event| event["id"].as_i64().unwrap()).collect();
    assert!(ids.is_sorted_by(|a, b| a > b), "{ids:?}");
    let mut oldest = api.events("event=token_issued&client_id=web&sort=at").await;
    oldest.reverse();
    assert_eq!(oldest, all);
    let at = all[2]["at"].as_str().unwrap();
    let since = api.events(&format!("event=token_issued&client_id=web&from={at}")).await;
    let before = api.events(&format!("event=token_issued&client_id=web&to={at}")).await;
    assert_eq!(since.len() + before.len(), all.len());
    assert!(since.contains(&all[2]) && !before.contains(&all[2]));
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused() {
    let api = api().await;
    for query in [
        "from=yesterday",
        "to=1",
        "address=here",
        "event=nonsense",
        "sort=id",
        "limit=0",
        "cursor=x",
        "who=me",
    ] {
        let refused = problem(&api.get(&format!("/audit?{query}")).await, 400, "invalid");
        let field = query.split('=').next().unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    assert_eq!(api.events("address=127.0.0.1&event=server_stopped").await.len(), 0);
}

#[tokio::test]
async fn it_is_told_how_far_events_are_sealed() {
    let api = api().await;
    let state = async || api.get("/audit/seals").await.expect_status(200).json();
    eventually(REACHES, async || {
        let state = state().await;
        state["unsealed"] == 0 && state["last"]["seq"].as_i64() > Some(0)
    })
    .await;
    let state = state().await;
    for member in ["sealing", "writing", "waiting_since"] {
        assert_eq!(state[member], Value::Null, "{state}");
    }
    assert_eq!((&state["late"], &state["unwritten"]), (&json!(false), &json!(0)));
}

#[tokio::test]
async fn whoever_may_not_read_the_audit_log_reads_none_of_it() {
    let api = Api::of(AUDITOR, "outsider").await;
    for path in ["/audit", "/audit/1", "/audit/seals"] {
        problem(&api.get(path).await, 403, "forbidden");
    }
}

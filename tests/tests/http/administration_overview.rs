//! The administration API: how the deployment is.

use crate::api::{Api, fields, problem};
use crate::world::{OFFLINE, PASSWORD, REACHES};
use serde_json::{Value, json};
use signet_tests::eventually;

const ADMINISTRATORS: &str = r#"
    [[clients]]
    client_id = "keeper"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:settings:read signet:keys:read"

    [[clients]]
    client_id = "reader"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:settings:read"
"#;

async fn overview(api: &Api, back: &str) -> Value {
    api.get(&format!("/overview?back={back}")).await.expect_status(200).json()
}

fn total(overview: &Value, what: &str) -> u64 {
    let courses = overview["courses"].as_array().unwrap();
    courses.iter().find(|course| course["what"] == what).unwrap()["total"].as_u64().unwrap()
}

#[tokio::test]
async fn what_happened_is_counted_by_the_minute_the_hour_and_the_day() {
    let api = Api::of(ADMINISTRATORS, "keeper").await;
    for _ in 0..3 {
        api.world.sign_in("web", OFFLINE).await;
    }
    let browser = api.world.server.browser();
    let request = api.world.request("web", OFFLINE);
    let page = browser.get(request.url()).await;
    let wrong = page.form("#login").fill("username", "alice").fill("password", &format!("{PASSWORD}!"));
    wrong.press("#login-submit").await;
    for back in ["hour", "day", "month"] {
        eventually(REACHES, async || {
            let seen = overview(&api, back).await;
            let all = total(&seen, "sign_ins") == 3 && total(&seen, "failures") == 1;
            if all && total(&seen, "tokens") >= 4 { Ok(()) } else { Err(seen) }
        })
        .await;
    }
    let hour = overview(&api, "hour").await;
    let spans = |what: usize| hour["courses"][what]["counts"].as_array().unwrap().len();
    assert_eq!((spans(0), spans(3)), (60, 60));
    assert_eq!(fields(&problem(&api.get("/overview?back=year").await, 400, "invalid")), ["back"]);
}

#[tokio::test]
async fn keys_servers_and_what_needs_mending_are_told_at_one_look() {
    let api = Api::of(ADMINISTRATORS, "keeper").await;
    let seen = eventually(REACHES, async || {
        let seen = overview(&api, "day").await;
        let complete = seen["nodes"][0]["id"].is_string() && seen["examined_at"].is_string();
        if complete { Ok(seen) } else { Err(seen) }
    })
    .await;
    assert_eq!(seen["nodes"].as_array().unwrap().len(), 1);
    let keys = seen["keys"].as_array().unwrap();
    assert!(keys.iter().any(|key| key["state"] == "next") && keys.iter().all(|key| key["use"] == "sign"));
    let findings = seen["findings"].as_array().unwrap();
    for subject in ["database", "schema", "clock", "keys", "mail queue", "master key", "TLS"] {
        assert!(findings.iter().any(|finding| finding["subject"] == subject), "{subject}: {seen}");
    }
    assert_eq!(seen["limits"], json!("in-process"));
    let text = seen.to_string();
    for secret in ["sqlite:", "signet.db"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn whoever_may_not_see_keys_sees_none_in_the_overview() {
    let api = Api::of(ADMINISTRATORS, "reader").await;
    assert_eq!(overview(&api, "day").await["keys"], json!([]));
}

//! Whether the process lives, and whether it can do its work.

use super::State;
use super::answer::{JSON, RETRY, fresh, retry_after};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

/// `GET /health/live`: the process answers.
pub async fn live() -> HttpResponse {
    fresh(StatusCode::OK, JSON, r#"{"status":"live"}"#)
}

/// `GET /health/ready`: database, Redis, keys and clock are usable; else 503, and which of them is not: what it said is for
/// the log. Either way it says where limits are counted, and warns of what does not work about the audit log: to take the
/// node away would not mend that.
pub async fn ready(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let ready = state.service.ready().await;
    let (limits, warnings) = (state.service.counting().as_str(), state.service.warnings());
    match ready {
        Ok(()) => {
            let content = json!({ "status": "ready", "limits": limits, "warnings": warnings });
            fresh(StatusCode::OK, JSON, content.to_string())
        }
        Err(not_ready) => {
            let request_id = super::extract::origin(&request).request_id;
            let request_id = request_id.as_ref().map(|id| id.as_str());
            tracing::warn!(reason = %not_ready, request_id, "not ready");
            let reason = not_ready.told();
            let content =
                json!({ "status": "not ready", "reason": reason, "limits": limits, "warnings": warnings });
            let mut response = fresh(StatusCode::SERVICE_UNAVAILABLE, JSON, content.to_string());
            retry_after(&mut response, RETRY);
            response
        }
    }
}

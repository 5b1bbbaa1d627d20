//! Asking a server over HTTP: what it answers, or why it refused in words.

use crate::cli::{Failure, in_one_line};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

/// The longest answer that is read, in bytes.
const LONGEST: usize = 16 << 20;

/// Sends a request.
pub(super) async fn send(request: RequestBuilder) -> Result<Response, Failure> {
    request.send().await.map_err(|error| {
        let why = if error.is_timeout() { "does not answer in time" } else { "cannot be reached" };
        let place = error.url().map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        Failure::Failed(format!("{place} {why}{cause}"))
    })
}

/// Sends a request, and reads what it is answered with.
pub(super) async fn read(request: RequestBuilder) -> Result<Value, Failure> {
    content(send(request).await?).await
}

/// What an answer holds; a refusal becomes sentences.
pub(super) async fn content(mut response: Response) -> Result<Value, Failure> {
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::of)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(Failure::Failed("the server's answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    let value = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
    match value {
        Ok(value) if status.is_success() => Ok(value),
        Ok(value) => Err(Failure::Failed(refusal(status.as_u16(), &value))),
        Err(_) => Err(Failure::Failed(format!(
            "the server answered {status}, and not as an administration API does"
        ))),
    }
}

/// RFC 9457 and RFC 6749 §5.2 in words.
fn refusal(status: u16, body: &Value) -> String {
    let text = |name: &str| body[name].as_str().map(in_one_line);
    let faults = body["errors"].as_array().into_iter().flatten().map(|fault| {
        let part = |name: &str| in_one_line(fault[name].as_str().unwrap_or("?"));
        format!("\n  {}: {}", part("field"), part("message"))
    });
    let faults: String = faults.collect();
    let told = match (text("title"), text("detail"), text("error"), text("error_description")) {
        (Some(title), _, _, _) if !faults.is_empty() => title.into_owned(),
        (Some(title), Some(detail), _, _) => format!("{title}: {detail}"),
        (_, _, Some(error), Some(description)) => format!("{error}: {description}"),
        _ => format!("the server answered {status}"),
    };
    let request = text("request_id").map(|id| format!("\n  request {id}")).unwrap_or_default();
    format!("{told}{faults}{request}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_problem_is_told_in_sentences_with_its_fields() {
        let problem = json!({
            "title": "The request does not fit", "detail": "redirect_uris: must be https", "request_id": "r1",
            "errors": [{"field": "redirect_uris", "message": "must be https"}],
        });
        let told = "The request does not fit\n  redirect_uris: must be https\n  request r1";
        assert_eq!(refusal(400, &problem), told);
        let problem = json!({"title": "There is no such thing", "detail": "there is no such client"});
        assert_eq!(refusal(404, &problem), "There is no such thing: there is no such client");
        let error = json!({"error": "invalid_client", "error_description": "client authentication failed"});
        assert_eq!(refusal(401, &error), "invalid_client: client authentication failed");
        assert_eq!(refusal(502, &Value::Null), "the server answered 502");
        let forged = json!({"title": "Done\ndone\u{1b}[2J", "errors": [{"field": "a\n", "message": "\r"}]});
        assert_eq!(refusal(400, &forged), "Done\\ndone\\u{1b}[2J\n  a\\n: \\r");
    }
}

//! What is true of every call and schema of the API's description, told once.

use super::problem::Kind;
use serde_json::{Map, Value, json};

/// Any call.
const EVERYWHERE: [(Kind, &str); 5] = [
    (Kind::Invalid, "What was sent cannot be read, or does not fit."),
    (Kind::Unauthorized, "No access token for this API that counts."),
    (Kind::Forbidden, "A permission is missing."),
    (Kind::Limited, "Too many requests; `Retry-After` says when to come again."),
    (Kind::Unavailable, "The server cannot answer now; `Retry-After` says when to come again."),
];
/// Calls about something that their path names.
const NAMED: [(Kind, &str); 1] = [(Kind::NotFound, "There is nothing of that name.")];
/// Calls that are sent something: the statuses of requests that cannot be read to their end.
const SENT: [(u16, &str); 2] = [(408, "The body did not arrive in time."), (413, "The body is too large.")];

/// Adds to a description what its calls do not tell themselves.
pub fn complete(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::iter_mut);
    for (path, methods) in paths {
        for operation in methods.as_object_mut().into_iter().flat_map(|methods| methods.values_mut()) {
            let sent = operation.get("requestBody").is_some();
            let Some(answers) = operation["responses"].as_object_mut() else { continue };
            let named = NAMED.iter().filter(|_| path.contains('{'));
            let kinds = EVERYWHERE.iter().chain(named).map(|(kind, told)| (kind.told().0.as_u16(), *told));
            for (status, told) in kinds.chain(SENT.into_iter().filter(|_| sent)) {
                answers.entry(status.to_string()).or_insert_with(|| problem(told));
            }
        }
    }
}

/// Takes the sentence that nothing else may be there from schemas that are parts of others, where something else is.
pub fn open_parts(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object().into_iter().flat_map(Map::values);
    let parts = schemas.flat_map(|schema| schema["allOf"].as_array().into_iter().flatten());
    let parts = parts.filter_map(|part| part["$ref"].as_str()?.strip_prefix("#/components/schemas/"));
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    for part in parts {
        if let Some(schema) = document["components"]["schemas"][part].as_object_mut() {
            schema.remove("additionalProperties");
        }
    }
}

fn problem(told: &str) -> Value {
    json!({
        "description": told,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemBody" } } },
    })
}

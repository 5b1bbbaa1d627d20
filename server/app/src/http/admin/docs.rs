//! `/docs`: the API's description for people.

use super::problem::Kind;
use crate::http::extract::Browser;
use crate::http::{State, page};
use crate::pages::{
    ApiAnswer, ApiDocs, ApiField, ApiKind, ApiOperation, ApiProblem, ApiRule, ApiSchema, ApiTag,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value};
use signet_protocol::metadata::paths::ADMINISTRATION;

/// What names a schema in the description.
const SCHEMAS: &str = "#/components/schemas/";

/// `GET`: anybody may read how the API works.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let browser = Browser::of(&request, &state);
    let base = format!("{}{ADMINISTRATION}", state.issuer.as_str());
    page::show(&state, browser.viewer(), &docs(&state.description().document, base), page::Posts::Here)
}

fn docs(document: &Value, base: String) -> ApiDocs {
    let tags = list(&document["tags"]).iter().map(|tag| ApiTag {
        name: text(&tag["name"]),
        description: text(&tag["description"]),
        operations: operations(document, &tag["name"]),
    });
    let schemas = members(&document["components"]["schemas"]);
    let schemas = schemas.map(|(name, schema)| ApiSchema {
        name: name.clone(),
        description: described(schema),
        fields: fields(document, schema),
    });
    let problems = Kind::ALL.iter().map(|kind| {
        let (status, name, title) = kind.told();
        ApiProblem { name: name.to_owned(), status: status.as_u16(), title: title.to_owned() }
    });
    ApiDocs {
        description_url: format!("{base}/openapi.json"),
        base,
        tags: tags.collect(),
        schemas: schemas.collect(),
        problems: problems.collect(),
        rules: ApiRule::all(),
    }
}

/// The calls that have a tag.
fn operations(document: &Value, tag: &Value) -> Vec<ApiOperation> {
    let calls = members(&document["paths"]).flat_map(|(path, methods)| {
        members(methods).map(move |(method, operation)| (path, method, operation))
    });
    let tagged = calls.filter(|(_, _, operation)| list(&operation["tags"]).contains(tag));
    tagged.map(|(path, method, operation)| call(path, method, operation)).collect()
}

fn call(path: &str, method: &str, operation: &Value) -> ApiOperation {
    let parameters = list(&operation["parameters"]).iter().map(|parameter| ApiField {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        required: parameter["required"] == true,
        kind: kind(&parameter["schema"]),
        description: text(&parameter["description"]),
    });
    let answers = members(&operation["responses"]).map(|(status, answer)| ApiAnswer {
        status: status.clone(),
        description: text(&answer["description"]),
        kind: content(answer),
    });
    ApiOperation {
        id: text(&operation["operationId"]),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        needs: list(&operation["security"][0]["signet"]).iter().map(text).collect(),
        parameters: parameters.collect(),
        body: content(&operation["requestBody"]),
        answers: answers.collect(),
    }
}

/// What is sent or answered, whatever it is called by.
fn content(holder: &Value) -> Option<ApiKind> {
    members(&holder["content"]).next().map(|(_, content)| kind(&content["schema"]))
}

/// A schema's members, those of the schemas that it is made of among them.
fn fields(document: &Value, schema: &Value) -> Vec<ApiField> {
    let mut all = Vec::new();
    for part in list(&schema["allOf"]) {
        all.extend(fields(document, resolved(document, part)));
    }
    let required = list(&schema["required"]);
    all.extend(members(&schema["properties"]).map(|(name, field)| ApiField {
        name: name.clone(),
        place: String::new(),
        required: required.iter().any(|required| required == name),
        kind: kind(field),
        description: text(&field["description"]),
    }));
    all
}

/// What a schema is, with the values that it can have if they can be counted.
fn described(schema: &Value) -> String {
    let values: Vec<String> = list(&schema["enum"]).iter().map(text).collect();
    match values.is_empty() {
        true => text(&schema["description"]),
        false => format!("{} One of: {}.", text(&schema["description"]), values.join(", ")),
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix(SCHEMAS)) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}

/// A schema in words.
fn kind(schema: &Value) -> ApiKind {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix(SCHEMAS)) {
        return ApiKind { text: name.to_owned(), schema: Some(name.to_owned()) };
    }
    let either = list(&schema["oneOf"]).iter().find(|one| one["type"] != "null");
    if let Some(either) = either {
        return kind(either);
    }
    if schema["items"].is_object() {
        let ApiKind { text, schema } = kind(&schema["items"]);
        return ApiKind { text: format!("[{text}]"), schema };
    }
    let named = match &schema["type"] {
        Value::Array(types) => types.iter().find(|one| *one != "null").map(text),
        one => one.as_str().map(str::to_owned),
    };
    ApiKind { text: named.unwrap_or_else(|| "object".to_owned()), schema: None }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

//! What the form of an API says, as its metadata.

use crate::pages::console::read_mappings;
use serde_json::{Map, Value, json};
use signet_protocol::parameters::Parameters;
use signet_protocol::registration::FieldError;
use signet_protocol::resource::Resource;

/// All but the identifier.
pub fn metadata(fields: &Parameters) -> Map<String, Value> {
    let text = |name: &str| fields.get(name).unwrap_or_default().trim();
    let words = |name: &str| text(name).split_whitespace().collect::<Value>();
    let mut metadata = Map::new();
    metadata.insert("scopes".to_owned(), words("scopes"));
    metadata.insert("signing_alg".to_owned(), json!(text("signing_alg")));
    metadata.insert("introspection_clients".to_owned(), words("introspection_clients"));
    let lifetime = match text("access_token_lifetime") {
        "" => Value::Null,
        // What is no number is told at its field.
        lifetime => lifetime.parse::<u32>().map_or_else(|_| json!(lifetime), Value::from),
    };
    metadata.insert("access_token_lifetime".to_owned(), lifetime);
    metadata.insert("scope_roles".to_owned(), scope_roles(text("scope_roles")));
    metadata
}

/// The same as a change to an API: of objects, what it does not name stays (RFC 7396), so that what is gone is named.
/// `trusts`: whoever sent it may say what tokens tell of people. An error names a line that cannot be read.
pub fn patch(fields: &Parameters, before: &Resource, trusts: bool) -> Result<Map<String, Value>, FieldError> {
    let mut patch = metadata(fields);
    if trusts {
        patch.insert("claims".to_owned(), claims(fields)?);
    }
    if let Some(Value::Object(roles)) = patch.get_mut("scope_roles") {
        for scope in before.scope_roles.keys() {
            roles.entry(scope).or_insert(Value::Null);
        }
    }
    Ok(patch)
}

/// The mappings of a client's or an API's form.
pub fn claims(fields: &Parameters) -> Result<Value, FieldError> {
    let faulty = |message| FieldError { field: "claims".to_owned(), message };
    read_mappings(fields.get("claims").unwrap_or_default()).map_err(faulty)
}

/// A line for each scope: the scope, and after the last colon with a space the roles.
fn scope_roles(text: &str) -> Value {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let pair = |line: &str| {
        let (scope, roles) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
        let roles = roles.split([' ', ',']).filter(|role| !role.is_empty());
        (scope.trim().to_owned(), roles.collect::<Value>())
    };
    Value::Object(lines.map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_stand_after_the_scope_that_they_open() {
        let read = scope_roles("orders:write: clerk, boss\n\n orders:read: clerk \nodd\n");
        assert_eq!(read, json!({"orders:write": ["clerk", "boss"], "orders:read": ["clerk"], "odd": []}));
        assert_eq!(scope_roles(""), json!({}));
    }
}

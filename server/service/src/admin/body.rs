//! Reading what was sent to change something.

use super::AdminError;
use super::error::fault;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Reads an object; what does not fit is told with its field.
pub fn read<T: DeserializeOwned>(sent: Map<String, Value>) -> Result<T, AdminError> {
    serde_path_to_error::deserialize(Value::Object(sent)).map_err(|error| {
        let told = error.inner().to_string();
        let told = without_value(&told).into_owned();
        // An unknown or missing field is a fault of the whole, and named in the message alone.
        let named = told.split('`').nth(1).unwrap_or_default().to_owned();
        match error.path().to_string() {
            path if path == "." => fault(named, told),
            path => fault(path, told),
        }
    })
}

/// A message of serde's without the value that it quotes: a password that was written as a number, or in the wrong place,
/// is still a password. What it quotes of names (`unknown field`, `missing field`) stays.
pub fn without_value(message: &str) -> Cow<'_, str> {
    // Whatever the value holds: what was expected is named last.
    let Some((found, expected)) = message.rsplit_once(", expected ") else { return message.into() };
    let kind = found.split(['`', '"']).next().unwrap_or_default().trim_end();
    match kind {
        "unknown variant" => format!("unknown value, expected {expected}").into(),
        kind if kind.starts_with("invalid type:") || kind.starts_with("invalid value:") => {
            format!("{kind}, expected {expected}").into()
        }
        _ => message.into(),
    }
}

/// Changes an object as RFC 7396 says: `null` takes a field away, an object goes on inside, everything else replaces.
pub(super) fn merge(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                target.remove(&name);
            }
            Value::Object(inner) => {
                let kept = target.entry(name).or_insert_with(|| Value::Object(Map::new()));
                if !kept.is_object() {
                    *kept = Value::Object(Map::new());
                }
                if let Value::Object(kept) = kept {
                    merge(kept, inner);
                }
            }
            value => {
                target.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use signet_protocol::registration::ClientMetadata;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(object) => object,
            other => panic!("{other} is no object"),
        }
    }

    /// RFC 7396 appendix A, for objects.
    #[test]
    fn merge_patch_test_cases_of_rfc_7396() {
        for (target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
            (json!({"a": "foo"}), json!({"a": {"b": 1}}), json!({"a": {"b": 1}})),
        ] {
            let mut merged = object(target);
            merge(&mut merged, object(patch));
            assert_eq!(Value::Object(merged), result);
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_not_quoted() {
        let sent = object(json!({"client_id": 12_345_678}));
        let Err(AdminError::Invalid(faults)) = read::<ClientMetadata>(sent) else { panic!("taken") };
        assert!(!faults[0].message.contains("12345678"), "{}", faults[0].message);
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_field() {
        let field = |sent: Value| match read::<ClientMetadata>(object(sent)) {
            Err(AdminError::Invalid(faults)) => faults[0].field.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(field(json!({"client_id": "shop", "redirect_uris": [1]})), "redirect_uris[0]");
        assert_eq!(field(json!({"client_id": "shop", "colour": "red"})), "colour");
        assert_eq!(field(json!({})), "client_id");
    }
}

//! What an operator says of a person besides the standard claims: a flat object of bounded size.

use serde_json::{Map, Value};

/// The most attributes of one person.
const MOST: usize = 50;
/// The longest name, in characters.
const LONGEST_NAME: usize = 64;
/// The longest text, in characters.
const LONGEST_TEXT: usize = 256;
/// The most texts in one list.
const LONGEST_LIST: usize = 50;
/// The most that all of them take as JSON, in bytes.
const MOST_BYTES: usize = 8192;

/// Attributes by name: each a text, a number, true or false, or a list of texts.
pub type Attributes = Map<String, Value>;

/// Whether an attribute may be called so.
pub fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(fits)
}

/// What is wrong with these attributes, if anything is. Values are not quoted.
pub fn check(attributes: &Attributes) -> Result<(), String> {
    if attributes.len() > MOST {
        return Err(format!("must be {MOST} at most"));
    }
    if let Some(name) = attributes.keys().find(|name| !is_name(name)) {
        return Err(format!("{name:?} must be 1 to {LONGEST_NAME} letters, digits, `_`, `-` and `.`"));
    }
    if let Some((name, _)) = attributes.iter().find(|(_, value)| !is_flat(value)) {
        return Err(format!(
            "{name} must be a text of at most {LONGEST_TEXT} characters, a number, true or false, or a list of at most \
             {LONGEST_LIST} such texts"
        ));
    }
    let bytes = serde_json::to_vec(attributes).map_or(usize::MAX, |json| json.len());
    if bytes > MOST_BYTES { Err(format!("must be {MOST_BYTES} bytes together at most")) } else { Ok(()) }
}

/// Whether a value is a text, a number, true or false, or a list of texts, of bounded size.
pub fn is_flat(value: &Value) -> bool {
    let is_text = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() <= LONGEST_TEXT);
    match value {
        Value::Bool(_) | Value::Number(_) => true,
        Value::Array(texts) => texts.len() <= LONGEST_LIST && texts.iter().all(is_text),
        text => is_text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(json: &Value) -> Result<(), String> {
        check(json.as_object().unwrap())
    }

    #[test]
    fn attributes_are_flat() {
        let flat = json!({"department": "Sales", "floor": 3, "remote": false, "projects": ["a", "b"], "cost-centre.x": 1.5});
        assert_eq!(told(&flat), Ok(()));
        for value in [json!(null), json!({"a": 1}), json!([1]), json!([["a"]])] {
            assert!(told(&json!({"a": value})).unwrap_err().starts_with("a must be"), "{value}");
        }
    }

    #[test]
    fn attributes_are_bounded() {
        let many: Map<_, _> = (0..=MOST).map(|n| (format!("a{n}"), json!(1))).collect();
        assert!(check(&many).is_err());
        let large: Map<_, _> = (0..MOST).map(|n| (format!("a{n}"), json!("x".repeat(200)))).collect();
        assert!(check(&large).unwrap_err().contains("bytes"));
        for (name, value) in
            [("", json!(1)), ("a b", json!(1)), ("ä", json!(1)), ("a", json!("x".repeat(257)))]
        {
            assert!(told(&json!({name: value})).is_err(), "{name}");
        }
        assert!(told(&json!({"x".repeat(65): 1})).is_err());
        assert!(told(&json!({"a": vec!["x"; 51]})).is_err());
    }
}

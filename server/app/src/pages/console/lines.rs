//! What a field of several lines says: in each a name, a colon with a space, and a value or where that comes from.

use serde_json::{Value, json};
use signet_protocol::attributes::Attributes;
use signet_protocol::claims::mapping::ClaimMapping;

/// Attributes: `department: Sales`.
pub fn attribute_lines(attributes: &Attributes) -> String {
    let line = |(name, value)| format!("{name}: {}", written(value));
    attributes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What such lines say. An error names the line.
pub fn read_attributes(text: &str) -> Result<Attributes, String> {
    let mut attributes = Attributes::new();
    for line in lines(text) {
        let (name, value) = pair(line)?;
        if attributes.insert(name.to_owned(), read(value)).is_some() {
            return Err(format!("{name:?} comes twice"));
        }
    }
    Ok(attributes)
}

/// Mappings: `team: attributes.department`, or `tenant: = acme` for what is the same for everybody. What takes more than that
/// to say stands as it is in the administration API.
pub fn mapping_lines(mappings: &[ClaimMapping]) -> String {
    mappings.iter().map(mapping_line).collect::<Vec<_>>().join("\n")
}

fn mapping_line(mapping: &ClaimMapping) -> String {
    let ClaimMapping { claim, from, value, only, rename } = mapping;
    let plain = only.is_empty() && rename.is_empty() && !claim.starts_with('{');
    match (from, value) {
        (Some(source), None) if plain => format!("{claim}: {source}"),
        (None, Some(value)) if plain => format!("{claim}: = {}", written(value)),
        // Texts and lists of them always have a JSON form.
        _ => serde_json::to_string(mapping).unwrap_or_default(),
    }
}

/// What such lines say, as the administration API takes it. An error names the line.
pub fn read_mappings(text: &str) -> Result<Value, String> {
    lines(text).map(read_mapping).collect()
}

fn read_mapping(line: &str) -> Result<Value, String> {
    if line.starts_with('{') {
        return serde_json::from_str(line).map_err(|error| format!("{line:?} is no JSON: {error}"));
    }
    let (claim, source) = pair(line)?;
    Ok(match source.strip_prefix('=') {
        Some(value) => json!({ "claim": claim, "value": read(value.trim()) }),
        None => json!({ "claim": claim, "from": source }),
    })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn pair(line: &str) -> Result<(&str, &str), String> {
    let pair = line.split_once(": ").or_else(|| Some((line.strip_suffix(':')?, "")));
    let pair = pair.map(|(name, value)| (name.trim(), value.trim()));
    pair.ok_or_else(|| format!("{line:?} has no colon with a space after it"))
}

/// A text stands as it is, unless it would be read as something else; everything else is JSON.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) if !text.contains(char::is_control) && read(text) == *value => text.clone(),
        other => other.to_string(),
    }
}

fn read(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Null) | Err(_) => text.trim().into(),
        Ok(value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mappings(value: Value) -> Vec<ClaimMapping> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn attributes_are_read_as_they_are_written() {
        let all = json!({
            "department": "Sales", "floor": 3, "remote": false, "projects": ["a", "b"], "badge": "007", "room": "3",
            "yes": "true", "quoted": "\"x\"", "nothing": "", "null": "null", "spaced": " x ", "note": "two\nlines: so", "a": "b: c",
        });
        let attributes = all.as_object().unwrap();
        let text = attribute_lines(attributes);
        assert_eq!(read_attributes(&text).unwrap(), *attributes, "{text}");
        for line in ["department: Sales", "floor: 3", "badge: 007", "room: \"3\"", "projects: [\"a\",\"b\"]"]
        {
            assert!(text.lines().any(|written| written == line), "{line}: {text}");
        }
        assert_eq!(
            read_attributes("\r\n a: 1 \r\n\r\nb:\r\n"),
            Ok(json!({"a": 1, "b": ""}).as_object().unwrap().clone())
        );
    }

    #[test]
    fn a_line_that_says_nothing_or_the_same_again_is_told() {
        assert!(read_attributes("a: 1\ndepartment=Sales").unwrap_err().contains("department=Sales"));
        assert!(read_attributes("a: 1\na: 2").unwrap_err().contains("twice"));
        assert!(read_mappings("team").unwrap_err().contains("team"));
        assert!(read_mappings("{\"claim\": ").unwrap_err().contains("JSON"));
    }

    #[test]
    fn mappings_are_read_as_they_are_written() {
        let all = json!([
            {"claim": "https://example.test/team", "from": "attributes.department"},
            {"claim": "roles", "from": "roles"},
            {"claim": "tenant", "value": "acme"},
            {"claim": "floor", "value": "3"},
            {"claim": "floors", "value": ["3", "4"]},
            {"claim": "desk", "from": "groups", "only": ["sales"], "rename": {"sales": "Sales"}},
            {"claim": "{odd", "from": "groups"},
        ]);
        let text = mapping_lines(&mappings(all.clone()));
        assert_eq!(mappings(read_mappings(&text).unwrap()), mappings(all), "{text}");
        for line in ["https://example.test/team: attributes.department", "tenant: = acme", "floor: = \"3\""] {
            assert!(text.lines().any(|written| written == line), "{line}: {text}");
        }
        assert_eq!(read_mappings(""), Ok(json!([])));
    }
}

//! Fields of what is made or changed, as they stand on a command line or in a file.

use super::Failure;
use clap::Args;
use serde_json::{Map, Value};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The longest file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Fields of what is made or changed.
#[derive(Debug, Args)]
pub(super) struct Fields {
    /// NAME=VALUE: a text, or JSON (true, 600, null, ["a","b"]); NAME[]=VALUE adds to a list
    #[arg(value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// A JSON object with more fields; - is stdin
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Fields {
    /// All of them; those of the command line go over those of the file.
    pub(super) fn read(self) -> Result<Map<String, Value>, Failure> {
        let mut object = self.file.as_deref().map(read_file).transpose()?.unwrap_or_default();
        for field in &self.fields {
            let (name, value) = field.split_once('=').ok_or_else(|| {
                Failure::Usage(format!("{field}: write NAME=VALUE, or NAME[]=VALUE for a list"))
            })?;
            if is_secret(name) || holds_secret(&read_value(value)) {
                let told =
                    "a secret does not belong on a command line, which others can see: put it into --file";
                return Err(Failure::Usage(format!("{name}: {told}")));
            }
            match name.strip_suffix("[]") {
                Some(name) => push(&mut object, name, value)?,
                None => drop(object.insert(name.to_owned(), read_value(value))),
            }
        }
        Ok(object)
    }
}

/// Whether a field of this name holds what others must not see. A JWK's private members are `d` and `k` (RFC 7518 §6.2.2,
/// §6.4.1).
fn is_secret(name: &str) -> bool {
    name.contains("secret") || name.contains("password") || matches!(name, "d" | "k")
}

/// The same at any depth.
fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, value)| is_secret(name) || holds_secret(value)),
        Value::Array(items) => items.iter().any(holds_secret),
        _ => false,
    }
}

fn push(object: &mut Map<String, Value>, name: &str, value: &str) -> Result<(), Failure> {
    let list = object.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(list) = list else { return Err(Failure::Usage(format!("{name}: is no list"))) };
    list.push(Value::String(value.to_owned()));
    Ok(())
}

fn read_value(value: &str) -> Value {
    serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()))
}

fn read_file(path: &Path) -> Result<Map<String, Value>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Failed(format!("{}: {error}", path.display()));
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(LONGEST).read_to_string(&mut text)
    } else {
        let file = std::fs::File::open(path).map_err(|error| failed(&error))?;
        file.take(LONGEST).read_to_string(&mut text)
    };
    read.map_err(|error| failed(&error))?;
    // What the file holds may be a secret: only where it is wrong is told.
    serde_json::from_str(&text).map_err(|error| {
        failed(&format_args!("is no JSON object (line {}, column {})", error.line(), error.column()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(fields: &[&str]) -> Result<Value, Failure> {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        Fields { fields, file: None }.read().map(Value::Object)
    }

    #[test]
    fn a_field_is_a_text_or_json_or_a_list() {
        let given = [
            "client_name=The Shop",
            "redirect_uris[]=https://a.test/cb",
            "redirect_uris[]=https://b.test/cb",
        ];
        let expected =
            json!({"client_name": "The Shop", "redirect_uris": ["https://a.test/cb", "https://b.test/cb"]});
        assert_eq!(read(&given), Ok(expected));
        let given = ["require_pkce=false", "access_token_lifetime=600", "tier=null", "scope=a b=c"];
        let expected =
            json!({"require_pkce": false, "access_token_lifetime": 600, "tier": null, "scope": "a b=c"});
        assert_eq!(read(&given), Ok(expected));
    }

    #[test]
    fn a_secret_on_the_command_line_is_refused() {
        for given in [
            &["client_secret=x"][..],
            &["password=x"],
            &[r#"jwks={"keys":[{"kty":"EC","d":"x"}]}"#],
            &[r#"more[]={"client_secret":"x"}"#],
            &["name"],
            &["a=1", "a[]=2"],
        ] {
            assert!(matches!(read(given), Err(Failure::Usage(_))), "{given:?}");
        }
    }

    #[test]
    fn a_broken_file_is_refused_without_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("client.json");
        std::fs::write(&path, "{\"client_secret\": hunter2}").unwrap();
        let told = Fields { fields: Vec::new(), file: Some(path) }.read().unwrap_err();
        assert!(
            matches!(told, Failure::Failed(text) if !text.contains("hunter2") && text.contains("line 1"))
        );
    }
}

//! Claims that a client or an API asks for besides those of the standards: roles, groups, attributes, and constant values.

mod reserved;

pub use reserved::is_reserved;

use crate::attributes::{Attributes, is_flat, is_name};
use crate::scope::Scope;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most mappings of one client or API.
const MOST: usize = 20;
/// The most entries of `only` or `rename`.
const MOST_NAMES: usize = 100;
/// The longest name of a claim, in bytes.
const LONGEST_NAME: usize = 64;
/// How much all of these claims take in one token, in bytes of JSON.
pub const MOST_BYTES: usize = 8192;

/// The scope value, and the claim, that tells of a person's roles (RFC 9068 §2.2.3.1).
pub const ROLES: &str = "roles";
/// The scope value, and the claim, that tells of a person's groups (RFC 9068 §2.2.3.1).
pub const GROUPS: &str = "groups";
/// What attributes begin with as a source.
const ATTRIBUTES: &str = "attributes.";

/// A claim that is asked for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimMapping {
    /// What it is called in tokens.
    pub claim: String,
    /// Where it comes from: `roles`, `groups`, or `attributes.` with an attribute's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it is for everybody, in place of `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub value: Option<Value>,
    /// Of roles or groups, only these; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// What roles or groups are called in the claim, where that differs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rename: BTreeMap<String, String>,
}

/// What claims about a person are made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The roles that the token's client may be told of, sorted.
    pub roles: &'a [String],
    /// Their groups, sorted.
    pub groups: &'a [String],
    /// Their attributes.
    pub attributes: &'a Attributes,
}

/// A claim that was made, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtraClaim {
    /// Its name.
    pub name: String,
    /// What it says.
    pub value: Value,
    /// Why it is there.
    pub because: Because,
}

/// Why a claim is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The scope value of the same name was granted.
    Scope,
    /// A mapping asks for it, from this source; none: a constant.
    Mapping(Option<String>),
}

/// The claims that a token gets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExtraClaims {
    /// The claims, each name once.
    pub claims: Vec<ExtraClaim>,
    /// The names of those that there was no room for: see [`MOST_BYTES`].
    pub left_out: Vec<String>,
}

/// Whether a token with this scope, where these mappings hold, says anything of a person that has to be looked up.
pub fn asks(scope: &Scope, mappings: &[ClaimMapping]) -> bool {
    !mappings.is_empty() || scope.contains(ROLES) || scope.contains(GROUPS)
}

/// The claims for a scope and some mappings. A mapping wins over the scope value. What has no value is left out
/// (OpenID Connect Core §5.3.2), and nothing takes the place of a claim of the protocol's.
pub fn extra_claims(facts: &Facts<'_>, scope: &Scope, mappings: &[ClaimMapping]) -> ExtraClaims {
    let by_scope = [(ROLES, facts.roles), (GROUPS, facts.groups)]
        .into_iter()
        .filter(|(name, _)| scope.contains(name))
        .map(|(name, list)| (name.to_owned(), texts(list.iter()), Because::Scope));
    let mapped = mappings.iter().map(|mapping| {
        let because = Because::Mapping(mapping.from.clone());
        (mapping.claim.clone(), mapping.evaluate(facts), because)
    });
    let (mut made, mut bytes) = (ExtraClaims::default(), 0);
    for (name, value, because) in mapped.chain(by_scope) {
        let Some(value) = value.filter(|_| !is_reserved(&name)) else { continue };
        if made.claims.iter().any(|claim| claim.name == name) || made.left_out.contains(&name) {
            continue;
        }
        // Quotes, colon and comma count, too.
        let size = name.len() + value.to_string().len() + 4;
        if bytes + size > MOST_BYTES {
            made.left_out.push(name);
            continue;
        }
        bytes += size;
        made.claims.push(ExtraClaim { name, value, because });
    }
    made
}

/// A list, unless it is empty.
fn texts<'a>(list: impl Iterator<Item = &'a String>) -> Option<Value> {
    let list: Vec<_> = list.cloned().map(Value::String).collect();
    (!list.is_empty()).then_some(Value::Array(list))
}

impl ClaimMapping {
    fn evaluate(&self, facts: &Facts<'_>) -> Option<Value> {
        match self.from.as_deref() {
            None => self.value.clone(),
            Some(ROLES) => self.chosen(facts.roles),
            Some(GROUPS) => self.chosen(facts.groups),
            Some(source) => facts.attributes.get(source.strip_prefix(ATTRIBUTES)?).cloned(),
        }
    }

    fn chosen(&self, list: &[String]) -> Option<Value> {
        let wanted = list.iter().filter(|name| self.only.is_empty() || self.only.contains(name));
        let mut called: Vec<_> = wanted.map(|name| self.rename.get(name).unwrap_or(name)).collect();
        called.sort();
        called.dedup();
        texts(called.into_iter())
    }

    /// What is wrong with it, if anything is.
    fn check(&self) -> Result<(), String> {
        let name = &self.claim;
        let fits =
            (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(format!("{name:?} must be a name of 1 to {LONGEST_NAME} printable ASCII characters"));
        }
        if is_reserved(name) {
            return Err(format!("{name} has a meaning of its own in tokens: choose another name"));
        }
        let picks = !self.only.is_empty() || !self.rename.is_empty();
        match (self.from.as_deref(), &self.value) {
            (Some(ROLES | GROUPS), None) => self.check_names(),
            (Some(_) | None, _) if picks => {
                Err(format!("{name}: only and rename are for `from = \"roles\"` and `from = \"groups\"`"))
            }
            (Some(source), None) if source.strip_prefix(ATTRIBUTES).is_some_and(is_name) => Ok(()),
            (Some(_), None) => {
                Err(format!("{name}: from must be \"roles\", \"groups\" or \"attributes.\" with a name"))
            }
            (None, Some(value)) if is_flat(value) => Ok(()),
            (None, Some(_)) => {
                Err(format!("{name}: value must be a text, a number, true or false, or a list of texts"))
            }
            _ => Err(format!("{name} needs either from or value")),
        }
    }

    fn check_names(&self) -> Result<(), String> {
        let name = &self.claim;
        let is_short = |text: &String| (1..=LONGEST_NAME).contains(&text.len());
        let fits = self.only.len() <= MOST_NAMES
            && self.rename.len() <= MOST_NAMES
            && self.only.iter().chain(self.rename.keys()).chain(self.rename.values()).all(is_short);
        if fits {
            Ok(())
        } else {
            Err(format!(
                "{name}: only and rename take {MOST_NAMES} names of 1 to {LONGEST_NAME} bytes at most"
            ))
        }
    }
}

/// What is wrong with the mappings of a client or an API, if anything is.
pub fn check_mappings(mappings: &[ClaimMapping]) -> Result<(), String> {
    if mappings.len() > MOST {
        return Err(format!("must be {MOST} at most"));
    }
    for (index, mapping) in mappings.iter().enumerate() {
        mapping.check()?;
        if mappings[..index].iter().any(|before| before.claim == mapping.claim) {
            return Err(format!("{} comes twice", mapping.claim));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! What operators declare (RFC 7591 names for clients), checked as a whole before anything is kept. All faults are
//! reported at once, each with the field that it is in.

pub mod client;
pub mod group;
pub mod lint;
pub mod resource;
mod role;
pub mod user;

pub use client::ClientMetadata;
pub use group::{DeclaredGroup, GroupMetadata};
pub use resource::ResourceMetadata;
pub use user::{NewUser, UserMetadata};

use crate::claims::mapping::{ClaimMapping, check_mappings};
use std::fmt;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name as it is written in the file.
    pub field: String,
    /// What is wrong, and what would be right. It never holds a secret.
    pub message: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// Faults, as they are found.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    fn check(&mut self, holds: bool, field: &str, message: &str) {
        if !holds {
            self.add(field, message);
        }
    }

    /// A name that stands in paths: there, these would lead elsewhere (RFC 3986, section 5.2.4).
    fn check_segment(&mut self, field: &str, name: &str) {
        self.check(!matches!(name, "." | ".."), field, "must not be \".\" or \"..\"");
    }

    /// A lifetime in seconds within bounds.
    fn check_lifetime(&mut self, field: &str, value: Option<u32>, shortest: u32, longest: u32) {
        if value.is_some_and(|seconds| !(shortest..=longest).contains(&seconds)) {
            self.add(field, format!("must be {shortest} to {longest} seconds"));
        }
    }

    /// Claims that are asked for.
    fn check_claims(&mut self, claims: &[ClaimMapping]) {
        if let Err(message) = check_mappings(claims) {
            self.add("claims", message);
        }
    }

    /// A text shown to people: not blank, at most 200 characters, one line.
    fn check_shown(&mut self, field: &str, text: &str) {
        let fits =
            !text.trim().is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
        self.check(fits, field, "must be 1 to 200 characters on one line");
    }

    fn into_result<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// The first value that comes twice.
fn first_repeated<T: PartialEq>(values: &[T]) -> Option<&T> {
    values.iter().enumerate().find(|(index, value)| values[..*index].contains(value)).map(|(_, value)| value)
}

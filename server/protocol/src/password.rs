//! What a password must be like (NIST SP 800-63B-4 §3.1.1.2): long enough, not known to guessers, and nothing else.
//! There are no rules about kinds of characters.

pub mod own_words;
pub mod stored;

pub use own_words::{OwnWords, Person};
pub use stored::PasswordHash;

use crate::secret::Secret;
use std::borrow::Cow;
use std::fmt;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// The least that an operator may ask for, in characters. NIST SP 800-63B-4 §3.1.1.2: "verifiers and CSPs MAY allow
/// passwords that are only used as part of multi-factor authentication processes to be shorter but SHALL require them
/// to be a minimum of eight characters in length".
pub const SHORTEST_MINIMUM: u32 = 8;
/// The most that an operator may ask for, in characters. §3.1.1.2: passwords of 64 characters should be permitted.
pub const LONGEST_MINIMUM: u32 = 64;
/// The longest password, in characters. A longer one is refused and never cut.
pub const MAX_LENGTH: u32 = 128;
/// More bytes than any password of [`MAX_LENGTH`] has; more is refused unread.
const MAX_BYTES: usize = 4096;

/// How long passwords must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The least number of characters.
    pub min_length: u32,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: 12 }
    }
}

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// It has fewer characters.
    TooShort {
        /// The least number of characters.
        min: u32,
    },
    /// It has more characters.
    TooLong {
        /// The greatest number of characters.
        max: u32,
    },
    /// It is on a list of passwords that became known.
    Breached,
    /// Little of it is anything but the person's name, their address or the name of this service.
    OwnWords,
    /// It follows patterns that guessers try first.
    Guessable,
}

impl PasswordFault {
    /// Its name, by which pages find their words for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::Breached => "breached",
            Self::OwnWords => "own-words",
            Self::Guessable => "guessable",
        }
    }
}

impl fmt::Display for PasswordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::Breached => f.write_str("is on a list of passwords that became known"),
            Self::OwnWords => {
                f.write_str("is made of the person's own name or address or the service's name")
            }
            Self::Guessable => f.write_str("is easily guessed"),
        }
    }
}

impl PasswordPolicy {
    /// Whether a password has a fitting length. §3.1.1.2: "Each Unicode code point SHALL be counted as a single
    /// character"; they are counted as they are hashed, in normal form.
    pub fn check_length(self, password: &str) -> Result<(), PasswordFault> {
        let too_long = PasswordFault::TooLong { max: MAX_LENGTH };
        if password.len() > MAX_BYTES {
            return Err(too_long);
        }
        let length = nfkc(password).chars().take(MAX_LENGTH as usize + 1).count();
        match u32::try_from(length) {
            Ok(length) if length < self.min_length => Err(PasswordFault::TooShort { min: self.min_length }),
            Ok(length) if length <= MAX_LENGTH => Ok(()),
            _ => Err(too_long),
        }
    }
}

/// A password in the one form in which it is hashed and compared. §3.1.1.2: "If Unicode characters are accepted in
/// passwords, the verifier SHOULD apply the normalization process for stabilized strings using either the NFKC or NFKD
/// normalization".
pub fn normalized(password: &Secret<String>) -> Secret<String> {
    Secret::new(nfkc(password.expose()).into_owned())
}

/// Text in Unicode's normal form KC (UAX #15).
fn nfkc(text: &str) -> Cow<'_, str> {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.into(),
        _ => text.nfkc().collect::<String>().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: PasswordPolicy = PasswordPolicy { min_length: 12 };

    #[test]
    fn length_is_counted_in_characters_and_nothing_else_is_asked_for() {
        for password in [
            "aaaaaaaaaaaa",
            "            ",
            "correct horse battery staple",
            "žluťoučký kůň",
            "パスワードは長い方がいい",
            "🐎🔋📎✅🐎🔋📎✅🐎🔋📎✅",
            &"x".repeat(128),
            &"ü".repeat(128),
        ] {
            assert_eq!(POLICY.check_length(password), Ok(()), "{password}");
        }
        for password in ["", "elevenchars", "ünfünfünfün", "🐎🔋📎✅"] {
            let fault = POLICY.check_length(password);
            assert_eq!(fault, Err(PasswordFault::TooShort { min: 12 }), "{password}");
        }
    }

    #[test]
    fn a_password_that_is_too_long_is_refused_and_not_cut() {
        for password in ["x".repeat(129), "x".repeat(1_000_000), "\u{fdfa}".repeat(8)] {
            assert_eq!(POLICY.check_length(&password), Err(PasswordFault::TooLong { max: 128 }));
        }
    }

    #[test]
    fn the_forms_of_one_text_are_one_password() {
        for (one, other) in [
            ("Gr\u{fc}\u{df}e aus K\u{f6}ln", "Gru\u{308}\u{df}e aus Ko\u{308}ln"),
            ("\u{fb01}ne \u{2460}", "fine 1"),
            ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
            ("a\u{a0}b", "a b"),
        ] {
            let form = |text: &str| normalized(&Secret::new(text.to_owned())).expose().clone();
            assert_eq!(form(one), form(other));
            assert_eq!(POLICY.check_length(one).is_ok(), POLICY.check_length(other).is_ok());
        }
    }

    #[test]
    fn case_and_blanks_are_part_of_a_password() {
        for password in ["Correct Horse", " correct horse ", "correct  horse"] {
            assert_eq!(normalized(&Secret::new(password.to_owned())).expose(), password);
        }
    }
}

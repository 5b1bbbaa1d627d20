//! Whether somebody may choose a password (NIST SP 800-63B-4 §3.1.1.2): long enough, not known, not easily guessed.

use super::breached::{BreachedList, UnfitList};
use super::common;
use signet_protocol::password::{OwnWords, PasswordFault, PasswordPolicy, normalized};
use signet_protocol::secret::Secret;
use std::sync::Arc;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::{Score, zxcvbn};

/// What a password must withstand: more than 10⁸ guesses by somebody who tries likely things first. Limits on sign-ins
/// keep an attacker at the door to far fewer; this is for one who has the hash, at some thousand guesses a second.
const LEAST_SCORE: Score = Score::Three;

/// The rules that the operator set.
#[derive(Clone, Debug)]
pub struct PasswordRules {
    /// How long passwords must be.
    pub policy: PasswordPolicy,
    /// Passwords that became known, beside the commonest, which always count.
    pub breached: Option<Arc<BreachedList>>,
    /// What the service is called: nobody's password.
    pub product_name: Arc<str>,
}

impl PasswordRules {
    /// What is wrong with a password, most telling first; empty: nothing is. This takes milliseconds, and up to a second
    /// for what was made to take long: it is nothing for a thread that serves others.
    pub fn faults(
        &self,
        password: &Secret<String>,
        own_words: &OwnWords,
    ) -> Result<Vec<PasswordFault>, UnfitList> {
        if let Err(fault) = self.policy.check_length(password.expose()) {
            return Ok(vec![fault]);
        }
        let password = normalized(password);
        let password = password.expose();
        let mut faults = Vec::new();
        if common::is_common(password) || self.is_breached(password)? {
            faults.push(PasswordFault::Breached);
        }
        if own_words.make_up(password) {
            faults.push(PasswordFault::OwnWords);
        }
        if faults.is_empty() {
            faults.extend(guessed(password, own_words));
        }
        Ok(faults)
    }

    fn is_breached(&self, password: &str) -> Result<bool, UnfitList> {
        self.breached.as_ref().map_or(Ok(false), |list| list.contains(password))
    }
}

/// What zxcvbn, which reads the first hundred characters, has against a password.
fn guessed(password: &str, own_words: &OwnWords) -> Option<PasswordFault> {
    let words: Vec<&str> = own_words.iter().collect();
    let estimate = zxcvbn(password, &words);
    let of_own = estimate.sequence().iter().any(|part| {
        matches!(&part.pattern, MatchPattern::Dictionary(found)
            if words.contains(&found.matched_word.as_str()))
    });
    match (estimate.score() < LEAST_SCORE, of_own) {
        (false, _) => None,
        (true, true) => Some(PasswordFault::OwnWords),
        (true, false) => Some(PasswordFault::Guessable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_protocol::password::Person;

    fn faults(password: &str) -> Vec<PasswordFault> {
        let rules = PasswordRules {
            policy: PasswordPolicy::default(),
            breached: None,
            product_name: "Signet".into(),
        };
        let names = [Some("Alice Example"), None, None, None, None];
        let person = Person { username: "alice", email: Some("a.lovelace@example.test"), names };
        rules.faults(&Secret::new(password.to_owned()), &OwnWords::new(person, &rules.product_name)).unwrap()
    }

    #[test]
    fn each_fault_has_its_reason() {
        for (password, fault) in [
            ("short", PasswordFault::TooShort { min: 12 }),
            (&"long ".repeat(40), PasswordFault::TooLong { max: 128 }),
            ("zxcvbnmasdfgh", PasswordFault::Guessable),
            ("1Q2W3E4R5T6Y", PasswordFault::Breached),
            ("alice-example-2026", PasswordFault::OwnWords),
            ("signetsignet1", PasswordFault::OwnWords),
            ("4l1c3 3x4mpl3!", PasswordFault::OwnWords),
            ("aaaaaaaaaaaaaaaa", PasswordFault::Guessable),
            ("passwordpassword", PasswordFault::Guessable),
            ("abcdefghijklmnop", PasswordFault::Guessable),
        ] {
            assert_eq!(faults(password), [fault], "{password}");
        }
    }

    #[test]
    fn a_good_password_needs_no_special_characters() {
        for password in [
            "correct horse battery staple",
            "alice likes hiking in norway",
            "yzrtbkwqmfpl",
            "ich gehe heute schwimmen",
            "日本語の長いパスワードです",
            "  leading and trailing  ",
        ] {
            assert_eq!(faults(password), [], "{password}");
        }
    }
}

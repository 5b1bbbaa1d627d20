//! Words that belong to a person and to the service: the first that someone who knows both tries.
//!
//! NIST SP 800-63B-4 §3.1.1.2 has "context-specific words, such as the name of the service, the username, and
//! derivatives thereof" on the blocklist and compares the whole password with it, not words in it: a long phrase may
//! well hold a name. So a password is refused if it is own words with little around them.

use super::nfkc;
use crate::user::{Profile, User};

/// Shorter words are in too many passwords to mean anything.
const SHORTEST_WORD: usize = 3;
/// Longer ones are cut: nobody repeats them letter for letter.
const LONGEST_WORD: usize = 64;
/// No more words than that are looked for.
const MOST_WORDS: usize = 32;
/// So many letters and digits besides own words make a password of its own: the least that any policy accepts.
const OWN_ENOUGH: usize = super::SHORTEST_MINIMUM as usize;

/// Whose password it is to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Person<'a> {
    /// What they sign in with.
    pub username: &'a str,
    /// Their email address.
    pub email: Option<&'a str>,
    /// Their names, as far as they are known.
    pub names: [Option<&'a str>; 5],
}

impl<'a> Person<'a> {
    /// Somebody who has an account.
    pub fn of(user: &'a User) -> Self {
        let names = Self::names_of(&user.profile);
        Self { username: &user.username, email: user.email.as_deref(), names }
    }

    /// The names that somebody's claims hold.
    pub fn names_of(profile: &'a Profile) -> [Option<&'a str>; 5] {
        let Profile { name, given_name, family_name, middle_name, nickname, .. } = profile;
        [name, given_name, family_name, middle_name, nickname].map(|name| name.as_deref())
    }
}

/// The words, in lower case, without repetition, the longest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords(Vec<String>);

impl OwnWords {
    /// The words of a person and of the service they have an account with.
    pub fn new(person: Person<'_>, product_name: &str) -> Self {
        let (local, domain) = person.email.and_then(|email| email.split_once('@')).unwrap_or_default();
        // A top-level domain is nobody's own.
        let domain = domain.rsplit_once('.').map_or(domain, |(name, _)| name);
        let (username, _) = person.username.split_once('@').unwrap_or((person.username, ""));
        let names = person.names.into_iter().flatten();
        let texts = [username, local, domain, product_name].into_iter().chain(names);
        let mut words: Vec<String> = texts.flat_map(words_of).collect();
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words.dedup();
        words.truncate(MOST_WORDS);
        Self(words)
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a password is own words, forwards or backwards, with little around them.
    pub fn make_up(&self, password: &str) -> bool {
        // In a word's place stays something that is in no word, so that what was apart does not make another.
        const GONE: &str = "\u{0}";
        let mut rest = undisguised(&nfkc(password).to_lowercase());
        let before = rest.len();
        for word in &self.0 {
            let word = undisguised(word);
            let backwards: String = word.chars().rev().collect();
            rest = rest.replace(&word, GONE).replace(&backwards, GONE);
        }
        rest.len() < before && rest.chars().filter(|c| c.is_alphanumeric()).count() < OWN_ENOUGH
    }
}

/// Text with the letters for which people write digits and signs; what stands for `i` stands for `l`, too.
fn undisguised(text: &str) -> String {
    let letter = |c| match c {
        '4' | '@' => 'a',
        '3' => 'e',
        '1' | '!' | '|' | 'l' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(letter).collect()
}

/// A text's words, and all of them as one.
fn words_of(text: &str) -> Vec<String> {
    let text = nfkc(text).to_lowercase();
    let pieces = || text.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty());
    let whole: String = pieces().collect();
    let long_enough = |word: &str| word.chars().count() >= SHORTEST_WORD;
    let bounded = |word: &str| word.chars().take(LONGEST_WORD).collect::<String>();
    pieces().chain([whole.as_str()]).filter(|word| long_enough(word)).map(bounded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> OwnWords {
        let names = [Some("Alice van Example"), Some("Alice"), None, None, Some("Ali")];
        let person = Person { username: "al.ice", email: Some("a.example@mail.corp.test"), names };
        OwnWords::new(person, "Signet ID")
    }

    #[test]
    fn words_come_from_names_address_and_service() {
        let words = words();
        let found: Vec<_> = words.iter().collect();
        for word in
            ["alicevanexample", "aexample", "mailcorp", "example", "signet", "signetid", "alice", "ice"]
        {
            assert!(found.contains(&word), "{word} {found:?}");
        }
        assert!(!found.iter().any(|word| ["test", "id", "a", "al"].contains(word)), "{found:?}");
    }

    #[test]
    fn a_password_of_own_words_is_found_in_any_dress() {
        for password in [
            "alice.example",
            "AliceExample1",
            "Alice-Example-Signet!",
            "SIGNET-2026-alice",
            "elpmaxe.ecila.99",
            "alice@mail.corp.test",
            "ＡＬＩＣＥ　ＥＸＡＭＰＬＥ",
            "signetsignetsignet",
            "4l1c3 3x4mpl3!",
        ] {
            assert!(words().make_up(password), "{password}");
        }
    }

    #[test]
    fn a_phrase_may_hold_a_name() {
        for password in [
            "alice likes hiking in norway",
            "correct horse battery staple",
            "x9$ice-Vu7!pQz",
            "signet ring on a horse",
            "",
        ] {
            assert!(!words().make_up(password), "{password}");
        }
    }

    #[test]
    fn endless_names_are_bounded() {
        let long = "ab1 ".repeat(10_000) + &"y".repeat(10_000);
        let many: String = (0..1000).map(|n| format!("word{n} ")).collect();
        let person = Person { username: &long, email: None, names: [Some(&many), None, None, None, None] };
        let words = OwnWords::new(person, "");
        assert_eq!(words.iter().count(), MOST_WORDS);
        assert!(words.iter().all(|word| word.chars().count() <= LONGEST_WORD));
    }
}

//! Why a request was refused, for whoever has to mend it: the rule, what was expected and what came.
//!
//! Nothing here is told to the client. What came is shown as far as it can be no secret: see [`shown`] and [`shown_uri`].

mod difference;
mod rule;

pub use difference::Difference;
pub use rule::Rule;

use crate::id::ClientId;
use serde::{Deserialize, Serialize};

/// The longest word that is shown as it came, in characters: shorter than any secret that this server makes.
const LONGEST_WORD: usize = 40;
/// How much of a longer one is shown.
const SHOWN_OF_LONGER: usize = 6;
/// The longest URI that is shown, in characters.
const LONGEST_URI: usize = 300;
/// How many values are shown of what was expected or came.
const MOST_VALUES: usize = 20;

/// What a refusal is about, as far as it may be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What would have been right: any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
    /// What came, without what may be a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<String>,
    /// The client, if it is one of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
}

impl Evidence {
    /// Keeps what would have been right.
    pub fn expect<T: Into<String>>(&mut self, values: impl IntoIterator<Item = T>) {
        self.expected = values.into_iter().take(MOST_VALUES).map(Into::into).collect();
    }

    /// Where what came first differs from what is nearest to it of what was expected.
    pub fn difference(&self) -> Option<Difference<'_>> {
        Difference::between(&self.expected, self.came.as_deref()?)
    }
}

/// A word that came, as it may be shown: a long one may be a secret in the wrong place, so that its beginning and its
/// length have to do.
pub fn shown(word: &str) -> String {
    let length = word.chars().count();
    if length <= LONGEST_WORD {
        return word.escape_debug().to_string();
    }
    let beginning: String = word.chars().take(SHOWN_OF_LONGER).collect();
    format!("{}… ({length} characters)", beginning.escape_debug())
}

/// A list of words, as it may be shown.
pub fn shown_words(words: &str) -> String {
    let words: Vec<_> =
        words.split(' ').filter(|word| !word.is_empty()).take(MOST_VALUES).map(shown).collect();
    words.join(" ")
}

/// A URI that came, as it may be shown: without a user's name and password, without a fragment, and with the names of its
/// query alone, unless one that is registered has the very same query.
pub fn shown_uri<'a>(uri: &str, registered: impl IntoIterator<Item = &'a str>) -> String {
    let (uri, fragment) = uri.split_once('#').map_or((uri, ""), |(uri, _)| (uri, "#…"));
    let (address, query) = uri.split_once('?').map_or((uri, None), |(address, query)| (address, Some(query)));
    let known = |query: &str| {
        registered.into_iter().any(|known| known.split_once('?').is_some_and(|(_, known)| known == query))
    };
    let query = query.map(|query| if known(query) { query.to_owned() } else { names(query) });
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let separator = if scheme.is_empty() { "" } else { "://" };
    let (authority, path) =
        rest.split_once('/').map_or((rest, None), |(authority, path)| (authority, Some(path)));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).escape_debug();
    let path: String =
        path.into_iter().flat_map(|path| path.split('/')).map(|part| format!("/{}", shown(part))).collect();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let whole = format!("{}{separator}{host}{path}{query}{fragment}", shown(scheme));
    whole.chars().take(LONGEST_URI).collect()
}

fn names(query: &str) -> String {
    let pairs = query.split('&').take(MOST_VALUES);
    let pairs: Vec<_> = pairs
        .map(|pair| {
            pair.split_once('=').map_or_else(|| shown(pair), |(name, _)| format!("{}=…", shown(name)))
        })
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_as_long_as_a_secret_is_not_shown() {
        let secret = "x7".repeat(22);
        assert_eq!(shown(&secret), "x7x7x7… (44 characters)");
        assert_eq!(shown("shop\n"), "shop\\n");
        assert_eq!(shown("6f1d2c34-9a3e-4f6b-8a21-1f0c5d7e9b42").len(), 36);
        assert_eq!(shown_words(&format!("openid  {secret}")), "openid x7x7x7… (44 characters)");
    }

    #[test]
    fn a_uri_is_shown_without_what_may_be_a_secret() {
        let registered = ["https://shop.test/cb?tenant=7"];
        for (came, expected) in [
            ("https://shop.test/cb", "https://shop.test/cb"),
            ("https://me:pass@shop.test/cb", "https://shop.test/cb"),
            ("https://shop.test/cb?tenant=7", "https://shop.test/cb?tenant=7"),
            ("https://shop.test/cb?tenant=8&x", "https://shop.test/cb?tenant=…&x"),
            ("https://shop.test/cb#token", "https://shop.test/cb#…"),
            ("com.example.app:/cb", "com.example.app:/cb"),
            ("https://shop.test/@me/cb", "https://shop.test/@me/cb"),
            ("//@/?=", "//@/?=…"),
            ("", ""),
        ] {
            assert_eq!(shown_uri(came, registered), expected, "{came}");
        }
        let long = format!("https://shop.test/{}/cb", "s".repeat(60));
        assert_eq!(shown_uri(&long, []), "https://shop.test/ssssss… (60 characters)/cb");
    }
}

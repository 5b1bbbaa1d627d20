//! Why a request was refused, for whoever has to mend it: the rule, what was expected and what came.
//!
//! Nothing here is told to the client. What came is shown as far as it can be no secret: see [`shown`], [`shown_uri`] and
//! [`shown_path`].

mod difference;
mod rule;

pub use difference::Difference;
pub use rule::{KeptRule, Rule};

use crate::id::ClientId;
use crate::registration::client::MIN_SECRET_LENGTH;
use serde::{Deserialize, Serialize};

/// The longest word that is shown as it came, in characters: shorter than any secret of a client.
const LONGEST_WORD: usize = MIN_SECRET_LENGTH - 1;
/// How much of a longer one is shown.
const SHOWN_OF_LONGER: usize = 4;
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

/// A list of words, as it may be shown: a secret may hold blanks, so that of a long list the first one has to do.
pub fn shown_words(words: &str) -> String {
    let all: Vec<_> = words.split(' ').filter(|word| !word.is_empty()).collect();
    match all.as_slice() {
        [first, others @ ..] if !others.is_empty() && words.chars().count() > LONGEST_WORD => {
            format!("{} … ({} words)", shown(first), all.len())
        }
        all => all.iter().map(|word| shown(word)).collect::<Vec<_>>().join(" "),
    }
}

/// A URI that came, as it may be shown: without a user's name and password, without a fragment, and with the names of its
/// query alone, unless one that is registered has the very same query. What is no URI with a host is a word.
pub fn shown_uri<'a>(uri: &str, registered: impl IntoIterator<Item = &'a str>) -> String {
    let (uri, fragment) = uri.split_once('#').map_or((uri, ""), |(uri, _)| (uri, "#…"));
    let (address, query) = uri.split_once('?').map_or((uri, None), |(address, query)| (address, Some(query)));
    let known = |query: &str| {
        registered.into_iter().any(|known| known.split_once('?').is_some_and(|(_, known)| known == query))
    };
    let query = query.map(|query| if known(query) { query.to_owned() } else { names(query) });
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let whole = format!("{}{query}{fragment}", shown_address(address));
    whole.chars().take(LONGEST_URI).collect()
}

/// A path that came, as it may be shown: a part that is as long as a secret is not.
pub fn shown_path(path: &str) -> String {
    let whole = path.split('/').map(shown).collect::<Vec<_>>().join("/");
    whole.chars().take(LONGEST_URI).collect()
}

fn shown_address(address: &str) -> String {
    // Wherever a parser would see the host begin: what stands before an @ may be a password.
    let (user, rest) = address.rsplit_once('@').map_or((None, address), |(user, rest)| (Some(user), rest));
    let Some((scheme, begun)) = user.unwrap_or(rest).split_once(':') else {
        return if user.is_some() { format!("…@{}", shown(rest)) } else { shown(rest) };
    };
    let rest = match user {
        Some(_) if begun.starts_with('/') => format!("//…@{rest}"),
        Some(_) => return format!("…@{}", shown(rest)),
        None if begun.starts_with("//") => begun.to_owned(),
        None => return shown(address),
    };
    let parts = |part: &str| part.split('.').map(shown).collect::<Vec<_>>().join(".");
    format!("{}:{}", shown(scheme), rest.split('/').map(parts).collect::<Vec<_>>().join("/"))
}

/// The names of a query's parameters. What has none may be anything.
fn names(query: &str) -> String {
    let pairs = query.split('&').take(MOST_VALUES);
    let name =
        |pair: &str| pair.split_once('=').map_or("…".to_owned(), |(name, _)| format!("{}=…", shown(name)));
    pairs.map(name).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_as_long_as_a_secret_is_not_shown() {
        let secret = "x7".repeat(16);
        assert_eq!(shown(&secret), "x7x7… (32 characters)");
        assert_eq!(shown("shop\n"), "shop\\n");
        assert_eq!(shown_words(&format!("openid  {secret}")), "openid … (2 words)");
        assert_eq!(shown_words("openid  email"), "openid email");
        assert_eq!(shown_words("a secret of thirty-two characters"), "a … (5 words)");
    }

    #[test]
    fn a_path_is_shown_without_what_may_be_a_secret() {
        let secret = "s7".repeat(20);
        assert_eq!(shown_path("/oauth2/token"), "/oauth2/token");
        assert_eq!(shown_path(&format!("/reset/{secret}")), "/reset/s7s7… (40 characters)");
        assert_eq!(shown_path(&"/a".repeat(1000)).chars().count(), LONGEST_URI);
        assert_eq!(shown_path("\u{0}\n"), "\\0\\n");
    }

    #[test]
    fn a_uri_is_shown_without_what_may_be_a_secret() {
        let registered = ["https://shop.test/cb?tenant=7"];
        for (came, expected) in [
            ("https://shop.test/cb", "https://shop.test/cb"),
            ("https://me:pass@shop.test/cb", "https://…@shop.test/cb"),
            ("https:///me:pass@shop.test/cb", "https://…@shop.test/cb"),
            ("https:/me:pass@shop.test/cb", "https://…@shop.test/cb"),
            ("me:pass@shop.test/cb", "…@shop.test/cb"),
            ("pass@shop.test", "…@shop.test"),
            ("https://shop.test/cb?tenant=7", "https://shop.test/cb?tenant=7"),
            ("https://shop.test/cb?tenant=8&x", "https://shop.test/cb?tenant=…&…"),
            ("https://shop.test/cb#token", "https://shop.test/cb#…"),
            ("com.example.app:/cb", "com.example.app:/cb"),
            ("", ""),
        ] {
            assert_eq!(shown_uri(came, registered), expected, "{came}");
        }
        let secret = "s7".repeat(20);
        for whole in ["", "https://", "https:", "urn:", "//", "https://shop.test/"] {
            for end in ["", "/cb", "?x", ".test"] {
                let told = shown_uri(&format!("{whole}{secret}{end}"), []);
                assert!(!told.contains(&secret), "{told}");
            }
        }
        assert!(!shown_uri("eyJhbGciOi.eyJzdWIiOiJ.c2lnbmF0dXJl", []).contains("c2lnbmF0dXJl"));
    }
}

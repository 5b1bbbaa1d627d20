//! What people type as their user name or email address, brought to one form.

use unicode_normalization::UnicodeNormalization as _;

/// What a user name or email address is kept and looked up by: neither letter case, nor the way in which a character is
/// encoded, nor blanks at either end tell people apart. Compatibility forms (NFKC) of single letters are folded one by one,
/// so that no letter depends on its neighbours (a Greek word may end in either sigma).
pub fn login_key(login: &str) -> String {
    let folded: String = login.nfkc().flat_map(char::to_lowercase).map(sigma).nfkc().collect();
    folded.trim().to_owned()
}

/// Both small sigmas are one letter (Unicode's case folding).
const fn sigma(letter: char) -> char {
    if letter == 'ς' { 'σ' } else { letter }
}

/// Whether a character is one that nobody sees: of format (Unicode's category Cf), of those that are ignored where they
/// cannot be shown (`Default_Ignorable_Code_Point`), a line's or paragraph's end, or an empty pattern of Braille.
pub const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn letter_case_encoding_and_blanks_make_no_other_person() {
        for (one, other) in [
            ("Alice", "alice"),
            (" alice\u{a0}", "alice"),
            ("\u{ff21}lice", "alice"),
            ("zo\u{eb}", "ZOE\u{308}"),
            ("\u{fb01}nn", "finn"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
            ("alice\u{3000}", "alice"),
        ] {
            assert_eq!(login_key(one), login_key(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn letters_that_look_alike_stay_apart() {
        for (one, other) in [("alice", "аlice"), ("mike", "m\u{131}ke"), ("zoe", "zoë"), ("al ice", "alice")]
        {
            assert_ne!(login_key(one), login_key(other), "{one:?} {other:?}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(login in any::<String>()) {
            let key = login_key(&login);
            prop_assert_eq!(login_key(&key), key);
        }

        #[test]
        fn ascii_is_lower_cased_and_nothing_else(login in "[!-~]([ -~]{0,40}[!-~])?") {
            prop_assert_eq!(login_key(&login), login.to_ascii_lowercase());
        }
    }
}

//! Recovery codes: 80 random bits each, in an alphabet that survives being copied by hand.

use crate::secret::{Secret, SecretHash};
use zeroize::Zeroizing;

/// The random bytes of a code. NIST SP 800-63B-4 §3.1.2.2 asks 20 bits at least; 64 and more need no salt.
pub const LENGTH: usize = 10;
/// How many a person gets.
pub const COUNT: usize = 10;
/// Crockford's base32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The characters of a code.
const CHARACTERS: usize = 16;

/// The code of some random bytes: `xxxx-xxxx-xxxx-xxxx`.
pub fn written(random: &[u8; LENGTH]) -> Secret<String> {
    let number = random.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let mut text = String::with_capacity(CHARACTERS + 3);
    for place in (0..CHARACTERS).rev() {
        let digit = usize::try_from(number >> (5 * place) & 31).unwrap_or(0);
        text.push(char::from(ALPHABET[digit]));
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
    }
    Secret::new(text)
}

/// What is kept of a code that was typed: case, blanks and dashes do not matter, and letters that look like digits are
/// those digits. `None`: it can be none of ours.
pub fn hash(text: &str) -> Option<SecretHash> {
    let mut plain = Zeroizing::new(Vec::with_capacity(CHARACTERS));
    for character in text.chars().filter(|character| !character.is_whitespace() && *character != '-') {
        let character = u8::try_from(character.to_ascii_lowercase()).ok()?;
        let character = match character {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        };
        if plain.len() == CHARACTERS || !ALPHABET.contains(&character) {
            return None;
        }
        plain.push(character);
    }
    (plain.len() == CHARACTERS).then(|| SecretHash::of(&plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_copy_it() {
        let code = written(&[0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
        assert_eq!(code.expose(), "0123-4567-89ab-cdef");
        let kept = hash(code.expose());
        assert!(kept.is_some());
        for text in
            ["0123456789ABCDEF", " o123 4567 89ab cdef ", "OI23-4567-89AB-CDEF", "0l23-4567-89ab-cdef"]
        {
            assert!(hash(text) == kept, "{text}");
        }
        for text in
            ["", "0123-4567-89ab-cde", "0123-4567-89ab-cdef0", "0123-4567-89ab-cdeu", "0123-4567-89ab-cdeé"]
        {
            assert!(hash(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_bit_of_the_randomness_is_in_the_code() {
        for byte in 0..LENGTH {
            for bit in 0..8 {
                let mut random = [0; LENGTH];
                random[byte] = 1 << bit;
                assert_ne!(written(&random).expose(), written(&[0; LENGTH]).expose());
            }
        }
    }
}

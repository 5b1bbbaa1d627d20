//! An authenticator app (RFC 6238), written apart from the server's own.

use chrono::{DateTime, Utc};
use ring::hmac;

/// An app that was given a key.
#[derive(Clone, Debug)]
pub struct AuthenticatorApp {
    key: Vec<u8>,
}

impl AuthenticatorApp {
    /// Takes the key as a person types it: base32 (RFC 4648 §6), blanks between groups.
    #[track_caller]
    pub fn with_key(typed: &str) -> Self {
        let (mut key, mut bits, mut held) = (Vec::new(), 0_u32, 0_u64);
        for letter in typed.chars().filter(|c| !c.is_whitespace()) {
            let value = match letter.to_ascii_uppercase() {
                letter @ 'A'..='Z' => u64::from(u32::from(letter) - u32::from('A')),
                digit @ '2'..='7' => u64::from(u32::from(digit) - u32::from('2')) + 26,
                '=' => continue,
                other => panic!("{other:?} is no letter of base32"),
            };
            held = (held << 5) | value;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                key.push(u8::try_from((held >> bits) & 0xff).expect("a byte"));
            }
        }
        Self { key }
    }

    /// What it shows at a moment.
    pub fn code(&self, at: DateTime<Utc>) -> String {
        let step = u64::try_from(at.timestamp()).expect("a moment after 1970") / 30;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.key);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 0xf);
        let word = u32::from_be_bytes(tag[offset..offset + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
        format!("{:06}", word % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn it_shows_what_the_standard_says() {
        let app = AuthenticatorApp::with_key("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(app.code(DateTime::from_timestamp(seconds, 0).unwrap()), code);
        }
    }
}

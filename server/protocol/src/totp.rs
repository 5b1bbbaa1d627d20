//! Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits, thirty seconds.

use crate::environment::Moment;
use data_encoding::BASE32_NOPAD;
use ring::hmac;
use subtle::ConstantTimeEq as _;

/// The length of a secret, in bytes. RFC 4226 §4 R6: "This document RECOMMENDs a shared secret length of 160 bits."
pub const SECRET_LENGTH: usize = 20;
/// The digits of a code.
pub const DIGITS: usize = 6;
/// How long a code is shown, in seconds (RFC 6238 §4.1: the default time step).
const PERIOD: i64 = 30;
/// How many steps a phone's clock may be off, either way. RFC 6238 §5.2: "We RECOMMEND that at most one time step is
/// allowed as the network delay."
const SKEW: i64 = 1;

/// A six-digit code as a person typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(u32);

impl Code {
    /// Reads six digits; blanks between them are of no account.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = 0;
        let mut value = 0;
        for character in text.chars().filter(|character| !character.is_whitespace()) {
            value = value * 10 + character.to_digit(10)?;
            digits += 1;
            if digits > DIGITS {
                return None;
            }
        }
        (digits == DIGITS).then_some(Self(value))
    }
}

/// The time step of a moment (RFC 6238 §4.2, T0 = 0).
pub fn step(now: Moment) -> i64 {
    now.timestamp().div_euclid(PERIOD)
}

/// The step that `code` belongs to, if that is the present one or one beside it. Which of them is told by no difference in
/// time.
pub fn matching_step(secret: &[u8], code: Code, now: Moment) -> Option<i64> {
    let present = step(now);
    let mut found = None;
    for candidate in present - SKEW..=present + SKEW {
        if bool::from(at_step(secret, candidate).ct_eq(&code.0)) {
            found = Some(candidate);
        }
    }
    found
}

/// The code of a step, as an app would show it.
pub fn code_at(secret: &[u8], step: i64) -> String {
    format!("{:0DIGITS$}", at_step(secret, step))
}

/// RFC 4226 §5.3.
fn at_step(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    // "Let OffsetBits be the low-order 4 bits of String[19]": at most 15, and 20 bytes there are.
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 0x0f);
    let four = bytes.iter().skip(offset).take(4);
    let truncated = four.fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    truncated % 10_u32.pow(DIGITS as u32)
}

/// The secret as apps take it when it is typed: base32 in groups of four.
pub fn to_type(secret: &[u8]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    let mut grouped = String::with_capacity(text.len() + text.len() / 4);
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(character);
    }
    grouped
}

/// What a QR code tells an app: the `otpauth` key URI that all of them read. What is left out (SHA1, 6 digits, 30 s) is
/// what they take for granted.
pub fn key_uri(issuer: &str, account: &str, secret: &[u8]) -> String {
    let (issuer, account) = (encoded(issuer), encoded(account));
    let secret = BASE32_NOPAD.encode(secret);
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
}

/// Percent-encodes all but unreserved characters (RFC 3986 §2.3). A blank is `%20`: apps show a plus sign as such.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn moment(seconds: i64) -> Moment {
        Moment::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238 Appendix B, the SHA-1 rows; of their eight digits the last six.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        for (seconds, code) in VECTORS {
            assert_eq!(code_at(SECRET, step(moment(seconds))), code);
            let found = matching_step(SECRET, Code::parse(code).unwrap(), moment(seconds));
            assert_eq!(found, Some(seconds / 30));
        }
    }

    #[test]
    fn the_vectors_of_rfc_4226_hold() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(code_at(SECRET, step), code);
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_the_ones_beside_it() {
        let now = moment(2_000_000_000);
        let present = step(now);
        for off in -3..=3 {
            let code = Code::parse(&code_at(SECRET, present + off)).unwrap();
            let expected = (off.abs() <= 1).then_some(present + off);
            assert_eq!(matching_step(SECRET, code, now), expected, "{off}");
        }
    }

    #[test]
    fn blanks_in_a_code_are_of_no_account_and_anything_else_is() {
        for text in ["287082", " 287 082\n", "287\u{a0}082"] {
            assert_eq!(Code::parse(text), Some(Code(287_082)), "{text:?}");
        }
        for text in ["", "28708", "2870821", "28708x", "-87082", "287082287082", "28٧082"] {
            assert_eq!(Code::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_key_uri_is_one_that_apps_read() {
        let uri = key_uri("Acme & Söhne", "alice@example.test", SECRET);
        let expected = "otpauth://totp/Acme%20%26%20S%C3%B6hne:alice%40example.test\
                        ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20%26%20S%C3%B6hne";
        assert_eq!(uri, expected);
        assert_eq!(to_type(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}

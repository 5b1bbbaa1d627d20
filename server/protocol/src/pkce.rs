//! Proof Key for Code Exchange (RFC 7636), `S256` only: `plain` is refused (OAuth 2.1 §7.5.1, RFC 9700 §2.1.1).

use crate::error::{AuthorizeError, AuthorizeRefusal, TokenError, TokenRefusal};
use crate::explanation::{Rule, shown};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

/// Checks the challenge of an authorization request (RFC 7636 §4.3, §4.4.1). Answers the challenge to keep with the code;
/// none if the client sent none and need not.
pub fn check_challenge(
    method: Option<&str>,
    challenge: Option<&str>,
    required: bool,
) -> Result<Option<String>, AuthorizeRefusal> {
    let refuse =
        |rule, description| Err(AuthorizeRefusal::new(AuthorizeError::InvalidRequest, rule, description));
    let Some(challenge) = challenge else {
        return match (required, method) {
            // RFC 7636 §4.4.1: "the authorization endpoint MUST return the authorization error response with the
            // error value set to invalid_request."
            (true, _) => refuse(Rule::PkceMissing, "code_challenge is required"),
            (false, Some(_)) => {
                refuse(Rule::PkceMalformed, "code_challenge_method came without a code_challenge")
            }
            (false, None) => Ok(None),
        };
    };
    // RFC 7636 §4.3: the method "defaults to plain if not present in the request", which is not supported.
    if method != Some("S256") {
        let description = "the transform algorithm is not supported: code_challenge_method must be S256";
        let came = method.map_or_else(|| "plain, by default".to_owned(), shown);
        return refuse(Rule::PkceMalformed, description)
            .map_err(|refusal| refusal.expecting(["S256"]).having(came));
    }
    // RFC 7636 §4.2: BASE64URL-ENCODE(SHA256(ASCII(code_verifier))), so 32 bytes, no padding.
    match URL_SAFE_NO_PAD.decode(challenge) {
        Ok(digest) if digest.len() == 32 => Ok(Some(challenge.to_owned())),
        _ => refuse(Rule::PkceMalformed, "code_challenge is not a base64url-encoded SHA-256 digest"),
    }
}

/// Checks the verifier of a token request against the challenge kept with the code (RFC 7636 §4.6).
pub fn check_verifier(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), TokenRefusal> {
    let refuse = |reason: &'static str| {
        Err(TokenRefusal::new(
            TokenError::InvalidGrant,
            Rule::PkceMismatch,
            "the code_verifier does not fit this authorization code",
        )
        .because(reason))
    };
    let (challenge, verifier) = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(_), None) => return refuse("code_verifier is missing"),
        // RFC 9700 §4.8.2: a verifier without a challenge tells that someone stripped PKCE from the request.
        (None, Some(_)) => {
            return refuse("code_verifier came, but the authorization request had no code_challenge");
        }
        (Some(challenge), Some(verifier)) => (challenge, verifier),
    };
    if !is_verifier(verifier) {
        return refuse("code_verifier is not 43 to 128 unreserved characters");
    }
    if bool::from(self::challenge(verifier).as_bytes().ct_eq(challenge.as_bytes())) {
        Ok(())
    } else {
        refuse("code_verifier is wrong")
    }
}

/// RFC 7636 §4.2: the `code_challenge` of a verifier, by `S256`.
pub fn challenge(code_verifier: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, code_verifier.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_ref())
}

/// RFC 7636 §4.1: `code-verifier = 43*128unreserved`.
fn is_verifier(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // RFC 7636 Appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_standards_own_example_passes() {
        assert_eq!(check_challenge(Some("S256"), Some(CHALLENGE), true), Ok(Some(CHALLENGE.to_owned())));
        assert_eq!(check_verifier(Some(CHALLENGE), Some(VERIFIER)), Ok(()));
    }

    #[test]
    fn bad_challenges_are_invalid_requests() {
        let padded = format!("{CHALLENGE}=");
        let cases = [
            (None, None, true, "missing though required"),
            (Some("S256"), None, false, "method alone"),
            (None, Some(CHALLENGE), true, "no method means plain"),
            (Some("plain"), Some(CHALLENGE), true, "plain"),
            (Some("plain"), Some(CHALLENGE), false, "plain, though PKCE is not required"),
            (Some("s256"), Some(CHALLENGE), true, "unknown method"),
            (Some("S256"), Some(&CHALLENGE[1..]), true, "too short"),
            (Some("S256"), Some(&padded), true, "padded"),
            (Some("S256"), Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), true, "not base64url"),
        ];
        for (method, challenge, required, why) in cases {
            let refusal = check_challenge(method, challenge, required).expect_err(why);
            assert_eq!(refusal.error, AuthorizeError::InvalidRequest, "{why}");
        }
    }

    #[test]
    fn a_client_that_need_not_use_pkce_may_omit_it() {
        assert_eq!(check_challenge(None, None, false), Ok(None));
        assert_eq!(check_verifier(None, None), Ok(()));
    }

    #[test]
    fn bad_verifiers_are_invalid_grants() {
        let other = "a".repeat(43);
        let long = "a".repeat(129);
        let cases = [
            (Some(CHALLENGE), None, "missing"),
            (None, Some(VERIFIER), "PKCE was stripped from the request"),
            (Some(CHALLENGE), Some(other.as_str()), "another verifier"),
            (Some(CHALLENGE), Some(&VERIFIER[1..]), "too short"),
            (Some(CHALLENGE), Some(long.as_str()), "too long"),
            (Some(CHALLENGE), Some(CHALLENGE), "the challenge itself"),
            (
                Some(CHALLENGE),
                Some("dBjftJeZ4CVP mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                "a character that is not unreserved",
            ),
        ];
        for (challenge, verifier, why) in cases {
            assert_eq!(
                check_verifier(challenge, verifier).expect_err(why).error,
                TokenError::InvalidGrant,
                "{why}"
            );
        }
    }

    proptest! {
        #[test]
        fn only_the_verifier_that_was_hashed_passes(one in "[A-Za-z0-9._~-]{43,128}", two in "[A-Za-z0-9._~-]{43,128}") {
            let digest = ring::digest::digest(&ring::digest::SHA256, one.as_bytes());
            let challenge = URL_SAFE_NO_PAD.encode(digest.as_ref());
            prop_assert!(check_challenge(Some("S256"), Some(&challenge), true).is_ok());
            prop_assert!(check_verifier(Some(&challenge), Some(&one)).is_ok());
            prop_assert_eq!(check_verifier(Some(&challenge), Some(&two)).is_ok(), one == two);
        }
    }

    /// oxide-auth agrees wherever it checks at all: it knows neither the grammar of the verifier nor the challenge's.
    #[cfg(feature = "server")]
    mod oracle {
        use super::*;
        use oxide_auth::code_grant::extensions::Pkce;

        proptest! {
            #[test]
            fn oxide_auth_agrees_about_verifiers(one in "[A-Za-z0-9._~-]{43,64}", two in "[A-Za-z0-9._~-]{43,64}", same: bool) {
                let presented = if same { &one } else { &two };
                let digest = ring::digest::digest(&ring::digest::SHA256, one.as_bytes());
                let challenge = URL_SAFE_NO_PAD.encode(digest.as_ref());
                let pkce = Pkce::required();
                let kept = pkce.challenge(Some("S256".into()), Some(challenge.as_str().into())).unwrap();
                prop_assert_eq!(
                    check_verifier(Some(&challenge), Some(presented)).is_ok(),
                    pkce.verify(kept, Some(presented.as_str().into())).is_ok()
                );
            }
        }
    }
}

//! How a request carries its access token (RFC 6750 §2).

use crate::error::BearerError;
use crate::parameters::Parameters;
use crate::secret::Secret;

/// Takes the access token from a request: from its `Authorization` header (RFC 6750 §2.1) or from its form (§2.2), which
/// the caller passes only for a POST with `application/x-www-form-urlencoded`. `query` is looked at only to refuse a token
/// there: RFC 9700 §4.3.2, URLs end up in logs and histories.
pub fn token(
    authorization: Option<&str>,
    form: Option<&Parameters>,
    query: Option<&Parameters>,
) -> Result<Secret<String>, BearerError> {
    if query.is_some_and(|query| query.has("access_token")) {
        return Err(BearerError::InvalidRequest);
    }
    let in_form = form.is_some_and(|form| form.has("access_token"));
    let token = match (authorization.and_then(bearer), in_form) {
        // RFC 6750 §2: "Clients MUST NOT use more than one method to transmit the token in each request."
        (Some(_), true) => return Err(BearerError::InvalidRequest),
        (Some(credentials), false) => credentials,
        // A repeated parameter is there, but has no value.
        (None, true) => form.and_then(|form| form.get("access_token")).ok_or(BearerError::InvalidRequest)?,
        // RFC 6750 §3.1: so is one that "attempted using an unsupported authentication method".
        (None, false) => return Err(BearerError::NoToken),
    };
    if is_b64token(token) { Ok(token.to_owned().into()) } else { Err(BearerError::InvalidRequest) }
}

/// The credentials of a `Bearer` header; none for another scheme. The scheme's case does not count (RFC 9110 §11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, credentials) = authorization.split_once(' ').unwrap_or((authorization, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| credentials.trim_matches(' '))
}

/// RFC 6750 §2.1: b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parameters(form: &str) -> Parameters {
        Parameters::parse(form.as_bytes()).unwrap()
    }

    fn read(header: Option<&str>, form: &str, query: &str) -> Result<String, BearerError> {
        token(header, Some(&parameters(form)), Some(&parameters(query))).map(|token| token.expose().clone())
    }

    #[test]
    fn a_token_comes_in_the_header_or_in_the_form() {
        for (header, form) in [
            (Some("Bearer abc.DEF-1_~+/=="), ""),
            (Some("bearer abc.DEF-1_~+/=="), ""),
            (Some("BEARER  abc.DEF-1_~+/=="), "other=x"),
            (None, "access_token=abc.DEF-1_~%2B/%3D%3D"),
            (Some("Basic YTpi"), "access_token=abc.DEF-1_~%2B/%3D%3D"),
        ] {
            assert_eq!(read(header, form, "").as_deref(), Ok("abc.DEF-1_~+/=="), "{header:?} {form}");
        }
    }

    #[test]
    fn a_request_without_a_token_is_told_nothing_more() {
        for header in [None, Some("Basic YTpi"), Some("DPoP abc"), Some(""), Some("Bearerabc")] {
            assert_eq!(read(header, "", ""), Err(BearerError::NoToken), "{header:?}");
        }
    }

    #[test]
    fn more_than_one_method_is_an_invalid_request() {
        assert_eq!(read(Some("Bearer a"), "access_token=a", ""), Err(BearerError::InvalidRequest));
        assert_eq!(read(Some("Bearer a"), "", "access_token=a"), Err(BearerError::InvalidRequest));
        assert_eq!(read(None, "access_token=a", "access_token=a"), Err(BearerError::InvalidRequest));
    }

    #[test]
    fn a_token_in_the_url_is_refused() {
        assert_eq!(read(None, "", "access_token=a"), Err(BearerError::InvalidRequest));
    }

    #[test]
    fn a_malformed_token_is_an_invalid_request() {
        for header in
            ["Bearer", "Bearer ", "Bearer a b", "Bearer =", "Bearer a=b", "Bearer \"a\"", "Bearer é"]
        {
            assert_eq!(read(Some(header), "", ""), Err(BearerError::InvalidRequest), "{header}");
        }
        assert_eq!(read(None, "access_token=a&access_token=a", ""), Err(BearerError::InvalidRequest));
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(header in ".{0,64}") {
            if let Ok(token) = token(Some(&header), None, None) {
                prop_assert!(is_b64token(token.expose()));
                prop_assert!(header.contains(token.expose()));
            }
        }

        #[test]
        fn every_b64token_is_read(text in "[A-Za-z0-9._~+/-]{1,64}={0,2}") {
            let read = token(Some(&format!("Bearer {text}")), None, None).unwrap();
            prop_assert_eq!(read.expose(), &text);
        }
    }
}

//! Parameters of a request, from its query or its form body.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, BytesMut, Payload};
use actix_web::{HttpRequest, error::PayloadError};
use futures_util::StreamExt as _;
use signet_protocol::parameters::{MalformedParameters, Parameters};
use std::time::Duration;

/// The largest form, in bytes.
pub const MAX_FORM: usize = 64 * 1024;
/// The longest query, in bytes.
pub const MAX_QUERY: usize = 16 * 1024;
/// How long a client may take to send its form.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// A form that was sent.
pub struct Form {
    /// As it came, still encoded.
    pub encoded: Bytes,
    /// Decoded.
    pub parameters: Parameters,
}

/// Why a request's parameters cannot be read: always `invalid_request` (RFC 6749 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The `Content-Type` is another one, or missing.
    ContentType,
    /// The form or the query is too large.
    TooLarge,
    /// The form did not arrive in time.
    TooSlow,
    /// The connection broke, or its framing is wrong.
    Broken,
    /// It is no form.
    Malformed(MalformedParameters),
}

impl Unreadable {
    /// The HTTP status of the answer.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::ContentType | Self::Broken | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// What the client is told.
    pub const fn description(self) -> &'static str {
        match self {
            Self::ContentType => "the Content-Type must be application/x-www-form-urlencoded",
            Self::TooLarge => "the request is too large",
            Self::TooSlow => "the request did not arrive in time",
            Self::Broken => "the request could not be read to its end",
            Self::Malformed(malformed) => malformed.description(),
        }
    }
}

impl Form {
    /// Reads the body as a form.
    pub async fn read(request: &HttpRequest, payload: Payload) -> Result<Self, Unreadable> {
        if !is_form(request.headers()) {
            return Err(Unreadable::ContentType);
        }
        let encoded = body(request, payload).await?;
        let parameters = Parameters::parse(&encoded).map_err(Unreadable::Malformed)?;
        Ok(Self { encoded, parameters })
    }
}

/// Reads the body to its end.
pub async fn body(request: &HttpRequest, payload: Payload) -> Result<Bytes, Unreadable> {
    let announced = announced_length(request.headers())?;
    timeout(BODY_TIMEOUT, collect(payload, announced)).await.map_err(|_| Unreadable::TooSlow)?
}

/// Reads the query.
pub fn query(request: &HttpRequest) -> Result<Parameters, Unreadable> {
    let query = request.query_string();
    if query.len() > MAX_QUERY {
        return Err(Unreadable::TooLarge);
    }
    Parameters::parse(query.as_bytes()).map_err(Unreadable::Malformed)
}

/// Whether the body is a form. Parameters of the media type, such as a charset, do not count.
pub fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn announced_length(headers: &HeaderMap) -> Result<usize, Unreadable> {
    let Some(value) = headers.get(CONTENT_LENGTH) else { return Ok(0) };
    let length = value.to_str().ok().and_then(|text| text.parse().ok()).ok_or(Unreadable::Broken)?;
    if length > MAX_FORM { Err(Unreadable::TooLarge) } else { Ok(length) }
}

async fn collect(mut payload: Payload, announced: usize) -> Result<Bytes, Unreadable> {
    let broken = |_: PayloadError| Unreadable::Broken;
    let first = match payload.next().await {
        Some(chunk) => chunk.map_err(broken)?,
        None => return Ok(Bytes::new()),
    };
    // Most forms come in one piece, which need not be copied.
    if first.len() == announced {
        return Ok(first);
    }
    let mut body = BytesMut::with_capacity(announced.max(first.len()));
    let mut chunk = first;
    loop {
        if body.len() + chunk.len() > MAX_FORM {
            return Err(Unreadable::TooLarge);
        }
        body.extend_from_slice(&chunk);
        match payload.next().await {
            Some(next) => chunk = next.map_err(broken)?,
            None => return Ok(body.freeze()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::FromRequest as _;
    use actix_web::test::TestRequest;

    async fn read(content_type: &str, body: &str) -> Result<Form, Unreadable> {
        let request = TestRequest::post().insert_header(("content-type", content_type));
        let (request, mut payload) = request.set_payload(body.to_owned()).to_http_parts();
        let payload = Payload::from_request(&request, &mut payload).await.unwrap();
        Form::read(&request, payload).await
    }

    #[actix_web::test]
    async fn only_forms_are_read_as_forms() {
        for accepted in [
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded;charset=UTF-8",
            "Application/X-WWW-Form-URLEncoded ; x=y",
        ] {
            assert_eq!(read(accepted, "a=b").await.unwrap().parameters.get("a"), Some("b"), "{accepted}");
        }
        for refused in ["", "application/json", "multipart/form-data", "application/x-www-form-urlencodedx"] {
            assert_eq!(read(refused, "a=b").await.err(), Some(Unreadable::ContentType), "{refused}");
        }
    }

    #[actix_web::test]
    async fn a_form_is_bounded_whether_or_not_it_says_its_length() {
        const FORM: &str = "application/x-www-form-urlencoded";
        let large = "a=b&".repeat(MAX_FORM / 4 + 1);
        assert_eq!(read(FORM, &large).await.err(), Some(Unreadable::TooLarge));
        let announced = TestRequest::post()
            .insert_header(("content-type", FORM))
            .insert_header(("content-length", (MAX_FORM + 1).to_string()))
            .to_http_request();
        assert_eq!(announced_length(announced.headers()), Err(Unreadable::TooLarge));
        assert_eq!(Unreadable::TooLarge.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[actix_web::test]
    async fn broken_encoding_is_refused() {
        let refused = read("application/x-www-form-urlencoded", "a=%zz").await.err();
        assert_eq!(refused, Some(Unreadable::Malformed(MalformedParameters::Encoding)));
    }

    #[test]
    fn a_query_is_bounded() {
        let uri = |length| format!("/?{}", "a=b&".repeat(length / 4));
        let long = TestRequest::with_uri(&uri(MAX_QUERY + 4)).to_http_request();
        assert_eq!(query(&long).err(), Some(Unreadable::TooLarge));
        let short = TestRequest::with_uri("/?a=b&c=").to_http_request();
        assert_eq!(query(&short).unwrap().get("a"), Some("b"));
    }
}

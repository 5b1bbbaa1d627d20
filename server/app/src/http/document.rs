//! Prebuilt bytes with an entity tag (RFC 9110 §8.8.3), which a client that has them already need not fetch again.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

/// The bytes, or 304 if the client says that it has them.
pub fn document(
    request: &HttpRequest,
    bytes: Bytes,
    etag: &str,
    (content_type, cache_control): (&'static str, &'static str),
) -> HttpResponse {
    let mut response = if is_known(request.headers(), etag) {
        HttpResponse::new(StatusCode::NOT_MODIFIED)
    } else {
        let mut full = HttpResponse::with_body(StatusCode::OK, bytes).map_into_boxed_body();
        full.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        full
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(ETAG, etag);
    }
    response
}

/// RFC 9110 §13.1.2: the comparison is the weak one, and `*` matches whatever there is.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let lists = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn status(if_none_match: Option<&str>) -> u16 {
        let request = TestRequest::default();
        let request = match if_none_match {
            Some(tags) => request.insert_header(("if-none-match", tags)),
            None => request,
        };
        let kinds = ("application/json", "public, max-age=300");
        let response = document(&request.to_http_request(), Bytes::from_static(b"{}"), "\"abc\"", kinds);
        assert_eq!(response.headers().get(ETAG).unwrap(), "\"abc\"");
        assert_eq!(response.headers().get(CACHE_CONTROL).unwrap(), "public, max-age=300");
        response.status().as_u16()
    }

    #[test]
    fn a_client_that_has_the_document_is_not_sent_it_again() {
        for known in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert_eq!(status(Some(known)), 304, "{known}");
        }
        for other in [None, Some("\"abcd\""), Some("abc"), Some("")] {
            assert_eq!(status(other), 200, "{other:?}");
        }
    }
}

//! What handlers take from a request, bounded and checked.

mod browser;
mod form;
mod forwarded;
mod viewer;

pub use browser::{Browser, Posted};
pub use form::{Form, Unreadable, body, query};
pub use forwarded::{ForwardedProto, client_address, forwarded_proto};
pub use viewer::{Viewer, accepted};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{HttpMessage as _, HttpRequest};
use signet_protocol::audit::Origin;
use std::borrow::Cow;

/// Where a request came from, as it was found when it arrived.
pub fn origin(request: &HttpRequest) -> Origin {
    request.extensions().get::<Origin>().cloned().unwrap_or_default()
}

/// The `Authorization` header. Several are joined as RFC 9110 §5.3 joins lists, which no scheme of ours then accepts.
pub fn authorization(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut values = headers.get_all(AUTHORIZATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let first = values.next()?;
    Some(values.fold(first, |joined, value| Cow::Owned(format!("{joined}, {value}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn two_authorization_headers_are_not_read_as_one_of_them() {
        let request = TestRequest::default()
            .append_header(("authorization", "Bearer a"))
            .append_header(("authorization", "Bearer b"))
            .to_http_request();
        assert_eq!(authorization(request.headers()).as_deref(), Some("Bearer a, Bearer b"));
        assert_eq!(authorization(TestRequest::default().to_http_request().headers()), None);
    }
}

//! A POST from another site comes without our cookies, which are `SameSite=Lax`. So before anyone's session is looked
//! for, the browser is sent around: to a GET of the same request, or, if that is too long for a URL, over a button.

use super::extract::{Form, Viewer};
use super::{State, page};
use crate::pages::{self, ContinueForm};
use actix_web::http::header::{HeaderMap, HeaderName, ORIGIN};
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded;

/// The longest URL to redirect to, in bytes.
const MAX_URL: usize = 4096;

/// The field by which our own Continue form is known where a browser sends neither `Sec-Fetch-Site` nor `Origin`.
const MARKER: &str = "continued";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The way around, unless the form was posted from one of our own pages.
pub fn detour(state: &State, request: &HttpRequest, path: &str, form: &Form) -> Option<HttpResponse> {
    if is_own(request.headers(), state.issuer.origin(), form.parameters.has(MARKER)) {
        return None;
    }
    let url = url(&state.issuer.url(path), &form.encoded);
    let viewer = Viewer::of(request, state).preferring(state, form.parameters.get("ui_locales"));
    if url.len() <= MAX_URL {
        return Some(page::redirect(state, &viewer, &url));
    }
    let page = ContinueForm { form: again(state.path(path), &form.encoded), client_name: None };
    Some(page::show(state, &viewer, &page, page::Posts::ToClient))
}

/// Whether our own page posted this. What a browser says of itself counts for more than the marker, which anyone can
/// send: without cookies a request taken for ours would give the browser new ones in place of those it has.
fn is_own(headers: &HeaderMap, own_origin: &str, marked: bool) -> bool {
    match (headers.get(SEC_FETCH_SITE), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin.as_bytes() == own_origin.as_bytes(),
        (None, None) => marked,
    }
}

fn pairs(encoded: &[u8]) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(encoded).into_owned().filter(|(name, _)| name != MARKER)
}

/// The same request as a URL. Repeated parameters stay repeated, so that they are still refused.
fn url(endpoint: &str, encoded: &[u8]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::with_capacity(encoded.len()));
    query.extend_pairs(pairs(encoded));
    format!("{endpoint}?{}", query.finish())
}

/// The same request as a form of our own.
fn again(action: String, encoded: &[u8]) -> pages::Form {
    let form = pairs(encoded).fold(pages::Form::to(action), |form, (name, value)| form.with(name, value));
    form.with(MARKER, "1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn own(headers: &[(&'static str, &'static str)], marked: bool) -> bool {
        let mut request = TestRequest::post();
        for header in headers {
            request = request.insert_header(*header);
        }
        is_own(request.to_http_request().headers(), "https://id.example.test", marked)
    }

    #[test]
    fn a_post_is_ours_only_from_our_own_origin() {
        assert!(own(&[("sec-fetch-site", "same-origin")], false));
        assert!(own(&[("origin", "https://id.example.test")], false));
        assert!(own(&[], true));
        assert!(!own(&[], false));
        assert!(!own(&[("origin", "null")], false));
        assert!(!own(&[("origin", "https://id.example.test.evil.test")], true));
    }

    #[test]
    fn the_marker_does_not_make_a_foreign_post_ours() {
        for site in ["cross-site", "same-site", "none"] {
            assert!(!own(&[("sec-fetch-site", site)], true), "{site}");
        }
        assert!(!own(&[("origin", "https://shop.example.test")], true));
    }

    #[test]
    fn the_request_stays_the_same_on_its_way_around() {
        let encoded = b"state=a%26b%23c&scope=openid+email&scope=x&continued=1";
        assert_eq!(
            url("https://id.test/oauth/authorize", encoded),
            "https://id.test/oauth/authorize?state=a%26b%23c&scope=openid+email&scope=x"
        );
        let expected = pages::Form::to("/a")
            .with("state", "a&b#c")
            .with("scope", "openid email")
            .with("scope", "x")
            .with(MARKER, "1");
        assert_eq!(again("/a".to_owned(), encoded), expected);
    }
}

//! The cookies: secrets of a session, of half a sign-in and of a remembered browser, what forms are bound to, and who
//! signed in here before.

use crate::config::Issuer;
use actix_web::HttpResponse;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use signet_service::authorize::{Cookies, SECOND_STEP_LIFETIME};

/// Values of ours are 240 characters of base64url at most; anything longer than this was not set here.
const MAX_VALUE: usize = 256;
/// How long a browser keeps what its forms are bound to and who signed in with it, in seconds.
const BROWSER_LIFETIME: u32 = 31_536_000;

/// What the cookies are called.
#[derive(Debug, PartialEq, Eq)]
pub struct CookieNames {
    /// The session's secret.
    pub session: &'static str,
    /// The secret of a sign-in that owes a second step.
    pub partial: &'static str,
    /// The secret of a browser that need not take the second step.
    pub remembered: &'static str,
    /// What forms are bound to.
    pub browser: &'static str,
    /// Who signed in here before.
    pub device: &'static str,
    secure: bool,
}

/// `__Host-` keeps other hosts and plain http from setting them (RFC 6265bis §4.1.3.2).
const HTTPS: CookieNames = CookieNames {
    session: "__Host-signet-session",
    partial: "__Host-signet-partial",
    remembered: "__Host-signet-remembered",
    browser: "__Host-signet-browser",
    device: "__Host-signet-device",
    secure: true,
};
/// Plain http is served to this machine alone, and browsers take no `Secure` cookie from it.
const LOOPBACK: CookieNames = CookieNames {
    session: "signet-session",
    partial: "signet-partial",
    remembered: "signet-remembered",
    browser: "signet-browser",
    device: "signet-device",
    secure: false,
};

impl CookieNames {
    /// The names that an issuer's scheme allows.
    pub fn of(issuer: &Issuer) -> &'static Self {
        if issuer.is_https() { &HTTPS } else { &LOOPBACK }
    }

    /// Sets what the service asks for. The session cookie ends with the browser's session; the others stay.
    pub fn set(&self, response: &mut HttpResponse, cookies: &Cookies) {
        if let Some(value) = &cookies.browser {
            self.append(response, self.browser, value, Some(BROWSER_LIFETIME));
        }
        if let Some(value) = &cookies.device {
            self.append(response, self.device, value, Some(BROWSER_LIFETIME));
        }
        if let Some(secret) = &cookies.session {
            self.append(response, self.session, secret.expose(), None);
        }
        if let Some(secret) = &cookies.partial {
            self.append(response, self.partial, secret.expose(), Some(SECOND_STEP_LIFETIME));
        }
        if let Some((secret, lifetime)) = &cookies.remembered {
            self.append(response, self.remembered, secret.expose(), Some(*lifetime));
        }
    }

    /// Removes the session cookie.
    pub fn remove_session(&self, response: &mut HttpResponse) {
        self.append(response, self.session, "", Some(0));
    }

    fn append(&self, response: &mut HttpResponse, name: &str, value: &str, max_age: Option<u32>) {
        let secure = if self.secure { "; Secure" } else { "" };
        let max_age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{max_age}");
        if let Ok(mut cookie) = HeaderValue::try_from(cookie) {
            cookie.set_sensitive(true);
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

/// A cookie's value, if it can be one of ours. HTTP/2 may split the header (RFC 9113 §8.2.3).
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs =
        headers.get_all(COOKIE).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut named = pairs.filter_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        (found.trim() == name).then(|| value.trim())
    });
    named.find(|value| is_ours(value))
}

fn is_ours(value: &str) -> bool {
    (1..=MAX_VALUE).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use signet_protocol::secret::Secret;

    fn value(cookies: &[&str]) -> Option<String> {
        let mut request = TestRequest::default();
        for cookie in cookies {
            request = request.append_header(("cookie", *cookie));
        }
        read(request.to_http_request().headers(), "signet-session").map(str::to_owned)
    }

    #[test]
    fn a_cookie_is_found_by_its_exact_name() {
        assert_eq!(value(&["signet-session=abc"]).as_deref(), Some("abc"));
        assert_eq!(value(&["a=b; signet-session=abc; c=d"]).as_deref(), Some("abc"));
        assert_eq!(value(&["a=b", "c=d;signet-session=abc"]).as_deref(), Some("abc"));
        assert_eq!(value(&["xsignet-session=abc; signet-sessionx=abc; SIGNET-SESSION=abc"]), None);
        assert_eq!(value(&[]), None);
    }

    #[test]
    fn values_that_were_not_set_here_count_as_absent() {
        let long = format!("signet-session={}", "a".repeat(MAX_VALUE + 1));
        for cookie in [
            "signet-session",
            "signet-session=",
            "signet-session=\"abc\"",
            "signet-session=a b",
            "=",
            ";;",
            &long,
        ] {
            assert_eq!(value(&[cookie]), None, "{cookie}");
        }
        assert_eq!(value(&["signet-session=%; signet-session=abc"]).as_deref(), Some("abc"));
    }

    fn set(issuer: &str) -> Vec<String> {
        let mut response = HttpResponse::Ok().finish();
        let cookies = Cookies {
            browser: Some("b1".to_owned()),
            session: Some(Secret::new("s1".to_owned())),
            device: Some("d1".to_owned()),
            partial: Some(Secret::new("p1".to_owned())),
            remembered: Some((Secret::new("r1".to_owned()), 86_400)),
        };
        CookieNames::of(&Issuer::parse(issuer).unwrap()).set(&mut response, &cookies);
        let values = response.headers().get_all(SET_COOKIE);
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn cookies_on_https_are_bound_to_host_and_scheme() {
        assert_eq!(
            set("https://id.example.test"),
            [
                "__Host-signet-browser=b1; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000",
                "__Host-signet-device=d1; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000",
                "__Host-signet-session=s1; Path=/; HttpOnly; SameSite=Lax; Secure",
                "__Host-signet-partial=p1; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600",
                "__Host-signet-remembered=r1; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=86400",
            ]
        );
    }

    #[test]
    fn cookies_on_loopback_http_are_not_secure() {
        assert_eq!(
            set("http://localhost:8080"),
            [
                "signet-browser=b1; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
                "signet-device=d1; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
                "signet-session=s1; Path=/; HttpOnly; SameSite=Lax",
                "signet-partial=p1; Path=/; HttpOnly; SameSite=Lax; Max-Age=600",
                "signet-remembered=r1; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400",
            ]
        );
    }

    #[test]
    fn signing_out_removes_the_session_cookie_alone() {
        let mut response = HttpResponse::Ok().finish();
        CookieNames::of(&Issuer::parse("https://id.example.test").unwrap()).remove_session(&mut response);
        let values: Vec<_> = response.headers().get_all(SET_COOKIE).collect();
        assert_eq!(values, ["__Host-signet-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"]);
    }
}

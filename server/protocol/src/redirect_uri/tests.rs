use super::*;
use ApplicationType::{Native, Web};
use proptest::prelude::*;

fn registered(text: &str) -> RedirectUri {
    RedirectUri::register(text, Native).unwrap()
}

#[test]
fn what_web_applications_may_register() {
    for text in [
        "https://app.example.test",
        "https://app.example.test/",
        "https://app.example.test:8443/callback?tenant=a%20b",
        "https://APP.example.test/callback",
        "https://[2001:db8::1]/callback",
        "https://192.0.2.1/callback",
        "https://xn--bcher-kva.test/callback",
        "http://localhost:3000/callback",
        "http://127.0.0.1/callback",
        "http://[::1]:8080/callback",
        "https://app.example.test/a/...b/.well-known/c..",
    ] {
        assert_eq!(RedirectUri::register(text, Web).map(|uri| uri.as_str().to_owned()), Ok(text.to_owned()));
    }
}

#[test]
fn what_nobody_may_register() {
    use InvalidRedirectUri::*;
    for (text, why) in [
        ("", NotAUri),
        ("/callback", NotAUri),
        ("app.example.test/callback", NotAUri),
        ("HTTPS://app.example.test/", NotAUri),
        ("https://app.example.test/a b", NotAUri),
        ("https://app.example.test/\n", NotAUri),
        (" https://app.example.test/", NotAUri),
        ("https://app.example.test\\@evil.test/", NotAUri),
        ("https://bücher.test/", NotAUri),
        ("https://app.example.test/%zz", NotAUri),
        ("https://app.example.test/%2", NotAUri),
        ("https://app.example.test/cb#", Fragment),
        ("https://app.example.test/cb#x", Fragment),
        ("https://user@app.example.test/", Userinfo),
        ("https://user:pass@app.example.test/", Userinfo),
        ("https://@app.example.test/", Userinfo),
        ("com.example.app://user@host/", Userinfo),
        ("https://*.example.test/", Wildcard),
        ("https://app.example.test/*", Wildcard),
        ("https://app.example.test/a/../b", DotSegments),
        ("https://app.example.test/a/./b", DotSegments),
        ("https://app.example.test/a/%2E%2e/b", DotSegments),
        ("https://app.example.test/a/.%2e", DotSegments),
        ("https://app.example.test/a%2f..%2Fb", DotSegments),
        ("https://app.example.test/a%5c..%5Cb", DotSegments),
        ("com.example.app:/../b", DotSegments),
        ("https:app.example.test/", Host),
        ("https:/app.example.test/", Host),
        ("https:///app.example.test/", Host),
        ("https://app.example.test:/", Host),
        ("https://app.example.test:0/", Host),
        ("https://app.example.test:0443/", Host),
        ("https://127.1/", Host),
        ("https://2130706433/", Host),
        ("https://a%2eb.test/", Host),
        ("http://app.example.test/", InsecureHttp),
        ("http://127.0.0.2/", InsecureHttp),
        ("http://localhost.example.test/", InsecureHttp),
        ("http://localhostile/", InsecureHttp),
        ("http://LOCALHOST/", InsecureHttp),
        ("javascript:alert(1)", NotADomainScheme),
        ("data:text/html,hello", NotADomainScheme),
        ("vbscript:x", NotADomainScheme),
        ("file:///etc/passwd", NotADomainScheme),
        ("blob:https://app.example.test/x", NotADomainScheme),
        ("myapp://callback", NotADomainScheme),
        ("https://app.example.test/?code=1", ResponseParameter),
        ("https://app.example.test/?a=b&st%61te=1", ResponseParameter),
        ("https://app.example.test/?iss=x", ResponseParameter),
    ] {
        assert_eq!(RedirectUri::register(text, Native), Err(why), "{text}");
    }
    assert_eq!(RedirectUri::register(&format!("https://a.test/{}", "x".repeat(2048)), Web), Err(TooLong));
}

#[test]
fn own_schemes_are_for_native_applications_only() {
    for text in ["com.example.app:/callback", "com.example.app://callback/x"] {
        assert!(RedirectUri::register(text, Native).is_ok());
        assert_eq!(RedirectUri::register(text, Web), Err(InvalidRedirectUri::OwnScheme));
    }
}

#[test]
fn only_the_exact_text_matches() {
    let uri = registered("https://app.example.test/callback");
    assert!(uri.matches("https://app.example.test/callback"));
    for other in [
        "https://app.example.test/callback/",
        "https://app.example.test/callback?",
        "https://app.example.test/callback#",
        "https://app.example.test:443/callback",
        "https://APP.example.test/callback",
        "https://app.example.test/Callback",
        "https://app.example.test/%63allback",
        "https://app.example.test/x/../callback",
        "http://app.example.test/callback",
        "https://app.example.test.evil.test/callback",
        "https://app.example.test/callback ",
        "",
    ] {
        assert!(!uri.matches(other), "{other}");
    }
}

#[test]
fn only_the_port_may_differ_on_http_loopback() {
    for host in LOOPBACK_HOSTS {
        let uri = registered(&format!("http://{host}:3000/callback?a=b"));
        for port in ["", ":1", ":80", ":3000", ":49152", ":65535"] {
            assert!(uri.matches(&format!("http://{host}{port}/callback?a=b")), "{host}{port}");
        }
        for other in [
            format!("https://{host}:3000/callback?a=b"),
            format!("http://{host}:3001/callback"),
            format!("http://{host}:3001/x/../callback?a=b"),
            format!("http://{host}:3001/callback?a=b#"),
            format!("http://{host}:3001@evil.test/callback?a=b"),
            format!("http://{host}@evil.test/callback?a=b"),
            format!("http://{host}.evil.test/callback?a=b"),
            format!("http://{host}:/callback?a=b"),
            format!("http://{host}:0/callback?a=b"),
            format!("http://{host}:+80/callback?a=b"),
            format!("http://{host}:080/callback?a=b"),
            format!("http://{host}:65536/callback?a=b"),
            format!("http://{host}:80:80/callback?a=b"),
        ] {
            assert!(!uri.matches(&other), "{other}");
        }
    }
    assert!(!registered("http://127.0.0.1/cb").matches("http://localhost/cb"));
    assert!(!registered("https://localhost:3000/cb").matches("https://localhost:3001/cb"));
    assert!(!registered("http://127.0.0.1:1").matches("http://127.0.0.1:2/"));
}

#[test]
fn origins_are_normalised_and_own_schemes_have_none() {
    assert_eq!(
        registered("https://APP.example.test:443/cb").origin().as_deref(),
        Some("https://app.example.test")
    );
    assert_eq!(registered("http://[::1]:3000/cb").origin().as_deref(), Some("http://[::1]:3000"));
    assert_eq!(registered("com.example.app:/cb").origin(), None);
}

#[test]
fn parameters_are_added_to_the_query_that_is_there() {
    for (uri, expected) in [
        ("https://a.test", "https://a.test?code=a%2Bb&state=c+d"),
        ("https://a.test/cb", "https://a.test/cb?code=a%2Bb&state=c+d"),
        ("https://a.test/cb?", "https://a.test/cb?code=a%2Bb&state=c+d"),
        ("https://a.test/cb?x=%20y", "https://a.test/cb?x=%20y&code=a%2Bb&state=c+d"),
        ("https://a.test/cb?x&", "https://a.test/cb?x&code=a%2Bb&state=c+d"),
        ("com.example.app:/cb", "com.example.app:/cb?code=a%2Bb&state=c+d"),
    ] {
        assert_eq!(with_query(uri, [("code", "a+b"), ("state", "c d")]), expected);
    }
    assert_eq!(with_query("https://a.test/cb?x=y", []), "https://a.test/cb?x=y");
}

proptest! {
    #[test]
    fn whatever_is_registered_matches_itself_and_is_a_safe_url(text in "(https?|javascript|com\\.app)://?[a-z0-9.:@%\\[\\]*#/?=&\\\\-]{0,40}") {
        if let Ok(uri) = RedirectUri::register(&text, Native) {
            prop_assert!(uri.matches(&text));
            let url = Url::parse(&text).unwrap();
            prop_assert_eq!(url.fragment(), None);
            prop_assert_eq!(url.username(), "");
            prop_assert!(url.scheme() != "javascript");
            prop_assert!(url.scheme() != "http" || LOOPBACK_HOSTS.contains(&url.host_str().unwrap()));
        }
    }

    #[test]
    fn a_match_never_leads_to_another_place(requested in "http://(127\\.0\\.0\\.1|localhost)[a-z0-9.:@/?#\\\\]{0,30}") {
        let uri = registered("http://127.0.0.1:3000/cb");
        if uri.matches(&requested) {
            let url = Url::parse(&requested).unwrap();
            prop_assert_eq!(url.host_str(), Some("127.0.0.1"));
            prop_assert_eq!((url.path(), url.query(), url.fragment(), url.username()), ("/cb", None, None, ""));
        }
    }

    #[test]
    fn any_loopback_port_matches(port in 1u16..) {
        let requested = format!("http://[::1]:{port}/cb");
        prop_assert!(registered("http://[::1]/cb").matches(&requested));
    }
}

use super::*;

#[test]
fn issuers_are_origins_or_paths_in_normal_form() {
    for (text, origin, path, loopback) in [
        ("https://id.example.test", "https://id.example.test", "", false),
        ("https://id.example.test:8443/realm", "https://id.example.test:8443", "/realm", false),
        ("http://localhost:8080", "http://localhost:8080", "", true),
        ("http://127.0.0.1", "http://127.0.0.1", "", true),
        ("http://[::1]:1", "http://[::1]:1", "", true),
        ("https://localhost", "https://localhost", "", true),
    ] {
        let issuer = Issuer::parse(text).expect(text);
        assert_eq!((issuer.as_str(), issuer.origin(), issuer.path()), (text, origin, path));
        assert_eq!((issuer.is_loopback(), issuer.is_https()), (loopback, text.starts_with("https")));
    }
    for text in [
        "http://id.example.test",
        "http://127.0.0.2",
        "http://localhost.example.test",
        "https://id.example.test/",
        "https://id.example.test/realm/",
        "https://id.example.test?x=1",
        "https://id.example.test#x",
        "https://id.example.test?",
        "https://user@id.example.test",
        "https://user:secret@id.example.test",
        "https://ID.example.test",
        "https://id.example.test:443",
        "https://id.example.test/a/../b",
        "ftp://id.example.test",
        "id.example.test",
        "",
    ] {
        let invalid = Issuer::parse(text).expect_err(text);
        assert!(!invalid.wrong.contains("secret"), "{invalid:?}");
    }
}

//! What a proxy says of the client behind it. Only configured proxies are believed.

use actix_web::http::header::{HeaderMap, HeaderName, X_FORWARDED_FOR, X_FORWARDED_PROTO};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// What a trusted proxy says it was asked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedProto {
    /// https.
    Https,
    /// Anything else.
    Other,
}

/// The client's address: the peer's, or, behind trusted proxies, the right-most `X-Forwarded-For` entry that is not a
/// trusted proxy itself. What stands left of it was written by the client, and means nothing.
pub fn client_address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let mut nearest = peer?.to_canonical();
    if !is_trusted(nearest, trusted) {
        return Some(nearest);
    }
    for entry in entries_from_the_right(headers, &X_FORWARDED_FOR) {
        // An entry that is no address ends what can be believed.
        let Some(address) = entry.and_then(address) else { break };
        nearest = address;
        if !is_trusted(nearest, trusted) {
            break;
        }
    }
    Some(nearest)
}

/// How the nearest trusted proxy was asked; none if there is no such proxy or it does not say.
pub fn forwarded_proto(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> Option<ForwardedProto> {
    if !is_trusted(peer?.to_canonical(), trusted) {
        return None;
    }
    let proto = entries_from_the_right(headers, &X_FORWARDED_PROTO).next()?;
    let https = proto.is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
    Some(if https { ForwardedProto::Https } else { ForwardedProto::Other })
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// The entries of a comma-separated header that may come several times, last first; `None` is one that is no text. It is
/// taken apart as bytes: what the client wrote must not make what the proxy added after it unreadable.
fn entries_from_the_right<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = Option<&'a str>> + use<'a> {
    let values: Vec<_> = headers.get_all(name).collect();
    values.into_iter().rev().flat_map(|value| {
        let entries = value.as_bytes().rsplit(|byte| *byte == b',');
        entries.map(|entry| std::str::from_utf8(entry).ok().map(str::trim))
    })
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`.
fn address(entry: &str) -> Option<IpAddr> {
    let plain = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = plain.parse::<IpAddr>().ok();
    address.or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip())).map(|it| it.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;

    fn found(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut request = TestRequest::default();
        for value in forwarded {
            request = request.append_header(("x-forwarded-for", *value));
        }
        let request = request.to_http_request();
        client_address(Some(peer.parse().unwrap()), request.headers(), &trusted).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(found("192.0.2.9", &["198.51.100.7"]), "192.0.2.9");
        assert_eq!(found("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(found("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(found("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn what_a_client_wrote_left_of_its_own_address_means_nothing() {
        assert_eq!(found("10.0.0.1", &["127.0.0.1, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(found("10.0.0.1", &["127.0.0.1", "198.51.100.7", "10.0.0.2"]), "198.51.100.7");
        assert_eq!(found("10.0.0.1", &["10.1.1.1, 10.2.2.2"]), "10.1.1.1");
    }

    #[test]
    fn what_is_no_address_ends_the_search_where_it_stands() {
        assert_eq!(found("10.0.0.1", &["198.51.100.7, unknown, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(found("10.0.0.1", &["", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(found("10.0.0.1", &["198.51.100.7,"]), "10.0.0.1");
    }

    #[test]
    fn bytes_that_are_no_text_do_not_hide_the_address_that_the_proxy_added() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        for value in
            [&b"\xff, 198.51.100.7"[..], b"\xff\xfe,198.51.100.7", b", ,\xff , 198.51.100.7,10.0.0.2"]
        {
            let value = HeaderValue::from_bytes(value).unwrap();
            let request = TestRequest::default().append_header(("x-forwarded-for", value)).to_http_request();
            let found = client_address(Some("10.0.0.1".parse().unwrap()), request.headers(), &trusted);
            assert_eq!(found.unwrap().to_string(), "198.51.100.7");
        }
    }

    #[test]
    fn no_header_makes_a_client_a_trusted_proxy_or_nobody() {
        for written in
            ["10.0.0.9", "127.0.0.1", "::1", "unknown", "_hidden", "\"198.51.100.9\"", "", "%", "0", "1.2.3"]
        {
            let header = format!("{written}, 198.51.100.7");
            assert_eq!(found("10.0.0.1", &[&header]), "198.51.100.7", "{written}");
            assert_eq!(found("192.0.2.9", &[written]), "192.0.2.9", "{written}");
        }
    }

    #[test]
    fn addresses_are_read_with_and_without_ports() {
        assert_eq!(found("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(found("fd00::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(found("fd00::1", &["[2001:db8::7]"]), "2001:db8::7");
        assert_eq!(found("fd00::1", &["[2001:db8::7]:443"]), "2001:db8::7");
    }

    #[test]
    fn the_nearest_proxy_tells_how_it_was_asked() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let proto = |peer: &str, value: Option<&str>| {
            let request = TestRequest::default();
            let request = match value {
                Some(value) => request.append_header(("x-forwarded-proto", value)),
                None => request,
            };
            forwarded_proto(Some(peer.parse().unwrap()), request.to_http_request().headers(), &trusted)
        };
        assert_eq!(proto("10.0.0.1", Some("https")), Some(ForwardedProto::Https));
        assert_eq!(proto("10.0.0.1", Some("https, http")), Some(ForwardedProto::Other));
        assert_eq!(proto("10.0.0.1", None), None);
        assert_eq!(proto("192.0.2.1", Some("http")), None);
    }
}

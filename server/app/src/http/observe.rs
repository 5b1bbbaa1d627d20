//! What happens to every request and every answer: an id, a log line, and the headers that hold everywhere.

use super::answer::error;
use super::extract::{ForwardedProto, client_address, forwarded_proto};
use super::refused::{self, Refused};
use actix_web::Error;
use actix_web::HttpMessage as _;
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use data_encoding::BASE32_DNSSEC;
use futures_util::future::{Either, ready};
use ipnet::IpNet;
use signet_protocol::audit::Origin;
use signet_protocol::environment::{Clock, Moment, Random};
use signet_protocol::explanation::Rule;
use signet_protocol::id::RequestId;
use signet_protocol::metadata::paths;
use signet_service::refusals::RefusalLog;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// The answer's name for its request, by which an operator finds it in the log.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What answers that are no pages may do in a browser: nothing.
const NO_CONTENT_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");

/// How much of an unknown path goes to the log, in characters.
const LOGGED_PATH: usize = 200;

/// The endpoints that programs ask.
const PROGRAMS: [&str; 4] = [paths::TOKEN, paths::INTROSPECT, paths::REVOKE, paths::USERINFO];

/// Wraps every request.
#[derive(Clone)]
pub struct Observer(Arc<Inner>);

struct Inner {
    clock: Clock,
    random: Random,
    trusted_proxies: Vec<IpNet>,
    https: bool,
    refusals: Option<RefusalLog>,
}

impl Observer {
    /// For one application; `https` is its issuer's scheme. Refusals are handed to `refusals`, if they are kept.
    pub fn new(
        (clock, random): (Clock, Random),
        trusted_proxies: Vec<IpNet>,
        https: bool,
        refusals: Option<RefusalLog>,
    ) -> Self {
        Self(Arc::new(Inner { clock, random, trusted_proxies, https, refusals }))
    }

    /// Calls `service` with the request, and finishes its answer.
    pub fn observe<S>(
        &self,
        request: ServiceRequest,
        service: &S,
    ) -> impl Future<Output = Result<ServiceResponse, Error>> + use<S>
    where
        S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
    {
        let began = Instant::now();
        let inner = self.0.clone();
        let Inner { clock, random, trusted_proxies, https, .. } = &*inner;
        let https = *https;
        let request_id = request_id(clock.now(), random);
        let peer = request.peer_addr().map(|peer| peer.ip());
        let address = client_address(peer, request.headers(), trusted_proxies);
        let kind = Kind::of(request.method(), request.path());
        let span = match kind {
            Kind::Document | Kind::Health | Kind::Program => tracing::Span::none(),
            Kind::Person => tracing::info_span!("request", request_id = request_id.as_str()),
        };
        let origin = Origin { request_id: Some(request_id.clone()), address, actor: None };
        request.extensions_mut().insert(origin.clone());
        // RFC 6749 §3.1, §3.2: the endpoints require TLS. A proxy that says it was asked in the clear is not let through.
        let in_the_clear = https
            && kind != Kind::Health
            && forwarded_proto(peer, request.headers(), trusted_proxies) == Some(ForwardedProto::Other);
        let answer = if in_the_clear {
            Either::Left(ready(Ok(request.into_response(use_https(&origin)))))
        } else {
            Either::Right(service.call(request))
        };
        async move {
            let mut response = answer.instrument(span).await?;
            if let Some(log) = &inner.refusals {
                refused::keep(&mut response, &origin, log);
            }
            complete(response.headers_mut(), &request_id, https);
            log(&response, kind, &request_id, began);
            Ok(response)
        }
    }
}

/// How much a request is watched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A probe: its log line is for whoever debugs.
    Health,
    /// Prebuilt bytes: nothing happens that would log.
    Document,
    /// Asked by programs, thousands of times a second: what is logged of it names its request itself.
    Program,
    /// Everything else.
    Person,
}

impl Kind {
    fn of(method: &Method, path: &str) -> Self {
        if path.starts_with("/health/") {
            Self::Health
        } else if method == Method::GET && !path.contains("/oauth/") || path.ends_with("/oauth/jwks") {
            Self::Document
        } else if PROGRAMS.iter().any(|endpoint| path.ends_with(endpoint)) {
            Self::Program
        } else {
            Self::Person
        }
    }
}

/// 48 bits of milliseconds and 80 random bits, in base32hex (RFC 4648 §7): ids rise with time, so that an index of them grows
/// at its end. Without randomness nothing can be issued, but the refusal still has to be logged.
fn request_id(now: Moment, random: &Random) -> RequestId {
    let mut id = [0; 16];
    let (time, chance) = id.split_at_mut(6);
    time.copy_from_slice(&now.timestamp_millis().to_be_bytes()[2..]);
    let Ok(bytes) = random.bytes::<10>() else { return "none".into() };
    chance.copy_from_slice(&bytes);
    let mut text = [0; 26];
    BASE32_DNSSEC.encode_mut(&id, &mut text);
    std::str::from_utf8(&text).unwrap_or("none").into()
}

fn use_https(origin: &Origin) -> HttpResponse {
    let description = "use https: the proxy says that this request came by http (X-Forwarded-Proto)";
    let mut response = error(StatusCode::BAD_REQUEST, ("invalid_request", description), origin);
    let refused = Refused::new("invalid_request", Rule::InsecureTransport, description);
    refused::note(&mut response, refused, origin);
    response
}

fn complete(headers: &mut HeaderMap, request_id: &RequestId, https: bool) {
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        headers.insert(X_REQUEST_ID, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // With `no-referrer` browsers would send `Origin: null` with our own forms.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, NO_CONTENT_POLICY);
    }
}

/// The path without its query, which may hold codes and tokens.
fn log(response: &ServiceResponse, kind: Kind, request_id: &RequestId, began: Instant) {
    let request = response.request();
    let method = request.method().as_str();
    let path = request.path();
    let path =
        path.char_indices().nth(LOGGED_PATH).map_or(path, |(end, _)| path.get(..end).unwrap_or_default());
    let status = response.status().as_u16();
    let duration_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let request_id = request_id.as_str();
    match kind {
        Kind::Health => tracing::debug!(method, path, status, duration_us, request_id, "answered"),
        Kind::Document | Kind::Program | Kind::Person => {
            tracing::info!(method, path, status, duration_us, request_id, "answered");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpRequest, web};
    use std::net::SocketAddr;

    /// An application that answers each request with what was found out about it.
    async fn answer(https: bool, request: TestRequest) -> (StatusCode, HeaderMap, String) {
        async fn told(request: HttpRequest) -> String {
            let origin = crate::http::extract::origin(&request);
            format!("{} {}", origin.request_id.unwrap(), origin.address.unwrap())
        }
        let random = Random::new(Arc::new(ring::rand::SystemRandom::new()));
        let clock = Clock::new(|| Moment::UNIX_EPOCH);
        let observer = Observer::new((clock, random), vec!["10.0.0.0/8".parse().unwrap()], https, None);
        let app = App::new()
            .default_service(web::to(told))
            .wrap_fn(move |request, service| observer.observe(request, service));
        let response = call_service(&init_service(app).await, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = actix_web::test::read_body(response).await;
        (status, headers, String::from_utf8(body.to_vec()).unwrap())
    }

    fn from(peer: &str) -> TestRequest {
        TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 4711))
    }

    fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
        headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    #[actix_web::test]
    async fn every_request_has_an_id_of_its_own_that_no_client_chose() {
        let asked = || from("192.0.2.1").insert_header(("x-request-id", "chosen"));
        let (_, headers, body) = answer(false, asked()).await;
        let id = text(&headers, "x-request-id");
        assert_eq!(id.len(), 26);
        assert_eq!(body, format!("{id} 192.0.2.1"));
        assert!(id.starts_with("000000000"), "{id} does not begin with the time");
        let (_, others, _) = answer(false, asked()).await;
        assert_ne!(id, text(&others, "x-request-id"));
    }

    #[actix_web::test]
    async fn every_answer_has_the_headers_that_protect_browsers() {
        let (_, headers, _) = answer(true, from("192.0.2.1")).await;
        assert_eq!(text(&headers, "x-content-type-options"), "nosniff");
        assert_eq!(text(&headers, "referrer-policy"), "same-origin");
        assert_eq!(text(&headers, "strict-transport-security"), "max-age=31536000");
        assert!(text(&headers, "content-security-policy").contains("frame-ancestors 'none'"));
        let (_, headers, _) = answer(false, from("192.0.2.1")).await;
        assert_eq!(text(&headers, "strict-transport-security"), "");
    }

    #[actix_web::test]
    async fn a_trusted_proxy_tells_the_address_and_the_scheme() {
        let (status, _, body) =
            answer(true, from("10.0.0.1").insert_header(("x-forwarded-for", "192.0.2.7"))).await;
        assert!(status.is_success() && body.ends_with(" 192.0.2.7"), "{body}");
        let by_http = |peer| from(peer).insert_header(("x-forwarded-proto", "http"));
        assert_eq!(answer(true, by_http("10.0.0.1")).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(answer(true, by_http("192.0.2.1")).await.0, StatusCode::OK);
        assert_eq!(answer(false, by_http("10.0.0.1")).await.0, StatusCode::OK);
        assert_eq!(answer(true, by_http("10.0.0.1").uri("/health/ready")).await.0, StatusCode::OK);
    }
}

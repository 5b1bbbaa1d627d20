//! Which scripts in a browser may read an answer (the Fetch standard's CORS protocol). Never with credentials.

use super::State;
use super::answer::Call;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderValue, ORIGIN, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::id::ClientId;
use signet_protocol::parameters::Parameters;
use signet_protocol::token::client_authentication::{AssertionClaims, PresentedClient, presented};

const EXPOSED: HeaderValue =
    HeaderValue::from_static("RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id");

/// The answer to a preflight: it tells what may be asked. Whether the answer may be read depends on the client, which a
/// preflight does not name.
pub async fn preflight(methods: &'static str) -> HttpResponse {
    vary(
        HttpResponse::NoContent()
            .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")))
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods)))
            .insert_header((
                ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static("Authorization, Content-Type, If-None-Match"),
            ))
            .insert_header((ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200")))
            .finish(),
    )
}

/// An answer that is the same for everyone.
pub fn readable_by_all(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// An answer that depends on who asks: caches must tell origins apart, allowed or not.
pub fn vary(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().append(VARY, HeaderValue::from_static("Origin"));
    response
}

/// Lets the client that the request names read its own answer.
pub async fn readable_by_named_client(
    state: &State,
    request: &HttpRequest,
    call: &Call<'_>,
    response: HttpResponse,
) -> HttpResponse {
    // Most requests are no browser's: whom they name matters only here.
    if !request.headers().contains_key(ORIGIN) {
        return vary(response);
    }
    let client = named_client(call.authorization.as_deref(), &call.form.parameters);
    readable_by(state, request, client.as_ref(), response).await
}

/// Lets scripts of an origin read the answer if `client` allows that origin.
pub async fn readable_by(
    state: &State,
    request: &HttpRequest,
    client: Option<&ClientId>,
    response: HttpResponse,
) -> HttpResponse {
    let mut response = vary(response);
    let Some(origin) = request.headers().get(ORIGIN) else { return response };
    let (Some(client), Some(text)) = (client, origin.to_str().ok().filter(|text| is_origin(text))) else {
        return response;
    };
    if state.service.allows_origin(client, text).await {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

/// `null` is the origin of sandboxed frames and local files: of anyone.
fn is_origin(text: &str) -> bool {
    text != "null" && text.contains("://")
}

/// The client that a request names, proven or not: refusals have to be readable, too.
fn named_client(authorization: Option<&str>, parameters: &Parameters) -> Option<ClientId> {
    match presented(authorization, parameters) {
        Ok(PresentedClient::Assertion { client_id: None, assertion }) => {
            let parsed = signet_jose::jws::Parsed::parse(assertion.expose()).ok()?;
            AssertionClaims::parse(&parsed.payload).ok().map(|claims| claims.sub.into())
        }
        Ok(presented) => presented.client_id().cloned(),
        Err(_) => parameters.get("client_id").map(ClientId::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    fn named(authorization: Option<&str>, form: &str) -> Option<String> {
        let parameters = Parameters::parse(form.as_bytes()).unwrap();
        named_client(authorization, &parameters).map(|id| id.to_string())
    }

    #[test]
    fn a_client_is_named_by_whatever_way_it_authenticates() {
        let basic = format!("Basic {}", STANDARD.encode("my%3Ashop:secret"));
        assert_eq!(named(Some(&basic), "").as_deref(), Some("my:shop"));
        assert_eq!(named(None, "client_id=shop").as_deref(), Some("shop"));
        assert_eq!(named(None, "client_id=shop&client_secret=x").as_deref(), Some("shop"));
        assert_eq!(named(None, "grant_type=x"), None);
    }

    #[test]
    fn an_assertion_names_its_subject() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#);
        let claims = URL_SAFE_NO_PAD.encode(r#"{"iss":"shop","sub":"shop","aud":"a","exp":1}"#);
        let form = format!(
            "client_assertion={header}.{claims}.AAAA&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        );
        assert_eq!(named(None, &form).as_deref(), Some("shop"));
    }

    #[test]
    fn a_refused_way_of_authenticating_still_names_the_client() {
        assert_eq!(named(Some("Digest x"), "client_id=shop").as_deref(), Some("shop"));
        assert_eq!(named(Some("Basic !"), ""), None);
    }

    #[test]
    fn the_null_origin_is_nobody() {
        assert!(!is_origin("null") && !is_origin("") && !is_origin("*"));
        assert!(is_origin("https://shop.example.test"));
    }

    #[actix_web::test]
    async fn a_preflight_allows_what_the_endpoint_takes_and_no_credentials() {
        let response = preflight("POST").await;
        assert_eq!(response.status().as_u16(), 204);
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("access-control-allow-methods").as_deref(), Some("POST"));
        assert!(header("access-control-allow-headers").unwrap().contains("Authorization"));
        assert_eq!(header("access-control-allow-credentials"), None);
        assert_eq!(header("vary").as_deref(), Some("Origin"));
    }
}

//! Answers for programs: JSON that is never stored, and the refusals of the token, introspection and revocation endpoints.

use super::State;
use super::extract::{Form, Unreadable, authorization, origin};
use super::refused::{Refused, note};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use signet_protocol::audit::Origin;
use signet_protocol::error::TokenRefusal;
use signet_protocol::explanation::Rule;
use signet_protocol::rate_limit::{Limited, RateLimit};
use std::borrow::Cow;

/// When to try again after a 503, in seconds.
pub const RETRY: u32 = 2;

/// `application/json`.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// RFC 6749 §5.2, with the id by which an operator finds the reason.
#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

/// An answer with content that no cache may keep (RFC 6749 §5.1).
pub fn fresh(status: StatusCode, content_type: HeaderValue, content: impl Into<Bytes>) -> HttpResponse {
    let mut response = HttpResponse::with_body(status, content.into()).map_into_boxed_body();
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    no_store(&mut response);
    response
}

/// Keeps an answer out of every cache (RFC 6749 §5.1).
pub fn no_store(response: &mut HttpResponse) {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
}

/// An error as JSON (RFC 6749 §5.2).
pub fn error(status: StatusCode, (code, description): (&str, &str), origin: &Origin) -> HttpResponse {
    let request_id = origin.request_id.as_ref().map(|id| id.as_str());
    let body = ErrorBody { error: code, error_description: description, request_id };
    // Three strings can always be written.
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let mut response = fresh(status, JSON, body);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        retry_after(&mut response, RETRY);
    }
    response
}

/// Says when to come again, in seconds (RFC 9110 §10.2.3).
pub fn retry_after(response: &mut HttpResponse, seconds: u32) {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
}

/// Says how a limit stands (draft-ietf-httpapi-ratelimit-headers).
pub fn rate_limit(response: &mut HttpResponse, limit: &RateLimit) {
    let fields = [("ratelimit-policy", limit.policy_field()), ("ratelimit", limit.field())];
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}

/// The same, if the request was counted at all.
pub fn counted(mut response: HttpResponse, limit: Option<&RateLimit>) -> HttpResponse {
    if let Some(limit) = limit {
        rate_limit(&mut response, limit);
    }
    response
}

/// Says that a limit is reached, and when to come again.
pub fn limited(response: &mut HttpResponse, limited: &Limited) {
    retry_after(response, limited.retry_after);
    rate_limit(response, &limited.limit);
}

/// Says how to authenticate (RFC 9110 §11.6.1).
pub fn challenge(response: &mut HttpResponse, challenge: String) {
    if let Ok(value) = HeaderValue::try_from(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
}

/// A request to the token, introspection or revocation endpoint, with what has been read of it.
pub struct Call<'a> {
    /// The `Authorization` header.
    pub authorization: Option<Cow<'a, str>>,
    /// The form.
    pub form: Form,
    /// Where it came from.
    pub origin: Origin,
}

impl<'a> Call<'a> {
    /// Reads the form; if that fails, the answer says so.
    pub async fn read(request: &'a HttpRequest, payload: Payload) -> Result<Self, HttpResponse> {
        let origin = origin(request);
        match Form::read(request, payload).await {
            Ok(form) => Ok(Self { authorization: authorization(request.headers()), form, origin }),
            Err(unreadable) => Err(unreadable_json(unreadable, &origin)),
        }
    }

    /// As the service takes it.
    pub fn as_call(&self) -> signet_service::grants::TokenCall<'_> {
        signet_service::grants::TokenCall {
            authorization: self.authorization.as_deref(),
            parameters: &self.form.parameters,
            origin: &self.origin,
        }
    }

    /// A refusal (RFC 6749 §5.2).
    pub fn refused(&self, refusal: &TokenRefusal, state: &State) -> HttpResponse {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = error(status, (refusal.error.code(), refusal.description), &self.origin);
        note(&mut response, Refused::token(refusal), &self.origin);
        if let Some(reached) = &refusal.limited {
            limited(&mut response, reached);
        }
        // RFC 9110 §15.5.2: "The server generating a 401 response MUST send a WWW-Authenticate header field", however the
        // client tried to authenticate (RFC 6749 §5.2 asks for it only after the "Authorization" header).
        if status == StatusCode::UNAUTHORIZED {
            challenge(&mut response, format!("Basic realm=\"{}\"", state.issuer));
        }
        response
    }
}

/// What cannot be read is `invalid_request`.
pub fn unreadable_json(unreadable: Unreadable, origin: &Origin) -> HttpResponse {
    let (code, description) = ("invalid_request", unreadable.description());
    let mut response = error(unreadable.status(), (code, description), origin);
    note(&mut response, Refused::new(code, Rule::RequestUnreadable, description), origin);
    response
}

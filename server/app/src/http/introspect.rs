//! The introspection endpoint (RFC 7662 §2). Resource servers ask it, not browsers: it has no CORS.

use super::State;
use super::answer::{Call, JSON, counted, fresh};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let call = match Call::read(&request, payload).await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    match state.service.tokens.introspect(call.as_call()).await {
        Ok(done) => counted(fresh(StatusCode::OK, JSON, done.answer), done.rate_limit.as_ref()),
        Err(refusal) => call.refused(&refusal, &state),
    }
}

//! The revocation endpoint (RFC 7009 §2).

use super::answer::{Call, counted, no_store};
use super::{State, cors};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

/// `POST`. RFC 7009 §2.2: 200 whether or not there was anything to revoke.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let call = match Call::read(&request, payload).await {
        Ok(call) => call,
        Err(refused) => return cors::vary(refused),
    };
    let answer = match state.service.tokens.revoke(call.as_call()).await {
        Ok(done) => {
            let mut response = HttpResponse::Ok().finish();
            no_store(&mut response);
            counted(response, done.rate_limit.as_ref())
        }
        Err(refusal) => call.refused(&refusal, &state),
    };
    cors::readable_by_named_client(&state, &request, &call, answer).await
}

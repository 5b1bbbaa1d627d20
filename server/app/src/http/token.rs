//! The token endpoint (RFC 6749 §3.2).

use super::answer::{Call, JSON, counted, fresh};
use super::{State, cors};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::error::{TokenError, TokenRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::token::TokenResponse;
use signet_service::grants::TokenAnswer;

/// What an answer holds besides its tokens, in bytes: names, punctuation and a scope of usual length.
const FRAME: usize = 384;

/// `POST`.
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let call = match Call::read(&request, payload).await {
        Ok(call) => call,
        Err(refused) => return cors::vary(refused),
    };
    let answer = match state.service.grants.token(call.as_call()).await {
        Ok(answer) => written(&answer).unwrap_or_else(|refusal| call.refused(&refusal, &state)),
        Err(refusal) => call.refused(&refusal, &state),
    };
    cors::readable_by_named_client(&state, &request, &call, answer).await
}

/// RFC 6749 §5.1.
fn written(answer: &TokenAnswer) -> Result<HttpResponse, TokenRefusal> {
    let access_token = answer.access_token.expose().as_str();
    let refresh_token = answer.refresh_token.as_ref().map(|token| token.expose().as_str());
    let id_token = answer.id_token.as_ref().map(|token| token.expose().as_str());
    let size =
        [Some(access_token), refresh_token, id_token].into_iter().flatten().map(str::len).sum::<usize>();
    let mut content = Vec::with_capacity(size + FRAME);
    let response = TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in: u32::try_from(answer.expires_in).unwrap_or_default(),
        refresh_token,
        scope: &answer.scope,
        id_token,
    };
    serde_json::to_writer(&mut content, &response).map_err(|error| {
        TokenRefusal::new(TokenError::ServerError, Rule::ServerFailed, "the server failed to answer")
            .because(error.to_string())
    })?;
    Ok(counted(fresh(StatusCode::OK, JSON, content), answer.rate_limit.as_ref()))
}

//! The userinfo endpoint (OpenID Connect Core §5.3). It refuses as RFC 6750 §3 says.

use super::answer::{self, JSON, counted, error, fresh, limited, no_store};
use super::extract::{self, Form, Unreadable, authorization, origin};
use super::refused::{Refused, note};
use super::{State, cors};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::audit::Origin;
use signet_protocol::bearer;
use signet_protocol::error::BearerError;
use signet_protocol::explanation::Rule;
use signet_protocol::id::ClientId;
use signet_protocol::parameters::Parameters;
use signet_protocol::rate_limit::Limited;
use signet_service::tokens::{PresentedRefusal, UserInfo};

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    respond(&request, None, &state).await
}

/// `POST`: the token may come in a form. With any other content it comes in the header (RFC 6750 §2.2).
pub async fn post(request: HttpRequest, payload: Payload, state: Data<State>) -> HttpResponse {
    let form = match Form::read(&request, payload).await {
        Ok(form) => Some(form.parameters),
        Err(Unreadable::ContentType) => None,
        Err(unreadable) => return cors::vary(answer::unreadable_json(unreadable, &origin(&request))),
    };
    respond(&request, form.as_ref(), &state).await
}

async fn respond(request: &HttpRequest, form: Option<&Parameters>, state: &State) -> HttpResponse {
    let origin = origin(request);
    let query = match extract::query(request) {
        Ok(query) => query,
        Err(unreadable) => return cors::vary(answer::unreadable_json(unreadable, &origin)),
    };
    let header = authorization(request.headers());
    let token = match bearer::token(header.as_deref(), form, Some(&query)) {
        Ok(token) => token,
        Err(refused) => return cors::vary(bearer_error(&refused, (&origin, None), state)),
    };
    let (client, info) = state.service.tokens.user_info(&token, &origin).await;
    let answer = match info {
        Ok(done) => counted(written(&done.answer, &origin), done.rate_limit.as_ref()),
        Err(PresentedRefusal::Bearer(refused)) => bearer_error(&refused, (&origin, client.as_ref()), state),
        Err(PresentedRefusal::Limited(reached)) => too_many(&reached, (&origin, client.as_ref())),
        Err(PresentedRefusal::Unavailable(reason)) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let (code, told) = ("temporarily_unavailable", "the server cannot answer right now: try again");
            let mut response = error(status, (code, told), &origin);
            note(&mut response, Refused::new(code, Rule::ServerUnavailable, reason.to_string()), &origin);
            response
        }
    };
    cors::readable_by(state, request, client.as_ref(), answer).await
}

/// RFC 6585 §4: 429, with when to come again.
fn too_many(reached: &Limited, (origin, client): (&Origin, Option<&ClientId>)) -> HttpResponse {
    let (status, code) = (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable");
    let mut response = error(status, (code, "too many requests: try again later"), origin);
    note(&mut response, Refused::limited(code, reached).of(client), origin);
    limited(&mut response, reached);
    response
}

fn written(info: &UserInfo, origin: &Origin) -> HttpResponse {
    match info {
        UserInfo::Claims(claims) => match serde_json::to_vec(claims) {
            Ok(content) => fresh(StatusCode::OK, JSON, content),
            Err(reason) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                let mut response = error(status, ("server_error", "the server failed to answer"), origin);
                let refused = Refused::new("server_error", Rule::ServerFailed, reason.to_string());
                note(&mut response, refused, origin);
                response
            }
        },
        UserInfo::Signed(jwt) => {
            fresh(StatusCode::OK, HeaderValue::from_static("application/jwt"), jwt.clone())
        }
    }
}

fn bearer_error(
    refused: &BearerError,
    (origin, client): (&Origin, Option<&ClientId>),
    state: &State,
) -> HttpResponse {
    let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut response = match (refused.code(), refused.description()) {
        (Some(code), Some(description)) => error(status, (code, description), origin),
        // RFC 6750 §3.1: a request without a token is told no error.
        _ => {
            let mut response = HttpResponse::new(status);
            no_store(&mut response);
            response
        }
    };
    note(&mut response, Refused::bearer(refused).of(client), origin);
    answer::challenge(&mut response, refused.www_authenticate(state.issuer.as_str()));
    response
}

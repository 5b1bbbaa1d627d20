//! What the demo's pages and buttons do.

use super::Demo;
use super::answer::{self, Asking, Posted};
use super::client::{AuthorizationRequest, Failure, Provider, TokenResponse};
use super::tokens::{Occasion, check_id_token, claims_of, judge_access_token, shown, valid};
use super::visitors::{Errand, Session};
use crate::pages::DemoSignedIn;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use signet_jose::JwkSet;
use signet_protocol::environment::RandomFailed;
use signet_protocol::secret::Secret;

type App = web::Data<Demo>;
type FormPost = Result<web::Form<Posted>, actix_web::Error>;

/// An authorization response (RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2).
#[derive(Deserialize)]
pub struct AuthorizationResponse {
    state: Option<String>,
    iss: Option<String>,
    code: Option<Secret<String>>,
    error: Option<String>,
    error_description: Option<String>,
}

/// The answer to a request to sign out (RP-Initiated Logout §3).
#[derive(Deserialize)]
pub struct LogoutResponse {
    state: Option<String>,
}

/// The one page: it says who is signed in, or has the button to sign in.
pub async fn home(demo: App, request: HttpRequest) -> HttpResponse {
    let visitor = match known_or_new(&demo, &request) {
        Ok(visitor) => visitor,
        Err(error) => return answer::failed(&demo, Asking { visitor: "", request: &request }, error.into()),
    };
    let asking = Asking { visitor: &visitor, request: &request };
    let Some(session) = demo.visitors.session(&visitor) else {
        return answer::home(&demo, asking, false);
    };
    let session = session.lock().await;
    let page = DemoSignedIn {
        name: session.name.clone(),
        issuer: demo.client.issuer.clone(),
        id_token_claims: claims_of(session.id_token.expose()),
        id_token_valid: session.id_token_verdict.clone(),
        access_token_claims: claims_of(session.access_token.expose()),
        access_token_valid: session.access_token_verdict.clone(),
        userinfo: session.userinfo.clone(),
        refreshed_count: session.refreshed_count,
        problem: session.problem.clone(),
        refresh: answer::form("/refresh", &visitor),
        ask_userinfo: answer::form("/userinfo", &visitor),
        sign_out: answer::form("/sign-out", &visitor),
    };
    answer::page(&demo, asking, StatusCode::OK, &page)
}

/// Begins: what the answer will be checked against is remembered here, and the browser goes to the server.
pub async fn sign_in(demo: App, request: HttpRequest, form: FormPost) -> HttpResponse {
    match begin_sign_in(&demo, &request, form).await {
        Ok(address) => answer::redirect(&address),
        Err(failure) => refused(&demo, &request, failure),
    }
}

async fn begin_sign_in(demo: &Demo, request: &HttpRequest, form: FormPost) -> Result<String, Failure> {
    let visitor = poster(demo, request, form)?;
    let provider = demo.client.provider().await?;
    let (state, nonce) = (demo.random.secret()?, demo.random.secret()?);
    let code_verifier = Secret::new(demo.random.secret()?);
    let question = AuthorizationRequest { state: &state, nonce: &nonce, code_verifier: &code_verifier };
    let address = demo.client.authorization_url(&provider, &question)?;
    demo.visitors.send(&visitor, state, Errand::SignIn { nonce, code_verifier });
    Ok(address)
}

/// The server's answer comes with the browser.
pub async fn callback(
    demo: App,
    request: HttpRequest,
    response: Result<web::Query<AuthorizationResponse>, actix_web::Error>,
) -> HttpResponse {
    let response = response.map(web::Query::into_inner).map_err(|_| unreadable());
    let visitor = answer::visitor(&request).unwrap_or_default();
    match finish_sign_in(&demo, &visitor, response).await {
        // Another secret than before: whoever may have known or set that one is not signed in with it.
        Ok((signed_in, session)) => {
            demo.visitors.sign_out(&visitor);
            demo.visitors.sign_in(signed_in.clone(), session);
            // The code goes out of the address bar.
            answer::redirect_as(&signed_in, "/")
        }
        Err(failure) => refused(&demo, &request, failure),
    }
}

async fn finish_sign_in(
    demo: &Demo,
    visitor: &str,
    response: Result<AuthorizationResponse, Failure>,
) -> Result<(String, Session), Failure> {
    let response = response?;
    let errand = response.state.as_deref().and_then(|state| demo.visitors.return_from(visitor, state));
    let Some(Errand::SignIn { nonce, code_verifier }) = errand else {
        return Err(Failure::new("invalid_state", "this answer belongs to no sign-in that was begun here"));
    };
    // RFC 9207 §2.4: clients "MUST extract the value of the iss parameter […] and compare the result to the issuer
    // identifier"; without it, or with another, "clients MUST NOT proceed". Errors are no exception.
    if response.iss.as_ref() != Some(&demo.client.issuer) {
        return Err(Failure::new("invalid_issuer", "this answer comes from another server"));
    }
    if let Some(error) = response.error {
        let description = response.error_description.unwrap_or_else(|| "the server refused it".to_owned());
        return Err(Failure::new(&error, description));
    }
    let code = response.code.ok_or_else(|| Failure::new("invalid_response", "the answer holds no code"))?;
    let provider = demo.client.provider().await?;
    let tokens = demo.client.redeem(&provider, code.expose(), &code_verifier).await?;
    let keys = demo.client.keys(&provider).await?;
    let mut session = session(demo, &keys, tokens, &nonce)?;
    match demo.client.userinfo(&provider, &session.access_token, &session.first.sub).await {
        Ok(claims) => session.name = name(&claims).unwrap_or(session.name),
        Err(failure) => session.problem = Some(failure.to_string()),
    }
    Ok((demo.random.secret()?, session))
}

/// Nobody is signed in unless the ID token is valid.
fn session(demo: &Demo, keys: &JwkSet, tokens: TokenResponse, nonce: &str) -> Result<Session, Failure> {
    let TokenResponse { access_token, id_token, refresh_token, .. } = tokens;
    let id_token = id_token.ok_or_else(|| Failure::new("invalid_response", "there is no ID token"))?;
    let (issuer, now) = (demo.client.issuer.as_str(), demo.clock.now().timestamp());
    let pair = (id_token.expose().as_str(), access_token.expose().as_str());
    let first = check_id_token(keys, pair, issuer, Occasion::SignIn { nonce }, now)
        .map_err(|error| Failure::new("invalid_id_token", error))?;
    Ok(Session {
        name: first.sub.clone(),
        id_token_verdict: valid(id_token.expose()),
        id_token,
        first,
        access_token_verdict: judge_access_token(keys, access_token.expose(), issuer, now),
        access_token,
        refresh_token,
        refreshed_count: 0,
        userinfo: None,
        problem: None,
    })
}

/// Gets new tokens.
pub async fn refresh(demo: App, request: HttpRequest, form: FormPost) -> HttpResponse {
    let visitor = match poster(&demo, &request, form) {
        Ok(visitor) => visitor,
        Err(failure) => return refused(&demo, &request, failure),
    };
    if let Some(session) = demo.visitors.session(&visitor) {
        let mut session = session.lock().await;
        session.problem = refreshed(&demo, &mut session).await.err().map(|failure| failure.to_string());
    }
    answer::redirect("/")
}

async fn refreshed(demo: &Demo, session: &mut Session) -> Result<(), Failure> {
    let refresh_token = session.refresh_token.as_ref();
    let refresh_token =
        refresh_token.ok_or_else(|| Failure::new("invalid_grant", "there is no refresh token"))?;
    let provider = demo.client.provider().await?;
    let tokens = demo.client.refresh(&provider, refresh_token).await?;
    // Whatever else is wrong with the answer, the old refresh token has been used up.
    if let Some(rotated) = tokens.refresh_token {
        session.refresh_token = Some(rotated);
    }
    let keys = demo.client.keys(&provider).await?;
    let (issuer, now) = (demo.client.issuer.as_str(), demo.clock.now().timestamp());
    let access_token = tokens.access_token;
    if let Some(id_token) = tokens.id_token {
        let pair = (id_token.expose().as_str(), access_token.expose().as_str());
        check_id_token(&keys, pair, issuer, Occasion::Refresh { first: &session.first }, now)
            .map_err(|error| Failure::new("invalid_id_token", error))?;
        session.id_token_verdict = valid(id_token.expose());
        session.id_token = id_token;
    }
    session.access_token_verdict = judge_access_token(&keys, access_token.expose(), issuer, now);
    session.access_token = access_token;
    session.refreshed_count += 1;
    Ok(())
}

/// Asks who it is.
pub async fn userinfo(demo: App, request: HttpRequest, form: FormPost) -> HttpResponse {
    let visitor = match poster(&demo, &request, form) {
        Ok(visitor) => visitor,
        Err(failure) => return refused(&demo, &request, failure),
    };
    if let Some(session) = demo.visitors.session(&visitor) {
        let mut session = session.lock().await;
        session.problem = asked(&demo, &mut session).await.err().map(|failure| failure.to_string());
    }
    answer::redirect("/")
}

async fn asked(demo: &Demo, session: &mut Session) -> Result<(), Failure> {
    // What was known is not shown beside a refusal as if it were still true.
    session.userinfo = None;
    let provider = demo.client.provider().await?;
    let claims = demo.client.userinfo(&provider, &session.access_token, &session.first.sub).await?;
    if let Some(name) = name(&claims) {
        session.name = name;
    }
    session.userinfo = Some(shown(claims));
    Ok(())
}

fn name(userinfo: &Map<String, Value>) -> Option<String> {
    let claim = |name| userinfo.get(name).and_then(Value::as_str).map(str::to_owned);
    claim("name").or_else(|| claim("preferred_username"))
}

/// Signs out here, then at the server.
pub async fn sign_out(demo: App, request: HttpRequest, form: FormPost) -> HttpResponse {
    match begin_sign_out(&demo, &request, form).await {
        Ok(address) => answer::redirect(&address),
        Err(failure) => refused(&demo, &request, failure),
    }
}

async fn begin_sign_out(demo: &Demo, request: &HttpRequest, form: FormPost) -> Result<String, Failure> {
    let visitor = poster(demo, request, form)?;
    // Here it is done at once, whether or not the server can be reached.
    let Some(session) = demo.visitors.sign_out(&visitor) else { return Ok("/".to_owned()) };
    let session = session.lock().await;
    let provider: Provider = demo.client.provider().await?;
    if let Some(refresh_token) = &session.refresh_token
        && let Err(failure) = demo.client.revoke(&provider, refresh_token).await
    {
        tracing::warn!(%failure, "the demo could not give its refresh token back");
    }
    let state = demo.random.secret()?;
    let address = demo.client.end_session_url(&provider, &session.id_token, &state)?;
    demo.visitors.send(&visitor, state, Errand::SignOut);
    Ok(address)
}

/// The server has signed the person out and sends the browser back.
pub async fn signed_out(
    demo: App,
    request: HttpRequest,
    response: Result<web::Query<LogoutResponse>, actix_web::Error>,
) -> HttpResponse {
    let visitor = answer::visitor(&request).unwrap_or_default();
    let state = response.ok().and_then(|response| response.into_inner().state);
    match state.and_then(|state| demo.visitors.return_from(&visitor, &state)) {
        Some(Errand::SignOut) => answer::home(&demo, Asking { visitor: &visitor, request: &request }, true),
        Some(Errand::SignIn { .. }) | None => answer::redirect("/"),
    }
}

/// A style sheet or an image. Its address changes with its content.
pub async fn asset(demo: App, path: web::Path<String>) -> HttpResponse {
    match demo.pages.asset(&path) {
        Some(asset) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, asset.content_type))
            .insert_header((CACHE_CONTROL, "public, max-age=3600"))
            .body(asset.bytes.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// The demo has one name only; by another one (`localhost`, say) its cookie would not be known.
pub async fn elsewhere(demo: App) -> HttpResponse {
    answer::redirect(&format!("{}/", demo.origin))
}

fn poster(demo: &Demo, request: &HttpRequest, form: FormPost) -> Result<String, Failure> {
    let form = form.map_err(|_| unreadable())?;
    answer::poster(demo, request, &form)
}

fn unreadable() -> Failure {
    Failure::new("invalid_request", "the request cannot be read")
}

/// Says why it did not work, to a visitor who may have no cookie yet.
fn refused(demo: &Demo, request: &HttpRequest, failure: Failure) -> HttpResponse {
    match known_or_new(demo, request) {
        Ok(visitor) => answer::failed(demo, Asking { visitor: &visitor, request }, failure),
        Err(error) => answer::failed(demo, Asking { visitor: "", request }, error.into()),
    }
}

fn known_or_new(demo: &Demo, request: &HttpRequest) -> Result<String, RandomFailed> {
    answer::visitor(request).map_or_else(|| demo.random.secret(), Ok)
}

//! `openidconnect`, the Rust crate, goes through everything that it knows.

use crate::site::{self, BASIC, CALLBACK, Client, POST, PUBLIC, SECRET, SIGNED_OUT};
use openidconnect::core::*;
use openidconnect::*;
use serde::{Deserialize, Serialize};
use signet_tests::{Browser, TestServer};
use std::error::Error;

/// What discovery says beyond OpenID Connect's own members (RFC 8414 §2).
#[derive(Clone, Debug, Deserialize, Serialize)]
struct MoreEndpoints {
    introspection_endpoint: IntrospectionUrl,
    revocation_endpoint: RevocationUrl,
}

impl AdditionalProviderMetadata for MoreEndpoints {}

type Provider = ProviderMetadata<
    LogoutProviderMetadata<MoreEndpoints>,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The library with every endpoint that discovery named.
type RelyingParty =
    CoreClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The library revokes over https alone, even on this machine. It gets such an address, and [`transport`] takes the
/// TLS off again, as a proxy in front of the server would.
fn behind_tls(url: &RevocationUrl) -> RevocationUrl {
    RevocationUrl::new(url.as_str().replacen("http:", "https:", 1)).unwrap()
}

/// The library's requests go out through this.
async fn transport(mut request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    *request.uri_mut() = request.uri().to_string().replacen("https:", "http:", 1).parse().unwrap();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
    let response = client.execute(request.try_into()?).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut answer = HttpResponse::new(response.bytes().await?.to_vec());
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

async fn discover(server: &TestServer, client: &Client) -> (RelyingParty, EndSessionUrl) {
    let issuer = IssuerUrl::new(server.issuer()).unwrap();
    let provider = Provider::discover_async(issuer, &transport).await.unwrap();
    let more = provider.additional_metadata().clone();
    let secret = (client.method != "none").then(|| ClientSecret::new(SECRET.to_owned()));
    let auth_type =
        if client.method == "client_secret_basic" { AuthType::BasicAuth } else { AuthType::RequestBody };
    let relying_party =
        CoreClient::from_provider_metadata(provider, ClientId::new(client.id.to_owned()), secret)
            .set_auth_type(auth_type)
            .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap())
            .set_introspection_url(more.additional_metadata.introspection_endpoint)
            .set_revocation_url(behind_tls(&more.additional_metadata.revocation_endpoint));
    (relying_party, more.end_session_endpoint.expect("an end_session_endpoint"))
}

/// A sign-in: the tokens, their nonce, and the authorization URL that was opened.
async fn sign_in(relying_party: &RelyingParty, browser: &Browser) -> (CoreTokenResponse, Nonce, String) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
    let (url, state, nonce) = relying_party
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["profile", "email", "offline_access"].map(|it| Scope::new(it.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let callback = site::visit(browser, url.as_str()).await;
    let of = |name| callback.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    assert_eq!(of("state").as_ref(), Some(state.secret()));
    let code = AuthorizationCode::new(of("code").unwrap_or_else(|| panic!("{callback}")));
    let request = relying_party.exchange_code(code).unwrap().set_pkce_verifier(verifier);
    (request.request_async(&transport).await.unwrap(), nonce, url.to_string())
}

/// OpenID Connect Core §3.1.3.7 and §3.1.3.8: the claims, the nonce, and the hash of the access token.
fn validate(
    relying_party: &RelyingParty,
    tokens: &CoreTokenResponse,
    nonce: &Nonce,
    algorithm: &str,
) -> Result<CoreIdTokenClaims, Box<dyn Error>> {
    let id_token = tokens.id_token().ok_or("there is no ID token")?;
    let verifier = relying_party.id_token_verifier();
    let claims = id_token.claims(&verifier, nonce)?;
    let found = id_token.signing_alg()?;
    assert_eq!(serde_json::to_value(found)?, algorithm);
    let hash = AccessTokenHash::from_token(tokens.access_token(), found, id_token.signing_key(&verifier)?)?;
    assert_eq!(claims.access_token_hash(), Some(&hash));
    let other = AccessToken::new(format!("{}x", tokens.access_token().secret()));
    let other = AccessTokenHash::from_token(&other, found, id_token.signing_key(&verifier)?)?;
    assert_ne!(claims.access_token_hash(), Some(&other));
    Ok(claims.clone())
}

async fn introspects(relying_party: &RelyingParty, token: &AccessToken) -> CoreTokenIntrospectionResponse {
    relying_party.introspect(token).request_async(&transport).await.unwrap()
}

/// The code of a refused token request.
fn refusal<T: std::fmt::Debug>(
    answer: Result<T, RequestTokenError<reqwest::Error, CoreErrorResponse>>,
) -> String {
    match answer.unwrap_err() {
        RequestTokenError::ServerResponse(response) => response.error().to_string(),
        other => panic!("{other:?}"),
    }
}

type CoreErrorResponse = StandardErrorResponse<CoreErrorResponseType>;

async fn goes_through_everything(client: Client) {
    let server = site::start().await;
    let (relying_party, end_session) = discover(&server, &client).await;
    let browser = server.browser();
    let (tokens, nonce, url) = sign_in(&relying_party, &browser).await;
    let claims = validate(&relying_party, &tokens, &nonce, client.id_token).unwrap();
    let foreign = validate(&relying_party, &tokens, &Nonce::new_random(), client.id_token).unwrap_err();
    assert!(foreign.to_string().to_lowercase().contains("nonce"), "{foreign}");

    let subject = claims.subject().clone();
    let request = relying_party.user_info(tokens.access_token().clone(), Some(subject.clone())).unwrap();
    let userinfo: CoreUserInfoClaims = request.request_async(&transport).await.unwrap();
    assert_eq!(userinfo.email().map(|email| email.as_str()), Some("alice@example.test"));
    assert_eq!(userinfo.subject(), &subject);

    let request = relying_party.exchange_refresh_token(tokens.refresh_token().unwrap()).unwrap();
    let refreshed = request.request_async(&transport).await.unwrap();
    // OpenID Connect Core §12.2: "it SHOULD NOT have a nonce Claim".
    let verifier = relying_party.id_token_verifier();
    let again = refreshed.id_token().unwrap().claims(&verifier, |_: Option<&Nonce>| Ok(())).unwrap();
    assert_eq!((again.subject(), again.auth_time()), (&subject, claims.auth_time()));

    if client.method != "none" {
        let alive = introspects(&relying_party, refreshed.access_token()).await;
        assert!(alive.active());
        assert_eq!(alive.client_id().map(|id| id.as_str()), Some(client.id));
        let request = relying_party.exchange_client_credentials().unwrap();
        let request = request.add_scope(Scope::new(site::api_scope("ES256")));
        let own = request.request_async(&transport).await.unwrap();
        assert!(introspects(&relying_party, own.access_token()).await.active());
        assert!(own.refresh_token().is_none() && own.id_token().is_none());
    }

    let latest = refreshed.refresh_token().unwrap().clone();
    relying_party.revoke_token(latest.clone().into()).unwrap().request_async(&transport).await.unwrap();
    let request = relying_party.exchange_refresh_token(&latest).unwrap();
    assert_eq!(refusal(request.request_async(&transport).await), "invalid_grant");
    if client.method != "none" {
        assert!(!introspects(&relying_party, refreshed.access_token()).await.active());
    }

    let end = LogoutRequest::from(end_session)
        .set_id_token_hint(tokens.id_token().unwrap())
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(SIGNED_OUT.to_owned()).unwrap())
        .set_state(CsrfToken::new_random());
    site::sign_out(&browser, end.http_get_url().as_str(), &url).await;
    server.stop().await;
}

#[tokio::test]
async fn openidconnect_with_client_secret_basic_goes_through_everything() {
    goes_through_everything(BASIC).await;
}

#[tokio::test]
async fn openidconnect_with_client_secret_post_goes_through_everything() {
    goes_through_everything(POST).await;
}

#[tokio::test]
async fn openidconnect_as_a_public_client_goes_through_everything_that_is_open_to_it() {
    goes_through_everything(PUBLIC).await;
}

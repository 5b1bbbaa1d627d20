use super::*;
use crate::authorize::request::Prompt;
use crate::client::{ApplicationType, AuthMethod};
use crate::id::ResourceId;
use crate::redirect_uri::RedirectUri;
use crate::scope::Scope;
use crate::token::fixtures::{CALLBACK, CHALLENGE, ORDERS, STOCK, client, registered, resources, scope};
use proptest::prelude::*;

mod oracle;

fn shop() -> Client {
    let redirect_uris = vec![RedirectUri::register(CALLBACK, ApplicationType::Web).unwrap()];
    Client { redirect_uris, ..client() }
}

const SOUND: [(&str, &str); 7] = [
    ("client_id", "shop"),
    ("redirect_uri", CALLBACK),
    ("response_type", "code"),
    ("scope", "openid orders:read"),
    ("state", "s t&"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

/// A sound request with parameters replaced; an empty value removes one.
fn with(changes: &[(&str, &str)]) -> Parameters {
    let kept = SOUND.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let form =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(changes)).finish();
    Parameters::parse(form.as_bytes()).unwrap()
}

fn ask(client: Client, changes: &[(&str, &str)]) -> Result<AuthorizeRequest, Refused> {
    validate(&with(changes), Some(&registered(client)), &resources())
}

fn page(refused: Refused) -> AuthorizeError {
    match refused {
        Refused::Page(refusal) => refusal.error,
        Refused::Redirect { .. } => panic!("must not be redirected"),
    }
}

fn redirected(refused: Refused) -> (ResponseTarget, AuthorizeError) {
    match refused {
        Refused::Redirect { to, refusal } => (to, refusal.error),
        Refused::Page(refusal) => panic!("must be redirected: {refusal}"),
    }
}

#[test]
fn a_sound_request_is_read_completely() {
    let request = ask(
        shop(),
        &[
            ("nonce", "n"),
            ("prompt", "login consent"),
            ("max_age", "60"),
            ("login_hint", "alice"),
            ("id_token_hint", "a.b.c"),
            ("resource", ORDERS),
            ("acr_values", "phr aal2"),
            ("ui_locales", "de en"),
            ("response_mode", "form_post"),
            ("display", "popup"),
            ("claims", "{}"),
            ("unknown", "1"),
            ("unknown", "2"),
        ],
    )
    .unwrap();
    assert_eq!(
        request,
        AuthorizeRequest {
            client_id: "shop".into(),
            redirect_uri: CALLBACK.to_owned(),
            response_mode: ResponseMode::FormPost,
            scope: scope("openid orders:read"),
            state: Some("s t&".to_owned()),
            nonce: Some("n".to_owned()),
            code_challenge: Some(CHALLENGE.to_owned()),
            prompt: vec![Prompt::Login, Prompt::Consent],
            max_age: Some(60),
            login_hint: Some("alice".to_owned()),
            id_token_hint: Some("a.b.c".to_owned()),
            resources: vec![ORDERS.into()],
            acr_values: vec!["phr".to_owned(), "aal2".to_owned()],
            ui_locales: Some("de en".to_owned()),
        }
    );
}

#[test]
fn without_a_good_client_and_redirect_uri_nothing_is_redirected() {
    let other = "https://evil.example.test/callback";
    for (changes, why) in [
        (&[("client_id", "")][..], "no client"),
        (&[("client_id", "shop"), ("client_id", "shop")], "client repeated"),
        (&[("client_id", "other")], "another client than was looked up"),
        (&[("redirect_uri", other)], "not registered"),
        (&[("redirect_uri", "https://shop.example.test/callback/")], "not exactly the same"),
        (&[("redirect_uri", "https://shop.example.test/callback#")], "with a fragment"),
        (&[("redirect_uri", "callback")], "relative"),
        (&[("redirect_uri", "javascript:alert(1)")], "a script"),
        (&[("redirect_uri", CALLBACK), ("redirect_uri", other)], "redirect URI repeated"),
        (
            &[("redirect_uri", CALLBACK), ("redirect_uri", CALLBACK), ("scope", "orders:read")],
            "repeated, no openid",
        ),
        (&[("redirect_uri", "")], "left out with openid"),
        (&[("redirect_uri", ""), ("scope", "")], "left out with openid by default"),
        (&[("redirect_uri", ""), ("scope", "orders:read"), ("scope", "openid")], "left out, scope repeated"),
    ] {
        page(ask(shop(), changes).expect_err(why));
        // Whatever else is wrong does not change that.
        let worse: Vec<_> = changes.iter().copied().chain([("response_type", "token")]).collect();
        page(ask(shop(), &worse).expect_err(why));
    }
}

#[test]
fn unknown_and_disabled_clients_cannot_be_told_apart() {
    let unknown = validate(&with(&[]), None, &resources()).unwrap_err();
    let mut disabled = registered(shop());
    disabled.disabled = true;
    let disabled = validate(&with(&[]), Some(&disabled), &resources()).unwrap_err();
    assert_eq!(unknown.refusal().description, disabled.refusal().description);
    assert_ne!(unknown.refusal().reason, disabled.refusal().reason);
    assert_eq!(
        (page(unknown), page(disabled)),
        (AuthorizeError::UnauthorizedClient, AuthorizeError::UnauthorizedClient)
    );
}

#[test]
fn every_other_refusal_is_told_to_the_client_with_its_state() {
    use AuthorizeError::*;
    let plain_verifier = "a".repeat(43);
    for (changes, error) in [
        (&[("response_type", "")][..], InvalidRequest),
        (&[("response_type", "token")], UnsupportedResponseType),
        (&[("response_type", "code id_token")], UnsupportedResponseType),
        (&[("response_type", "Code")], UnsupportedResponseType),
        (&[("response_mode", "fragment")], InvalidRequest),
        (&[("response_mode", "web_message")], InvalidRequest),
        (&[("scope", "openid"), ("scope", "openid")], InvalidRequest),
        (&[("nonce", "a"), ("nonce", "b")], InvalidRequest),
        (&[("code_challenge", CHALLENGE), ("code_challenge", CHALLENGE)], InvalidRequest),
        (&[("response_type", "code"), ("response_type", "code")], InvalidRequest),
        (&[("scope", "openid \"")], InvalidScope),
        (&[("scope", " ")], InvalidScope),
        (&[("scope", "openid stock:read")], InvalidScope),
        (&[("scope", "openid OPENID")], InvalidScope),
        (&[("code_challenge", ""), ("code_challenge_method", "")], InvalidRequest),
        (&[("code_challenge_method", "")], InvalidRequest),
        (&[("code_challenge_method", "plain"), ("code_challenge", plain_verifier.as_str())], InvalidRequest),
        (&[("code_challenge", "short")], InvalidRequest),
        (&[("prompt", "none login")], InvalidRequest),
        (&[("prompt", "none create")], InvalidRequest),
        (&[("max_age", "-1")], InvalidRequest),
        (&[("max_age", "1.5")], InvalidRequest),
        (&[("max_age", "soon")], InvalidRequest),
        (&[("request", "a.b.c")], RequestNotSupported),
        (&[("request_uri", "https://shop.example.test/r")], RequestUriNotSupported),
        (&[("registration", "{}")], RegistrationNotSupported),
        (&[("resource", "https://unknown.example.test")], InvalidTarget),
        (&[("resource", "orders")], InvalidTarget),
        (&[("resource", "https://orders.example.test#x")], InvalidTarget),
        (&[("resource", STOCK)], InvalidTarget),
        (&[("resource", ORDERS), ("resource", "https://unknown.example.test")], InvalidTarget),
    ] {
        let (to, found) = redirected(ask(shop(), changes).expect_err("a refusal"));
        assert_eq!(found, error, "{changes:?}");
        assert_eq!((to.redirect_uri.as_str(), to.state.as_deref()), (CALLBACK, Some("s t&")), "{changes:?}");
    }
}

#[test]
fn a_repeated_state_is_not_returned() {
    let (to, error) = redirected(ask(shop(), &[("state", "a"), ("state", "b")]).unwrap_err());
    assert_eq!((to.state, error), (None, AuthorizeError::InvalidRequest));
}

#[test]
fn errors_follow_the_response_mode_that_was_asked_for() {
    let changes = [("response_mode", "form_post"), ("response_type", "token")];
    assert_eq!(redirected(ask(shop(), &changes).unwrap_err()).0.response_mode, ResponseMode::FormPost);
    let changes = [("response_mode", "fragment")];
    assert_eq!(redirected(ask(shop(), &changes).unwrap_err()).0.response_mode, ResponseMode::Query);
}

#[test]
fn a_client_without_the_grant_type_is_unauthorized() {
    let service = Client { grant_types: [GrantType::ClientCredentials].into(), ..shop() };
    assert_eq!(redirected(ask(service, &[]).unwrap_err()).1, AuthorizeError::UnauthorizedClient);
}

#[test]
fn the_only_redirect_uri_may_be_left_out_without_openid() {
    let request = ask(shop(), &[("redirect_uri", ""), ("scope", "orders:read")]).unwrap();
    assert_eq!(request.redirect_uri, CALLBACK);
    let mut two = shop();
    two.redirect_uris
        .push(RedirectUri::register("https://shop.example.test/two", ApplicationType::Web).unwrap());
    page(ask(two, &[("redirect_uri", ""), ("scope", "orders:read")]).unwrap_err());
}

#[test]
fn a_loopback_client_gets_its_answer_on_the_port_it_asked_for() {
    let redirect_uris = vec![RedirectUri::register("http://127.0.0.1/cb", ApplicationType::Native).unwrap()];
    let native = Client { redirect_uris, token_endpoint_auth_method: AuthMethod::None, ..client() };
    let request = ask(native.clone(), &[("redirect_uri", "http://127.0.0.1:51004/cb")]).unwrap();
    assert_eq!(request.target().redirect_uri, "http://127.0.0.1:51004/cb");
    page(ask(native, &[("redirect_uri", "http://127.0.0.1:51004/x/../cb")]).unwrap_err());
}

#[test]
fn pkce_is_required_unless_a_confidential_client_is_exempt() {
    let nothing = [("code_challenge", ""), ("code_challenge_method", "")];
    let exempt = Client { require_pkce: false, ..shop() };
    assert_eq!(ask(exempt.clone(), &nothing).unwrap().code_challenge, None);
    let public = Client { token_endpoint_auth_method: AuthMethod::None, ..exempt };
    assert_eq!(redirected(ask(public, &nothing).unwrap_err()).1, AuthorizeError::InvalidRequest);
}

#[test]
fn an_absent_scope_means_all_that_is_registered_but_offline_access() {
    let request = ask(shop(), &[("scope", "")]).unwrap();
    assert_eq!(request.scope, scope("openid profile email orders:read orders:write"));
    let without = Client { scope: Scope::default(), ..shop() };
    assert_eq!(redirected(ask(without, &[("scope", "")]).unwrap_err()).1, AuthorizeError::InvalidScope);
}

#[test]
fn offline_access_is_granted_or_refused_but_never_dropped() {
    let request = ask(shop(), &[("scope", "openid offline_access")]).unwrap();
    assert!(request.scope.contains("offline_access"));
    let without = Client { grant_types: [GrantType::AuthorizationCode].into(), ..shop() };
    let refused = ask(without, &[("scope", "openid offline_access")]).unwrap_err();
    assert_eq!(redirected(refused).1, AuthorizeError::InvalidScope);
}

#[test]
fn unknown_prompts_are_ignored() {
    assert_eq!(ask(shop(), &[("prompt", "create Login")]).unwrap().prompt, []);
    assert_eq!(ask(shop(), &[("prompt", "none none")]).unwrap().prompt, [Prompt::None]);
    assert_eq!(
        ask(shop(), &[("prompt", "select_account  login create login")]).unwrap().prompt,
        [Prompt::SelectAccount, Prompt::Login]
    );
}

#[test]
fn max_age_defaults_to_the_clients_and_is_never_too_large() {
    let client = Client { default_max_age: Some(300), ..shop() };
    assert_eq!(ask(client.clone(), &[]).unwrap().max_age, Some(300));
    assert_eq!(ask(client.clone(), &[("max_age", "0")]).unwrap().max_age, Some(0));
    assert_eq!(ask(client, &[("max_age", "99999999999")]).unwrap().max_age, Some(u32::MAX));
}

#[test]
fn resource_may_repeat_and_counts_once() {
    let client = Client { scope: scope("openid orders:read stock:read"), ..shop() };
    let request = ask(client, &[("resource", STOCK), ("resource", ORDERS), ("resource", STOCK)]).unwrap();
    assert_eq!(request.resources, [ResourceId::from(STOCK), ResourceId::from(ORDERS)]);
}

proptest! {
    #[test]
    fn no_input_leads_to_an_unregistered_redirect_uri(
        redirect_uri in "(https://shop\\.example\\.test)?[a-z/.@:#?%\\\\]{0,30}",
        response_type in "(code|token|)",
        scope in "[ -~]{0,20}",
        prompt in "[a-z_ ]{0,20}",
    ) {
        let changes = [
            ("redirect_uri", redirect_uri.as_str()),
            ("response_type", response_type.as_str()),
            ("scope", scope.as_str()),
            ("prompt", prompt.as_str()),
        ];
        match ask(shop(), &changes) {
            Ok(request) => prop_assert_eq!(request.redirect_uri, CALLBACK),
            Err(Refused::Redirect { to, .. }) => prop_assert_eq!(to.redirect_uri, CALLBACK),
            Err(Refused::Page(_)) => {}
        }
    }

    #[test]
    fn a_granted_scope_is_registered(text in "((openid|profile|orders:read|stock:read|offline_access) ?){0,4}") {
        if let Ok(request) = ask(shop(), &[("scope", &text)]) {
            prop_assert!(request.scope.is_subset_of(&shop().scope) && !request.scope.is_empty());
        }
    }
}

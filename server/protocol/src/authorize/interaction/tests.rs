use super::*;
use crate::authorize::request::ResponseMode;
use crate::session::{Acr, Authentication, SecondStep};
use crate::token::fixtures::{client, now, scope, seconds};

struct Case {
    request: AuthorizeRequest,
    session: Option<Session>,
    partial: Option<PartialSignIn>,
    enrolled: Enrolled,
    demand: Demand,
    account: Option<bool>,
    console: bool,
    user_disabled: bool,
    hinted_user: Option<&'static str>,
    consented: Option<Scope>,
    approved: bool,
    account_confirmed: bool,
    client: Client,
}

/// Alice signed in a hundred seconds ago and has allowed all that is asked for.
fn case(change: impl FnOnce(&mut Case)) -> Next {
    let mut case = Case {
        request: AuthorizeRequest {
            client_id: "shop".into(),
            redirect_uri: "https://shop.test/cb".to_owned(),
            response_mode: ResponseMode::Query,
            scope: scope("openid email"),
            state: None,
            nonce: None,
            code_challenge: None,
            prompt: Vec::new(),
            max_age: None,
            login_hint: None,
            id_token_hint: None,
            resources: Vec::new(),
            acr_values: Vec::new(),
            ui_locales: None,
        },
        session: Some(Session {
            sid: "sid".into(),
            user_id: "alice".into(),
            authentication: Authentication {
                auth_time: now() - seconds(100),
                acr: Acr::Aal1,
                amr: vec!["pwd".to_owned()],
            },
            authenticated_in: Some("another".into()),
            second_step: None,
            created_at: now() - seconds(100),
            last_seen_at: now(),
            expires_at: now() + seconds(1000),
        }),
        partial: None,
        enrolled: Enrolled::default(),
        demand: Demand::IfEnrolled,
        account: None,
        console: false,
        user_disabled: false,
        hinted_user: None,
        consented: Some(scope("openid email profile")),
        approved: false,
        account_confirmed: false,
        client: client(),
    };
    change(&mut case);
    let facts = Facts {
        session: case.session.as_ref(),
        partial: case.partial.as_ref(),
        enrolled: case.enrolled,
        enrollable: &[Factor::Passkey, Factor::Totp],
        demand: case.demand,
        user_disabled: case.user_disabled,
        hinted_user: case.hinted_user.map(UserId::from),
        consented: case.consented.as_ref(),
        tx: &"tx".into(),
        approved: case.approved,
        account_confirmed: case.account_confirmed,
        now: now(),
    };
    let goal = match case.account {
        Some(fresh) if case.console => Goal::Console { fresh },
        Some(fresh) => Goal::Account { fresh },
        None => Goal::Authorize { request: &case.request, client: &case.client },
    };
    next(goal, &facts)
}

fn sign_in_for(reason: SignInReason) -> Next {
    Next::SignIn { reason }
}

fn authenticate_now(case: &mut Case) {
    case.session.as_mut().unwrap().authenticated_in = Some("tx".into());
}

fn error(next: Next) -> AuthorizeError {
    match next {
        Next::Refuse(refusal) => refusal.error,
        other => panic!("must be refused: {other:?}"),
    }
}

#[test]
fn a_signed_in_user_who_consented_before_goes_on() {
    assert_eq!(case(|_| ()), Next::Proceed);
    assert_eq!(case(|case| case.request.prompt = vec![Prompt::None]), Next::Proceed);
}

#[test]
fn nobody_signed_in_means_sign_in() {
    assert_eq!(case(|case| case.session = None), sign_in_for(SignInReason::NoSession));
    assert_eq!(case(|case| case.user_disabled = true), sign_in_for(SignInReason::NoSession));
    // An approval proves nothing without a session.
    let approved = |case: &mut Case| (case.session, case.approved) = (None, true);
    assert_eq!(case(approved), sign_in_for(SignInReason::NoSession));
}

#[test]
fn prompt_login_needs_an_authentication_of_this_interaction() {
    assert_eq!(
        case(|case| case.request.prompt = vec![Prompt::Login]),
        sign_in_for(SignInReason::PromptLogin)
    );
    let fresh = |case: &mut Case| {
        case.request.prompt = vec![Prompt::Login];
        case.session.as_mut().unwrap().authentication.auth_time = now();
        case.session.as_mut().unwrap().authenticated_in = None;
    };
    assert_eq!(case(fresh), sign_in_for(SignInReason::PromptLogin));
    let obeyed = |case: &mut Case| {
        case.request.prompt = vec![Prompt::Login];
        authenticate_now(case);
    };
    assert_eq!(case(obeyed), Next::Proceed);
}

#[test]
fn an_authentication_older_than_max_age_does_not_count() {
    let max_age = |seconds| move |case: &mut Case| case.request.max_age = Some(seconds);
    assert_eq!(case(max_age(99)), sign_in_for(SignInReason::MaxAge));
    assert_eq!(case(max_age(100)), Next::Proceed);
    assert_eq!(case(max_age(u32::MAX)), Next::Proceed);
}

#[test]
fn max_age_zero_needs_an_authentication_of_this_interaction() {
    let just_before = |case: &mut Case| {
        case.request.max_age = Some(0);
        case.session.as_mut().unwrap().authentication.auth_time = now();
    };
    assert_eq!(case(just_before), sign_in_for(SignInReason::MaxAge));
    let obeyed = |case: &mut Case| {
        case.request.max_age = Some(0);
        authenticate_now(case);
    };
    assert_eq!(case(obeyed), Next::Proceed);
}

/// A page may stand open for long after the sign-in; the client checks `auth_time` itself.
#[test]
fn an_authentication_of_this_interaction_grows_older_than_max_age_too() {
    let left_open = |max_age| {
        move |case: &mut Case| {
            case.request.max_age = Some(max_age);
            authenticate_now(case);
        }
    };
    assert_eq!(case(left_open(99)), sign_in_for(SignInReason::MaxAge));
    assert_eq!(case(left_open(100)), Next::Proceed);
}

#[test]
fn a_hint_to_someone_else_is_answered_by_a_sign_in_and_then_by_login_required() {
    assert_eq!(case(|case| case.hinted_user = Some("alice")), Next::Proceed);
    assert_eq!(case(|case| case.hinted_user = Some("bob")), sign_in_for(SignInReason::OtherUserHinted));
    let signed_in_anew = |case: &mut Case| {
        case.hinted_user = Some("bob");
        authenticate_now(case);
    };
    assert_eq!(error(case(signed_in_anew)), AuthorizeError::LoginRequired);
}

#[test]
fn an_account_is_selected_by_a_post_or_by_signing_in() {
    let prompt = |case: &mut Case| case.request.prompt = vec![Prompt::SelectAccount];
    assert_eq!(case(prompt), Next::SelectAccount);
    let confirmed = |case: &mut Case| {
        prompt(case);
        case.account_confirmed = true;
    };
    assert_eq!(case(confirmed), Next::Proceed);
    let signed_in = |case: &mut Case| {
        prompt(case);
        authenticate_now(case);
    };
    assert_eq!(case(signed_in), Next::Proceed);
}

#[test]
fn consent_is_asked_for_what_is_new() {
    let wanted = scope("openid email orders:read");
    let more = |case: &mut Case| case.request.scope = scope("openid email orders:read");
    assert_eq!(case(more), Next::Approve { scope: wanted, new: scope("orders:read") });
    let never = |case: &mut Case| case.consented = None;
    assert_eq!(case(never), Next::Approve { scope: scope("openid email"), new: scope("openid email") });
}

#[test]
fn offline_access_without_recorded_consent_asks_for_it() {
    let offline = |case: &mut Case| case.request.scope = scope("openid offline_access");
    assert_eq!(
        case(offline),
        Next::Approve { scope: scope("openid offline_access"), new: scope("offline_access") }
    );
    let skipped = |case: &mut Case| {
        offline(case);
        case.client.skip_consent = true;
    };
    assert_eq!(case(skipped), Next::Proceed);
    let recorded = |case: &mut Case| {
        offline(case);
        case.consented = Some(scope("openid offline_access"));
    };
    assert_eq!(case(recorded), Next::Proceed);
}

/// RFC 8252 §8.6.
#[test]
fn remembered_consent_answers_no_public_client_on_loopback_or_an_own_scheme() {
    let public = |redirect_uri: &'static str| {
        move |case: &mut Case| {
            case.client.token_endpoint_auth_method = crate::client::AuthMethod::None;
            case.request.redirect_uri = redirect_uri.to_owned();
        }
    };
    for redirect_uri in
        ["http://127.0.0.1:4000/cb", "http://localhost/cb", "http://[::1]/cb", "com.example.app:/cb"]
    {
        let asked = Next::Approve { scope: scope("openid email"), new: Scope::default() };
        assert_eq!(case(public(redirect_uri)), asked, "{redirect_uri}");
        let silent = |case: &mut Case| {
            public(redirect_uri)(case);
            case.request.prompt = vec![Prompt::None];
        };
        assert_eq!(error(case(silent)), AuthorizeError::ConsentRequired, "{redirect_uri}");
        let approved = |case: &mut Case| {
            public(redirect_uri)(case);
            case.approved = true;
        };
        assert_eq!(case(approved), Next::Proceed, "{redirect_uri}");
        // The operator's own choice, for an application of its own.
        let skipped = |case: &mut Case| {
            public(redirect_uri)(case);
            case.client.skip_consent = true;
        };
        assert_eq!(case(skipped), Next::Proceed, "{redirect_uri}");
        let confidential = |case: &mut Case| case.request.redirect_uri = redirect_uri.to_owned();
        assert_eq!(case(confidential), Next::Proceed, "{redirect_uri}");
    }
    assert_eq!(case(public("https://shop.test/cb")), Next::Proceed);
}

#[test]
fn prompt_consent_asks_again_and_needs_this_requests_own_approval() {
    let prompt = |case: &mut Case| case.request.prompt = vec![Prompt::Consent];
    assert_eq!(case(prompt), Next::Approve { scope: scope("openid email"), new: Scope::default() });
    let skipped = |case: &mut Case| {
        prompt(case);
        case.client.skip_consent = true;
    };
    assert!(matches!(case(skipped), Next::Approve { .. }));
    let approved = |case: &mut Case| {
        prompt(case);
        case.approved = true;
    };
    assert_eq!(case(approved), Next::Proceed);
}

#[test]
fn prompt_none_never_shows_a_page() {
    let silent = |change: fn(&mut Case)| {
        error(case(|case| {
            case.request.prompt = vec![Prompt::None];
            change(case);
        }))
    };
    assert_eq!(silent(|case| case.session = None), AuthorizeError::LoginRequired);
    assert_eq!(silent(|case| case.user_disabled = true), AuthorizeError::LoginRequired);
    assert_eq!(silent(|case| case.request.max_age = Some(1)), AuthorizeError::LoginRequired);
    assert_eq!(silent(|case| case.hinted_user = Some("bob")), AuthorizeError::LoginRequired);
    assert_eq!(silent(|case| case.consented = None), AuthorizeError::ConsentRequired);
}

#[test]
fn every_prompt_of_a_combination_is_obeyed() {
    let prompts = |case: &mut Case| case.request.prompt = vec![Prompt::Login, Prompt::Consent];
    assert_eq!(case(prompts), sign_in_for(SignInReason::PromptLogin));
    let signed_in = |case: &mut Case| {
        prompts(case);
        authenticate_now(case);
    };
    assert!(matches!(case(signed_in), Next::Approve { .. }));
}

mod factors;

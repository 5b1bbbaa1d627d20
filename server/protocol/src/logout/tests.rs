use super::*;
use crate::session::{Acr, Authentication};
use crate::token::fixtures::{client, now, seconds};

const BYE: &str = "https://shop.example.test/bye?x=y";

fn shop() -> Client {
    Client { post_logout_redirect_uris: vec![BYE.to_owned()], ..client() }
}

fn session() -> Session {
    Session {
        sid: "sid".into(),
        user_id: "alice".into(),
        authentication: Authentication { auth_time: now(), acr: Acr::Aal1, amr: Vec::new() },
        authenticated_in: None,
        second_step: None,
        created_at: now(),
        last_seen_at: now(),
        expires_at: now() + seconds(1000),
    }
}

fn hint(user: &str, sid: Option<&str>) -> HintClaims {
    HintClaims { client_id: "shop".into(), user_id: user.into(), sid: sid.map(SessionId::from) }
}

fn request(form: &str) -> LogoutRequest {
    LogoutRequest::parse(&Parameters::parse(form.as_bytes()).unwrap()).unwrap()
}

fn ask(form: &str, hint: Option<HintClaims>, session: Option<Session>, confirmed: bool) -> LogoutDecision {
    let client = shop();
    let facts =
        LogoutFacts { hint: hint.as_ref(), session: session.as_ref(), client: Some(&client), confirmed };
    decide(&request(form), &facts)
}

fn bye() -> String {
    url::form_urlencoded::byte_serialize(BYE.as_bytes()).collect()
}

#[test]
fn without_a_hint_the_person_is_asked() {
    assert_eq!(ask("", None, Some(session()), false), LogoutDecision::Confirm);
    assert_eq!(ask("", None, Some(session()), true), LogoutDecision::SignOut { redirect: None });
    let form = format!("client_id=shop&post_logout_redirect_uri={}", bye());
    assert_eq!(ask(&form, None, Some(session()), false), LogoutDecision::Confirm);
}

#[test]
fn a_hint_to_this_session_signs_out_at_once() {
    for sid in [Some("sid"), None] {
        let form = format!("post_logout_redirect_uri={}&state=a%26b", bye());
        let expected = LogoutDecision::SignOut { redirect: Some(format!("{BYE}&state=a%26b")) };
        assert_eq!(ask(&form, Some(hint("alice", sid)), Some(session()), false), expected);
    }
}

#[test]
fn a_hint_to_another_user_or_session_does_not_sign_out() {
    for hint in [hint("bob", None), hint("bob", Some("sid")), hint("alice", Some("other"))] {
        assert_eq!(ask("", Some(hint), Some(session()), false), LogoutDecision::Confirm);
    }
}

#[test]
fn without_a_session_there_is_nothing_to_confirm() {
    let form = format!("client_id=shop&post_logout_redirect_uri={}", bye());
    assert_eq!(ask(&form, None, None, false), LogoutDecision::SignOut { redirect: Some(BYE.to_owned()) });
    assert_eq!(ask("state=x", None, None, false), LogoutDecision::SignOut { redirect: None });
}

#[test]
fn only_an_exactly_registered_uri_is_redirected_to() {
    for uri in [
        "https://shop.example.test/bye",
        "https://shop.example.test/bye?x=y%26",
        "https://shop.example.test/bye?x=y%23",
        "https://evil.example.test/",
        "javascript:alert(1)",
    ] {
        for confirmed in [false, true] {
            let form = format!("post_logout_redirect_uri={uri}");
            let decision = ask(&form, Some(hint("alice", None)), Some(session()), confirmed);
            assert!(matches!(decision, LogoutDecision::Refuse(_)), "{uri}");
        }
    }
}

#[test]
fn a_redirect_needs_a_known_client() {
    let form = format!("client_id=gone&post_logout_redirect_uri={}", bye());
    let facts = LogoutFacts { hint: None, session: None, client: None, confirmed: true };
    assert!(matches!(decide(&request(&form), &facts), LogoutDecision::Refuse(_)));
    // Another client's URIs don't count, even if it was looked up by mistake.
    assert!(matches!(ask(&form, None, None, true), LogoutDecision::Refuse(_)));
    let nameless = format!("post_logout_redirect_uri={}", bye());
    assert!(matches!(ask(&nameless, None, None, true), LogoutDecision::Refuse(_)));
}

#[test]
fn client_id_must_be_the_hints() {
    let decision = ask("client_id=other", Some(hint("alice", None)), Some(session()), true);
    assert!(matches!(decision, LogoutDecision::Refuse(_)));
}

#[test]
fn repeated_parameters_are_refused_and_unknown_ones_ignored() {
    let parse = |form: &str| LogoutRequest::parse(&Parameters::parse(form.as_bytes()).unwrap());
    for name in ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"] {
        let refusal = parse(&format!("{name}=a&{name}=b")).err().unwrap();
        assert_eq!(refusal.error, AuthorizeError::InvalidRequest);
    }
    assert!(parse("x=1&x=2&logout_hint=alice").is_ok());
}

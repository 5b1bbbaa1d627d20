//! Pages about sessions, the emergency and tokens to come.

use super::{form, frame, minutes_ago, sample, shop, url};
use crate::pages::account::SessionLine;
use crate::pages::console::*;
use crate::pages::samples::Sample;
use signet_protocol::registration::FieldError;

pub(super) fn all() -> Vec<Sample> {
    [sessions(), emergency(), preview(), trial()].into_iter().flatten().collect()
}

fn sessions() -> Vec<Sample> {
    let line = |odd: bool| SessionOf {
        base: url(),
        username: Some("alice".to_owned()).filter(|_| odd),
        user_id: "1".to_owned(),
        session: SessionLine {
            sid: "1".to_owned(),
            here: odd,
            browser: odd.then_some("Firefox"),
            system: odd.then_some("Linux"),
            address: Some("192.0.2.1".to_owned()).filter(|_| odd),
            since: minutes_ago(9, None),
            seen: minutes_ago(5, None),
        },
    };
    let full = ConsoleSessions {
        frame: frame(),
        action: url(),
        user: "alice".to_owned(),
        client: "shop".to_owned(),
        by_user: true,
        by_client: true,
        may_end: true,
        sessions: vec![line(true), line(false)],
        next_url: Some(url()),
    };
    let none = ConsoleSessions {
        sessions: Vec::new(),
        next_url: None,
        by_user: false,
        by_client: false,
        may_end: false,
        ..full.clone()
    };
    vec![sample("console sessions", &full), sample("console sessions, none", &none)]
}

fn emergency() -> Vec<Sample> {
    let fault = |field: &str| FieldError { field: field.to_owned(), message: "is wrong".to_owned() };
    let page = |faults: &[FieldError]| ConsoleEmergency {
        frame: frame(),
        form: form(),
        sessions: Count::of(2),
        grants: Count::of(1),
        word: "id.example.test".to_owned(),
        reason: "A drill".to_owned(),
        problems: problems(faults),
    };
    let crowd = Count::of(10_000);
    let crowded = ConsoleEmergency { sessions: crowd, grants: crowd, ..page(&[]) };
    let ended = ConsoleEverythingEnded { sessions: 1, grants: 2, console_url: url() };
    vec![
        sample("console emergency", &page(&[])),
        sample("console emergency, very many", &crowded),
        sample("console emergency, wrong", &page(&[fault("reason"), fault("word")])),
        sample("console emergency, over", &ended),
    ]
}

fn preview() -> Vec<Sample> {
    let claim = |scope: Option<&str>, source: Option<&str>| ClaimLine {
        name: "roles".to_owned(),
        value: "[\"clerk\"]".to_owned(),
        scope: scope.map(str::to_owned),
        source: source.map(str::to_owned),
    };
    let token = TokenClaims {
        claims: vec![claim(Some("roles"), None), claim(None, Some("groups")), claim(None, None)],
        left_out: "groups".to_owned(),
    };
    let role = |group: Option<&str>| ToldRole {
        name: "clerk".to_owned(),
        group: group.map(str::to_owned),
        told: group.is_some(),
    };
    let seen = Previewed {
        sub: "1".to_owned(),
        scope: "openid roles".to_owned(),
        withheld: "orders:write".to_owned(),
        aud: vec!["https://api.example.test".to_owned()],
        access_token: token.clone(),
        id_token: Some(token.clone()),
        userinfo: vec![claim(Some("profile"), None)],
        roles: vec![role(Some("sales")), role(None)],
        groups: vec!["sales".to_owned()],
    };
    let bare = Previewed {
        withheld: String::new(),
        access_token: TokenClaims { claims: Vec::new(), left_out: String::new() },
        id_token: None,
        userinfo: Vec::new(),
        roles: Vec::new(),
        groups: Vec::new(),
        ..seen.clone()
    };
    let fault = |field: &str| FieldError { field: field.to_owned(), message: "is wrong".to_owned() };
    let page = |seen: Option<Previewed>, faults: &[FieldError]| ConsolePreview {
        frame: frame(),
        action: url(),
        name: shop(),
        client_id: "shop".to_owned(),
        user: "alice".to_owned(),
        by_user: true,
        own: !faults.is_empty(),
        resource: "https://api.example.test".to_owned(),
        resources: vec!["https://api.example.test".to_owned()],
        scopes: [true, false].map(|ticked| PreviewScope { value: "openid".to_owned(), ticked }).into(),
        problems: problems(faults),
        seen,
        back_url: url(),
    };
    let wrong = page(None, &[fault("user"), fault("scope"), fault("resource")]);
    let lonely = ConsolePreview { resources: Vec::new(), by_user: false, ..page(Some(bare), &[]) };
    vec![
        sample("console preview", &page(Some(seen), &[])),
        sample("console preview, bare", &lonely),
        sample("console preview, wrong", &wrong),
    ]
}

fn trial() -> Vec<Sample> {
    let full = ConsoleTrial {
        frame: frame(),
        form: form(),
        name: shop(),
        redirect_uris: vec![url()],
        scopes: vec![PreviewScope { value: "openid".to_owned(), ticked: true }],
        resources: vec![url()],
        back_url: url(),
    };
    let bare = ConsoleTrial { scopes: Vec::new(), resources: Vec::new(), ..full.clone() };
    vec![sample("console trial", &full), sample("console trial, no scopes", &bare)]
}

//! The console's pages with invented values.

mod audit;
mod endings;
mod operations;
mod people;
mod roles;

use super::*;
use crate::pages::Words;
use crate::pages::samples::{Sample, form, minutes_ago, sample, shop};
use signet_protocol::explanation::{KeptRule, Rule};
use signet_protocol::registration::FieldError;
use signet_protocol::registration::lint::Lint;

pub(crate) fn all() -> Vec<Sample> {
    [
        lists(),
        refusals(),
        registering(),
        one_client(),
        asking(),
        audit::all(),
        people::all(),
        roles::all(),
        endings::all(),
        operations::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn url() -> String {
    "/sample".to_owned()
}

fn frame() -> ConsoleFrame {
    ConsoleFrame {
        links: vec![AccountLink { url: url(), label: Words("console-clients"), current: true }],
        name: "Alice Example".to_owned(),
        account_url: url(),
        sign_out_url: url(),
        done: None,
        again_url: None,
    }
}

fn lists() -> Vec<Sample> {
    let line = |public, disabled| ClientLine {
        url: url(),
        name: shop(),
        client_id: "shop".to_owned(),
        public,
        disabled,
        changed: minutes_ago(5, None),
    };
    let some = ConsoleClients {
        frame: ConsoleFrame { done: Some(Words("console-done-removed")), ..frame() },
        action: url(),
        search: String::new(),
        clients: vec![line(true, true), line(false, false)],
        next_url: Some(url()),
        new_url: Some(url()),
    };
    let none = ConsoleClients { clients: Vec::new(), next_url: None, new_url: None, ..some.clone() };
    let not_found = ConsoleClients { search: "x".to_owned(), ..none.clone() };
    let kinds = ClientKind::ALL.iter().map(|kind| kind.choice(url())).collect();
    vec![
        sample("console clients", &some),
        sample("console clients, none", &none),
        sample("console clients, none found", &not_found),
        sample("console kinds", &ConsoleKinds { frame: frame(), kinds }),
    ]
}

fn refusals() -> Vec<Sample> {
    let rule = Rule::RedirectUriUnregistered;
    let explained = Explained {
        rule: rule.name().to_owned(),
        about: Words(rule.about()),
        clause: Some(rule.clause()),
        rule_url: url(),
        mend: Words(rule.mend()),
        expected: vec!["https://shop.test/callback".to_owned(), "https://shop.test/cb".to_owned()],
        came: Some("https://shop.test/callback/".to_owned()),
        difference: Some(Differing {
            same: "https://shop.test/callback".to_owned(),
            expected: String::new(),
            came: "/".to_owned(),
        }),
        code: "invalid_request".to_owned(),
        status: 400,
        reason: "redirect_uri is not one that is registered for this application".to_owned(),
        endpoint: "GET /oauth/authorize".to_owned(),
        at: minutes_ago(5, None),
        address: Some("192.0.2.7".to_owned()),
        client_id: Some("shop".to_owned()),
        client_url: Some(url()),
        alike: 3,
    };
    let line = RefusalLine {
        url: url(),
        about: Words(rule.about()),
        rule: rule.name().to_owned(),
        endpoint: "GET /oauth/authorize".to_owned(),
        client_id: Some("shop".to_owned()),
        at: minutes_ago(5, None),
        alike: 3,
    };
    let every =
        |rule: &Rule| RefusalLine { about: Words(rule.about()), client_id: None, alike: 0, ..line.clone() };
    let page = ConsoleRefusals {
        frame: frame(),
        action: url(),
        id: "0123456789012345678901".to_owned(),
        kept: true,
        explained: Some(explained.clone()),
        client_id: Some("shop".to_owned()),
        latest: vec![line.clone()],
        next_url: Some(url()),
    };
    let plain = Explained { difference: None, client_url: None, alike: 0, ..explained };
    let plain_page = ConsoleRefusals {
        explained: Some(plain.clone()),
        client_id: None,
        latest: Rule::ALL.iter().map(every).collect(),
        ..page.clone()
    };
    let unknown = KeptRule::Unknown("rule-of-tomorrow".to_owned());
    let unknown = Explained {
        rule: unknown.name().to_owned(),
        about: Words(unknown.about()),
        mend: Words(unknown.mend()),
        clause: None,
        ..plain
    };
    let unknown = ConsoleRefusals { explained: Some(unknown), ..page.clone() };
    let none = ConsoleRefusals { explained: None, kept: false, latest: Vec::new(), ..page.clone() };
    vec![
        sample("console refusals, explained", &page),
        sample("console refusals, every rule", &plain_page),
        sample("console refusals, unknown rule", &unknown),
        sample("console refusals, none", &none),
    ]
}

fn fields(people: bool, faulty: &[&str]) -> ClientForm {
    let kind = if people { ClientKind::Web } else { ClientKind::Service };
    let fault = |field: &&str| FieldError { field: (*field).to_owned(), message: "is wrong".to_owned() };
    let faults: Vec<_> = faulty.iter().map(fault).collect();
    let api = signet_protocol::permission::administration("https://id.example.test");
    let lost = ScopeGroup {
        api: None,
        lost: true,
        scopes: vec![ScopeChoice { value: "gone".to_owned(), title: None, ticked: true }],
    };
    let mut form = ClientForm::again(kind, &Default::default(), &faults, &[api]);
    form.skip_consent = Some(true);
    form.claims = Some("team: attributes.department".to_owned());
    form.scopes.push(lost);
    form
}

fn registering() -> Vec<Sample> {
    let mut samples = Vec::new();
    for kind in ClientKind::ALL {
        let page = ConsoleNewClient {
            frame: frame(),
            form: form(),
            kind: kind.words(),
            fields: fields(kind.has_people(), &["client_name", "client_id", "redirect_uris", "scope"]),
        };
        samples.push(sample("console new client", &page));
    }
    let snippet = Snippet { title: "curl", text: "curl".to_owned() };
    let made = ConsoleClientMade {
        frame: frame(),
        name: shop(),
        client_id: "shop".to_owned(),
        secret: Some("secret".to_owned()),
        url: url(),
        snippets: vec![snippet],
    };
    let public = ConsoleClientMade { secret: None, snippets: Vec::new(), ..made.clone() };
    samples.extend([sample("console client made", &made), sample("console client made, public", &public)]);
    samples
}

fn one_client() -> Vec<Sample> {
    let settings = Settings {
        method: Words("method-secret-basic"),
        grant_types: vec!["authorization_code", "refresh_token"],
        native: true,
        pkce: true,
        has_secret: true,
        id_token_alg: Some("RS256"),
        access_token_lifetime: Some(600),
    };
    let secret = |over| SecretLine { made: minutes_ago(9, None), expires: Some(minutes_ago(5, None)), over };
    let full = ConsoleClient {
        frame: frame(),
        name: shop(),
        client_id: "shop".to_owned(),
        disabled: true,
        managed: true,
        settings: settings.clone(),
        lints: lint_lines(Lint::ALL, &["orders:read", "orders:write"]),
        secrets: vec![secret(true), secret(false), SecretLine { expires: None, ..secret(false) }],
        snippets: vec![Snippet { title: "curl", text: "curl".to_owned() }],
        form: Some(form()),
        fields: fields(true, &["overtaken", "client_name", "post_logout_redirect_uris"]),
        claims: None,
        preview_url: url(),
        try_url: Some(url()),
        secret_url: url(),
        state_url: url(),
        remove_url: url(),
        history: Some(audit::history()),
    };
    let bare = ConsoleClient {
        history: Some(History { lines: Vec::new(), all_url: url() }),
        disabled: false,
        managed: false,
        settings: Settings {
            native: false,
            pkce: false,
            id_token_alg: None,
            access_token_lifetime: None,
            ..settings
        },
        lints: Vec::new(),
        secrets: Vec::new(),
        snippets: Vec::new(),
        fields: fields(false, &[]),
        ..full.clone()
    };
    let claims = Some("tenant: = acme".to_owned());
    let seen = ConsoleClient { form: None, claims, history: None, ..full.clone() };
    vec![
        sample("console client", &full),
        sample("console client, bare", &bare),
        sample("console client, seen by an auditor", &seen),
    ]
}

fn asking() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (action, disabled) in [("secret", false), ("state", false), ("state", true), ("remove", false)] {
        let Some(asked) = Asked::of_client(action, disabled) else { continue };
        let page = ConsoleAsk {
            frame: frame(),
            form: form(),
            name: shop(),
            id: Some("shop".to_owned()),
            asked,
            back_url: url(),
        };
        samples.push(sample("console question", &page));
    }
    for others_until in [Some(minutes_ago(5, None)), None] {
        let page = ConsoleSecret {
            frame: frame(),
            name: shop(),
            secret: "secret".to_owned(),
            others_until,
            url: url(),
        };
        samples.push(sample("console secret", &page));
    }
    samples
}

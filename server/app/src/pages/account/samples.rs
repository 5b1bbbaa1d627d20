//! The account's pages with invented values.

use super::*;
use crate::pages::samples::{Sample, form, link, minutes_ago, sample, shop};
use crate::pages::scope_lines;
use crate::pages::{AskProblem, ChoiceProblem, Fault, Wait, When};
use signet_protocol::own_profile::{ClaimFault, own_claims};
use signet_protocol::scope::Scope;
use signet_protocol::user::Profile;

pub(crate) fn all() -> Vec<Sample> {
    [overview_and_profile(), email(), password(), security(), sessions(), applications(), history(), data()]
        .into_iter()
        .flatten()
        .collect()
}

fn at(minutes: i64) -> When {
    minutes_ago(minutes, Some("Europe/Berlin"))
}

fn frame() -> Frame {
    let link = |label, current| AccountLink { url: "/sample".to_owned(), label, current };
    Frame {
        links: vec![link(Words("account-overview"), true), link(Words("account-profile"), false)],
        name: "Alice Example".to_owned(),
        sign_out_url: "/sample".to_owned(),
        done: None,
    }
}

fn overview_and_profile() -> Vec<Sample> {
    let overview = AccountOverview {
        frame: frame(),
        username: "alice".to_owned(),
        email: Some("alice@example.test".to_owned()),
        email_verified: true,
        email_pending: None,
        email_url: "/sample".to_owned(),
        verify_form: None,
        verify_problem: None,
        signed_in_at: at(0),
        app: true,
        passkey: true,
        advised: false,
        security_url: "/sample".to_owned(),
        sessions: 2,
        applications: 1,
    };
    let unverified = AccountOverview { email_verified: false, verify_form: Some(form()), ..overview.clone() };
    let [limited, busy, unfit] = not_asked().map(Some);
    let moving = Some("alice@example.com".to_owned());
    let done = Frame { done: Some(Words("done-profile")), ..frame() };
    let alice = Profile { name: Some("Alice Example".to_owned()), ..Profile::default() };
    let profile = |faults: &[(&'static str, ClaimFault)]| AccountProfile {
        frame: frame(),
        form: form(),
        username: "alice".to_owned(),
        fields: claim_fields(own_claims(&alice), faults),
        overtaken: false,
    };
    vec![
        sample("account", &overview),
        sample("account-unverified", &unverified),
        sample("account-verify-limited", &AccountOverview { verify_problem: limited, ..unverified.clone() }),
        sample("account-verify-busy", &AccountOverview { verify_problem: busy, ..unverified.clone() }),
        sample("account-verify-unfit", &AccountOverview { verify_problem: unfit, ..unverified }),
        sample("account-moving", &AccountOverview { email_pending: moving, ..overview.clone() }),
        sample(
            "account-bare",
            &AccountOverview { email: None, sessions: 1, applications: 0, app: false, ..overview.clone() },
        ),
        sample(
            "account-unprotected",
            &AccountOverview { app: false, passkey: false, advised: true, ..overview.clone() },
        ),
        sample("account-app", &AccountOverview { passkey: false, ..overview.clone() }),
        sample("account-done", &AccountOverview { frame: done, ..overview }),
        sample("account-profile", &profile(&[])),
        sample("account-profile-faulty", &profile(&[("picture", ClaimFault::Link)])),
        sample("account-profile-overtaken", &AccountProfile { overtaken: true, ..profile(&[]) }),
    ]
}

fn not_asked() -> [AskProblem; 3] {
    [AskProblem::Limited { wait: Wait(300) }, AskProblem::Busy { wait: Wait(5) }, AskProblem::Unfit]
}

fn email() -> Vec<Sample> {
    let page = AccountEmail {
        frame: frame(),
        form: form(),
        email: Some("alice@example.test".to_owned()),
        email_verified: true,
        offered: true,
        typed: String::new(),
        pending: None,
        problem: None,
    };
    let pending = |confirmed, approved| {
        let address = "alice@example.com".to_owned();
        let pending = PendingChange { address, confirmed, approved, until: at(0) };
        AccountEmail { pending: Some(pending), ..page.clone() }
    };
    let problem = |problem| AccountEmail { problem: Some(problem), ..page.clone() };
    let [limited, busy, unfit] =
        not_asked().map(|not_asked| problem(EmailProblem::NotAsked { problem: not_asked }));
    vec![
        sample("account-email", &page),
        sample("account-email-first", &AccountEmail { email: None, email_verified: false, ..page.clone() }),
        sample("account-email-unverified", &AccountEmail { email_verified: false, ..page.clone() }),
        sample("account-email-no-mail", &AccountEmail { offered: false, ..page.clone() }),
        sample("account-email-pending", &pending(false, Some(false))),
        sample("account-email-confirmed", &pending(true, Some(false))),
        sample("account-email-approved", &pending(false, Some(true))),
        sample("account-email-pending-alone", &pending(false, None)),
        sample("account-email-same", &problem(EmailProblem::Same)),
        sample("account-email-name-stays", &problem(EmailProblem::NameStays)),
        sample("account-email-domain", &problem(EmailProblem::Domain { domains: "example.test".to_owned() })),
        sample("account-email-limited", &limited),
        sample("account-email-busy", &busy),
        sample("account-email-unfit", &unfit),
    ]
}

fn password() -> Vec<Sample> {
    let page = AccountPassword {
        frame: frame(),
        form: form(),
        username: "alice".to_owned(),
        has_password: true,
        min_length: 12,
        current: None,
        problem: None,
    };
    let wrong = |current| AccountPassword { current: Some(current), ..page.clone() };
    let faults = ["too-short", "too-long", "breached", "own-words", "guessable"];
    let faults = faults.map(|kind| Fault { kind, count: 12 }).to_vec();
    let faulty = ChoiceProblem { faults, ..ChoiceProblem::default() };
    let busy = ChoiceProblem { wait: Some(Wait(5)), ..ChoiceProblem::default() };
    vec![
        sample("account-password", &page),
        sample("account-password-first", &AccountPassword { has_password: false, ..page.clone() }),
        sample("account-password-wrong", &wrong(CurrentProblem::Wrong)),
        sample("account-password-limited", &wrong(CurrentProblem::Limited { wait: Wait(300) })),
        sample("account-password-faulty", &AccountPassword { problem: Some(faulty), ..page.clone() }),
        sample("account-password-busy", &AccountPassword { problem: Some(busy), ..page.clone() }),
    ]
}

fn security() -> Vec<Sample> {
    let passkey = |name: Option<&str>, synchronised| PasskeyLine {
        id: "p1".to_owned(),
        name: name.map(str::to_owned),
        synchronised,
        since: at(0),
        last_used: synchronised.then(|| at(0)),
    };
    let browser = |browser, system| BrowserLine {
        id: "d1".to_owned(),
        browser,
        system,
        address: browser.map(|_| "192.0.2.1".to_owned()),
        since: at(60),
        until: at(0),
    };
    let page = AccountSecurity {
        frame: frame(),
        form: form(),
        required: true,
        any: true,
        app: Some(AppLine { since: at(60), last_used: Some(at(0)) }),
        passkeys: vec![passkey(Some("Laptop"), true), passkey(None, false)],
        recovery_codes: 7,
        browsers: vec![
            browser(Some("Firefox"), Some("Linux")),
            browser(None, Some("Android")),
            browser(None, None),
        ],
        add_app_url: "/sample".to_owned(),
        add_passkey_url: Some("/sample".to_owned()),
        problem: None,
    };
    let none = AccountSecurity {
        required: false,
        any: false,
        app: None,
        passkeys: Vec::new(),
        recovery_codes: 0,
        browsers: Vec::new(),
        add_passkey_url: None,
        ..page.clone()
    };
    let problem = |problem| AccountSecurity { problem: Some(problem), ..page.clone() };
    let codes = vec!["abcd-efgh-ijkl-mnop".to_owned()];
    vec![
        sample("account-security", &page),
        sample("account-security-none", &none),
        sample("account-security-none-though-required", &AccountSecurity { required: true, ..none.clone() }),
        sample("account-security-few-codes", &AccountSecurity { recovery_codes: 0, ..page.clone() }),
        sample("account-security-last", &problem(SecurityProblem::Last)),
        sample("account-security-name", &problem(SecurityProblem::Name)),
        sample(
            "account-recovery-codes",
            &AccountRecoveryCodes { frame: frame(), codes, back_url: "/sample".to_owned() },
        ),
    ]
}

fn sessions() -> Vec<Sample> {
    let line = |browser, system, here| SessionLine {
        sid: "s1".to_owned(),
        here,
        browser,
        system,
        address: Some("192.0.2.1".to_owned()),
        since: at(0),
        seen: at(60),
    };
    let page = AccountSessions {
        frame: frame(),
        form: form(),
        sessions: vec![
            line(Some("Firefox"), Some("Linux"), true),
            line(Some("Chrome"), None, false),
            line(None, Some("Android"), false),
            SessionLine { address: None, ..line(None, None, false) },
        ],
    };
    let alone = AccountSessions { sessions: page.sessions[..1].to_vec(), ..page.clone() };
    vec![sample("account-sessions", &page), sample("account-sessions-alone", &alone)]
}

fn applications() -> Vec<Sample> {
    let scope = Scope::parse("openid profile orders:read").unwrap_or_default();
    let line = ApplicationLine {
        client_id: "shop".to_owned(),
        name: shop(),
        uri: link("https://shop.example.test/"),
        scopes: scope_lines(&scope, &Scope::default(), &[]),
        since: at(0),
        last_used: Some(at(60)),
        offline: true,
    };
    let quiet = ApplicationLine { uri: None, last_used: None, offline: false, ..line.clone() };
    let page = AccountApplications { frame: frame(), form: form(), applications: vec![line, quiet] };
    let none = AccountApplications { applications: Vec::new(), ..page.clone() };
    vec![sample("account-applications", &page), sample("account-applications-none", &none)]
}

fn history() -> Vec<Sample> {
    let line = |event: &str, application, count| {
        what_happened(event).map(|(what, warns)| EventLine {
            what,
            warns,
            at: at(0),
            address: Some("192.0.2.1".to_owned()),
            application,
            count,
        })
    };
    let events = [
        line("sign_in_succeeded", Some(shop()), 1),
        line("sign_in_failed", None, 17),
        line("session_ended", None, 1).map(|line| EventLine { address: None, ..line }),
    ];
    let page = AccountHistory {
        frame: frame(),
        events: events.into_iter().flatten().collect(),
        older_url: Some("/sample".to_owned()),
    };
    let none = AccountHistory { events: Vec::new(), older_url: None, ..page.clone() };
    vec![sample("account-history", &page), sample("account-history-none", &none)]
}

fn data() -> Vec<Sample> {
    let address = || "/sample".to_owned();
    let page = AccountData { frame: frame(), export_url: address(), delete_url: address(), grace_days: 14 };
    let delete = AccountDelete {
        frame: frame(),
        form: form(),
        account: "alice@example.test".to_owned(),
        applications: vec![shop()],
        grace_days: 14,
        refused: false,
    };
    let leaving = AccountLeaving { at: at(0), form: Some(form()), url: address() };
    vec![
        sample("account-data", &page),
        sample("account-delete", &delete),
        sample("account-delete-refused", &AccountDelete { refused: true, ..delete.clone() }),
        sample(
            "account-delete-at-once",
            &AccountDelete { applications: vec![], grace_days: 0, ..delete.clone() },
        ),
        sample("account-leaving", &leaving),
        sample("account-left", &AccountLeaving { form: None, ..leaving }),
    ]
}

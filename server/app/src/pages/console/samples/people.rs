//! Pages about people.

use super::{form, frame, minutes_ago, sample, url};
use crate::pages::Words;
use crate::pages::account::{AppLine, PasskeyLine, SessionLine};
use crate::pages::console::*;
use crate::pages::samples::Sample;
use signet_protocol::environment::Moment;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_protocol::user::{Profile, User};

pub(super) fn all() -> Vec<Sample> {
    [lists(), new_users(), one(), changing(), asking()].into_iter().flatten().collect()
}

fn name() -> String {
    "Alice Example".to_owned()
}

fn alice() -> User {
    User {
        id: "1".into(),
        username: "alice".to_owned(),
        email: Some("alice@example.test".to_owned()),
        email_verified: true,
        profile: Profile::default(),
        roles: Vec::new(),
        disabled: false,
        password_hash: None,
        updated_at: Moment::UNIX_EPOCH,
    }
}

fn faults(fields: &[&str]) -> Vec<FieldError> {
    let fault = |field: &&str| FieldError { field: (*field).to_owned(), message: "is wrong".to_owned() };
    fields.iter().map(fault).collect()
}

fn lists() -> Vec<Sample> {
    let line = |odd| UserLine {
        url: url(),
        name: name(),
        username: "alice".to_owned(),
        email: Some("alice@example.test".to_owned()).filter(|_| odd),
        roles: vec!["admin".to_owned()],
        disabled: odd,
        leaving: odd,
        changed: minutes_ago(5, None),
    };
    let some = ConsoleUsers {
        frame: frame(),
        action: url(),
        search: String::new(),
        state: "active".to_owned(),
        role: "admin".to_owned(),
        roles: vec!["admin".to_owned()],
        users: vec![line(true), line(false)],
        next_url: Some(url()),
        new_url: Some(url()),
    };
    let none = ConsoleUsers { users: Vec::new(), next_url: None, new_url: None, ..some.clone() };
    let off = ConsoleUsers { state: "disabled".to_owned(), role: String::new(), ..none.clone() };
    [some, none, off].iter().map(|page| sample("console people", page)).collect()
}

pub(super) fn roles() -> Vec<RoleChoice> {
    let role = |odd: bool| RoleChoice {
        name: "admin".to_owned(),
        title: role_title("admin").filter(|_| odd),
        description: Some("Manages".to_owned()),
        client_id: Some("shop".to_owned()).filter(|_| odd),
        administers: odd,
        ticked: odd,
        givable: !odd,
    };
    vec![role(true), role(false), RoleChoice { description: None, ..role(false) }]
}

fn new_users() -> Vec<Sample> {
    let faulty = faults(&["username", "email", "name", "locale", "password", "roles"]);
    let page = |invites| ConsoleNewUser {
        frame: frame(),
        form: form(),
        invites,
        other_url: url(),
        fields: NewUserFields::again(&Parameters::default(), problems(&faulty)),
        roles: roles(),
    };
    let link = |unit| ConsoleLink {
        frame: frame(),
        heading: Words("link-invitation"),
        name: name(),
        link: "https://id.example.test/join?token=x".to_owned(),
        count: 7,
        unit,
        url: url(),
    };
    vec![
        sample("console new person", &page(true)),
        sample("console new person with a password", &page(false)),
        sample("console link for days", &link("days")),
        sample("console link for minutes", &link("minutes")),
    ]
}

fn one() -> Vec<Sample> {
    let passkey = |odd| PasskeyLine {
        id: "1".to_owned(),
        name: Some("Key".to_owned()).filter(|_| odd),
        synchronised: odd,
        since: minutes_ago(9, None),
        last_used: odd.then(|| minutes_ago(5, None)),
    };
    let session = |odd| SessionLine {
        sid: "1".to_owned(),
        here: odd,
        browser: odd.then_some("Firefox"),
        system: odd.then_some("Linux"),
        address: Some("192.0.2.1".to_owned()).filter(|_| odd),
        since: minutes_ago(9, None),
        seen: minutes_ago(5, None),
    };
    let full = ConsoleUser {
        frame: frame(),
        base: url(),
        name: name(),
        facts: UserFacts {
            id: "1".to_owned(),
            username: "alice".to_owned(),
            email: Some("alice@example.test".to_owned()),
            email_verified: true,
            has_password: true,
            disabled: true,
            managed: true,
            deletes: Some(minutes_ago(5, None)),
            created: minutes_ago(9, None),
            changed: minutes_ago(5, None),
            attributes: "department: Sales\nfloor: 3".to_owned(),
        },
        may: MayDo { change: true, group: true, unlock: true, end_sessions: true, end_grants: true },
        above: Some(permission_words(Permission::UsersWrite)),
        roles: vec![held("admin", None), held("clerk", Some("sales"))],
        groups: vec![GroupLink { name: "sales".to_owned(), url: Some(url()) }],
        factors: FactorLines {
            app: Some(AppLine { since: minutes_ago(9, None), last_used: Some(minutes_ago(5, None)) }),
            passkeys: vec![passkey(true), passkey(false)],
            recovery_codes: 1,
            remembered: 2,
        },
        sessions: Some(vec![session(true), session(false)]),
        grants: Some(vec![grant(true), grant(false)]),
        history: Some(super::audit::history()),
    };
    let mut bare = ConsoleUser {
        may: MayDo { change: false, group: false, unlock: false, end_sessions: false, end_grants: false },
        above: None,
        roles: Vec::new(),
        groups: vec![GroupLink { name: "sales".to_owned(), url: None }],
        factors: FactorLines { app: None, passkeys: Vec::new(), recovery_codes: 0, remembered: 0 },
        sessions: Some(Vec::new()),
        grants: Some(Vec::new()),
        ..full.clone()
    };
    bare.facts = UserFacts {
        email: None,
        has_password: false,
        disabled: false,
        managed: false,
        deletes: None,
        attributes: String::new(),
        ..bare.facts
    };
    let blind =
        ConsoleUser { sessions: None, grants: None, history: None, groups: Vec::new(), ..bare.clone() };
    vec![
        sample("console person", &full),
        sample("console person, bare", &bare),
        sample("console person, seen by few", &blind),
    ]
}

fn held(name: &str, group: Option<&str>) -> HeldRole {
    HeldRole { name: name.to_owned(), title: role_title(name), group: group.map(str::to_owned) }
}

fn grant(odd: bool) -> GrantLine {
    GrantLine {
        id: "1".to_owned(),
        client_id: "shop".to_owned(),
        client_url: odd.then(url),
        scope: "openid".to_owned(),
        offline: odd,
        since: minutes_ago(9, None),
    }
}

fn changing() -> Vec<Sample> {
    let faulty = faults(&[
        "overtaken",
        "username",
        "email",
        "email_verified",
        "phone_number_verified",
        "name",
        "attributes",
    ]);
    let edit = |fields, managed| ConsoleUserEdit {
        frame: frame(),
        form: form(),
        name: name(),
        managed,
        fields,
        back_url: url(),
    };
    let roles = |faulty: &[FieldError]| ConsoleUserRoles {
        frame: frame(),
        form: form(),
        name: name(),
        roles: roles(),
        problems: problems(faulty),
        back_url: url(),
    };
    let groups = |unknown, names: Vec<String>| ConsoleUserGroups {
        frame: frame(),
        form: form(),
        name: name(),
        groups: names.clone(),
        others: names,
        unknown,
        back_url: url(),
    };
    vec![
        sample("console person's data", &edit(UserForm::of(&alice()), false)),
        sample(
            "console person's data, wrong",
            &edit(UserForm::again(&alice(), &Parameters::default(), &faulty), true),
        ),
        sample("console person's roles", &roles(&[])),
        sample("console person's roles, wrong", &roles(&faulty)),
        sample("console person's groups", &groups(false, Vec::new())),
        sample("console person's groups, wrong", &groups(true, vec!["sales".to_owned()])),
    ]
}

fn asking() -> Vec<Sample> {
    let mut samples = Vec::new();
    for action in ["password", "unlock", "state", "end-all", "remove", "factors", "sessions", "grants"] {
        for (disabled, all) in [(false, false), (true, true)] {
            let Some(asked) = Asked::of_user(action, disabled, all) else { continue };
            let page = ConsoleAsk {
                frame: frame(),
                form: form(),
                name: name(),
                id: Some("alice".to_owned()),
                asked,
                back_url: url(),
            };
            samples.push(sample("console question about a person", &page));
        }
    }
    samples
}

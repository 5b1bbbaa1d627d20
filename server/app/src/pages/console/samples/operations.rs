//! The pages of those who run the server.

use super::{frame, url};
use crate::pages::console::*;
use crate::pages::samples::{Sample, form, minutes_ago, sample};
use crate::pages::{Times, Words};
use serde_json::{Value, json};
use signet_protocol::environment::Moment;
use signet_protocol::id::KeyId;
use signet_protocol::parameters::Parameters;
use signet_protocol::registration::FieldError;
use signet_service::admin::{KeyPurpose, KeyRow, KeyStatus};
use signet_service::configuration::{ConfiguredKey, Source};
use signet_service::limits::LimitTable;

pub(super) fn all() -> Vec<Sample> {
    [keys(), mails(), apis(), settings(), overview(), limits()].into_iter().flatten().collect()
}

fn key(state: &'static str) -> KeyLine {
    let at = Some(Moment::UNIX_EPOCH);
    let row = KeyRow {
        kid: KeyId::new("kid"),
        purpose: KeyPurpose::Jwt,
        alg: "ES256".to_owned(),
        public: None,
        sealed: Vec::new(),
        created_at: Moment::UNIX_EPOCH,
        activates_at: Moment::UNIX_EPOCH,
        retires_at: at,
        unpublish_at: at,
        revoked_at: at.filter(|_| state == "revoked"),
    };
    KeyLine::of(KeyStatus { row, state }, Times::of(None, Moment::UNIX_EPOCH), Some(url()))
}

fn keys() -> Vec<Sample> {
    let all = ["next", "current", "retiring", "retired", "revoked"].map(key);
    let some = ConsoleKeys {
        frame: frame(),
        keys: all.to_vec(),
        old: all.to_vec(),
        algorithms: vec!["ES256".to_owned()],
        form: Some(form()),
    };
    let seen = ConsoleKeys { form: None, old: Vec::new(), ..some.clone() };
    let ask = ConsoleAskKey {
        frame: frame(),
        form: Some(form()),
        key: key("current"),
        signs: true,
        clients: names(22),
        clients_url: Some(url()),
        resources: names(21),
        grants: Count::of(7),
        back_url: url(),
    };
    let few = ConsoleAskKey { clients: names(2), clients_url: None, resources: names(1), ..ask.clone() };
    let more = ConsoleAskKey { clients_url: None, grants: Count::of(10_000), ..ask.clone() };
    let (clients, resources) = (FirstOf::default(), FirstOf::default());
    let bare = ConsoleAskKey { clients, resources, ..ask.clone() };
    let proves = ConsoleAskKey { signs: false, ..bare.clone() };
    let others = ConsoleAskKey { form: None, ..proves.clone() };
    vec![
        sample("console keys", &some),
        sample("console keys, seen by an auditor", &seen),
        sample("console key question", &ask),
        sample("console key question, few", &few),
        sample("console key question, very many", &more),
        sample("console key question, nothing lost", &bare),
        sample("console key question, refresh tokens", &proves),
        sample("console key question, not theirs to answer", &others),
    ]
}

fn names(many: usize) -> FirstOf<String> {
    FirstOf::of((1..=many).collect(), |number| format!("client-{number}"))
}

fn mails() -> Vec<Sample> {
    let line = |bad: bool, reason: Option<&str>| MailLine {
        id: "id".to_owned(),
        kind: "reset_password".to_owned(),
        to: "a…@example.test".to_owned(),
        state: Words("mail-state-dead"),
        bad,
        queued: minutes_ago(5, None),
        at: minutes_ago(2, None),
        attempts: 7,
        reason: reason.map(str::to_owned),
        can_be_sent: bad,
        give_up_url: Some(url()),
    };
    let link = |current| FateLink { url: url(), label: Words("mails-dead"), current };
    let some = ConsoleMails {
        frame: frame(),
        fates: vec![link(true), link(false)],
        mails: vec![line(true, Some("550 no such mailbox")), line(false, None)],
        next_url: Some(url()),
        form: Some(form()),
    };
    let again = ConsoleFrame { again_url: Some(url()), ..frame() };
    let again = ConsoleMails { frame: again, form: None, ..some.clone() };
    let seen = ConsoleMails { form: None, next_url: None, ..some.clone() };
    let none = ConsoleMails { mails: Vec::new(), ..seen.clone() };
    let ask = ConsoleAskMail { frame: frame(), form: form(), mail: line(true, None), back_url: url() };
    vec![
        sample("console mails", &some),
        sample("console mails, after a while", &again),
        sample("console mails, seen by an auditor", &seen),
        sample("console mails, none", &none),
        sample("console mail question", &ask),
    ]
}

fn apis() -> Vec<Sample> {
    let line = ApiLine {
        url: url(),
        identifier: "https://api.example.test".to_owned(),
        scopes: vec!["orders:read".to_owned(), "orders:write".to_owned()],
        alg: "ES256",
        changed: minutes_ago(5, None),
    };
    let some = ConsoleApis { frame: frame(), apis: vec![line], next_url: Some(url()), new_url: Some(url()) };
    let none = ConsoleApis { apis: Vec::new(), next_url: None, new_url: None, ..some.clone() };
    let fault = |field: &str| FieldError { field: field.to_owned(), message: "is wrong".to_owned() };
    let all = ["overtaken", "identifier", "scopes", "signing_alg", "access_token_lifetime", "scope_roles"];
    let faulty = ApiForm::again(&Parameters::default(), &all.map(fault), true);
    let new = ConsoleNewApi { frame: frame(), form: form(), fields: faulty.clone() };
    let fresh = ConsoleNewApi { fields: ApiForm::empty(), ..new.clone() };
    let loses = |_: usize| LosingLine { client_id: "shop".to_owned(), scopes: "orders:read".to_owned() };
    let losing = |many: usize| FirstOf::of((0..many).collect(), loses);
    let one = ConsoleApi {
        frame: frame(),
        identifier: "https://api.example.test".to_owned(),
        managed: true,
        claims: Some("team: attributes.department".to_owned()),
        form: Some(form()),
        fields: faulty,
        losing: losing(1),
        remove_url: url(),
    };
    let api = signet_protocol::permission::administration("https://id.example.test");
    let full = ApiForm {
        access_token_lifetime: "600".to_owned(),
        introspection_clients: "shop".to_owned(),
        scope_roles: "orders:write: clerk".to_owned(),
        ..ApiForm::of(&api, false)
    };
    let bare = ConsoleApi {
        managed: false,
        claims: None,
        fields: ApiForm::of(&api, false),
        losing: FirstOf::default(),
        ..one.clone()
    };
    let seen = ConsoleApi { form: None, fields: full, ..bare.clone() };
    let short = ConsoleApi { form: None, ..bare.clone() };
    let ask = ConsoleAskApi {
        frame: frame(),
        form: form(),
        identifier: "https://api.example.test".to_owned(),
        losing: losing(23),
        back_url: url(),
    };
    let harmless = ConsoleAskApi { losing: FirstOf::default(), ..ask.clone() };
    vec![
        sample("console APIs", &some),
        sample("console APIs, none", &none),
        sample("console new API", &fresh),
        sample("console new API, faulty", &new),
        sample("console API", &one),
        sample("console API, bare", &bare),
        sample("console API, seen by an auditor", &seen),
        sample("console API, seen by an auditor, short", &short),
        sample("console API question", &ask),
        sample("console API question, harmless", &harmless),
    ]
}

fn settings() -> Vec<Sample> {
    let key = |key: &str, value: Value, source, changeable| ConfiguredKey {
        key: key.to_owned(),
        secret: key == "database.url",
        value,
        source,
        changeable,
    };
    let keys = vec![
        key("accounts.mail_domains", json!(["example.test"]), Source::Default, true),
        key("accounts.self_registration", json!(true), Source::RunTime, true),
        key("branding.logo", Value::Null, Source::Default, false),
        key("database.url", json!(true), Source::File, false),
        key("limits.token_client.number", Value::Null, Source::Default, true),
        key("tokens.access_token_lifetime", json!(600), Source::Environment, false),
    ];
    let fault = FieldError { field: "accounts.mail_domains".to_owned(), message: "is wrong".to_owned() };
    let some = ConsoleSettings {
        frame: frame(),
        groups: setting_groups(keys.clone(), None, true),
        form: Some(form()),
        problems: setting_problems(&[fault]),
    };
    let seen = ConsoleSettings {
        groups: setting_groups(keys, None, false),
        form: None,
        problems: Vec::new(),
        ..some.clone()
    };
    vec![sample("console settings", &some), sample("console settings, seen by an auditor", &seen)]
}

fn overview() -> Vec<Sample> {
    let at = minutes_ago(5, None);
    let bar = |height| Bar { x: 0, y: 100 - height, width: 20, height, at, count: height };
    let chart = Chart {
        name: "tokens",
        title: Words("chart-tokens"),
        without: Some(Words("chart-without-own-tokens")),
        total: 100,
        most: 60,
        bars: vec![bar(60), bar(0), bar(40)],
    };
    let warning = |bad| FindingLine {
        subject: "clock".to_owned(),
        text: "3000 ms away from the database's: synchronise both, by NTP".to_owned(),
        bad,
    };
    let link = |current| FateLink { url: url(), label: Words("back-day"), current };
    let (address, version) = ("127.0.0.1:8080".to_owned(), "1.0.0".to_owned());
    let node = NodeLine { address, version, since: at, unwritten: 2 };
    let ailing = ConsoleOverview {
        frame: frame(),
        warnings: vec![warning(true), warning(false)],
        examined: Some(at),
        backs: vec![link(true), link(false)],
        charts: vec![chart],
        keys: vec![key("current"), key("next")],
        nodes: vec![node],
        database_millis: 2,
        redis: Words("redis-away"),
        redis_away: true,
    };
    let well = ConsoleOverview {
        warnings: Vec::new(),
        keys: Vec::new(),
        redis: Words("redis-answers"),
        redis_away: false,
        ..ailing.clone()
    };
    let new = ConsoleOverview { examined: None, ..well.clone() };
    vec![
        sample("console overview", &ailing),
        sample("console overview, all well", &well),
        sample("console overview, not examined yet", &new),
    ]
}

fn limits() -> Vec<Sample> {
    let part = |name: Option<&str>| WhomLine {
        kind: Words("whom-user"),
        name: name.map(str::to_owned),
        url: name.filter(|name| *name == "alice").map(|_| url()),
    };
    let line = |release: Option<&str>| HeldLine {
        limit: "sign_in_pair",
        whom: vec![part(Some("alice")), part(Some("192.0.2.1")), part(None)],
        until: minutes_ago(5, None),
        release: release.map(str::to_owned),
    };
    let some = ConsoleLimits {
        frame: frame(),
        counted: Words("redis-away"),
        alone: true,
        held: vec![line(Some("user:alice")), line(None)],
        limits: LimitLine::all(&LimitTable::default()),
        form: Some(form()),
        no_address: true,
    };
    let seen = ConsoleLimits { form: None, alone: false, ..some.clone() };
    let none = ConsoleLimits { held: Vec::new(), no_address: false, ..some.clone() };
    vec![
        sample("console limits", &some),
        sample("console limits, seen by an auditor", &seen),
        sample("console limits, nobody held back", &none),
    ]
}

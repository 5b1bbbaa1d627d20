//! The command line with a server behind it that only remembers what it was asked.

use super::*;
use serde_json::Value;
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::audit::seal::Digest;
use signet_protocol::id::{ClientId, KeyId};
use signet_protocol::secret::Secret;
use signet_service::audit::{EventFilter, ExportFormat, Late, Verified};
use std::cell::RefCell;
use std::io::BufRead;

/// What was asked, a line each, and the answers.
#[derive(Default)]
struct Fake {
    asked: RefCell<Vec<String>>,
    plan: Plan,
    findings: Vec<Finding>,
}

impl Fake {
    fn asked(&self, what: impl Into<String>) {
        self.asked.borrow_mut().push(what.into());
    }

    fn turn(&self, algorithm: Option<SigningAlg>) -> KeyTurn {
        let algorithm = algorithm.map_or("ES256", SigningAlg::as_str).to_owned();
        KeyTurn {
            kid: KeyId::from("new"),
            algorithm,
            effective_at: "2026-01-02T03:04:05.678Z".parse().unwrap(),
        }
    }
}

impl Operations for Fake {
    fn serve(&self, config: Config) -> Result<(), Failure> {
        self.asked(format!("serve {}", config.server.listen));
        Ok(())
    }

    fn apply(&self, _: &Config, declared: Declared, mode: ApplyMode) -> Result<Plan, Failure> {
        let clients: Vec<_> =
            declared.clients.iter().map(|(client, _)| client.client_id.to_string()).collect();
        self.asked(format!("apply {clients:?} {mode:?}"));
        Ok(self.plan.clone())
    }

    fn migrate_up(&self, config: &Config) -> Result<Vec<String>, Failure> {
        self.asked(format!("up {}", config.database.url.expose()));
        Ok(vec!["m1".to_owned()])
    }

    fn migrate_down(&self, _: &Config) -> Result<(), Failure> {
        self.asked("down");
        Ok(())
    }

    fn migrations(&self, _: &Config) -> Result<Vec<Migration>, Failure> {
        let migration = |name: &str, applied| Migration { name: name.to_owned(), applied };
        Ok(vec![migration("m1", true), migration("m2", false)])
    }

    fn administer(&self, _: &Config, task: &Task) -> Result<Value, Failure> {
        self.asked(format!("{task:?}"));
        Ok(Value::Null)
    }

    fn administer_server(&self, remote: &Remote, task: &Task) -> Result<Value, Failure> {
        self.asked(format!("{} {task:?}", remote.server.as_deref().unwrap_or_default()));
        Ok(Value::Null)
    }

    fn list_keys(&self, _: &Config) -> Result<Vec<KeyLine>, Failure> {
        Ok(vec![KeyLine {
            kid: KeyId::from("k1"),
            algorithm: "ES256".to_owned(),
            state: "current".to_owned(),
            activates_at: "2026-01-02T03:04:05Z".parse().unwrap(),
            retires_at: None,
        }])
    }

    fn rotate_keys(&self, _: &Config, algorithm: Option<SigningAlg>) -> Result<Vec<KeyTurn>, Failure> {
        Ok(vec![self.turn(algorithm)])
    }

    fn import_key(
        &self,
        _: &Config,
        material: Secret<Vec<u8>>,
        algorithm: Option<SigningAlg>,
    ) -> Result<KeyTurn, Failure> {
        self.asked(format!("import {} bytes", material.expose().len()));
        Ok(self.turn(algorithm))
    }

    fn revoke_key(&self, _: &Config, key: &KeyId) -> Result<(), Failure> {
        Err(Failure::Failed(format!("no key {key}")))
    }

    fn reseal_keys(&self, _: &Config) -> Result<u32, Failure> {
        Ok(3)
    }

    fn invite(&self, _: &Config, invitation: Invitation) -> Result<Invited, Failure> {
        let Invitation { address, name, roles, language } = invitation;
        self.asked(format!("invite {address} {name:?} {roles:?} {language:?}"));
        let link = address
            .starts_with("nomail")
            .then(|| Secret::new("http://localhost:8080/join?token=x".to_owned()));
        Ok(Invited { link, days: 7 })
    }

    fn build_filter(&self, source: &Path, target: &Path, min_count: u64) -> Result<FilterBuilt, Failure> {
        self.asked(format!("filter {} {} {min_count}", source.display(), target.display()));
        Ok(FilterBuilt { entries: 3, left_out: 1, bytes: 196 })
    }

    fn verify_audit(&self, _: &Config, exported: Option<Box<dyn BufRead>>) -> Result<Verified, Failure> {
        let exported = exported.map(|lines| lines.lines().count());
        self.asked(format!("verify {exported:?}"));
        let at = "2026-01-02T03:04:05.678Z".parse().unwrap();
        let last = Some((3, at, Digest::default()));
        Ok(Verified { rows: 7, unsealed: 2, last, dropped_through: 1, late: Late::default() })
    }

    fn audit_seals(&self, _: &Config, from: i64, give: &mut dyn FnMut(&str) -> bool) -> Result<(), Failure> {
        assert!(give(&format!("{{\"seq\":{from}}}")));
        Ok(())
    }

    fn accept_audit_number(&self, _: &Config, number: i64) -> Result<(), Failure> {
        self.asked(format!("accept {number}"));
        Ok(())
    }

    fn export_audit(
        &self,
        _: &Config,
        (filter, format): (EventFilter, ExportFormat),
        give: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), Failure> {
        let EventFilter { from, to, names, user, client, .. } = filter;
        self.asked(format!("{format:?} {from:?} {to:?} {names:?} {user:?} {client:?}"));
        assert!(give("line"));
        Ok(())
    }

    fn diagnose(&self, _: &Config) -> Vec<Finding> {
        self.findings.clone()
    }
}

/// What came of a command line: its outcome, stdout and stderr.
struct Ran {
    outcome: Result<(), Failure>,
    out: String,
    err: String,
}

fn run(fake: &Fake, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let cli = Cli::try_parse_from(["signet"].iter().chain(arguments)).unwrap();
    let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = execute(cli, environment, fake, &mut Screen { out: &mut out, err: &mut err });
    Ran { outcome, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn file(name: &str, content: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path.display().to_string())
}

#[test]
fn the_definition_of_the_commands_is_sound() {
    use clap::CommandFactory as _;
    Cli::command().debug_assert();
}

#[test]
fn wrong_usage_is_exit_code_2_and_help_is_0() {
    for (arguments, code) in [
        (&["--nonsense"][..], 2),
        (&["apply"], 2),
        (&["keys"], 2),
        (&["keys", "rotate", "--alg", "HS256"], 2),
        (&["passwords", "build-filter", "a"], 2),
        (&["--log-format", "xml"], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let error = Cli::try_parse_from(["signet"].iter().chain(arguments)).unwrap_err();
        assert_eq!(error.exit_code(), code, "{arguments:?}");
    }
}

#[test]
fn global_options_go_before_or_after_the_command() {
    for arguments in [&["--config", "a.toml", "doctor"][..], &["doctor", "--config", "a.toml"]] {
        let cli = Cli::try_parse_from(["signet"].iter().chain(arguments)).unwrap();
        assert_eq!(cli.config.as_deref(), Some(Path::new("a.toml")));
    }
    assert!(Cli::try_parse_from(["signet"]).unwrap().command.is_none());
}

#[test]
fn a_refused_configuration_stops_every_command() {
    for command in [&["serve"][..], &["migrate"], &["keys", "list"], &["apply", "x.toml"]] {
        let fake = Fake::default();
        let ran = run(&fake, command, &[("SIGNET_SERVER__LISTEN", "nowhere")]);
        let Err(Failure::Failed(text)) = ran.outcome else { panic!("{command:?}") };
        assert!(text.contains("server.listen") && text.contains("SIGNET_SERVER__LISTEN"), "{text}");
        assert!(fake.asked.borrow().is_empty());
    }
}

#[test]
fn warnings_go_to_stderr() {
    let ran = run(&Fake::default(), &["migrate", "status"], &[("SIGNET_PORT", "80")]);
    assert!(ran.err.contains("SIGNET_PORT"));
    assert_eq!(ran.out, "applied  m1\npending  m2\n");
}

#[test]
fn audit_verify_says_how_much_is_sealed_and_reads_exported_seals() {
    let fake = Fake::default();
    let (_folder, path) = file("seals.jsonl", "{}\n{}\n");
    let ran = run(&fake, &["audit", "verify", "--seals", &path], &[]);
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!(lines[0], "7 events are as they were sealed");
    assert!(lines[1].starts_with("the last seal is 3 of 2026-01-02T03:04:05.678Z, 0000"), "{lines:?}");
    assert!(lines[2].contains("up to 1 were dropped") && lines[3].starts_with("2 events"), "{lines:?}");
    run(&fake, &["audit", "verify"], &[]).outcome.unwrap();
    assert_eq!(*fake.asked.borrow(), ["verify Some(2)", "verify None"]);
    let missing = run(&fake, &["audit", "verify", "--seals", "/nowhere/seals"], &[]);
    assert!(matches!(missing.outcome, Err(Failure::Failed(text)) if text.contains("/nowhere/seals")));
    assert_eq!(run(&fake, &["audit", "seals", "--from", "5"], &[]).out, "{\"seq\":5}\n");
}

#[test]
fn audit_export_takes_days_and_moments() {
    let fake = Fake::default();
    let arguments = "audit export --from 2026-01-31 --to 2026-02-01T12:00:00+01:00 --event a --event b --user u --client c";
    let arguments: Vec<_> = arguments.split(' ').chain(["--format", "cef"]).collect();
    assert_eq!(run(&fake, &arguments, &[]).out, "line\n");
    let asked = r#"Cef Some(2026-01-31T00:00:00Z) Some(2026-02-01T11:00:00Z) ["a", "b"] Some(u) Some(c)"#;
    assert_eq!(*fake.asked.borrow(), [asked]);
    for wrong in [&["audit", "export"][..], &["audit", "export", "--format", "cef", "--from", "soon"]] {
        assert!(Cli::try_parse_from(["signet"].iter().chain(wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn migrate_means_up_and_down_needs_a_yes() {
    let fake = Fake::default();
    let ran = run(&fake, &["migrate"], &[("SIGNET_DATABASE__URL", "sqlite://x.db")]);
    assert_eq!(ran.out, "applied  m1\n");
    assert!(matches!(run(&fake, &["migrate", "down"], &[]).outcome, Err(Failure::Usage(_))));
    assert!(run(&fake, &["migrate", "down", "--yes"], &[]).outcome.is_ok());
    assert_eq!(*fake.asked.borrow(), ["up sqlite://x.db", "down"]);
}

#[test]
fn apply_prints_the_plan_and_each_made_secret_once() {
    let step = |action, kind, name: &str| Step { action, kind, name: name.to_owned() };
    let plan = Plan {
        steps: vec![
            step(Action::Create, Kind::Client, "shop"),
            step(Action::Change(vec!["email".to_owned(), "name".to_owned()]), Kind::User, "alice"),
            step(Action::Remove, Kind::Resource, "https://api.example.test"),
        ],
        made_secrets: vec![(ClientId::from("shop"), Secret::new("s3cret".to_owned()))],
        warnings: vec!["user \"alice\": the password is easily guessed".to_owned()],
        failure: None,
    };
    let fake = Fake { plan, ..Fake::default() };
    let (_folder, path) =
        file("a.toml", "[[clients]]\nclient_id = \"shop\"\nredirect_uris = [\"https://shop.test/cb\"]\n");
    let ran = run(&fake, &["apply", &path, "--prune"], &[]);
    assert_eq!(ran.outcome, Ok(()));
    assert_eq!(
        ran.out,
        "+ create client shop\n~ change user alice (email, name)\n- remove resource https://api.example.test\n\
         client shop: client_secret = \"s3cret\"\n"
    );
    assert!(!ran.err.contains("s3cret"));
    assert!(ran.err.contains("warning: user \"alice\": the password is easily guessed\n"), "{}", ran.err);
    assert_eq!(
        *fake.asked.borrow(),
        ["apply [\"shop\"] ApplyMode { dry_run: false, prune: true, set_passwords: false }"]
    );
}

/// Nobody can read a made secret again: it is shown whatever happens after it was made.
#[test]
fn an_apply_that_fails_half_way_still_prints_what_it_did_and_the_secrets_it_made() {
    let plan = Plan {
        steps: vec![Step { action: Action::Create, kind: Kind::Client, name: "shop".to_owned() }],
        made_secrets: vec![(ClientId::from("shop"), Secret::new("s3cret".to_owned()))],
        warnings: Vec::new(),
        failure: Some("the database is away".to_owned()),
    };
    let (_folder, path) = file("a.toml", "");
    let ran = run(&Fake { plan, ..Fake::default() }, &["apply", &path], &[]);
    assert_eq!(ran.out, "+ create client shop\nclient shop: client_secret = \"s3cret\"\n");
    let Err(Failure::Failed(told)) = ran.outcome else { panic!("it succeeded") };
    assert!(told.starts_with("the database is away\n") && told.contains("run apply again"), "{told}");
    let nothing = Plan { failure: Some("away".to_owned()), ..Plan::default() };
    let ran = run(&Fake { plan: nothing, ..Fake::default() }, &["apply", &path], &[]);
    assert!(ran.outcome.is_err() && !ran.err.contains("nothing to change"), "{}", ran.err);
}

#[test]
fn an_empty_plan_and_a_dry_run_say_so() {
    let (_folder, path) = file("a.toml", "");
    assert_eq!(run(&Fake::default(), &["apply", &path], &[]).err, "nothing to change\n");
    let steps = vec![Step { action: Action::Create, kind: Kind::Role, name: "clerk".to_owned() }];
    let fake = Fake { plan: Plan { steps, ..Plan::default() }, ..Fake::default() };
    assert!(run(&fake, &["apply", "--dry-run", &path], &[]).err.contains("nothing was changed"));
}

#[test]
fn key_commands_say_what_signs_and_from_when() {
    let fake = Fake::default();
    let (_folder, path) = file("key.pem", "12345");
    let out = |arguments: &[&str]| run(&fake, arguments, &[]).out;
    assert!(out(&["keys", "list"]).lines().nth(1).unwrap().starts_with("k1 "));
    assert_eq!(out(&["keys", "rotate", "--alg", "EdDSA"]), "EdDSA new signs from 2026-01-02T03:04:05Z\n");
    assert_eq!(out(&["keys", "import", &path]), "ES256 new signs from 2026-01-02T03:04:05Z\n");
    assert_eq!(out(&["keys", "reseal"]), "3 resealed\n");
    assert_eq!(
        run(&fake, &["keys", "revoke", "k9"], &[]).outcome,
        Err(Failure::Failed("no key k9".to_owned()))
    );
    assert_eq!(*fake.asked.borrow(), ["import 5 bytes"]);
}

/// The configuration may name the file that the command is to make.
#[test]
fn a_list_of_known_passwords_is_made_whatever_the_configuration_says() {
    let fake = Fake::default();
    let environment = [("SIGNET_PASSWORDS__BREACHED_LIST", "/nowhere/list")];
    let ran =
        run(&fake, &["passwords", "build-filter", "-", "/nowhere/list", "--min-count", "5"], &environment);
    assert_eq!(ran.outcome, Ok(()));
    assert_eq!(ran.out, "/nowhere/list: 3 passwords, 196 bytes; 1 seen less than 5 times left out\n");
    assert_eq!(*fake.asked.borrow(), ["filter - /nowhere/list 5"]);
}

#[test]
fn doctor_fails_if_anything_would_stop_or_weaken_the_server() {
    let (_folder, key) = file("absent", "");
    let key = format!("{key}.key");
    let environment = [("SIGNET_KEYS__MASTER_KEY_FILE", key.as_str())];
    let with = |findings: Vec<Finding>| run(&Fake { findings, ..Fake::default() }, &["doctor"], &environment);
    let good = with(vec![Finding::good("database", "fine")]);
    assert_eq!(good.outcome, Ok(()), "{}", good.out);
    assert!(good.out.contains("ok    database: fine"));
    for finding in [Finding::weak("clock", "3 s off"), Finding::bad("database", "away")] {
        assert_eq!(with(vec![finding]).outcome, Err(Failure::Failed("1 thing to mend".to_owned())));
    }
    assert!(!Path::new(&key).exists(), "looking makes no key");
    let refused =
        run(&Fake::default(), &["doctor"], &[("SIGNET_NO__SUCH", "1"), ("SIGNET_SERVER__LISTEN", "x")]);
    assert_eq!(refused.outcome, Err(Failure::Failed("2 things to mend".to_owned())));
    assert!(refused.out.lines().all(|line| line.starts_with("bad   configuration: ")), "{}", refused.out);
}

#[test]
fn an_invitation_is_mailed_or_its_link_is_printed_once() {
    let fake = Fake::default();
    let ran = run(
        &fake,
        &["invite", "bob@example.test", "--name", "Bob", "--role", "admin", "--language", "de"],
        &[],
    );
    assert!(ran.out.starts_with("an invitation to bob@example.test is on its way"), "{}", ran.out);
    assert_eq!(*fake.asked.borrow(), ["invite bob@example.test Some(\"Bob\") [\"admin\"] Some(\"de\")"]);
    let ran = run(&fake, &["invite", "nomail@example.test"], &[]);
    assert_eq!(ran.out, "http://localhost:8080/join?token=x\n");
    assert!(ran.err.contains("nomail@example.test") && !ran.err.contains("token"), "{}", ran.err);
}

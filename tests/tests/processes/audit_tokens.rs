//! Tokens that clients get for themselves are recorded as the operator wants it, and nothing of that is lost in silence.

use crate::shop::{PASSWORD, SOON, Shop, resources, start};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::Value;
use signet_tests::{Answer, Browser, Page, PrivatePostgres, ServerProcess, Services, Settings, eventually};
use std::time::Duration;
use tokio::task::JoinSet;

const ROBOT: (&str, &str) = ("robot", "a secret of thirty-two characters");
/// Within this a server is itself again after a time without its database.
const RECOVERY: Duration = Duration::from_secs(60);

/// Either database.
async fn databases() -> [Settings; 2] {
    [Settings::new(), Settings::new().with_postgres(&Services::from_environment()).await]
}

/// What the database has of the audit log.
struct Log(DatabaseConnection);

impl Log {
    async fn of(settings: &Settings) -> Self {
        Self(Database::connect(settings.get("database.url")).await.unwrap())
    }

    async fn run(&self, sql: &str) {
        self.0.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// How many records there are of the tokens that these requests were answered with.
    async fn records_of(&self, requests: &[String]) -> usize {
        self.count("*", &format!("request_id IN ('{}')", requests.join("','"))).await
    }

    /// Whether there is a record of each of these tokens.
    async fn has_all(&self, requests: &[String]) -> bool {
        for some in requests.chunks(500) {
            let which = format!("request_id IN ('{}')", some.join("','"));
            if self.count("DISTINCT request_id", &which).await != some.len() {
                return false;
            }
        }
        true
    }

    async fn count(&self, what: &str, which: &str) -> usize {
        let sql = format!("SELECT COUNT({what}) FROM audit WHERE event = 'token_issued' AND {which}");
        let counted = self.0.query_one_raw(Statement::from_string(self.0.get_database_backend(), sql)).await;
        let many: i64 = counted.unwrap().unwrap().try_get_by_index(0).unwrap();
        usize::try_from(many).unwrap()
    }

    /// From now on no token can be recorded, while everything else goes on; and the way back.
    async fn refuses_tokens(&self) -> &'static str {
        let (refuse, take) = match self.0.get_database_backend() {
            DbBackend::Sqlite => (
                "CREATE TRIGGER refused BEFORE INSERT ON audit WHEN NEW.event = 'token_issued' \
                 BEGIN SELECT RAISE(ABORT, 'no room'); END",
                "DROP TRIGGER refused",
            ),
            _ => (
                "ALTER TABLE audit ADD CONSTRAINT refused CHECK (event <> 'token_issued') NOT VALID",
                "ALTER TABLE audit DROP CONSTRAINT refused",
            ),
        };
        self.run(refuse).await;
        take
    }
}

fn request_of(answer: &Answer) -> String {
    answer.header("x-request-id").expect("every answer names its request")
}

#[tokio::test]
async fn a_durable_token_is_in_the_database_when_its_answer_is_there() {
    for settings in databases().await {
        let server = start(settings.with("audit.token_issue", "durable")).await;
        let (shop, log) = (Shop::at(&server).await, Log::of(server.settings()).await);
        for _ in 0..10 {
            let answer = shop.own_token().await.expect_status(200);
            assert_eq!(log.records_of(&[request_of(&answer)]).await, 1);
        }
    }
}

#[tokio::test]
async fn a_power_cut_costs_no_record_of_a_durable_token() {
    let mut server = start(Settings::new().with("audit.token_issue", "durable")).await;
    let shop = Shop::at(&server).await;
    let log = Log::of(server.settings()).await;
    let before = log.count("*", "1 = 1").await;
    let busy = answered_until_none_is(&shop).await;
    eventually(SOON * 10, async || log.count("*", "1 = 1").await > before + 20).await;
    server.kill9().await;
    let answered = busy.join_all().await.concat();
    assert!(!answered.is_empty() && log.has_all(&answered).await);
}

/// Asks for tokens until there is none; each task gives the requests that were answered with one.
async fn answered_until_none_is(shop: &Shop) -> JoinSet<Vec<String>> {
    let mut busy = JoinSet::new();
    for _ in 0..4 {
        let shop = shop.clone();
        // One is there before anything goes wrong.
        let first = request_of(&shop.own_token().await.expect_status(200));
        busy.spawn(async move {
            let mut answered = vec![first];
            loop {
                match shop.own_token_call().try_send().await {
                    Ok(answer) if answer.status == 200 => answered.push(request_of(&answer)),
                    _ => return answered,
                }
            }
        });
    }
    busy
}

#[tokio::test]
async fn without_records_of_tokens_none_is_written_and_the_doctor_says_so() {
    for settings in databases().await {
        let mut server = start(settings.with("audit.token_issue", "off")).await;
        let shop = Shop::at(&server).await;
        shop.own_token().await.expect_status(200);
        // What people get is part of what they did, and is recorded as ever.
        shop.tokens(&shop.signed_in().await).await;
        let doctor = server.command(&["doctor"]).await;
        assert_eq!(doctor.code, Some(1));
        assert!(doctor.stdout.contains("weak  token records: "), "{}", doctor.stdout);
        // What was under way is written before the end.
        server.sigterm().await;
        assert!(server.ended().await.success());
        let log = Log::of(server.settings()).await;
        let own = r#"details LIKE '%"client_credentials"%'"#;
        assert_eq!((log.count("*", own).await, log.count("*", "1 = 1").await), (0, 1));
    }
}

/// Whoever looks after the server, in each way that there is.
struct Watch<'a> {
    server: &'a ServerProcess,
    shop: Shop,
    browser: Browser,
    robot: String,
}

impl<'a> Watch<'a> {
    async fn over(server: &'a ServerProcess) -> Self {
        let (id, secret) = ROBOT;
        let staff = format!(
            "[[users]]\nusername = \"ada\"\npassword = \"{PASSWORD}\"\nroles = [\"admin\"]\n\
             [[clients]]\nclient_id = \"{id}\"\nclient_secret = \"{secret}\"\ngrant_types = [\"client_credentials\"]\n\
             scope = \"signet:audit:read signet:settings:read\"\n"
        );
        server.apply(&format!("{}\n{staff}", resources())).await;
        let shop = Shop::at(server).await;
        let robot = eventually(SOON * 10, async || {
            let call = shop.http.post(shop.discovery.token_endpoint()).basic(id, secret);
            let answer = call.form(&[("grant_type", "client_credentials")]).send().await;
            if answer.status == 200 { Ok(answer.field("access_token")) } else { Err(answer.text()) }
        })
        .await;
        let browser = shop.browser();
        let page = browser.get(format!("{}/console/audit", server.issuer())).await;
        let form = page.form("#login").fill("username", "ada").fill("password", PASSWORD);
        let page = form.press("#login-submit").await;
        assert!(page.has("#events"), "{}", page.html());
        Self { server, shop, browser, robot }
    }

    async fn page(&self, path: &str) -> Page {
        self.browser.get(format!("{}/console/{path}", self.server.issuer())).await
    }

    async fn api(&self, path: &str) -> Value {
        let address = format!("{}/api/v1/admin/{path}", self.server.issuer());
        self.shop.http.call(Method::GET, address).bearer(&self.robot).send().await.expect_status(200).json()
    }

    /// Each of them must say so, or each of them must not.
    async fn all_say(&self, rings: bool) {
        eventually(RECOVERY, async || {
            let (status, body) = self.shop.health().await;
            let doctor = self.server.command(&["doctor"]).await;
            let seals = self.api("audit/seals").await;
            let overview = self.api("overview").await;
            let said = [
                body.contains("audit_unwritten"),
                doctor.stdout.lines().any(|line| line.starts_with("bad") && line.contains("events wait")),
                seals["writing"]["reason"].is_string() && seals["unwritten"].as_u64() > Some(0),
                overview["nodes"][0]["unwritten"].as_u64() > Some(0),
                self.page("audit").await.has(".notice.bad"),
                self.page("overview").await.has("#nodes .badge.bad"),
            ];
            // To take the node away would not mend it.
            if status == 200 && said.iter().all(|says| *says == rings) { Ok(()) } else { Err((status, said)) }
        })
        .await;
    }
}

#[tokio::test]
async fn a_batch_that_cannot_be_written_is_told_everywhere_and_nothing_of_it_disappears() {
    for settings in databases().await {
        let server = start(settings.with("factors.policy", "off")).await;
        let watch = Watch::over(&server).await;
        let log = Log::of(server.settings()).await;
        watch.all_say(false).await;
        let takes_them_again = log.refuses_tokens().await;
        let mut issued = Vec::new();
        for _ in 0..5 {
            issued.push(request_of(&watch.shop.own_token().await.expect_status(200)));
        }
        watch.all_say(true).await;
        assert_eq!(log.records_of(&issued).await, 0);
        log.run(takes_them_again).await;
        eventually(RECOVERY, async || log.has_all(&issued).await).await;
        watch.all_say(false).await;
        assert_eq!(log.records_of(&issued).await, issued.len());
    }
}

#[tokio::test]
async fn tokens_that_were_issued_when_the_database_went_away_are_recorded_when_it_is_back() {
    let postgres = PrivatePostgres::start().await;
    let mut server = start(Settings::new().with("database.url", postgres.url())).await;
    let shop = Shop::at(&server).await;
    let busy = answered_until_none_is(&shop).await;
    postgres.stop().await;
    eventually(RECOVERY, async || {
        let (status, body) = shop.health().await;
        if status == 503 && body.contains("audit_unwritten") { Ok(()) } else { Err((status, body)) }
    })
    .await;
    let doctor = server.command(&["doctor"]).await;
    assert!(doctor.stdout.contains("bad   database: "), "{}", doctor.stdout);
    postgres.resume().await;
    eventually(RECOVERY, async || {
        let (status, body) = shop.health().await;
        if status == 200 && !body.contains("audit_unwritten") { Ok(()) } else { Err((status, body)) }
    })
    .await;
    server.sigterm().await;
    assert!(server.ended().await.success());
    let answered = busy.join_all().await.concat();
    // A database that goes away while it commits may have done so: then a record is there twice.
    assert!(Log::of(server.settings()).await.has_all(&answered).await, "of {}", answered.len());
}

//! The promises of the harness that only real services can keep.

use futures_util::FutureExt as _;
use sea_orm::{ConnectionTrait as _, Database};
use signet_tests::chromium::Window;
use signet_tests::{Chromium, NodeClient, PrivatePostgres, Services};
use std::panic::AssertUnwindSafe;
use std::path::Path;

#[tokio::test]
async fn each_test_has_a_postgres_database_of_its_own() {
    let services = Services::from_environment();
    for _ in 0..2 {
        let url = services.postgres_database().await;
        let database = Database::connect(url).await.unwrap();
        // Fails if the table is there from the other database.
        database.execute_unprepared("CREATE TABLE t (a int)").await.unwrap();
        database.close().await.unwrap();
    }
}

#[tokio::test]
async fn each_test_has_a_redis_database_of_its_own() {
    let services = Services::from_environment();
    for _ in 0..2 {
        let client = redis::Client::open(services.redis_database().await).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let before: Option<String> =
            redis::cmd("GETSET").arg("a").arg("1").query_async(&mut connection).await.unwrap();
        assert_eq!(before, None);
    }
}

#[tokio::test]
async fn a_window_shows_a_page_at_the_width_asked_for() {
    let window = Window { width: 640, ..Window::default() };
    Chromium::run("harness_page", window, async |page| {
        page.goto("data:text/html,<form id=f><input name=who></form><p id=late>there</p>").await;
        page.fill("#f [name=who]", "alice").await;
        assert_eq!(page.text("#late").await, "there");
        assert_eq!(page.evaluate("document.forms[0].who.value + innerWidth").await, "alice640");
        assert!(!page.scrolls_sideways().await);
    })
    .await;
}

#[tokio::test]
async fn scripts_can_be_switched_off() {
    let window = Window { scripts: false, ..Window::default() };
    Chromium::run("harness_scripts", window, async |page| {
        page.goto("data:text/html,<noscript id=off>off</noscript><script>document.write('on')</script>")
            .await;
        assert_eq!(page.text("body").await, "off");
    })
    .await;
}

#[tokio::test]
async fn a_failing_browser_test_leaves_its_page_and_a_picture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/browser-failures");
    let evidence = ["html", "png"].map(|end| folder.join(format!("harness_failure.{end}")));
    evidence.iter().for_each(|file| drop(std::fs::remove_file(file)));
    let failing = Chromium::run("harness_failure", Window::default(), async |page| {
        page.goto("data:text/html,<p>the evidence</p>").await;
        panic!("as intended");
    });
    assert!(AssertUnwindSafe(failing).catch_unwind().await.is_err());
    assert!(std::fs::read_to_string(&evidence[0]).unwrap().contains("the evidence"));
    assert!(std::fs::read(&evidence[1]).unwrap().starts_with(b"\x89PNG"));
    evidence.iter().for_each(|file| std::fs::remove_file(file).unwrap());
}

#[tokio::test]
async fn a_client_script_talks_to_its_test() {
    let options = serde_json::json!({
        "jwks": { "keys": [] }, "issuer": "http://localhost", "tokens": [{ "audience": "a", "token": "no token" }],
    });
    let mut script = NodeClient::start("verify.mjs", &options).await;
    assert_eq!(script.step("refused").await["code"], "ERR_JWS_INVALID");
    script.finish().await;
}

#[tokio::test]
async fn what_postgres_committed_survives_its_crash() {
    let postgres = PrivatePostgres::start().await;
    let database = Database::connect(postgres.url()).await.unwrap();
    database.execute_unprepared("CREATE TABLE t (a int)").await.unwrap();
    postgres.stop().await;
    let address = url::Url::parse(&postgres.url()).unwrap().socket_addrs(|| None).unwrap();
    assert!(tokio::net::TcpStream::connect(&*address).await.is_err(), "it still listens");
    postgres.resume().await;
    let database = Database::connect(postgres.url()).await.unwrap();
    database.execute_unprepared("INSERT INTO t VALUES (1)").await.unwrap();
}

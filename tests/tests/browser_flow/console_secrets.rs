//! A secret that is replaced while its client works.

use crate::console::open;
use crate::person::{SECRET, Site};
use signet_tests::eventually;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

const SERVICE: &str = "job";
const DECLARED: &str = r#"
    [[users]]
    username = "carol"
    password = "correct horse battery staple"
    roles = ["signet:client_manager"]

    [[clients]]
    client_id = "job"
    client_secret = "the secret of a shop, 32 characters"
    grant_types = ["client_credentials"]
    scope = "orders:read"
"#;

/// How many workers ask at the same time.
const WORKERS: u32 = 6;

/// Asks again and again until it is told to stop; every answer has to be a token.
async fn works(site: Arc<Site>, secret: String, stop: Arc<AtomicBool>, asked: Arc<AtomicU32>) {
    while !stop.load(Ordering::Relaxed) {
        let form = [("grant_type", "client_credentials")];
        let answer = site.server.token((SERVICE, &secret), &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        asked.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_replaced_under_load_without_one_refused_request() {
    let site = Arc::new(Site::declaring(DECLARED).await);
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let work = |secret: &str| {
        let parts = (site.clone(), secret.to_owned(), stop.clone(), asked.clone());
        tokio::spawn(works(parts.0, parts.1, parts.2, parts.3))
    };
    let more_than = async |number: u32| {
        eventually(Duration::from_secs(30), async || asked.load(Ordering::Relaxed) > number).await;
    };
    let mut workers: Vec<_> = (0..WORKERS).map(|_| work(SECRET)).collect();
    more_than(50).await;
    let browser = site.server.browser();
    open(&browser, "carol", "/console/clients").await;
    let page = browser.get(&format!("/console/clients/{SERVICE}/secret")).await;
    let made = page.form("#ask").press("#ask-submit").await;
    let secret = made.text("#client-secret");
    assert_ne!(secret, SECRET);
    workers.extend((0..WORKERS).map(|_| work(&secret)));
    let before = asked.load(Ordering::Relaxed);
    more_than(before + 200).await;
    stop.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.await.unwrap();
    }
    // When its time is over the old one is refused, and the new one is not.
    site.server.clock().advance(31 * 86_400);
    let form = [("grant_type", "client_credentials")];
    site.server.token((SERVICE, SECRET), &form).await.expect_status(401);
    site.server.token((SERVICE, &secret), &form).await.expect_status(200);
}

//! More sign-ins at once than passwords can be checked.

use crate::person::{Site, sign_in};
use futures_util::future::join_all;
use signet_tests::{FakeClock, Page, Settings};

/// Far more than wait in line on any machine of ours, so that some are turned away.
const CROWD_PER_CORE: usize = 150;

#[tokio::test]
async fn a_flood_of_unknown_users_waits_in_line_like_anyone_and_slows_nothing_else() {
    let settings = Settings::new().with("limits.enabled", false);
    let site = Site::with(settings, FakeClock::running(), "").await;
    let browser = site.browser();
    let form = browser.get(site.trusted().url()).await.form("#login").fill("password", "wrong");
    let crowd = CROWD_PER_CORE * std::thread::available_parallelism().map_or(1, usize::from);
    let attempts = (0..crowd).map(|n| form.clone().fill("username", &format!("nobody-{n}")).submit());
    let keys = site.server.http.get(site.discovery().get("jwks_uri"));
    let (pages, keys): (Vec<Page>, _) = tokio::join!(join_all(attempts), keys);
    // Unknown users' passwords take their place in the line: they are checked against something.
    let busy: Vec<_> = pages.iter().filter(|page| page.status() == 503).collect();
    assert!(!busy.is_empty(), "nobody was turned away: unknown users cost nothing");
    assert!(pages.iter().all(|page| matches!(page.status(), 400 | 503)));
    for page in busy {
        assert!(page.text("#login-error").contains("Many people are signing in"), "{}", page.html());
        assert!(page.answer().header("retry-after").is_some());
    }
    keys.expect_status(200);
    // It has passed, and the form is as good as before.
    sign_in(pages.into_iter().next_back().unwrap(), "alice").await.callback().code();
}

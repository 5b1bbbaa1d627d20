//! A client's code flow, tried out from the console: as real as can be, and nobody gets anything of it.

use crate::console::open;
use crate::person::{Site, allow, shown_error, sign_in};
use signet_tests::{Browser, Page};

const DECLARED: &str = r#"
    [[users]]
    username = "olga"
    password = "correct horse battery staple"
    roles = ["signet:owner", "clerk"]

    [[users]]
    username = "dora"
    password = "correct horse battery staple"

    [[roles]]
    name = "clerk"

    [[resources]]
    identifier = "https://stock.example.test"
    scopes = ["stock:read", "stock:write"]
    scope_roles = { "stock:write" = ["clerk"] }

    [[clients]]
    client_id = "desk"
    client_name = "Desk"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://desk.example.test/callback"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid profile offline_access stock:read stock:write"
"#;

/// She looks after clients, and not after people.
const CAROL: &str = r#"
    [[users]]
    username = "carol"
    password = "correct horse battery staple"
    roles = ["signet:client_manager"]
"#;

const TRIAL: &str = "/console/clients/desk/try";

async fn begun(browser: &Browser) -> Page {
    open(browser, "olga", TRIAL).await.form("#trial").press("#trial-submit").await
}

#[tokio::test]
async fn a_code_flow_is_tried_out_and_nothing_of_it_stays() {
    let site = Site::declaring(DECLARED).await;
    let browser = site.browser();
    let page = open(&browser, "olga", "/console/clients/desk").await.follow("#client-try").await;
    let page = page.form("#trial").press("#trial-submit").await;
    assert!(page.has("#consent") && page.html().contains("Desk"), "{}", page.html());
    let page = allow(page).await;
    assert_eq!(page.status(), 200);
    let answer = page.text("#tried-answer");
    assert!(answer.contains("https://desk.example.test/callback") && answer.contains("stock:write"));
    assert!(page.text("#tried-access_token").contains("https://stock.example.test"), "{}", page.html());
    assert!(page.text("#tried-id_token").contains("desk"));
    // Neither a token nor a code is anywhere on it.
    assert!(!page.html().contains("eyJ") && !page.html().contains("code="), "{}", page.html());
    let access = browser.get("/account/access").await;
    assert!(!access.html().contains("Desk"), "{}", access.html());
    let grants = open(&browser, "olga", "/console/sessions?client=desk").await;
    assert!(grants.has("#sessions-none"), "{}", grants.html());
    // It was agreed to for this once.
    assert!(begun(&browser).await.has("#consent"));
    // What was done is known, and that the grant has ended.
    let events = browser.get("/console/audit?client_id=desk").await.text("#events");
    for event in ["client_tried", "code_issued", "grant_revoked"] {
        assert!(events.contains(event), "{event}: {events}");
    }
    // Nobody has got a token.
    assert!(!events.contains("consent_given") && !events.contains("token_issued"), "{events}");
}

#[tokio::test]
async fn a_refusal_is_shown_and_explained() {
    let site = Site::declaring(DECLARED).await;
    let browser = site.browser();
    let page = begun(&browser).await.form("#consent").press("#consent-deny").await;
    assert!(page.text("#tried-refusal").contains("access_denied"), "{}", page.html());
    assert!(page.text("#tried-refusal").contains("RFC 6749 §4.1.2.1"), "{}", page.html());
    // What the application may not send is refused as it would be there, and goes nowhere.
    let form = browser.get(TRIAL).await.form("#trial").tamper("redirect_uri", "https://evil.example.test/cb");
    let page = form.press("#trial-submit").await;
    assert!(page.text("#tried-refusal").contains("invalid_request"), "{}", page.html());
}

#[tokio::test]
async fn whoever_signs_in_on_the_way_gets_what_their_roles_allow() {
    let site = Site::declaring(DECLARED).await;
    let browser = site.browser();
    let form = open(&browser, "olga", TRIAL).await.form("#trial").fill("anew", "on");
    let page = form.press("#trial-submit").await;
    assert!(page.has("#login"));
    let page = allow(sign_in(page, "dora").await).await;
    assert!(page.text("#tried-answer").contains("stock:read"), "{}", page.html());
    assert!(!page.text("#tried-answer").contains("stock:write"), "{}", page.html());
    assert!(page.text("#tried-withheld").contains("stock:write"), "{}", page.html());
    // Olga may look at people, so what is said of one is shown.
    assert!(page.has("#tried-access_token") && !page.has("#tried-hidden"));
    // It is their browser now; the console is not theirs.
    assert_eq!(browser.get(TRIAL).await.status(), 403);
}

#[tokio::test]
async fn a_trial_stays_in_the_browser_that_began_it() {
    let site = Site::declaring(DECLARED).await;
    let (browser, victim) = (site.browser(), site.signed_in("dora").await);
    let theirs = begun(&browser).await.form("#consent");
    let sealed = theirs.value("request").unwrap().to_owned();
    // An ordinary request of somebody else's, with the trial put in its place.
    let own = victim.get(site.shop().url()).await.form("#consent");
    let page = own.tamper("request", &sealed).press("#consent-allow").await;
    assert_eq!(shown_error(&page), "invalid_request");
    // The form that begins one is no other site's and no other person's either.
    let form = browser.get(TRIAL).await.form("#trial");
    let page = victim.get("/account/profile").await.form("#profile").to(TRIAL).submit().await;
    assert_eq!(page.status(), 403);
    let page = form.tamper("request", "forged").press("#trial-submit").await;
    assert_eq!(shown_error(&page), "invalid_request");
}

#[tokio::test]
async fn a_client_that_was_switched_off_meanwhile_is_tried_by_nobody() {
    let site = Site::declaring(DECLARED).await;
    let (browser, other) = (site.browser(), site.browser());
    let asked = begun(&browser).await;
    let ask = open(&other, "olga", "/console/clients/desk/state").await.form("#ask");
    ask.press("#ask-submit").await;
    let page = asked.form("#consent").press("#consent-allow").await;
    assert!(!page.has("#tried-answer"), "{}", page.html());
    assert!(begun(&other).await.text("#tried-refusal").contains("unauthorized_client"));
    // Nobody signs in with a service.
    let robot = r#"
        [[clients]]
        client_id = "robot"
        client_secret = "the secret of a shop, 32 characters"
        grant_types = ["client_credentials"]
    "#;
    site.server.apply(&format!("{DECLARED}{robot}")).await;
    assert!(!other.get("/console/clients/robot").await.has("#client-try"));
    assert_eq!(other.get("/console/clients/robot/try").await.status(), 409);
}

#[tokio::test]
async fn who_may_not_look_at_people_is_shown_no_claims_of_somebody_else() {
    let site = Site::declaring(&format!("{DECLARED}{CAROL}")).await;
    let browser = site.browser();
    let own = open(&browser, "carol", TRIAL).await.form("#trial").press("#trial-submit").await;
    assert!(allow(own).await.has("#tried-access_token"));
    let form = browser.get(TRIAL).await.form("#trial").fill("anew", "on");
    let page = allow(sign_in(form.press("#trial-submit").await, "dora").await).await;
    assert!(page.has("#tried-answer") && page.has("#tried-hidden"), "{}", page.html());
    assert!(!page.has("#tried-access_token") && !page.has("#tried-id_token"));
}

#[tokio::test]
async fn a_trial_ends_with_the_permission_to_try() {
    let site = Site::declaring(&format!("{DECLARED}{CAROL}")).await;
    let (browser, olga) = (site.browser(), site.browser());
    let asked = open(&browser, "carol", TRIAL).await.form("#trial").press("#trial-submit").await;
    let list = open(&olga, "olga", "/console/users?search=carol").await;
    let carol = list.follow("#users a").await.url().path().to_owned();
    let roles = olga.get(format!("{carol}/roles")).await.form("#roles");
    roles.without("role:signet:client_manager").press("#roles-submit").await;
    let page = asked.form("#consent").press("#consent-allow").await;
    assert!(page.text("#tried-refusal").contains("access_denied"), "{}", page.html());
    let events = olga.get("/console/audit?client_id=desk").await.text("#events");
    assert!(!events.contains("code_issued"), "{events}");
}

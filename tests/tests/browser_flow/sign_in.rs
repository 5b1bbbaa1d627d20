//! Signing in with a password, and what a failure tells.

use crate::person::{PASSWORD, Site, sign_in, sign_in_with};
use sea_orm::{ConnectionTrait as _, Database, Statement};
use signet_tests::Page;

/// m = 8 KiB, t = 1: below the floor. The password is the one that all have here.
const MORE: &str = r#"
    [[users]]
    username = "wendy"
    password_hash = "WEAK"

    [[users]]
    username = "mallory"
    email = "mallory@example.test"
    password = "correct horse battery staple"
    disabled = true

    [[users]]
    username = "nopass"
"#;

async fn open(site: &Site) -> Page {
    site.browser().get(site.trusted().url()).await
}

/// A page without what differs from visit to visit: the sealed request, what a passkey is asked, and the name that was
/// typed.
fn alike(page: &Page, username: &str) -> (u16, String) {
    let passkey = page.form("#login-passkey");
    let mut html = page.html();
    for sealed in [passkey.value("request"), passkey.value("state")] {
        html = html.replace(sealed.unwrap(), "SEALED");
    }
    let (before, asked) = html.split_once("data-options=\"").unwrap();
    let (_, after) = asked.split_once('"').unwrap();
    (page.status(), format!("{before}data-options=\"{after}").replace(username, "NAME"))
}

#[tokio::test]
async fn user_name_and_email_both_open_the_door() {
    let site = Site::start().await;
    for name in ["alice", "alice@example.test", "Alice", "ALICE@example.test", "  alice "] {
        let page = sign_in(open(&site).await, name).await;
        assert!(page.left_for().is_some(), "{name:?}: {}", page.html());
    }
}

#[tokio::test]
async fn a_wrong_password_an_unknown_and_a_disabled_user_look_the_same() {
    let site = Site::declaring(&MORE.replace("WEAK", &weak_hash())).await;
    let wrong = alike(&sign_in_with(open(&site).await, "alice", "wrong").await, "alice");
    assert!(wrong.1.contains("do not match"), "{}", wrong.1);
    for (name, password) in [
        ("nobody", PASSWORD),
        ("nobody@example.test", PASSWORD),
        ("mallory", PASSWORD),
        ("mallory@example.test", PASSWORD),
        ("mallory", "wrong"),
        ("nopass", PASSWORD),
        ("nopass", "wrong"),
    ] {
        let page = sign_in_with(open(&site).await, name, password).await;
        assert_eq!(alike(&page, name), wrong, "{name}");
        assert_eq!(page.answer().header("set-cookie"), None, "{name}");
    }
}

#[tokio::test]
async fn a_failure_loses_nothing_of_the_request() {
    let site = Site::start().await;
    let request = site.shop().scope("openid email").with("response_mode", "form_post");
    let page = site.browser().get(request.url()).await;
    let page = sign_in_with(sign_in_with(page, "alice", "wrong").await, "alice", "still wrong").await;
    assert_eq!(page.form("#login").value("username"), Some("alice"));
    assert!(page.form("#login").value("password").unwrap_or_default().is_empty(), "a password was sent back");
    let page = crate::person::allow(sign_in(page, "alice").await).await;
    page.callback().checked_code(&request, &site.server.issuer());
}

#[tokio::test]
async fn an_empty_field_is_asked_for() {
    let site = Site::start().await;
    for (name, password) in [("", ""), ("alice", ""), ("", PASSWORD)] {
        let page = sign_in_with(open(&site).await, name, password).await;
        assert_eq!(page.status(), 400);
        assert!(page.text("#login-error").contains("Enter your user name and your password"));
    }
}

#[tokio::test]
async fn passwords_are_compared_as_they_are() {
    let site = Site::start().await;
    for wrong in [
        format!(" {PASSWORD}"),
        format!("{PASSWORD} "),
        PASSWORD.to_uppercase(),
        format!("{PASSWORD}\u{0}"),
        PASSWORD.repeat(100),
    ] {
        let page = sign_in_with(open(&site).await, "bob", &wrong).await;
        assert!(page.left_for().is_none() && page.status() == 400, "{wrong:?}: {}", page.html());
    }
    sign_in(open(&site).await, "bob").await.callback().code();
}

#[tokio::test]
async fn a_weak_hash_is_replaced_at_the_next_sign_in() {
    let weak = weak_hash();
    let site = Site::declaring(&MORE.replace("WEAK", &weak)).await;
    sign_in(open(&site).await, "wendy").await.callback().code();
    let stronger = password_hash(&site, "wendy").await;
    assert_ne!(stronger, weak);
    assert!(stronger.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stronger}");
    sign_in(open(&site).await, "wendy").await.callback().code();
    assert_eq!(password_hash(&site, "wendy").await, stronger, "a strong hash is kept");
}

#[tokio::test]
async fn a_disabled_users_session_ends() {
    let site = Site::start().await;
    let browser = site.signed_in("bob").await;
    let resources = "[[users]]\nusername = \"bob\"\ndisabled = true";
    site.server.apply(resources).await;
    let page = browser.get(site.trusted().url()).await;
    assert!(page.has("#login"), "{}", page.html());
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_began() {
    let site = Site::start().await;
    let browser = site.signed_in("bob").await;
    let offline = site.tokens(&browser, "openid offline_access").await.field("refresh_token");
    let another = "[[users]]\nusername = \"bob\"\npassword = \"another horse entirely\"";
    site.server.set_passwords(another).await;
    let page = browser.get(site.trusted().url()).await;
    assert!(page.has("#login"), "a session outlived its password: {}", page.html());
    assert_eq!(site.refresh(&offline).await.expect_status(400).field("error"), "invalid_grant");
    assert_eq!(sign_in(open(&site).await, "bob").await.status(), 400);
    sign_in_with(open(&site).await, "bob", "another horse entirely").await.callback().code();
}

/// What is kept of a user's password.
async fn password_hash(site: &Site, username: &str) -> String {
    let database = Database::connect(site.server.settings().get("database.url")).await.unwrap();
    let query = "SELECT password_hash FROM users WHERE username = $1";
    let query = Statement::from_sql_and_values(database.get_database_backend(), query, [username.into()]);
    let row = database.query_one_raw(query).await.unwrap().expect("the user");
    row.try_get("", "password_hash").unwrap()
}

/// The common password under parameters that were fine long ago.
fn weak_hash() -> String {
    use argon2::password_hash::PasswordHasher as _;
    let parameters = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let hasher = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, parameters);
    hasher.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}

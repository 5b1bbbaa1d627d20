//! Passwords that other software hashed, and passwords as people type them.

use crate::person::{PASSWORD, Site, sign_in, sign_in_with};
use sea_orm::{ConnectionTrait as _, Database, Statement};
use signet_tests::Page;

/// What other software made of the password that all have here.
const FOREIGN: [(&str, &str); 6] = [
    (
        "argon2i",
        "$argon2i$v=19$m=1024,t=3,p=4$c29tZSBzYWx0IGhlcmU$Af65S5NA4oChcRc6h/RXyf831iVpndk6aODHRo+ywSc",
    ),
    ("bcrypt", "$2b$04$iHdPcXuE9cyQYWu4xqtbj.nhlENenXmfdReyYQ2Ji08w6sK5Uyn7K"),
    ("phc", "$pbkdf2-sha256$i=1000,l=32$c29tZSBzYWx0IGhlcmU$RiuUzfLbkmPVTXHnKLpQa0hGVWfXNqfaH8oEb7mWM4g"),
    ("passlib", "$pbkdf2$1000$c29tZSBzYWx0IGhlcmU$oWRUkfk28bPynk3kqmYCA2NZ3iM"),
    ("django", "pbkdf2_sha256$1000$letters$i3MudaSc3Qih3Q3de/ueBJgVXT4FZ1NX7KUSKJAXrzk="),
    ("scrypt", "$scrypt$ln=10,r=8,p=2$c29tZSBzYWx0IGhlcmU$0RFh0mm7gkYQf4vPDwBBsZYE74J38WRhQJ1frWwnDVs"),
];
/// bcrypt's hash of the digits from 0 on, cut at 72.
const DIGITS: &str = "$2a$04$qmcRWXX3BwRvEe3wI/bDn.FZwQEZBX/hA7XdIEe8mncKsaMl6bI/C";

fn user(name: &str, field: &str, value: &str) -> String {
    format!("[[users]]\nusername = \"{name}\"\n{field} = \"{value}\"\n")
}

async fn open(site: &Site) -> Page {
    site.browser().get(site.trusted().url()).await
}

async fn signs_in(site: &Site, name: &str, password: &str) -> bool {
    sign_in_with(open(site).await, name, password).await.left_for().is_some()
}

/// What is kept of somebody's password.
async fn kept(site: &Site, username: &str) -> String {
    let database = Database::connect(site.server.settings().get("database.url")).await.unwrap();
    let query = "SELECT password_hash FROM users WHERE username = $1";
    let query = Statement::from_sql_and_values(database.get_database_backend(), query, [username.into()]);
    database.query_one_raw(query).await.unwrap().unwrap().try_get("", "password_hash").unwrap()
}

#[tokio::test]
async fn an_imported_hash_opens_the_door_and_is_replaced_by_one_of_our_own() {
    let declared: String = FOREIGN.iter().map(|(name, hash)| user(name, "password_hash", hash)).collect();
    let site = Site::declaring(&declared).await;
    for (name, hash) in FOREIGN {
        assert!(!signs_in(&site, name, "wrong horse battery staple").await, "{name}");
        assert_eq!(kept(&site, name).await, hash, "a wrong password changed something");
        sign_in(open(&site).await, name).await.callback().code();
        let own = kept(&site, name).await;
        assert!(own.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{name}: {own}");
        assert!(signs_in(&site, name, PASSWORD).await, "{name}");
        assert_eq!(kept(&site, name).await, own);
    }
    // The file still holds what was imported: it does not come back.
    site.server.apply(&declared).await;
    assert!(kept(&site, "bcrypt").await.starts_with("$argon2id$"));
}

#[tokio::test]
async fn what_bcrypt_cuts_off_counts_as_soon_as_the_hash_is_replaced() {
    let site = Site::declaring(&user("dora", "password_hash", DIGITS)).await;
    let digits = "0123456789".repeat(8);
    assert!(!signs_in(&site, "dora", &digits[..71]).await);
    assert!(signs_in(&site, "dora", &digits[..75]).await);
    for wrong in [&digits[..72], &digits[..74], &digits[..76]] {
        assert!(!signs_in(&site, "dora", wrong).await, "{} characters", wrong.len());
    }
    assert!(signs_in(&site, "dora", &digits[..75]).await);
}

#[tokio::test]
async fn the_unicode_forms_of_one_password_are_one_password() {
    let (composed, decomposed) = ("Gr\u{fc}\u{df}e aus K\u{f6}ln", "Gru\u{308}\u{df}e aus Ko\u{308}ln");
    let declared = [user("greta", "password", composed), user("gustav", "password", decomposed)].concat();
    let site = Site::declaring(&declared).await;
    for name in ["greta", "gustav"] {
        let hash = kept(&site, name).await;
        for password in [composed, decomposed] {
            assert!(signs_in(&site, name, password).await, "{name}");
        }
        assert!(!signs_in(&site, name, "Gruesse aus Koeln").await);
        assert_eq!(kept(&site, name).await, hash, "there was nothing to replace");
    }
}

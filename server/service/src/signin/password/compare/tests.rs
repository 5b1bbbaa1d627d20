//! Hashes that other software made of a known password.

use super::*;

const PASSWORD: &str = "correct horse battery staple";

fn parsed(hash: &str) -> PasswordHash {
    PasswordHash::parse(hash).unwrap_or_else(|error| panic!("{hash}: {error}"))
}

fn right(password: &str, hash: &str) -> bool {
    compare(&Secret::new(password.to_owned()), &parsed(hash), &mut Memory::new()) == Compared::Normal
}

#[test]
fn a_password_is_compared_with_the_hashes_of_others() {
    for hash in [
        "$argon2i$v=19$m=1024,t=3,p=4$c29tZSBzYWx0IGhlcmU$Af65S5NA4oChcRc6h/RXyf831iVpndk6aODHRo+ywSc",
        "$argon2d$v=19$m=1024,t=3,p=4$c29tZSBzYWx0IGhlcmU$qOzIS/85f7K51KBF0s9PffgDYfEQdMizPWfl+houmdg",
        "$argon2id$v=16$m=1024,t=3,p=4$c29tZSBzYWx0IGhlcmU$BLt3PCuPYfF/oHu4L6QmU5eOBQJHOUM/uwmpDcVpn3Y",
        "$argon2id$m=1024,t=3,p=4$c29tZSBzYWx0IGhlcmU$BLt3PCuPYfF/oHu4L6QmU5eOBQJHOUM/uwmpDcVpn3Y",
        "$2b$04$iHdPcXuE9cyQYWu4xqtbj.nhlENenXmfdReyYQ2Ji08w6sK5Uyn7K",
        "$2y$04$iHdPcXuE9cyQYWu4xqtbj.nhlENenXmfdReyYQ2Ji08w6sK5Uyn7K",
        "$pbkdf2-sha256$i=1000,l=32$c29tZSBzYWx0IGhlcmU$RiuUzfLbkmPVTXHnKLpQa0hGVWfXNqfaH8oEb7mWM4g",
        "$pbkdf2-sha512$i=1000,l=64$c29tZSBzYWx0IGhlcmU$2bzcKUaIJvE8mjctvWTiIB+HyYo1usOQKRl05+oil+rBd4R+RMVWXLJ6Vd7ewxFSsS+sefcgU2XtvmQyEAlLgA",
        "$pbkdf2$1000$c29tZSBzYWx0IGhlcmU$oWRUkfk28bPynk3kqmYCA2NZ3iM",
        "pbkdf2_sha256$1000$letters$i3MudaSc3Qih3Q3de/ueBJgVXT4FZ1NX7KUSKJAXrzk=",
        "$scrypt$ln=10,r=8,p=2$c29tZSBzYWx0IGhlcmU$0RFh0mm7gkYQf4vPDwBBsZYE74J38WRhQJ1frWwnDVs",
    ] {
        assert!(right(PASSWORD, hash), "{hash}");
        for wrong in ["", "correct horse battery stapl", "correct horse battery staple "] {
            assert!(!right(wrong, hash), "{hash} {wrong:?}");
        }
    }
}

#[test]
fn bcrypt_knows_no_more_than_72_bytes() {
    let digits = "0123456789".repeat(8);
    let hash = "$2a$04$qmcRWXX3BwRvEe3wI/bDn.FZwQEZBX/hA7XdIEe8mncKsaMl6bI/C";
    assert!(right(&digits[..72], hash) && right(&digits, hash));
    assert!(!right(&digits[..71], hash));
}

#[test]
fn a_hash_that_cannot_be_computed_lets_nobody_in() {
    let mut memory = Memory::new();
    let argon2 =
        "$argon2id$v=19$m=1024,t=1,p=1$c29tZSBzYWx0IGhlcmU$BLt3PCuPYfF/oHu4L6QmU5eOBQJHOUM/uwmpDcVpn3Y";
    let PasswordHash::Argon2(mut hash) = parsed(argon2) else { panic!("argon2") };
    hash.version = 17;
    assert!(!matches("", &PasswordHash::Argon2(hash), &mut memory));
    let hash = ScryptHash { log_n: 10, r: 0, p: 1, salt: vec![1], output: vec![0; 32] };
    assert!(!matches("", &PasswordHash::Scrypt(hash), &mut memory));
}

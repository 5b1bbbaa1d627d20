//! What is read as a hash, and which of them are too dear.

use super::*;

const BCRYPT_EXAMPLE: &str = "$2b$12$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj3QyqZQZ0m2";
const SALT: &str = "c29tZSBzYWx0IGhlcmU";
const OUT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

#[test]
fn the_forms_that_others_write_are_read() {
    for text in [
        format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${OUT}"),
        format!("$argon2i$v=19$m=102400,t=2,p=8${SALT}${OUT}"),
        format!("$argon2d$m=65536,t=3,p=4${SALT}${OUT}"),
        BCRYPT_EXAMPLE.to_owned(),
        BCRYPT_EXAMPLE.replace("2b", "2a"),
        BCRYPT_EXAMPLE.replace("2b", "2y"),
        format!("$pbkdf2-sha256$i=600000,l=32${SALT}${OUT}"),
        format!("$pbkdf2-sha512$i=210000${SALT}${OUT}"),
        format!("$pbkdf2-sha256$29000${SALT}${OUT}"),
        format!("$pbkdf2-sha256$i=27500,l=32${SALT}=${OUT}="),
        format!("$pbkdf2$131000$...QmE/fGEMIIcR4zxnDmA${}", &OUT[..27]),
        format!("pbkdf2_sha256$1000000$aSaltOfLetters${OUT}="),
        format!("$scrypt$ln=17,r=8,p=1${SALT}${OUT}"),
    ] {
        let hash = PasswordHash::parse(&text).map_err(|error| format!("{text}: {error}")).unwrap();
        assert_eq!(hash.check_cost(), Ok(()), "{text}");
    }
}

#[test]
fn parameters_are_read_as_they_are_written() {
    let text = format!("$argon2i$v=19$m=65536,t=3,p=4${SALT}${OUT}");
    let Ok(PasswordHash::Argon2(hash)) = PasswordHash::parse(&text) else { panic!("{text}") };
    assert_eq!(
        (hash.variant, hash.version, hash.memory_kib, hash.iterations, hash.parallelism),
        (Argon2Variant::I, 19, 65536, 3, 4)
    );
    assert_eq!((hash.salt.as_slice(), hash.output.len()), (b"some salt here".as_slice(), 32));
    let text = format!("pbkdf2_sha256$1000$letters${OUT}=");
    let Ok(PasswordHash::Pbkdf2(hash)) = PasswordHash::parse(&text) else { panic!("{text}") };
    assert_eq!((hash.digest, hash.iterations), (Pbkdf2Digest::Sha256, 1000));
    assert_eq!(hash.salt, b"letters");
    let Ok(PasswordHash::Bcrypt(hash)) = PasswordHash::parse(BCRYPT_EXAMPLE) else { panic!("bcrypt") };
    assert_eq!(hash.cost, 12);
}

#[test]
fn what_is_no_whole_hash_is_refused() {
    for text in [
        "",
        "plain",
        "$",
        "$1$salt$AAAA",
        "$2x$12$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj3QyqZQZ0m2",
        "$2b$12$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj3QyqZQZ0m",
        "$2b$99$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj3QyqZQZ0m2",
        "$2b$12$ÖQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj3QyqZQZ0m2",
        &format!("$argon2id$v=18$m=19456,t=2,p=1${SALT}${OUT}"),
        &format!("$argon2id$v=19$m=19456,t=2${SALT}${OUT}"),
        &format!("$argon2id$v=19$m=19456,t=2,p=1,data=AAAA${SALT}${OUT}"),
        &format!("$argon2id$v=19$m=19456,t=0,p=1${SALT}${OUT}"),
        &format!("$argon2id$v=19$m=19456,t=+2,p=1${SALT}${OUT}"),
        &format!("$argon2id$v=19$m=15,t=2,p=2${SALT}${OUT}"),
        &format!("$argon2id$v=19$m=19456,t=2,p=1$c2hvcnQ${OUT}"),
        &format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}$aGFzaA"),
        &format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}$?{OUT}"),
        &format!("$pbkdf2-md5$i=1000${SALT}${OUT}"),
        &format!("$pbkdf2-sha256$i=0,l=32${SALT}${OUT}"),
        &format!("$pbkdf2-sha256$i=1000,l=64${SALT}${OUT}"),
        &format!("$pbkdf2-sha256$i=99999999999${SALT}${OUT}"),
        &format!("pbkdf2_sha256$1000$${OUT}"),
        &format!("$scrypt$ln=0,r=8,p=1${SALT}${OUT}"),
        &format!("$scrypt$ln=64,r=8,p=1${SALT}${OUT}"),
        &format!("$scrypt$r=8,ln=17,p=1${SALT}${OUT}"),
    ] {
        assert!(matches!(PasswordHash::parse(text), Err(UnfitHash::Form | UnfitHash::Broken(_))), "{text}");
    }
}

#[test]
fn a_hash_that_would_tie_up_the_server_is_refused_by_its_parameter() {
    for (text, parameter) in [
        (format!("$argon2id$v=19$m=262145,t=1,p=1${SALT}${OUT}"), "argon2's m"),
        (format!("$argon2id$v=19$m=4294967295,t=4294967295,p=1${SALT}${OUT}"), "argon2's m"),
        (format!("$argon2id$v=19$m=262144,t=5,p=1${SALT}${OUT}"), "m times t"),
        (format!("$argon2id$v=19$m=19456,t=4294967295,p=1${SALT}${OUT}"), "m times t"),
        (format!("$argon2id$v=19$m=19456,t=1,p=17${SALT}${OUT}"), "argon2's p"),
        (BCRYPT_EXAMPLE.replace("$12$", "$15$"), "bcrypt's cost"),
        (format!("$pbkdf2-sha1$i=2000001${SALT}${OUT}"), "PBKDF2's iterations"),
        (format!("$scrypt$ln=63,r=8,p=1${SALT}${OUT}"), "scrypt's ln"),
        (format!("$scrypt$ln=19,r=8,p=1${SALT}${OUT}"), "scrypt's memory (KiB)"),
        (format!("$scrypt$ln=24,r=4294967295,p=1${SALT}${OUT}"), "no whole hash"),
        (format!("$scrypt$ln=17,r=8,p=3${SALT}${OUT}"), "scrypt's memory times p"),
        (format!("$scrypt$ln=1,r=1,p=17${SALT}${OUT}"), "scrypt's p"),
    ] {
        let refused = PasswordHash::parse(&text).and_then(|hash| hash.check_cost()).expect_err(&text);
        let told = refused.to_string();
        assert!(told.contains(parameter), "{text}: {told}");
        assert!(!told.contains(SALT) && !told.contains(OUT), "{told}");
    }
}

//! What an operator does about passwords: bounds, warnings, and the list of those that became known.

use crate::BINARY;
use signet_tests::{Exit, Settings, run_command};

/// SHA-1 of `correct horse battery staple`, and of what nobody has here.
const HASHES: &str = "0000000000000000000000000000000000000000:1\r\n\
                      ABF7AAD6438836DBE526AA231ABDE2D0EEF74D42:12\r\n\
                      FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:3\r\n";

async fn apply(settings: &Settings, user: &str) -> Exit {
    let text = format!("[[users]]\nusername = \"alice\"\n{user}\n");
    let file = settings.write_file("resources.toml", &text).display().to_string();
    run_command(BINARY, settings, &["apply", &file]).await
}

async fn build(settings: &Settings, hashes: &str, more: &[&str]) -> Exit {
    settings.write_file("hashes.txt", hashes);
    let arguments = [&["passwords", "build-filter", "hashes.txt", "breached.list"], more].concat();
    run_command(BINARY, settings, &arguments).await
}

#[tokio::test]
async fn a_hash_that_would_tie_up_the_server_is_refused_with_field_and_parameter() {
    let settings = Settings::new();
    for (hash, told) in [
        ("$2b$20$iHdPcXuE9cyQYWu4xqtbj.nhlENenXmfdReyYQ2Ji08w6sK5Uyn7K", "bcrypt's cost is 20, and 14"),
        (
            "$argon2id$v=19$m=4194304,t=1,p=1$c29tZSBzYWx0IGhlcmU$AAECAwQFBgcICQoLDA0ODw",
            "argon2's m (KiB) is 4194304, and 262144",
        ),
        (
            "$pbkdf2-sha256$i=4000000000$c29tZSBzYWx0$AAECAwQFBgcICQoLDA0ODw",
            "iterations is 4000000000, and 2000000",
        ),
        ("$scrypt$ln=30,r=8,p=1$c29tZSBzYWx0$AAECAwQFBgcICQoLDA0ODw", "scrypt's ln is 30, and 24"),
        ("$1$salt$AAECAwQFBgcICQoLDA0ODw", "must be a hash of argon2, bcrypt, PBKDF2 or scrypt"),
    ] {
        let exit = apply(&settings, &format!("password_hash = \"{hash}\"")).await;
        assert_eq!(exit.code, Some(1), "{hash}");
        assert!(exit.stderr.contains("user \"alice\": password_hash: "), "{}", exit.stderr);
        assert!(exit.stderr.contains(told), "{}", exit.stderr);
        assert!(!exit.stderr.contains("AAECAwQ"), "{}", exit.stderr);
    }
}

#[tokio::test]
async fn a_declared_password_has_to_be_long_enough() {
    for (min, password, told) in [
        (12, "elevenchars", Some("at least 12 characters")),
        (12, "twelve chars", None),
        (8, "x 8 chars", None),
        (20, "nineteen characters", Some("at least 20 characters")),
        (12, &"long ".repeat(26), Some("at most 128 characters")),
    ] {
        let settings = Settings::new().with("passwords.min_length", min);
        let exit = apply(&settings, &format!("password = \"{password}\"")).await;
        assert_eq!(exit.code, Some(i32::from(told.is_some())), "{password}: {}", exit.stderr);
        if let Some(told) = told {
            assert!(exit.stderr.contains(&format!("password: must have {told}")), "{}", exit.stderr);
            assert!(!exit.stderr.contains(password), "{}", exit.stderr);
        }
    }
}

#[tokio::test]
async fn a_weak_declared_password_is_taken_with_a_warning() {
    for (password, told) in [
        ("password1234", "became known"),
        ("alice-alice-2026", "name or address"),
        ("aaaaaaaaaaaaaaaa", "easily guessed"),
    ] {
        let settings = Settings::new();
        let exit = apply(&settings, &format!("password = \"{password}\"")).await.expect_success();
        assert_eq!(exit.stdout, "+ create user alice\n");
        assert!(exit.stderr.contains("warning: user \"alice\": the password "), "{}", exit.stderr);
        assert!(exit.stderr.contains(told) && !exit.stderr.contains(password), "{}", exit.stderr);
        // It is told once, when it is set.
        let again = apply(&settings, &format!("password = \"{password}\"")).await.expect_success();
        assert!(!again.stderr.contains("warning: user"), "{}", again.stderr);
    }
}

#[tokio::test]
async fn a_list_is_built_named_and_used() {
    // The file is named before it is there: the command that makes it does not mind.
    let settings = Settings::new().with("passwords.breached_list", "breached.list");
    let refused = run_command(BINARY, &settings, &["doctor"]).await;
    assert!(refused.stdout.contains("passwords.breached_list"), "{}", refused.stdout);
    let exit = build(&settings, HASHES, &["--min-count", "3"]).await.expect_success();
    assert!(exit.stdout.starts_with("breached.list: 2 passwords, "), "{}", exit.stdout);
    assert!(exit.stdout.ends_with("; 1 seen less than 3 times left out\n"), "{}", exit.stdout);
    let healthy = run_command(BINARY, &settings, &["doctor"]).await.expect_success();
    assert!(healthy.stdout.contains("passwords: 2 known ones are refused"), "{}", healthy.stdout);
    let exit = apply(&settings, "password = \"correct horse battery staple\"").await.expect_success();
    assert!(exit.stderr.contains("became known"), "{}", exit.stderr);
}

#[tokio::test]
async fn a_list_that_is_none_or_was_cut_off_stops_the_start_by_its_key() {
    let settings = Settings::new().with("passwords.breached_list", "breached.list");
    build(&settings, HASHES, &[]).await.expect_success();
    let whole = std::fs::read(settings.path("breached.list")).unwrap();
    for bytes in [&whole[..whole.len() - 1], b"", HASHES.as_bytes()] {
        std::fs::write(settings.path("breached.list"), bytes).unwrap();
        for command in ["serve", "doctor"] {
            let exit = run_command(BINARY, &settings, &[command]).await;
            assert_eq!(exit.code, Some(1), "{command}");
            let told = format!("{}{}", exit.stdout, exit.stderr);
            assert!(told.contains("passwords.breached_list: breached.list "), "{told}");
            assert!(told.contains("build-filter"), "{told}");
        }
    }
}

#[tokio::test]
async fn hashes_that_are_none_or_unsorted_are_refused_by_their_line() {
    let settings = Settings::new();
    let backwards: String = HASHES.lines().rev().map(|line| format!("{line}\n")).collect();
    for (hashes, told) in
        [(backwards.as_str(), "line 2 comes before"), ("hunter2\n", "line 1 is no SHA-1"), ("", "no hash")]
    {
        let exit = build(&settings, hashes, &[]).await;
        assert_eq!(exit.code, Some(1));
        assert!(exit.stderr.contains(told) && !exit.stderr.contains("hunter2"), "{}", exit.stderr);
        assert!(!settings.path("breached.list").exists());
    }
}

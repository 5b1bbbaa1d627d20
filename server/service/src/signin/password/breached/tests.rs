//! Lists made and looked into.

use super::build::{BuildError, Built, build};
use super::*;
use std::path::PathBuf;

fn sha1_hex(password: &str) -> String {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Sorted lines as they are published, each password seen `count` times.
fn lines(passwords: impl Iterator<Item = (String, u64)>) -> String {
    let mut lines: Vec<_> =
        passwords.map(|(password, count)| format!("{}:{count}\r\n", sha1_hex(&password))).collect();
    lines.sort();
    lines.concat()
}

struct Made {
    _folder: tempfile::TempDir,
    path: PathBuf,
    built: Result<Built, BuildError>,
}

fn make(hashes: &str, min_count: u64) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    let built = build(hashes.as_bytes(), &path, min_count);
    Made { _folder: folder, path, built }
}

#[test]
fn every_entry_is_found_and_hardly_anything_else() {
    let count = 3 * SHARD as u64 + 17;
    let made = make(&lines((0..count).map(|n| (format!("known {n}"), 1))), 1);
    assert_eq!(made.built.unwrap().entries, count);
    let list = BreachedList::open(&made.path).unwrap();
    assert_eq!((list.shards.len(), list.entries()), (4, count));
    // Every filter, its first and its last entry among them.
    for n in (0..count).step_by(97) {
        assert!(list.contains(&format!("known {n}")).unwrap(), "{n}");
    }
    let wrong = (0..2000).filter(|n| list.contains(&format!("unknown {n}")).unwrap()).count();
    assert!(wrong <= 2, "{wrong} of 2000");
    let bytes = std::fs::metadata(&made.path).unwrap().len();
    assert!(bytes < count * 25 / 10, "{bytes} bytes for {count}");
}

#[test]
fn lists_of_one_and_of_few_work() {
    for count in 1..20 {
        let made = make(&lines((0..count).map(|n| (n.to_string(), 1))), 1);
        let list = BreachedList::open(&made.path).unwrap();
        assert!((0..count).all(|n| list.contains(&n.to_string()).unwrap()));
        assert!(!list.contains("another").unwrap());
    }
}

#[test]
fn what_was_seen_seldom_is_left_out() {
    let made = make(&lines([("often".to_owned(), 100), ("once".to_owned(), 1)].into_iter()), 10);
    let built = made.built.unwrap();
    assert_eq!((built.entries, built.left_out), (1, 1));
    let list = BreachedList::open(&made.path).unwrap();
    assert!(list.contains("often").unwrap() && !list.contains("once").unwrap());
}

#[test]
fn a_hash_that_comes_twice_is_one_entry() {
    let line = lines([("twice".to_owned(), 1)].into_iter());
    assert_eq!(make(&line.repeat(3), 1).built.unwrap().entries, 1);
}

#[test]
fn a_source_that_is_no_sorted_list_of_hashes_is_refused_by_its_line() {
    let (low, high) = ("0".repeat(40), "F".repeat(40));
    for (text, wrong) in [
        (format!("{low}:1\nhunter2\n"), "line 2 is no SHA-1"),
        (format!("{low}:x\n"), "line 1 is no SHA-1"),
        (format!("{low}:1:1\n"), "line 1 is no SHA-1"),
        (format!("{}:1\n", &low[1..]), "line 1 is no SHA-1"),
        ("x".repeat(1 << 20), "line 1 is no SHA-1"),
        (format!("{high}:1\n\n{low}:1\n"), "line 3 comes before"),
        (String::new(), "no hash"),
        (format!("{low}:0"), "no hash"),
    ] {
        let made = make(&text, 1);
        let told = made.built.expect_err(&text).to_string();
        assert!(told.contains(wrong), "{told}");
        assert_eq!(std::fs::read_dir(made.path.parent().unwrap()).unwrap().count(), 0, "something was left");
    }
}

#[test]
fn a_file_that_was_cut_off_or_changed_is_refused() {
    let made = make(&lines((0..1000).map(|n| (n.to_string(), 1))), 1);
    let whole = std::fs::read(&made.path).unwrap();
    let refused = |bytes: &[u8]| {
        std::fs::write(&made.path, bytes).unwrap();
        BreachedList::open(&made.path).expect_err("it was opened").to_string()
    };
    for length in [0, 5, 16, 40, 100, whole.len() - 1] {
        refused(&whole[..length]);
    }
    assert!(refused(b"password:1\n").contains("build-filter"));
    assert!(refused(&[whole.as_slice(), b"x"].concat()).contains("damaged"));
    for at in (whole.len() - INDEX_ENTRY - TRAILER)..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        refused(&changed);
    }
    // A filter is checked when it is read.
    let mut changed = whole.clone();
    changed[MAGIC.len() + 7] ^= 1;
    std::fs::write(&made.path, &changed).unwrap();
    assert!(BreachedList::open(&made.path).unwrap().contains("1").is_err());
    assert!(matches!(BreachedList::open(Path::new("/nowhere")), Err(UnfitList::Io(_))));
}

//! The commonest passwords, known without any file: some thousands.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What the file holds after its head, which says whose it is.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let (_, list) = include_str!("common.txt").split_once("\n\n").unwrap_or_default();
    list.lines().collect()
});

/// Whether a password is one of them, in whatever letter case.
pub(super) fn is_common(password: &str) -> bool {
    COMMON.contains(password.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_are_known_in_any_letter_case() {
        for password in ["password", "PassWord123", "1q2w3e4r5t6y"] {
            assert!(is_common(password), "{password}");
        }
        assert!(!is_common("correct horse battery staple") && !is_common(""));
        assert!(COMMON.len() > 8000 && COMMON.iter().all(|password| !password.starts_with("# ")));
    }
}

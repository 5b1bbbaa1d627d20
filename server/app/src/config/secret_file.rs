//! A file that holds a secret.

use std::fs::Metadata;

/// The permission bits of a file that others can read or change, or its group change. The group may read: secrets mounted
/// by an orchestrator belong to one.
#[cfg(unix)]
pub fn open_to_others(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o027 != 0).then_some(mode)
}

/// Elsewhere there are no such bits.
#[cfg(not(unix))]
pub fn open_to_others(_: &Metadata) -> Option<u32> {
    None
}

/// What such a file holds, without one newline at its end.
pub fn without_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

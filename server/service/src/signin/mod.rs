//! What sign-in stands on: password hashing and limits on failures.

pub(crate) mod attempts;
pub(crate) mod device;
pub mod password;

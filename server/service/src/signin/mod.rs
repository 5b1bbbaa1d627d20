//! What sign-in stands on: password hashing and limits on failures.

pub mod password;
pub(crate) mod throttle;

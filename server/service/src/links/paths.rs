//! Where the pages are that links lead to, and those where a link is asked for. The issuer comes before each.

/// A forgotten password: asks for a link.
pub const FORGOT: &str = "/forgot";
/// A new password, by a link.
pub const RESET: &str = "/reset";
/// An address that is shown to be somebody's, by a link.
pub const VERIFY_EMAIL: &str = "/verify-email";
/// Another address, by two links.
pub const CHANGE_EMAIL: &str = "/change-email";
/// A new account: asks for a link.
pub const REGISTER: &str = "/register";
/// A new account, by a link.
pub const JOIN: &str = "/join";

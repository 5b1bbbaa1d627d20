//! The tables as sea-orm sees them. Nothing in here leaves the crate.

pub mod action_token;
pub mod answered_challenge;
pub mod assertion;
pub mod audit;
pub mod change;
pub mod client;
pub mod client_secret;
pub mod code;
pub mod consent;
pub mod email_change;
pub mod email_code;
pub mod grant;
pub mod idempotency;
pub mod key;
pub mod mail;
pub mod partial_sign_in;
pub mod passkey;
pub mod recovery_code;
pub mod remembered_device;
pub mod removed_client;
pub mod resource;
pub mod role;
pub mod session;
pub mod totp;
pub mod user;

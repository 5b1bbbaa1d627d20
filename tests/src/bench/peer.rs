//! A well-known peer's figures, for comparison.

/// The peer, and where its figures come from: it was measured once, on a 2-core machine of this kind, with the same
/// load; it does not run here.
pub(super) const NAME: &str = "node-oidc-provider 9.13";
/// Resident memory before any load, in MiB.
pub(super) const IDLE_MIB: f64 = 89.0;
/// From its start until it answers, in milliseconds.
pub(super) const START_MS: f64 = 650.0;

/// CPU-µs an operation.
pub(super) const CLIENT_CREDENTIALS_ES256: f64 = 414.0;
pub(super) const CLIENT_CREDENTIALS_RS256: f64 = 816.0;
pub(super) const INTROSPECTION: f64 = 222.0;
/// It is not known with which ID token, if any.
pub(super) const REFRESH: f64 = 564.0;
/// With a session, both requests. It is not known with which ID token.
pub(super) const CODE_FLOW: f64 = 1370.0;
pub(super) const JWKS: f64 = 64.0;
pub(super) const DISCOVERY: f64 = 136.0;

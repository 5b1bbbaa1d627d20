//! The endpoints that programs speak to, over HTTP against the real server: one file per rule-set.

mod access_tokens;
mod account;
mod account_factors;
mod account_factors_abuse;
mod administration;
mod authorization_code;
mod bad_input;
mod client_assertion;
mod client_authentication;
mod client_key;
mod cors;
mod discovery;
mod id_token;
mod introspection;
mod jwks;
mod limits;
mod person;
mod pkce;
mod refresh;
mod refresh_endings;
mod resource;
mod revocation;
mod roles;
mod token_errors;
mod userinfo;
mod world;

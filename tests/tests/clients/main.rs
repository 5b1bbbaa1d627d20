//! Client libraries that nobody here wrote, against the whole server.

mod journeys;
mod node_openid_client;
mod offline_validation;
mod openidconnect_crate;
mod schemathesis;
mod site;

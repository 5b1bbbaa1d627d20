//! The server as its operators meet it: in processes of its own, killed and stopped, on two nodes, without its Redis
//! or its PostgreSQL for a while, and through its command line.

mod administer;
mod administered;
mod apply;
mod audit_seals;
mod audit_sinks;
mod audit_tampering;
mod audit_tokens;
mod configuration;
mod doctor;
mod enrolment;
mod first_start;
mod invite;
mod keys;
mod killed;
mod logs;
mod mail_server;
mod migrate;
mod one_node;
mod passkeys;
mod passwords;
mod postgres_away;
mod redis_away;
mod revoked_everywhere;
mod shop;
mod shutdown;
mod swept;
mod tls;
mod two_nodes;
mod two_nodes_sign_in;
mod upgrade;

/// The program under test.
const BINARY: &str = env!("CARGO_BIN_EXE_signet-under-test");

//! What the tests of the whole server stand on: services to run against, a browser without and with an engine,
//! the server in this process or in one of its own, and the checks that a relying party would make.
//!
//! Everything here panics when it fails: it is called by tests alone. Nothing sleeps but [`eventually`].

mod accessibility;
mod authenticator_app;
pub mod bench;
pub mod browser;
pub mod chromium;
mod clock;
mod eventually;
mod http;
mod jwt;
mod keys;
mod log_receiver;
mod mailbox;
mod node_client;
mod pkce;
mod port;
mod private_postgres;
mod private_redis;
mod relying_party;
mod server_process;
mod services;
mod settings;
mod smtp_server;
mod soft_authenticator;
mod test_server;

pub use accessibility::Barrier;
pub use authenticator_app::AuthenticatorApp;
pub use browser::{Browser, Form, Page};
pub use chromium::Chromium;
pub use clock::{FakeClock, system_clock};
pub use eventually::{Outcome, eventually};
pub use http::{Answer, Call, Http};
pub use jwt::{Expected, Jwks, claims_unchecked, header_unchecked};
pub use keys::let_keys_be_seen;
pub use log_receiver::{LogReceiver, LogWay};
pub use mailbox::{Mailbox, ReceivedMail, parse as parse_mail};
pub use node_client::NodeClient;
pub use pkce::Pkce;
pub use port::free_port;
pub use private_postgres::PrivatePostgres;
pub use private_redis::PrivateRedis;
pub use relying_party::{AuthorizationUrl, Callback, Discovery};
pub use server_process::{Exit, ServerProcess, run_command, run_command_with};
pub use services::{Services, required};
pub use settings::Settings;
pub use smtp_server::{Delivered, SmtpServer, SmtpTls};
pub use soft_authenticator::SoftAuthenticator;
pub use test_server::TestServer;

/// Gives rustls the provider that the whole workspace uses; every client here calls it before its first connection.
pub(crate) fn install_crypto_provider() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // The server under test may have installed the same provider first.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

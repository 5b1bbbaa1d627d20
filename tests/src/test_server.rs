//! The server in this process, with a clock in the test's hand.

use crate::{Browser, Discovery, FakeClock, Http, Jwks, Mailbox, Settings};
use signet::RunningServer;
use signet::cli::{ApplyMode, Plan};
use signet::config::Config;

/// A running server.
pub struct TestServer {
    running: RunningServer,
    settings: Settings,
    clock: FakeClock,
    /// A client without cookies.
    pub http: Http,
    /// What it says of itself.
    pub discovery: Discovery,
}

impl TestServer {
    /// Starts it on a clock that runs with the system's until the test moves it.
    pub async fn start(settings: Settings) -> Self {
        Self::start_at(settings, FakeClock::running()).await
    }

    /// Starts it on the test's clock. It answers when this returns.
    pub async fn start_at(settings: Settings, clock: FakeClock) -> Self {
        let running = signet::start(config(&settings), clock.clock()).await;
        let running = running.unwrap_or_else(|error| panic!("{error}\n{}", settings.toml()));
        let http = Http::new();
        let discovery = Discovery::fetch(&http, &settings.issuer()).await;
        Self { running, settings, clock, http, discovery }
    }

    /// Applies a resource file first, so that what it declares is there from the first request on.
    pub async fn start_with(settings: Settings, clock: FakeClock, resources: &str) -> Self {
        apply(&settings, &clock, resources, ApplyMode::default()).await;
        Self::start_at(settings, clock).await
    }

    /// Applies a resource file beside the running server, which learns of it within a second.
    pub async fn apply(&self, resources: &str) -> Plan {
        apply(&self.settings, &self.clock, resources, ApplyMode::default()).await
    }

    /// The same, with the passwords of those who have an account.
    pub async fn set_passwords(&self, resources: &str) -> Plan {
        let mode = ApplyMode { set_passwords: true, ..ApplyMode::default() };
        apply(&self.settings, &self.clock, resources, mode).await
    }

    /// The issuer.
    pub fn issuer(&self) -> String {
        self.settings.issuer()
    }

    /// Its configuration.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The mails that it sent.
    pub fn mailbox(&self) -> Mailbox {
        self.settings.mailbox()
    }

    /// Its time.
    pub fn clock(&self) -> &FakeClock {
        &self.clock
    }

    /// A browser with no cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.issuer())
    }

    /// The keys that it publishes now.
    pub async fn jwks(&self) -> Jwks {
        Jwks::fetch(&self.http, self.discovery.get("jwks_uri")).await
    }

    /// A POST to the token endpoint with `client_secret_basic`.
    pub async fn token(&self, client: (&str, &str), form: &[(&str, &str)]) -> crate::Answer {
        self.http.post(self.discovery.token_endpoint()).basic(client.0, client.1).form(form).send().await
    }

    /// Stops it in an orderly way.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

fn config(settings: &Settings) -> Config {
    // Nothing of the environment: a test is what it says.
    let (config, _) = Config::load(Some(&settings.write()), std::iter::empty())
        .unwrap_or_else(|error| panic!("{error}\n{}", settings.toml()));
    config
}

async fn apply(settings: &Settings, clock: &FakeClock, resources: &str, mode: ApplyMode) -> Plan {
    let file = settings.write_file("resources.toml", resources);
    let applied = signet::apply(config(settings), clock.clock(), vec![file], mode).await;
    applied.unwrap_or_else(|failure| panic!("{failure:?}\n{resources}"))
}

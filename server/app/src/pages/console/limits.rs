//! Limits: whom they hold back, and what they let through.

use super::ConsoleFrame;
use crate::pages::{Form, Page, Times, When, Words};
use serde::Serialize;
use signet_protocol::id::UserId;
use signet_service::admin::HeldBackSeen;
use signet_service::limits::{LimitName, LimitTable, Whom};
use std::net::IpAddr;

/// Lists those who are held back, each with a button `name="release"`, and the limits. Form `#release-address`, field
/// `address`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleLimits {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where limits are counted.
    pub counted: Words,
    /// Whether this server knows only of those that it held back itself.
    pub alone: bool,
    /// Those who are held back.
    pub held: Vec<HeldLine>,
    /// What each limit lets through.
    pub limits: Vec<LimitLine>,
    /// Holds what ties the buttons to the administrator; none: they may only look.
    pub form: Option<Form>,
    /// Whether the address that was sent is none.
    pub no_address: bool,
}

impl Page for ConsoleLimits {
    const TEMPLATE: &'static str = "console/limits.html";
}

/// Somebody who is held back.
#[derive(Clone, Debug, Serialize)]
pub struct HeldLine {
    /// By which limit.
    pub limit: &'static str,
    /// Who, part by part.
    pub whom: Vec<WhomLine>,
    /// Until when.
    pub until: When,
    /// What lets them go: what its button says.
    pub release: Option<String>,
}

/// A part of who is held back.
#[derive(Clone, Debug, Serialize)]
pub struct WhomLine {
    /// What it is.
    pub kind: Words,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its page, if this administrator may see it.
    pub url: Option<String>,
}

impl HeldLine {
    /// All of them. `known`: what a person signs in with, and their page.
    pub fn all(
        HeldBackSeen { held, clients, .. }: HeldBackSeen,
        times: Times,
        known: impl Fn(&UserId) -> Option<(String, String)>,
    ) -> Vec<Self> {
        let part = |whom: &Whom| {
            let mut url = None;
            let (kind, name) = match whom {
                Whom::User(id) => {
                    let (name, page) = known(id).unzip();
                    url = page;
                    (Words("whom-user"), name.or_else(|| Some(id.to_string())))
                }
                Whom::Network(network) => (Words("whom-network"), Some(network.clone())),
                Whom::Client(hash) => (Words("whom-client"), clients.get(hash).map(ToString::to_string)),
                Whom::Name(_) => (Words("whom-name"), None),
                Whom::Link => (Words("whom-link"), None),
                Whom::Browser => (Words("whom-browser"), None),
            };
            WhomLine { kind, name, url }
        };
        let release = |whom: &Whom| match whom {
            Whom::User(id) => Some(format!("user:{id}")),
            Whom::Client(hash) => clients.get(hash).map(|id| format!("client:{id}")),
            Whom::Network(network) => {
                let address: IpAddr = network.split('/').next()?.parse().ok()?;
                Some(format!("address:{address}"))
            }
            Whom::Name(_) | Whom::Link | Whom::Browser => None,
        };
        let line = |held: signet_service::limits::HeldBack| Self {
            limit: held.limit.as_str(),
            whom: held.whom.iter().map(part).collect(),
            until: times.show(held.until),
            release: held.whom.iter().find_map(release),
        };
        held.into_iter().map(line).collect()
    }
}

/// What a limit lets through.
#[derive(Clone, Debug, Serialize)]
pub struct LimitLine {
    /// Its name.
    pub limit: &'static str,
    /// How it counts.
    pub strategy: &'static str,
    /// How many; none: any number.
    pub number: Option<u32>,
    /// In how long a time, in seconds.
    pub period: u32,
}

impl LimitLine {
    /// Each limit.
    pub fn all(table: &LimitTable) -> Vec<Self> {
        let line = |name: LimitName| {
            let limit = table.get(name);
            Self {
                limit: name.as_str(),
                strategy: limit.strategy.as_str(),
                number: limit.number,
                period: limit.period,
            }
        };
        LimitName::ALL.into_iter().map(line).collect()
    }
}

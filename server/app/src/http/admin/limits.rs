//! `/limits`: what each lets through, and whom they hold back.

use super::caller::Caller;
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use serde::{Deserialize, Serialize};
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::Permission;
use signet_service::admin::{HeldBackSeen, LimitsSeen, Release};
use signet_service::limits::{LimitName, LimitSettings, Whom};
use std::net::IpAddr;
use utoipa::ToSchema;

/// The limits.
#[derive(Serialize, ToSchema)]
pub struct LimitsAnswer {
    /// Where they are counted: `redis`, `in-process`, `in-process, redis is away`, or `off`.
    counted: &'static str,
    /// What each lets through.
    items: Vec<LimitAnswer>,
}

/// What a limit lets through.
#[derive(Serialize, ToSchema)]
pub struct LimitAnswer {
    /// Its name.
    limit: &'static str,
    /// The tier of clients that it holds for; null: all others.
    tier: Option<String>,
    /// `fixed_window`, `sliding_window`, `token_bucket` or `leaky_bucket`.
    strategy: &'static str,
    /// How many; null: any number.
    number: Option<u32>,
    /// In how long a time, in seconds.
    period: u32,
    /// How many at once, where the strategy has such a thing and it is another number.
    burst: Option<u32>,
}

/// Those who are held back.
#[derive(Serialize, ToSchema)]
pub struct HeldBackAnswer {
    /// Where limits are counted. Without Redis each server knows of those that it held back alone.
    counted: &'static str,
    /// The longest first, 200 at most. Waits of less than a second are not told.
    items: Vec<HeldAnswer>,
}

/// Somebody who is held back.
#[derive(Serialize, ToSchema)]
pub struct HeldAnswer {
    /// By which limit.
    limit: &'static str,
    /// The person, if one is counted.
    user_id: Option<String>,
    /// The network, if one is counted.
    network: Option<String>,
    /// The client, if one is counted; null, too, for an identifier that no client has.
    client_id: Option<String>,
    /// What else is counted: `client` (one that is not registered), `name` (one that nobody has), `link` or `browser`.
    other: Option<&'static str>,
    /// Until when (RFC 3339).
    until: String,
}

/// Who is to be let go: one of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseQuestion {
    /// A person.
    user_id: Option<String>,
    /// A client.
    client_id: Option<String>,
    /// An address; of an IPv6 one its /64 is let go.
    address: Option<String>,
}

fn limit(name: LimitName, tier: Option<String>, settings: LimitSettings) -> LimitAnswer {
    let LimitSettings { strategy, number, period, burst } = settings;
    LimitAnswer { limit: name.as_str(), tier, strategy: strategy.as_str(), number, period, burst }
}

impl From<LimitsSeen> for LimitsAnswer {
    fn from(seen: LimitsSeen) -> Self {
        let table = seen.table;
        let own = LimitName::ALL.iter().map(|name| limit(*name, None, table.get(*name)));
        let of_tiers = table.tiers().flat_map(|tier| {
            let tiered = LimitName::ALL.into_iter().filter(|name| name.has_tiers());
            tiered.map(|name| limit(name, Some(tier.to_string()), table.get_for(name, tier)))
        });
        Self { counted: seen.counting.as_str(), items: own.chain(of_tiers).collect() }
    }
}

impl From<HeldBackSeen> for HeldBackAnswer {
    fn from(seen: HeldBackSeen) -> Self {
        let items = seen.held.into_iter().map(|held| {
            let mut item = HeldAnswer {
                limit: held.limit.as_str(),
                user_id: None,
                network: None,
                client_id: None,
                other: None,
                until: told(held.until),
            };
            for whom in held.whom {
                match whom {
                    Whom::User(id) => item.user_id = Some(id.to_string()),
                    Whom::Network(network) => item.network = Some(network),
                    Whom::Client(hash) => match seen.clients.get(&hash) {
                        Some(id) => item.client_id = Some(id.to_string()),
                        None => item.other = Some("client"),
                    },
                    Whom::Name(_) => item.other = Some("name"),
                    Whom::Link => item.other = Some("link"),
                    Whom::Browser => item.other = Some("browser"),
                }
            }
            item
        });
        Self { counted: seen.counting.as_str(), items: items.collect() }
    }
}

/// List limits
///
/// What each lets through at this moment. Their numbers are settings.
#[utoipa::path(
    get,
    path = "/limits",
    tag = "limits",
    operation_id = "listLimits",
    responses((status = 200, description = "The limits.", body = LimitsAnswer)),
    security(("signet" = ["signet:limits:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let seen = caller.admin().limits(&caller.actor).await.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::OK, &LimitsAnswer::from(seen)))
}

/// List who is held back
///
/// As far as it is known. Whoever typed a name that nobody has is told without it.
#[utoipa::path(
    get,
    path = "/limits/held-back",
    tag = "limits",
    operation_id = "listHeldBack",
    responses((status = 200, description = "Those who are held back now.", body = HeldBackAnswer)),
    security(("signet" = ["signet:limits:read"])),
)]
pub async fn held_back(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let seen = caller.admin().held_back(&caller.actor).await.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::OK, &HeldBackAnswer::from(seen)))
}

/// Let somebody go
///
/// What was counted at a person, a client or an address is forgotten, on every node within a second, so that they can go on.
#[utoipa::path(
    post,
    path = "/limits/release",
    tag = "limits",
    operation_id = "releaseFromLimits",
    request_body = ReleaseQuestion,
    responses(
        (status = 204, description = "They can go on."),
        (status = 404, description = "There is no such person or client.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:limits:write"])),
)]
pub async fn release(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    caller.needs(Permission::LimitsWrite)?;
    caller.query(&[])?;
    let who = match caller.read(payload).await? {
        ReleaseQuestion { user_id: Some(id), client_id: None, address: None } => {
            Release::User(UserId::new(id))
        }
        ReleaseQuestion { user_id: None, client_id: Some(id), address: None } => {
            Release::Client(ClientId::new(id))
        }
        ReleaseQuestion { user_id: None, client_id: None, address: Some(address) } => {
            let address = address.parse::<IpAddr>();
            Release::Address(address.map_err(|_| caller.fault("address", "is no IP address"))?)
        }
        _ => return Err(caller.fault("user_id", "say who: user_id, client_id or address, one of them")),
    };
    caller.admin().release(&caller.actor, who).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

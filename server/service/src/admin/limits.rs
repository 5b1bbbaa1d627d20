//! Limits: what each lets through, whom they hold back, and letting somebody go.

use super::{Actor, Admin, AdminError};
use crate::limits::{Counting, HeldBack, LimitKey, LimitName, LimitTable, Whom};
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::change::Change;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::Permission;
use std::collections::HashMap;
use std::net::IpAddr;

/// What is counted of a network, whatever is tried from there.
const OF_NETWORK: [LimitName; 5] = [
    LimitName::SignInNetwork,
    LimitName::ResetMailNetwork,
    LimitName::LinkNetwork,
    LimitName::ClientAuthenticationNetwork,
    LimitName::Registration,
];
/// What is counted of a client, whatever it asks for in its own name.
const OF_CLIENT: [LimitName; 4] = [
    LimitName::TokenClient,
    LimitName::IntrospectionClient,
    LimitName::RevocationClient,
    LimitName::AdministrationSubject,
];

/// The limits that hold, and where they are counted.
#[derive(Clone, Debug)]
pub struct LimitsSeen {
    /// What each lets through.
    pub table: LimitTable,
    /// Where they are counted.
    pub counting: Counting,
}

/// Those who are held back, with the clients among them by their names.
#[derive(Clone, Debug)]
pub struct HeldBackSeen {
    /// Those who are held back, the longest first.
    pub held: Vec<HeldBack>,
    /// The clients, by what they are counted as.
    pub clients: HashMap<String, ClientId>,
    /// Where limits are counted: without Redis each server knows of those that it held back alone.
    pub counting: Counting,
}

/// Who is to be let go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// A person.
    User(UserId),
    /// A client.
    Client(ClientId),
    /// An address; with it its IPv6 /64.
    Address(IpAddr),
}

impl Admin {
    /// What each limit lets through.
    pub async fn limits(&self, actor: &Actor) -> Result<LimitsSeen, AdminError> {
        actor.must_have(Permission::LimitsRead)?;
        let server = self.server()?;
        let table = server.settings.live().limits.clone();
        Ok(LimitsSeen { table, counting: server.limits.counting() })
    }

    /// Those who are held back now, as far as it is known.
    pub async fn held_back(&self, actor: &Actor) -> Result<HeldBackSeen, AdminError> {
        actor.must_have(Permission::LimitsRead)?;
        let limits = &self.server()?.limits;
        let held = limits.held_back().await;
        let has_clients = held.iter().flat_map(|held| &held.whom).any(|whom| matches!(whom, Whom::Client(_)));
        let clients = match has_clients {
            true => self.clients_as_counted().await?,
            false => HashMap::new(),
        };
        Ok(HeldBackSeen { held, clients, counting: limits.counting() })
    }

    /// Forgets what was counted at somebody, on every node within a second, so that they can go on.
    pub async fn release(&self, actor: &Actor, who: Release) -> Result<(), AdminError> {
        actor.must_have(Permission::LimitsWrite)?;
        let limits = &self.server()?.limits;
        let (key, names, subjects) = match &who {
            Release::User(id) => {
                self.unlock_user(actor, id).await?;
                let subjects = Subjects { user_id: Some(id.clone()), ..Subjects::default() };
                (LimitKey::account(id), &[][..], subjects)
            }
            Release::Client(id) => {
                self.client_is_known(id).await?;
                let subjects = Subjects { client_id: Some(id.clone()), ..Subjects::default() };
                (LimitKey::client(id), &OF_CLIENT[..], subjects)
            }
            Release::Address(address) => {
                (LimitKey::network(Some(*address)), &OF_NETWORK[..], Subjects::default())
            }
        };
        let counted: Vec<_> = names.iter().map(|name| (*name, key.clone())).collect();
        let Some(whom) = key.whom() else { return Ok(()) };
        let places = limits.let_go(&whom, &counted).await;
        let address = match who {
            Release::Address(address) => Some(address.to_string()),
            Release::User(_) | Release::Client(_) => None,
        };
        let now = self.clock.now();
        let event = actor.event(now, subjects, Event::LimitsLifted { address });
        let change = Change::LimitsLifted { places };
        self.announce(&self.store.changes().tell(vec![change], now, vec![event]).await?).await;
        Ok(())
    }

    async fn client_is_known(&self, id: &ClientId) -> Result<(), AdminError> {
        let known = id.could_be_registered() && self.store.clients().get(id).await?.is_some();
        known.then_some(()).ok_or(AdminError::NotFound("client"))
    }

    async fn clients_as_counted(&self) -> Result<HashMap<String, ClientId>, AdminError> {
        let clients = self.store.clients().ids().await?;
        let counted = clients.into_iter().filter_map(|id| match LimitKey::client(&id).whom() {
            Some(Whom::Client(hash)) => Some((hash, id)),
            _ => None,
        });
        Ok(counted.collect())
    }
}

//! The database and Redis of one deployment, before anything is served: what the server and each command begin with.

use crate::admin::Admin;
use crate::audit::AuditTrail;
use crate::keys::{KeyRing, Schedule};
use crate::limits::LimitTable;
use crate::mail::Mails;
use crate::only_node::OnlyNode;
use crate::settings::Settings;
use crate::signin::password::Hashing;
use signet_jose::MasterKeys;
use signet_protocol::environment::{Clock, Moment, Random};
use signet_protocol::id::{ClientId, TierName};
use signet_store::{Ephemeral, EphemeralError, Store, StoreError, StoreOptions, Undelivered};
use std::sync::Arc;

/// Opened connections. Cloning it gives the same ones.
#[derive(Clone)]
pub struct Deployment {
    pub(crate) store: Store,
    pub(crate) ephemeral: Ephemeral,
}

/// Why a deployment could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// The database.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// Redis.
    #[error("Redis: {0}")]
    Ephemeral(#[from] EphemeralError),
}

/// A migration of the schema.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its name.
    pub name: String,
    /// Whether this database has it.
    pub applied: bool,
}

impl Deployment {
    /// Connects. Two issuers that share a Redis do not meet in it.
    pub async fn open(
        database_url: &str,
        redis_url: Option<&str>,
        issuer: &str,
    ) -> Result<Self, DeploymentError> {
        let store = Store::open(database_url, StoreOptions::default()).await?;
        let ephemeral = Ephemeral::open(redis_url, &format!("signet:{{{issuer}}}:")).await?;
        Ok(Self { store, ephemeral })
    }

    /// Whether the database answers.
    pub async fn ping_database(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }

    /// Whether Redis answers, if there is one.
    pub async fn ping_redis(&self) -> Result<(), EphemeralError> {
        self.ephemeral.ping().await
    }

    /// The database's time.
    pub async fn database_time(&self) -> Result<Moment, StoreError> {
        self.store.clock().await
    }

    /// Every migration, oldest first.
    pub async fn migrations(&self) -> Result<Vec<Migration>, StoreError> {
        let states = self.store.migration_status().await?;
        Ok(states.into_iter().map(|state| Migration { name: state.name, applied: state.applied }).collect())
    }

    /// Brings the schema up to date, and names what that took.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let pending = self.store.pending_migrations().await?;
        if !pending.is_empty() {
            self.store.migrate().await?;
        }
        Ok(pending)
    }

    /// Takes the schema, and with it everything that is kept, away.
    pub async fn migrate_down(&self) -> Result<(), StoreError> {
        self.store.migrate_down().await
    }

    /// Without Redis there may be one node only: `None` if Redis makes more of them possible.
    pub async fn be_the_only_node(&self) -> Result<Option<OnlyNode>, StoreError> {
        if self.ephemeral.is_shared() {
            return Ok(None);
        }
        OnlyNode::become_it(self.store.clone()).await.map(Some)
    }

    /// Clients with a tier that there is none of any more: they have the limits of those without one.
    pub async fn clients_of_unknown_tiers(
        &self,
        limits: &LimitTable,
    ) -> Result<Vec<(ClientId, TierName)>, StoreError> {
        let clients = self.store.clients().all().await?;
        let unknown = clients.into_iter().filter_map(|client| {
            let tier = client.tier.filter(|tier| !limits.has_tier(tier))?;
            Some((client.client_id, tier))
        });
        Ok(unknown.collect())
    }

    /// How many mails wait or were given up.
    pub async fn undelivered_mails(&self) -> Result<Undelivered, StoreError> {
        self.store.mails().undelivered().await
    }

    /// The audit log.
    pub fn audit_trail(&self, clock: Clock) -> AuditTrail {
        AuditTrail::new(self.store.clone(), clock)
    }

    /// Administration.
    pub fn admin(&self, clock: Clock, random: Random, hashing: Hashing) -> Admin {
        Admin { store: self.store.clone(), clock, random, hashing, server: None }
    }

    /// What makes mails ready, for a command; a running server sends them. `is_on`: whether one does.
    pub fn mails(&self, master: Arc<MasterKeys>, environment: (Clock, Random), is_on: bool) -> Mails {
        Mails::new(self.store.clone(), master, environment, is_on)
    }

    /// The keys, for a command.
    pub async fn keys(
        &self,
        master: Arc<MasterKeys>,
        environment: (Clock, Random),
        settings: &Settings,
    ) -> Result<KeyRing, StoreError> {
        KeyRing::load(self.store.clone(), master, environment, Schedule::of(settings)).await
    }

    /// Finishes what was accepted, and lets go.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

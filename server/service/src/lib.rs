//! What Signet does: grants, sign-in, keys, revocation, administration. No web framework, no SQL.

pub mod account;
pub mod admin;
pub mod audit;
pub mod authorize;
pub mod background;
mod client_authentication;
pub mod configuration;
pub mod deployment;
mod directory;
mod discovery;
pub mod doctor;
mod document;
pub mod factors;
mod forms;
pub mod grants;
mod health;
mod hint;
pub mod keys;
pub mod limits;
pub mod links;
pub mod logout;
pub mod mail;
mod network;
mod nodes;
mod only_node;
mod outbound;
mod person;
pub mod refusals;
mod revocation;
pub mod settings;
pub mod signin;
pub mod tokens;

pub use document::Document;
pub use health::NotReady;
pub use only_node::OnlyNode;
pub use signet_store::StoreError;

use account::Account;
use admin::{Actor, Admin};
use audit::{AuditLog, AuditSealer, AuditWriter, Sinks, audit_log};
use authorize::{Authorizations, Present};
use client_authentication::ClientAuthentication;
use configuration::{Configuration, Follower};
use deployment::Deployment;
use directory::Directory;
use discovery::Discovery;
use doctor::Doctor;
use factors::Factors;
use forms::Forms;
use grants::Grants;
use grants::mint::Mint;
use keys::{KeyError, KeyRing, Schedule, algorithm};
use limits::Limits;
use links::Links;
use logout::Logout;
use mail::{Delivery, Mails, Post};
use nodes::OwnNode;
use refusals::{RefusalLog, RefusalWriter, refusal_log};
use revocation::{Feed, Freshness, Listeners, Revocations};
use settings::Settings;
use signet_jose::MasterKeys;
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::audit::Origin;
use signet_protocol::environment::{Clock, Moment, Random, RandomFailed};
use signet_protocol::id::ClientId;
use signet_protocol::language::Languages;
use signet_protocol::principal::Principal;
use signet_protocol::resource::Resource;
use signet_store::{Ephemeral, Store};
use signin::device::Devices;
use signin::password::{PasswordSettings, Passwords};
use std::sync::Arc;
use tokens::Tokens;

/// Everything a handler may ask for. Cloning it is cheap.
#[derive(Clone)]
pub struct Service(Arc<Parts>);

impl std::ops::Deref for Service {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The use cases of a running server.
pub struct Parts {
    /// The token endpoint.
    pub grants: Grants,
    /// The authorization endpoint and its pages.
    pub authorizations: Authorizations,
    /// Introspection, revocation, userinfo.
    pub tokens: Tokens,
    /// A person's own account.
    pub account: Account,
    /// Administration.
    pub admin: Admin,
    /// Sign-out.
    pub logout: Logout,
    /// Second factors.
    pub factors: Factors,
    /// Everything that is counted.
    pub limits: Limits,
    /// The keys.
    pub keys: KeyRing,
    /// Mails to people.
    pub mails: Mails,
    /// Links that are sent by mail.
    pub links: Links,
    /// Passwords: comparing, judging and hashing them.
    pub passwords: Passwords,
    /// The settings.
    pub settings: Arc<Settings>,
    /// Every language that there are pages in.
    pub languages: Arc<Languages>,
    /// Why requests were refused, if that is kept.
    pub refusals: Option<RefusalLog>,
    directory: Directory,
    discovery: Discovery,
    feed: Feed,
    store: Store,
    only_node: Option<OnlyNode>,
    own_node: OwnNode,
    delivery: Option<Delivery>,
    clock: Clock,
}

/// What those need to know who operate a server.
pub struct Operating {
    /// What was decided, key by key.
    pub configuration: Configuration,
    /// Looks at everything that may need mending.
    pub doctor: Doctor,
    /// Where this process listens.
    pub address: String,
}

/// What a service is made of.
pub struct Foundation {
    /// The database, with its schema up to date, and Redis.
    pub deployment: Deployment,
    /// Being the only node, where there may be no other.
    pub only_node: Option<OnlyNode>,
    /// The keys that seal keys.
    pub master: Arc<MasterKeys>,
    /// How mails leave, if they do.
    pub post: Option<Post>,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// What those need to know who operate it.
    pub operating: Operating,
    /// Every language that there are pages in.
    pub languages: Arc<Languages>,
    /// What the operator decided about passwords.
    pub passwords: PasswordSettings,
}

/// What writes and seals in the background.
pub type Writers = (AuditWriter, AuditSealer, Sinks, RefusalWriter);

/// Why a service could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// Randomness.
    #[error(transparent)]
    Random(#[from] RandomFailed),
}

impl Service {
    /// Brings up everything that requests need; what writes and seals is to be given to [`background::Background`].
    pub async fn open(foundation: Foundation) -> Result<(Self, Writers), OpenError> {
        let Foundation {
            deployment: Deployment { store, ephemeral },
            only_node,
            master,
            post,
            clock,
            random,
            settings,
            operating: Operating { configuration, doctor, address },
            languages,
            passwords,
        } = foundation;
        let (environment, hashing) = ((clock.clone(), random.clone()), passwords.hashing);
        let (mails, delivery) = mail::open(&store, &master, environment.clone(), post);
        let limits = Limits::new(settings.live.clone(), ephemeral.clone(), clock.clone());
        let parts = (&*settings, &configuration, &limits);
        let followed =
            Followed::begin((store.clone(), ephemeral.clone()), &master, environment, parts).await?;
        let Followed { keys, directory, revocations, feed } = followed;
        let ((audit, writer), (refusals, refusal_writer)) = logs(&store, &clock, &settings);
        let own_node = OwnNode::new((&store, &clock), audit.watch(), (random.id()?, address));
        let sealer = sealer((&store, &master), (&clock, &random), (only_node.as_ref(), &audit), &settings)?;
        let sinks = sinks((&store, &clock), &audit, &sealer, &settings);
        let devices = Devices::new(&master, (&clock, &random), &settings.issuer);
        let passwords = Passwords::new(passwords, random.clone());
        let mint = Mint { keys: keys.clone(), random: random.clone(), settings: settings.clone() };
        let forms = Forms { keys: keys.clone(), clock: clock.clone(), settings: settings.clone() };
        let authentication =
            ClientAuthentication::new((&directory, &store), (&audit, &limits), (&clock, &settings));
        let factors = factors((&store, &audit), (&mails, &limits), &master, (&clock, &random), &settings);
        let grants = Grants::new((&authentication, &mint), (&store, &feed), (&audit, &clock));
        let authorizations = Authorizations {
            factors: factors.clone(),
            directory: directory.clone(),
            store: store.clone(),
            keys: keys.clone(),
            forms,
            limits: limits.clone(),
            devices,
            passwords: passwords.clone(),
            audit,
            feed: feed.clone(),
            grants: grants.clone(),
            clock: clock.clone(),
            random,
            settings: settings.clone(),
        };
        let links = Links::beside(&authorizations, &mails);
        let parts = Parts {
            grants,
            account: Account::beside(&authorizations, &mails),
            admin: Admin::beside(&authorizations, hashing, (master, &mails), (configuration, doctor)),
            logout: Logout::beside(&authorizations),
            authorizations,
            tokens: Tokens {
                authentication,
                mint,
                store: store.clone(),
                revocations,
                feed: feed.clone(),
                clock: clock.clone(),
            },
            factors,
            keys,
            mails,
            links,
            passwords,
            settings,
            languages,
            refusals,
            directory,
            discovery: Discovery::default(),
            feed,
            store,
            limits,
            only_node,
            own_node,
            delivery,
            clock,
        };
        let service = Self(Arc::new(parts));
        service.ensure_keys().await?;
        Ok((service, (writer, sealer, sinks, refusal_writer)))
    }

    /// A key for each algorithm that some API or client asks for, besides those that every deployment needs.
    pub async fn ensure_keys(&self) -> Result<(), KeyError> {
        let mut algorithms = vec![algorithm(SigningAlg::RS256), algorithm(SigningAlg::ES256)];
        algorithms.extend(self.directory.resources().iter().map(|resource| algorithm(resource.signing_alg)));
        self.keys.ensure(algorithms).await
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Every API.
    pub fn resources(&self) -> Arc<Vec<Resource>> {
        self.directory.resources()
    }

    /// Whoever is signed in, as somebody who administers: as far as their roles let them.
    pub async fn administrator(&self, present: &Present, origin: &Origin) -> Result<Actor, StoreError> {
        let held = self.directory.held(&present.user).await?;
        let permissions = self.directory.roles().permissions(held.names());
        let who = Principal::User(present.user.id.clone());
        Ok(Actor::somebody(who, permissions, origin))
    }

    /// Whether scripts of a browser origin may read this client's answers.
    pub async fn allows_origin(&self, client_id: &ClientId, origin: &str) -> bool {
        let Ok(Some(client)) = self.directory.client(client_id).await else { return false };
        let client = &client.client;
        client.allowed_origins.iter().any(|allowed| allowed == origin)
            || client.redirect_uris.iter().any(|uri| uri.origin().as_deref() == Some(origin))
    }
}

/// The audit log and that of refusals, each with what writes it.
fn logs(
    store: &Store,
    clock: &Clock,
    settings: &Settings,
) -> ((AuditLog, AuditWriter), (Option<RefusalLog>, RefusalWriter)) {
    (audit_log(store.clone(), clock.clone()), refusal_log(store.clone(), clock.clone(), settings))
}

/// What seals the audit log. Of several nodes, one holds the lease.
fn sealer(
    (store, master): (&Store, &Arc<MasterKeys>),
    (clock, random): (&Clock, &Random),
    (only_node, audit): (Option<&OnlyNode>, &AuditLog),
    settings: &Settings,
) -> Result<AuditSealer, OpenError> {
    let holder = only_node.is_none().then(|| random.id()).transpose()?;
    let sealed = (store.clone(), master.clone());
    Ok(AuditSealer::new(
        sealed,
        (clock.clone(), audit.watch().clone()),
        holder,
        settings.audit_retention_days,
    ))
}

/// What sends seals on, from the node that makes them.
fn sinks(
    (store, clock): (&Store, &Clock),
    audit: &AuditLog,
    sealer: &AuditSealer,
    settings: &Settings,
) -> Sinks {
    let places = (settings.audit_sinks.clone(), settings.host.clone());
    Sinks::new(places, (store.clone(), clock.clone()), audit.watch().clone(), sealer.leads())
}

fn factors(
    (store, audit): (&Store, &AuditLog),
    (mails, limits): (&Mails, &Limits),
    master: &Arc<MasterKeys>,
    (clock, random): (&Clock, &Random),
    settings: &Arc<Settings>,
) -> Factors {
    Factors::new(factors::Foundation {
        store: store.clone(),
        master: master.clone(),
        audit: audit.clone(),
        mails: mails.clone(),
        limits: limits.clone(),
        clock: clock.clone(),
        random: random.clone(),
        settings: settings.clone(),
    })
}

/// What follows the changes that any node makes.
struct Followed {
    keys: KeyRing,
    directory: Directory,
    revocations: Revocations,
    feed: Feed,
}

impl Followed {
    async fn begin(
        (store, ephemeral): (Store, Ephemeral),
        master: &Arc<MasterKeys>,
        (clock, random): (Clock, Random),
        (settings, configuration, limits): (&Settings, &Configuration, &Limits),
    ) -> Result<Self, OpenError> {
        let freshness = Freshness::new(clock.clone());
        let schedule = Schedule::of(settings);
        let keys = KeyRing::load(store.clone(), master.clone(), (clock.clone(), random), schedule).await?;
        let directory = Directory::load(store.clone(), freshness.clone(), &settings.issuer).await?;
        let revocations = Revocations::new(store.clone(), freshness.clone());
        let (live, configuration) = (settings.live.clone(), configuration.clone());
        let follower = Follower { store: store.clone(), configuration, live };
        follower.reload().await?;
        let listeners = Listeners {
            freshness,
            revocations: revocations.clone(),
            directory: directory.clone(),
            keys: keys.clone(),
            settings: follower,
            limits: limits.clone(),
        };
        let feed = Feed::open(store, ephemeral, clock, listeners).await?;
        Ok(Self { keys, directory, revocations, feed })
    }
}

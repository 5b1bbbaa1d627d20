//! Clients, APIs, roles and groups, kept in memory and read again when the `changes` feed says that they changed.

use crate::person::Person;
use crate::revocation::Freshness;
use arc_swap::ArcSwap;
use moka::sync::Cache;
use signet_protocol::claims::is_user_scope;
use signet_protocol::client::RegisteredClient;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::administration;
use signet_protocol::resource::Resource;
use signet_protocol::role::{Held, RoleBook};
use signet_protocol::user::User;
use signet_store::{Store, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most clients kept in memory; unknown names count, so that a flood of them stays bounded.
const CAPACITY: u64 = 20_000;

/// Who may ask, and for which APIs.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    store: Store,
    freshness: Freshness,
    /// The API that nobody declares: administration.
    built_in: Resource,
    clients: Cache<ClientId, Option<Arc<RegisteredClient>>>,
    /// Rises with every change, so that a read that began before one is not kept after it.
    epoch: AtomicU64,
    resources: ArcSwap<Vec<Resource>>,
    roles: ArcSwap<RoleBook>,
    /// How often they were said to have changed, and of which of these times they were read.
    roles_changed: AtomicU64,
    roles_read: AtomicU64,
    /// One reads them at a time, so that nothing older takes the place of what was read later.
    reading_roles: tokio::sync::Mutex<()>,
}

impl Directory {
    /// Reads the APIs, roles and groups; clients are read as they appear.
    pub async fn load(store: Store, freshness: Freshness, issuer: &str) -> Result<Self, StoreError> {
        let built_in = administration(issuer);
        let resources = read_resources(&store, &built_in).await?;
        let roles = store.roles().book().await?;
        Ok(Self(Arc::new(Inner {
            store,
            freshness,
            built_in,
            clients: Cache::new(CAPACITY),
            epoch: AtomicU64::new(0),
            resources: ArcSwap::from_pointee(resources),
            roles: ArcSwap::from_pointee(roles),
            roles_changed: AtomicU64::new(0),
            roles_read: AtomicU64::new(0),
            reading_roles: tokio::sync::Mutex::new(()),
        })))
    }

    /// A client by its identifier, disabled or not. A process that has lost touch with the feed asks SQL.
    pub async fn client(&self, client_id: &ClientId) -> Result<Option<Arc<RegisteredClient>>, StoreError> {
        if !client_id.could_be_registered() {
            return Ok(None);
        }
        if self.0.freshness.is_current()
            && let Some(known) = self.0.clients.get(client_id)
        {
            return Ok(known);
        }
        let epoch = self.0.epoch.load(Ordering::SeqCst);
        let client = self.0.store.clients().get(client_id).await?.map(Arc::new);
        if client.as_ref().is_some_and(|client| self.misses_an_api_of(client)) {
            // Client and API were registered a moment ago, and only the client was asked for yet.
            self.reload_resources().await?;
        }
        self.0.clients.insert(client_id.clone(), client.clone());
        if self.0.epoch.load(Ordering::SeqCst) != epoch {
            self.0.clients.invalidate(client_id);
        }
        Ok(client)
    }

    /// Whether a client may ask for a scope that no known API has.
    fn misses_an_api_of(&self, client: &RegisteredClient) -> bool {
        let resources = self.0.resources.load();
        let known = |value: &str| resources.iter().any(|api| api.scopes.iter().any(|scope| scope == value));
        client.client.scope.iter().any(|value| !is_user_scope(value) && !known(value))
    }

    /// Every API.
    pub fn resources(&self) -> Arc<Vec<Resource>> {
        self.0.resources.load_full()
    }

    /// Every role and every group.
    pub fn roles(&self) -> Arc<RoleBook> {
        self.0.roles.load_full()
    }

    /// The same for deciding what somebody may do: never those of which it is known that they have changed since.
    async fn present_roles(&self) -> Result<Arc<RoleBook>, StoreError> {
        self.read_roles_if_changed().await?;
        Ok(self.roles())
    }

    /// A person with what they hold.
    pub async fn person(&self, user: User) -> Result<Person, StoreError> {
        Ok(Person { held: self.held(&user).await?, user, book: self.roles() })
    }

    /// A person by their identifier, in one query; none: there is nobody, or they are disabled.
    pub async fn person_by_id(&self, id: &UserId) -> Result<Option<Person>, StoreError> {
        let found = self.0.store.users().with_groups(id).await?;
        let book = self.present_roles().await?;
        let live = found.filter(|(user, _)| !user.disabled);
        Ok(live.map(|(user, groups)| Person { held: book.held(&user.roles, &groups), user, book }))
    }

    /// What somebody holds, themselves and by the groups that they are in at this moment. Where there are no groups,
    /// nothing is asked.
    pub async fn held(&self, user: &User) -> Result<Held, StoreError> {
        let book = self.present_roles().await?;
        let groups = match book.has_groups() {
            true => self.0.store.groups().of(&user.id).await?,
            false => Vec::new(),
        };
        Ok(book.held(&user.roles, &groups))
    }

    /// Reads the roles and groups again.
    pub async fn reload_roles(&self) -> Result<(), StoreError> {
        self.0.roles_changed.fetch_add(1, Ordering::SeqCst);
        self.read_roles_if_changed().await
    }

    async fn read_roles_if_changed(&self) -> Result<(), StoreError> {
        let Inner { roles_changed, roles_read, .. } = &*self.0;
        let is_current = || roles_read.load(Ordering::SeqCst) >= roles_changed.load(Ordering::SeqCst);
        if is_current() {
            return Ok(());
        }
        let _one = self.0.reading_roles.lock().await;
        // Whoever held the lock may have read them for all who wait.
        if is_current() {
            return Ok(());
        }
        let changed = roles_changed.load(Ordering::SeqCst);
        self.0.roles.store(Arc::new(self.0.store.roles().book().await?));
        roles_read.store(changed, Ordering::SeqCst);
        Ok(())
    }

    /// Forgets a client, so that its next use reads it again.
    pub fn forget_client(&self, client_id: &ClientId) {
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
        self.0.clients.invalidate(client_id);
    }

    /// Forgets every client.
    pub fn forget_clients(&self) {
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
        self.0.clients.invalidate_all();
    }

    /// Reads the APIs again.
    pub async fn reload_resources(&self) -> Result<(), StoreError> {
        let resources = read_resources(&self.0.store, &self.0.built_in).await?;
        self.0.resources.store(Arc::new(resources));
        Ok(())
    }
}

async fn read_resources(store: &Store, built_in: &Resource) -> Result<Vec<Resource>, StoreError> {
    let declared = store.resources().all().await?.into_iter().map(|managed| managed.item);
    Ok(declared.chain([built_in.clone()]).collect())
}

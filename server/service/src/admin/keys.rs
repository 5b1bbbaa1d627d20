//! Keys: what each is doing, having the next ones sign now, and withdrawing one that somebody else may hold.

use super::{Actor, Admin, AdminError};
use crate::keys::{KeyError, KeyRing, KeyStatus, RotationPlan, algorithm, picture};
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::client::{Client, GrantType};
use signet_protocol::id::{ClientId, KeyId, ResourceId};
use signet_protocol::permission::Permission;
use signet_protocol::resource::Resource;
use signet_store::KeyPurpose;

/// Every key, and the state that they are seen in.
#[derive(Clone, Debug)]
pub struct KeyList {
    /// The keys: those that sign first, each algorithm from its newest.
    pub keys: Vec<KeyStatus>,
    /// What names this state: it differs as soon as a key is made, replaced or withdrawn.
    pub picture: String,
}

/// How keys are to be replaced.
#[derive(Clone, Debug, Default)]
pub struct Rotating {
    /// Those of one algorithm; none: of all.
    pub algorithm: Option<SigningAlg>,
    /// The state that was seen; none: whatever it is now.
    pub seen: Option<String>,
    /// Whether nothing is to be kept: only to be told.
    pub dry_run: bool,
}

/// What withdrawing a key takes along.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// The key.
    pub key: KeyStatus,
    /// The clients whose ID tokens, userinfo or access tokens are signed with its algorithm.
    pub clients: Vec<ClientId>,
    /// The APIs whose access tokens are.
    pub resources: Vec<ResourceId>,
    /// Of a key that signs: the grants by which an access token lives at this moment, which may be lost, and is fetched again
    /// by a refresh token. Of one that proves refresh tokens: the grants that end. [`COUNTED`](super::COUNTED): at least so many.
    pub grants: u64,
}

impl Withdrawal {
    /// Every grant that it proves ends with a key of refresh tokens: that is an emergency's (`emergency:write`).
    pub fn ends_grants(&self) -> bool {
        self.key.row.purpose == KeyPurpose::Refresh && matches!(self.key.state, "current" | "retiring")
    }
}

impl Admin {
    /// Every key with its state; never what is secret of it.
    pub async fn keys(&self, actor: &Actor) -> Result<KeyList, AdminError> {
        actor.must_have(Permission::KeysRead)?;
        let mut keys = self.ring()?.list().await?;
        let picture = picture(keys.iter().map(|key| &key.row));
        keys.sort_by_key(|KeyStatus { row, .. }| {
            (row.purpose != KeyPurpose::Jwt, row.alg.clone(), std::cmp::Reverse(row.activates_at))
        });
        Ok(KeyList { keys, picture })
    }

    /// Has the next signing keys take over as soon as every verifier can know them: those of one algorithm, or of all.
    pub async fn rotate_keys(&self, actor: &Actor, how: Rotating) -> Result<Vec<RotationPlan>, AdminError> {
        actor.must_have(Permission::KeysWrite)?;
        let (ring, wanted) = (self.ring()?, how.algorithm.map(algorithm));
        let seen = how.seen.as_deref();
        Ok(match how.dry_run {
            true => ring.plan_rotation(wanted, seen).await?,
            false => ring.rotate(wanted, seen, actor.origin()).await?,
        })
    }

    /// Withdraws a key: it leaves the JWKS at once, and what it signed or proves counts no more. `dry_run` only tells what
    /// that takes along.
    pub async fn revoke_key(
        &self,
        actor: &Actor,
        kid: &KeyId,
        dry_run: bool,
    ) -> Result<Withdrawal, AdminError> {
        actor.must_have(Permission::KeysWrite)?;
        let ring = self.ring()?;
        let key = ring.list().await?.into_iter().find(|key| key.row.kid == *kid);
        let key = key.ok_or(AdminError::NotFound("key"))?;
        if key.row.revoked_at.is_some() {
            return Err(AdminError::Conflict(format!("the key {kid} is revoked already")));
        }
        let withdrawal = self.withdrawal(key).await?;
        if !dry_run {
            if withdrawal.ends_grants() {
                actor.must_have(Permission::EmergencyWrite)?;
            }
            ring.revoke(kid, actor.origin()).await?;
        }
        Ok(withdrawal)
    }

    async fn withdrawal(&self, key: KeyStatus) -> Result<Withdrawal, AdminError> {
        let (now, grants) = (self.clock.now(), self.store.grants());
        let signed = matches!(key.state, "current" | "retiring").then_some(key.row.purpose);
        let nothing = Withdrawal { key, clients: Vec::new(), resources: Vec::new(), grants: 0 };
        Ok(match signed {
            Some(KeyPurpose::Jwt) => {
                let alg = nothing.key.row.alg.clone();
                let resources = self.every_resource(&self.server()?.settings.issuer).await?;
                let resources: Vec<_> =
                    resources.into_iter().filter(|api| api.signing_alg.as_str() == alg).collect();
                let clients = self.store.clients().all().await?.into_iter();
                let clients = clients.filter(|client| relies_on(client, &alg, &resources));
                Withdrawal {
                    clients: clients.map(|client| client.client_id).collect(),
                    resources: resources.into_iter().map(|api| api.identifier).collect(),
                    grants: grants.with_live_token(now).await?,
                    ..nothing
                }
            }
            Some(KeyPurpose::Refresh) => {
                Withdrawal { grants: grants.proven_by(&nothing.key.row.kid, now).await?, ..nothing }
            }
            Some(KeyPurpose::Form) | None => nothing,
        })
    }

    fn ring(&self) -> Result<&KeyRing, AdminError> {
        Ok(&self.server()?.keys)
    }
}

/// Whether a client gets what is signed with an algorithm: ID tokens, userinfo, or tokens for one of these APIs.
fn relies_on(client: &Client, alg: &str, resources: &[Resource]) -> bool {
    let people = client.may_use(GrantType::AuthorizationCode);
    let id_token = people && client.id_token_signed_response_alg.as_str() == alg;
    let userinfo = client.userinfo_signed_response_alg.is_some_and(|signed| signed.as_str() == alg);
    let reaches = |api: &Resource| api.scopes.iter().any(|value| client.scope.contains(value));
    id_token || userinfo || resources.iter().any(reaches)
}

impl From<KeyError> for AdminError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => Self::Store(error),
            KeyError::Refused(why) => Self::Conflict(why),
            KeyError::Overtaken => Self::Overtaken,
            KeyError::Random(_) | KeyError::Material(_) => Self::Internal(error.to_string()),
        }
    }
}

//! Reading grants.

use super::Grants;
use crate::column::{count, from_json, json, millis, moment, moment_or_none, stored_count};
use crate::entity::{grant, user};
use crate::error::StoreError;
use crate::users;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use signet_protocol::grant::Grant;
use signet_protocol::id::{GrantId, KeyId};
use signet_protocol::user::User;

/// What a refresh needs to know, in one query whose text is never put together.
const BY_HANDLE: &str = "SELECT \
    g.id AS g_id, g.handle AS g_handle, g.user_id AS g_user_id, g.client_id AS g_client_id, g.sid AS g_sid, \
    g.offline AS g_offline, g.\"authorization\" AS g_authorization, g.refreshable AS g_refreshable, \
    g.created_at AS g_created_at, g.idle_expires_at AS g_idle_expires_at, g.expires_at AS g_expires_at, \
    g.access_token_expires_at AS g_access_token_expires_at, g.generation AS g_generation, \
    g.refresh_key AS g_refresh_key, g.rotated_at AS g_rotated_at, g.rotated_from AS g_rotated_from, \
    g.revoked_at AS g_revoked_at, g.revoked_because AS g_revoked_because, \
    u.id AS u_id, u.username AS u_username, u.username_key AS u_username_key, u.email AS u_email, \
    u.name_key AS u_name_key, u.email_key AS u_email_key, u.email_verified AS u_email_verified, u.profile AS u_profile, \
    u.roles AS u_roles, u.disabled AS u_disabled, u.password_hash AS u_password_hash, \
    u.managed_by AS u_managed_by, u.deletes_at AS u_deletes_at, u.created_at AS u_created_at, u.updated_at AS u_updated_at, \
    EXISTS (SELECT 1 FROM sessions s WHERE s.sid = g.sid AND s.ended_at IS NULL) AS session_alive \
    FROM grants g JOIN users u ON u.id = g.user_id WHERE g.handle = $1";

/// A grant with the facts that decide about its refresh.
#[derive(Clone, Debug)]
pub struct LoadedGrant {
    /// The grant, ended or not.
    pub grant: Grant,
    /// Whose it is.
    pub user: User,
    /// Whether that user is not disabled.
    pub user_active: bool,
    /// Whether the session it came from has not been ended. Its absolute end is
    /// [`session_expires_at`](signet_protocol::grant::Authorization::session_expires_at).
    pub session_alive: bool,
}

impl Grants<'_> {
    /// The grant that a refresh token's handle names.
    pub async fn by_handle(self, handle: &[u8; 16]) -> Result<Option<LoadedGrant>, StoreError> {
        let reads = self.0.reads();
        let statement =
            Statement::from_sql_and_values(reads.get_database_backend(), BY_HANDLE, [handle.to_vec().into()]);
        let Some(found) = reads.query_one_raw(statement).await? else {
            return Ok(None);
        };
        let user = user::Model::from_query_result(&found, "u_")?;
        Ok(Some(LoadedGrant {
            grant: grant(grant::Model::from_query_result(&found, "g_")?)?,
            user_active: !user.disabled,
            user: users::user(user)?,
            session_alive: found.try_get("", "session_alive")?,
        }))
    }
}

pub(crate) fn grant(row: grant::Model) -> Result<Grant, StoreError> {
    Ok(Grant {
        handle: row
            .handle
            .try_into()
            .map_err(|_| StoreError::Corrupt("a handle has another length".into()))?,
        authorization: from_json(&row.authorization, "a grant's authorization")?,
        refreshable: row.refreshable,
        created_at: moment(row.created_at)?,
        idle_expires_at: moment(row.idle_expires_at)?,
        expires_at: moment(row.expires_at)?,
        access_token_expires_at: moment(row.access_token_expires_at)?,
        generation: count(row.generation)?,
        refresh_key: KeyId::new(row.refresh_key),
        rotated_at: moment(row.rotated_at)?,
        rotated_from: row.rotated_from,
        revoked_at: moment_or_none(row.revoked_at)?,
        id: GrantId::new(row.id),
    })
}

pub(crate) fn row(grant: &Grant) -> Result<grant::Model, StoreError> {
    let authorization = &grant.authorization;
    Ok(grant::Model {
        id: grant.id.as_str().to_owned(),
        handle: grant.handle.to_vec(),
        user_id: authorization.user_id.as_str().to_owned(),
        client_id: authorization.client_id.as_str().to_owned(),
        sid: authorization.sid.as_str().to_owned(),
        offline: authorization.offline,
        authorization: json(authorization)?,
        refreshable: grant.refreshable,
        created_at: millis(grant.created_at),
        idle_expires_at: millis(grant.idle_expires_at),
        expires_at: millis(grant.expires_at),
        access_token_expires_at: millis(grant.access_token_expires_at),
        generation: stored_count(grant.generation)?,
        refresh_key: grant.refresh_key.as_str().to_owned(),
        rotated_at: millis(grant.rotated_at),
        rotated_from: grant.rotated_from.clone(),
        revoked_at: grant.revoked_at.map(millis),
        revoked_because: None,
    })
}

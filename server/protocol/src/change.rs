//! What every node must hear of within a second.

use crate::environment::Moment;
use crate::id::{ClientId, GrantId, Jti};
use serde::{Deserialize, Serialize};

/// A row of the `changes` feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// One access token was revoked; forget it after its `exp`.
    TokenRevoked {
        /// The token's `jti`.
        jti: Jti,
        /// The token's `exp`.
        expires_at: Moment,
    },
    /// A grant ended; its access tokens end with it.
    GrantRevoked {
        /// The grant.
        grant_id: GrantId,
        /// `exp` of its last access token.
        expires_at: Moment,
    },
    /// A client was made, changed, disabled, removed, or its revocation counter rose: read it again.
    ClientChanged {
        /// The client.
        client_id: ClientId,
    },
    /// Every client's revocation counter rose: read each again.
    ClientsChanged,
    /// The set of APIs or their scopes changed: read them again.
    ResourcesChanged,
    /// The set of roles or groups, or what one of them gives or demands, changed: read them again.
    RolesChanged,
    /// A key was made, rotated, imported, revoked or resealed: read them again.
    KeysChanged,
    /// Settings were changed while the server runs: read them again.
    SettingsChanged,
    /// Somebody is let go whom limits held back: forget what was counted here under these.
    LimitsLifted {
        /// What it was counted under.
        places: Vec<String>,
    },
}

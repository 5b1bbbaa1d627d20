//! A person as tokens tell of them: what they hold at this moment.

use signet_protocol::claims::mapping::{ClaimMapping, ExtraClaims, Facts, extra_claims};
use signet_protocol::client::Client;
use signet_protocol::entitlement::grantable;
use signet_protocol::id::ClientId;
use signet_protocol::resource::Resource;
use signet_protocol::role::{Held, RoleBook};
use signet_protocol::scope::Scope;
use signet_protocol::user::User;
use std::sync::Arc;

/// A person with their roles and groups.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who it is.
    pub user: User,
    /// What they hold.
    pub held: Held,
    /// What the roles that they hold are.
    pub book: Arc<RoleBook>,
}

impl Person {
    /// What of a scope a client may be granted by them.
    pub fn grantable(&self, scope: &Scope, client: &Client, resources: &[Resource]) -> Scope {
        grantable(scope, client, (&self.book, &self.held), resources)
    }

    /// What a token of this client with this scope says of them besides the standard claims, where these mappings hold.
    pub fn claims(&self, client_id: &ClientId, scope: &Scope, mappings: &[ClaimMapping]) -> ExtraClaims {
        let roles = self.book.shown_to(client_id, &self.held);
        let facts =
            Facts { roles: &roles, groups: &self.held.groups, attributes: &self.user.profile.attributes };
        let made = extra_claims(&facts, scope, mappings);
        if !made.left_out.is_empty() {
            tracing::warn!(user_id = %self.user.id, %client_id, left_out = ?made.left_out, "claims are too large for a token");
        }
        made
    }
}

//! Who administers, and what they may do.

use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;
use signet_protocol::permission::{Permission, Permissions};
use signet_protocol::principal::Principal;

/// Who administers.
#[derive(Clone, Debug)]
pub struct Actor {
    /// What they may do.
    permissions: Permissions,
    /// Who they are, and where they ask from.
    origin: Origin,
    /// The client that acts for them, if one does.
    client: Option<ClientId>,
}

/// They may not do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// They lack a permission.
    #[error("the permission {0} is missing")]
    Missing(Permission),
    /// What they want to change may do more than they may, or would.
    #[error("this reaches further than your own permissions: {0} is not among them")]
    Above(Permission),
}

impl Actor {
    /// Whoever may run the server's own command line; there is nothing that they could not do to the database as well.
    pub fn command_line() -> Self {
        Self { permissions: Permissions::ALL, origin: Origin::local(Principal::CommandLine), client: None }
    }

    /// The server itself, on its first start.
    pub fn first_start() -> Self {
        Self { permissions: Permissions::ALL, origin: Origin::local(Principal::FirstStart), client: None }
    }

    /// Somebody who has shown who they are, in a request.
    pub fn somebody(who: Principal, permissions: Permissions, request: &Origin) -> Self {
        Self { permissions, origin: request.by(who), client: None }
    }

    /// The same, acting through a client.
    #[must_use]
    pub fn through(self, client: ClientId) -> Self {
        Self { client: Some(client), ..self }
    }

    /// What they may do.
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Who they are, and where they ask from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Who they are, as the audit log says it.
    pub fn name(&self) -> String {
        self.origin.actor.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// The client that acts for them, if one does.
    pub fn client(&self) -> Option<&ClientId> {
        self.client.as_ref()
    }

    /// Refuses whoever lacks a permission.
    pub fn must_have(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.permissions.has(permission) { Ok(()) } else { Err(Forbidden::Missing(permission)) }
    }

    /// Refuses whoever would touch what may do more than they may, or make it so: nobody raises anyone, themselves
    /// included, above what they may do.
    pub fn must_cover(&self, permissions: Permissions) -> Result<(), Forbidden> {
        match permissions.iter().find(|permission| !self.permissions.has(*permission)) {
            None => Ok(()),
            Some(permission) => Err(Forbidden::Above(permission)),
        }
    }

    /// An event of what they do.
    pub fn event(&self, at: Moment, subjects: Subjects, event: Event) -> AuditEvent {
        AuditEvent { at, origin: self.origin.clone(), subjects, event }
    }
}

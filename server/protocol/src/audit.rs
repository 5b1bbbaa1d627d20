//! The typed security event: what an auditor reads. No secret is ever in one.

pub mod ranges;
pub mod seal;

use crate::environment::Moment;
use crate::factor::Factor;
use crate::id::{ClientId, GrantId, RequestId, SessionId, UserId};
use crate::principal::Principal;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Where an event came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Origin {
    /// Who did it; none: somebody who had not shown who they are.
    pub actor: Option<Principal>,
    /// The HTTP request, if there was one.
    pub request_id: Option<RequestId>,
    /// The client's address as the server saw it (or a trusted proxy told).
    pub address: Option<IpAddr>,
}

impl Origin {
    /// Of no request: what somebody does on this machine, or the server by itself.
    pub fn local(actor: Principal) -> Self {
        Self { actor: Some(actor), ..Self::default() }
    }

    /// The same request, by somebody who has shown who they are.
    #[must_use]
    pub fn by(&self, actor: Principal) -> Self {
        Self { actor: Some(actor), ..self.clone() }
    }
}

/// A field of something that was changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was; none where there was nothing, and where it is nobody's business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

impl FieldChange {
    /// A field whose values are not told: a secret, or what belongs to the person who changed it.
    pub fn untold(field: impl Into<String>) -> Self {
        Self { field: field.into(), before: None, after: None }
    }

    /// The same without the values of all but certain fields: what somebody is called and where they live is not for a
    /// log that outlives their account.
    #[must_use]
    pub fn without_values(changes: Vec<Self>, but: &[&str]) -> Vec<Self> {
        let told =
            |change: Self| if but.contains(&&*change.field) { change } else { Self::untold(change.field) };
        changes.into_iter().map(told).collect()
    }

    /// Every field in which two objects differ, by name. What holds nothing is as good as absent.
    pub fn between(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Self> {
        let told =
            |fields: &Map<String, Value>, name| fields.get(name).filter(|value| !value.is_null()).cloned();
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        names
            .into_iter()
            .map(|name| Self { field: name.clone(), before: told(before, name), after: told(after, name) })
            .filter(|change| change.before != change.after)
            .collect()
    }
}

/// Who or what an event is about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Subjects {
    /// The user concerned.
    pub user_id: Option<UserId>,
    /// The client concerned.
    pub client_id: Option<ClientId>,
    /// The session concerned.
    pub sid: Option<SessionId>,
    /// The grant concerned.
    pub grant_id: Option<GrantId>,
}

/// One recorded event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditEvent {
    /// When.
    pub at: Moment,
    /// From where.
    pub origin: Origin,
    /// About whom.
    pub subjects: Subjects,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)] // Each field is named for what it holds.
pub enum Event {
    SignInSucceeded {
        amr: Vec<String>,
    },
    SecondStepOwed,
    SignInFailed {
        reason: &'static str,
        count: u32,
    },
    SignInLimited {
        count: u32,
    },
    Limited {
        limit: &'static str,
        count: u32,
    },
    SessionEnded {
        reason: &'static str,
    },
    ConsentGiven {
        scope: String,
    },
    ConsentDenied {
        scope: String,
    },
    AccessWithdrawn,
    CodeIssued {
        scope: String,
    },
    CodeReplayed,
    TokenIssued {
        grant_type: &'static str,
        scope: String,
        audience: Vec<String>,
        count: u32,
    },
    RefreshRetried {
        generation: u64,
    },
    RefreshAhead {
        from: u64,
        to: u64,
    },
    RefreshReplayed {
        generation: u64,
        current: u64,
    },
    GrantRevoked {
        reason: &'static str,
    },
    TokenRevoked {
        reason: &'static str,
    },
    ClientAuthenticationFailed {
        reason: &'static str,
        count: u32,
    },
    PasswordChanged {
        by: &'static str,
    },
    PasswordRehashed,
    UserCreated {
        through: &'static str,
        /// By which link, as the event of its invitation names it.
        #[serde(skip_serializing_if = "Option::is_none")]
        invitation: Option<String>,
        changes: Vec<FieldChange>,
    },
    UserChanged {
        changes: Vec<FieldChange>,
    },
    UserRemoved,
    AccountUnlocked,
    LimitsLifted {
        address: Option<String>,
    },
    EverythingEnded {
        reason: String,
    },
    DeletionScheduled {
        at: Moment,
    },
    DeletionCancelled,
    DataExported,
    ClientCreated {
        changes: Vec<FieldChange>,
    },
    ClientChanged {
        changes: Vec<FieldChange>,
    },
    ClientRemoved {
        changes: Vec<FieldChange>,
    },
    /// Somebody who administers tried a client's code flow out.
    ClientTried {
        scope: String,
        redirect_uri: String,
    },
    ResourceCreated {
        identifier: String,
        changes: Vec<FieldChange>,
    },
    ResourceChanged {
        identifier: String,
        changes: Vec<FieldChange>,
    },
    ResourceRemoved {
        identifier: String,
        changes: Vec<FieldChange>,
    },
    RoleCreated {
        role: String,
        changes: Vec<FieldChange>,
    },
    RoleChanged {
        role: String,
        changes: Vec<FieldChange>,
    },
    RoleRemoved {
        role: String,
        changes: Vec<FieldChange>,
    },
    GroupCreated {
        group: String,
        changes: Vec<FieldChange>,
    },
    GroupChanged {
        group: String,
        changes: Vec<FieldChange>,
    },
    GroupRemoved {
        group: String,
        changes: Vec<FieldChange>,
    },
    GroupJoined {
        group: String,
    },
    GroupLeft {
        group: String,
    },
    FactorAdded {
        factor: Factor,
    },
    FactorRemoved {
        factor: Factor,
    },
    FactorUsed {
        factor: Factor,
    },
    FactorRefused {
        factor: Factor,
        reason: &'static str,
        count: u32,
    },
    RecoveryCodesMade {
        count: u32,
    },
    EmailCodeSent,
    DeviceRemembered,
    DeviceForgotten {
        all: bool,
    },
    PasskeyRenamed,
    PasskeyCloned {
        known: u32,
    },
    KeyCreated {
        kid: String,
        alg: String,
    },
    KeyRotated {
        kid: String,
    },
    KeyRevoked {
        kid: String,
    },
    KeysResealed {
        count: u32,
    },
    LinkSent {
        purpose: &'static str,
    },
    UserInvited {
        /// Names the invitation; nothing can be done with it.
        invitation: String,
        roles: Vec<String>,
    },
    EmailVerified,
    EmailChangeAsked,
    EmailChangeAgreed,
    EmailChangeEnded {
        by: &'static str,
    },
    EmailChanged,
    /// Somebody vouched for an event whose number is far beyond those before it.
    AuditNumberAccepted {
        number: i64,
    },
    SettingsChanged {
        changes: Vec<FieldChange>,
    },
    MailSent {
        kind: String,
    },
    MailGivenUp {
        kind: String,
        reason: String,
    },
    MailQueuedAgain {
        kind: String,
    },
    ServerStarted {
        version: &'static str,
        settings: String,
    },
    ServerStopped,
}

macro_rules! names {
    ($($variant:ident = $name:literal,)*) => {
        impl Event {
            /// Every name there is.
            pub const NAMES: &[&str] = &[$($name,)*];

            /// The event's name as stored and searched.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)*
                }
            }
        }
    };
}

names! {
    SignInSucceeded = "sign_in_succeeded",
    SecondStepOwed = "second_step_owed",
    SignInFailed = "sign_in_failed",
    SignInLimited = "sign_in_limited",
    Limited = "limited",
    SessionEnded = "session_ended",
    ConsentGiven = "consent_given",
    ConsentDenied = "consent_denied",
    AccessWithdrawn = "access_withdrawn",
    CodeIssued = "code_issued",
    CodeReplayed = "code_replayed",
    TokenIssued = "token_issued",
    RefreshRetried = "refresh_retried",
    RefreshAhead = "refresh_ahead",
    RefreshReplayed = "refresh_replayed",
    GrantRevoked = "grant_revoked",
    TokenRevoked = "token_revoked",
    ClientAuthenticationFailed = "client_authentication_failed",
    PasswordChanged = "password_changed",
    PasswordRehashed = "password_rehashed",
    UserCreated = "user_created",
    UserChanged = "user_changed",
    UserRemoved = "user_removed",
    EverythingEnded = "everything_ended",
    AccountUnlocked = "account_unlocked",
    LimitsLifted = "limits_lifted",
    DeletionScheduled = "deletion_scheduled",
    DeletionCancelled = "deletion_cancelled",
    DataExported = "data_exported",
    ClientCreated = "client_created",
    ClientChanged = "client_changed",
    ClientRemoved = "client_removed",
    ClientTried = "client_tried",
    ResourceCreated = "resource_created",
    ResourceChanged = "resource_changed",
    ResourceRemoved = "resource_removed",
    RoleCreated = "role_created",
    RoleChanged = "role_changed",
    RoleRemoved = "role_removed",
    GroupCreated = "group_created",
    GroupChanged = "group_changed",
    GroupRemoved = "group_removed",
    GroupJoined = "group_joined",
    GroupLeft = "group_left",
    FactorAdded = "factor_added",
    FactorRemoved = "factor_removed",
    FactorUsed = "factor_used",
    FactorRefused = "factor_refused",
    RecoveryCodesMade = "recovery_codes_made",
    EmailCodeSent = "email_code_sent",
    DeviceRemembered = "device_remembered",
    DeviceForgotten = "device_forgotten",
    PasskeyRenamed = "passkey_renamed",
    PasskeyCloned = "passkey_cloned",
    KeyCreated = "key_created",
    KeyRotated = "key_rotated",
    KeyRevoked = "key_revoked",
    KeysResealed = "keys_resealed",
    LinkSent = "link_sent",
    UserInvited = "user_invited",
    EmailVerified = "email_verified",
    EmailChangeAsked = "email_change_asked",
    EmailChangeAgreed = "email_change_agreed",
    EmailChangeEnded = "email_change_ended",
    EmailChanged = "email_changed",
    AuditNumberAccepted = "audit_number_accepted",
    SettingsChanged = "settings_changed",
    MailSent = "mail_sent",
    MailGivenUp = "mail_given_up",
    MailQueuedAgain = "mail_queued_again",
    ServerStarted = "server_started",
    ServerStopped = "server_stopped",
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_tells_what_a_field_was_and_what_it_is() {
        let object = |value: Value| value.as_object().cloned().unwrap();
        let before = object(json!({"name": "Shop", "scope": "openid", "tos_uri": null, "gone": 1}));
        let after = object(json!({"name": "Shop", "scope": "openid email", "policy_uri": null, "new": [2]}));
        let change = |field: &str, before: Option<Value>, after: Option<Value>| FieldChange {
            field: field.to_owned(),
            before,
            after,
        };
        let expected = [
            change("gone", Some(json!(1)), None),
            change("new", None, Some(json!([2]))),
            change("scope", Some(json!("openid")), Some(json!("openid email"))),
        ];
        assert_eq!(FieldChange::between(&before, &after), expected);
        assert_eq!(FieldChange::between(&before, &before), []);
    }
}

//! The typed security event: what an auditor reads. No secret is ever in one.

use crate::environment::Moment;
use crate::factor::Factor;
use crate::id::{ClientId, GrantId, RequestId, SessionId, UserId};
use serde::Serialize;
use std::net::IpAddr;

/// Where an event came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Origin {
    /// The HTTP request, if there was one.
    pub request_id: Option<RequestId>,
    /// The client's address as the server saw it (or a trusted proxy told).
    pub address: Option<IpAddr>,
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
    SignInSucceeded { amr: Vec<String> },
    SecondStepOwed,
    SignInFailed { reason: &'static str, count: u32 },
    SignInLimited { count: u32 },
    Limited { limit: &'static str, count: u32 },
    SessionEnded { reason: &'static str },
    ConsentGiven { scope: String },
    ConsentDenied { scope: String },
    AccessWithdrawn,
    CodeIssued { scope: String },
    CodeReplayed,
    TokenIssued { grant_type: &'static str, scope: String, audience: Vec<String>, count: u32 },
    RefreshRetried { generation: u64 },
    RefreshAhead { from: u64, to: u64 },
    RefreshReplayed { generation: u64, current: u64 },
    GrantRevoked { reason: &'static str },
    TokenRevoked { reason: &'static str },
    ClientAuthenticationFailed { reason: &'static str, count: u32 },
    PasswordChanged { by: &'static str },
    PasswordRehashed,
    UserCreated { by: &'static str },
    UserChanged { by: &'static str, fields: Vec<String> },
    UserRemoved { by: &'static str },
    DeletionScheduled { at: Moment },
    DeletionCancelled,
    DataExported,
    ClientCreated { by: &'static str },
    ClientChanged { by: &'static str, fields: Vec<String> },
    ClientRemoved { by: &'static str },
    ResourceCreated { by: &'static str, identifier: String },
    ResourceChanged { by: &'static str, identifier: String, fields: Vec<String> },
    ResourceRemoved { by: &'static str, identifier: String },
    RoleCreated { by: &'static str, role: String },
    RoleChanged { by: &'static str, role: String },
    RoleRemoved { by: &'static str, role: String },
    FactorAdded { factor: Factor },
    FactorRemoved { factor: Factor },
    FactorUsed { factor: Factor },
    FactorRefused { factor: Factor, reason: &'static str, count: u32 },
    RecoveryCodesMade { count: u32 },
    EmailCodeSent,
    DeviceRemembered,
    DeviceForgotten { all: bool },
    PasskeyRenamed,
    PasskeyCloned { known: u32 },
    KeyCreated { kid: String, alg: String },
    KeyRotated { kid: String },
    KeyRevoked { kid: String },
    KeysResealed { count: u32 },
    LinkSent { purpose: &'static str },
    UserInvited { by: &'static str },
    EmailVerified,
    EmailChangeAsked,
    EmailChangeAgreed,
    EmailChangeEnded { by: &'static str },
    EmailChanged,
    MailSent { kind: String },
    MailGivenUp { kind: String, reason: String },
    ServerStarted { version: &'static str },
    ServerStopped,
}

impl Event {
    /// The event's name as stored and searched.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SignInSucceeded { .. } => "sign_in_succeeded",
            Self::SecondStepOwed => "second_step_owed",
            Self::SignInFailed { .. } => "sign_in_failed",
            Self::SignInLimited { .. } => "sign_in_limited",
            Self::Limited { .. } => "limited",
            Self::SessionEnded { .. } => "session_ended",
            Self::ConsentGiven { .. } => "consent_given",
            Self::ConsentDenied { .. } => "consent_denied",
            Self::AccessWithdrawn => "access_withdrawn",
            Self::CodeIssued { .. } => "code_issued",
            Self::CodeReplayed => "code_replayed",
            Self::TokenIssued { .. } => "token_issued",
            Self::RefreshRetried { .. } => "refresh_retried",
            Self::RefreshAhead { .. } => "refresh_ahead",
            Self::RefreshReplayed { .. } => "refresh_replayed",
            Self::GrantRevoked { .. } => "grant_revoked",
            Self::TokenRevoked { .. } => "token_revoked",
            Self::ClientAuthenticationFailed { .. } => "client_authentication_failed",
            Self::PasswordChanged { .. } => "password_changed",
            Self::PasswordRehashed => "password_rehashed",
            Self::UserCreated { .. } => "user_created",
            Self::UserChanged { .. } => "user_changed",
            Self::UserRemoved { .. } => "user_removed",
            Self::DeletionScheduled { .. } => "deletion_scheduled",
            Self::DeletionCancelled => "deletion_cancelled",
            Self::DataExported => "data_exported",
            Self::ClientCreated { .. } => "client_created",
            Self::ClientChanged { .. } => "client_changed",
            Self::ClientRemoved { .. } => "client_removed",
            Self::ResourceCreated { .. } => "resource_created",
            Self::ResourceChanged { .. } => "resource_changed",
            Self::ResourceRemoved { .. } => "resource_removed",
            Self::RoleCreated { .. } => "role_created",
            Self::RoleChanged { .. } => "role_changed",
            Self::RoleRemoved { .. } => "role_removed",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::FactorUsed { .. } => "factor_used",
            Self::FactorRefused { .. } => "factor_refused",
            Self::RecoveryCodesMade { .. } => "recovery_codes_made",
            Self::EmailCodeSent => "email_code_sent",
            Self::DeviceRemembered => "device_remembered",
            Self::DeviceForgotten { .. } => "device_forgotten",
            Self::PasskeyRenamed => "passkey_renamed",
            Self::PasskeyCloned { .. } => "passkey_cloned",
            Self::KeyCreated { .. } => "key_created",
            Self::KeyRotated { .. } => "key_rotated",
            Self::KeyRevoked { .. } => "key_revoked",
            Self::KeysResealed { .. } => "keys_resealed",
            Self::LinkSent { .. } => "link_sent",
            Self::UserInvited { .. } => "user_invited",
            Self::EmailVerified => "email_verified",
            Self::EmailChangeAsked => "email_change_asked",
            Self::EmailChangeAgreed => "email_change_agreed",
            Self::EmailChangeEnded { .. } => "email_change_ended",
            Self::EmailChanged => "email_changed",
            Self::MailSent { .. } => "mail_sent",
            Self::MailGivenUp { .. } => "mail_given_up",
            Self::ServerStarted { .. } => "server_started",
            Self::ServerStopped => "server_stopped",
        }
    }
}

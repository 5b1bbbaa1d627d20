//! The console, page by page.

mod apis;
mod ask;
mod audit;
mod client;
mod clients;
mod form;
mod groups;
mod keys;
mod kind;
mod limits;
mod lines;
mod mails;
mod many;
mod mcp;
mod overview;
mod permission;
mod preview;
mod refusals;
mod roles;
pub(super) mod samples;
mod sessions;
mod settings;
mod snippets;
mod trial;
mod user;
mod users;

pub use apis::{ApiForm, ApiLine, ConsoleApi, ConsoleApis, ConsoleAskApi, ConsoleNewApi, LosingLine};
pub use ask::{Asked, ConsoleAsk};
pub use audit::{
    AuditFields, AuditLine, ChangeLine, ConsoleAudit, ConsoleEvent, History, HistoryLine, Party, SealedBy,
    changes, other_fields, what_was_done,
};
pub use client::{ConsoleClient, ConsoleSecret, LintLine, SecretLine, Settings, lint_lines};
pub use clients::{ClientLine, ConsoleClientMade, ConsoleClients, ConsoleKinds, ConsoleNewClient};
pub use form::{ClientForm, Problem, ScopeChoice, ScopeGroup, problems};
pub use groups::{ConsoleGroup, ConsoleGroupForm, ConsoleGroups, ConsoleMembers, GroupLine, MemberLine};
pub use keys::{ConsoleAskKey, ConsoleKeys, KeyLine};
pub use kind::{ClientKind, KindChoice};
pub use limits::{ConsoleLimits, HeldLine, LimitLine, WhomLine};
pub use lines::{attribute_lines, mapping_lines, read_attributes, read_mappings};
pub use mails::{ConsoleAskMail, ConsoleMails, FateLink, MailLine};
pub use many::{Count, FirstOf};
pub use overview::{Bar, Chart, ConsoleOverview, FindingLine, NodeLine, back_words, redis_words, warnings};
pub use permission::{RoleChoice, permission_words, role_title};
pub use preview::{ClaimLine, ConsolePreview, PreviewScope, Previewed, TokenClaims, ToldRole};
pub use refusals::{ConsoleRefusals, Differing, Explained, RefusalLine};
pub use roles::{ConsoleRole, ConsoleRoleForm, ConsoleRoles, PermissionChoice, RoleFields, RoleLine};
pub use sessions::{ConsoleEmergency, ConsoleEverythingEnded, ConsoleSessions, SessionOf};
pub use settings::{ConsoleSettings, SettingGroup, SettingLine, groups as setting_groups, setting_problems};
pub use settings::{kind as setting_kind, text as setting_text};
pub use snippets::{Snippet, snippets};
pub use trial::ConsoleTrial;
pub use user::{
    ConsoleUser, ConsoleUserEdit, ConsoleUserGroups, ConsoleUserRoles, FactorLines, GrantLine, GroupLink,
    HeldRole, MayDo, UserFacts, UserForm,
};
pub use users::{ConsoleLink, ConsoleNewUser, ConsoleUsers, NewUserFields, UserLine};

use super::Words;
use super::account::AccountLink;
use serde::Serialize;

/// What surrounds each page of the console: the way to the others, and who administers.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleFrame {
    /// Every page that this administrator may open.
    pub links: Vec<AccountLink>,
    /// What the administrator is called.
    pub name: String,
    /// Their own account.
    pub account_url: String,
    /// Where they sign out.
    pub sign_out_url: String,
    /// What was just done.
    pub done: Option<Words>,
    /// Where the administrator signs in again before the page can be changed; none: it can be, or they may only look.
    pub again_url: Option<String>,
}

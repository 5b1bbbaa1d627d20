//! One person.

use super::form::{Problem, problems};
use super::lines::attribute_lines;
use super::{Asked, ConsoleFrame, History, RoleChoice};
use crate::pages::account::{AppLine, ClaimField, PasskeyLine, SessionLine, claim_fields};
use crate::pages::{Form, Page, When, Words};
use serde::Serialize;
use signet_protocol::own_profile::own_claims;
use signet_protocol::parameters::Parameters;
use signet_protocol::registration::FieldError;
use signet_protocol::user::User;

/// Shows a person: `#user`, and what this administrator may do for them or to them.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleUser {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Where the pages below this one are.
    pub base: String,
    /// What they are called.
    pub name: String,
    /// What is known of their account.
    pub facts: UserFacts,
    /// What this administrator may do.
    pub may: MayDo,
    /// Why they may not change this person: what that one may do and they may not.
    pub above: Option<Words>,
    /// What they hold.
    pub roles: Vec<HeldRole>,
    /// The groups that they are in.
    pub groups: Vec<GroupLink>,
    /// What they prove themselves with besides the password.
    pub factors: FactorLines,
    /// Where they are signed in; none: this administrator may not see that.
    pub sessions: Option<Vec<SessionLine>>,
    /// What may act for them; none: this administrator may not see that.
    pub grants: Option<Vec<GrantLine>>,
    /// Who changed what about them; none: this administrator may not read the audit log.
    pub history: Option<History>,
}

impl Page for ConsoleUser {
    const TEMPLATE: &'static str = "console/user.html";
}

/// What is known of an account.
#[derive(Clone, Debug, Serialize)]
pub struct UserFacts {
    /// What names them in the administration API.
    pub id: String,
    /// What they sign in with.
    pub username: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether it was shown to be theirs.
    pub email_verified: bool,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they are disabled.
    pub disabled: bool,
    /// Whether a resource file declares them.
    pub managed: bool,
    /// When their account is deleted as they wished.
    pub deletes: Option<When>,
    /// Since when there is an account.
    pub created: When,
    /// When it was last changed.
    pub changed: When,
    /// What the operator says of them besides, a line each.
    pub attributes: String,
}

/// What an administrator may do with somebody.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MayDo {
    /// Change and remove them.
    pub change: bool,
    /// Say which groups they are in.
    pub group: bool,
    /// Forget what limits counted.
    pub unlock: bool,
    /// End their sessions.
    pub end_sessions: bool,
    /// End what may act for them.
    pub end_grants: bool,
}

/// A role that somebody holds.
#[derive(Clone, Debug, Serialize)]
pub struct HeldRole {
    /// Its name.
    pub name: String,
    /// What it is, where there are words for it.
    pub title: Option<Words>,
    /// The group that gives it; none: it is their own.
    pub group: Option<String>,
}

/// A group that somebody is in.
#[derive(Clone, Debug, Serialize)]
pub struct GroupLink {
    /// Its name.
    pub name: String,
    /// Its page; none: this administrator may not see it.
    pub url: Option<String>,
}

/// What somebody proves themselves with.
#[derive(Clone, Debug, Serialize)]
pub struct FactorLines {
    /// The authenticator app.
    pub app: Option<AppLine>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyLine>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// In how many browsers they are not asked for a second step.
    pub remembered: usize,
}

/// What may act for somebody.
#[derive(Clone, Debug, Serialize)]
pub struct GrantLine {
    /// What names it.
    pub id: String,
    /// The client.
    pub client_id: String,
    /// The client's page; none: this administrator may not see it.
    pub client_url: Option<String>,
    /// What was granted.
    pub scope: String,
    /// Whether it outlives the session that it came from.
    pub offline: bool,
    /// Since when.
    pub since: When,
}

/// Lets somebody's data be changed: form `#user`, button `#user-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleUserEdit {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator, and the state that was seen.
    pub form: Form,
    /// What they are called.
    pub name: String,
    /// Whether a resource file declares them.
    pub managed: bool,
    /// What stands in it.
    pub fields: UserForm,
    /// Their page.
    pub back_url: String,
}

impl Page for ConsoleUserEdit {
    const TEMPLATE: &'static str = "console/user_edit.html";
}

/// What stands in the form of a person.
#[derive(Clone, Debug, Serialize)]
pub struct UserForm {
    /// What they sign in with.
    pub username: String,
    /// Their address.
    pub email: String,
    /// Whether it was shown to be theirs.
    pub email_verified: bool,
    /// What they say of themselves.
    pub claims: Vec<ClaimField>,
    /// What the operator says of them, a line each.
    pub attributes: String,
    /// What was wrong, by field.
    pub problems: Vec<Problem>,
}

impl UserForm {
    /// As it is.
    pub fn of(user: &User) -> Self {
        Self {
            username: user.username.clone(),
            email: user.email.clone().unwrap_or_default(),
            email_verified: user.email_verified,
            claims: claim_fields(own_claims(&user.profile), &[]),
            attributes: attribute_lines(&user.profile.attributes),
            problems: Vec::new(),
        }
    }

    /// As it was sent, with what was wrong about it.
    pub fn again(user: &User, sent: &Parameters, faults: &[FieldError]) -> Self {
        let text = |name: &str| sent.get(name).map(str::to_owned);
        let claims = own_claims(&user.profile).into_iter().map(|(name, _)| (name, text(name)));
        Self {
            username: text("username").unwrap_or_default(),
            email: text("email").unwrap_or_default(),
            email_verified: sent.has("email_verified"),
            claims: claim_fields(claims.collect(), &[]),
            attributes: text("attributes").unwrap_or_default(),
            problems: problems(faults),
        }
    }
}

/// Lets somebody's roles be changed: form `#roles`, `role:NAME` for each, button `#roles-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleUserRoles {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator, and the state that was seen.
    pub form: Form,
    /// What they are called.
    pub name: String,
    /// Every role.
    pub roles: Vec<RoleChoice>,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// Their page.
    pub back_url: String,
}

impl Page for ConsoleUserRoles {
    const TEMPLATE: &'static str = "console/user_roles.html";
}

/// Lets somebody join and leave groups: form `#leave` with a button `leave` for each, form `#join` with the field `join`, button
/// `#join-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsoleUserGroups {
    /// What is around it.
    pub frame: ConsoleFrame,
    /// Holds what ties it to the administrator.
    pub form: Form,
    /// What they are called.
    pub name: String,
    /// The groups that they are in.
    pub groups: Vec<String>,
    /// Some that there are besides.
    pub others: Vec<String>,
    /// Whether there is no group of the name that was sent.
    pub unknown: bool,
    /// Their page.
    pub back_url: String,
}

impl Page for ConsoleUserGroups {
    const TEMPLATE: &'static str = "console/user_groups.html";
}

impl Asked {
    /// What may be asked of a person, by its place in the address.
    pub fn of_user(action: &str, disabled: bool, all: bool) -> Option<Self> {
        let (name, heading, loss, button, danger) = match (action, disabled, all) {
            ("password", ..) => (
                "password",
                Words("ask-password"),
                Words("ask-password-loss"),
                Words("ask-password-do"),
                true,
            ),
            ("unlock", ..) => {
                ("unlock", Words("ask-unlock"), Words("ask-unlock-loss"), Words("ask-unlock-do"), false)
            }
            ("state", false, _) => (
                "disable",
                Words("ask-user-disable"),
                Words("ask-user-disable-loss"),
                Words("ask-disable-do"),
                true,
            ),
            ("state", true, _) => (
                "enable",
                Words("ask-user-enable"),
                Words("ask-user-enable-loss"),
                Words("ask-enable-do"),
                false,
            ),
            ("end-all", ..) => {
                ("end-all", Words("ask-end-all"), Words("ask-end-all-loss"), Words("ask-end-all-do"), true)
            }
            ("remove", ..) => (
                "remove",
                Words("ask-user-remove"),
                Words("ask-user-remove-loss"),
                Words("ask-remove-do"),
                true,
            ),
            ("factors", _, true) => {
                ("factors", Words("ask-factors"), Words("ask-factors-loss"), Words("ask-factors-do"), true)
            }
            ("factors", _, false) => {
                ("factor", Words("ask-factor"), Words("ask-factor-loss"), Words("ask-factor-do"), true)
            }
            ("sessions", _, true) => (
                "sessions",
                Words("ask-sessions"),
                Words("ask-sessions-loss"),
                Words("ask-sessions-do"),
                true,
            ),
            ("sessions", _, false) => {
                ("session", Words("ask-session"), Words("ask-session-loss"), Words("ask-session-do"), true)
            }
            ("grants", _, true) => {
                ("grants", Words("ask-grants"), Words("ask-grants-loss"), Words("ask-grants-do"), true)
            }
            ("grants", _, false) => {
                ("grant", Words("ask-grant"), Words("ask-grant-loss"), Words("ask-grant-do"), true)
            }
            _ => return None,
        };
        Some(Self { name, heading, loss, button, danger })
    }
}

//! What a mail says, and to whom.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use signet_protocol::environment::Moment;
use signet_protocol::factor::Factor;
use signet_protocol::id::UserId;
use signet_protocol::user::User;
use std::fmt;

/// A notice that could not be delivered for so long is no news any more.
const NOTICE_LIFETIME: TimeDelta = TimeDelta::days(3);

/// What a mail says. Links are complete, and begin with the issuer.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mail {
    /// A code to type where someone is signing in.
    EmailCode {
        /// The code.
        code: String,
        /// How long it is good for.
        minutes: u32,
    },
    /// A link that shows that an address is the person's.
    VerifyEmail {
        /// The link.
        link: String,
        /// How long it is good for.
        hours: u32,
    },
    /// A link by which a forgotten password is replaced.
    ResetPassword {
        /// The link.
        link: String,
        /// How long it is good for.
        minutes: u32,
    },
    /// A link by which someone who registered shows that the address is theirs.
    ConfirmRegistration {
        /// The link.
        link: String,
        /// How long it is good for.
        hours: u32,
    },
    /// Someone tried to register with the address of an account.
    AlreadyRegistered {
        /// Where a forgotten password is replaced.
        forgot_link: String,
    },
    /// A link by which someone who was invited makes their account.
    Invitation {
        /// The link.
        link: String,
        /// How long it is good for.
        days: u32,
    },
    /// The password was changed.
    PasswordChanged,
    /// Another factor can be used from now on.
    FactorAdded {
        /// Which one.
        factor: Factor,
    },
    /// A factor can be used no more.
    FactorRemoved {
        /// Which one.
        factor: Factor,
    },
    /// There are new recovery codes; the old ones are worth nothing any more.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// How many are left.
        left: u32,
    },
    /// A passkey was refused because a copy of it seems to be in use.
    PasskeyCloned {
        /// What the person calls it.
        passkey: String,
    },
    /// A link by which a person shows that the address that their account is to have is theirs.
    ConfirmAddress {
        /// The link.
        link: String,
        /// How long it is good for.
        hours: u32,
    },
    /// A link by which the owner of the account's address lets it have another one.
    ApproveAddress {
        /// The link.
        link: String,
        /// The new address.
        new: String,
        /// How long it is good for.
        hours: u32,
    },
    /// Someone wanted the address of an account for another account.
    AddressTaken,
    /// The account has another address from now on; goes to the old one.
    EmailChanged,
    /// The account is going to be deleted.
    AccountDeletionScheduled {
        /// When.
        at: Moment,
    },
}

impl Mail {
    /// What it is about, in a word: the name of its templates, and what is stored and searched.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::EmailCode { .. } => "email_code",
            Self::VerifyEmail { .. } => "verify_email",
            Self::ResetPassword { .. } => "reset_password",
            Self::ConfirmRegistration { .. } => "confirm_registration",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::Invitation { .. } => "invitation",
            Self::PasswordChanged => "password_changed",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodeUsed { .. } => "recovery_code_used",
            Self::PasskeyCloned { .. } => "passkey_cloned",
            Self::ConfirmAddress { .. } => "confirm_address",
            Self::ApproveAddress { .. } => "approve_address",
            Self::AddressTaken => "address_taken",
            Self::EmailChanged => "email_changed",
            Self::AccountDeletionScheduled { .. } => "account_deletion_scheduled",
        }
    }

    /// From when it is not to be sent any more: a link or code in it would be worth nothing, or its news is old.
    pub(super) fn expires_at(&self, written_at: Moment) -> Moment {
        written_at
            + match self {
                Self::EmailCode { minutes, .. } | Self::ResetPassword { minutes, .. } => {
                    TimeDelta::minutes((*minutes).into())
                }
                Self::VerifyEmail { hours, .. }
                | Self::ConfirmRegistration { hours, .. }
                | Self::ConfirmAddress { hours, .. }
                | Self::ApproveAddress { hours, .. } => TimeDelta::hours((*hours).into()),
                Self::Invitation { days, .. } => TimeDelta::days((*days).into()),
                _ => NOTICE_LIFETIME,
            }
    }
}

impl fmt::Debug for Mail {
    /// Links and codes are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({})", self.kind())
    }
}

/// Whom a mail is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addressee {
    /// The user, if it is one.
    pub user_id: Option<UserId>,
    /// The address.
    pub address: String,
    /// What they are called in the greeting.
    pub name: Option<String>,
    /// Their language (BCP 47); none: the operator's default.
    pub language: Option<String>,
    /// Their time zone (OpenID Connect Core §5.1, `zoneinfo`); none: times are UTC.
    pub zoneinfo: Option<String>,
}

impl Addressee {
    /// A user with an address.
    pub fn of(user: &User) -> Option<Self> {
        Some(Self {
            user_id: Some(user.id.clone()),
            address: user.email.clone()?,
            name: user.profile.name.clone().or_else(|| user.profile.given_name.clone()),
            language: user.profile.locale.clone(),
            zoneinfo: user.profile.zoneinfo.clone(),
        })
    }

    /// Somebody who has no account yet.
    pub fn stranger(address: String, language: Option<String>) -> Self {
        Self { user_id: None, address, name: None, language, zoneinfo: None }
    }
}

/// A mail with its addressee: what is sealed, and what templates are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Whom it is for.
    pub to: Addressee,
    /// What it says.
    pub mail: Mail,
    /// When what it tells of happened.
    pub written_at: Moment,
}

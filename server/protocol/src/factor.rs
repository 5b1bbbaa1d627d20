//! Factors beside the password: which there are, what each proves, and who must have one.

use crate::environment::Moment;
use crate::role::{Held, RoleBook};
use crate::session::Acr;
use serde::{Deserialize, Serialize};

/// A means by which a person proves who they are, besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A time-based one-time password (RFC 6238).
    Totp,
    /// A WebAuthn credential that verifies its user.
    Passkey,
    /// One of the codes that were shown once, for whoever lost everything else.
    RecoveryCode,
    /// A code sent by mail. It proves a mailbox, which is often open on the same device: two steps, not two factors.
    EmailCode,
}

impl Factor {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Totp, Self::Passkey, Self::RecoveryCode, Self::EmailCode];

    /// The factor by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == name)
    }

    /// Its name as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::RecoveryCode => "recovery_code",
            Self::EmailCode => "email_code",
        }
    }

    /// Whether a browser may be spared the second step after it: whoever had to use a recovery code has lost something.
    pub const fn may_be_remembered(self) -> bool {
        matches!(self, Self::Totp | Self::Passkey)
    }

    /// What a sign-in with password and this factor amounts to. NIST SP 800-63B-4 §3.1.3 accepts no email for
    /// authentication out of band, so it raises nothing.
    pub const fn acr(self) -> Acr {
        match self {
            Self::Totp | Self::RecoveryCode => Acr::Aal2,
            Self::Passkey => Acr::Phr,
            Self::EmailCode => Acr::Aal1,
        }
    }
}

/// A factor that a person proved just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which one.
    pub factor: Factor,
    /// For a passkey: whether its key can leave the device it was made on (it is backed up or synchronised).
    pub synchronised: bool,
    /// When it was proved.
    pub at: Moment,
}

impl Proof {
    /// The `amr` values that it adds (RFC 8176 §2), in the order in which they are told.
    pub fn amr(self) -> &'static [&'static str] {
        match (self.factor, self.synchronised) {
            (Factor::Passkey, true) => &["swk", "user"],
            (Factor::Passkey, false) => &["hwk", "user"],
            (Factor::Totp | Factor::RecoveryCode | Factor::EmailCode, _) => &["otp"],
        }
    }
}

/// What a person has enrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enrolled {
    /// An authenticator app.
    pub totp: bool,
    /// One passkey or more.
    pub passkey: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
    /// A verified address that codes can be sent to, where the operator allows that.
    pub email: bool,
}

impl Enrolled {
    /// Whether the person set a factor up by themselves: an address alone is no such choice.
    pub const fn any(self) -> bool {
        self.totp || self.passkey
    }

    /// What they can prove themselves with now, strongest first.
    pub fn usable(self) -> Vec<Factor> {
        [
            (self.passkey, Factor::Passkey),
            (self.totp, Factor::Totp),
            (self.any() && self.recovery_codes > 0, Factor::RecoveryCode),
            // A mailbox is no way round what somebody has set up.
            (self.email && !self.any(), Factor::EmailCode),
        ]
        .into_iter()
        .filter_map(|(has, factor)| has.then_some(factor))
        .collect()
    }
}

/// Who is asked for a second factor.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorPolicy {
    /// Nobody, not even those who have one.
    Off,
    /// Those who have set one up.
    Optional,
    /// Everybody: whoever has none sets one up before anything else.
    Required,
    /// Administrators must have one; for everybody else it is optional.
    #[default]
    RequiredForAdministrators,
}

impl FactorPolicy {
    /// Its name, as it is configured and stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Required => "required",
            Self::RequiredForAdministrators => "required_for_administrators",
        }
    }

    /// The policy by its name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "optional" => Some(Self::Optional),
            "required" => Some(Self::Required),
            "required_for_administrators" => Some(Self::RequiredForAdministrators),
            _ => None,
        }
    }
}

/// What policy comes to for one person at one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Demand {
    /// No second factor is asked for.
    Nothing,
    /// It is asked for if there is one.
    IfEnrolled,
    /// There must be one.
    Always,
}

impl Demand {
    /// What a sign-in has to amount to before somebody administers, in the console as through the API: where there must be a
    /// second factor it was proved, which neither a remembered browser nor a mailbox stands in for.
    pub const fn to_administer(self) -> Acr {
        match self {
            Self::Nothing | Self::IfEnrolled => Acr::Aal1,
            Self::Always => Acr::Aal2,
        }
    }
}

/// The policies that meet in one sign-in.
#[derive(Clone, Copy, Debug)]
pub struct Policies {
    /// The operator's.
    pub operator: FactorPolicy,
    /// The client's, in place of the operator's.
    pub client: Option<FactorPolicy>,
    /// Whether the person may administer anything: one of their roles, whether their own or a group's, has a permission.
    pub administers: bool,
    /// Whether one of their roles wants whoever holds it to have a second factor.
    pub role_demands: bool,
    /// Whether the issuer is this machine: there, administrators are offered a second factor and not forced.
    pub loopback: bool,
}

impl Policies {
    /// Those of the operator and the client, for somebody who holds these roles.
    pub fn of(
        (operator, client): (FactorPolicy, Option<FactorPolicy>),
        book: &RoleBook,
        held: &Held,
        loopback: bool,
    ) -> Self {
        Self {
            operator,
            client,
            administers: !book.permissions(held.names()).is_empty(),
            role_demands: book.demand_a_second_factor(held.names()),
            loopback,
        }
    }

    /// What is asked for. A client may ask for less than the operator does of everybody, but never of those whose roles
    /// demand it.
    pub fn demand(self) -> Demand {
        let of = |policy| match policy {
            FactorPolicy::Off => Demand::Nothing,
            FactorPolicy::Optional => Demand::IfEnrolled,
            FactorPolicy::Required => Demand::Always,
            FactorPolicy::RequiredForAdministrators if self.administers && !self.loopback => Demand::Always,
            FactorPolicy::RequiredForAdministrators => Demand::IfEnrolled,
        };
        let by_role = self.role_demands || (self.administers && of(self.operator) == Demand::Always);
        let base = of(self.client.unwrap_or(self.operator));
        if by_role { Demand::Always } else { base }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Role;
    use serde_json::json;

    fn demand(
        operator: FactorPolicy,
        client: Option<FactorPolicy>,
        roles: &[&str],
        loopback: bool,
    ) -> Demand {
        let held: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        let role = |json| serde_json::from_value::<Role>(json).unwrap();
        let book = RoleBook::new(
            [
                role(json!({"name": "payroll", "second_factor": "required"})),
                role(json!({"name": "reader", "permissions": ["clients:read"]})),
            ],
            [],
        );
        Policies::of((operator, client), &book, &book.held(&held, &[]), loopback).demand()
    }

    #[test]
    fn administrators_need_a_second_factor_unless_the_issuer_is_this_machine() {
        let default = FactorPolicy::default();
        assert_eq!(demand(default, None, &["admin"], false), Demand::Always);
        assert_eq!(demand(default, None, &["reader"], false), Demand::Always);
        assert_eq!(demand(default, None, &["admin"], true), Demand::IfEnrolled);
        assert_eq!(demand(default, None, &[], false), Demand::IfEnrolled);
        assert_eq!(demand(FactorPolicy::Required, None, &["admin"], true), Demand::Always);
    }

    #[test]
    fn a_client_cannot_ask_less_of_those_whose_roles_demand_it() {
        let off = Some(FactorPolicy::Off);
        assert_eq!(demand(FactorPolicy::Required, off, &[], false), Demand::Nothing);
        assert_eq!(demand(FactorPolicy::Required, off, &["admin"], false), Demand::Always);
        assert_eq!(demand(FactorPolicy::default(), off, &["admin"], false), Demand::Always);
        assert_eq!(demand(FactorPolicy::Off, None, &["payroll"], false), Demand::Always);
    }

    #[test]
    fn a_client_may_ask_for_more() {
        assert_eq!(demand(FactorPolicy::Optional, Some(FactorPolicy::Required), &[], false), Demand::Always);
    }

    #[test]
    fn recovery_codes_stand_in_for_a_factor_and_are_none() {
        let codes = Enrolled { recovery_codes: 10, ..Enrolled::default() };
        assert_eq!(codes.usable(), []);
        let both = Enrolled { totp: true, ..codes };
        assert_eq!(both.usable(), [Factor::Totp, Factor::RecoveryCode]);
    }
}

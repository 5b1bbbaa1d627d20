//! Whom a limit counts.

use super::LimitName;
use crate::network::subscriber;
use signet_protocol::id::{ClientId, TierName, UserId};
use signet_protocol::login::login_key;
use signet_protocol::secret::SecretHash;
use std::net::IpAddr;

/// Whom a limit counts. Two limits with the same key do not meet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LimitKey(pub(super) String);

impl LimitKey {
    /// One person.
    pub fn account(id: &UserId) -> Self {
        Self(format!("user:{id}"))
    }

    /// A user name or email address that nobody is known by, in one form for all its spellings. It is hashed: what someone
    /// typed as a user name may have been a password.
    pub fn name(login: &str) -> Self {
        Self(format!("name:{}", digest(&login_key(login))))
    }

    /// An IPv4 address or an IPv6 /64; those whose address is unknown are counted together.
    pub fn network(address: Option<IpAddr>) -> Self {
        Self(
            address
                .map_or_else(|| "net:unknown".to_owned(), |address| format!("net:{}", subscriber(address))),
        )
    }

    /// A client, or what a stranger takes for its name.
    pub fn client(id: &ClientId) -> Self {
        Self(format!("client:{}", digest(id.as_str())))
    }

    /// A link that was sent by mail.
    pub(crate) fn link(hash: &SecretHash) -> Self {
        Self(format!("link:{}", short(hash)))
    }

    /// A browser.
    pub(crate) fn device(id: &str) -> Self {
        Self(format!("device:{id}"))
    }

    /// This one there: both must be the same.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(format!("{}+{}", self.0, other.0))
    }

    /// For one kind of what is counted, apart from the others.
    #[must_use]
    pub(crate) fn of_kind(self, kind: &'static str) -> Self {
        Self(format!("{}#{kind}", self.0))
    }

    /// Apart from what is counted for other tiers.
    pub(super) fn of_tier(self, tier: &TierName) -> Self {
        Self(format!("{}@{tier}", self.0))
    }

    pub(super) fn within(&self, name: LimitName) -> String {
        format!("{}:{}", name.as_str(), self.0)
    }
}

/// Half of a SHA-256: enough to tell strangers' texts apart, and short whatever they are.
fn digest(text: &str) -> String {
    short(&SecretHash::of(text.as_bytes()))
}

fn short(hash: &SecretHash) -> String {
    hash.0.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_of_ipv6_has_one_key_whatever_the_address() {
        let key = |text: &str| LimitKey::network(Some(text.parse().unwrap()));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }

    #[test]
    fn what_was_typed_is_not_in_a_key() {
        let key = LimitKey::name("correct horse").within(LimitName::SignInAccount);
        assert!(!key.contains("correct"), "{key}");
        assert_eq!(LimitKey::name(" Correct HORSE "), LimitKey::name("correct horse"));
    }
}

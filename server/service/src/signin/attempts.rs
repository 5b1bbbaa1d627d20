//! Limits on failed sign-ins: per account, per network, and per account and network, so that neither one guesser nor many
//! get far; and apart from these per account and browser, for browsers in which the person signed in before, so that no
//! stranger's guesses keep the owner out.

use super::device::Device;
use crate::limits::{LimitKey, LimitName, Limited, Limits};
use signet_protocol::id::UserId;
use std::net::IpAddr;

/// A sign-in that is being tried. It counts as failed from its beginning, whatever becomes of it, until it is known to
/// have succeeded: guesses made at once count like guesses made one after the other, and so do those that nobody waits
/// for the answer of.
pub struct Attempt<'a> {
    limits: &'a Limits,
    address: Option<IpAddr>,
    device: Option<&'a Device>,
    taken: Vec<(LimitName, LimitKey)>,
}

/// Whose sign-in it is.
pub enum Account<'a> {
    /// A known person, by whatever name they were called.
    Known(&'a UserId),
    /// A name that nobody has.
    Unknown(&'a str),
}

impl Account<'_> {
    fn key(&self) -> LimitKey {
        match self {
            Self::Known(id) => LimitKey::account(id),
            Self::Unknown(login) => LimitKey::name(login),
        }
    }
}

impl<'a> Attempt<'a> {
    /// Begins an attempt, if the network has any left: one that has none left reaches no account. A browser that someone
    /// signed in with is heard first as to whose account it is about.
    pub async fn begin(
        limits: &'a Limits,
        address: Option<IpAddr>,
        device: Option<&'a Device>,
    ) -> Result<Self, Limited> {
        let mut attempt = Self { limits, address, device, taken: Vec::new() };
        if device.is_none() {
            attempt.take(LimitName::SignInNetwork, LimitKey::network(address)).await?;
        }
        Ok(attempt)
    }

    /// Goes on, if the account has any attempts left.
    pub async fn at(&mut self, account: Account<'_>) -> Result<(), Limited> {
        let key = account.key();
        if let (Some(device), Account::Known(id)) = (self.device, &account)
            && device.knows(id)
        {
            return self.take(LimitName::SignInDevice, key.and(&LimitKey::device(device.id()))).await;
        }
        let network = LimitKey::network(self.address);
        if self.device.is_some() {
            self.take(LimitName::SignInNetwork, network.clone()).await?;
        }
        self.take(LimitName::SignInPair, key.and(&network)).await?;
        if let Err(limited) = self.take(LimitName::SignInAccount, key).await {
            // Others used the account's attempts up: nothing was tried, and whoever is here pays for none of it.
            if let Some((name, pair)) = self.taken.pop() {
                self.limits.give_back(name, &pair).await;
            }
            return Err(limited);
        }
        Ok(())
    }

    async fn take(&mut self, name: LimitName, key: LimitKey) -> Result<(), Limited> {
        self.limits.take(name, &key).await?;
        self.taken.push((name, key));
        Ok(())
    }

    /// It succeeded: the account's failures are forgotten, the network's others are not.
    pub async fn succeeded(self) {
        for (name, key) in &self.taken {
            match name {
                LimitName::SignInNetwork => self.limits.give_back(*name, key).await,
                _ => self.limits.clear(*name, key).await,
            }
        }
    }

    /// It was not tried after all: the server was too busy, or the database away.
    pub async fn given_up(self) {
        for (name, key) in &self.taken {
            self.limits.give_back(*name, key).await;
        }
    }
}

#[cfg(test)]
mod tests;

//! `[limits]`: what each limit lets through, and for whom it is more or less.

use super::{LimitName, LimitSettings};
use signet_protocol::id::TierName;
use signet_store::Rule;
use std::collections::BTreeMap;

/// What each limit lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitTable {
    /// `false`: none of them holds.
    pub enabled: bool,
    own: BTreeMap<LimitName, LimitSettings>,
    /// Every tier that there is, with the limits that are others for it.
    tiers: BTreeMap<TierName, BTreeMap<LimitName, LimitSettings>>,
}

impl Default for LimitTable {
    fn default() -> Self {
        Self { enabled: true, own: BTreeMap::new(), tiers: BTreeMap::new() }
    }
}

impl LimitTable {
    /// What a limit lets through.
    pub fn get(&self, name: LimitName) -> LimitSettings {
        self.own.get(&name).copied().unwrap_or(name.default_settings())
    }

    /// Changes what a limit lets through.
    pub fn set(&mut self, name: LimitName, settings: LimitSettings) {
        if settings == name.default_settings() {
            self.own.remove(&name);
        } else {
            self.own.insert(name, settings);
        }
    }

    /// Adds a tier, for which no limit is another one yet.
    pub fn add_tier(&mut self, tier: TierName) {
        self.tiers.entry(tier).or_default();
    }

    /// Every tier that there is.
    pub fn tiers(&self) -> impl Iterator<Item = &TierName> {
        self.tiers.keys()
    }

    /// Whether there is such a tier.
    pub fn has_tier(&self, tier: &TierName) -> bool {
        self.tiers.contains_key(tier)
    }

    /// What a limit lets through for the clients of a tier.
    pub fn get_for(&self, name: LimitName, tier: &TierName) -> LimitSettings {
        self.of_tier(name, tier).unwrap_or_else(|| self.get(name))
    }

    /// Changes what a limit lets through for the clients of a tier.
    pub fn set_for(&mut self, name: LimitName, tier: &TierName, settings: LimitSettings) {
        self.tiers.entry(tier.clone()).or_default().insert(name, settings);
    }

    fn of_tier(&self, name: LimitName, tier: &TierName) -> Option<LimitSettings> {
        self.tiers.get(tier)?.get(&name).copied()
    }

    /// The rule to count by; `None`: there is none.
    pub(super) fn rule(&self, name: LimitName) -> Option<Rule> {
        let rule = self.get(name).rule().filter(|_| self.enabled)?;
        Some(if name.rises() { rule.rising() } else { rule })
    }

    /// The rule to count a client of a tier by; `None`: there is none.
    pub(super) fn rule_for(&self, name: LimitName, tier: &TierName) -> Option<Rule> {
        self.get_for(name, tier).rule().filter(|_| self.enabled)
    }
}

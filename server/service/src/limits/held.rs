//! Whom limits hold back now, as far as that is known, and letting them go.
//!
//! What is kept of a limit says nothing of whether it holds somebody back; so whoever is refused for a second or more is
//! noted, in Redis for all nodes or in this process. Whoever typed a name that nobody has is known by a hash of it alone.

use super::{LimitKey, LimitName, Limits, Step};
use chrono::TimeDelta;
use signet_protocol::environment::Moment;
use signet_protocol::id::{TierName, UserId};
use signet_store::{EphemeralError, Verdict};

/// So many are told at most.
const TOLD: usize = 200;
/// Whoever waits for less than this is not noted, in milliseconds: they are let through as fast as they come.
const SHORT: i64 = 1000;

/// Somebody or something that a limit counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A person.
    User(UserId),
    /// An IPv4 address or an IPv6 /64.
    Network(String),
    /// A client, by the hash of its identifier.
    Client(String),
    /// A name that nobody has, by its hash.
    Name(String),
    /// A link that was sent by mail.
    Link,
    /// A browser that somebody signed in with before.
    Browser,
}

impl Whom {
    fn of(part: &str) -> Option<Self> {
        let (kind, id) = part.split_once(':')?;
        match kind {
            "user" => Some(Self::User(UserId::from(id))),
            "net" => Some(Self::Network(id.to_owned())),
            "client" => Some(Self::Client(id.to_owned())),
            "name" => Some(Self::Name(id.to_owned())),
            "link" => Some(Self::Link),
            "device" => Some(Self::Browser),
            _ => None,
        }
    }
}

/// Somebody who is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// By which limit.
    pub limit: LimitName,
    /// Who: all of these together.
    pub whom: Vec<Whom>,
    /// Until when.
    pub until: Moment,
    place: String,
}

impl HeldBack {
    /// A place, read back: `LIMIT:KIND:ID+KIND:ID#KIND@TIER`.
    fn of(place: String, until: Moment) -> Option<Self> {
        let (limit, key) = place.split_once(':')?;
        let limit = LimitName::named(limit)?;
        let key = key.split(['#', '@']).next().unwrap_or_default();
        let whom = key.split('+').filter_map(Whom::of).collect();
        Some(Self { limit, whom, until, place })
    }

    fn tier(&self) -> Option<TierName> {
        self.place.split_once('@').map(|(_, tier)| TierName::from(tier))
    }
}

impl LimitKey {
    /// Whom it counts, if that is one.
    pub fn whom(&self) -> Option<Whom> {
        Whom::of(&self.0)
    }
}

impl Limits {
    /// Those who are held back now, as far as it is known, the longest first.
    pub async fn held_back(&self) -> Vec<HeldBack> {
        let now = self.clock.now();
        let noted = match self.asks_redis() {
            true => self.heard(self.ephemeral.held(now, TOLD).await).unwrap_or_else(|| self.noted_here(now)),
            false => self.noted_here(now),
        };
        let mut held = Vec::new();
        for noted in noted.into_iter().filter_map(|(place, until)| HeldBack::of(place, until)) {
            held.extend(self.still(noted, now).await);
        }
        held.sort_by_key(|held| std::cmp::Reverse(held.until));
        held
    }

    fn noted_here(&self, now: Moment) -> Vec<(String, Moment)> {
        let noted = self.refused.iter().filter(|(_, until)| *until > now).take(TOLD);
        noted.map(|(place, until)| ((*place).clone(), until)).collect()
    }

    /// The same, if it still holds.
    async fn still(&self, held: HeldBack, now: Moment) -> Option<HeldBack> {
        let rule = match held.tier() {
            Some(tier) => self.settings.load().limits.rule_for(held.limit, &tier),
            None => self.rule(held.limit),
        }?;
        let everywhere = self.asked(&held.place, &rule, Step::Peek, now).await;
        let verdict = everywhere.unwrap_or_else(|| self.local.limit(&held.place, &rule, Step::Peek, now));
        (verdict.wait > 0).then(|| HeldBack { until: now + TimeDelta::milliseconds(verdict.wait), ..held })
    }

    /// Notes that somebody is held back, where that is not known yet.
    pub(super) async fn note_held(&self, place: &str, verdict: &Verdict, now: Moment) {
        if verdict.wait < SHORT {
            return;
        }
        let until = now + TimeDelta::milliseconds(verdict.wait);
        let known =
            self.refused.get(place).is_some_and(|known| (until - known).num_milliseconds().abs() < SHORT);
        if known {
            return;
        }
        self.refused.insert(place.to_owned(), until);
        if self.asks_redis() {
            self.heard(self.ephemeral.note_held(place, until, now).await);
        }
    }

    /// Forgets all that was counted under these, and under all that hold back one of them; tells under what.
    pub(crate) async fn let_go(&self, whom: &Whom, counted: &[(LimitName, LimitKey)]) -> Vec<String> {
        let mut places: Vec<String> = counted.iter().map(|(name, key)| key.within(*name)).collect();
        let held = self.held_back().await.into_iter().filter(|held| held.whom.contains(whom));
        places.extend(held.map(|held| held.place));
        places.sort_unstable();
        places.dedup();
        for place in &places {
            if self.asks_redis() {
                self.heard(self.forgotten(place).await);
            }
        }
        self.forget_here(&places);
        places
    }

    async fn forgotten(&self, place: &str) -> Result<(), EphemeralError> {
        self.ephemeral.forget(place).await
    }

    /// Forgets what this process counted under these places.
    pub(crate) fn forget_here(&self, places: &[String]) {
        for place in places {
            self.local.forget(place);
            self.refused.invalidate(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_says_whom_it_counts() {
        let until = Moment::UNIX_EPOCH;
        let read = |key: LimitKey, name: LimitName| HeldBack::of(key.within(name), until).unwrap();
        let (user, network) =
            (LimitKey::account(&UserId::from("u1")), LimitKey::network("192.0.2.7".parse().ok()));
        let pair = read(user.and(&network), LimitName::SignInPair);
        assert_eq!(pair.limit, LimitName::SignInPair);
        assert_eq!(pair.whom, [Whom::User(UserId::from("u1")), Whom::Network("192.0.2.7".to_owned())]);
        let tier = TierName::from("gold");
        let of_tier = read(user.clone().of_kind("x").of_tier(&tier), LimitName::TokenClient);
        assert_eq!(
            (of_tier.whom, of_tier.place.contains("gold")),
            (vec![Whom::User(UserId::from("u1"))], true)
        );
        let six = read(LimitKey::network("2001:db8::1".parse().ok()), LimitName::SignInNetwork);
        assert_eq!(six.whom, [Whom::Network("2001:db8::/64".to_owned())]);
        assert_eq!(HeldBack::of("nonsense".to_owned(), until), None);
    }
}

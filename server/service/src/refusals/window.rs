//! Which refusals of a minute are kept: the first ones of each kind, and no more than so many.

use crate::network::network;
use chrono::TimeDelta;
use signet_protocol::environment::Moment;
use signet_protocol::explanation::KeptRule;
use signet_protocol::id::{ClientId, RequestId};
use signet_store::RefusedRequest;
use std::collections::HashMap;

/// How long like refusals are counted together.
const LENGTH: TimeDelta = TimeDelta::minutes(1);
/// How many of a kind are kept within it; of the others only the number is.
const MOST_OF_A_KIND: u32 = 20;
/// How many are kept within it of what came from one network: others have refusals to be explained, too.
const MOST_OF_A_NETWORK: u32 = 120;
/// How many are kept within it in all.
const MOST: u32 = 600;
/// Of addresses that nothing answers: how many of a kind, and how many in all. Who looks for holes keeps nobody else's
/// refusals from being explained.
const MOST_STRAYS_OF_A_KIND: u32 = 5;
const MOST_STRAYS: u32 = 30;

/// What makes refusals like each other: the rule, the client and the network that they came from.
type Kind = (KeptRule, Option<ClientId>, Option<String>);

/// The present minute.
pub(super) struct Window {
    began: Moment,
    kept: u32,
    strays: u32,
    surplus: u64,
    kinds: HashMap<Kind, Counted>,
    networks: HashMap<Option<String>, u32>,
}

struct Counted {
    kept: u32,
    last: RequestId,
    more: u64,
}

impl Window {
    pub(super) fn new(now: Moment) -> Self {
        Self { began: now, kept: 0, strays: 0, surplus: 0, kinds: HashMap::new(), networks: HashMap::new() }
    }

    /// The refusal, if it is to be kept; else it is counted. What was counted is to be taken before the minute is over, or
    /// it is forgotten.
    pub(super) fn admit(&mut self, refused: RefusedRequest, now: Moment) -> Option<RefusedRequest> {
        if now - self.began >= LENGTH || now < self.began {
            *self = Self { surplus: self.surplus, ..Self::new(now) };
        }
        let client = refused.evidence.client_id.clone();
        let network = refused.address.map(network);
        let of_network = self.networks.get(&network).copied().unwrap_or(0);
        let stray = refused.rule.is_of_strays();
        // Whoever comes from where nobody knows is not one network.
        let crowded = network.is_some() && of_network >= MOST_OF_A_NETWORK;
        let full = self.kept >= MOST || crowded || stray && self.strays >= MOST_STRAYS;
        let of_a_kind = if stray { MOST_STRAYS_OF_A_KIND } else { MOST_OF_A_KIND };
        let kind = (refused.rule.clone(), client, network.clone());
        match self.kinds.get_mut(&kind) {
            Some(counted) if full || counted.kept >= of_a_kind => {
                counted.more += 1;
                return None;
            }
            Some(counted) => {
                counted.kept += 1;
                counted.last = refused.request_id.clone();
            }
            None if full => {
                // Nobody misses those.
                self.surplus += u64::from(!stray);
                return None;
            }
            None => {
                self.kinds.insert(kind, Counted { kept: 1, last: refused.request_id.clone(), more: 0 });
            }
        }
        self.kept += 1;
        self.strays += u32::from(stray);
        *self.networks.entry(network).or_default() += 1;
        Some(refused)
    }

    /// How many more came that were like one that is kept, by that one's request.
    pub(super) fn take_alike(&mut self) -> Vec<(RequestId, u64)> {
        let counted = self.kinds.values_mut().filter(|counted| counted.more > 0);
        counted.map(|counted| (counted.last.clone(), std::mem::take(&mut counted.more))).collect()
    }

    /// How many came that nothing is kept of.
    pub(super) fn take_surplus(&mut self) -> u64 {
        std::mem::take(&mut self.surplus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_protocol::explanation::{Evidence, Rule};
    use std::net::Ipv4Addr;

    fn refused(number: u32, network: u8, now: Moment) -> RefusedRequest {
        RefusedRequest {
            request_id: format!("r{number}").into(),
            at: now,
            endpoint: "POST /oauth/token".to_owned(),
            status: 400,
            code: "invalid_request".to_owned(),
            reason: String::new(),
            rule: Rule::ParameterMissing.into(),
            address: Some(Ipv4Addr::new(192, 0, network, 1).into()),
            evidence: Evidence::default(),
        }
    }

    #[test]
    fn of_like_refusals_the_first_are_kept_and_the_rest_counted_until_the_minute_is_over() {
        let now = Moment::UNIX_EPOCH;
        let mut window = Window::new(now);
        let kept = (0..100).filter_map(|number| window.admit(refused(number, 2, now), now)).count();
        assert_eq!(kept, 20);
        assert_eq!(window.take_alike(), [("r19".into(), 80)]);
        assert_eq!(window.take_alike(), []);
        assert!(window.admit(refused(100, 3, now), now).is_some(), "another network");
        let later = now + LENGTH;
        assert!(window.admit(refused(101, 2, later), later).is_some());
    }

    #[test]
    fn one_network_does_not_use_up_the_explanations_of_the_others() {
        let now = Moment::UNIX_EPOCH;
        let mut window = Window::new(now);
        let of_client = |number: u32| {
            let client_id = Some(ClientId::new(format!("client-{number}")));
            RefusedRequest {
                evidence: Evidence { client_id, ..Evidence::default() },
                ..refused(number, 2, now)
            }
        };
        let flood = (0..10_000).filter_map(|number| window.admit(of_client(number), now));
        assert_eq!(flood.count(), 120);
        assert!(window.admit(refused(10_000, 3, now), now).is_some());
    }

    #[test]
    fn who_looks_for_holes_from_everywhere_takes_a_small_share() {
        let now = Moment::UNIX_EPOCH;
        let mut window = Window::new(now);
        let stray = |number: u32| RefusedRequest {
            rule: Rule::PathUnknown.into(),
            address: Some(Ipv4Addr::from(number / 20 * 256).into()),
            ..refused(number, 0, now)
        };
        let kept = |window: &mut Window, numbers: std::ops::Range<u32>| {
            numbers.filter_map(|number| window.admit(stray(number), now)).count()
        };
        assert_eq!(kept(&mut window, 0..20), 5);
        assert_eq!(kept(&mut window, 20..10_000), 25);
        assert_eq!(window.take_surplus(), 0);
        assert!(window.admit(refused(10_000, 0, now), now).is_some(), "another rule");
    }

    #[test]
    fn a_flood_from_everywhere_keeps_no_more_than_a_cap() {
        let now = Moment::UNIX_EPOCH;
        let mut window = Window::new(now);
        let flood = (0..10_000).filter_map(|number| {
            let address = Ipv4Addr::from(number * 256).into();
            window.admit(RefusedRequest { address: Some(address), ..refused(number, 0, now) }, now)
        });
        assert_eq!(flood.count(), 600);
        assert_eq!((window.take_surplus(), window.kinds.len()), (9_400, 600));
    }
}

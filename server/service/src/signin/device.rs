//! Browsers in which someone signed in before. They carry a cookie that says so, and which of their guesses are limited by
//! themselves: it proves nothing else, and opens nothing.

use signet_jose::MasterKeys;
use signet_protocol::environment::{Clock, Random, RandomFailed};
use signet_protocol::id::UserId;
use signet_protocol::secret::SecretHash;
use std::sync::Arc;

/// A browser that nobody signed in with for so many seconds is a stranger's again.
const LIFETIME: i64 = 365 * 86_400;
/// So many people are remembered in one browser, those who signed in last.
const MOST_PEOPLE: usize = 8;
const ID: usize = 16;
const PERSON: usize = 12;
const PURPOSE: &str = "device";

/// A browser in which someone signed in before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    id: String,
    bytes: [u8; ID],
    people: Vec<[u8; PERSON]>,
}

/// Reads and writes the cookie. It is sealed under the master key, which outlives all others; whose cookie it is cannot be
/// read from it.
#[derive(Clone)]
pub struct Devices {
    master: Arc<MasterKeys>,
    clock: Clock,
    random: Random,
    issuer: Arc<str>,
}

/// Nothing could be sealed.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// There is no randomness.
    #[error(transparent)]
    Random(#[from] RandomFailed),
    /// The cookie could not be sealed.
    #[error(transparent)]
    Seal(#[from] signet_jose::SealError),
}

impl Device {
    /// Its name in limits.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether this person signed in with it before.
    pub fn knows(&self, user: &UserId) -> bool {
        self.people.contains(&person(&self.bytes, user))
    }

    fn new(bytes: [u8; ID], people: Vec<[u8; PERSON]>) -> Self {
        let id = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { id, bytes, people }
    }

    #[cfg(test)]
    pub(crate) fn of_test(name: &str, people: &[&UserId]) -> Self {
        let mut bytes = [0; ID];
        bytes.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
        let people = people.iter().map(|user| person(&bytes, user)).collect();
        Self::new(bytes, people)
    }
}

impl Devices {
    pub(crate) fn new(
        master: &Arc<MasterKeys>,
        (clock, random): (&Clock, &Random),
        issuer: &Arc<str>,
    ) -> Self {
        Self { master: master.clone(), clock: clock.clone(), random: random.clone(), issuer: issuer.clone() }
    }

    /// The browser that a cookie speaks of, if it is one of ours and not too old.
    pub fn read(&self, cookie: &str) -> Option<Device> {
        let mut sealers = self.master.message_sealers();
        let content = sealers.find_map(|sealer| sealer.open(PURPOSE, &self.issuer, b"", cookie).ok())?;
        let (made_at, rest) = content.split_first_chunk::<8>()?;
        let age = self.clock.now().timestamp() - i64::from_be_bytes(*made_at);
        let (bytes, rest) = rest.split_first_chunk::<ID>()?;
        let people = rest.chunks_exact(PERSON).filter_map(|person| person.try_into().ok()).collect();
        (0..LIFETIME).contains(&age).then(|| Device::new(*bytes, people))
    }

    /// The cookie after this person signed in.
    pub fn remember(&self, device: Option<&Device>, user: &UserId) -> Result<String, DeviceError> {
        let bytes = match device {
            Some(device) => device.bytes,
            None => self.random.bytes::<ID>()?,
        };
        let own = person(&bytes, user);
        let others = device.into_iter().flat_map(|device| &device.people).filter(|other| **other != own);
        let mut content = self.clock.now().timestamp().to_be_bytes().to_vec();
        content.extend_from_slice(&bytes);
        for person in std::iter::once(&own).chain(others).take(MOST_PEOPLE) {
            content.extend_from_slice(person);
        }
        Ok(self.master.message_sealer().seal(PURPOSE, &self.issuer, b"", &content)?)
    }
}

/// A person as one browser knows them: two browsers do not show that they know the same one.
fn person(device: &[u8; ID], user: &UserId) -> [u8; PERSON] {
    let hash = SecretHash::of(&[device.as_slice(), user.as_str().as_bytes()].concat());
    let mut short = [0; PERSON];
    short.copy_from_slice(&hash.0[..PERSON]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    fn devices(key: u8, seconds: i64) -> Devices {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::seconds(seconds);
        Devices {
            master: Arc::new(MasterKeys::new(&[key; 32], &[]).unwrap()),
            clock: Clock::new(move || now),
            random: Random::new(Arc::new(ring::rand::SystemRandom::new())),
            issuer: "https://id.example.test".into(),
        }
    }

    fn user(name: &str) -> UserId {
        UserId::from(name)
    }

    #[test]
    fn a_browser_is_known_by_its_cookie_for_a_year() {
        let cookie = devices(1, 0).remember(None, &user("alice")).unwrap();
        let device = devices(1, LIFETIME - 1).read(&cookie).unwrap();
        assert!(device.knows(&user("alice")) && !device.knows(&user("bob")));
        assert_eq!(devices(1, LIFETIME).read(&cookie), None);
        assert_eq!(devices(1, -1).read(&cookie), None);
    }

    #[test]
    fn a_cookie_that_was_made_up_or_changed_is_none() {
        let cookie = devices(1, 0).remember(None, &user("alice")).unwrap();
        assert_eq!(devices(2, 0).read(&cookie), None);
        let changed = format!("{}A", &cookie[..cookie.len() - 1]);
        for text in ["", "AAAA", &changed, &cookie[..40]] {
            assert!(devices(1, 0).read(text).is_none() || text == cookie, "{text}");
        }
    }

    #[test]
    fn the_last_eight_people_are_remembered_in_a_cookie_of_bounded_size() {
        let devices = devices(1, 0);
        let mut cookie = devices.remember(None, &user("first")).unwrap();
        for n in 0..20 {
            let device = devices.read(&cookie);
            cookie = devices.remember(device.as_ref(), &user(&format!("user-{n}"))).unwrap();
        }
        let device = devices.read(&cookie).unwrap();
        let known = |n: i32| device.knows(&user(&format!("user-{n}")));
        assert!((12..20).all(known) && !known(11) && !device.knows(&user("first")));
        let again = devices.remember(Some(&device), &user("user-19")).unwrap();
        assert!(cookie.len() <= 240 && again.len() == cookie.len(), "{}", cookie.len());
    }

    #[test]
    fn a_cookie_does_not_show_whose_it_is() {
        let devices = devices(1, 0);
        let read = |cookie: &str| devices.read(cookie).unwrap().people;
        let one = devices.remember(None, &user("alice")).unwrap();
        let other = devices.remember(None, &user("alice")).unwrap();
        assert_ne!(read(&one), read(&other));
    }
}

//! What belongs to one person, as they see and change it themselves. Every statement in here names that person, so that
//! the identifier of what is another's is an identifier of nothing.

mod applications;
mod deletion;
mod history;
mod password;
mod profile;
mod records;
mod sessions;

pub use applications::{Applications, RememberedConsent};
pub use deletion::Leaving;
pub use password::PasswordChange;
pub use sessions::OwnSession;

pub(crate) use sessions::own;

use crate::Store;
use signet_protocol::id::UserId;

/// What belongs to one person.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    store: &'a Store,
    person: UserId,
}

impl<'a> Account<'a> {
    pub(crate) fn of(store: &'a Store, person: UserId) -> Self {
        Self { store, person }
    }
}

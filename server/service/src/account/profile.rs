//! A person's claims.

use super::{Account, AccountForm, NotDone};
use crate::authorize::Present;
use signet_protocol::audit::{Event, FieldChange, Origin};
use signet_protocol::own_profile::{ClaimFault, change};
use signet_store::Committed;

/// How a change of the profile came out.
#[derive(Debug, PartialEq)]
pub enum ProfileOutcome {
    /// It is done, or nothing was different.
    Done,
    /// Some values cannot be taken; nothing changed.
    Faulty(Vec<(&'static str, ClaimFault)>),
    /// The person's data changed after the page was made; nothing was changed now.
    Overtaken,
}

impl Account {
    /// Takes over what `given` says of each claim (see [`change`]).
    pub async fn change_profile<'a>(
        &self,
        present: &Present,
        form: &AccountForm,
        given: impl Fn(&str) -> Option<&'a str>,
        origin: &Origin,
    ) -> Result<ProfileOutcome, NotDone> {
        let change = match change(&present.user.profile, given) {
            Ok(change) if change.fields.is_empty() => return Ok(ProfileOutcome::Done),
            Ok(change) => change,
            Err(faults) => return Ok(ProfileOutcome::Faulty(faults)),
        };
        self.take(present, "profile", origin).await?;
        // Who changes their own claims shall not find the old ones in a log that they cannot change.
        let changes = change.fields.into_iter().map(FieldChange::untold).collect();
        let event = self.event(present, origin, Event::UserChanged { changes });
        let written =
            self.of(present).change_profile(change.profile, form.last_changed, event.at, vec![event]).await?;
        Ok(match written {
            Committed::Yes => ProfileOutcome::Done,
            Committed::Stale | Committed::SubjectGone => ProfileOutcome::Overtaken,
        })
    }
}

//! Passkeys (WebAuthn): beside the password, and in its place.

use super::ceremony::{PasskeyState, RelyingParty};
use super::{FactorProblem, Factors};
use crate::mail::Mail;
use chrono::TimeDelta;
use serde_json::Value;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::environment::Moment;
use signet_protocol::factor::{Factor, FactorPolicy, Proof};
use signet_protocol::id::{PasskeyId, UserId};
use signet_protocol::session::Acr;
use signet_protocol::user::User;
use signet_store::{
    Answered, Committed, Grounds, MAX_PASSKEYS, PasskeyAdded, PasskeyRow, Removed, StoreError,
};
use webauthn_rs_core::proto::Credential;
use webauthn_rs_core::proto::PublicKeyCredential;

/// The longest name of a passkey, in characters.
pub const MAX_NAME_LENGTH: usize = 60;
/// The owner of a passkey that may have been copied is told once in so long.
const COPY_TOLD_ONCE_IN: TimeDelta = TimeDelta::hours(1);

/// A passkey, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Names it in forms.
    pub id: PasskeyId,
    /// What its owner calls it; may be empty.
    pub name: String,
    /// Whether it can leave the device it was made on.
    pub synchronised: bool,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
}

impl Factors {
    /// Whether passkeys can be had at all: browsers know them for domains only, not for an issuer like `http://127.0.0.1`.
    pub fn offers_passkeys(&self) -> bool {
        self.relying_party.is_some()
    }

    /// What can be set up here, strongest first.
    pub fn enrollable(&self) -> &'static [Factor] {
        if self.offers_passkeys() { &[Factor::Passkey, Factor::Totp] } else { &[Factor::Totp] }
    }

    /// The levels that somebody can reach here, weakest first. Where second factors are switched off no app is asked for;
    /// a passkey signs in by itself.
    pub(crate) fn levels(&self) -> Vec<Acr> {
        let asked =
            |factor: &Factor| *factor == Factor::Passkey || self.settings.factor_policy != FactorPolicy::Off;
        let factors: Vec<_> = self.enrollable().iter().copied().filter(asked).collect();
        let reached = |acr: &Acr| *acr == Acr::Aal1 || factors.iter().any(|factor| factor.acr() == *acr);
        Acr::ALL.into_iter().filter(reached).collect()
    }

    fn relying_party(&self) -> Result<&RelyingParty, FactorProblem> {
        self.relying_party.as_deref().ok_or(FactorProblem::NotOffered)
    }

    /// Begins to make a passkey: what the browser is asked, and the state that comes back with its answer.
    pub async fn begin_passkey(&self, user: &User) -> Result<(Value, PasskeyState), FactorProblem> {
        let known = self.store.passkeys().of(&user.id).await?;
        if known.len() >= MAX_PASSKEYS {
            return Err(FactorProblem::TooMany);
        }
        self.relying_party()?.create(user, &known, self.clock.now())
    }

    /// Keeps a passkey that a browser has made (`response` is its `RegistrationResponseJSON`). Whoever makes one verifies
    /// themselves to it, so it is proved, too. [`FactorProblem::Overtaken`]: the grounds hold no
    /// more.
    pub async fn finish_passkey(
        &self,
        user: &User,
        state: PasskeyState,
        response: &str,
        name: &str,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<Proof, FactorProblem> {
        let made = self.make_passkey(user, state, response, name, (grounds, origin)).await;
        made.map_err(|problem| self.refused((Some(&user.id), Factor::Passkey), origin, problem))
    }

    async fn make_passkey(
        &self,
        user: &User,
        state: PasskeyState,
        response: &str,
        name: &str,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<Proof, FactorProblem> {
        let name = checked_name(name)?;
        let answer = serde_json::from_str(response).map_err(|_| FactorProblem::Malformed)?;
        if state.user.as_ref() != Some(&user.id) {
            return Err(FactorProblem::Wrong);
        }
        let now = self.clock.now();
        let answered = state.answered(now)?;
        let credential: Credential = self.relying_party()?.created(&answer, &state)?;
        let row = PasskeyRow {
            id: PasskeyId::from(self.random.id()?),
            user_id: user.id.clone(),
            credential_id: credential.cred_id.clone(),
            name,
            credential: serde_json::to_value(&credential).map_err(|_| FactorProblem::Unreadable)?,
            counter: credential.counter,
            synchronised: credential.backup_eligible,
            created_at: now,
            last_used_at: None,
        };
        let factor = Factor::Passkey;
        let told = self.told(user, origin, (Event::FactorAdded { factor }, Mail::FactorAdded { factor }))?;
        let added = self.store.passkeys().add(row, answered, grounds.clone(), told).await?;
        self.mails.wake();
        match added {
            PasskeyAdded::Yes => {
                let synchronised = credential.backup_eligible;
                Ok(Proof { factor: Factor::Passkey, synchronised, at: now })
            }
            PasskeyAdded::Known => Err(FactorProblem::Used),
            PasskeyAdded::TooMany => Err(FactorProblem::TooMany),
            PasskeyAdded::Overtaken => Err(FactorProblem::Overtaken),
        }
    }

    /// Asks for one of a person's passkeys, beside their password.
    pub async fn ask_passkey(&self, user: &UserId) -> Result<(Value, PasskeyState), FactorProblem> {
        let known = self.store.passkeys().of(user).await?;
        if known.is_empty() {
            return Err(FactorProblem::NotEnrolled);
        }
        self.relying_party()?.get(Some(user), &known, self.clock.now())
    }

    /// Asks for any passkey that the browser or its devices have for this server: who it is, the passkey says.
    pub fn ask_any_passkey(&self) -> Result<(Value, PasskeyState), FactorProblem> {
        self.relying_party()?.get(None, &[], self.clock.now())
    }

    /// Checks the answer of a browser (an `AuthenticationResponseJSON`) to what it was asked: by whom, if that was known.
    /// Each challenge is answered once.
    pub async fn check_passkey(
        &self,
        user: Option<&UserId>,
        state: PasskeyState,
        response: &str,
        origin: &Origin,
    ) -> Result<(UserId, Proof), FactorProblem> {
        let mut owner = user.cloned();
        let checked = self.try_passkey(user, state, response, (&mut owner, origin)).await;
        checked.map_err(|problem| self.refused((owner.as_ref(), Factor::Passkey), origin, problem))
    }

    async fn try_passkey(
        &self,
        user: Option<&UserId>,
        state: PasskeyState,
        response: &str,
        (owner, origin): (&mut Option<UserId>, &Origin),
    ) -> Result<(UserId, Proof), FactorProblem> {
        let answer: PublicKeyCredential =
            serde_json::from_str(response).map_err(|_| FactorProblem::Malformed)?;
        if state.user.as_ref() != user {
            return Err(FactorProblem::Wrong);
        }
        let now = self.clock.now();
        let answered = state.answered(now)?;
        let known = self.store.passkeys().by_credential(answer.get_credential_id()).await?;
        let known = known.ok_or(FactorProblem::NotEnrolled)?;
        *owner = Some(known.user_id.clone());
        check_owner(user, &known, answer.get_user_unique_id())?;
        let row = match self.relying_party()?.got(&answer, &state, known.clone(), now) {
            Err(FactorProblem::Cloned) => return Err(self.report_copy(known, answered, origin).await?),
            got => got?,
        };
        let (owner, synchronised) = (row.user_id.clone(), row.synchronised);
        let event = self.event(&owner, origin, Event::FactorUsed { factor: Factor::Passkey });
        match self.store.passkeys().used(row, answered, vec![event]).await? {
            Committed::Yes => Ok((owner, Proof { factor: Factor::Passkey, synchronised, at: now })),
            Committed::Stale => Err(FactorProblem::Used),
            Committed::SubjectGone => Err(FactorProblem::NotEnrolled),
        }
    }

    /// Neither the log nor the person may miss this, however many other failures there are to record. An answer that was
    /// sent before tells nothing: its counter is no higher because it has counted already.
    async fn report_copy(
        &self,
        passkey: PasskeyRow,
        answered: Answered,
        origin: &Origin,
    ) -> Result<FactorProblem, FactorProblem> {
        let owner = self.store.users().get(&passkey.user_id).await?;
        let mails = match owner.filter(|owner| owner.email_verified) {
            Some(owner) => self.mails.to_user(&owner, Mail::PasskeyCloned { passkey: passkey.name })?,
            None => Vec::new(),
        };
        let event = Event::PasskeyCloned { known: passkey.counter };
        let told = (vec![self.event(&passkey.user_id, origin, event)], mails);
        let times = (self.clock.now(), COPY_TOLD_ONCE_IN);
        match self.store.passkeys().copied(passkey.id, answered, times, told).await? {
            Committed::Yes => {
                self.mails.wake();
                Ok(FactorProblem::Cloned)
            }
            Committed::Stale | Committed::SubjectGone => Ok(FactorProblem::Used),
        }
    }

    /// A person's passkeys, oldest first.
    pub async fn list_passkeys(&self, user: &UserId) -> Result<Vec<Passkey>, StoreError> {
        let rows = self.store.passkeys().of(user).await?;
        Ok(rows.into_iter().map(passkey).collect())
    }

    /// Gives a person's passkey another name; [`FactorProblem::NotEnrolled`] if it is not theirs.
    pub async fn rename_passkey(
        &self,
        user: &UserId,
        id: &PasskeyId,
        name: &str,
        origin: &Origin,
    ) -> Result<(), FactorProblem> {
        let name = checked_name(name)?;
        let event = self.event(user, origin, Event::PasskeyRenamed);
        match self.store.passkeys().rename(user.clone(), id.clone(), name, vec![event]).await? {
            Committed::Yes => Ok(()),
            Committed::Stale | Committed::SubjectGone => Err(FactorProblem::NotEnrolled),
        }
    }

    /// Takes a person's passkey away, unless it is the last factor of somebody who has to keep one.
    pub async fn remove_passkey(
        &self,
        user: &User,
        id: &PasskeyId,
        keeps_one: bool,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<Removed, StoreError> {
        let (removal, told) = self.removal(user, Factor::Passkey, keeps_one, (grounds, origin))?;
        let removed = self.store.passkeys().remove(removal, id.clone(), told).await?;
        self.mails.wake();
        Ok(removed)
    }
}

/// WebAuthn §7.2 step 6: the person that was asked owns the credential, and so does the one that the authenticator names,
/// who must be named where nobody in particular was asked.
fn check_owner(
    user: Option<&UserId>,
    known: &PasskeyRow,
    handle: Option<&[u8]>,
) -> Result<(), FactorProblem> {
    let asked = user.is_none_or(|user| *user == known.user_id);
    let named = match handle {
        Some(handle) => handle == known.user_id.as_str().as_bytes(),
        None => user.is_some(),
    };
    if asked && named { Ok(()) } else { Err(FactorProblem::Wrong) }
}

fn checked_name(name: &str) -> Result<String, FactorProblem> {
    let name = name.trim();
    let fits = name.chars().count() <= MAX_NAME_LENGTH && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(FactorProblem::Malformed) }
}

fn passkey(row: PasskeyRow) -> Passkey {
    Passkey {
        id: row.id,
        name: row.name,
        synchronised: row.synchronised,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
    }
}

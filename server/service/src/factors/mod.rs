//! Second factors: enrolling them, checking them, taking them away. What they lead to is decided by whoever asks.

mod ceremony;
mod devices;
mod email_codes;
mod enrolment;
mod passkeys;
mod qr;
mod recovery_codes;
pub(crate) mod reseal;
#[cfg(test)]
mod tests;
mod totp;

pub use ceremony::PasskeyState;
pub use enrolment::{TotpEnrolment, TotpSecret};

pub use passkeys::{MAX_NAME_LENGTH, Passkey};
pub use signet_store::{Grounds, MAX_PASSKEYS, RememberedDevice, Removed, Standing};

use crate::audit::AuditLog;
use crate::limits::{LimitKey, LimitName, Limited, Limits};
use crate::mail::{Mail, Mails, Unwritable};
use crate::settings::Settings;
use ceremony::RelyingParty;
use signet_jose::MasterKeys;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::environment::{Clock, Moment, Random, RandomFailed};
use signet_protocol::factor::{Enrolled, Factor, Proof};
use signet_protocol::id::UserId;
use signet_protocol::principal::Principal;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{SecondStep, Session};
use signet_protocol::user::User;
use signet_store::{NewMail, Removal, Store, StoreError};
use std::sync::Arc;
use webauthn_rs_core::error::WebauthnError;

/// Second factors. Cloning it is cheap.
#[derive(Clone)]
pub struct Factors {
    store: Store,
    master: Arc<MasterKeys>,
    audit: AuditLog,
    mails: Mails,
    limits: Limits,
    clock: Clock,
    random: Random,
    settings: Arc<Settings>,
    relying_party: Option<Arc<RelyingParty>>,
}

/// Why a factor was not accepted, or not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum FactorProblem {
    /// It is not the right one.
    #[error("it is not right")]
    Wrong,
    /// It was right, and has been used before.
    #[error("it was used before")]
    Used,
    /// It has not the form of one.
    #[error("it has not the form of one")]
    Malformed,
    /// The person has none of this kind, or is not live any more.
    #[error("the person has none")]
    NotEnrolled,
    /// The authenticator's counter went back: somebody may have a copy of it.
    #[error("the authenticator may have been copied")]
    Cloned,
    /// Too many tries: nothing was compared.
    #[error("too many tries")]
    Limited(Limited),
    /// It was decided on what holds no more: the sign-in has ended, the person is not live, or has a factor by now.
    #[error("something else was faster")]
    Overtaken,
    /// It was asked for too long ago.
    #[error("it came too late")]
    Expired,
    /// The person has as many as they can have.
    #[error("the person has as many as there may be")]
    TooMany,
    /// Nobody can have one of this kind here.
    #[error("not offered here")]
    NotOffered,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomFailed),
    /// The mail that tells of it could not be made ready.
    #[error("a mail: {0}")]
    Mail(#[from] Unwritable),
    /// What is kept sealed cannot be opened, or could not be sealed.
    #[error("a secret at rest: {0}")]
    Sealed(#[from] signet_jose::seal::SealError),
    /// What is kept of a passkey cannot be read, or could not be written.
    #[error("a passkey cannot be read")]
    Unreadable,
    /// The secret cannot be drawn as a QR code.
    #[error("the secret cannot be drawn")]
    Undrawable,
}

impl FactorProblem {
    /// What was wrong with what the person sent; none: it is the server's fault.
    fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Wrong => Some("wrong"),
            Self::Used => Some("used before"),
            Self::Malformed => Some("malformed"),
            Self::NotEnrolled => Some("not enrolled"),
            Self::Cloned => Some("counter went back"),
            Self::Limited(_) => Some("limited"),
            Self::Overtaken => Some("overtaken"),
            Self::Expired => Some("too late"),
            Self::TooMany => Some("too many"),
            Self::NotOffered => Some("not offered"),
            Self::Store(_)
            | Self::Random(_)
            | Self::Mail(_)
            | Self::Sealed(_)
            | Self::Unreadable
            | Self::Undrawable => None,
        }
    }

    /// What a ceremony came to. Which rule was broken is for the log.
    fn ceremony(error: WebauthnError) -> Self {
        tracing::info!(reason = %error, "a passkey was refused");
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::Cloned,
            _ => Self::Wrong,
        }
    }

    /// Whether the person can do something about it. Everything else is the server's fault.
    pub fn is_the_persons(&self) -> bool {
        self.refusal().is_some()
    }
}

/// Events for the log and mails for the person.
type Told = (Vec<AuditEvent>, Vec<NewMail>);

/// What factors stand on.
pub(crate) struct Foundation {
    pub(crate) store: Store,
    pub(crate) master: Arc<MasterKeys>,
    pub(crate) audit: AuditLog,
    pub(crate) mails: Mails,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Arc<Settings>,
}

impl Factors {
    pub(crate) fn new(foundation: Foundation) -> Self {
        let Foundation { store, master, audit, mails, limits, clock, random, settings } = foundation;
        let relying_party = RelyingParty::of(&settings).map(Arc::new);
        Self { store, master, audit, mails, limits, clock, random, settings, relying_party }
    }

    /// What a person has enrolled.
    pub async fn enrolled(&self, user: &User) -> Result<Enrolled, StoreError> {
        let enrolled = self.store.factors().enrolled(&user.id).await?;
        Ok(Enrolled { email: self.may_send_codes(user), ..enrolled })
    }

    /// Compares what a person sent with something that could be guessed. It counts as a wrong guess from its beginning,
    /// whatever becomes of it, until it is known to be none: guesses made at once count like those made one after the other.
    async fn guess(
        &self,
        limit: LimitName,
        (user, factor): (&UserId, Factor),
        origin: &Origin,
        compare: impl Future<Output = Result<Proof, FactorProblem>>,
    ) -> Result<Proof, FactorProblem> {
        let key = LimitKey::account(user);
        let compared = match self.limits.take(limit, &key).await {
            Ok(_) => compare.await,
            Err(limited) => Err(FactorProblem::Limited(limited)),
        };
        match &compared {
            Err(FactorProblem::Wrong | FactorProblem::Used | FactorProblem::Limited(_)) => {}
            Ok(_) | Err(_) => self.limits.give_back(limit, &key).await,
        }
        compared.map_err(|problem| self.refused((Some(user), factor), origin, problem))
    }

    /// What tells of a change: an event for the log, a mail for the person.
    fn told(&self, user: &User, origin: &Origin, (event, mail): (Event, Mail)) -> Result<Told, Unwritable> {
        Ok((vec![self.event(&user.id, origin, event)], self.mails.to_user(user, mail)?))
    }

    /// A factor that is to go, and what tells of it.
    fn removal(
        &self,
        user: &User,
        factor: Factor,
        keeps_one: bool,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<(Removal, Told), Unwritable> {
        let told =
            self.told(user, origin, (Event::FactorRemoved { factor }, Mail::FactorRemoved { factor }))?;
        let (user, grounds, now) = (user.id.clone(), grounds.clone(), self.clock.now());
        Ok((Removal { user, grounds, keeps_one, now }, told))
    }

    /// An event about a person.
    fn event(&self, user: &UserId, origin: &Origin, event: Event) -> AuditEvent {
        self.audit.event(&origin.by(Principal::User(user.clone())), of(user), event)
    }

    /// Tells the audit log that a factor was refused, and gives the reason on.
    fn refused(
        &self,
        (user, factor): (Option<&UserId>, Factor),
        origin: &Origin,
        problem: FactorProblem,
    ) -> FactorProblem {
        if let Some(reason) = problem.refusal() {
            let subjects = Subjects { user_id: user.cloned(), ..Subjects::default() };
            self.audit.note(origin, subjects, Event::FactorRefused { factor, reason, count: 1 });
        }
        problem
    }
}

/// What somebody changes their factors on who is signed in: by the secret of their session, which is another one after each
/// authentication. It is about their first factor, unless they have proved another in this session.
pub(crate) fn grounds_of(session: &Session, secret: &Secret<String>) -> Grounds {
    let proved =
        matches!(session.second_step, Some(SecondStep::Factor(factor)) if factor != Factor::EmailCode);
    let hash = SecretHash::of(secret.expose().as_bytes());
    Grounds { standing: Standing::Session(session.sid.clone(), hash), first: !proved }
}

/// A factor that was proved at a moment, by nothing that could be synchronised.
fn proof(factor: Factor, at: Moment) -> Proof {
    Proof { factor, synchronised: false, at }
}

fn of(user: &UserId) -> Subjects {
    Subjects { user_id: Some(user.clone()), ..Subjects::default() }
}

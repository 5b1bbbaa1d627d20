//! Recovery codes, for whoever lost everything else.

use super::{FactorProblem, Factors, proof};
use crate::limits::LimitName;
use crate::mail::Mail;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::factor::{Factor, Proof};
use signet_protocol::recovery_code::{COUNT, hash, written};
use signet_protocol::secret::Secret;
use signet_protocol::user::User;
use signet_store::{Committed, Grounds, NewMail};

impl Factors {
    /// New codes in place of all that the person had, who is told by mail. Nobody can read them again.
    /// [`FactorProblem::Overtaken`]: the grounds hold no more, or there is nothing that the codes could stand in for.
    pub async fn new_recovery_codes(
        &self,
        user: &User,
        by: (&Grounds, &Origin),
    ) -> Result<Vec<Secret<String>>, FactorProblem> {
        let mails = self.mails.to_user(user, Mail::RecoveryCodesMade)?;
        let made = self.make_recovery_codes(user, by, mails).await;
        self.mails.wake();
        made
    }

    /// The same along with a factor, of which a mail tells already.
    pub async fn first_recovery_codes(
        &self,
        user: &User,
        by: (&Grounds, &Origin),
    ) -> Result<Vec<Secret<String>>, FactorProblem> {
        self.make_recovery_codes(user, by, Vec::new()).await
    }

    async fn make_recovery_codes(
        &self,
        user: &User,
        (grounds, origin): (&Grounds, &Origin),
        mails: Vec<NewMail>,
    ) -> Result<Vec<Secret<String>>, FactorProblem> {
        let (mut codes, mut hashes) = (Vec::with_capacity(COUNT), Vec::with_capacity(COUNT));
        while codes.len() < COUNT {
            let code = written(&self.random.bytes()?);
            hashes.extend(hash(code.expose()));
            codes.push(code);
        }
        let count = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        let events = vec![self.event(&user.id, origin, Event::RecoveryCodesMade { count })];
        let (whose, now) = ((user.id.clone(), grounds.clone()), self.clock.now());
        match self.store.recovery_codes().replace(whose, hashes, now, (events, mails)).await? {
            Committed::Yes => Ok(codes),
            Committed::Stale | Committed::SubjectGone => Err(FactorProblem::Overtaken),
        }
    }

    /// Checks a code, and uses it up.
    pub async fn check_recovery_code(
        &self,
        user: &User,
        code: &str,
        origin: &Origin,
    ) -> Result<Proof, FactorProblem> {
        let compare = self.compare_recovery_code(user, code, origin);
        self.guess(LimitName::RecoveryCode, (&user.id, Factor::RecoveryCode), origin, compare).await
    }

    async fn compare_recovery_code(
        &self,
        user: &User,
        code: &str,
        origin: &Origin,
    ) -> Result<Proof, FactorProblem> {
        let hash = hash(code).ok_or(FactorProblem::Malformed)?;
        let now = self.clock.now();
        let left = self.store.factors().enrolled(&user.id).await?.recovery_codes.saturating_sub(1);
        let used = Event::FactorUsed { factor: Factor::RecoveryCode };
        let told = self.told(user, origin, (used, Mail::RecoveryCodeUsed { left }))?;
        let spent = self.store.recovery_codes().spend(user.id.clone(), hash, now, told).await?;
        self.mails.wake();
        match spent {
            Committed::Yes => Ok(proof(Factor::RecoveryCode, now)),
            Committed::Stale => Err(FactorProblem::Used),
            Committed::SubjectGone => Err(FactorProblem::Wrong),
        }
    }
}

//! Authenticator apps (RFC 6238).

use super::{FactorProblem, Factors, TotpEnrolment, TotpSecret, proof, qr};
use crate::limits::LimitName;
use crate::mail::Mail;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::environment::Moment;
use signet_protocol::factor::{Factor, Proof};
use signet_protocol::id::UserId;
use signet_protocol::secret::Secret;
use signet_protocol::totp::{self, Code};
use signet_protocol::user::User;
use signet_store::{Committed, Grounds, Removed, StoreError, TotpRow};
use zeroize::Zeroizing;

/// The longest account name in a QR code, in characters.
const LONGEST_NAME: usize = 100;

impl Factors {
    /// A new secret for a person's app, with everything that an app or a person needs to take it over. Nothing is kept.
    pub fn begin_totp(&self, user: &User) -> Result<TotpEnrolment, FactorProblem> {
        self.show_totp(user, TotpSecret::new(self.random.bytes()?))
    }

    /// The same for a secret that was shown before: a form that comes back with a wrong code asks again.
    pub fn show_totp(&self, user: &User, secret: TotpSecret) -> Result<TotpEnrolment, FactorProblem> {
        let account: String = user.username.chars().take(LONGEST_NAME).collect();
        let uri = totp::key_uri(&self.settings.product_name, &account, secret.expose());
        Ok(TotpEnrolment {
            base32: Secret::new(totp::to_type(secret.expose())),
            svg: Secret::new(qr::svg(&uri).ok_or(FactorProblem::Undrawable)?),
            uri: Secret::new(uri),
            secret,
        })
    }

    /// Keeps an app whose first code is right, in place of any other one if the grounds allow that; that code is spent.
    /// [`FactorProblem::Overtaken`]: the grounds hold no more, or another app was enrolled at the same moment.
    pub async fn confirm_totp(
        &self,
        user: &User,
        secret: &TotpSecret,
        code: &str,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<Proof, FactorProblem> {
        // Whoever has the form has the secret: there is nothing to guess, and nothing to limit.
        let confirmed = self.take_totp(user, secret, code, (grounds, origin)).await;
        confirmed.map_err(|problem| self.refused((Some(&user.id), Factor::Totp), origin, problem))
    }

    async fn take_totp(
        &self,
        user: &User,
        secret: &TotpSecret,
        code: &str,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<Proof, FactorProblem> {
        let code = Code::parse(code).ok_or(FactorProblem::Malformed)?;
        let now = self.clock.now();
        let step = totp::matching_step(secret.expose(), code, now).ok_or(FactorProblem::Wrong)?;
        let known = self.store.totp().get(&user.id).await?;
        let kept = match known {
            // The form was sent twice.
            Some(known) if *self.open_totp(&known)? == secret.expose() => {
                let spent = self.spend_totp(known, (step, now), origin).await?;
                return if spent { Ok(proof(Factor::Totp, now)) } else { Err(FactorProblem::Used) };
            }
            known => self.keep_totp(user, secret, (step, now), known, (grounds, origin)).await?,
        };
        match kept {
            Committed::Yes => Ok(proof(Factor::Totp, now)),
            Committed::Stale | Committed::SubjectGone => Err(FactorProblem::Overtaken),
        }
    }

    async fn keep_totp(
        &self,
        user: &User,
        secret: &TotpSecret,
        (step, now): (i64, Moment),
        known: Option<TotpRow>,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<Committed, FactorProblem> {
        let row = TotpRow {
            user_id: user.id.clone(),
            secret: self.master.seal("totp", "secret", user.id.as_str(), secret.expose())?,
            last_step: step,
            created_at: now,
            last_used_at: now,
        };
        let factor = Factor::Totp;
        let told = self.told(user, origin, (Event::FactorAdded { factor }, Mail::FactorAdded { factor }))?;
        let before = known.map(|known| known.secret);
        let committed = self.store.totp().put(row, before, grounds.clone(), told).await?;
        self.mails.wake();
        Ok(committed)
    }

    /// Checks a code of a person's app. Each counts once, also when it comes twice at the same moment.
    pub async fn check_totp(
        &self,
        user: &UserId,
        code: &str,
        origin: &Origin,
    ) -> Result<Proof, FactorProblem> {
        let compare = self.compare_totp(user, code, origin);
        self.guess(LimitName::SecondFactor, (user, Factor::Totp), origin, compare).await
    }

    async fn compare_totp(&self, user: &UserId, code: &str, origin: &Origin) -> Result<Proof, FactorProblem> {
        let code = Code::parse(code).ok_or(FactorProblem::Malformed)?;
        let now = self.clock.now();
        // Should another app take its place just now, or its secret be sealed anew, it is looked at once more.
        for _ in 0..2 {
            let known = self.store.totp().get(user).await?.ok_or(FactorProblem::NotEnrolled)?;
            let step = totp::matching_step(&self.open_totp(&known)?, code, now);
            let step = step.ok_or(FactorProblem::Wrong)?;
            if known.last_step >= step {
                break;
            }
            if self.spend_totp(known, (step, now), origin).await? {
                return Ok(proof(Factor::Totp, now));
            }
        }
        Err(FactorProblem::Used)
    }

    /// A person's app: since when they have it, and when it was last used. To have set it up is no use of it.
    pub async fn own_app(&self, user: &UserId) -> Result<Option<(Moment, Option<Moment>)>, StoreError> {
        let app = self.store.totp().get(user).await?;
        Ok(app.map(|app| (app.created_at, Some(app.last_used_at).filter(|used| *used > app.created_at))))
    }

    /// Takes a person's app away, unless it is the last factor of somebody who has to keep one.
    pub async fn remove_totp(
        &self,
        user: &User,
        keeps_one: bool,
        (grounds, origin): (&Grounds, &Origin),
    ) -> Result<Removed, StoreError> {
        let (removal, told) = self.removal(user, Factor::Totp, keeps_one, (grounds, origin))?;
        let removed = self.store.totp().remove(removal, told).await?;
        self.mails.wake();
        Ok(removed)
    }

    /// False: a code of that step was used before, or the app is not the same any more.
    async fn spend_totp(
        &self,
        known: TotpRow,
        (step, now): (i64, Moment),
        origin: &Origin,
    ) -> Result<bool, StoreError> {
        let event = self.event(&known.user_id, origin, Event::FactorUsed { factor: Factor::Totp });
        let app = (known.user_id, known.secret);
        Ok(self.store.totp().spend(app, step, now, vec![event]).await? == Committed::Yes)
    }

    fn open_totp(&self, row: &TotpRow) -> Result<Zeroizing<Vec<u8>>, FactorProblem> {
        Ok(self.master.open("totp", "secret", row.user_id.as_str(), &row.secret)?)
    }
}

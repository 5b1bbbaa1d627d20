//! An authenticator app is set up: its secret travels sealed in the page until the first code is right.

use super::super::journey::bound_browser;
use super::super::second_factor::told;
use super::super::{Authorizations, Cookies, PageKind, TotpPage, Visit, internal};
use crate::factors::{FactorProblem, Grounds, TotpEnrolment, TotpSecret};
use serde::{Deserialize, Serialize};
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::factor::Proof;
use signet_protocol::id::UserId;
use signet_protocol::secret::Secret;
use signet_protocol::user::User;

/// What a new secret is sealed for.
const TOTP: &str = "enrol-totp";

/// A secret that no authenticator app has confirmed yet. It belongs to a person: in another's form it does not count.
#[derive(Serialize, Deserialize)]
struct Unconfirmed {
    user_id: UserId,
    secret: TotpSecret,
}

impl Authorizations {
    /// Checks the first code of a new secret. If it is wrong the secret stays: it is in the app already.
    pub(super) async fn confirm_totp(
        &self,
        user: &User,
        state: &str,
        code: &Secret<String>,
        (grounds, visit): (&Grounds, &Visit<'_>),
    ) -> Result<Result<Proof, (Option<TotpSecret>, FactorProblem)>, AuthorizeRefusal> {
        let opened = self.forms.open::<Unconfirmed>(TOTP, visit.browser, state).ok();
        let own = opened.filter(|opened| opened.fresh && opened.content.user_id == user.id);
        let Some(secret) = own.map(|opened| opened.content.secret) else {
            return Ok(Err((None, FactorProblem::Expired)));
        };
        match self.factors.confirm_totp(user, &secret, code.expose(), (grounds, visit.origin)).await {
            Ok(proof) => Ok(Ok(proof)),
            Err(problem) => Ok(Err((Some(secret), told(problem)?))),
        }
    }

    /// The page with a new secret.
    pub(super) fn enrol_totp_page(
        &self,
        (user, replaces): (&User, bool),
        problem: Option<FactorProblem>,
        (visit, cookies): (&Visit<'_>, &Cookies),
    ) -> Result<PageKind, AuthorizeRefusal> {
        let enrolment = self.factors.begin_totp(user).map_err(internal)?;
        let unconfirmed = Unconfirmed { user_id: user.id.clone(), secret: enrolment.secret.clone() };
        let browser = bound_browser(visit, cookies)?;
        let state = self.forms.seal(TOTP, browser, &unconfirmed).map_err(internal)?;
        Ok(totp_page(enrolment, (state, replaces), problem))
    }

    pub(super) fn totp_page_again(
        &self,
        (user, replaces): (&User, bool),
        (secret, state): (Option<TotpSecret>, String),
        problem: FactorProblem,
        at: (&Visit<'_>, &Cookies),
    ) -> Result<PageKind, AuthorizeRefusal> {
        match secret {
            Some(secret) => {
                let enrolment = self.factors.show_totp(user, secret).map_err(internal)?;
                Ok(totp_page(enrolment, (state, replaces), Some(problem)))
            }
            None => self.enrol_totp_page((user, replaces), Some(problem), at),
        }
    }
}

fn totp_page(
    enrolment: TotpEnrolment,
    (state, replaces): (String, bool),
    problem: Option<FactorProblem>,
) -> PageKind {
    let TotpEnrolment { base32, uri, svg, .. } = enrolment;
    PageKind::EnrolTotp(Box::new(TotpPage { replaces, state, base32, uri, qr: svg, problem }))
}

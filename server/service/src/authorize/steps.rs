//! What a person decides on our pages: which account, and whether the client may.

use super::{Authorizations, Cookies, Journey, Outcome, Said, Step, Visit, Who};
use signet_protocol::authorize::interaction::SignInReason;
use signet_protocol::error::AuthorizeRefusal;

/// The account form.
pub enum AccountChoice {
    /// Go on as the person who is signed in.
    Continue,
    /// Sign in as someone else.
    Another,
}

/// The consent form.
pub enum ConsentChoice {
    /// The client may.
    Allow,
    /// It may not.
    Deny,
}

impl Authorizations {
    /// The account form was sent.
    pub async fn select_account(&self, request: &str, choice: AccountChoice, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_select(request, choice, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    /// The consent form was sent.
    pub async fn consent(&self, request: &str, choice: ConsentChoice, visit: &Visit<'_>) -> Outcome {
        let mut cookies = Cookies::default();
        let step = self.try_consent(request, choice, visit, &mut cookies).await.unwrap_or_else(Step::Refusal);
        Outcome { step, cookies }
    }

    /// A page that only told something was read.
    pub async fn go_on(&self, request: &str, visit: &Visit<'_>) -> Outcome {
        let cookies = Cookies::default();
        let step = async {
            let (journey, who) = self.resume(request, visit).await?;
            self.advance(journey, who, Said::default(), (visit, &cookies)).await
        };
        Outcome { step: step.await.unwrap_or_else(Step::Refusal), cookies: Cookies::default() }
    }

    async fn try_select(
        &self,
        request: &str,
        choice: AccountChoice,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (journey, who) = self.resume(request, visit).await?;
        match choice {
            AccountChoice::Continue => {
                let account_confirmed = was_shown_to(&journey, &who);
                let said = Said { account_confirmed, ..Said::default() };
                self.advance(journey, who, said, (visit, cookies)).await
            }
            AccountChoice::Another => {
                let reason = SignInReason::SelectedAnother;
                let kind = self.sign_in_page(&journey, reason, (String::new(), None), (visit, cookies))?;
                self.page(&journey, None, kind, (visit, cookies))
            }
        }
    }

    async fn try_consent(
        &self,
        request: &str,
        choice: ConsentChoice,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (journey, who) = self.resume(request, visit).await?;
        let own = was_shown_to(&journey, &who);
        match (choice, &who.present) {
            (ConsentChoice::Deny, Some(present)) => Ok(self.denied(&journey, (present, visit))),
            // Whoever agreed on a page that names them has confirmed the account, too.
            _ => {
                let said = Said { approved: own, account_confirmed: own };
                self.advance(journey, who, said, (visit, cookies)).await
            }
        }
    }

    /// Opens a form's request with the facts of this moment; a page that was open for too long begins anew.
    pub(super) async fn resume(
        &self,
        request: &str,
        visit: &Visit<'_>,
    ) -> Result<(Journey, Who), AuthorizeRefusal> {
        let (journey, fresh) = self.open(request, visit).await?;
        let journey = if fresh { journey } else { self.depart_again(journey)? };
        let who = self.who(&journey.interaction.tx, visit).await?;
        Ok((journey, who))
    }
}

/// A page counts only for the person it was made for: another tab may have changed who is signed in. Whoever owes a
/// second step was shown no such page.
fn was_shown_to(journey: &Journey, who: &Who) -> bool {
    who.half.is_none() && who.is(journey.interaction.shown_to.as_ref())
}

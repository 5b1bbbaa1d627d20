//! What a person decides on our pages: which account, and whether the client may.

use super::{Authorizations, Cookies, Interaction, Outcome, PageKind, Present, Said, Step, Visit};
use signet_protocol::authorize::interaction::SignInReason;
use signet_protocol::client::RegisteredClient;
use signet_protocol::error::AuthorizeRefusal;
use std::sync::Arc;

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

    async fn try_select(
        &self,
        request: &str,
        choice: AccountChoice,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<Step, AuthorizeRefusal> {
        let (interaction, client, present) = self.resume(request, visit).await?;
        match choice {
            AccountChoice::Continue => {
                let account_confirmed = was_shown_to(&interaction, present.as_ref());
                let said = Said { account_confirmed, ..Said::default() };
                self.advance(&client, interaction, present, said, (visit, cookies)).await
            }
            AccountChoice::Another => {
                let kind = PageKind::SignIn {
                    reason: SignInReason::SelectedAnother,
                    username: String::new(),
                    problem: None,
                };
                self.page(client, &interaction, kind, (visit, cookies))
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
        let (interaction, client, present) = self.resume(request, visit).await?;
        let own = was_shown_to(&interaction, present.as_ref());
        match (choice, present) {
            (ConsentChoice::Deny, Some(present)) => {
                Ok(self.denied(&client, &interaction.request, (&present, visit)))
            }
            // Whoever agreed on a page that names them has confirmed the account, too.
            (_, present) => {
                let said = Said { approved: own, account_confirmed: own };
                self.advance(&client, interaction, present, said, (visit, cookies)).await
            }
        }
    }

    /// Opens a form's request with the facts of this moment; a page that was open for too long begins anew.
    async fn resume(
        &self,
        request: &str,
        visit: &Visit<'_>,
    ) -> Result<(Interaction, Arc<RegisteredClient>, Option<Present>), AuthorizeRefusal> {
        let (interaction, fresh) = self.open(request, visit)?;
        let client = self.client_of(&interaction).await?;
        let interaction = if fresh { interaction } else { self.new_interaction(interaction.request)? };
        Ok((interaction, client, self.present(visit).await?))
    }
}

/// A page counts only for the person it was made for: another tab may have changed who is signed in.
fn was_shown_to(interaction: &Interaction, present: Option<&Present>) -> bool {
    present.is_some_and(|present| interaction.shown_to.as_ref() == Some(&present.user.id))
}

//! The forms of the account's pages: each works for the person and the browser that it was made for, on its own page.

use super::Account;
use crate::authorize::{Present, Visit};
use crate::forms::ForeignForm;
use serde::{Deserialize, Serialize};
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;

/// What the seal is for: a form of another kind does not open as one of these.
const PURPOSE: &str = "account";

/// What a form of the account says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountForm {
    user_id: UserId,
    page: String,
    /// When the person's data had last changed, as the page showed them.
    pub last_changed: Moment,
}

/// Why a form of the account does not count.
#[derive(Debug, thiserror::Error)]
pub enum FormProblem {
    /// It was made for another browser, another person or another page.
    #[error("{0}")]
    Foreign(&'static str),
    /// It was open for more than an hour.
    #[error("the form was open for too long")]
    Old,
}

impl From<ForeignForm> for FormProblem {
    fn from(foreign: ForeignForm) -> Self {
        Self::Foreign(foreign.0)
    }
}

impl Account {
    /// The sealed value that a form of `page` brings back.
    pub fn form(&self, present: &Present, page: &str, visit: &Visit<'_>) -> Result<String, FormProblem> {
        let browser = visit.browser.ok_or(FormProblem::Foreign("the browser keeps no cookies"))?;
        let form = AccountForm {
            user_id: present.user.id.clone(),
            page: page.to_owned(),
            last_changed: present.user.updated_at,
        };
        Ok(self.forms.seal(PURPOSE, browser, &form)?)
    }

    /// Opens what a form of `page` brought back. A page counts only for the person it was made for: another tab may have
    /// changed who is signed in.
    pub fn open_form(
        &self,
        present: &Present,
        page: &str,
        sealed: &str,
        visit: &Visit<'_>,
    ) -> Result<AccountForm, FormProblem> {
        let opened = self.forms.open::<AccountForm>(PURPOSE, visit.browser, sealed)?;
        if opened.content.user_id != present.user.id {
            return Err(FormProblem::Foreign("the form was made for another person"));
        }
        if opened.content.page != page {
            return Err(FormProblem::Foreign("the form belongs to another page"));
        }
        if opened.fresh { Ok(opened.content) } else { Err(FormProblem::Old) }
    }
}

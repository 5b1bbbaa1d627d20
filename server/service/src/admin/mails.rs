//! The queue of mails: what waits, what was given up and why; never what a mail says, nor the whole of an address.

use super::{Actor, Admin, AdminError, Page, PageRequest};
use crate::mail::{LEASE, masked, veiled as veil_in};
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::permission::Permission;
use signet_store::{Committed, MailFate, MailRecord, MailSort};

impl Admin {
    /// A page of the mails that are kept: those that wait, and for a week those that were sent or given up.
    pub async fn mails(
        &self,
        actor: &Actor,
        fate: Option<MailFate>,
        request: &PageRequest<MailSort>,
    ) -> Result<Page<MailRecord>, AdminError> {
        actor.must_have(Permission::MailsRead)?;
        let found = self.store.mails().page(fate, request.paging()?).await?;
        let mut page = request.page(found, |mail| request.sort.position(mail));
        page.items = page.items.into_iter().map(veiled).collect();
        Ok(page)
    }

    /// One mail.
    pub async fn mail(&self, actor: &Actor, id: &str) -> Result<MailRecord, AdminError> {
        actor.must_have(Permission::MailsRead)?;
        self.known_mail(id).await.map(veiled)
    }

    /// Has a mail sent now that was given up, or that waits for a later attempt; all its attempts are before it again.
    pub async fn send_mail_again(&self, actor: &Actor, id: &str) -> Result<MailRecord, AdminError> {
        actor.must_have(Permission::MailsWrite)?;
        let mail = self.known_mail(id).await?;
        let mails = &self.server()?.mails;
        if !mails.is_on() {
            return Err(AdminError::Conflict("no mail leaves this server: mail.url is `none`".to_owned()));
        }
        let now = self.clock.now();
        let event = actor.event(now, about(&mail), Event::MailQueuedAgain { kind: mail.kind });
        match self.store.mails().send_again(id, (now, now + LEASE), vec![event]).await? {
            Committed::Yes => {
                mails.wake();
                self.known_mail(id).await.map(veiled)
            }
            Committed::Stale | Committed::SubjectGone => Err(AdminError::Conflict(
                "it was sent, is tried within two minutes anyway, or holds no more what it said".to_owned(),
            )),
        }
    }

    /// Gives a mail up for good: what it says is forgotten, and nobody can send it again.
    pub async fn give_up_mail(&self, actor: &Actor, id: &str) -> Result<MailRecord, AdminError> {
        actor.must_have(Permission::MailsWrite)?;
        let mail = self.known_mail(id).await?;
        let (now, reason) = (self.clock.now(), "given up by an administrator");
        let event = Event::MailGivenUp { kind: mail.kind.clone(), reason: reason.to_owned() };
        let event = actor.event(now, about(&mail), event);
        match self.store.mails().drop_letter(id, reason, now, vec![event]).await? {
            Committed::Yes => self.known_mail(id).await.map(veiled),
            Committed::Stale | Committed::SubjectGone => {
                Err(AdminError::Conflict("it was sent, or nothing is left of what it said".to_owned()))
            }
        }
    }

    async fn known_mail(&self, id: &str) -> Result<MailRecord, AdminError> {
        // PostgreSQL knows no text with this character.
        let known = match id.contains('\0') {
            true => None,
            false => self.store.mails().get(id).await?,
        };
        known.ok_or(AdminError::NotFound("mail"))
    }
}

/// A mail server's words may repeat the address.
fn veiled(mut mail: MailRecord) -> MailRecord {
    mail.reason = mail.reason.map(|reason| veil_in(&reason, &mail.recipient));
    mail.recipient = masked(&mail.recipient);
    mail
}

fn about(mail: &MailRecord) -> Subjects {
    Subjects { user_id: mail.user_id.clone(), ..Subjects::default() }
}

//! The worker that sends what is due. Each node has one; a lease decides which of them sends a mail.
//!
//! A node that dies between handing a mail over and saying so leaves it to be sent once more: a second copy is better than
//! none, and carries the same `Message-ID`.

use super::masked::veiled;
use super::transport::Failure;
use super::{Mails, Post, message};
use chrono::TimeDelta;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::principal::Principal;
use signet_store::{LeasedMail, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the queue is looked at for what other processes queued, and for what is to be tried again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a node has for a mail that it leased; longer than a transport's patience.
pub(crate) const LEASE: TimeDelta = TimeDelta::seconds(120);
/// The most mails on their way at once.
const AT_ONCE: usize = 8;
/// How long to wait after each failed attempt, in seconds; after the last a mail is given up.
const BACK_OFF: [i64; 6] = [10, 60, 300, 1_800, 7_200, 21_600];

/// Sends mails.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) mails: Mails,
    pub(crate) post: Arc<Post>,
}

/// What became of an attempt.
enum Outcome {
    Sent,
    Again { reason: String, seconds: i64 },
    Dead { reason: String },
}

/// Sends until `stop` says so; what is on its way then is finished.
pub(crate) async fn run(delivery: Delivery, mut stop: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            _ = ticks.tick() => {}
            () = delivery.mails.0.queued.notified() => {}
            // A place became free: there may be more to send.
            Some(_) = under_way.join_next() => {}
        }
        while under_way.try_join_next().is_some() {}
        match delivery.lease(AT_ONCE - under_way.len()).await {
            Ok(leased) => {
                failing = false;
                for mail in leased {
                    let delivery = delivery.clone();
                    under_way.spawn(async move { delivery.deliver(mail).await });
                }
            }
            // Once: the database's absence is told of elsewhere, too.
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(%error, "the queue of mails cannot be read; tried again every second");
            }
            Err(_) => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

impl Delivery {
    pub(super) async fn lease(&self, places: usize) -> Result<Vec<LeasedMail>, StoreError> {
        if places == 0 {
            return Ok(Vec::new());
        }
        let now = self.mails.now();
        let places = u64::try_from(places).unwrap_or(1);
        self.mails.0.store.mails().lease(now, now + LEASE, places).await
    }

    pub(super) async fn deliver(&self, mail: LeasedMail) {
        let outcome = self.attempt(&mail).await;
        if let Err(error) = self.settle(&mail, outcome).await {
            // The lease ends by itself, and another attempt follows.
            tracing::warn!(%error, mail = mail.id, "what became of a mail could not be recorded");
        }
    }

    async fn attempt(&self, mail: &LeasedMail) -> Outcome {
        if self.mails.now() >= mail.expires_at {
            return Outcome::Dead {
                reason: "it came to be worth nothing before it could be sent".to_owned(),
            };
        }
        let Some(letter) = self.mails.open(&mail.id, &mail.payload) else {
            return again(mail.attempt, "it cannot be opened: is the master key the right one?".to_owned());
        };
        let rendered = match (self.post.render)(&letter) {
            Ok(rendered) => rendered,
            Err(error) => return again(mail.attempt, error.to_string()),
        };
        let addressed = (&*mail.id, &*letter.to.address);
        let message = match message::message(addressed, &self.post.sender, rendered, self.mails.now()) {
            Ok(message) => message,
            Err(unsendable) => return Outcome::Dead { reason: unsendable.to_string() },
        };
        match self.post.transport.send(&mail.id, message).await {
            Ok(()) => Outcome::Sent,
            Err(Failure::ForNow(reason)) => again(mail.attempt, reason),
            Err(Failure::ForGood(reason)) => Outcome::Dead { reason },
        }
    }

    async fn settle(&self, mail: &LeasedMail, outcome: Outcome) -> Result<(), StoreError> {
        let (now, mails) = (self.mails.now(), self.mails.0.store.mails());
        let kind = mail.kind.clone();
        match outcome {
            Outcome::Sent => {
                tracing::info!(mail = mail.id, kind, "a mail was sent");
                mails.sent(mail, now, vec![self.event(mail, Event::MailSent { kind })]).await?;
            }
            Outcome::Again { reason, seconds } => {
                let reason = veiled(&reason, &mail.recipient);
                tracing::warn!(
                    mail = mail.id,
                    kind,
                    reason,
                    seconds,
                    "a mail could not be sent; tried again"
                );
                mails.retry(mail, reason, now + TimeDelta::seconds(seconds)).await?;
            }
            Outcome::Dead { reason } => {
                let reason = veiled(&reason, &mail.recipient);
                tracing::error!(mail = mail.id, kind, reason, "a mail was given up");
                let event = self.event(mail, Event::MailGivenUp { kind, reason: reason.clone() });
                mails.give_up(mail, reason, now, vec![event]).await?;
            }
        }
        Ok(())
    }

    fn event(&self, mail: &LeasedMail, event: Event) -> AuditEvent {
        let subjects = Subjects { user_id: mail.user_id.clone(), ..Subjects::default() };
        AuditEvent { at: self.mails.now(), origin: Origin::local(Principal::Server), subjects, event }
    }
}

/// After the `attempt`th attempt failed, counted from 1.
fn again(attempt: u64, reason: String) -> Outcome {
    let index = usize::try_from(attempt.saturating_sub(1)).unwrap_or(BACK_OFF.len());
    match BACK_OFF.get(index) {
        Some(&seconds) => Outcome::Again { reason, seconds },
        None => Outcome::Dead { reason },
    }
}

//! The browser's side: its cookies, and who is behind them.

use super::{AccountPage, Authorizations, Destination, Said, internal, unavailable};
use chrono::TimeDelta;
use signet_protocol::audit::Origin;
use signet_protocol::authorize::interaction::Next;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::id::{InteractionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{PartialSignIn, Session};
use signet_protocol::user::User;

/// A session's use is written down once in so many seconds.
const TOUCH_AFTER: i64 = 60;

/// A request from a browser.
pub struct Visit<'a> {
    /// Where it came from.
    pub origin: &'a Origin,
    /// The session cookie.
    pub session: Option<&'a Secret<String>>,
    /// The cookie of a sign-in that owes a second step.
    pub partial: Option<&'a Secret<String>>,
    /// The cookie of a browser that need not take the second step.
    pub remembered: Option<&'a Secret<String>>,
    /// The cookie that forms are bound to.
    pub browser: Option<&'a str>,
    /// The cookie of a browser in which someone signed in before.
    pub device: Option<&'a str>,
    /// The `User-Agent` header.
    pub user_agent: Option<&'a str>,
}

/// Cookies to set.
#[derive(Debug, Default)]
pub struct Cookies {
    /// The cookie that forms are bound to; set once and never replaced.
    pub browser: Option<String>,
    /// The session cookie; new at each authentication.
    pub session: Option<Secret<String>>,
    /// The cookie that tells a browser in which someone signed in.
    pub device: Option<String>,
    /// The cookie of a sign-in that owes a second step.
    pub partial: Option<Secret<String>>,
    /// The cookie of a browser that need not take the second step, and for how many seconds.
    pub remembered: Option<(Secret<String>, u32)>,
}

/// Who is signed in in this browser.
#[derive(Debug, Clone)]
pub struct Present {
    /// The session.
    pub session: Session,
    /// The person.
    pub user: User,
}

/// Whose password was right in this browser a moment ago, while a second step is owed.
#[derive(Debug, Clone)]
pub(crate) struct Half {
    pub(super) partial: PartialSignIn,
    pub(super) user: User,
}

/// Who is behind a browser, as far as an interaction is concerned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Who {
    pub(super) present: Option<Present>,
    /// Only while it counts for this interaction.
    pub(super) half: Option<Half>,
}

impl Who {
    /// The person whose step is next.
    pub(super) fn person(&self) -> Option<&User> {
        match (&self.half, &self.present) {
            (Some(half), _) => Some(&half.user),
            (None, Some(present)) => Some(&present.user),
            (None, None) => None,
        }
    }

    /// Whether a page that was made for someone is answered by them.
    pub(super) fn is(&self, shown_to: Option<&UserId>) -> bool {
        self.person().is_some_and(|person| shown_to == Some(&person.id))
    }
}

impl From<Present> for Who {
    fn from(present: Present) -> Self {
        Self { present: Some(present), half: None }
    }
}

impl Authorizations {
    /// Sees to it that the browser has the cookie that forms are bound to.
    pub(super) fn ensure_browser(
        &self,
        visit: &Visit<'_>,
        cookies: &mut Cookies,
    ) -> Result<(), AuthorizeRefusal> {
        if visit.browser.is_none() && cookies.browser.is_none() {
            cookies.browser = Some(self.random.secret().map_err(internal)?);
        }
        Ok(())
    }

    /// Who is signed in in this browser, for a page that greets them.
    pub async fn signed_in(&self, visit: &Visit<'_>) -> Result<Option<Present>, AuthorizeRefusal> {
        self.present(visit).await
    }

    /// Whether somebody may change things in the console with the sign-in that they have: what a page that is shown only
    /// after a sign-in of a moment ago would ask, without asking it.
    pub async fn may_change(&self, present: &Present) -> Result<bool, AuthorizeRefusal> {
        let page = AccountPage { path: String::new(), fresh: true, console: true, enrols: None };
        let journey = self.depart(Destination::Account(page), None)?;
        let who = Who::from(present.clone());
        let (next, _) = Box::pin(self.decide(&journey, &who, Said::default())).await?;
        Ok(next == Next::Proceed)
    }

    /// Who is behind this browser.
    pub(super) async fn who(&self, tx: &InteractionId, visit: &Visit<'_>) -> Result<Who, AuthorizeRefusal> {
        let present = self.present(visit).await?;
        let half = self.half(visit).await?.filter(|half| half.partial.counts(tx, present.is_some()));
        Ok(Who { present, half })
    }

    /// Who is signed in in this browser, if anyone.
    pub(super) async fn present(&self, visit: &Visit<'_>) -> Result<Option<Present>, AuthorizeRefusal> {
        let Some(secret) = visit.session else { return Ok(None) };
        let hash = SecretHash::of(secret.expose().as_bytes());
        let now = self.clock.now();
        let Some((session, user)) = self.store.sessions().by_secret(&hash, now).await.map_err(unavailable)?
        else {
            return Ok(None);
        };
        if now - session.last_seen_at >= TimeDelta::seconds(TOUCH_AFTER) {
            self.store.sessions().touch(session.sid.clone(), now).await.map_err(unavailable)?;
        }
        Ok(Some(Present { session, user }))
    }

    async fn half(&self, visit: &Visit<'_>) -> Result<Option<Half>, AuthorizeRefusal> {
        let Some(secret) = visit.partial else { return Ok(None) };
        let hash = SecretHash::of(secret.expose().as_bytes());
        let found = self.store.partials().by_secret(&hash, self.clock.now()).await.map_err(unavailable)?;
        Ok(found.map(|(partial, user)| Half { partial, user }))
    }
}

//! The browser's side: its cookies, and the session behind them.

use super::{Authorizations, Present, internal, unavailable};
use chrono::TimeDelta;
use signet_protocol::audit::Origin;
use signet_protocol::environment::Moment;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;

/// A session's use is written down once in so many seconds.
const TOUCH_AFTER: i64 = 60;

/// A request from a browser.
pub struct Visit<'a> {
    /// Where it came from.
    pub origin: &'a Origin,
    /// The session cookie.
    pub session: Option<&'a Secret<String>>,
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
}

/// Who is signed in, for a page that greets them.
#[derive(Debug)]
pub struct SignedIn {
    /// The person.
    pub user: User,
    /// When they signed in.
    pub since: Moment,
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
    pub async fn signed_in(&self, visit: &Visit<'_>) -> Result<Option<SignedIn>, AuthorizeRefusal> {
        let greeted = |Present { session, user }| SignedIn { user, since: session.authentication.auth_time };
        Ok(self.present(visit).await?.map(greeted))
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
}

//! A browser session: who signed in, how, and until when it counts.

use crate::environment::Moment;
use crate::id::{InteractionId, SessionId, UserId};
use serde::{Deserialize, Serialize};

/// How strongly a person was authenticated (`acr`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    /// One factor.
    #[serde(rename = "aal1")]
    Aal1,
    /// Two factors.
    #[serde(rename = "aal2")]
    Aal2,
    /// Phishing-resistant.
    #[serde(rename = "phr")]
    Phr,
}

impl Acr {
    /// The `acr` claim's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aal1 => "aal1",
            Self::Aal2 => "aal2",
            Self::Phr => "phr",
        }
    }
}

/// The facts of an authentication that tokens repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// When the person proved themselves (`auth_time`).
    pub auth_time: Moment,
    /// How strongly (`acr`).
    pub acr: Acr,
    /// By which means (`amr`, RFC 8176).
    pub amr: Vec<String>,
}

/// A signed-in browser session, as loaded while it is live.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its public identifier, stable for its whole life.
    pub sid: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// The latest authentication.
    pub authentication: Authentication,
    /// The interaction that the latest authentication was recorded with: proof that `prompt=login` was obeyed.
    pub authenticated_in: Option<InteractionId>,
    /// When it began.
    pub created_at: Moment,
    /// When it was last used (kept to a minute's precision).
    pub last_seen_at: Moment,
    /// Its absolute end.
    pub expires_at: Moment,
}

//! What would stop or weaken the server, and how to mend it: for the command line, and for whoever looks at the overview of a
//! running server. What is looked at is for whoever knows the configuration to say.

use signet_protocol::environment::{Clock, Moment};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Findings are so old at most when they are shown, in seconds.
const FRESH: i64 = 60;
/// How long somebody waits for new ones; they come the next time then.
const PATIENCE: Duration = Duration::from_millis(50);

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As it should be.
    Good,
    /// The server runs, but is weaker for it.
    Weak,
    /// The server does not run with it.
    Bad,
}

impl Condition {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Weak => "weak",
            Self::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in a word: `database`.
    pub subject: String,
    /// How it is.
    pub condition: Condition,
    /// What was found, and how to mend it.
    pub text: String,
}

impl Finding {
    /// Something that is as it should be.
    pub fn good(subject: &str, text: impl fmt::Display) -> Self {
        Self { subject: subject.to_owned(), condition: Condition::Good, text: text.to_string() }
    }

    /// Something that weakens the server; the text ends with the mend.
    pub fn weak(subject: &str, text: impl fmt::Display) -> Self {
        Self { condition: Condition::Weak, ..Self::good(subject, text) }
    }

    /// Something that stops the server; the text ends with the mend.
    pub fn bad(subject: &str, text: impl fmt::Display) -> Self {
        Self { condition: Condition::Bad, ..Self::good(subject, text) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<4}  {}: {}", self.condition.as_str(), self.subject, self.text)
    }
}

/// What was found, and when.
#[derive(Clone, Debug)]
pub struct Examined {
    /// When.
    pub at: Moment,
    /// Everything that was looked at.
    pub findings: Vec<Finding>,
}

/// An examination under way.
pub type Examination = Pin<Box<dyn Future<Output = Vec<Finding>> + Send>>;
/// Looks at everything.
type Examine = dyn Fn() -> Examination + Send + Sync;

/// Looks at everything when somebody wants to know, and not more often than once a minute. Cloning it gives the same one.
#[derive(Clone)]
pub struct Doctor {
    examine: Arc<Examine>,
    latest: Arc<Mutex<Option<Examined>>>,
    /// One examination at a time.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Doctor {
    /// `examine` looks at everything; what cannot be reached is a finding.
    pub fn new(examine: impl Fn() -> Examination + Send + Sync + 'static) -> Self {
        Self { examine: Arc::new(examine), latest: Arc::default(), turn: Arc::default() }
    }

    /// What was found last; none: the first examination is under way.
    pub(crate) async fn findings(&self, clock: &Clock) -> Option<Examined> {
        let latest = self.latest();
        let now = clock.now();
        if latest.as_ref().is_some_and(|found| (now - found.at).num_seconds() < FRESH) {
            return latest;
        }
        let (doctor, clock) = (self.clone(), clock.clone());
        let examination = tokio::spawn(async move {
            let Ok(_turn) = doctor.turn.try_lock() else { return };
            let findings = (doctor.examine)().await;
            let found = Examined { at: clock.now(), findings };
            *doctor.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        });
        // Whoever does not see it finish sees what there was; it goes on meanwhile.
        let _ = tokio::time::timeout(PATIENCE, examination).await;
        self.latest()
    }

    fn latest(&self) -> Option<Examined> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn everything_is_looked_at_once_a_minute_however_many_ask() {
        let (times, seconds) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (counted, shown) = (times.clone(), seconds.clone());
        let doctor = Doctor::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { vec![Finding::good("database", "answers")] })
        });
        let clock = Clock::new(move || {
            chrono::DateTime::from_timestamp(i64::from(shown.load(Ordering::SeqCst)), 0).unwrap()
        });
        for (at, examinations) in [(0, 1), (59, 1), (60, 2), (61, 2)] {
            seconds.store(at, Ordering::SeqCst);
            let found = doctor.findings(&clock).await.unwrap();
            assert_eq!((found.findings.len(), times.load(Ordering::SeqCst)), (1, examinations), "{at}");
        }
    }

    #[test]
    fn a_finding_is_a_line_with_its_mend() {
        let weak = Finding::weak("limits", "switched off: remove limits.enabled = false");
        assert_eq!(weak.to_string(), "weak  limits: switched off: remove limits.enabled = false");
    }
}

//! The one way to wait.

use std::fmt::Debug;
use std::panic::Location;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What a condition can answer: `bool`, `Option<T>` or `Result<T, E>`.
pub trait Outcome {
    /// What [`eventually`] returns once the condition holds.
    type Value;
    /// The value, or what is still missing.
    fn met(self) -> Result<Self::Value, String>;
}

impl Outcome for bool {
    type Value = ();
    fn met(self) -> Result<(), String> {
        self.then_some(()).ok_or_else(|| "false".to_owned())
    }
}

impl<T> Outcome for Option<T> {
    type Value = T;
    fn met(self) -> Result<T, String> {
        self.ok_or_else(|| "None".to_owned())
    }
}

impl<T, E: Debug> Outcome for Result<T, E> {
    type Value = T;
    fn met(self) -> Result<T, String> {
        self.map_err(|error| format!("{error:?}"))
    }
}

/// Asks `condition` again and again until it holds, and fails the test with its last answer after `deadline`.
///
/// One question that never returns counts as "not yet", too.
#[track_caller]
pub fn eventually<O: Outcome>(
    deadline: Duration,
    mut condition: impl AsyncFnMut() -> O,
) -> impl Future<Output = O::Value> {
    let caller = Location::caller();
    async move {
        let end = Instant::now() + deadline;
        let mut pause = Duration::from_millis(2);
        let mut last = "no answer at all".to_owned();
        loop {
            match tokio::time::timeout_at(end, condition()).await.map(Outcome::met) {
                Ok(Ok(value)) => return value,
                Ok(Err(missing)) => last = missing,
                Err(_) => panic!("not within {deadline:?} at {caller}; last answer: {last}"),
            }
            if Instant::now() >= end {
                panic!("not within {deadline:?} at {caller}; last answer: {last}");
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_returns_the_value_as_soon_as_there_is_one() {
        let mut asked = 0;
        let value = eventually(Duration::from_secs(5), async || {
            asked += 1;
            (asked == 3).then_some("there")
        })
        .await;
        assert_eq!((value, asked), ("there", 3));
    }

    #[tokio::test]
    #[should_panic(expected = "still closed")]
    async fn it_fails_with_the_last_answer() {
        eventually(Duration::from_millis(20), async || Err::<(), _>("still closed")).await;
    }

    #[tokio::test]
    #[should_panic(expected = "not within")]
    async fn a_question_without_an_answer_does_not_hang() {
        eventually(Duration::from_millis(20), async || std::future::pending::<bool>().await).await;
    }
}

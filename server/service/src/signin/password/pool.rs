//! Threads of their own for what takes long, so that a flood of sign-ins slows only sign-ins.
//!
//! Each thread keeps one buffer for as long as it lives: what hashing takes of memory is known beforehand. Work that
//! nobody waits for any more is not begun; what has begun keeps its thread until it is done.

use argon2::Block;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// How long a sign-in waits for its turn before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it waits for a place in the line: whoever tries again at once shall not cost more than those who wait.
const FOR_A_PLACE: Duration = Duration::from_secs(1);
/// How many sign-ins may wait for one core.
const QUEUE_PER_CORE: usize = 16;
/// How much less than the rest of the server the threads may press for a core (nice(1)): a password can wait some
/// milliseconds, and whoever asks for a token shall not. Whoever wakes up goes first at any niceness; what is felt is how
/// often a worker that is busy has to pause for a whole slice. At 10 that is a tenth of its time, and the slowest hundredth
/// of all answers waits for one; at 19 it is a seventieth. Idle scheduling would be gentler still, but a server that is busy
/// with tokens alone would let nobody sign in any more.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 19;

/// The pool has no place: try again in a few seconds.
#[derive(Debug, thiserror::Error)]
#[error("too many sign-ins at once")]
pub struct Busy;

/// A place in the line of those whose passwords are worked on next; it is free again once that is done.
#[must_use]
pub struct Place(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

/// What argon2 works in.
pub(super) type Memory = Vec<Block>;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// The threads end with the last clone.
#[derive(Clone)]
pub(super) struct Pool {
    jobs: SyncSender<Job>,
    places: Arc<Semaphore>,
}

impl Pool {
    /// Keeps at most so many cores busy, and so many KiB of memory a thread when there is nothing to do.
    pub(super) fn new(cores: usize, keep: usize) -> Self {
        let places = cores * QUEUE_PER_CORE;
        let (jobs, receiver) = sync_channel(places);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..cores {
            let receiver = receiver.clone();
            std::thread::spawn(move || serve(&receiver, keep));
        }
        Self { jobs, places: Arc::new(Semaphore::new(places)) }
    }

    /// A place in the line, before anything else is done for whoever may find none.
    pub(super) async fn place(&self) -> Result<Place, Busy> {
        let place = tokio::time::timeout(FOR_A_PLACE, self.places.clone().acquire_owned());
        place.await.map_err(|_| Busy)?.map(Place).map_err(|_| Busy)
    }

    /// Has work done when its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let (answer, done) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            if !answer.is_closed() {
                // Whoever asked may have gone meanwhile.
                let _ = answer.send(work(memory));
            }
            drop(place);
        };
        self.jobs.try_send(Box::new(job)).map_err(|_| Busy)?;
        tokio::time::timeout(PATIENCE, done).await.map_err(|_| Busy)?.map_err(|_| Busy)
    }
}

fn serve(jobs: &Mutex<Receiver<Job>>, keep: usize) {
    let mut memory = Memory::new();
    stand_back();
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // Some of this is foreign code on input from anywhere: a panic must not take the thread along, or one by one
        // all of them would be gone.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
        if memory.len() > keep {
            memory.truncate(keep);
            memory.shrink_to_fit();
        }
    }
}

/// Lets every other thread of the server go first.
fn stand_back() {
    // Linux counts niceness by thread, elsewhere it would slow the whole server down.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS) {
        tracing::warn!(%error, "passwords are hashed with the priority of everything else");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run<T: Send + 'static>(
        pool: &Pool,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        pool.run(pool.place().await.unwrap(), work).await
    }

    #[tokio::test]
    async fn whoever_finds_no_place_in_the_line_is_told_to_come_again() {
        let (jobs, _receiver) = sync_channel(1);
        let pool = Pool { jobs, places: Arc::new(Semaphore::new(0)) };
        assert!(pool.place().await.is_err());
    }

    #[tokio::test]
    async fn a_place_is_free_again_once_its_work_is_done_or_has_panicked() {
        let pool = Pool::new(1, 0);
        for _ in 0..3 * QUEUE_PER_CORE {
            let panics: Result<(), _> = run(&pool, |_| panic!("this is meant to be seen")).await;
            assert!(panics.is_err());
        }
        assert!(run(&pool, |_| ()).await.is_ok());
    }

    #[tokio::test]
    async fn work_that_panics_leaves_the_thread_for_the_next() {
        let pool = Pool::new(1, 0);
        assert!(run(&pool, |_| -> u8 { panic!("this is meant to be seen") }).await.is_err());
        assert_eq!(run(&pool, |_| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn memory_that_one_job_took_is_given_back() {
        let pool = Pool::new(1, 8);
        run(&pool, |memory| memory.resize(1024, Block::new())).await.unwrap();
        assert_eq!(run(&pool, |memory| memory.capacity()).await.unwrap(), 8);
    }
}

//! SQLite's one writer: a task that takes what has queued up and commits it as one transaction.

use crate::connect;
use crate::error::StoreError;
use crate::write::Job;
use futures_util::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};

/// How many jobs may wait; more make their callers wait.
const QUEUE: usize = 1024;
/// How many jobs share one transaction at most.
const BATCH: usize = 256;
/// How long a caller waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);

/// A job in the queue, whatever its types.
trait Queued: Send {
    /// Runs it in a transaction. Running again forgets what the run before gave.
    fn run<'c>(&'c mut self, transaction: &'c DatabaseTransaction) -> BoxFuture<'c, Result<(), StoreError>>;
    /// Tells the caller; one that has gone is not missed.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Pending<D, T> {
    data: D,
    job: Job<D, T>,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<D: Send + Sync, T: Send> Queued for Pending<D, T> {
    fn run<'c>(&'c mut self, transaction: &'c DatabaseTransaction) -> BoxFuture<'c, Result<(), StoreError>> {
        Box::pin(async move {
            self.value = None;
            self.value = Some((self.job)(&self.data, transaction).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { value, reply, .. } = *self;
        drop(reply.send(outcome.and_then(|()| value.ok_or_else(interrupted))));
    }
}

enum Message {
    Job(Box<dyn Queued>),
    /// Finish what is queued, then stop.
    Close(oneshot::Sender<()>),
}

fn interrupted() -> StoreError {
    StoreError::Unavailable("the writer stopped".into())
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    sender: mpsc::Sender<Message>,
}

impl Queue {
    /// Starts the writer on `url`.
    pub(crate) async fn start(url: String, busy_timeout: Duration) -> Result<Self, StoreError> {
        let connection = connect::sqlite_writer(&url, busy_timeout).await?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let writer = Arc::new(Mutex::new(Writer { receiver, connection, url, busy_timeout }));
        tokio::spawn(supervise(writer));
        Ok(Self { sender })
    }

    /// Queues a job and waits for its commit.
    pub(crate) async fn submit<D, T>(&self, data: D, job: Job<D, T>) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let pending = Message::Job(Box::new(Pending { data, job, value: None, reply }));
        match self.sender.send_timeout(pending, PATIENCE).await {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(interrupted())),
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
                Err(StoreError::Unavailable("the write queue is full".into()))
            }
            Err(mpsc::error::SendTimeoutError::Closed(_)) => {
                Err(StoreError::Unavailable("it was closed".into()))
            }
        }
    }

    /// Lets the writer finish what is queued and stop.
    pub(crate) async fn close(&self) {
        let (done, finished) = oneshot::channel();
        if self.sender.send(Message::Close(done)).await.is_ok() {
            // An error means that the writer has stopped already.
            drop(finished.await);
        }
    }
}

/// Keeps a writer running: one that panicked is started again with the same queue and a new connection.
async fn supervise(writer: Arc<Mutex<Writer>>) {
    loop {
        let running = Arc::clone(&writer);
        match tokio::spawn(async move { running.lock().await.run().await }).await {
            Ok(()) => return,
            Err(failure) if failure.is_panic() => {
                tracing::error!("the database writer panicked and is started again");
                writer.lock().await.reconnect().await;
            }
            // The runtime is shutting down.
            Err(_) => return,
        }
    }
}

struct Writer {
    receiver: mpsc::Receiver<Message>,
    connection: DatabaseConnection,
    url: String,
    busy_timeout: Duration,
}

impl Writer {
    async fn run(&mut self) {
        let mut messages = Vec::with_capacity(BATCH);
        let mut closing = Vec::new();
        while self.receiver.recv_many(&mut messages, BATCH).await > 0 {
            let mut jobs = Vec::with_capacity(messages.len());
            for message in messages.drain(..) {
                match message {
                    Message::Job(job) => jobs.push(job),
                    Message::Close(done) => {
                        // Refuses new jobs; `recv_many` still hands out the queued ones, then 0.
                        self.receiver.close();
                        closing.push(done);
                    }
                }
            }
            self.commit(jobs).await;
        }
        if let Err(error) = self.connection.close_by_ref().await {
            tracing::warn!(reason = %StoreError::from(error), "the writer's connection did not close");
        }
        for done in closing {
            let _ = done.send(());
        }
    }

    /// Commits jobs as one transaction, or one by one if any of them fails, and answers them all.
    async fn commit(&mut self, mut jobs: Vec<Box<dyn Queued>>) {
        if jobs.len() > 1 {
            let outcome = match self.begin().await {
                Ok(transaction) => batch(transaction, &mut jobs).await,
                Err(error) => {
                    // Another process holds the lock: no job of this batch would fare better alone.
                    jobs.into_iter().for_each(|job| job.answer(Err(error.clone())));
                    return;
                }
            };
            match outcome {
                Ok(()) => {
                    jobs.into_iter().for_each(|job| job.answer(Ok(())));
                    return;
                }
                Err(error) if error.is_the_jobs_own() => {}
                Err(error) => {
                    tracing::warn!(reason = %error, jobs = jobs.len(), "a batch failed; its jobs run one by one");
                    self.mend().await;
                }
            }
        }
        for mut job in jobs {
            let outcome = match self.begin().await {
                Ok(transaction) => alone(transaction, job.as_mut()).await,
                Err(error) => Err(error),
            };
            if outcome.as_ref().is_err_and(|error| !error.is_the_jobs_own()) {
                self.mend().await;
            }
            job.answer(outcome);
        }
    }

    /// Takes SQLite's write lock at once, so that a job never finds out halfway that another process holds it.
    async fn begin(&mut self) -> Result<DatabaseTransaction, StoreError> {
        let options = || TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        match self.connection.begin_with_options(options()).await {
            Ok(transaction) => Ok(transaction),
            Err(_) if self.mend().await => Ok(self.connection.begin_with_options(options()).await?),
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces the connection if it no longer answers; says whether there is a new one.
    async fn mend(&mut self) -> bool {
        match self.connection.ping().await {
            Ok(()) => false,
            Err(error) => {
                tracing::warn!(reason = %StoreError::from(error), "the writer's connection is replaced");
                self.reconnect().await
            }
        }
    }

    async fn reconnect(&mut self) -> bool {
        match connect::sqlite_writer(&self.url, self.busy_timeout).await {
            Ok(connection) => {
                self.connection = connection;
                true
            }
            // The next failing job tries again.
            Err(error) => {
                tracing::error!(reason = %error, "the writer found no connection");
                false
            }
        }
    }
}

/// Runs all jobs in one transaction. An error means that nothing was committed. Jobs fail seldom (what is to be expected
/// is a row count and no error), so that running a batch again costs less than a savepoint for every job.
async fn batch(transaction: DatabaseTransaction, jobs: &mut [Box<dyn Queued>]) -> Result<(), StoreError> {
    for job in jobs {
        if let Err(error) = job.run(&transaction).await {
            transaction.rollback().await?;
            return Err(error);
        }
    }
    Ok(transaction.commit().await?)
}

/// Runs one job in a transaction of its own.
async fn alone(transaction: DatabaseTransaction, job: &mut dyn Queued) -> Result<(), StoreError> {
    match job.run(&transaction).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests;

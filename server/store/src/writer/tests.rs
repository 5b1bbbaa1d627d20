use super::Queue;
use crate::error::StoreError;
use futures_util::future::{join_all, poll_immediate};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};
use std::time::Duration;

struct Fixture {
    queue: Queue,
    url: String,
    // Removed when dropped.
    _folder: tempfile::TempDir,
}

async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
    let queue = Queue::start(url.clone(), Duration::from_secs(5)).await.unwrap();
    queue
        .submit((), |(), transaction| {
            Box::pin(async move {
                transaction.execute_unprepared("CREATE TABLE numbers (n INTEGER PRIMARY KEY)").await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    Fixture { queue, url, _folder: folder }
}

async fn insert(transaction: &DatabaseTransaction, n: i64) -> Result<(), StoreError> {
    let backend = transaction.get_database_backend();
    let sql = "INSERT INTO numbers (n) VALUES ($1)";
    transaction.execute_raw(Statement::from_sql_and_values(backend, sql, [n.into()])).await?;
    Ok(())
}

async fn stored(fixture: &Fixture) -> i64 {
    let reads = crate::connect::sqlite_readers(&fixture.url, 1, Duration::from_secs(5)).await.unwrap();
    let count = Statement::from_string(reads.get_database_backend(), "SELECT count(*) FROM numbers");
    reads.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_failed_job_in_a_batch_does_not_lose_the_others() {
    let fixture = fixture().await;
    // Every third number comes twice; the second one breaks the primary key.
    let numbers = (0..60).chain((0..60).step_by(3));
    let jobs = numbers.map(|n: i64| {
        fixture.queue.submit(n, |n, transaction| Box::pin(async move { insert(transaction, *n).await }))
    });
    let outcomes = join_all(jobs).await;
    let failed = outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict(_)))).count();
    assert_eq!(failed, 20);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 60);
    assert_eq!(stored(&fixture).await, 60);
}

#[tokio::test]
async fn a_batch_that_fails_as_a_whole_runs_job_by_job() {
    let fixture = fixture().await;
    let jobs = (0..40).map(|n: i64| {
        fixture.queue.submit(n, |n, transaction| {
            Box::pin(async move {
                insert(transaction, *n).await?;
                // Not the job's own failure, as far as the writer can tell.
                if *n == 7 { Err(StoreError::Unavailable("the disk is full".into())) } else { Ok(()) }
            })
        })
    });
    let outcomes = join_all(jobs).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 39);
    assert_eq!(stored(&fixture).await, 39);
}

#[tokio::test]
async fn a_job_whose_caller_has_gone_still_commits() {
    let fixture = fixture().await;
    let mut abandoned = Box::pin(fixture.queue.submit(1, |n, transaction| Box::pin(insert(transaction, *n))));
    assert!(poll_immediate(&mut abandoned).await.is_none());
    drop(abandoned);
    fixture.queue.close().await;
    assert_eq!(stored(&fixture).await, 1);
}

#[tokio::test]
async fn closing_commits_what_is_queued_and_refuses_more() {
    let fixture = fixture().await;
    let insert_one = |n: i64| fixture.queue.submit(n, |n, transaction| Box::pin(insert(transaction, *n)));
    let (outcomes, ()) = tokio::join!(join_all((0..50).map(insert_one)), fixture.queue.close());
    assert!(outcomes.iter().all(Result::is_ok));
    assert!(matches!(insert_one(50).await, Err(StoreError::Unavailable(_))));
    assert_eq!(stored(&fixture).await, 50);
}

#[tokio::test]
async fn a_writer_that_panics_is_started_again() {
    let fixture = fixture().await;
    let lost: Result<(), _> =
        fixture.queue.submit((), |(), _| Box::pin(async move { panic!("a test's panic") })).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))));
    fixture.queue.submit(1, |n, transaction| Box::pin(insert(transaction, *n))).await.unwrap();
    assert_eq!(stored(&fixture).await, 1);
}

//! The PostgreSQL and Redis that `tests/run` starts: each test gets a database of its own in both.

use redis::AsyncCommands as _;
use sea_orm::{ConnectionTrait as _, Database};
use std::env;
use url::Url;

/// Where the services are. Missing ones fail the test: a test that is silently skipped protects nobody.
#[derive(Clone, Debug)]
pub struct Services {
    postgres: Url,
    redis: Url,
}

impl Services {
    /// The services that the environment names.
    pub fn from_environment() -> Self {
        Self { postgres: url("SIGNET_TEST_POSTGRES_URL"), redis: url("SIGNET_TEST_REDIS_URL") }
    }

    /// The URL of a new, empty PostgreSQL database.
    pub async fn postgres_database(&self) -> String {
        let name = format!("t_{}", &crate::pkce::random_text().to_lowercase().replace(['-', '_'], "x")[..20]);
        let admin = Database::connect(self.postgres.as_str()).await.expect("the test PostgreSQL");
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a new database");
        admin.close().await.expect("the connection closes");
        let mut url = self.postgres.clone();
        url.set_path(&name);
        url.to_string()
    }

    /// The URL of a Redis database that no other test uses. (Channels are shared by all databases of a Redis.)
    pub async fn redis_database(&self) -> String {
        let client = redis::Client::open(self.redis.as_str()).expect("a Redis URL");
        let mut connection = client.get_multiplexed_async_connection().await.expect("the test Redis");
        let number: u64 = connection.incr("signet-tests:databases", 1).await.expect("INCR");
        let mut url = self.redis.clone();
        url.set_path(&number.to_string());
        url.to_string()
    }

    /// The URL of the Redis that all tests share, with a key prefix for one of them.
    pub fn redis_with_prefix(&self) -> (String, String) {
        (self.redis.to_string(), format!("test-{}:", crate::pkce::random_text()))
    }
}

fn url(variable: &str) -> Url {
    Url::parse(&required(variable)).unwrap_or_else(|error| panic!("{variable}: {error}"))
}

/// A variable that `tests/run` sets.
pub fn required(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: start the tests with tests/run"))
}

//! A Redis that one test may empty, stop and start again.

use crate::{eventually, free_port};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A Redis process of the test's own, on one port for its whole life. It keeps nothing on disk.
pub struct PrivateRedis {
    port: u16,
    folder: TempDir,
    child: Option<Child>,
}

impl PrivateRedis {
    /// Starts one.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut redis = Self { port: free_port(), folder, child: None };
        redis.restart().await;
        redis
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Stops it and starts it empty.
    pub async fn restart(&mut self) {
        self.stop().await;
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.args(["--appendonly", "no", "--dir"]).arg(self.folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        self.child = Some(command.spawn().expect("redis-server starts (tests/run installs it)"));
        eventually(Duration::from_secs(20), async || self.command("PING").await).await;
    }

    /// Kills it: whoever is connected loses the connection.
    pub async fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.expect("redis-server dies");
        }
    }

    /// Removes every key.
    pub async fn empty(&self) {
        self.command("FLUSHALL").await.expect("FLUSHALL");
    }

    /// Whether it has a key like this (`KEYS`, where `*` stands for anything).
    pub async fn has(&self, pattern: &str) -> bool {
        let client = redis::Client::open(self.url()).expect("a Redis URL");
        let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
        let found: Vec<String> =
            redis::cmd("KEYS").arg(pattern).query_async(&mut connection).await.expect("KEYS");
        !found.is_empty()
    }

    async fn command(&self, name: &str) -> redis::RedisResult<()> {
        let client = redis::Client::open(self.url())?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        redis::cmd(name).query_async(&mut connection).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_can_be_stopped_and_comes_back_empty() {
        let mut redis = PrivateRedis::start().await;
        let client = redis::Client::open(redis.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let _: () = redis::cmd("SET").arg("a").arg(1).query_async(&mut connection).await.unwrap();
        redis.stop().await;
        assert!(client.get_multiplexed_async_connection().await.is_err());
        redis.restart().await;
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let left: i64 = redis::cmd("DBSIZE").query_async(&mut connection).await.unwrap();
        assert_eq!(left, 0);
    }
}

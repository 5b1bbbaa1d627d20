//! The configuration of a server under test: a folder, a port, and what the test sets.

use crate::{Mailbox, Services, free_port};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use toml::{Table, Value};

/// Configuration in a temporary folder that lives as long as this value or a clone of it.
#[derive(Clone)]
pub struct Settings {
    folder: Arc<TempDir>,
    table: Table,
}

impl Settings {
    /// A localhost issuer on a free port with SQLite and keys in the folder, no Redis and no demo.
    pub fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let port = free_port();
        let settings = Self { folder, table: Table::new() };
        let database = format!("sqlite://{}?mode=rwc", settings.path("signet.db").display());
        let master_key = settings.path("keys/master.key");
        let mail = format!("file://{}", settings.path("mail").display());
        settings
            .with("server.listen", format!("127.0.0.1:{port}"))
            .with("server.issuer", format!("http://localhost:{port}"))
            .with("database.url", database)
            .with("keys.master_key_file", master_key.display().to_string())
            .with("mail.url", mail)
            .with("demo.enabled", false)
    }

    /// The demo, on a free port of its own.
    pub fn with_demo(self) -> Self {
        self.with("demo.enabled", true).with("demo.listen", format!("127.0.0.1:{}", free_port()))
    }

    /// Sets a dotted key.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        let (tables, name) = key.rsplit_once('.').unwrap_or(("", key));
        let mut table = &mut self.table;
        for part in tables.split('.').filter(|part| !part.is_empty()) {
            let next = table.entry(part).or_insert_with(|| Value::Table(Table::new()));
            table = next.as_table_mut().unwrap_or_else(|| panic!("{part} of {key} is no table"));
        }
        table.insert(name.to_owned(), value.into());
        self
    }

    /// A new PostgreSQL database in place of SQLite.
    pub async fn with_postgres(self, services: &Services) -> Self {
        let url = services.postgres_database().await;
        self.with("database.url", url)
    }

    /// A Redis database of its own.
    pub async fn with_redis(self, services: &Services) -> Self {
        let url = services.redis_database().await;
        self.with("redis.url", url)
    }

    /// Another node of the same issuer, database and keys. It listens on the issuer's port of another loopback
    /// address: [`Http::to_node`](crate::Http::to_node) reaches it under the issuer's own name.
    pub fn second_node(&self) -> Self {
        let listen = self.get("server.listen").replace("127.0.0.1:", "127.0.0.2:");
        self.clone().with("server.listen", listen)
    }

    /// The issuer.
    pub fn issuer(&self) -> String {
        self.get("server.issuer")
    }

    /// Where this very node listens, without a slash at the end: the issuer may be another node.
    pub fn address(&self) -> String {
        format!("http://{}", self.get("server.listen"))
    }

    /// The mails that a server of this configuration sends, unless the test sets another target.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::at(self.path("mail"))
    }

    /// A text value that was set.
    #[track_caller]
    pub fn get(&self, key: &str) -> String {
        let mut at: Option<&Value> = None;
        for part in key.split('.') {
            at = at.map_or_else(|| self.table.get(part), |value| value.get(part));
        }
        at.and_then(Value::as_str).unwrap_or_else(|| panic!("{key} is not set")).to_owned()
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration as TOML.
    pub fn toml(&self) -> String {
        self.table.to_string()
    }

    /// Writes the configuration of this node into the folder.
    pub fn write(&self) -> PathBuf {
        self.write_file(&format!("signet-{}.toml", self.get("server.listen").replace(':', "-")), &self.toml())
    }

    /// Writes a file into the folder.
    pub fn write_file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_node_differs_in_its_address_alone() {
        let first = Settings::new().with("limits.enabled", false);
        let second = first.second_node();
        assert_eq!(first.issuer(), second.issuer());
        assert_ne!(first.address(), second.address());
        let strip = |node: &Settings| node.toml().replace(&node.get("server.listen"), "");
        assert_eq!(strip(&first), strip(&second));
        assert!(first.toml().contains("[limits]\nenabled = false"), "{}", first.toml());
    }
}

//! A reader who follows the guide: a folder with the server's binary where the README has it, the files that the
//! README writes, and its commands, all with ports of this test.

use crate::document::block;
use signet_tests::{ServerProcess, Settings, eventually, free_port};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// How long a command or the start of an application may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The reader.
pub struct Guide {
    server: ServerProcess,
    ports: [(&'static str, u16); 3],
    /// What the reader has exported in the shell.
    pub variables: BTreeMap<&'static str, String>,
}

impl Guide {
    /// Starts the server and puts its binary where `cargo run --release` leaves it.
    pub async fn begin() -> Self {
        let binary = env!("CARGO_BIN_EXE_signet-under-test");
        let settings = Settings::new();
        let server = ServerProcess::start(binary, settings.clone()).await;
        std::fs::create_dir_all(settings.path("target/release")).unwrap();
        std::os::unix::fs::symlink(binary, settings.path("target/release/signet")).unwrap();
        settings.write_file("signet.toml", &settings.toml());
        let modules = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/node_modules");
        std::os::unix::fs::symlink(modules, settings.path("node_modules")).unwrap();
        // Node 18 has Web Crypto, but not as globals; the README asks for 20.
        let globals = "import { webcrypto } from 'node:crypto'\n\
            globalThis.crypto ??= webcrypto\nglobalThis.CryptoKey ??= webcrypto.CryptoKey\n";
        settings.write_file("globals.mjs", globals);
        let own: u16 = server.issuer().rsplit_once(':').unwrap().1.parse().unwrap();
        let ports = [("8080", own), ("3000", free_port()), ("3001", free_port())];
        Self { server, ports, variables: BTreeMap::new() }
    }

    /// The issuer.
    pub fn issuer(&self) -> String {
        self.server.issuer()
    }

    /// A text of the README with this test's ports in it.
    pub fn with_ports(&self, text: &str) -> String {
        self.ports
            .iter()
            .fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, &ours.to_string()))
    }

    /// Writes the file as the README has it.
    pub fn write(&self, name: &str) {
        self.server.settings().write_file(name, &self.with_ports(&block("file", name)));
    }

    /// Runs the command as the README has it, and returns what it says.
    pub async fn run(&self, name: &str) -> String {
        let script = self.with_ports(&block("run", name));
        let mut shell = self.program("bash");
        shell.args(["-euo", "pipefail", "-c", &script]).kill_on_drop(true);
        let output = tokio::time::timeout(PATIENCE, shell.output()).await.expect("the command ends").unwrap();
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{script}\n{out}\n{err}");
        out
    }

    /// Starts `node FILE` and waits until something listens at the port that the README has for it.
    pub async fn start_node(&self, file: &str, port: &str) -> Child {
        self.write(file);
        let node = std::env::var("SIGNET_TEST_NODE").expect("start the tests with tests/run");
        let mut command = self.program(&node);
        command.args(["--import", "./globals.mjs", file]).kill_on_drop(true);
        let mut child = command.spawn().expect("node starts");
        let address = format!("localhost:{}", self.with_ports(port));
        eventually(PATIENCE, async || {
            assert_eq!(child.try_wait().unwrap(), None, "{file} ended");
            tokio::net::TcpStream::connect(&address).await
        })
        .await;
        child
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        for (variable, _) in std::env::vars().filter(|(variable, _)| variable.starts_with("SIGNET_")) {
            command.env_remove(variable);
        }
        command.current_dir(self.server.settings().folder()).envs(&self.variables).stdin(Stdio::null());
        command
    }
}

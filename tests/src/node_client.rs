//! A client that somebody else wrote: a script of `tests/clients`, with this test as its browser.

use crate::services::required;
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A script that says nothing for this long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running script. It reads its options as one JSON line, then answers one JSON line a step.
pub struct NodeClient {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl NodeClient {
    /// Starts `tests/clients/<script>` with its options.
    pub async fn start(script: &str, options: &Value) -> Self {
        Self::start_with(script, options, None).await
    }

    /// The same with a variable.
    pub async fn start_with(script: &str, options: &Value, variable: Option<(&str, &str)>) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        let mut command = Command::new(required("SIGNET_TEST_NODE"));
        command.arg(script).envs(variable).current_dir(folder).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("node starts");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut client = Self { stdin: child.stdin.take(), child, stdout };
        client.tell(options).await;
        client
    }

    /// Sends it one JSON line.
    pub async fn tell(&mut self, value: &Value) {
        let stdin = self.stdin.as_mut().expect("its input is open");
        stdin.write_all(format!("{value}\n").as_bytes()).await.expect("the script listens");
    }

    /// The next step that it reports. The test fails if it is another one, or if the script reports a failure.
    pub async fn step(&mut self, name: &str) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.stdout.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("nothing came of {name} within {PATIENCE:?}"));
        let Some(line) = line.expect("readable output") else {
            panic!("the script ended before {name}: {:?}", self.child.wait().await);
        };
        let step: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(step["step"], name, "the script reported {step}");
        step
    }

    /// Closes its input and waits for its end, which must be a good one.
    pub async fn finish(mut self) {
        drop(self.stdin.take());
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("the script ends");
        assert!(status.expect("a status").success(), "the script failed");
    }
}

//! Many connections at once, and how long each operation takes on them.

use super::client::Connection;
use super::script::Script;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Connections, each busy with one request at a time.
pub(super) const CONNECTIONS: usize = 16;
/// No run takes longer, however slow the server.
const LONGEST: Duration = Duration::from_secs(6);

/// One request with its answer, to be played back by a bare route.
pub(super) struct Exchange {
    pub(super) request: Vec<u8>,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// How a run went.
pub(super) struct Run {
    /// From the first request to the last answer.
    pub(super) elapsed: Duration,
    /// One entry an operation, sorted.
    pub(super) latencies: Vec<Duration>,
}

struct Talk {
    connection: Connection,
    script: Box<dyn Script>,
    request: Vec<u8>,
}

impl Talk {
    async fn operation(&mut self) {
        for _ in 0..self.script.steps() {
            self.request.clear();
            self.script.request(&mut self.request);
            self.script.accept(self.connection.exchange(&self.request).await);
        }
    }
}

/// Open connections with what they say. Runs follow one another on the same connections.
pub(super) struct Load(Vec<Talk>);

impl Load {
    /// One connection for every script.
    pub(super) async fn open(address: SocketAddr, scripts: Vec<Box<dyn Script>>) -> Self {
        let mut talks = Vec::new();
        for script in scripts {
            talks.push(Talk { connection: Connection::open(address).await, script, request: Vec::new() });
        }
        Self(talks)
    }

    /// One operation on the first connection, written down.
    pub(super) async fn record(&mut self) -> Vec<Exchange> {
        let talk = &mut self.0[0];
        let mut exchanges = Vec::new();
        for _ in 0..talk.script.steps() {
            talk.request.clear();
            talk.script.request(&mut talk.request);
            let answer = talk.connection.exchange(&talk.request).await;
            let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
            exchanges.push(Exchange {
                request: talk.request.clone(),
                status: answer.status(),
                headers: answer.headers().map(own).collect(),
                body: answer.body().to_owned(),
            });
            talk.script.accept(answer);
        }
        exchanges
    }

    /// Does `operations` on all connections together.
    pub(super) async fn run(&mut self, operations: u64) -> Run {
        let taken = Arc::new(AtomicU64::new(0));
        let began = Instant::now();
        let mut tasks = JoinSet::new();
        for mut talk in self.0.drain(..) {
            let taken = taken.clone();
            tasks.spawn(async move {
                let mut latencies = Vec::new();
                while taken.fetch_add(1, Ordering::Relaxed) < operations && began.elapsed() < LONGEST {
                    let start = Instant::now();
                    talk.operation().await;
                    latencies.push(start.elapsed());
                }
                (talk, latencies)
            });
        }
        let mut latencies = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            let (talk, own) = ended.expect("every answer is a success");
            self.0.push(talk);
            latencies.extend(own);
        }
        let elapsed = began.elapsed();
        latencies.sort_unstable();
        Run { elapsed, latencies }
    }
}

//! What everybody else feels of a flood of sign-ins: many clients that guess a password as fast as they are answered.

use super::client::Connection;
use super::load::Load;
use super::measure::percentile;
use super::operation::{Alg, Operation};
use super::options::Options;
use super::process;
use super::setup::{Guess, Site};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Its name in the report.
pub(super) const NAME: &str = "sign-in flood";
/// Clients that guess at once.
pub(super) const GUESSERS: usize = 64;
/// Until the line of those who wait is as long as it gets.
const FILL: Duration = Duration::from_secs(2);
/// How long passwords alone are counted.
const SPAN: Duration = Duration::from_secs(6);

/// How long others wait, without a flood and in one.
pub(super) struct Felt {
    pub(super) name: &'static str,
    pub(super) quiet: (Duration, Duration),
    pub(super) flooded: (Duration, Duration),
}

/// What was seen.
pub(super) struct Flood {
    pub(super) felt: Vec<Felt>,
    /// Guesses that were compared with the password, and such as were told to come again.
    pub(super) compared: u64,
    pub(super) turned_away: u64,
    /// Passwords in a second: by the server, and by the bare crate on as many threads.
    pub(super) hashes: f64,
    pub(super) bare_hashes: f64,
    /// The server's resident memory in MiB: before, and the most that was seen.
    pub(super) resident: (f64, f64),
}

#[derive(Default)]
struct Counts {
    stop: AtomicBool,
    compared: AtomicU64,
    turned_away: AtomicU64,
}

/// Measures what is asked for without a password, quiet and flooded, and passwords alone.
pub(super) async fn measure(site: &Site, options: &Options) -> Flood {
    let resident = process::resident(site.pid);
    let mut probes = Vec::new();
    for operation in [Operation::ClientCredentials(Alg::Es256), Operation::Jwks] {
        let mut load = Load::open(site.address, site.scripts(operation).await).await;
        load.run(operation.count() / 10).await;
        probes.push((operation, load));
    }
    let mut quiet = Vec::new();
    for (operation, load) in &mut probes {
        quiet.push(latencies(load, options.scale(operation.count())).await);
    }

    let counts = Arc::new(Counts::default());
    let guess = site.guess().await;
    let mut guessers = JoinSet::new();
    for _ in 0..GUESSERS {
        let (connection, guess) = (Connection::open(site.address).await, guess.clone());
        guessers.spawn(keep_guessing(connection, guess, counts.clone()));
    }
    tokio::time::sleep(FILL).await;
    let (began, before) = (Instant::now(), counts.compared.load(Ordering::Relaxed));
    tokio::time::sleep(SPAN).await;
    let hashes = counts.compared.load(Ordering::Relaxed) - before;
    let hashes = hashes as f64 / began.elapsed().as_secs_f64();
    let mut most = process::resident(site.pid);
    let mut felt = Vec::new();
    for ((operation, load), quiet) in probes.iter_mut().zip(quiet) {
        let flooded = latencies(load, options.scale(operation.count())).await;
        felt.push(Felt { name: operation.name(), quiet, flooded });
        most = most.max(process::resident(site.pid));
    }
    counts.stop.store(true, Ordering::Relaxed);
    while guessers.join_next().await.is_some() {}
    Flood {
        felt,
        compared: counts.compared.load(Ordering::Relaxed),
        turned_away: counts.turned_away.load(Ordering::Relaxed),
        hashes,
        bare_hashes: bare_hashes(),
        resident: (resident, most),
    }
}

/// The median and the 99th percentile.
async fn latencies(load: &mut Load, operations: u64) -> (Duration, Duration) {
    let run = load.run(operations).await;
    (percentile(&run.latencies, 50), percentile(&run.latencies, 99))
}

async fn keep_guessing(mut connection: Connection, guess: Guess, counts: Arc<Counts>) {
    while !counts.stop.load(Ordering::Relaxed) {
        match connection.exchange(&guess).await.status() {
            400 => counts.compared.fetch_add(1, Ordering::Relaxed),
            503 => counts.turned_away.fetch_add(1, Ordering::Relaxed),
            status => panic!("a guess was answered with {status}"),
        };
    }
}

/// Passwords in a second that the crate alone hashes with the server's parameters, a thread for each core.
fn bare_hashes() -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let threads: Vec<_> = (0..cores)
        .map(|_| {
            std::thread::spawn(move || {
                let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
                let mut memory = vec![Block::new(); Params::DEFAULT.block_count()];
                let (mut output, mut done) = ([0; 32], 0_u64);
                while began.elapsed() < SPAN {
                    let hashed = hasher.hash_password_into_with_memory(
                        b"a wrong password",
                        b"sixteen bytes !!",
                        &mut output,
                        &mut memory,
                    );
                    hashed.expect("a hash");
                    done += 1;
                }
                done
            })
        })
        .collect();
    let done: u64 = threads.into_iter().map(|thread| thread.join().expect("a count")).sum();
    done as f64 / began.elapsed().as_secs_f64()
}

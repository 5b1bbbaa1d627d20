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
const SPAN: Duration = Duration::from_secs(4);
/// What is asked for without a password.
const PROBES: [Operation; 2] = [Operation::ClientCredentials(Alg::Es256), Operation::Jwks];

/// How long others wait, without a flood and in one: the median and the 99th percentile.
#[derive(Clone, Copy)]
pub(super) struct Felt {
    pub(super) quiet: (Duration, Duration),
    pub(super) flooded: (Duration, Duration),
}

impl Felt {
    /// How many times as long the slowest hundredth waits.
    pub(super) fn ratio(&self) -> f64 {
        self.flooded.1.as_secs_f64() / self.quiet.1.as_secs_f64()
    }
}

/// One quiet phase and one flood, one right after the other.
pub(super) struct Round {
    /// For each of the probes.
    pub(super) felt: [Felt; PROBES.len()],
    /// Passwords in a second: by the server, and by the bare crate on as many threads just before.
    pub(super) hashes: f64,
    pub(super) bare_hashes: f64,
    /// Cores that the load took for its own while passwords were counted: the server had so much less than the crate.
    pub(super) load_cores: f64,
}

/// What was seen.
pub(super) struct Flood {
    pub(super) rounds: Vec<Round>,
    /// Guesses that were compared with the password, and such as were told to come again.
    pub(super) compared: u64,
    pub(super) turned_away: u64,
    /// The server's resident memory in MiB: before, and the most that was seen.
    pub(super) resident: (f64, f64),
}

impl Flood {
    /// Each probe with its rounds.
    pub(super) fn probes(&self) -> impl Iterator<Item = (&'static str, Vec<Felt>)> {
        let rounds = |at: usize| self.rounds.iter().map(|round| round.felt[at]).collect();
        PROBES.iter().enumerate().map(move |(at, probe)| (probe.name(), rounds(at)))
    }
}

#[derive(Default)]
struct Counts {
    stop: AtomicBool,
    compared: AtomicU64,
    turned_away: AtomicU64,
}

/// Measures what is asked for without a password, quiet and flooded, and passwords alone.
pub(super) async fn measure(site: &Site, options: &Options) -> Flood {
    let before = process::resident(site.pid);
    let mut probes = Vec::new();
    for operation in PROBES {
        let mut load = Load::open(site.address, site.scripts(operation).await).await;
        load.run(operation.count() / 10).await;
        probes.push((operation, load));
    }
    let guess = site.guess().await;
    let mut flood = Flood { rounds: Vec::new(), compared: 0, turned_away: 0, resident: (before, before) };
    for _ in 0..options.flood_rounds() {
        round(site, &mut probes, (&guess, options), &mut flood).await;
    }
    flood
}

async fn round(
    site: &Site,
    probes: &mut [(Operation, Load)],
    (guess, options): (&Guess, &Options),
    flood: &mut Flood,
) {
    let quiet = asked(probes, options).await;
    let bare_hashes = bare_hashes();

    let counts = Arc::new(Counts::default());
    let mut guessers = JoinSet::new();
    for _ in 0..GUESSERS {
        let (connection, guess) = (Connection::open(site.address).await, guess.clone());
        guessers.spawn(keep_guessing(connection, guess, counts.clone()));
    }
    tokio::time::sleep(FILL).await;
    let (began, before) = (Instant::now(), counts.compared.load(Ordering::Relaxed));
    let load = process::cpu(std::process::id());
    tokio::time::sleep(SPAN).await;
    let elapsed = began.elapsed().as_secs_f64();
    let hashes = (counts.compared.load(Ordering::Relaxed) - before) as f64 / elapsed;
    let load_cores = (process::cpu(std::process::id()) - load).as_secs_f64() / elapsed;
    let flooded = asked(probes, options).await;
    flood.resident.1 = flood.resident.1.max(process::resident(site.pid));
    counts.stop.store(true, Ordering::Relaxed);
    while guessers.join_next().await.is_some() {}

    flood.compared += counts.compared.load(Ordering::Relaxed);
    flood.turned_away += counts.turned_away.load(Ordering::Relaxed);
    let felt = std::array::from_fn(|at| Felt { quiet: quiet[at], flooded: flooded[at] });
    flood.rounds.push(Round { felt, hashes, bare_hashes, load_cores });
}

/// The median and the 99th percentile of each probe.
async fn asked(probes: &mut [(Operation, Load)], options: &Options) -> Vec<(Duration, Duration)> {
    let mut waits = Vec::new();
    for (operation, load) in probes {
        let run = load.run(options.scale(operation.count())).await;
        waits.push((percentile(&run.latencies, 50), percentile(&run.latencies, 99)));
    }
    waits
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

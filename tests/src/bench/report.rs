//! The figures as a table.

use super::flood::{self, Felt, Flood, GUESSERS, Round};
use super::load::CONNECTIONS;
use super::measure::{Figures, Measured, median};
use super::operation::Operation;
use super::options::Options;
use super::server::{LOG_FILTER, Server, Start};
use super::{peer, process, sign_in};
use std::time::Duration;

/// Whom nobody's flood concerns shall not wait longer than so many times as long.
const MOST_RATIO: f64 = 4.0;

/// Where and on what it is measured, and what a start costs.
pub(super) fn head(options: &Options, server: &Server, start: &Start) {
    let database = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let redis = if options.redis.is_some() { " and Redis" } else { "" };
    let log = std::env::var(LOG_FILTER).unwrap_or_else(|_| "info".to_owned());
    println!("{}", process::machine());
    println!(
        "{database}{redis}; {CONNECTIONS} connections kept alive, HTTP/1.1; log at `{log}` to /dev/null; process {}",
        server.pid()
    );
    if options.quick {
        println!("A quick run: single short rounds.");
    }
    println!();
    let better = |peer: f64, own: f64| format!("peer {peer:.0}, {:.1} times better", peer / own);
    println!("idle memory        {:>6.1} MiB   aim 40, {}", start.idle, better(peer::IDLE_MIB, start.idle));
    println!(
        "start until ready  {:>6.1} ms    aim 200, {}",
        start.ready_ms,
        better(peer::START_MS, start.ready_ms)
    );
    println!();
}

/// The table's head.
pub(super) fn columns() {
    println!(
        "{:<30} {:>8} {:>8} {:>8} {:>9} {:>7} {:>7} {:>9} {:>5} {:>6} {:>7} {:>7}",
        "operation",
        "per s",
        "p50 ms",
        "p99 ms",
        "server µs",
        "bare µs",
        "sign µs",
        "× floor",
        "aim",
        "peer",
        "better",
        "RSS MiB"
    );
}

/// One operation.
pub(super) fn line(operation: Operation, measured: &Measured) {
    let aim = operation.aim().map(|aim| format!("{aim:.1}")).unwrap_or_default();
    let multiple = measured.server.cpu / measured.floor();
    let missed = if operation.aim().is_some_and(|aim| multiple > aim) { "!" } else { "" };
    let peer = operation.peer().map(|peer| format!("{peer:.0}")).unwrap_or_default();
    let better =
        operation.peer().map(|peer| format!("{:.1}×", peer / measured.server.cpu)).unwrap_or_default();
    println!(
        "{} {:>7.1} {:>7.1} {:>9} {:>5} {:>6} {:>7} {:>7.1}",
        load(operation.name(), &measured.server),
        measured.bare,
        measured.crypto,
        format!("{missed}{multiple:.2}"),
        aim,
        peer,
        better,
        measured.resident,
    );
}

/// Sign-in, which has no floor but its password's hash.
pub(super) fn sign_in(figures: &Figures, resident: f64) {
    println!("{}{resident:>55.1}", load(sign_in::NAME, figures));
}

/// What a flood of sign-ins does to others, and to memory. Each figure is the median of its rounds.
pub(super) fn flood(flood: &Flood) {
    let rounds = &flood.rounds;
    println!();
    println!(
        "{}: {GUESSERS} clients that guess a password as fast as they are answered; medians of {} rounds",
        flood::NAME,
        rounds.len()
    );
    println!(
        "{:<30} {:>9} {:>9} {:>9} {:>9} {:>7}  of the rounds",
        "", "p50 quiet", "flooded", "p99 quiet", "flooded", "ratio"
    );
    for (name, felt) in flood.probes() {
        felt_by(name, &felt);
    }
    let of = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
    println!(
        "compared with the password     {:>9}, told to come again {}",
        flood.compared, flood.turned_away
    );
    println!(
        "passwords a second             {:>9.1}, the bare crate just before {:.1}: {:.0} % of it, aim 90",
        of(|round| round.hashes),
        of(|round| round.bare_hashes),
        100.0 * of(|round| round.hashes / round.bare_hashes)
    );
    println!(
        "the load itself                {:>9.2} cores meanwhile, of the same ones",
        of(|round| round.load_cores)
    );
    let (before, most) = flood.resident;
    println!("resident memory                {before:>9.1} MiB before, {most:.1} MiB at most");
}

fn felt_by(name: &str, felt: &[Felt]) {
    let of = |figure: fn(&Felt) -> Duration| median(felt.iter().map(figure).map(milliseconds).collect());
    let ratio = median(felt.iter().map(Felt::ratio).collect());
    let missed = if ratio > MOST_RATIO { "!" } else { "" };
    println!(
        "{name:<30} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>7}  {}",
        of(|felt| felt.quiet.0),
        of(|felt| felt.flooded.0),
        of(|felt| felt.quiet.1),
        of(|felt| felt.flooded.1),
        format!("{missed}{ratio:.2}"),
        felt.iter().map(|felt| format!("{:.1}", felt.ratio())).collect::<Vec<_>>().join(" ")
    );
}

/// What the columns mean.
pub(super) fn foot() {
    println!();
    println!("server µs: CPU time of the server's process for one operation (a code flow is two requests)");
    println!("bare µs:   the same for an actix-web route that returns the same bytes and headers");
    println!("sign µs:   its signatures or verifications alone; floor = bare + sign; `!` misses its aim");
    println!("peer:      CPU-µs of {}, measured once on a 2-core machine of this kind", peer::NAME);
}

fn load(name: &str, figures: &Figures) -> String {
    let Figures { per_second, p50, p99, cpu } = figures;
    format!("{name:<30} {per_second:>8.0} {:>8.2} {:>8.2} {cpu:>9.1}", milliseconds(*p50), milliseconds(*p99))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

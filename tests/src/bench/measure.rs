//! One operation: the server, the bare route and the signatures in turn.

use super::bare::Bare;
use super::crypto::Costs;
use super::load::{CONNECTIONS, Load};
use super::operation::Operation;
use super::options::Options;
use super::process;
use super::script::{Repeated, Script};
use super::setup::Site;
use std::time::Duration;

/// Bare requests in one round: at some 10 µs each, enough for the kernel's ticks.
const BARE_REQUESTS: u64 = 80_000;
/// A tenth of a round goes ahead of it, so that caches and connections are warm.
const WARM_UP: u64 = 10;

/// How one process carried one load.
#[derive(Clone, Copy)]
pub(super) struct Figures {
    pub(super) per_second: f64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
    /// CPU-µs an operation.
    pub(super) cpu: f64,
}

/// Medians over the rounds.
pub(super) struct Measured {
    pub(super) server: Figures,
    /// CPU-µs of the bare routes that one operation calls.
    pub(super) bare: f64,
    /// CPU-µs of its signatures and verifications.
    pub(super) crypto: f64,
    /// The server's resident memory afterwards, in MiB.
    pub(super) resident: f64,
}

impl Measured {
    /// The least that the operation can cost.
    pub(super) fn floor(&self) -> f64 {
        self.bare + self.crypto
    }
}

/// Measures `operation` on the server behind `site`.
pub(super) async fn operation(
    operation: Operation,
    site: &Site,
    costs: &mut Costs,
    options: &Options,
) -> Measured {
    let mut load = Load::open(site.address, site.scripts(operation).await).await;
    load.run(operation.count() / WARM_UP).await;
    let exchanges = load.record().await;
    let bare = Bare::start(&exchanges).await;
    let steps: Vec<_> =
        exchanges.iter().map(|exchange| (exchange.request.clone(), exchange.status)).collect();
    let replay = || Box::new(Repeated::new(steps.clone())) as Box<dyn Script>;
    let mut bare_load = Load::open(bare.address, (0..CONNECTIONS).map(|_| replay()).collect()).await;
    let bare_count = options.scale(BARE_REQUESTS / steps.len() as u64);
    bare_load.run(bare_count / WARM_UP).await;

    let (mut server, mut bare_cpu, mut crypto) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.rounds() {
        server.push(figures(&mut load, site.pid, options.scale(operation.count())).await);
        bare_cpu.push(figures(&mut bare_load, bare.pid(), bare_count).await.cpu);
        crypto.push(costs.of(operation.crypto()));
    }
    server.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    Measured {
        server: server[server.len() / 2],
        bare: median(bare_cpu),
        crypto: median(crypto),
        resident: process::resident(site.pid),
    }
}

async fn figures(load: &mut Load, pid: u32, operations: u64) -> Figures {
    let before = process::cpu(pid);
    let run = load.run(operations).await;
    let cpu = process::cpu(pid) - before;
    let done = run.latencies.len() as f64;
    Figures {
        per_second: done / run.elapsed.as_secs_f64(),
        p50: percentile(&run.latencies, 50),
        p99: percentile(&run.latencies, 99),
        cpu: cpu.as_secs_f64() * 1e6 / done,
    }
}

/// Of sorted latencies.
pub(super) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

/// The middle of what was measured.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_values() {
        let sorted: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&sorted, 50), Duration::from_millis(101));
        assert_eq!(percentile(&sorted, 99), Duration::from_millis(199));
        assert_eq!(percentile(&sorted[..1], 99), Duration::from_millis(1));
    }

    #[test]
    fn the_median_ignores_the_order() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
    }
}

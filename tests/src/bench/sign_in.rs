//! Sign-in with a password: rare, and dear on purpose.

use super::measure::{Figures, percentile};
use super::options::Options;
use super::process;
use super::setup::Site;
use std::time::Instant;

/// Its name in the report.
pub(super) const NAME: &str = "sign-in with a password";
/// One after the other.
const SIGN_INS: u64 = 60;

/// From the authorization request over the form to the code: two requests and a password's hash.
pub(super) async fn measure(site: &Site, options: &Options) -> Figures {
    let before = process::cpu(site.pid);
    let (began, mut latencies) = (Instant::now(), Vec::new());
    for _ in 0..options.scale(SIGN_INS) {
        let browser = site.stranger();
        let start = Instant::now();
        site.sign_in(&browser).await;
        latencies.push(start.elapsed());
    }
    let (elapsed, cpu) = (began.elapsed(), process::cpu(site.pid) - before);
    latencies.sort_unstable();
    let done = latencies.len() as f64;
    Figures {
        per_second: done / elapsed.as_secs_f64(),
        p50: percentile(&latencies, 50),
        p99: percentile(&latencies, 99),
        cpu: cpu.as_secs_f64() * 1e6 / done,
    }
}
